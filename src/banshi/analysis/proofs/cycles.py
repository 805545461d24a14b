"""循环证明: circles among demands, shown each, and the least to abolish so that none is left."""

from collections import Counter, deque
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from banshi.analysis.proofs.graph import ProofGraph, least_fixpoint, strongly_tied, tangles

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
    instead: tuple[str, ...] = ()
    """Other papers that are taken in its place."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """`paper` meets what `item` demands, given by `giver` (both rows), or by nobody in the catalogue."""

    item: int
    paper: str
    giver: int | None


@dataclass(frozen=True, slots=True)
class Circle:
    """Hops whose last leads back to the first. Begins with the lowest item, so that a circle has one form.

    A hard circle has no way out; one with ways out is a detour.
    """

    hops: tuple[Hop, ...]
    doubt: str = ""
    ways_out: tuple[WayOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """Demands to abolish, or replace by commitment or sharing. `proven` when no smaller set opens every circle."""

    demands: tuple[int, ...]
    weight: float
    proven: bool


class Knot:
    """The edges among which circles run. Edges of one demand (a proof several items give out) are cut together."""

    def __init__(self, graph: ProofGraph, edges: np.ndarray) -> None:
        self.graph = graph
        self.giver = dict(zip(edges.tolist(), graph.gives[edges].tolist(), strict=True))
        self.demand = dict(zip(edges.tolist(), graph.rows[edges].tolist(), strict=True))
        self.ways: dict[int, list[int]] = {}
        for edge, item in zip(edges.tolist(), graph.asks[edges].tolist(), strict=True):
            self.ways.setdefault(item, []).append(edge)
        inside = graph.needs[edges]
        # A need with a giver elsewhere is met as soon as that one is free: it binds nobody here.
        ids, counts = np.unique(inside, return_counts=True)
        start, end = np.searchsorted(graph.needs, ids), np.searchsorted(graph.needs, ids, side="right")
        binding = edges[np.isin(inside, ids[end - start == counts])]
        self.givers: dict[int, list[int]] = {}
        self.needs_of: dict[int, list[int]] = {}
        self.demand_of: dict[int, int] = {}
        for edge, need in zip(binding.tolist(), graph.needs[binding].tolist(), strict=True):
            if need not in self.givers:
                self.needs_of.setdefault(int(graph.asks[edge]), []).append(need)
                self.demand_of[need] = self.demand[edge]
            self.givers.setdefault(need, []).append(self.giver[edge])
        self.demands = sorted(set(self.demand.values()))
        self.plain = bool((counts == 1).all()) and len(binding) == len(edges)
        """Each need has one paper and one giver, so that every circle must be cut."""

    def shortest_through(self, first: int, gone: frozenset[int]) -> list[int] | None:
        """List edges of the shortest circle whose first step is `first`, or None."""
        start = int(self.graph.asks[first])
        came: dict[int, int] = {}
        queue, seen = deque([self.giver[first]]), {self.giver[first]}
        while queue:
            item = queue.popleft()
            if item == start:
                steps = []
                while item != self.giver[first]:
                    steps.append(came[item])
                    item = int(self.graph.asks[came[item]])
                return [first, *steps[::-1]]
            for edge in self.ways.get(item, ()):
                to = self.giver[edge]
                if self.demand[edge] not in gone and to not in seen:
                    seen.add(to)
                    came[to] = edge
                    queue.append(to)
        return None

    def circles_without(self, gone: frozenset[int]) -> Iterator[list[int]]:
        """Find one circle (edges) through each demand that still lies on one.

        Circles met again are left out.
        """
        covered: set[int] = set()
        for ways in self.ways.values():
            for edge in ways:
                if self.demand[edge] in gone or self.demand[edge] in covered:
                    continue
                if found := self.shortest_through(edge, gone):
                    covered |= {self.demand[each] for each in found}
                    yield found

    def left_without(self, gone: frozenset[int]) -> Iterator[frozenset[int]]:
        """Find sets of demands of which every cut holds one, that `gone` does not hit."""
        if self.plain:
            for circle in self.circles_without(gone):
                yield frozenset(self.demand[edge] for edge in circle)
            return
        waiting = self._waiting(gone)
        covered: set[int] = set()
        for item, unmet in waiting.items():
            for need in unmet:
                if self.demand_of[need] not in covered:
                    found = self._loop(item, need, waiting)
                    if not found <= covered:
                        yield found
                    covered |= {self.demand_of[need], *found}

    def _waiting(self, gone: frozenset[int]) -> dict[int, set[int]]:
        """Find items that still cannot be had, with their unmet needs (complement of the least fixpoint)."""
        unmet = {
            item: {need for need in self.needs_of.get(item, ()) if self.demand_of[need] not in gone}
            for item in self.ways
        }
        meets: dict[int, list[tuple[int, int]]] = {}
        for item, needs in unmet.items():
            for need in needs:
                for giver in self.givers[need]:
                    meets.setdefault(giver, []).append((item, need))
        free = [item for item, needs in unmet.items() if not needs]
        while free:
            for item, need in meets.get(free.pop(), ()):
                if need in unmet[item]:
                    unmet[item].remove(need)
                    if not unmet[item]:
                        free.append(item)
        return {item: needs for item, needs in unmet.items() if needs}

    def _loop(self, start: int, need: int, waiting: dict[int, set[int]]) -> frozenset[int]:
        """Collect demands of an unfounded loop: items that wait for one need each, all whose givers are among them."""
        chosen, queue = {start: need}, deque([start])
        while queue:
            for giver in self.givers[chosen[queue.popleft()]]:
                if giver not in chosen:
                    chosen[giver] = min(
                        waiting[giver], key=lambda each: (sum(to not in chosen for to in self.givers[each]), each)
                    )
                    queue.append(giver)
        place = {item: number for number, item in enumerate(chosen)}
        asks, gives = np.asarray(
            [(place[item], place[giver]) for item, one in chosen.items() for giver in self.givers[one]]
        ).T
        matrix = coo_array((np.ones(len(asks), np.int8), (asks, gives)), shape=(len(place), len(place))).tocsr()
        _, part = connected_components(matrix, connection="strong")
        closed = set(part.tolist()) - set(part[asks[part[asks] != part[gives]]].tolist())
        kept = min(closed)
        return frozenset(self.demand_of[one] for item, one in chosen.items() if part[place[item]] == kept)


def knots(graph: ProofGraph) -> list[Knot]:
    return [Knot(graph, edges) for edges in tangles(graph)]


def circles(graph: ProofGraph, found: Iterable[Knot] | None = None) -> Iterator[Circle]:
    """Yield hard circles such that every demand on one is shown at least once (of large knots, the first fifty)."""
    for knot in knots(graph) if found is None else found:
        for edges in _to_show(knot):
            yield _circle(graph, edges)


def detours(graph: ProofGraph) -> Iterator[Circle]:
    """Find circles among what can be had, each with its ways out (of large knots, the first fifty)."""
    known = least_fixpoint(graph)
    for edges in strongly_tied(graph, np.flatnonzero(~known.stuck)):
        for shown in _to_show(Knot(graph, edges)):
            circle = _circle(graph, shown)
            ways = []
            for edge in shown:
                # By rank of the fixpoint a circle never runs through first meetings alone, so that there is always one.
                if (first := int(known.met_by[edge])) != edge:
                    paper = (
                        graph.outside[int(graph.needs[edge])] if first < 0 else graph.proof_names[graph.proofs[first]]
                    )
                    ways.append(WayOut(int(graph.asks[edge]), paper, None if first < 0 else int(graph.gives[first])))
            yield replace(circle, ways_out=tuple(ways))


def _to_show(knot: Knot) -> Iterator[list[int]]:
    seen: set[tuple[int, ...]] = set()
    for edges in knot.circles_without(frozenset()):
        first = min(range(len(edges)), key=lambda place: knot.graph.asks[edges[place]])
        turned = edges[first:] + edges[:first]
        if tuple(turned) not in seen:
            seen.add(tuple(turned))
            yield turned
        if len(seen) == SHOWN_PER_KNOT:
            return


def _circle(graph: ProofGraph, edges: list[int]) -> Circle:
    hops = tuple(
        Hop(
            int(graph.asks[edge]),
            graph.proof_names[graph.proofs[edge]],
            int(graph.rows[edge]),
            graph.alternatives(edge),
        )
        for edge in edges
    )
    told = [each for hop in hops for each in (graph.doubts.get(hop.proof), graph.guessed.get(hop.item))]
    return Circle(hops, "；".join(sorted({each for each in told if each})))


def smallest_cut(graph: ProofGraph, found: Iterable[Knot] | None = None) -> Cut:
    """Return the lightest set of demands that opens every hard circle.

    Proven by running the search again without them.
    """
    weights = demand_weights(graph)
    chosen: list[int] = []
    proven = True
    for knot in knots(graph) if found is None else found:
        cut, exact = _cut(knot, weights)
        chosen += cut
        proven = proven and exact
    assert not tangles(without(graph, chosen)), "a circle is left"
    return Cut(tuple(sorted(chosen)), float(sum(weights[each] for each in chosen)), proven)


def demand_weights(graph: ProofGraph) -> dict[int, float]:
    """Weigh a demand 1 without a basis and 3 with one, less up to a half for the people it relieves."""
    demands, items = graph.tables.demands, graph.tables.items
    rows, first = np.unique(graph.rows, return_index=True)
    volume = pc.fill_null(items["volume"], 0).to_numpy()
    relieved = volume[graph.asks[first]] / (volume.max(initial=0) or 1)
    basis = demands["has_basis"].take(pa.array(rows)).to_numpy(zero_copy_only=False)
    costs = np.where(basis, GROUNDED_COST, 1.0) - RELIEF * relieved
    return dict(zip(rows.tolist(), costs.tolist(), strict=True))


def _cut(knot: Knot, weights: dict[int, float]) -> tuple[list[int], bool]:
    """Cut all loops by an implicit hitting set, which grows until none is left that is not hit."""
    place = {demand: number for number, demand in enumerate(knot.demands)}
    cost = np.asarray([weights[demand] for demand in knot.demands])
    known: list[list[int]] = []
    gone: frozenset[int] = frozenset()
    for _ in range(ROUNDS_AT_MOST):
        new = [[place[demand] for demand in loop] for loop in knot.left_without(gone)]
        if not new:
            return sorted(gone), True
        known += new
        if len(knot.demands) > LARGEST_SOLVED:
            break
        gone = frozenset(knot.demands[each] for each in _hit(known, cost))
    return _greedily(knot, weights, gone), False


def _hit(known: list[list[int]], cost: np.ndarray) -> list[int]:
    """Find the cheapest places such that each known loop holds one."""
    # The solver is slow to load, and mostly not needed.
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows = np.repeat(np.arange(len(known)), [len(each) for each in known])
    columns = np.concatenate([np.asarray(each) for each in known])
    matrix = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(known), len(cost))).tocsr()
    answer = milp(cost, constraints=LinearConstraint(matrix, lb=1), integrality=np.ones_like(cost), bounds=Bounds(0, 1))
    return np.flatnonzero(answer.x > 0.5).tolist()


def _greedily(knot: Knot, weights: dict[int, float], gone: frozenset[int]) -> list[int]:
    """Take again and again the demand on the most loops for its weight."""
    # Then those are put back that are not needed.
    while found := list(knot.left_without(gone)):
        counts = Counter(demand for loop in found for demand in loop)
        gone |= {max(counts, key=lambda each: counts[each] / weights[each])}
    for demand in sorted(gone, key=lambda each: -weights[each]):
        if next(knot.left_without(gone - {demand}), None) is None:
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
    """Return the circle as one tells it to somebody, with the ways out of a detour."""
    items = graph.tables.items

    def told(item: int) -> str:
        return f"{items['organ'][item].as_py()}办“{items['name'][item].as_py()}”"

    legs = [
        f"到{told(hop.item)}要{papers(hop)}，这要先到{told(following.item)}"
        for hop, following in zip(circle.hops, [*circle.hops[1:], circle.hops[0]], strict=True)
    ]
    if not circle.ways_out:
        return "；".join(legs) + "。绕了一圈，哪一个都办不成。"
    ways = [
        f"{told(way.item)}，交“{way.paper}”也行" + (f"（到{told(way.giver)}取得）" if way.giver is not None else "")
        for way in circle.ways_out
    ]
    return f"{'；'.join(legs)}。绕了一圈，但有出路：{'；'.join(ways)}。"


def papers(hop: Hop) -> str:
    return "或".join(f"“{paper}”" for paper in (hop.proof, *hop.instead))


@dataclass(frozen=True, slots=True)
class Errands:
    """Prerequisites of an application by round (the last can be done first), and their offices."""

    rounds: tuple[tuple[int, ...], ...]
    offices: tuple[str, ...]
    circular: bool


Ways = dict[int, dict[int, int]]
"""Item → what it needs to be fetched first → the item that gives it out."""


def ways_of(graph: ProofGraph, held: Container[str] = ()) -> Ways:
    """Choose for each need the paper that can be had first.

    `held`: papers people have anyway, which are not fetched.
    """
    known = least_fixpoint(graph)
    at_hand = {
        need
        for need, proof in zip(graph.needs.tolist(), graph.proofs.tolist(), strict=True)
        if need in graph.outside or graph.proof_names[proof] in held
    }
    chosen = np.where(known.met_by >= 0, known.met_by, np.arange(len(known.met_by)))
    ways: Ways = {}
    for ask, need, giver in zip(graph.asks.tolist(), graph.needs.tolist(), graph.gives[chosen].tolist(), strict=True):
        if need not in at_hand:
            ways.setdefault(ask, {}).setdefault(need, giver)
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
