"""Burden of items on people, in materials, steps, days, visits, offices and fees, and its changes.

What is not known is counted as not known, never as nought: a sum always says over how many items it runs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from banshi.analysis.measures import LABELS, MEASURES, UNITS
from banshi.analysis.tables import Tables
from banshi.rulebook.proof_names import Dictionary, shipped_dictionary
from banshi.rulebook.word_lists import shipped_words


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure summed over `known` items. `unknown` items don't tell it.

    `yearly` is the sum weighted by volume over the `weighted` items of which both are known; None when there are none.
    """

    measure: str
    total: float | None
    known: int
    unknown: int
    yearly: float | None
    weighted: int

    @property
    def average(self) -> float | None:
        return None if self.total is None else self.total / self.known


@dataclass(frozen=True, slots=True)
class Burden:
    """`without_volume`: items of which nobody knows how often they are asked for."""

    items: int
    without_volume: int
    figures: tuple[Figure, ...]

    def figure(self, measure: str) -> Figure:
        return self.figures[MEASURES.index(measure)]


def burden(items: pa.Table) -> Burden:
    volume = items["volume"]
    return Burden(items.num_rows, volume.null_count, tuple(_figure(items[each], each, volume) for each in MEASURES))


def _figure(values: pa.ChunkedArray, measure: str, volume: pa.ChunkedArray) -> Figure:
    numbers = pc.cast(values, pa.float64())
    weighted = pc.multiply(numbers, pc.cast(volume, pa.float64()))
    return Figure(
        measure,
        pc.sum(numbers).as_py(),
        len(values) - values.null_count,
        values.null_count,
        pc.sum(weighted).as_py(),
        len(weighted) - weighted.null_count,
    )


def burden_by(items: pa.Table, column: str) -> list[tuple[str, Burden]]:
    """Return the burden of each organ, division, category …, in order of their names."""
    keys = pc.fill_null(items[column], "")
    encoded = pc.dictionary_encode(keys).combine_chunks()
    numbers = encoded.indices.to_numpy(zero_copy_only=False)
    order = np.argsort(numbers, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1) if len(order) else []
    names = encoded.dictionary.to_pylist()
    return sorted((names[numbers[part[0]]], burden(items.take(pa.array(part)))) for part in parts)


@dataclass(frozen=True, slots=True)
class Shift:
    """One measure before and after, over the `items` of which both are known (None when of none).

    `unknown` are left out.
    """

    measure: str
    before: float | None
    after: float | None
    items: int
    unknown: int

    @property
    def saved(self) -> float | None:
        return None if self.before is None or self.after is None else self.before - self.after


@dataclass(frozen=True, slots=True)
class ItemShift:
    """Changes of one item, measure → (before, after), where both are known and differ."""

    guid: str
    name: str
    organ: str
    changes: dict[str, tuple[float, float]]

    def sentence(self) -> str:
        told = "、".join(
            f"{LABELS[measure]}{old:g}→{new:g}{UNITS[measure]}" for measure, (old, new) in self.changes.items()
        )
        return f"{self.name}：{told}"


@dataclass(frozen=True, slots=True)
class BurdenComparison:
    """Items on both sides are compared. `added` and `gone` are on one side only and are not in the sums."""

    both: int
    added: int
    gone: int
    shifts: tuple[Shift, ...]
    items: tuple[ItemShift, ...]

    def shift(self, measure: str) -> Shift:
        return self.shifts[MEASURES.index(measure)]


def compare(before: pa.Table, after: pa.Table) -> BurdenComparison:
    """Compare two states of a catalogue, or of one item, by the items' `guid`.

    Items without one cannot be compared.
    """
    old, new = _rows(before), _rows(after)
    both = [guid for guid in old if guid in new]
    left = before.take(pa.array([old[each] for each in both], pa.int64()))
    right = after.take(pa.array([new[each] for each in both], pa.int64()))
    pairs = {each: (_numbers(left, each), _numbers(right, each)) for each in MEASURES}
    shifts = tuple(_shift(each, *pairs[each]) for each in MEASURES)
    return BurdenComparison(len(both), len(new) - len(both), len(old) - len(both), shifts, tuple(_items(right, pairs)))


def compare_by(before: pa.Table, after: pa.Table, column: str) -> list[tuple[str, BurdenComparison]]:
    """Compare before and after of each organ, division … of either side, in order of their names."""
    keys = sorted({each or "" for table in (before, after) for each in pc.unique(table[column]).to_pylist()})
    return [
        (key, compare(*(table.filter(pc.equal(pc.fill_null(table[column], ""), key)) for table in (before, after))))
        for key in keys
    ]


