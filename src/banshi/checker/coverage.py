"""Coverage of elements by a table, and the cell of each.

A list of names and bases says nothing of fees: that is no fault of six hundred items but of the table, and is said
once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import GuidePart, elements
from banshi.spreadsheets.cell_parsers.parsed import BLANK, DOUBT, ERROR
from banshi.spreadsheets.cells import cell_name
from banshi.spreadsheets.fields import ITEM_FIELDS, fields
from banshi.spreadsheets.read_table import ReadColumn, ReadTable

_NUMBERS = re.compile(r"\.\d+(?=\.|$)")
OF_THE_ITEM = {"code": ("code", "base_code"), "uscc": ("organ_code",), "kind": ("kind", "code", "base_code")}
"""What rules say of the item itself, not of its guide: the columns that tell it."""
OF_GUIDES = "guide."
"""Begins the headers of JSON records' guides."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell: `row` and `column` are the sheet's own from zero (column -1: a JSON record), `cell` as people name it."""

    sheet: str
    row: int
    column: int
    cell: str


def general(path: str) -> str:
    """Strip row numbers from a path (materials.3.basis → materials.basis)."""
    return _NUMBERS.sub("", path)


def label_of(path: str) -> str:
    """Name the element at a path for people (申请材料·要求提供的依据)."""
    if path in ("code", "uscc", "kind"):
        return ITEM_FIELDS[OF_THE_ITEM[path][0]]
    parts = general(path).split(".")
    while parts and ".".join(parts) not in fields():
        parts.pop()
    return fields()[".".join(parts)].label if parts else path


def value_at(guide: Any, path: str) -> object:
    """Read the value at a finding's path.

    None of the item's own (code, uscc, kind) and where there is nothing.
    """
    for part in path.split("."):
        guide = guide[int(part)] if part.isdigit() else getattr(guide, part, None)
    return guide


def is_blank(value: Any) -> bool:
    return value is None or value in ("", []) or (isinstance(value, GuidePart) and value.is_blank())


ONE_CELL_TELLS = {
    "bases": ("title", "doc_no", "articles"),
    "conditions": ("text",),
    "materials": ("name",),
    "steps": ("name",),
    "fees": ("name", "standard"),
    "places": ("name", "address"),
    "faqs": ("question", "answer"),
}
"""What people write of a table's row when the whole table stands in one cell: an empty one of these is a fault."""
_ROWS = {element.name for element in elements(Guide) if element.kind == "rows"}


class TableCoverage:
    """Of one table, with the guides its rows make."""

    def __init__(self, table: ReadTable, guides: Sequence[Guide]) -> None:
        self.table, self.guides = table, guides
        self.known: dict[str, tuple[list[ReadColumn], bool]] = {}
        self.feeding: dict[str, list[ReadColumn]] = {}
        of_guides = [column for column in table.columns if column.header.startswith(OF_GUIDES)]
        self.records = bool(of_guides)
        self.with_guide = {i for i in range(len(table)) if any(column.readings[i] is not BLANK for column in of_guides)}

    def covers(self, path: str, index: int) -> bool:
        """Tell whether the table has a place for the element, so that an empty one is the item's own fault."""
        wanted = general(path)
        if wanted not in self.known:
            root, _, inner = wanted.partition(".")
            columns = self._feeding(root)
            told = not inner or root not in _ROWS or any(_tells(column, root, inner) for column in columns)
            self.known[wanted] = (
                columns,
                bool(columns)
                and (
                    told
                    or any(not is_blank(value_at(row, inner)) for guide in self.guides for row in getattr(guide, root))
                ),
            )
        columns, anywhere = self.known[wanted]
        return anywhere and any(self._has_row(column, index) for column in columns)

    def is_unread(self, path: str, index: int) -> bool:
        """Tell whether something is written there that could not be read."""
        return any(
            column.target in (path, path.partition(".")[0])
            and column.readings[index].value is None
            and any(remark.severity in (ERROR, DOUBT) for remark in column.readings[index].remarks)
            for column in self.table.columns
        )

    def _has_row(self, column: ReadColumn, index: int) -> bool:
        if column.column < 0:
            return index in self.with_guide or not column.header.startswith(OF_GUIDES)
        return column.whole or column.place(index)[0] >= 0

    def spot(self, path: str, index: int) -> Spot:
        """Return the cell of what a finding is about.

        The item's name where the element has none.
        """
        root, _, rest = path.partition(".")
        number, _, inner = rest.partition(".") if rest[:1].isdigit() else ("", "", rest)
        # Columns that may hold it, the closest first.
        columns = self._feeding(root)
        exact = [column for column in columns if column.target == f"{root}.{inner}"]
        own = [column for column in columns if column.target in (root, *OF_THE_ITEM.get(root, ()))]
        filled = [column for column in columns if column.texts[index]]
        near = [*exact, *own, *filled, *columns, *(c for c in self.table.columns if c.target == "name")]
        for column in near:
            if found := self._cell(column, index, number, inner):
                return found
        row, left = self.table.numbers[index], self.table.left
        first = (left, cell_name(row, left) if left >= 0 else f"[{row}]")
        return Spot(self.table.sheet, self.table.numbers[index], *first)

    def _feeding(self, root: str) -> list[ReadColumn]:
        """List columns that feed an element, once for each, since every row of a column is looked at to tell."""
        if root not in self.feeding:
            self.feeding[root] = [column for column in self.table.columns if _feeds(column, root)]
        return self.feeding[root]

    def _cell(self, column: ReadColumn, index: int, number: str, inner: str) -> Spot | None:
        row, place = column.place(index)
        if place < 0:
            ending = (f"[{number}]" if number else "") + (f".{inner}" if inner and number else "")
            return Spot(column.sheet, row, -1, f"[{row}].{column.header}{ending}")
        if column.detail:
            rows = column.detail.rows.get(index, ())
            if not number or int(number) >= len(rows):
                return None
            row = rows[int(number)]
            place = column.detail.columns.get(f".{inner}", column.detail.columns.get(".name", place))
        return Spot(column.sheet, row, place, cell_name(row, place)) if row >= 0 else None


def _feeds(column: ReadColumn, root: str) -> bool:
    """Tell whether a column says anything of the element, itself, a part of it, or beside something else (收费 → fees)."""
    target = column.target
    return (
        target == root
        or target.startswith(f"{root}.")
        or target in OF_THE_ITEM.get(root, ())
        or any(more == root for reading in column.readings if reading.more for more, _ in reading.more)
    )


def _tells(column: ReadColumn, root: str, inner: str) -> bool:
    if column.detail:
        return any(f".{inner}" == target or target.startswith(f".{inner}.") for target in column.detail.columns)
    return column.target == f"{root}.{inner}" or (column.target == root and inner in ONE_CELL_TELLS.get(root, ()))
