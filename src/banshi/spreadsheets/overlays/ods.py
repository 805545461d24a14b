"""Overlays of an ods. Its cells carry their shown text."""

import re
import zipfile
from collections.abc import Iterator, Mapping
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
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_PARAGRAPH = _TEXT + "p"
_KIND = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_NUMBERS = ("float", "percentage", "currency")
_HIDDEN = ("collapse", "filter")
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_NAMED_LOOKS = (b'line-through-style="s', b'line-through-style="d', b'line-through-style="w', b'line-through-type="s', b'line-through-type="d', b'color="#')  # fmt: skip
_SIZES = (_STYLE + "row-height", _STYLE + "column-width")
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_WHITE = "#ffffff"
_NOTHING = re.compile(r"0(?:\.0+)?(?:cm|mm|in|pt)")


def look(path: str) -> Found:
    with zipfile.ZipFile(path) as archive:
        named = _named_styles(archive)
        if any(map(_said_faded, named.values())) or holds(archive, "content.xml", _SIGNS):
            with archive.open("content.xml") as file:
                overlay, row, column = Overlay(), 0, 0
                sizeless: set[str | None] = set()
                looks = named
                columns_style: list[tuple[int, str]] = []
                for event, element in ET.iterparse(file, ("start", "end")):  # noqa: S314 - apart, with a cap on memory
                    if event == "start":
                        if element.tag == _TABLE + "table":
                            overlay, row, column = Overlay(), 0, 0
                            columns_style = []
                    elif element.tag == _STYLE + "style":
                        sizes = (size for each in element for key, size in each.items() if key in _SIZES)
                        if any(map(_NOTHING.fullmatch, sizes)):
                            sizeless.add(element.get(_STYLE + "name"))
                        _take_looks(looks, element)
                    elif element.tag == _TABLE + "table-column":
                        columns = int(element.get(_TABLE + "number-columns-repeated", 1))
                        unseen = (
                            element.get(_TABLE + "visibility") in _HIDDEN
                            or element.get(_TABLE + "style-name", "") in sizeless
                        )
                        if unseen and column + columns < 16_384:
                            overlay.hidden_columns.update(range(column, column + columns))
                        columns_style.append((columns, element.get(_TABLE + "default-cell-style-name", "")))
                        column += columns
                    elif element.tag == _TABLE + "table-row":
                        rows = int(element.get(_TABLE + "number-rows-repeated", 1))
                        unseen = (
                            element.get(_TABLE + "visibility") in _HIDDEN
                            or element.get(_TABLE + "style-name", "") in sizeless
                        )
                        if unseen and rows < 100_000:
                            overlay.hidden_rows.update(range(row, row + rows))
                        if looks and rows == 1 and len(overlay.faded) < FADED_AT_MOST:
                            _take_faded(overlay, row, element, looks, columns_style)
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


Looks = dict[str, dict[str, str]]
"""Each style of cells and of parts of texts, by name, what it says with what it takes from its parent."""


def _named_styles(archive: zipfile.ZipFile) -> Looks:
    """Read the styles a workbook gives names to, where one of them may fade."""
    looks: Looks = {}
    if "styles.xml" in archive.namelist() and holds(archive, "styles.xml", _NAMED_LOOKS):
        with archive.open("styles.xml") as file:
            for _, element in ET.iterparse(file):  # noqa: S314 - apart, with a cap on memory
                if element.tag == _STYLE + "style":
                    _take_looks(looks, element)
    return looks


def _take_looks(looks: Looks, style: ET.Element) -> None:
    if style.get(_STYLE + "family") in ("table-cell", "text"):
        own = {key: value for each in style for key, value in each.items()}
        looks[style.get(_STYLE + "name", "")] = {**looks.get(style.get(_STYLE + "parent-style-name", ""), {}), **own}


def _said_faded(said: Mapping[str, str], ground: str = "") -> bool:
    """Tell looks of a text that is struck through, or has the colour of its ground."""
    struck = said.get(_STYLE + "text-line-through-style", said.get(_STYLE + "text-line-through-type", "none"))
    own = said.get(_FO + "background-color", "transparent").lower()
    ground = own if own != "transparent" else ground or _WHITE
    return struck != "none" or said.get(_FO + "color", "").lower() == ground


def _take_faded(overlay: Overlay, row: int, element: ET.Element, looks: Looks, columns: list[tuple[int, str]]) -> None:
    """Take faded cells of a row and faded parts of cells, by the style of the cell, the row or the column."""
    by_column = [name for many, name in columns for _ in range(min(many, 1024))]
    by_row, column = element.get(_TABLE + "default-cell-style-name", ""), 0
    for cell in element:
        if cell.tag not in _CELLS:
            continue
        many = int(cell.get(_TABLE + "number-columns-repeated", 1))
        paragraphs = cell.findall(_PARAGRAPH)
        if paragraphs and many < 16_384:
            for place in range(column, column + many):
                default = by_column[place] if place < len(by_column) else ""
                style = looks.get(cell.get(_TABLE + "style-name") or by_row or default, {})
                if _said_faded(style):
                    overlay.faded.add((row, place))
                else:
                    ground = style.get(_FO + "background-color", "transparent").lower().replace("transparent", "")
                    runs = [run for each in paragraphs for run in (*_runs(each, looks, ground, False), ("\n", False))]
                    overlay.take_runs((row, place), runs)
        column += many


def _runs(element: ET.Element, looks: Looks, ground: str, faded: bool) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a text, and whether each is faded."""
    if element.text:
        yield element.text, faded
    for each in element:
        name = each.get(f"{_TEXT}style-name", "")
        if each.tag == f"{_TEXT}s":
            yield " " * int(each.get(f"{_TEXT}c", 1)), faded
        yield from _runs(each, looks, ground, _said_faded(looks[name], ground) if name in looks else faded)
        if each.tail:
            yield each.tail, faded


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
