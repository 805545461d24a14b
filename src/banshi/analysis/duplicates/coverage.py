"""不漏项: which entries of the reference catalogue a place has claimed, which it left out, and what it coded by itself."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from banshi.analysis.duplicates.names import NameMeaning, Reader, shipped_reader
from banshi.analysis.duplicates.powers import NO_MORE
from banshi.catalog.models import ReferenceItem


@dataclass(frozen=True, slots=True)
class Reference:
    base_code: str
    name: str
    kind: str = "20"
    field: str = ""


@dataclass(frozen=True, slots=True)
class OwnCode:
    """`row` of the items has no code of the reference catalogue, and is by its meaning the entry `reference`."""

    row: int
    reference: Reference


@dataclass(frozen=True, slots=True)
class ReferenceCoverage:
    """The coverage of one place.

    `claimed` maps entries to rows, `omitted` are claimed by nobody, neither by code nor by meaning.
    """

    claimed: dict[str, tuple[int, ...]]
    own_codes: tuple[OwnCode, ...]
    omitted: tuple[Reference, ...]
    by_organ: tuple[tuple[str, int, int], ...]
    """Organ, its items, those among them that stand in the reference catalogue."""

    @property
    def of(self) -> int:
        return len(self.claimed) + len(self.omitted) + len(self._only_by_meaning)

    @property
    def _only_by_meaning(self) -> set[str]:
        return {each.reference.base_code for each in self.own_codes} - self.claimed.keys()

    @property
    def percent(self) -> int | None:
        return 100 * len(self.claimed) // self.of if self.of else None

    def sentence(self) -> str:
        if not self.of:
            return "没有参考目录，无法核对是否漏项。"
        return (
            f"参考目录{self.of}项：已认领{len(self.claimed)}项，"
            f"{len(self._only_by_meaning)}项像是已有但没有用参考编码，{len(self.omitted)}项没有单位认领。"
        )


def references_from_database() -> list[Reference]:
    rows = ReferenceItem.objects.order_by("base_code").values_list("base_code", "name", "kind", "field")
    return [Reference(*row) for row in rows]


def coverage(
    items: pa.Table, references: Iterable[Reference], *, division: str = "", reader: Reader | None = None
) -> ReferenceCoverage:
    """Measure the coverage by the items in use of a place and the places below it ("" for all)."""
    reader = reader or shipped_reader()
    entries = {each.base_code: each for each in references}
    claimed: dict[str, list[int]] = defaultdict(list)
    uncoded: list[tuple[int, str]] = []
    organs: Counter[str] = Counter()
    coded: Counter[str] = Counter()
    columns = (items[each].to_pylist() for each in ("name", "base_code", "organ", "division", "state"))
    for row, (name, code, said_organ, place, state) in enumerate(zip(*columns, strict=True)):
        if state in NO_MORE or not (place or "").startswith(division):
            continue
        organ = said_organ or ""
        organs[organ] += 1
        if code in entries:
            claimed[code].append(row)
            coded[organ] += 1
        else:
            uncoded.append((row, name or ""))
    own = tuple(_own_codes(uncoded, entries.values(), reader))
    known = claimed.keys() | {each.reference.base_code for each in own}
    return ReferenceCoverage(
        {code: tuple(rows) for code, rows in claimed.items()},
        own,
        tuple(each for code, each in entries.items() if code not in known),
        tuple((organ, count, coded[organ]) for organ, count in sorted(organs.items())),
    )


def _own_codes(rows: list[tuple[int, str]], references: Iterable[Reference], reader: Reader) -> Iterable[OwnCode]:
    by_meaning: dict[tuple[str, frozenset[str]], list[tuple[NameMeaning, Reference]]] = defaultdict(list)
    for each in references:
        for meaning in reader.readings(each.name):
            by_meaning[meaning.key, meaning.acts].append((meaning, each))
    for row, name in rows:
        for mine in reader.readings(name):
            match = next(
                (
                    entry
                    for theirs, entry in by_meaning.get((mine.key, mine.acts), ())
                    if not mine.business or not theirs.business or mine.business == theirs.business
                ),
                None,
            )
            if match:
                yield OwnCode(row, match)
                break
