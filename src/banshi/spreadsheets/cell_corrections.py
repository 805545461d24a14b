"""Cells of a file as a person corrected them in the site. The file itself stays as it came."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from banshi.core.errors import BadInput
from banshi.core.json_types import JsonObject
from banshi.spreadsheets.cells import column_index
from banshi.spreadsheets.workbook_reader import SourceWorkbook

AT_MOST, LONGEST = 500, 20_000
_PLACE = re.compile(r"([A-Z]{1,3})(\d{0,7})")


@dataclass(frozen=True, slots=True)
class CellCorrection:
    """A text in place of another: in these cells (F12), or with a column alone (F) wherever in it the old one stands."""

    sheet: str
    places: tuple[str, ...]
    old: str
    new: str

    def as_json(self) -> JsonObject:
        return asdict(self)


def read_corrections(given: Iterable[JsonObject]) -> list[CellCorrection]:
    return [CellCorrection(each["sheet"], tuple(each["places"]), each["old"], each["new"]) for each in given]


def checked_corrections(corrections: Sequence[CellCorrection]) -> list[CellCorrection]:
    """Refuse too many and too long, and drop those that change nothing."""
    kept = [each for each in corrections if each.old != each.new and all(map(_PLACE.fullmatch, each.places))]
    if len(kept) > AT_MOST:
        raise BadInput(f"一次最多改{AT_MOST}处，现在有{len(kept)}处", remedy="请在原表上改好后重新上传。")
    if long := next((each for each in kept if len(each.new) > LONGEST), None):
        raise BadInput(
            f"改的内容超过{LONGEST:,}字", where=f"{long.sheet}!{'、'.join(long.places)}", remedy="请写短一些。"
        )
    return kept


def corrected_book(book: SourceWorkbook, corrections: Sequence[CellCorrection]) -> SourceWorkbook:
    """Return the book with the corrected texts, its rows copied where they change."""
    sheets = []
    for sheet in book.sheets:
        rows = sheet.rows
        for each in corrections:
            if each.sheet != sheet.name:
                continue
            for place in each.places:
                found = _PLACE.fullmatch(place)
                assert found is not None
                column = column_index(found[1]) - sheet.left
                numbers = [int(found[2]) - 1 - sheet.top] if found[2] else range(len(rows))
                rows = _with(rows, column, numbers, each)
        sheets.append(sheet if rows is sheet.rows else replace(sheet, rows=rows))
    return replace(book, sheets=sheets)


def _with(rows: list[list[str]], column: int, numbers: Iterable[int], told: CellCorrection) -> list[list[str]]:
    changed = list(rows)
    for number in numbers:
        if not 0 <= number < len(rows) or column < 0:
            continue
        row = changed[number]
        if (row[column] if column < len(row) else "") == told.old:
            padded = [*row, *[""] * (column + 1 - len(row))]
            changed[number] = [*padded[:column], told.new, *padded[column + 1 :]]
    return changed
