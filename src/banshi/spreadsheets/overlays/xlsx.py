"""Overlays of an xlsx."""

import posixpath
import re
import zipfile
from html import unescape

from banshi.spreadsheets.cells import column_index
from banshi.spreadsheets.overlays.base import Cells, Found, Overlay, holds, tags, targets
from banshi.spreadsheets.overlays.number_formats import BUILT_IN, is_told, shown

_NAME = rb"(?:\w+:)?"
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_FAILED = re.compile(
    rb'<%b%b\b([^>]*\bt="e"[^>]*)>(?:<%bf\b[^>]*?/>|<%bf\b[^>]*>[^<]*</%bf>)?<%bv>(#[^<]{1,20})</%bv>'
    % (_NAME, b"c", *[_NAME] * 5)
)
_UNCOUNTED = re.compile(
    rb"<%bc\b([^>]*)><%bf\b[^>]*>([^<]{1,8000})</%bf>(?:<%bv\s*/>|<%bv></%bv>)?</%bc>" % tuple([_NAME] * 7)
)
"""But where it is said to be a text (t="str"), the formula was counted, and came to an empty one: =IF(A1="","",A1)."""
_NUMBER = re.compile(
    rb"<%bc\b([^>]*\bs=\"(\d{1,6})\"[^>]*)>(?:<%bf\b[^>]*?/>|<%bf\b[^>]*>[^<]*</%bf>)?<%bv>([-+.\dEe]{1,40})</%bv>"
    % tuple([_NAME] * 6)
)
_ROW = re.compile(rb"<%brow\b([^>]*)>" % _NAME)
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_NO_SIZE = re.compile(rb'\b(?:ht|width)="0(?:\.0+)?"')
_HIDDEN_SIGNS = (b'hidden="1"', b'hidden="true"', b"zeroHeight", b' ht="0"', b' ht="0.', b' width="0"', b' width="0.')
STYLES_AT_MOST, FORMATS_AT_MOST = 64 * 2**20, 100_000


def look(path: str) -> Found:
    with zipfile.ZipFile(path) as archive:
        names = {posixpath.normpath(name.replace("\\", "/").lstrip("/")).lower(): name for name in archive.namelist()}
        book = names["xl/workbook.xml"]
        parts = targets(archive, names["xl/_rels/workbook.xml.rels"])
        formats = _formats(archive, names)
        for sheet in tags(archive, book, b"sheet"):
            id = next((value for key, value in sheet.items() if key.endswith(":id")), "")
            part = names.get(posixpath.normpath(parts.get(id, "").replace("\\", "/")).lower())
            if not part or "name" not in sheet:
                continue
            signs = (b't="e"', b"<f", b":f>", *_HIDDEN_SIGNS, *(b's="%d"' % style for style in formats))
            overlay = Overlay()
            if holds(archive, part, signs):
                xml = archive.read(part)
                overlay.cells = _cells(xml, formats)
                overlay.hidden_rows = _hidden_rows(xml)
                overlay.hidden_columns = {
                    column
                    for found in re.findall(rb"<%bcol\b[^>]*>" % _NAME, xml[: xml.find(b"sheetData")])
                    if _HIDDEN.search(found) or _NO_SIZE.search(found)
                    for column in _span(found)
                }
            yield sheet["name"], overlay


def _cells(xml: bytes, formats: dict[int, str]) -> Cells:
    found = [(attributes, text.decode()) for attributes, text in _FAILED.findall(xml)]
    uncounted = ((attributes, text) for attributes, text in _UNCOUNTED.findall(xml) if b't="str"' not in attributes)
    found += [(attributes, f"={unescape(text.decode())}") for attributes, text in uncounted]
    if formats:
        for attributes, style, number in _NUMBER.findall(xml):
            code = formats.get(int(style))
            if code and not re.search(rb'\bt="(?!n")', attributes) and (text := shown(float(number), code)) is not None:
                found.append((attributes, text))
    places = ((_PLACE.search(attributes), text) for attributes, text in found)
    return {(int(place[2]) - 1, column_index(place[1].decode())): text for place, text in places if place}


def _hidden_rows(xml: bytes) -> set[int]:
    """List rows hidden by hand or by a filter, or of no height."""
    rows: set[int] = set()
    number = -1
    if not any(sign in xml for sign in _HIDDEN_SIGNS):
        return rows
    for attributes in _ROW.findall(xml):
        place = re.search(rb'\br="(\d{1,7})"', attributes)
        number = int(place[1]) - 1 if place else number + 1
        if _HIDDEN.search(attributes) or _NO_SIZE.search(attributes):
            rows.add(number)
    return rows


def _span(column: bytes) -> range:
    """List columns from `min` to `max`, but those at the end of the sheet that stand for no column of a table."""
    least, most = (re.search(rb'\b%b="(\d{1,5})"' % name, column) for name in (b"min", b"max"))
    return range(int(least[1]) - 1, min(int(most[1]), 16_384)) if least and most else range(0)


def _formats(archive: zipfile.ZipFile, names: dict[str, str]) -> dict[int, str]:
    """Map each cell style to its number format, of those that change what is seen."""
    part = names.get("xl/styles.xml")
    if not part or archive.getinfo(part).file_size > STYLES_AT_MOST:
        return {}
    xml = archive.read(part)
    own = {
        int(each["numFmtId"]): each.get("formatCode", "")
        for each in tags(archive, part, b"numFmt")
        if each.get("numFmtId", "").isdigit()
    }
    block = re.search(rb"<%bcellXfs\b.*?</%bcellXfs>" % (_NAME, _NAME), xml, re.DOTALL)
    ids = re.findall(rb"<%bxf\b([^>]*)>" % _NAME, block[0]) if block else []
    if len(ids) > FORMATS_AT_MOST:
        return {}
    formats = {}
    for style, attributes in enumerate(ids):
        id = re.search(rb'\bnumFmtId="(\d{1,9})"', attributes)
        code = (own.get(int(id[1])) or BUILT_IN.get(int(id[1]), "")) if id else ""
        if code and is_told(code):
            formats[style] = code
    return formats
