"""Overlays of an xlsb. Its parts are records: kind, length, content ([MS-XLSB] 2.1.4)."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from struct import pack, unpack, unpack_from

from banshi.spreadsheets.overlays.base import FADED_AT_MOST, SIGNS, UNKNOWN, Found, Overlay, targets
from banshi.spreadsheets.overlays.number_formats import BUILT_IN, is_told, shown

ROW, ERROR, FAILED_FORMULA, COLUMNS, SHEET, MERGED = 0, 3, 11, 60, 156, 176
RK, REAL, TEXT, SHARED, FORMULA_TEXT, FORMULA_NUMBER = 2, 5, 6, 7, 8, 9
SHARED_TEXT, FONT, FORMAT, FILL, STYLE, STYLES, STYLES_END = 19, 43, 44, 45, 47, 617, 618
SHOWN_BY_RULE = (461, 661)
"""Rules and tables, which may give cells another ground than their own style says."""


def look(path: str) -> Found:
    with zipfile.ZipFile(path) as archive:
        parts, names = targets(archive, "xl/_rels/workbook.bin.rels"), set(archive.namelist())
        looks = _looks(archive.read("xl/styles.bin")) if "xl/styles.bin" in names else _Looks()
        rich = _rich_texts(archive.read("xl/sharedStrings.bin")) if "xl/sharedStrings.bin" in names else {}
        for name, relation in _sheets(archive.read("xl/workbook.bin")):
            if part := parts.get(relation):
                sheet = archive.read(part)
                overlay, row = Overlay(), 0
                ruled = any(kind in SHOWN_BY_RULE for kind, _ in _records(sheet))
                for kind, at in _records(sheet):
                    if kind == ROW:
                        row = unpack_from("<I", sheet, at)[0]
                        custom_height = sheet[at + 11] & 0x20
                        if sheet[at + 11] & 0x10 or (custom_height and not unpack_from("<H", sheet, at + 8)[0]):
                            overlay.hidden_rows.add(row)
                    elif kind == MERGED:
                        top, bottom, left, right = unpack_from("<IIII", sheet, at)
                        overlay.merges.append(((top, left), (bottom, right)))
                    elif kind == COLUMNS:
                        first, last, width = unpack_from("<III", sheet, at)
                        if (sheet[at + 16] & 1 or not width) and last < 16_383:
                            overlay.hidden_columns.update(range(first, last + 1))
                    elif kind in (ERROR, FAILED_FORMULA):
                        overlay.cells[row, unpack_from("<I", sheet, at)[0]] = SIGNS.get(sheet[at + 8], UNKNOWN)
                    elif kind in (RK, REAL, TEXT, SHARED, FORMULA_TEXT, FORMULA_NUMBER):
                        place, style = (
                            (row, unpack_from("<I", sheet, at)[0]),
                            unpack_from("<I", sheet, at + 4)[0] & 0xFFFFFF,
                        )
                        if kind in (RK, REAL, FORMULA_NUMBER) and (code := looks.formats.get(style)):
                            number = _rk(sheet, at + 8) if kind == RK else unpack_from("<d", sheet, at + 8)[0]
                            if (text := shown(number, code)) is not None:
                                overlay.cells[place] = text
                        if len(overlay.faded) < FADED_AT_MOST and looks.is_faded(style, ruled=ruled):
                            overlay.faded.add(place)
                        elif kind == SHARED and (runs := rich.get(unpack_from("<I", sheet, at + 8)[0])):
                            fonts = ((text, looks.is_faded(style, font, ruled=ruled)) for text, font in runs)
                            overlay.take_runs(place, fonts)
                yield name, overlay


@dataclass
class _Looks:
    """Styles of cells: their number formats that change what is seen, fonts and grounds."""

    formats: dict[int, str] = field(default_factory=dict)
    fonts: list[tuple[bool, bytes]] = field(default_factory=list)
    """Whether each is struck through, and its colour."""
    styles: list[tuple[int, bytes]] = field(default_factory=list)
    """The font of each, and the colour of its ground, b"" where that is not known."""

    def is_faded(self, style: int, font: int | None = None, *, ruled: bool) -> bool:
        """Tell a style (with another font, of a part of a text) whose text is struck through or has its ground's colour."""
        own, ground = self.styles[style] if style < len(self.styles) else (0, _WHITE)
        number = own if font is None else font
        struck, colour = self.fonts[number] if number < len(self.fonts) else (False, b"")
        return struck or bool(not ruled and colour and colour == ground)


