"""Overlays of an xlsx."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from itertools import chain, islice
from typing import NamedTuple

from banshi.spreadsheets.cells import column_index
from banshi.spreadsheets.overlays.base import FADED_AT_MOST, Cells, Found, Overlay, holds, tags, targets
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
_FILLED = re.compile(rb"<%bc\b([^>]*[^>/])>\s*<%b(?:v|f|is)\b" % (_NAME, _NAME))
_STRUCK = re.compile(rb'<%bstrike\b(?![^>]*\bval="(?:0|false)")' % _NAME)
_COLOUR = re.compile(rb'<%b(?:color|fgColor)\b[^>]*?\b(rgb|theme|indexed)="(\w+)"([^>]*)' % _NAME)
_GROUND = re.compile(rb'patternType="(\w+)"')
_WHITE = "white"
_NEARLY_WHITE = re.compile(r"\w*(?:F[6-9A-F]){3}")
_SHARED = re.compile(rb'<%bc\b([^>]*\bt="s"[^>]*)>\s*<%bv>(\d{1,9})</%bv>' % (_NAME, _NAME, _NAME))
_INLINE = re.compile(
    rb'<%bc\b([^>]*\bt="inlineStr"[^>]*)>\s*<%bis>(.{1,200000}?)</%bis>' % (_NAME, _NAME, _NAME), re.DOTALL
)
_TEXT = re.compile(rb"<%bsi\b[^>]*?(?:/>|>(.*?)</%bsi>)" % (_NAME, _NAME), re.DOTALL)
_RUN = re.compile(rb"<%br>\s*(?:<%brPr\b[^>]*?/>|<%brPr>(.*?)</%brPr>)?(.*?)</%br>" % tuple([_NAME] * 5), re.DOTALL)
_LETTERS = re.compile(rb"<%bt\b[^>]*>([^<]*)</%bt>" % (_NAME, _NAME))
_RUN_SIGNS = (b"strike", b'rgb="FFFFFFFF"', b'rgb="ffffffff"', b'rgb="00FFFFFF"', b'color theme="0"', b'indexed="9"')
"""What a run that is not to be seen says somewhere."""
_SHOWN_BY_RULE = (b"conditionalFormatting", b"<tablePart", b":tablePart")
"""What may give cells another ground than their own style says."""
_ROW = re.compile(rb"<%brow\b([^>]*)>" % _NAME)
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_NO_SIZE = re.compile(rb'\b(?:ht|width)="0(?:\.0+)?"')
_HIDDEN_SIGNS = (b'hidden="1"', b'hidden="true"', b"zeroHeight", b' ht="0', b' width="0')
STYLES_AT_MOST, FORMATS_AT_MOST = 64 * 2**20, 100_000


def look(path: str) -> Found:
    with zipfile.ZipFile(path) as archive:
        names = {posixpath.normpath(name.replace("\\", "/").lstrip("/")).lower(): name for name in archive.namelist()}
        book = names["xl/workbook.xml"]
        parts = targets(archive, names["xl/_rels/workbook.xml.rels"])
        styles = _styles(archive, names)
        cell_styles = _cell_styles(styles)
        formats, (struck, same) = _formats(archive, names, cell_styles), _faded_styles(styles, cell_styles)
        rich, grounds = _rich_texts(archive, names), _style_grounds(styles, cell_styles)
        for sheet in tags(archive, book, b"sheet"):
            id = next((value for key, value in sheet.items() if key.endswith(":id")), "")
            part = names.get(posixpath.normpath(parts.get(id, "").replace("\\", "/")).lower())
            if not part or "name" not in sheet:
                continue
            told = {*formats, *struck, *same}
            signs = (b't="e"', b"<f", b":f>", *_HIDDEN_SIGNS, *(b's="%d"' % style for style in told))
            overlay = Overlay()
            if rich or holds(archive, part, (*signs, b":r>", b"<r>")):
                xml = archive.read(part)
                overlay.cells = _cells(xml, formats)
                overlay.hidden_rows = _hidden_rows(xml)
                overlay.hidden_columns = {
                    column
                    for found in re.findall(rb"<%bcol\b[^>]*>" % _NAME, xml[: xml.find(b"sheetData")])
                    if _HIDDEN.search(found) or _NO_SIZE.search(found)
                    for column in _span(found)
                }
                ruled = any(sign in xml for sign in _SHOWN_BY_RULE)
                if struck or same:
                    overlay.faded = set(islice(_places_in(xml, struck if ruled else struck | same), FADED_AT_MOST))
                for place, style, runs in islice(_rich_cells(xml, rich), FADED_AT_MOST):
                    if place not in overlay.faded:
                        ground = "" if ruled else grounds.get(style, _WHITE)
                        overlay.take_runs(place, ((run.text, run.struck or run.colour == ground != "") for run in runs))
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


def _places_in(xml: bytes, styles: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the places of cells with something in them that have one of these styles."""
    for attributes in _FILLED.findall(xml) if styles else ():
        style, place = re.search(rb'\bs="(\d{1,6})"', attributes), _PLACE.search(attributes)
        if place and (int(style[1]) if style else 0) in styles:
            yield int(place[2]) - 1, column_index(place[1].decode())


class TextRun(NamedTuple):
    text: str
    struck: bool
    colour: str


def _runs(rich: bytes) -> list[TextRun]:
    """Read the runs of a text, where one may not be to be seen."""
    if not any(sign in rich for sign in _RUN_SIGNS):
        return []
    found = []
    for looks, told in _RUN.findall(rich):
        text = "".join(unescape(letters.decode(errors="replace")) for letters in _LETTERS.findall(told))
        found.append(TextRun(text, bool(_STRUCK.search(looks)), _colour_of(looks)))
    return found


