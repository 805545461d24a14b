"""Overlays of an xls."""

import io
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import xlrd
from xlrd.compdoc import CompDoc

from banshi.spreadsheets.overlays.base import FADED_AT_MOST, SIGNS, UNKNOWN, Found, Overlay
from banshi.spreadsheets.overlays.number_formats import is_told, shown

_FAILED = re.compile(
    rb"\x05\x02\x08\x00.{7}\x01"  # an error as it stands (BOOLERR)
    rb"|\x06\x00.{8}\x02.[\x00\x07\x0f\x17\x1d\x24\x2a\x2b].{3}\xff\xff",  # a formula that came to one
    re.DOTALL,
)
_HIDDEN = re.compile(
    rb"\x08\x02\x10\x00.{6}\x00\x00.{8}|\x7d\x00\x0c\x00.{4}\x00\x00.{6}"  # no height, no width
    rb"|\x08\x02\x10\x00.{12}[\x20-\x3f\x60-\x7f\xa0-\xbf\xe0-\xff]..."  # a row of no height
    rb"|\x7d\x00\x0c\x00.{8}[\x01\x03\x05\x07\x09\x0b\x0d\x0f]",  # columns of no width
    re.DOTALL,
)


def look(path: str) -> Found:
    """Look at sheets where there may be something.

    The library's warnings are swallowed, for standard output carries the answer.
    """
    data, unheard = Path(path).read_bytes(), io.StringIO()
    stream = _workbook(data, unheard)
    with _opened(data, unheard) as book:
        formats = {
            index: code
            for index, each in enumerate(book.xf_list if book.formatting_info else ())
            if (told := book.format_map.get(each.format_key)) and is_told(code := told.format_str)
        }
        faded = _faded_styles(book) if book.formatting_info else set()
        fonts = _unseen_fonts(book) if book.formatting_info else set()
        if not (formats or faded or fonts or _FAILED.search(stream) or _HIDDEN.search(stream)):
            return  # most have none, and reading takes time
        for name in book.sheet_names():
            sheet = book.sheet_by_name(name)
            yield name, _overlay(book, sheet, formats, faded)
            book.unload_sheet(name)


def _opened(data: bytes, unheard: io.StringIO) -> Any:
    given = {
        "file_contents": data,
        "logfile": unheard,
        "on_demand": True,
        "ragged_rows": True,
        "ignore_workbook_corruption": True,
    }
    try:
        return xlrd.open_workbook(formatting_info=True, **given)
    except Exception:  # its formats are broken, its cells may not be
        return xlrd.open_workbook(**given)


_BLANK = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
_WHITE = (255, 255, 255)
_NO_PATTERN, _SOLID = 0, 1


def _faded_styles(book: Any) -> set[int]:
    """Find styles of cells whose text is struck through, or has the colour of its ground."""
    styles = enumerate(book.xf_list)
    return {index for index, each in styles if not each.is_style and _is_faded(book, each.font_index, each)}


def _is_faded(book: Any, font_index: int, style: Any) -> bool:
    """Tell whether a font is struck through, or has the colour of the ground of the style."""
    font, fill = book.font_list[font_index], style.background
    colour, ground = book.colour_map.get(font.colour_index), None
    if fill.fill_pattern == _NO_PATTERN:
        ground = _WHITE
    elif fill.fill_pattern == _SOLID:
        ground = book.colour_map.get(fill.pattern_colour_index)
    return bool(font.struck_out or (colour and colour == ground))


def _unseen_fonts(book: Any) -> set[int]:
    """Find fonts of which a part of a text may be written so that it is not to be seen."""
    fonts = enumerate(book.font_list)
    return {index for index, each in fonts if each.struck_out or book.colour_map.get(each.colour_index) == _WHITE}


def _overlay(book: Any, sheet: Any, formats: dict[int, str], faded: set[int]) -> Overlay:
    overlay = Overlay()
    for place, starts in sheet.rich_text_runlist_map.items():
        whole, style = str(sheet.cell_value(*place)), book.xf_list[sheet.cell_xf_index(*place)]
        begins, fonts = [0, *(at for at, _ in starts)], [style.font_index, *(font for _, font in starts)]
        pieces = (whole[a:b] for a, b in pairwise([*begins, len(whole)]))
        overlay.take_runs(
            place, [(piece, _is_faded(book, font, style)) for piece, font in zip(pieces, fonts, strict=True)]
        )
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            is_text = faded and kind not in _BLANK and len(overlay.faded) < FADED_AT_MOST
            if is_text and sheet.cell_xf_index(row, column) in faded:
                overlay.faded.add((row, column))
            if kind == xlrd.XL_CELL_ERROR:
                overlay.cells[row, column] = SIGNS.get(sheet.cell_value(row, column), UNKNOWN)
            elif kind == xlrd.XL_CELL_NUMBER and formats:
                code = formats.get(sheet.cell_xf_index(row, column), "")
                if code and (text := shown(sheet.cell_value(row, column), code)) is not None:
                    overlay.cells[row, column] = text
    overlay.hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0}
    columns = sheet.colinfo_map.items()
    overlay.hidden_columns = {column for column, info in columns if (info.hidden or not info.width) and column < 255}
    return overlay


def _workbook(data: bytes, unheard: io.StringIO) -> bytes:
    """Extract the workbook stream, which may lie in many pieces in the file."""
    folder = CompDoc(data, logfile=unheard, ignore_workbook_corruption=True)
    for name in ("Workbook", "Book"):
        memory, start, size = folder.locate_named_stream(name)
        if memory:
            return bytes(memory[start : start + size])
    return b""