_WHITE = b"\xff\xff\xff"
_BY_NUMBER, _PLAIN, _BY_THEME = 1, 2, 3


def _looks(data: bytes) -> _Looks:
    looks, codes, fills, within = _Looks(), dict[int, str](), list[bytes](), False
    for kind, at in _records(data):
        if kind == FORMAT:
            codes[unpack_from("<H", data, at)[0]] = _text(data, at + 2)[0]
        elif kind == FONT:
            looks.fonts.append((bool(unpack_from("<H", data, at + 2)[0] & 8), _colour(data, at + 12)))
        elif kind == FILL:
            pattern = unpack_from("<I", data, at)[0]
            fills.append(_WHITE if pattern == 0 else _colour(data, at + 4) if pattern == 1 else b"")
        elif kind in (STYLES, STYLES_END):
            within = kind == STYLES
        elif kind == STYLE and within:
            number_format, font, fill = unpack_from("<HHH", data, at + 2)
            code = codes.get(number_format) or BUILT_IN.get(number_format, "")
            if code and is_told(code):
                looks.formats[len(looks.styles)] = code
            looks.styles.append((font, fills[fill] if fill < len(fills) else _WHITE))
    return looks


def _colour(data: bytes, at: int) -> bytes:
    """Read a colour, b"" where none is named."""
    kind, index, tint = data[at] >> 1, data[at + 1], unpack_from("<h", data, at + 2)[0]
    if (kind, index, tint) in ((_BY_NUMBER, 1, 0), (_BY_NUMBER, 9, 0), (_BY_THEME, 0, 0)):
        return _WHITE
    if kind == _PLAIN:
        return data[at + 4 : at + 7]
    return data[at : at + 4] if kind in (_BY_NUMBER, _BY_THEME) else b""


def _rich_texts(data: bytes) -> dict[int, list[tuple[str, int | None]]]:
    """Map the number of each shared text with runs to them, and the font of each."""
    found = {}
    for number, at in enumerate(at for kind, at in _records(data) if kind == SHARED_TEXT):
        if data[at] & 1:
            text, end = _text(data, at + 1)
            starts = [unpack_from("<HH", data, end + 4 + 4 * each) for each in range(unpack_from("<I", data, end)[0])]
            begins, fonts = [0, *(start for start, _ in starts)], [None, *(font for _, font in starts)]
            pieces = (text[a:b] for a, b in pairwise([*begins, len(text)]))
            found[number] = list(zip(pieces, fonts, strict=True))
    return found


def _rk(data: bytes, at: int) -> float:
    """Read a number kept in 30 bits ([MS-XLSB] 2.5.122)."""
    raw: int = unpack_from("<I", data, at)[0]
    number: float = unpack_from("<i", data, at)[0] >> 2 if raw & 2 else unpack("<d", pack("<Q", (raw & ~3) << 32))[0]
    return number / 100 if raw & 1 else number


def _sheets(book: bytes) -> Iterator[tuple[str, str]]:
    for kind, at in _records(book):
        if kind == SHEET:
            relation, end = _text(book, at + 8)
            yield _text(book, end)[0], relation


def _text(data: bytes, at: int) -> tuple[str, int]:
    end = at + 4 + 2 * unpack_from("<I", data, at)[0]
    return data[at + 4 : end].decode("utf-16-le"), end


def _records(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the kind of each record, and where its content begins."""
    at = 0
    while at < len(data):
        kind, at = _number(data, at)
        size, at = _number(data, at)
        yield kind, at
        at += size


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, the lowest first, with where it ends."""
    number = data[at] & 0x7F
    shift = 7
    while data[at] & 0x80:
        at += 1
        number |= (data[at] & 0x7F) << shift
        shift += 7
    return number, at + 1
