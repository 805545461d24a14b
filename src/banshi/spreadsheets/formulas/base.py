"""Failed formulas in every format, and access to a zipped workbook."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from html import unescape

Cells = dict[tuple[int, int], str]
Found = Iterator[tuple[str, Cells]]
"""Sheet by sheet: its name, and its cells without a value."""
SIGNS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""How the binary formats write an error → what the sheet shows."""
UNKNOWN = "#ERROR!"
CHUNK = 1 << 20
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


def tags(archive: zipfile.ZipFile, part: str, tag: bytes) -> list[dict[str, str]]:
    """Return the attributes of each such tag in a small part."""
    return [
        {key.decode(): unescape(value.decode()) for key, value in _ATTRIBUTE.findall(found)}
        for found in re.findall(rb"<(?:\w+:)?%b\b[^>]*>" % tag, archive.read(part))
    ]


def targets(archive: zipfile.ZipFile, relations: str) -> dict[str, str]:
    """Relation's id → part of the archive, for the sheets of a workbook in `xl/`."""
    found = ((each["Id"], each["Target"]) for each in tags(archive, relations, b"Relationship") if "Target" in each)
    return {id: target.lstrip("/") if target.startswith("/") else f"xl/{target}" for id, target in found}


def holds(archive: zipfile.ZipFile, part: str, signs: Iterable[bytes]) -> bool:
    """Is one of these in the part? Piece by piece, so that a large sheet is not held in memory for nothing."""
    signs = tuple(signs)
    seam = max(map(len, signs)) - 1
    with archive.open(part) as file:
        end = b""
        while piece := file.read(CHUNK):
            joint = end + piece[:seam]
            if any(sign in piece or sign in joint for sign in signs):
                return True
            end = piece[-seam:]
    return False
