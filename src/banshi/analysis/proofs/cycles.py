"""循环证明: circles among demands, shown each, and the least to abolish so that none is left."""

from collections import deque
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array

from banshi.analysis.proofs.graph import ProofGraph, tangles

SHOWN_PER_KNOT = 50
LARGEST_SOLVED = 3_000
"""Demands in one knot beyond which the cut is found step by step and not proven smallest."""
ROUNDS_AT_MOST = 200
GROUNDED_COST = 3.0
"""A demand that names a legal basis weighs three: the law must be changed, not only the office's habit."""
RELIEF = 0.5
"""At most this much is taken off a demand's weight for the people it relieves, so that ties go to the busiest."""


@dataclass(frozen=True, slots=True)
class Hop:
    """`item` (row of the items) demands `proof`, given out by the next hop's item. `demand`: row of the demands."""

    item: int
    proof: str
    demand: int


@dataclass(frozen=True, slots=True)
class Circle:
    """Hops whose last leads back to the first. Begins with the lowest item, so that a circle has one form."""

    hops: tuple[Hop, ...]
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """Demands to abolish, or replace by commitment or sharing. `proven` when no smaller set opens every circle."""

    demands: tuple[int, ...]
    weight: float
    proven: bool


class Knot:
    """The demands among which circles run. Edges of one demand (a proof several items give out) are cut together."""

    def __init__(self, graph: ProofGraph, edges: np.ndarray) -> None:
        self.graph = graph
        self.ways: dict[int, list[tuple[int, int]]] = {}
        self.proof_of: dict[int, int] = {}
        for edge in edges.tolist():
            demand = int(graph.rows[edge])
            self.ways.setdefault(int(graph.asks[edge]), []).append((demand, int(graph.gives[edge])))
            self.proof_of[demand] = int(graph.proofs[edge])
        inside = graph.needs[edges]
        self.branching = len(np.unique(inside)) < len(inside) or int(np.isin(graph.needs, inside).sum()) > len(inside)
        """Some need has several papers or givers: to cut every circle is then enough, and may be more than is needed."""
        self.demands = sorted(self.proof_of)

    def shortest_through(
        self, start: int, demand: int, giver: int, gone: frozenset[int]
    ) -> list[tuple[int, int]] | None:
        """(item, demand) of the shortest circle whose first step is `demand` of `start`, or None."""
        came: dict[int, tuple[int, int]] = {}
        queue, seen = deque([giver]), {giver}
        while queue:
            item = queue.popleft()
            if item == start:
                return [(start, demand), *_way_back(came, giver, start)]
            for taken, to in self.ways.get(item, ()):
                if taken not in gone and to not in seen:
                    seen.add(to)
                    came[to] = (item, taken)
                    queue.append(to)
        return None

    def circles_without(self, gone: frozenset[int]) -> Iterator[list[tuple[int, int]]]:
        """Find one circle through each demand that still lies on one. Circles met again are left out."""
        covered: set[int] = set()
        for item, ways in self.ways.items():
            for demand, giver in ways:
                if demand in gone or demand in covered:
                    continue
                if found := self.shortest_through(item, demand, giver, gone):
                    covered |= {each for _, each in found}
                    yield found


def _way_back(came: dict[int, tuple[int, int]], giver: int, start: int) -> list[tuple[int, int]]:
    """From the giver of the first paper to the item one began with, in the order they are walked."""
    steps = []
    at = start
    while at != giver:
        item, demand = came[at]
        steps.append((item, demand))
        at = item
    return steps[::-1]


def knots(graph: ProofGraph) -> list[Knot]:
    return [Knot(graph, edges) for edges in tangles(graph)]


def circles(graph: ProofGraph, found: Iterable[Knot] | None = None) -> Iterator[Circle]:
    """Circles to show: every demand that lies on one is in at least one of them (of large knots, the first fifty)."""
    for knot in knots(graph) if found is None else found:
        shown: set[tuple[Hop, ...]] = set()
        for steps in knot.circles_without(frozenset()):
            whole, called = knot.graph, knot.graph.proof_names
            first = min(range(len(steps)), key=lambda place: steps[place][0])
            hops = tuple(
                Hop(item, called[knot.proof_of[demand]], demand) for item, demand in steps[first:] + steps[:first]
            )
            told = [each for hop in hops for each in (whole.doubts.get(hop.proof), whole.guessed.get(hop.item))]
            circle = Circle(hops, "；".join(sorted({each for each in told if each})))
            if circle.hops not in shown and len(shown) < SHOWN_PER_KNOT:
                shown.add(circle.hops)
                yield circle


def smallest_cut(graph: ProofGraph, found: Iterable[Knot] | None = None) -> Cut:
    """Return the lightest set of demands that opens every circle. Proven by running the search again without them."""
    weights = demand_weights(graph)
    chosen: list[int] = []
    proven = True
    for knot in knots(graph) if found is None else found:
        cut, exact = _cut(knot, weights)
        chosen += cut
        proven = proven and exact and not knot.branching
    assert not tangles(without(graph, chosen)), "a circle is left"
    return Cut(tuple(sorted(chosen)), float(sum(weights[each] for each in chosen)), proven)


