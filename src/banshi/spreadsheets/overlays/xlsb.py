"""Overlays of an xlsb, its number formats apart. Its parts are records: kind, length, content ([MS-XLSB] 2.1.4)."""

import zipfile
from collections.abc import Iterator
from struct import unpack_from

from banshi.spreadsheets.overlays.base import SIGNS, UNKNOWN, Found, Overlay, targets

ROW, ERROR, FAILED_FORMULA, COLUMNS, SHEET, MERGED = 0, 3, 11, 60, 156, 176


def look(path: str) -> Found:
    with zipfile.ZipFile(path) as archive:
        parts = targets(archive, "xl/_rels/workbook.bin.rels")
        for name, relation in _sheets(archive.read("xl/workbook.bin")):
            if part := parts.get(relation):
                sheet = archive.read(part)
                overlay, row = Overlay(), 0
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
                yield name, overlay


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
