"""Overlays of an ods. Its cells carry their shown text."""

import re
import zipfile
from collections.abc import Iterator
from itertools import product
from xml.etree import ElementTree as ET

from banshi.spreadsheets.cells import is_failed_formula, text_of
from banshi.spreadsheets.overlays.base import FADED_AT_MOST, UNKNOWN, Found, Overlay, holds

AT_MOST = 1_000_000
_SIGNS = (
    b'value-type="error"', b">#", b">Err:", ">错误".encode(), b"rows-spanned", b"columns-spanned", b'visibility="', b'value-type="percentage"',
    b'value-type="currency"', b"number:text", b"min-integer-digits",
    b'line-through-style="s', b'line-through-style="d', b'line-through-style="w', b'line-through-type="s', b'line-through-type="d', b'color="#ffffff"',
    *(b'%b="0%b%b"' % (side, zeros, unit) for side in (b"row-height", b"column-width") for zeros in (b"", b".0", b".00", b".000", b".0000") for unit in (b"cm", b"mm", b"in", b"pt")),
)  # fmt: skip
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_PARAGRAPH = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
_KIND = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_NUMBERS = ("float", "percentage", "currency")
_HIDDEN = ("collapse", "filter")
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_SIZES = (_STYLE + "row-height", _STYLE + "column-width")
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_WHITE = "#ffffff"
_NOTHING = re.compile(r"0(?:\.0+)?(?:cm|mm|in|pt)")


def look(path: str) -> Found:
    with zipfile.ZipFile(path) as archive:
        if holds(archive, "content.xml", _SIGNS):
            with archive.open("content.xml") as file:
                overlay, row, column = Overlay(), 0, 0
                sizeless: set[str | None] = set()
                faded: set[str | None] = set()
                for event, element in ET.iterparse(file, ("start", "end")):  # noqa: S314 - apart, with a cap on memory
                    if event == "start":
                        if element.tag == _TABLE + "table":
                            overlay, row, column = Overlay(), 0, 0
                    elif element.tag == _STYLE + "style":
                        sizes = (size for each in element for key, size in each.items() if key in _SIZES)
                        if any(map(_NOTHING.fullmatch, sizes)):
                            sizeless.add(element.get(_STYLE + "name"))
                        if _is_faded(element):
                            faded.add(element.get(_STYLE + "name"))
                    elif element.tag == _TABLE + "table-column":
                        columns = int(element.get(_TABLE + "number-columns-repeated", 1))
                        unseen = (
                            element.get(_TABLE + "visibility") in _HIDDEN
                            or element.get(_TABLE + "style-name", "") in sizeless
                        )
                        if unseen and column + columns < 16_384:
                            overlay.hidden_columns.update(range(column, column + columns))
                        column += columns
                    elif element.tag == _TABLE + "table-row":
                        rows = int(element.get(_TABLE + "number-rows-repeated", 1))
                        unseen = (
                            element.get(_TABLE + "visibility") in _HIDDEN
                            or element.get(_TABLE + "style-name", "") in sizeless
                        )
                        if unseen and rows < 100_000:
                            overlay.hidden_rows.update(range(row, row + rows))
                        if faded and rows == 1 and len(overlay.faded) < FADED_AT_MOST:
                            overlay.faded |= {(row, column) for column in _faded_columns(element, faded)}
                        for place, columns, text, spanned in _cells(element):
                            if len(overlay.cells) + rows * columns > AT_MOST:
                                raise MemoryError
                            if text:
                                places = product(range(row, row + rows), range(place, place + columns))
                                overlay.cells.update(dict.fromkeys(places, text))
                            if spanned != (1, 1) and rows == columns == 1:
                                overlay.merges.append(((row, place), (row + spanned[0] - 1, place + spanned[1] - 1)))
                        row += rows
                        element.clear()
                    elif element.tag == _TABLE + "table":
                        yield element.get(_TABLE + "name", ""), overlay


def _is_faded(style: ET.Element) -> bool:
    """Tell a style of cells whose text is struck through, or has the colour of its ground."""
    if style.get(_STYLE + "family") != "table-cell":
        return False
    said = {key: value for each in style for key, value in each.items()}
    struck = said.get(_STYLE + "text-line-through-style", said.get(_STYLE + "text-line-through-type", "none"))
    ground = said.get(_FO + "background-color", "transparent").lower().replace("transparent", _WHITE)
    return struck != "none" or said.get(_FO + "color", "").lower() == ground


def _faded_columns(row: ET.Element, faded: set[str | None]) -> Iterator[int]:
    column = 0
    for cell in row:
        if cell.tag in _CELLS:
            columns = int(cell.get(_TABLE + "number-columns-repeated", 1))
            if cell.get(_TABLE + "style-name") in faded and cell.find(_PARAGRAPH) is not None and columns < 16_384:
                yield from range(column, column + columns)
            column += columns


def _cells(row: ET.Element) -> Iterator[tuple[int, int, str, tuple[int, int]]]:
    """Yield cells to be told of, with how often each repeats, the text over the reader's, and how far it reaches."""
    column = 0
    for cell in row:
        if cell.tag in _CELLS:
            columns = int(cell.get(_TABLE + "number-columns-repeated", 1))
            spanned = tuple(int(cell.get(f"{_TABLE}number-{each}-spanned", 1)) for each in ("rows", "columns"))
            text = "".join("".join(each.itertext()) for each in cell.findall(_PARAGRAPH))
            told = ""
            if is_failed_formula(text):
                told = text
            elif cell.get(_KIND) == "error":
                told = UNKNOWN
            elif cell.get(_OFFICE + "value-type") in _NUMBERS and text.strip() and not text.startswith("###"):
                value = text_of(float(cell.get(_OFFICE + "value", 0)))
                told = text.strip() if text.strip() != value else ""
            if told or spanned != (1, 1):
                yield column, columns, told, (spanned[0], spanned[1])
            column += columns