def demand_weights(graph: ProofGraph) -> dict[int, float]:
    """1 for a demand without basis, 3 for one with, less up to a half for the people it relieves."""
    demands, items = graph.tables.demands, graph.tables.items
    rows, first = np.unique(graph.rows, return_index=True)
    volume = pc.fill_null(items["volume"], 0).to_numpy()
    relieved = volume[graph.asks[first]] / (volume.max(initial=0) or 1)
    basis = demands["has_basis"].take(pa.array(rows)).to_numpy(zero_copy_only=False)
    costs = np.where(basis, GROUNDED_COST, 1.0) - RELIEF * relieved
    return dict(zip(rows.tolist(), costs.tolist(), strict=True))


def _cut(knot: Knot, weights: dict[int, float]) -> tuple[list[int], bool]:
    """Hitting set over circles found so far, until no circle is left that it does not hit: then it is the smallest."""
    place = {demand: number for number, demand in enumerate(knot.demands)}
    cost = np.asarray([weights[demand] for demand in knot.demands])
    known: list[list[int]] = []
    gone: frozenset[int] = frozenset()
    for _ in range(ROUNDS_AT_MOST):
        new = [[place[demand] for _, demand in steps] for steps in knot.circles_without(gone)]
        if not new:
            return sorted(gone), True
        known += new
        if len(knot.demands) > LARGEST_SOLVED:
            break
        gone = frozenset(knot.demands[each] for each in _hit(known, cost))
    return _greedily(knot, weights, gone), False


def _hit(known: list[list[int]], cost: np.ndarray) -> list[int]:
    """Find the cheapest places such that each known circle holds one."""
    # The solver is slow to load, and mostly not needed.
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows = np.repeat(np.arange(len(known)), [len(each) for each in known])
    columns = np.concatenate([np.asarray(each) for each in known])
    matrix = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(known), len(cost))).tocsr()
    answer = milp(cost, constraints=LinearConstraint(matrix, lb=1), integrality=np.ones_like(cost), bounds=Bounds(0, 1))
    return np.flatnonzero(answer.x > 0.5).tolist()


def _greedily(knot: Knot, weights: dict[int, float], gone: frozenset[int]) -> list[int]:
    """Take again and again the demand on the most circles for its weight."""
    # Then those are put back that are not needed.
    while found := list(knot.circles_without(gone)):
        counts: dict[int, int] = {}
        for steps in found:
            for _, demand in steps:
                counts[demand] = counts.get(demand, 0) + 1
        gone |= {max(counts, key=lambda each: counts[each] / weights[each])}
    for demand in sorted(gone, key=lambda each: -weights[each]):
        if next(knot.circles_without(gone - {demand}), None) is None:
            gone -= {demand}
    return sorted(gone)


def without(graph: ProofGraph, demands: Iterable[int]) -> ProofGraph:
    """Return the graph as it would be were these demands abolished, or met by commitment or sharing."""
    kept = ~np.isin(graph.rows, np.fromiter(demands, dtype=np.int64))
    return ProofGraph(
        graph.tables,
        graph.proof_names,
        graph.asks[kept],
        graph.gives[kept],
        graph.proofs[kept],
        graph.rows[kept],
        graph.doubts,
        graph.guessed,
        graph.needs[kept],
        graph.outside,
    )


def sentence(graph: ProofGraph, circle: Circle) -> str:
    """Return the circle as one tells it to somebody."""
    items = graph.tables.items
    said = [(items["name"][hop.item].as_py(), items["organ"][hop.item].as_py(), hop.proof) for hop in circle.hops]
    legs = []
    for (name, organ, proof), (next_name, next_organ, _) in zip(said, [*said[1:], said[0]], strict=True):
        legs.append(f"到{organ}办“{name}”要“{proof}”，这要先到{next_organ}办“{next_name}”")
    return "；".join(legs) + "。绕了一圈，哪一个都办不成。"


@dataclass(frozen=True, slots=True)
class Errands:
    """Prerequisites of an application by round (the last can be done first), and their offices."""

    rounds: tuple[tuple[int, ...], ...]
    offices: tuple[str, ...]
    circular: bool


Ways = dict[int, dict[int, int]]
"""Item → proof it demands → the item that gives it out (the first of several)."""


def ways_of(graph: ProofGraph, held: Container[str] = ()) -> Ways:
    """`held`: papers people have anyway, and need not fetch first."""
    ways: Ways = {}
    for ask, proof, giver in zip(graph.asks.tolist(), graph.proofs.tolist(), graph.gives.tolist(), strict=True):
        if graph.proof_names[proof] not in held:
            ways.setdefault(ask, {}).setdefault(proof, giver)
    return ways


def errands(graph: ProofGraph, item: int, ways: Ways | None = None) -> Errands:
    """Collect everything to be fetched, and fetched for that, before `item` (a row) can be applied for."""
    ways = ways_of(graph) if ways is None else ways
    rounds, seen, now, circular = [], {item}, [item], False
    while now:
        needed = [giver for each in now for giver in ways.get(each, {}).values()]
        circular = circular or item in needed
        now = list(dict.fromkeys(each for each in needed if each not in seen))
        seen |= set(now)
        if now:
            rounds.append(tuple(now))
    organs = graph.tables.items["organ"]
    offices = dict.fromkeys(organs[each].as_py() for part in rounds for each in part)
    return Errands(tuple(rounds), tuple(offices), circular)