def _rich_texts(archive: zipfile.ZipFile, names: dict[str, str]) -> dict[int, list[TextRun]]:
    """Map the number of each shared text with runs that may not be to be seen to them."""
    part = names.get("xl/sharedstrings.xml")
    if not part or not holds(archive, part, (b"strike", b"<color", b":color")):
        return {}
    texts = (_runs(found) if found else [] for found in _TEXT.findall(archive.read(part)))
    return {number: runs for number, runs in enumerate(texts) if runs}


def _rich_cells(xml: bytes, rich: dict[int, list[TextRun]]) -> Iterator[tuple[tuple[int, int], int, list[TextRun]]]:
    """Yield the place and style of each cell with such runs."""
    shared = ((attributes, rich.get(int(number))) for attributes, number in _SHARED.findall(xml)) if rich else ()
    inline = ((attributes, _runs(found)) for attributes, found in _INLINE.findall(xml))
    for attributes, runs in chain(shared, inline):
        place, style = _PLACE.search(attributes), re.search(rb'\bs="(\d{1,6})"', attributes)
        if runs and place:
            yield (int(place[2]) - 1, column_index(place[1].decode())), int(style[1]) if style else 0, runs


def _style_grounds(xml: bytes, cell_styles: list[bytes]) -> dict[int, str]:
    """Map each style of cells to the colour of its ground."""
    fills = [_ground_of(fill) for fill in _parts(xml, b"fill")]
    grounds = {}
    for style, attributes in enumerate(cell_styles):
        fill = re.search(rb'\bfillId="(\d{1,6})"', attributes)
        number = int(fill[1]) if fill else 0
        grounds[style] = fills[number] if number < len(fills) else _WHITE
    return grounds


def _styles(archive: zipfile.ZipFile, names: dict[str, str]) -> bytes:
    part = names.get("xl/styles.xml")
    return archive.read(part) if part and archive.getinfo(part).file_size <= STYLES_AT_MOST else b""


def _block(xml: bytes, name: bytes) -> bytes:
    found = re.search(rb"<%b%b\b.*?</%b%b>" % (_NAME, name, _NAME, name), xml, re.DOTALL)
    return found[0] if found else b""


def _cell_styles(xml: bytes) -> list[bytes]:
    """List the attributes of the styles of cells, by their numbers."""
    found = re.findall(rb"<%bxf\b([^>]*)>" % _NAME, _block(xml, b"cellXfs"))
    return found if len(found) <= FORMATS_AT_MOST else []


def _parts(xml: bytes, name: bytes) -> list[bytes]:
    """Cut a block of styles (fonts, fills) into its parts."""
    return re.split(rb"<%b%b\b" % (_NAME, name), _block(xml, name + b"s"))[1:]


def _faded_styles(xml: bytes, cell_styles: list[bytes]) -> tuple[set[int], set[int]]:
    """Find styles whose text is struck through, and those whose text has the colour of its ground."""
    struck: set[int] = set()
    same: set[int] = set()
    fonts = _parts(xml, b"font")
    crossed, colours = [bool(_STRUCK.search(font)) for font in fonts], [_colour_of(font) for font in fonts]
    grounds = [_ground_of(fill) for fill in _parts(xml, b"fill")]
    for style, attributes in enumerate(cell_styles):
        font, fill = (re.search(rb'\b%b="(\d{1,6})"' % name, attributes) for name in (b"fontId", b"fillId"))
        font_number, fill_number = int(font[1]) if font else 0, int(fill[1]) if fill else 0
        if font_number >= len(fonts):
            continue
        if crossed[font_number]:
            struck.add(style)
        colour = colours[font_number]
        if colour and colour == (grounds[fill_number] if fill_number < len(grounds) else _WHITE):
            same.add(style)
    return struck, same


def _colour_of(part: bytes) -> str:
    """Return the colour that a font or the ground of a fill names, or ""."""
    found = _COLOUR.search(part)
    if not found:
        return ""
    kind, value, more = found[1], found[2].decode().upper(), found[3]
    if (kind, value) in ((b"theme", "0"), (b"indexed", "1"), (b"indexed", "9")) and b"tint" not in more:
        return _WHITE
    if kind == b"rgb":
        return _WHITE if _NEARLY_WHITE.fullmatch(value) else value[-6:]
    return f"{kind.decode()}{value}{more.decode(errors='replace')}"


def _ground_of(fill: bytes) -> str:
    """Return the colour of a plain ground, "" where it has a pattern or colours run into one another."""
    pattern = _GROUND.search(fill)
    if not pattern or pattern[1] == b"none":
        return "" if b"gradientFill" in fill else _WHITE
    return _colour_of(fill) if pattern[1] == b"solid" else ""


def _formats(archive: zipfile.ZipFile, names: dict[str, str], cell_styles: list[bytes]) -> dict[int, str]:
    """Map each cell style to its number format, of those that change what is seen."""
    if not cell_styles:
        return {}
    own = {
        int(each["numFmtId"]): each.get("formatCode", "")
        for each in tags(archive, names["xl/styles.xml"], b"numFmt")
        if each.get("numFmtId", "").isdigit()
    }
    formats = {}
    for style, attributes in enumerate(cell_styles):
        id = re.search(rb'\bnumFmtId="(\d{1,9})"', attributes)
        code = (own.get(int(id[1])) or BUILT_IN.get(int(id[1]), "")) if id else ""
        if code and is_told(code):
            formats[style] = code
    return formats
