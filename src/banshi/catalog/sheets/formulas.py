"""Cells of an xlsx whose formula failed (#N/A) or was never counted: the reader gives them as blanks, and nothing may be
dropped silently. Runs in the process of `apart`.
"""

import contextlib
import re
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape

from banshi.catalog.sheets.cells import column_index

Cells = dict[tuple[int, int], str]
CHUNK = 1 << 20
UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError, RuntimeError)
"""No xlsx, or a broken one: what the reader itself says of it stands."""
_TAG = re.compile(rb"<(?:\w+:)?(?:sheet|Relationship)\b[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_FAILED = re.compile(rb'<c\b([^>]*\bt="e"[^>]*)>(?:<f\b[^>]*?/>|<f\b[^>]*>[^<]*</f>)?<v>(#[^<]{1,20})</v>')
_UNCOUNTED = re.compile(rb"<c\b([^>]*)><f\b[^>]*>([^<]{1,8000})</f>(?:<v\s*/>|<v></v>)?</c>")


def without_value(path: str) -> dict[str, Cells]:
    """Sheet name → (row, column) from zero → the error's sign, or the formula that has no value."""
    with contextlib.suppress(*UNREADABLE), zipfile.ZipFile(path) as archive:
        return {name: found for name, part in _parts(archive) if (found := _cells(archive, part))}
    return {}


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    targets = {each["Id"]: each["Target"] for each in _tags(archive, "xl/_rels/workbook.xml.rels") if "Target" in each}
    for sheet in _tags(archive, "xl/workbook.xml"):
        if (target := targets.get(sheet.get("r:id", ""))) and "name" in sheet:
            yield sheet["name"], target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _tags(archive: zipfile.ZipFile, part: str) -> list[dict[str, str]]:
    return [
        {key.decode(): unescape(value.decode()) for key, value in _ATTRIBUTE.findall(tag)}
        for tag in _TAG.findall(archive.read(part))
    ]


def _cells(archive: zipfile.ZipFile, part: str) -> Cells:
    if not _has_formulas(archive, part):
        return {}
    xml = archive.read(part)
    found = [(attributes, text.decode()) for attributes, text in _FAILED.findall(xml)]
    found += [(attributes, f"={unescape(text.decode())}") for attributes, text in _UNCOUNTED.findall(xml)]
    places = ((_PLACE.search(attributes), text) for attributes, text in found)
    return {(int(place[2]) - 1, column_index(place[1].decode())): text for place, text in places if place}


def _has_formulas(archive: zipfile.ZipFile, part: str) -> bool:
    """Most sheets have none: looked for piece by piece, so that a large sheet is not held in memory for nothing."""
    with archive.open(part) as file:
        end = b""
        while piece := file.read(CHUNK):
            seam = end + piece[:4]
            if any(sign in piece or sign in seam for sign in (b't="e"', b"<f")):
                return True
            end = piece[-4:]
    return False
