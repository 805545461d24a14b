"""Grouping of rows that together say one item, which several rows of a table may do with a material in each."""

import re
from collections.abc import Sequence

from banshi.spreadsheets.column_mapping import IGNORE, KEEP, ColumnMatch, TableMapping
from banshi.spreadsheets.fields import tables

_LIST = re.compile(r"(?<=.)(?:[\n;\uff1b①-⑳]|\d[.、\uff0e](?!\d))", re.DOTALL)
"""What a cell holds that is a list in itself: then two rows of one name are two items."""
NAMES, NUMBERS = ("name",), ("number", "guid")


def listed_columns(mapping: TableMapping) -> dict[str, list[ColumnMatch]]:
    """Return the columns of each table of the guide that stand among the item's own (材料名称, 份数 …)."""
    roots = {element.name for element in tables()}
    found: dict[str, list[ColumnMatch]] = {}
    for choice in mapping.choices:
        if (root := choice.target.partition(".")[0]) in roots:
            found.setdefault(root, []).append(choice)
    return found


def group_rows(mapping: TableMapping) -> list[list[int]]:
    """Return the indices of each item's rows."""
    table = mapping.table
    listed = {choice.column - table.left for each in listed_columns(mapping).values() for choice in each}
    name = mapping.column_of("name")
    if name is None or not listed:
        return [[number] for number in range(len(table.rows))]
    grouping = _Grouping(mapping, name.column - table.left, listed)
    groups: list[list[int]] = []
    for number in range(len(table.rows)):
        if groups and number not in table.headings and grouping.goes_on(groups[-1], number):
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


class _Grouping:
    """The columns of a table by what they tell of a row's item."""

    def __init__(self, mapping: TableMapping, name: int, listed: set[int]) -> None:
        self.table, self.name, self.listed = mapping.table, name, listed
        known = [c for c in mapping.choices if c.target not in (KEEP, IGNORE) and c.target not in NAMES]
        numbers = {c.column - self.table.left for c in known if c.target in NUMBERS}
        self.numbers = numbers - listed
        self.own = {c.column - self.table.left for c in known if c.target != "notes"} - listed - numbers

    def goes_on(self, group: Sequence[int], number: int) -> bool:
        """Tell whether a row says more of the item above, by a merged, blank or repeated name."""
        first, row = self.table.rows[group[0]], self.table.rows[number]
        if row[self.name] not in ("", first[self.name]):
            return False  # as most rows are

        def said(column: int) -> str:
            return "" if (number, column) in self.table.filled else row[column]

        if not first[self.name] or not any(said(column) for column in self.listed):
            return False
        if any(said(column) not in ("", first[column]) for column in self.own):
            return False
        if not said(self.name):
            return not any(said(column) not in ("", first[column]) for column in self.numbers)
        # The same name again, as tables exported row by row from a database have it.
        texts = [row[column] for column in self.listed if row[column]]
        alone = not any(_LIST.search(text) or len(text) > 60 for text in texts)
        above = self.table.rows[group[-1]]
        return row[self.name] == first[self.name] and alone and any(row[c] != above[c] for c in self.listed)
