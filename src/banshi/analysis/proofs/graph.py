"""Graph of proofs between the items that demand and those that issue them.

An item *demands* proofs; a proof is *given* by items whose result it is. For an item of a place, a proof is given by
the items of that place, else of the nearest place above, else of places below (a county asking for a village's paper).
Papers that are shared, or may be replaced by commitment, are not fetched by people and so are no demand here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from banshi.analysis.tables import Tables
from banshi.rulebook.proof_names import Dictionary, made_by

STEPS = (2, 4, 6, 9, 12)
"""Lengths of division codes: province, city, county, town, village."""


@dataclass(frozen=True, slots=True)
class ProofGraph:
    """Edges by position: item `asks[i]` demands proof `proofs[i]` (demand row `rows[i]`), which item `gives[i]` gives out.

    `items` are rows of Tables.items; `proof_names` the proofs' names; `doubts` what is not sure of a
    demanded name, by proof, `guessed` what is not sure of what an item gives out, by item (row).
    """

    tables: Tables
    proof_names: list[str]
    asks: np.ndarray
    gives: np.ndarray
    proofs: np.ndarray
    rows: np.ndarray
    doubts: dict[str, str]
    guessed: dict[int, str]


def build_graph(tables: Tables, dictionary: Dictionary) -> ProofGraph:
    """Names are read once each, and who is nearest is looked for once per proof and place, however many items ask."""
    numbers: dict[str, int] = {}
    doubts: dict[str, str] = {}
    places, place_of = _encoded(tables.items["division"])
    giver, given, guessed = _givers(tables.items, dictionary, numbers)
    rows, asking, asked = _demanded(tables, dictionary, numbers, doubts)
    pairs, pair_of = np.unique(asked * len(places) + place_of[asking], return_inverse=True)
    starts, counts, near = _nearest(pairs, places, giver, given, place_of)
    of_demand = counts[pair_of]
    offset = np.arange(of_demand.sum()) - np.repeat(np.cumsum(of_demand) - of_demand, of_demand)
    gives = near[np.repeat(starts[pair_of], of_demand) + offset]
    asks, proofs, rows = (np.repeat(each, of_demand) for each in (asking, asked, rows))
    kept = asks != gives
    return ProofGraph(tables, list(numbers), asks[kept], gives[kept], proofs[kept], rows[kept], doubts, guessed)


def _encoded(column: pa.ChunkedArray) -> tuple[list[str], np.ndarray]:
    """Return the different texts, and for each row which it is."""
    # Null is "".
    encoded = pc.dictionary_encode(pc.fill_null(column, "")).combine_chunks()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _givers(
    items: pa.Table, dictionary: Dictionary, numbers: dict[str, int]
) -> tuple[np.ndarray, np.ndarray, dict[int, str]]:
    """Items (rows) that give a proof out, and which."""
    # And where that is a guess, why.
    names, name_of = _encoded(items["name"])
    results, result_of = _encoded(items["result_name"])
    pairs, first, pair_of = np.unique(
        name_of * max(1, len(results)) + result_of, return_index=True, return_inverse=True
    )
    proofs, guesses = np.full(len(pairs), -1), np.full(len(pairs), "", object)
    for pair in np.argsort(first).tolist():
        row = first[pair]
        meaning = made_by(names[name_of[row]], results[result_of[row]], dictionary)
        if meaning is not None:
            proofs[pair] = numbers.setdefault(meaning.proof, len(numbers))
            guesses[pair] = meaning.doubt
    given = proofs[pair_of]
    giver = np.flatnonzero(given >= 0)
    guessed = np.flatnonzero((guesses != "")[pair_of])
    return giver, given[giver], dict(zip(guessed.tolist(), guesses[pair_of[guessed]], strict=True))


def _demanded(
    tables: Tables, dictionary: Dictionary, numbers: dict[str, int], doubts: dict[str, str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of demands people must fetch, and somebody gives out: demand row, item row, proof."""
    demands = tables.demands
    fetched = pc.and_(demands["required"], pc.invert(pc.or_(demands["shared"], demands["commitment"])))
    names, name_of = _encoded(demands["proof"])
    proof_of = np.full(len(names), -1, np.int64)  # -1: nobody gives it out
    for place, name in enumerate(names):
        meaning = dictionary.meaning(name)
        if meaning.proof in numbers:
            proof_of[place] = numbers[meaning.proof]
            if meaning.doubt:
                doubts.setdefault(meaning.proof, meaning.doubt)
    proofs = proof_of[name_of] if len(names) else name_of
    chosen = np.flatnonzero(pc.fill_null(fetched, False).to_numpy(zero_copy_only=False) & (proofs >= 0))
    item_row = pc.index_in(demands["item_id"].take(pa.array(chosen)), tables.items["item_id"].combine_chunks())
    return chosen, item_row.to_numpy(zero_copy_only=False).astype(np.int64), proofs[chosen]


class _Givers:
    """Items that give one proof out, by place."""

    def __init__(self) -> None:
        self.at: dict[str, list[int]] = {}
        self.first_below: dict[str, list[int]] = {}

    def add(self, row: int, place: str) -> None:
        if place not in self.at:
            for above in _above(place):
                self.first_below.setdefault(above, [row])
        self.at.setdefault(place, []).append(row)

    def near(self, place: str) -> list[int]:
        for step in (place, *_above(place)):
            if step in self.at:
                return self.at[step]
        return self.first_below.get(place, [])


def _above(place: str) -> Iterator[str]:
    """Yield the places above, nearest first, the nation ("") last."""
    for length in reversed(STEPS):
        if length < len(place):
            yield place[:length]
    if place:
        yield ""


def _nearest(
    pairs: np.ndarray, places: list[str], giver: np.ndarray, given: np.ndarray, place_of: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each pair of proof and place (proof * len(places) + place) a stretch, start and length, of the givers' rows."""
    by_proof: dict[int, _Givers] = {}
    for row, proof, place in zip(giver.tolist(), given.tolist(), place_of[giver].tolist(), strict=True):
        by_proof.setdefault(proof, _Givers()).add(row, places[place])
    near = [by_proof[pair // len(places)].near(places[pair % len(places)]) for pair in pairs.tolist()]
    counts = np.asarray([len(each) for each in near], np.int64)
    return np.cumsum(counts) - counts, counts, np.asarray([row for each in near for row in each], np.int64)


def tangles(graph: ProofGraph) -> list[np.ndarray]:
    """Edges (positions in the graph) of each knot: sets of items from which every other one is reached again."""
    size = graph.tables.items.num_rows
    if not len(graph.asks):
        return []
    matrix = coo_array((np.ones(len(graph.asks), np.int8), (graph.asks, graph.gives)), shape=(size, size)).tocsr()
    _, knot = connected_components(matrix, connection="strong")
    inside = np.flatnonzero(knot[graph.asks] == knot[graph.gives])
    order = inside[np.argsort(knot[graph.asks[inside]], kind="stable")]
    cuts = np.flatnonzero(np.diff(knot[graph.asks[order]])) + 1
    return [part for part in np.split(order, cuts) if len(part)]
