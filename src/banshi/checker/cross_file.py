"""All files together, taken as one place: circles of proofs and detours, the same item twice, what is asked of people."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from banshi.analysis.duplicates.pairs import Likeness, duplicates
from banshi.analysis.duplicates.powers import comebacks, shipped_cancellations
from banshi.analysis.measures import LABELS, MEASURES, UNITS
from banshi.analysis.proofs.cycles import Circle, circles, detours, knots, sentence, smallest_cut
from banshi.analysis.proofs.graph import ProofGraph, build_graph
from banshi.analysis.proofs.pictures import circle_svg
from banshi.analysis.tables import ItemRecord, Tables, tables_from_records
from banshi.checker.subject import Subject
from banshi.rulebook.proof_names import shipped_dictionary

CIRCLES_SHOWN = 60


@dataclass(frozen=True, slots=True)
class ReportedHop:
    """`subject` demands `proof`, as its material `position`."""

    subject: int
    proof: str
    position: int


@dataclass(frozen=True, slots=True)
class ShownCircle:
    sentence: str
    doubt: str
    picture: str
    hops: tuple[ReportedHop, ...]


@dataclass(frozen=True, slots=True)
class Abolish:
    """A demand that, abolished or replaced by commitment or sharing, opens circles. `proven` for the whole set."""

    hop: ReportedHop
    has_basis: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """One burden over the items that tell it. `most` are the heaviest items (numbers of subjects)."""

    name: str
    label: str
    unit: str
    known: int
    mean: float
    median: float
    top: float
    spread: tuple[tuple[str, int], ...]
    most: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Twice:
    """Items that are one (`sure`), may be, or hold one another. In one or several files."""

    subjects: tuple[int, ...]
    likeness: Likeness
    reason: str

    @property
    def sure(self) -> bool:
        return self.likeness is Likeness.SAME


@dataclass(frozen=True, slots=True)
class Back:
    """An item that looks like a cancelled power under another name."""

    subject: int
    sure: bool
    reason: str


@dataclass(slots=True)
class Together:
    circles: list[ShownCircle] = field(default_factory=list)
    circles_in_all: int = 0
    detours: list[ShownCircle] = field(default_factory=list)
    detours_in_all: int = 0
    abolish: list[Abolish] = field(default_factory=list)
    proven: bool = True
    burden: list[Measure] = field(default_factory=list)
    twice: list[Twice] = field(default_factory=list)
    back: list[Back] = field(default_factory=list)


def together(subjects: Sequence[Subject]) -> Together:
    """Find duplicates and circles across files.

    `subjects` are numbered from zero in what comes back.
    """
    tables = tables_from_records(ItemRecord(_identity(subject), subject.guide) for subject in subjects)
    found = Together(burden=[each for name in MEASURES if (each := _measure(tables.items, name))])
    _circles(tables, found)
    found.twice = [Twice(each.rows, each.verdict.likeness, each.verdict.reason) for each in duplicates(tables.items)]
    found.back = [Back(each.row, each.sure, each.reason) for each in comebacks(tables.items, shipped_cancellations())]
    return found


def _identity(subject: Subject) -> dict[str, object]:
    about = subject.about
    return {
        "guid": "",
        "name": subject.name,
        "organ": about.organ or "（没写单位）",
        "organ_kind": about.organ_kind,
        "division": "",
        "level": str(subject.guide.level),
        "kind": about.kind,
        "code": about.code,
        "base_code": subject.base_code,
        "state": "active",
    }


def _circles(tables: Tables, found: Together) -> None:
    graph = build_graph(tables, shipped_dictionary())
    tied, roundabout = knots(graph), list(detours(graph))
    hard = list(circles(graph, tied))
    found.circles_in_all, found.detours_in_all = len(hard), len(roundabout)
    found.circles = [_shown(graph, each, number) for number, each in enumerate(hard[:CIRCLES_SHOWN], 1)]
    found.detours = [
        _shown(graph, each, number) for number, each in enumerate(roundabout[:CIRCLES_SHOWN], CIRCLES_SHOWN + 1)
    ]
    if not tied:
        return
    cut = smallest_cut(graph, tied)
    positions, grounded = tables.demands["position"], tables.demands["has_basis"]
    items = dict(zip(graph.rows.tolist(), graph.asks.tolist(), strict=True))
    proofs = dict(zip(graph.rows.tolist(), graph.proofs.tolist(), strict=True))
    found.proven = cut.proven
    found.abolish = [
        Abolish(ReportedHop(items[row], graph.proof_names[proofs[row]], positions[row].as_py()), grounded[row].as_py())
        for row in cut.demands
    ]


def _shown(graph: ProofGraph, circle: Circle, number: int) -> ShownCircle:
    positions = graph.tables.demands["position"]
    hops = tuple(ReportedHop(hop.item, hop.proof, positions[hop.demand].as_py()) for hop in circle.hops)
    return ShownCircle(sentence(graph, circle), circle.doubt, circle_svg(graph, circle, number=number), hops)


def _measure(items: pa.Table, name: str) -> Measure | None:
    column = items[name]
    known = pc.drop_null(column)
    if not len(known):
        return None
    order = pc.array_sort_indices(column.combine_chunks(), order="descending", null_placement="at_end")[:5].to_pylist()
    values = [float(value) for value in known.to_pylist()]
    step = 1 if max(values) <= 12 else 5 if max(values) <= 40 else 10
    last = 12
    counts = [0] * (last + 1)
    for value in values:
        place = 0 if value == 0 else min(last, int(-(-value // step)))
        counts[place] += 1
    used = max(place for place, count in enumerate(counts) if count)
    spread = tuple((_bin(place, step, last), count) for place, count in enumerate(counts[: used + 1]))
    return Measure(
        name,
        LABELS[name],
        UNITS[name],
        len(values),
        round(sum(values) / len(values), 2),
        float(pc.quantile(known, 0.5)[0].as_py()),
        max(values),
        spread,
        tuple((place, float(column[place].as_py())) for place in order if column[place].as_py()),
    )


def _bin(place: int, step: int, last: int) -> str:
    if place == 0 or step == 1:
        return f"{place}" if place < last or step > 1 else f"{last}+"
    return f"{(place - 1) * step + 1}–{place * step}" if place < last else f">{(last - 1) * step}"