def only(items: pa.Table, guids: Iterable[str]) -> pa.Table:
    """Return the items of a campaign."""
    return items.filter(pc.is_in(items["guid"], pa.array(list(guids), pa.string())))


def _rows(items: pa.Table) -> dict[str, int]:
    return {guid: row for row, guid in enumerate(items["guid"].to_pylist()) if guid}


def _numbers(items: pa.Table, measure: str) -> np.ndarray:
    return np.asarray(pc.cast(items[measure], pa.float64()).to_numpy(zero_copy_only=False))


def _shift(measure: str, old: np.ndarray, new: np.ndarray) -> Shift:
    known = ~(np.isnan(old) | np.isnan(new))
    before, after = (float(each[known].sum()) if known.any() else None for each in (old, new))
    return Shift(measure, before, after, int(known.sum()), int((~known).sum()))


def _items(items: pa.Table, pairs: dict[str, tuple[np.ndarray, np.ndarray]]) -> Iterator[ItemShift]:
    names, organs, guids = (items[each].to_pylist() for each in ("name", "organ", "guid"))
    moved = np.zeros(items.num_rows, bool)
    for old, new in pairs.values():
        moved |= np.abs(old - new) > 0
    for row in np.flatnonzero(moved).tolist():
        changes = {
            measure: (float(old[row]), float(new[row]))
            for measure, (old, new) in pairs.items()
            if abs(old[row] - new[row]) > 0
        }
        yield ItemShift(guids[row] or "", names[row] or "", organs[row] or "", changes)


@dataclass(frozen=True, slots=True)
class Saving:
    """Savings for people when a proof is no longer asked for.

    `items` ask for it, `grounded` of them naming a basis; `papers` a year (copies × volume; one copy where the guide
    does not say how many) over the items whose volume is known, None when of none; `baseless` those of them that items
    ask for which name no basis; `without_volume` the items whose volume is not known.
    """

    proof: str
    items: int
    grounded: int
    papers: int | None
    baseless: int | None
    without_volume: int

    def sentence(self) -> str:
        yearly = "" if self.papers is None else f"，每年少交{self.papers:,}份"
        open_end = f"（另有{self.without_volume}项没有办件量，未计入）" if self.without_volume else ""
        return f"取消“{self.proof}”，涉及{self.items}项事项{yearly}{open_end}。"


def savings(tables: Tables, dictionary: Dictionary | None = None) -> list[Saving]:
    """Rank the proofs people must still fetch by the papers their end would spare."""
    dictionary = dictionary or shipped_dictionary()
    volume = dict(zip(tables.items["item_id"].to_pylist(), tables.items["volume"].to_pylist(), strict=True))
    asked: dict[str, dict[int, tuple[int, bool]]] = {}
    for item, name, copies, grounded in _fetched(tables.demands):
        by_item = asked.setdefault(dictionary.meaning(name).proof, {})
        had, was = by_item.get(item, (0, False))
        by_item[item] = (had + copies, was or grounded)
    found = [_saving(proof, by_item, volume) for proof, by_item in asked.items()]
    return sorted(found, key=lambda each: (-(each.papers or 0), -each.items, each.proof))


def _saving(proof: str, by_item: dict[int, tuple[int, bool]], volume: dict[int, int | None]) -> Saving:
    yearly = {item: copies * times for item, (copies, _) in by_item.items() if (times := volume.get(item)) is not None}
    baseless = [papers for item, papers in yearly.items() if not by_item[item][1]]
    return Saving(
        proof,
        len(by_item),
        sum(basis for _, basis in by_item.values()),
        sum(yearly.values()) if yearly else None,
        sum(baseless) if baseless else None,
        len(by_item) - len(yearly),
    )


def _fetched(demands: pa.Table) -> Iterator[tuple[int, str, int, bool]]:
    """Yield proofs (not forms or works of one's own) that are required, and neither shared nor replaced by commitment."""
    free = pc.or_(pc.fill_null(demands["shared"], False), pc.fill_null(demands["commitment"], False))
    wanted = demands.filter(pc.and_(pc.fill_null(demands["required"], False), pc.invert(free)))
    names = wanted["proof"].combine_chunks()
    proofs = {name for name in pc.unique(names).to_pylist() if name and is_proof(name)}
    chosen = wanted.filter(pc.is_in(wanted["proof"], pa.array(sorted(proofs), pa.string())))
    rows = (chosen[each].to_pylist() for each in ("item_id", "proof", "has_basis", "copies"))
    for item, name, basis, copies in zip(*rows, strict=True):
        yield item, name, copies or 1, bool(basis)


def is_proof(name: str) -> bool:
    return bool(shipped_words().find("proof_words", name))
