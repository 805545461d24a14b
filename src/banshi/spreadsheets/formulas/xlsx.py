"""Cells of an xlsx whose formula failed or was never counted."""

import re
import zipfile
from html import unescape

from banshi.spreadsheets.cells import column_index
from banshi.spreadsheets.formulas.base import Found, holds, tags, targets

_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_FAILED = re.compile(rb'<c\b([^>]*\bt="e"[^>]*)>(?:<f\b[^>]*?/>|<f\b[^>]*>[^<]*</f>)?<v>(#[^<]{1,20})</v>')
_UNCOUNTED = re.compile(rb"<c\b([^>]*)><f\b[^>]*>([^<]{1,8000})</f>(?:<v\s*/>|<v></v>)?</c>")
"""But where it is said to be a text (t="str"), the formula was counted, and came to an empty one: =IF(A1="","",A1)."""


def look(path: str) -> Found:
    with zipfile.ZipFile(path) as archive:
        parts = targets(archive, "xl/_rels/workbook.xml.rels")
        for sheet in tags(archive, "xl/workbook.xml", b"sheet"):
            if (part := parts.get(sheet.get("r:id", ""))) and "name" in sheet:
                if not holds(archive, part, (b't="e"', b"<f")):
                    cells = {}
                else:
                    xml = archive.read(part)
                    found = [(attributes, text.decode()) for attributes, text in _FAILED.findall(xml)]
                    uncounted = (
                        (attributes, text)
                        for attributes, text in _UNCOUNTED.findall(xml)
                        if b't="str"' not in attributes
                    )
                    found += [(attributes, f"={unescape(text.decode())}") for attributes, text in uncounted]
                    places = ((_PLACE.search(attributes), text) for attributes, text in found)
                    cells = {
                        (int(place[2]) - 1, column_index(place[1].decode())): text for place, text in places if place
                    }
                yield sheet["name"], cells
