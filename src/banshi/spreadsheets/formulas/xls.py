"""Cells of an xls whose formula failed."""

import io
import re
from pathlib import Path

import xlrd
from xlrd.compdoc import CompDoc

from banshi.spreadsheets.formulas.base import SIGNS, UNKNOWN, Found

_FAILED = re.compile(
    rb"\x05\x02\x08\x00.{7}\x01"  # an error as it stands (BOOLERR)
    rb"|\x06\x00.{8}\x02.[\x00\x07\x0f\x17\x1d\x24\x2a\x2b].{3}\xff\xff",  # a formula that came to one
    re.DOTALL,
)


def look(path: str) -> Found:
    """Find failed formulas. The library's warnings are swallowed, for standard output carries the answer."""
    data, unheard = Path(path).read_bytes(), io.StringIO()
    if not _FAILED.search(_workbook(data, unheard)):  # most have none, and reading takes time
        return
    with xlrd.open_workbook(
        file_contents=data, logfile=unheard, on_demand=True, ragged_rows=True, ignore_workbook_corruption=True
    ) as book:
        for name in book.sheet_names():
            sheet = book.sheet_by_name(name)
            cells = {
                (row, column): SIGNS.get(sheet.cell_value(row, column), UNKNOWN)
                for row in range(sheet.nrows)
                for column, kind in enumerate(sheet.row_types(row))
                if kind == xlrd.XL_CELL_ERROR
            }
            yield name, cells
            book.unload_sheet(name)


def _workbook(data: bytes, unheard: io.StringIO) -> bytes:
    """Extract the workbook stream, which may lie in many pieces in the file."""
    folder = CompDoc(data, logfile=unheard, ignore_workbook_corruption=True)
    for name in ("Workbook", "Book"):
        memory, start, size = folder.locate_named_stream(name)
        if memory:
            return bytes(memory[start : start + size])
    return b""
