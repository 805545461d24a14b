"""Cells of an ods whose formula failed: to the reader they are empty, or 0."""

import zipfile
from collections.abc import Iterator
from itertools import product
from xml.etree import ElementTree as ET

from banshi.spreadsheets.cells import is_failed_formula
from banshi.spreadsheets.formulas.base import UNKNOWN, Cells, Found, holds

AT_MOST = 1_000_000
_SIGNS = (b'value-type="error"', b">#", b">Err:", ">错误".encode())
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_PARAGRAPH = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
_KIND = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"


def look(path: str) -> Found:
    with zipfile.ZipFile(path) as archive:
        if holds(archive, "content.xml", _SIGNS):
            with archive.open("content.xml") as file:
                found: Cells = {}
                row = 0
                for event, element in ET.iterparse(file, ("start", "end")):  # noqa: S314 - apart, with a cap on memory
                    if event == "start":
                        if element.tag == _TABLE + "table":
                            found, row = {}, 0
                    elif element.tag == _TABLE + "table-row":
                        rows = int(element.get(_TABLE + "number-rows-repeated", 1))
                        for column, columns, text in _failed(element):
                            if len(found) + rows * columns > AT_MOST:
                                raise MemoryError
                            places = product(range(row, row + rows), range(column, column + columns))
                            found.update(dict.fromkeys(places, text))
                        row += rows
                        element.clear()
                    elif element.tag == _TABLE + "table":
                        yield element.get(_TABLE + "name", ""), found


def _failed(row: ET.Element) -> Iterator[tuple[int, int, str]]:
    """Yield failed cells, with how often each repeats, and what the sheet shows there."""
    column = 0
    for cell in row:
        if cell.tag in _CELLS:
            columns = int(cell.get(_TABLE + "number-columns-repeated", 1))
            text = "".join("".join(each.itertext()) for each in cell.findall(_PARAGRAPH))
            if is_failed_formula(text):
                yield column, columns, text
            elif cell.get(_KIND) == "error":
                yield column, columns, UNKNOWN
            column += columns
