"""纵横双向统一: one item across levels and places, under whatever names, and how its handling differs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from banshi.analysis.duplicates.names import Reader, shipped_reader
from banshi.analysis.duplicates.pairs import by_business, runs, sort_names

MEASURES = ("days", "materials", "visits", "fee_items")
NEIGHBOUR = {"2": "邻省", "3": "邻市", "4": "邻县", "5": "邻乡镇", "6": "邻村"}
OWN = {"2": "本省", "3": "本市", "4": "本县", "5": "本乡镇", "6": "本村"}
LEVELS = {"1": "国家级", "2": "省级", "3": "市级", "4": "县级", "5": "乡镇级", "6": "村级"}
LEVEL_OF_LENGTH = {2: "2", 4: "3", 6: "4", 9: "5", 12: "6"}
ABOVE = {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}
"""Length of a division's code → length of the code above it."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The extremes of a measure among the rows that tell it."""

    measure: str
    least: float
    most: float
    least_row: int
    most_row: int


@dataclass(frozen=True, slots=True)
class Unity:
    """One item in several places, with its names, the commonest first, and the measures that differ."""

    rows: tuple[int, ...]
    names: tuple[tuple[str, int], ...]
    spreads: tuple[Spread, ...]


class Places:
    """The catalogue's columns that unity looks at, ready for fast looking. Not known is nan."""

    def __init__(self, items: pa.Table) -> None:
        self.items = items

    @cached_property
    def measures(self) -> dict[str, np.ndarray]:
        return {
            each: np.asarray(pc.cast(self.items[each], pa.float64()).to_numpy(zero_copy_only=False))
            for each in MEASURES
        }

    @cached_property
    def divisions(self) -> list[str]:
        return _texts(self.items, "division")

    @cached_property
    def levels(self) -> list[str]:
        return _texts(self.items, "level")

    @cached_property
    def names(self) -> list[str]:
        return _texts(self.items, "name")

    @cached_property
    def organs(self) -> list[str]:
        return _texts(self.items, "organ")

    def united(self, reader: Reader | None = None) -> Iterator[Unity]:
        """Find items that are in more than one place, where they differ in name, days, materials, visits or fees."""
        reader = reader or shipped_reader()
        found = sort_names(self.items, reader)
        told: set[tuple[int, ...]] = set()
        for part in runs(found.kinds):
            for rows in by_business(self.names, found.rows[part].tolist(), reader):
                if rows not in told and len({self.divisions[row] for row in rows}) > 1:
                    told.add(rows)
                    names = Counter(self.names[row] for row in rows)
                    spreads = (self._spread(each, np.asarray(rows)) for each in MEASURES)
                    called = sorted(names.items(), key=lambda each: (-each[1], each[0]))
                    unity = Unity(
                        rows, tuple(called), tuple(each for each in spreads if each and each.least != each.most)
                    )
                    if len(unity.names) > 1 or unity.spreads:
                        yield unity

    def _spread(self, measure: str, rows: np.ndarray) -> Spread | None:
        values = self.measures[measure][rows]
        if np.isnan(values).all():
            return None
        least, most = int(np.nanargmin(values)), int(np.nanargmax(values))
        return Spread(measure, float(values[least]), float(values[most]), int(rows[least]), int(rows[most]))

    def model(self, unity: Unity, row: int) -> int | None:
        """Choose the item to learn from, under the same roof before others of the level before the rest, the lightest."""
        others = [
            each
            for each in unity.rows
            if self.divisions[each] != self.divisions[row]
            and any(not np.isnan(self.measures[one][each]) for one in MEASURES)
        ]
        return min(
            others,
            key=lambda each: (
                self._distance(row, each),
                tuple(float(np.nan_to_num(self.measures[one][each], nan=np.inf)) for one in MEASURES),
                each,
            ),
            default=None,
        )

    def _distance(self, row: int, other: int) -> int:
        if self.levels[row] != self.levels[other]:
            return 2
        return int(_above(self.divisions[row]) != _above(self.divisions[other]))

    def _level(self, row: int) -> str:
        """Tell the level by the division, whatever digit an item's code has: 武汉市人社局 is no county's."""
        code = self.divisions[row]
        while len(code) in (4, 6) and code.endswith("00"):
            code = code[:-2]
        return LEVEL_OF_LENGTH.get(len(code), self.levels[row])

    def sentence(self, row: int, other: int) -> str:
        """Word in a sentence what both tell and what differs (同一事项，邻县3个工作日，本县15个工作日).

        Returns "" when nothing does.
        """
        told = [
            (words(each, self.measures[each][other]), words(each, self.measures[each][row]))
            for each in MEASURES
            if abs(self.measures[each][other] - self.measures[each][row]) > 0
        ]
        theirs, own = "、".join(each[0] for each in told), "、".join(each[1] for each in told)
        called = f"，叫“{self.names[other]}”" if self.names[other] != self.names[row] else ""
        if not told and not called:
            return ""
        who = f"{self._who(row, other)}（{self.organs[other]}{called}）"
        return f"同一事项，{who}{theirs}，{OWN.get(self._level(row), '本地')}{own or f'叫“{self.names[row]}”'}。"

    def _who(self, row: int, other: int) -> str:
        level = self._level(other)
        match self._distance(row, other):
            case 0:
                return NEIGHBOUR.get(level, "邻近单位")
            case 1:
                return f"外地{LEVELS.get(level, '')}"
        return LEVELS.get(level, "别处")

    def sentences(self, unity: Unity, row: int) -> list[str]:
        """Write what the item at `row` may learn from its model, as sentences for people.

        None when it is as light.
        """
        other = self.model(unity, row)
        sentence = "" if other is None else self.sentence(row, other)
        return [sentence] if sentence else []


def words(measure: str, value: float) -> str:
    number = f"{value:g}"
    match measure:
        case "days":
            return f"{number}个工作日" if value else "当场办结"
        case "materials":
            return f"{number}份材料" if value else "不要材料"
        case "visits":
            return f"跑{number}次" if value else "不用跑"
    return f"{number}项收费" if value else "不收费"


def _above(division: str) -> str:
    return division[: ABOVE.get(len(division), 0)]


def _texts(items: pa.Table, column: str) -> list[str]:
    texts: list[str] = pc.fill_null(items[column], "").to_pylist()
    return texts
