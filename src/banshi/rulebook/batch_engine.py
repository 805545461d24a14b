"""Examining millions of guides.

Guides of a catalogue are much alike: the province writes a text and a hundred counties take it over. So a guide is not
read whole; its elements are kept as they stand in the JSON, and rules that read the same elements (`Rule.reads`) are asked
once for each different text of those. Only what was never met is decoded, into structs with the same declarations as the
pydantic document, on which every rule runs as it does on the document.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter, itemgetter
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

import msgspec
from pydantic import BaseModel

from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import Element, elements
from banshi.rulebook.rule import About, Finding, Flaw, RowRule, Rule, placed

ROOM = 6_000_000
"""Bytes of text each group of rules, and each kind of row, remembers; then it forgets all and begins again."""
ENTRY = 400
"""What one remembered text costs besides its own length, about."""

Told = TypeVar("Told")
QuickGuide = Any
"""A struct of `msgspec.Raw`, one for each element of the guide; empty where the guide has nothing."""


@cache
def quick_type(document: type[BaseModel]) -> type[object]:
    """Return the struct with the document's elements.

    Empty ones as in the document.
    """
    blank = document()
    typed = [(each.name, *_typed(each, getattr(blank, each.name))) for each in elements(document)]
    return msgspec.defstruct(f"Quick{document.__name__}", typed, frozen=True, gc=False)


def _typed(element: Element, empty: Any) -> tuple[object, object]:
    match element.kind:
        case "rows":
            assert element.rows
            return tuple[quick_type(element.rows), ...], ()  # type: ignore[misc]
        case "part":
            assert element.rows
            return quick_type(element.rows), quick_type(element.rows)()
        case "lines" | "choices":
            return tuple[str, ...], ()
        case "number":
            return int | None, empty
        case "yes_no":
            return bool | None, empty
    return str, str(getattr(empty, "value", empty))


@cache
def _raw_decoder() -> msgspec.json.Decoder[object]:
    raw = [(each.name, msgspec.Raw, msgspec.Raw(b"")) for each in elements(Guide)]
    return msgspec.json.Decoder(msgspec.defstruct("RawGuide", raw, gc=False))


_ROWS = msgspec.json.Decoder(list[msgspec.Raw])


@cache
def _readers() -> dict[str, tuple[Callable[[bytes], object], object]]:
    """Map each element to its decoder and its value when it stands empty."""
    blank = Guide()
    typed = {each.name: _typed(each, getattr(blank, each.name)) for each in elements(Guide)}
    return {name: (msgspec.json.Decoder(kind).decode, empty) for name, (kind, empty) in typed.items()}


def read_quick(content: bytes) -> QuickGuide:
    """Read a guide from its JSON (`Revision.content`).

    Raises msgspec.ValidationError or DecodeError on what is no guide. What is wrong inside an element is raised when
    the element is first read.
    """
    return _raw_decoder().decode(content)


class Elements:
    """Some elements of a guide, each decoded when it is first looked at: a rule that need not look costs nothing."""

    def __init__(self, texts: dict[str, bytes]) -> None:
        self._texts = texts

    def __getattr__(self, name: str) -> object:
        if name not in self._texts:
            raise AttributeError(f"a rule looks at “{name}” without saying that it reads it")
        text = self._texts[name]
        decode, empty = _readers()[name]
        value = self.__dict__[name] = decode(text) if text else empty
        return value


class Group(Generic[Told]):
    """Rules that read the same elements, and what they told of the texts met so far."""

    def __init__(self, rules: Sequence[Rule], places: Sequence[int], told: Callable[[list[Finding]], Sequence[Told]]):
        self.rules, self.told = rules, told
        self.reads, self.asks = rules[0].reads, rules[0].asks  # the first reads most
        self.key = itemgetter(*places)
        self.alone = len(places) == 1
        self.seen: dict[Any, Sequence[Told]] = {}
        self.used = 0

    def look(self, key: Any) -> Sequence[Told]:
        findings = self._findings((key,) if self.alone else key)
        told = self.told(findings) if findings else ()
        self.used += ENTRY + (len(key) if self.alone else sum(map(len, key[: len(self.reads)])))
        if self.used > ROOM:
            self.seen.clear()
            self.used = 0
        self.seen[key] = told
        return told

    def _findings(self, values: tuple[Any, ...]) -> list[Finding]:
        """Return the rules see the elements they said they read, and nothing else."""
        guide = Elements(dict(zip(self.reads, values, strict=False)))
        about = SimpleNamespace(**dict(zip(self.asks, values[len(self.reads) :], strict=True)))
        return [
            Finding(rule, flaw.at, flaw.quote, flaw.message, flaw.rewrite)
            for rule in self.rules
            for flaw in rule.flaws(guide, about)  # type: ignore[arg-type]
        ]


class RowGroup(Group[Told]):
    """The rules on the rows of one list: lists are remembered, and single rows too."""

    def __init__(
        self, rules: Sequence[RowRule], places: Sequence[int], told: Callable[[list[Finding]], Sequence[Told]]
    ):
        super().__init__(rules, places, told)
        self.row_rules = rules
        row = next(each.rows for each in elements(Guide) if each.name == rules[0].rows)
        assert row
        self.decode = msgspec.json.Decoder(quick_type(row)).decode
        self.rows_seen: dict[bytes, tuple[tuple[RowRule, Flaw], ...]] = {}
        self.rows_used = 0

    def _findings(self, values: tuple[Any, ...]) -> list[Finding]:
        name, found = self.reads[0], []
        for place, raw in enumerate(_ROWS.decode(values[0]) if values[0] else ()):
            text = bytes(raw)
            known = self.rows_seen.get(text)
            if known is None:
                row = self.decode(text)
                known = tuple((rule, flaw) for rule in self.row_rules for flaw in rule.row_flaws(row))
                self.rows_used += ENTRY + len(text)
                if self.rows_used > ROOM:
                    self.rows_seen.clear()
                    self.rows_used = 0
                self.rows_seen[text] = known
            for rule, flaw in known:
                flaw = placed(flaw, f"{name}.{place}")
                found.append(Finding(rule, flaw.at, flaw.quote, flaw.message, flaw.rewrite))
        return found


Sort = tuple[bool, tuple[str, ...], tuple[str, ...]]
"""Whether rules are on rows, what they read and what they ask."""


def _holds(wide: Sort, sort: Sort) -> bool:
    """Tell whether rules of `sort` may join those of `wide`, which read more of the guide, or read nothing and ask more."""
    by_row, reads, asks = wide
    if by_row or bool(reads) != bool(sort[1]):
        return False
    return set(sort[1]) <= set(reads) and (asks == sort[2] or (not reads and set(sort[2]) <= set(asks)))


def _width(sort: Sort) -> int:
    return len(sort[1])


class Remembering(Generic[Told]):
    """The rules arranged in groups by what they read. `told` makes of findings what is to be remembered of them."""

    def __init__(self, rules: Sequence[Rule], told: Callable[[list[Finding]], Sequence[Told]]) -> None:
        # Who reads less joins who reads a little more, so that there are fewer to ask.
        sorts: dict[Sort, list[Rule]] = {}
        for rule in rules:
            sorts.setdefault((isinstance(rule, RowRule), rule.reads, rule.asks), []).append(rule)
        by_reads: dict[Sort, list[Rule]] = {}
        for sort in sorted(sorts, key=lambda each: (len(each[1]), len(each[2])), reverse=True):
            home = sort if sort[0] else min((each for each in by_reads if _holds(each, sort)), key=_width, default=sort)
            by_reads.setdefault(home, []).extend(sorts[sort])
        names = sorted({"name", "notes", *(name for _, reads, _ in by_reads for name in reads)})  # attrgetter needs two
        known = [each.name for each in fields(About)]
        place = {name: number for number, name in enumerate([*names, *known])}
        self._texts, self._known = attrgetter(*names), attrgetter(*known)
        self.groups: list[Group[Told]] = []
        for (by_row, reads, asks), some in by_reads.items():
            kind: Any = RowGroup if by_row else Group
            self.groups.append(kind(some, [place[name] for name in (*reads, *asks)], told))
        self._asked = [(each.key, each.seen.get, each.look) for each in self.groups]

    def tell(self, guide: QuickGuide, about: About) -> Iterator[Sequence[Told]]:
        """Yield each group's findings, where it has any."""
        values = [*map(bytes, self._texts(guide)), *self._known(about)]
        for key_of, known, look in self._asked:
            told = known(key := key_of(values))
            if told is None:
                told = look(key)
            if told:
                yield told


class QuickBook(Remembering[Finding]):
    """The rule book for many guides: the same findings as `examine`, in no particular order."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        super().__init__(rules, tuple)

    def examine(self, guide: QuickGuide, about: About) -> Iterator[Finding]:
        for told in self.tell(guide, about):
            yield from told
