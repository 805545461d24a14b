"""Rules, their context and their results.

A rule is a class: its docstring is the sentence people read, its attributes say on what ground, how heavy, since when
and what is proposed. `check` reads one guide, whatever gives it: the pydantic document while a clerk types, a quick
struct over a million items; so rules compare values (`""`, `"20"`, `None`) and never ask for labels. A rule says which
elements it reads, so that a text met a thousand times is judged once; a `RowRule` looks at one row alone (a material, a
step).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from banshi.catalog.guide.document import Guide
from banshi.exchange.held_data import HeldData
from banshi.law.register import LawRegister
from banshi.rulebook.enums import GroundCheck, GroundReach, ProposedDisposition, Severity
from banshi.rulebook.limits import NaturalDays, shipped_days
from banshi.rulebook.word_lists import Words


@dataclass(frozen=True, slots=True)
class Ground:
    """A rule's legal basis, in effect `since`, with how it was checked and on which day."""

    title: str
    doc_no: str = ""
    article: str = ""
    check: GroundCheck = GroundCheck.NONE
    reach: GroundReach = GroundReach.SERVICES
    checked_on: date | None = None
    since: date = date.min
    note: str = ""

    @property
    def orders(self) -> bool:
        """Tell whether its text was read, names the article and reaches more than licences, so that a rule may say 必改."""
        return self.check == GroundCheck.TEXT and bool(self.article) and self.reach != GroundReach.LICENCE

    @property
    def is_advice(self) -> bool:
        return self.check == GroundCheck.ADVICE

    def __str__(self) -> str:
        if self.is_advice:
            return self.title
        number = f"（{self.doc_no}）" if self.doc_no else ""
        analogy = "（参照）" if self.reach == GroundReach.LICENCE else ""
        return f"《{self.title}》{number}{self.article}{analogy}"


@dataclass(frozen=True)
class RuleContext:
    """Lookups for rules, such as word lists, the day, laws, working days in natural days, data other offices share, and organs."""

    words: Words
    day: date
    laws: LawRegister = field(default_factory=LawRegister)
    natural: NaturalDays = field(default_factory=shipped_days)
    held: tuple[HeldData, ...] = ()
    organs: frozenset[tuple[str, str]] = frozenset()
    """Names of organs with the code of their division; empty where nobody knows them, as for files."""


@dataclass(frozen=True, slots=True)
class About:
    """The item around a guide. Rules keep silent about what is empty."""

    kind: str = ""
    code: str = ""
    organ: str = ""
    organ_kind: str = ""
    uscc: str = ""
    volume: int | None = None
    division: str = ""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A concrete change of the draft that one click applies: set the element at `path` to `value`."""

    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class Flaw:
    """A finding of a rule at one place.

    `at` is a path within the guide, or for row rules within the row ("" = the row).
    """

    at: str
    quote: str
    message: str
    rewrite: Rewrite | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A flaw with the rule that found it. `path` addresses the element from the guide's root."""

    rule: "Rule"
    path: str
    quote: str
    message: str
    rewrite: Rewrite | None = None


class Rule:
    """Subclasses give the attributes, and `flaws`."""

    basis: ClassVar[tuple[Ground, ...]]
    severity: ClassVar[Severity]
    disposition: ClassVar[ProposedDisposition]
    reads: ClassVar[tuple[str, ...]]
    """The elements it looks at: over many guides (`batch_engine`) it sees these alone, and the same text is judged once."""
    asks: ClassVar[tuple[str, ...]] = ()
    """What it asks of the item around the guide (fields of About)."""
    always_judged: ClassVar[bool] = False
    """A demand is a fault even in a table that has no column for what would justify it."""

    def __init__(self, book: RuleContext) -> None:
        self.book = book

    @property
    def code(self) -> str:
        return type(self).__name__

    @property
    def since(self) -> date:
        """From when on it may be held against anybody: when the first of its grounds took effect."""
        return min(ground.since for ground in self.basis)

    @property
    def sentence(self) -> str:
        return (type(self).__doc__ or "").strip()

    def flaws(self, guide: Guide, about: About) -> Iterable[Flaw]:
        raise NotImplementedError

    def check(self, guide: Guide, about: About) -> Iterator[Finding]:
        for flaw in self.flaws(guide, about):
            yield Finding(self, flaw.at, flaw.quote, flaw.message, flaw.rewrite)


class RowRule(Rule):
    """A rule on each row of the list element `rows`, by the row alone."""

    rows: ClassVar[str]

    def __init_subclass__(cls) -> None:
        cls.reads = (cls.rows,)

    def row_flaws(self, row: Any) -> Iterable[Flaw]:
        raise NotImplementedError

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        for place, row in enumerate(getattr(guide, self.rows)):
            for flaw in self.row_flaws(row):
                yield placed(flaw, f"{self.rows}.{place}")


def placed(flaw: Flaw, prefix: str) -> Flaw:
    """Turn a row's flaw into one of the guide."""
    rewrite = flaw.rewrite and Rewrite(_under(prefix, flaw.rewrite.path), flaw.rewrite.value)
    return Flaw(_under(prefix, flaw.at), flaw.quote, flaw.message, rewrite)


def _under(prefix: str, path: str) -> str:
    return f"{prefix}.{path}" if path else prefix
