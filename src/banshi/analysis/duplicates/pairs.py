"""Comparison of item names in pairs, and duplicates within a place.

Only the same object and the same act make names *same*. What holds the other is a *part*; what differs by words that
seldom make another item (城镇, 家庭, 老人) is *near*: a person looks. Nothing is judged by letters alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz

from banshi.analysis.duplicates.names import NameMeaning, Reader, clean, shipped_reader

ALIKE = 80.0
"""rapidfuzz ratio of objects from which a person should look."""
CROWD = 48
"""Objects that share a rare pair of signs are compared one by one up to this many."""


class Likeness(StrEnum):
    SAME = "same"
    PART = "part"
    NEAR = "near"
    DIFFERENT = "different"

    @property
    def label(self) -> str:
        return {"same": "同一事项", "part": "一项包含另一项", "near": "疑似同一事项", "different": "不是同一事项"}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class PairVerdict:
    likeness: Likeness
    score: float
    reason: str


ORDER = (Likeness.SAME, Likeness.PART, Likeness.NEAR, Likeness.DIFFERENT)

DOUBTFUL = (Likeness.PART, Likeness.NEAR)


def same(one: str, other: str, reader: Reader | None = None) -> PairVerdict:
    """Tell whether two names stand for one item.

    Symmetric. Any name is the same as itself.
    """
    reader = reader or shipped_reader()
    if clean(one) == clean(other):
        return PairVerdict(Likeness.SAME, 1.0, "名称相同" if one == other else "名称只差标点、空格或全半角")
    verdicts = [compare(mine, theirs, reader) for mine in reader.readings(one) for theirs in reader.readings(other)]
    return min(verdicts, key=lambda each: (ORDER.index(each.likeness), -each.score, each.reason))


def compare(one: NameMeaning, other: NameMeaning, reader: Reader) -> PairVerdict:
    alike = 1.0 if one.key == other.key else fuzz.ratio(one.object, other.object) / 100
    if alike == 1.0:
        if one.acts != other.acts:
            if one.acts and other.acts and (one.acts < other.acts or other.acts < one.acts):
                return PairVerdict(Likeness.PART, 0.9, f"范围不同：一项包含另一项（{_both(one.act, other.act)}）")
            return PairVerdict(Likeness.DIFFERENT, 0.5, f"办的事不同：{_both(one.act, other.act)}")
        if one.business and other.business and one.business != other.business:
            return PairVerdict(
                Likeness.NEAR, 0.9, f"对象相同，办理性质写法不同：{_both(*map(_business, (one, other)))}，请核对"
            )
        act = f"办的都是“{one.act}”" if one.act == other.act else f"{_both(one.act, other.act)}在这里是一回事"
        return PairVerdict(Likeness.SAME, 0.95, f"对象都是“{min(one.object, other.object)}”，{act}")
    if words := reader.apart(one, other):
        return PairVerdict(Likeness.DIFFERENT, alike / 2, f"对象不同：{_both(*words)}")
    if one.acts != other.acts:
        return PairVerdict(Likeness.DIFFERENT, alike / 2, f"办的事不同：{_both(one.act, other.act)}")
    apart = one.business and other.business and one.business != other.business
    if alike * 100 >= ALIKE and not apart and reader.differ_lightly(one, other):
        return PairVerdict(Likeness.NEAR, alike, f"办的事相同，对象相近：{_both(one.object, other.object)}，请核对")
    return PairVerdict(Likeness.DIFFERENT, alike / 2, f"对象不同：{_both(one.object, other.object)}")


def _both(one: str, other: str) -> str:
    return "、".join(f"“{each}”" for each in sorted((one, other)))


def _business(meaning: NameMeaning) -> str:
    return "、".join(sorted(meaning.business))


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Rows of the items that are one item (same), or two that may be (near)."""

    rows: tuple[int, ...]
    verdict: PairVerdict


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows of a catalogue by meaning: row `rows[i]` may mean `kinds[i]`, an index into `meanings`."""

    names: list[str]
    rows: np.ndarray
    kinds: np.ndarray
    meanings: list[NameMeaning]


Kind = tuple[str, frozenset[str]]


def sort_names(items: pa.Table, reader: Reader | None = None) -> Sorted:
    """Read each name once, however many items bear it.

    Items without a name mean nothing. Kinds differ in object or act, not in the nature of business.
    """
    reader = reader or shipped_reader()
    encoded = pc.dictionary_encode(pc.fill_null(items["name"], "")).combine_chunks()
    names: list[str] = encoded.dictionary.to_pylist()
    numbers: dict[Kind, int] = {}
    meanings: list[NameMeaning] = []
    owners: list[int] = []
    read_kinds: list[int] = []
    for name_number, name in enumerate(names):
        for meaning in reader.read(name) if name else ():
            number = numbers.setdefault((meaning.key, meaning.acts), len(meanings))
            if number == len(meanings):
                meanings.append(meaning)
            owners.append(name_number)
            read_kinds.append(number)
    # From names to rows: a row stands as often as its name has readings. `owners` grow.
    kinds = np.asarray(read_kinds, np.int64)
    of_row = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    starts = np.searchsorted(np.asarray(owners, np.int64), np.arange(len(names) + 1))
    counts = np.diff(starts)[of_row] if len(names) else np.empty(0, np.int64)
    rows = np.repeat(np.arange(len(of_row)), counts)
    offsets = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    places = np.repeat(starts[of_row], counts) + offsets if len(names) else np.empty(0, np.int64)
    return Sorted(names, rows, kinds[places] if len(kinds) else kinds, meanings)


def duplicates(items: pa.Table, reader: Reader | None = None) -> Iterator[Duplicate]:
    """Yield items of one place and level that are there twice, the same ones before those that look alike."""
    reader = reader or shipped_reader()
    sorted_names = sort_names(items, reader)
    # One number for each combination of the columns.
    joined = pc.binary_join_element_wise(*(pc.fill_null(items[each], "") for each in ("division", "level")), "|")
    indices = pc.dictionary_encode(joined).combine_chunks().indices
    places = np.asarray(indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    told: set[tuple[int, ...]] = set()
    names = items["name"].to_pylist()
    for part in runs(places[sorted_names.rows], sorted_names.kinds):
        for rows in by_business(names, sorted_names.rows[part].tolist(), reader):
            if len(rows) > 1 and rows not in told:
                told.add(rows)
                first = names[rows[0]]
                yield Duplicate(rows, same(first, next((names[r] for r in rows if names[r] != first), first), reader))
    verdicts = {
        pair: verdict
        for pair in _candidates(sorted_names.meanings)
        if (verdict := compare(sorted_names.meanings[pair[0]], sorted_names.meanings[pair[1]], reader)).likeness
        in DOUBTFUL
    }
    wanted = np.unique(np.asarray(list(verdicts), np.int64))
    first_in: dict[int, dict[int, int]] = {int(kind): {} for kind in wanted}
    chosen = np.isin(sorted_names.kinds, wanted)
    for row, kind in zip(sorted_names.rows[chosen].tolist(), sorted_names.kinds[chosen].tolist(), strict=True):
        first_in[kind].setdefault(int(places[row]), row)
    near: set[tuple[int, ...]] = set()
    for (one, other), verdict in verdicts.items():
        for place in first_in[one].keys() & first_in[other].keys():
            rows = tuple(sorted((first_in[one][place], first_in[other][place])))
            if rows[0] != rows[1] and rows not in near and _near_as_named(items, rows, reader):
                near.add(rows)
                yield Duplicate(rows, verdict)


def runs(*keys: np.ndarray) -> Iterator[np.ndarray]:
    """Find positions that share all keys, where there are at least two, in order within each."""
    if not len(keys[0]):
        return
    order = np.lexsort(keys[::-1])
    changed = np.any([np.diff(each[order]) != 0 for each in keys], axis=0)
    for part in np.split(order, np.flatnonzero(changed) + 1):
        if len(part) > 1:
            yield part


def by_business(names: Sequence[str], rows: Iterable[int], reader: Reader) -> list[tuple[int, ...]]:
    """Return the rows as one group, unless their names tell of different business (备案, 审批): then each its own."""
    rows = tuple(rows)
    called = [names[row] for row in rows]
    business = {name: reader.meaning(name).business for name in set(called)}
    if len(set(business.values()) - {frozenset()}) <= 1:
        return [rows]
    groups: dict[frozenset[str], list[int]] = defaultdict(list)
    for row, name in zip(rows, called, strict=True):
        groups[business[name]].append(row)
    return [tuple(each) for each in groups.values()]


def _near_as_named(items: pa.Table, rows: tuple[int, ...], reader: Reader) -> bool:
    """Tell whether the names are near, unless another reading already made them the same."""
    one, other = (items["name"][row].as_py() or "" for row in rows)
    return same(one, other, reader).likeness in DOUBTFUL


def _candidates(meanings: list[NameMeaning]) -> Iterator[tuple[int, int]]:
    """List pairs worth comparing: one object with parts of the acts, and objects that share what is rare in them."""
    by_object: dict[str, list[int]] = defaultdict(list)
    for number, meaning in enumerate(meanings):
        by_object[meaning.key].append(number)
    seen: set[tuple[int, int]] = set()
    for group in (*by_object.values(), *_sharing(meanings)):
        for pair in combinations(group, 2):
            if pair not in seen:
                seen.add(pair)
                yield pair


def _sharing(meanings: list[NameMeaning]) -> Iterable[list[int]]:
    """List kinds of one act whose objects share one of their rarest pairs of signs that others have too."""
    # Objects alike to ALIKE share most of their pairs, so one of the rarest two fifths of each; crowds are left
    # out, which keeps the time near linear.
    pairs = [{each.object[place : place + 2] for place in range(len(each.object) - 1)} for each in meanings]
    often = Counter(pair for each in pairs for pair in each)
    shelves: dict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
    for number, each in enumerate(pairs):
        shared = (pair for pair in each if often[pair] > 1)
        for pair in sorted(shared, key=lambda pair: (often[pair], pair))[: len(each) * 2 // 5 + 1]:
            shelves[pair, meanings[number].acts].append(number)
    return (shelf for shelf in shelves.values() if 1 < len(shelf) <= CROWD)
