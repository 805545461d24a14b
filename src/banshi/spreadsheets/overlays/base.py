"""The overlay of a sheet, and access to a zipped workbook."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape

Cells = dict[tuple[int, int], str]


@dataclass
class Overlay:
    """Cells' texts over the reader's, by row and column from zero, merged ranges (inclusive), hidden rows and columns."""

    cells: Cells = field(default_factory=dict)
    merges: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    faded: set[tuple[int, int]] = field(default_factory=set)
    """Cells whose text is struck through, or of the colour of its ground."""
    faded_parts: Cells = field(default_factory=dict)
    """What is so of a part of a cell, and left out of its text in `cells`."""

    def __bool__(self) -> bool:
        whole = self.cells or self.merges or self.hidden_rows or self.hidden_columns
        return bool(whole or self.faded or self.faded_parts)

    def take_runs(self, place: tuple[int, int], runs: Iterable[tuple[str, bool]]) -> None:
        """Leave out of a cell the runs that are faded, or call it faded where there is nothing else."""
        runs = list(runs)
        gone = "".join(text for text, faded in runs if faded).strip()
        seen = "".join(text for text, faded in runs if not faded).strip()
        if gone and seen:
            self.cells[place], self.faded_parts[place] = seen, gone
        elif gone:
            self.faded.add(place)


Found = Iterator[tuple[str, Overlay]]
"""Sheet by sheet, its name and overlay."""
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
FADED_AT_MOST = 100_000
CHUNK = 1 << 20
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


def tags(archive: zipfile.ZipFile, part: str, tag: bytes) -> list[dict[str, str]]:
    """Return the attributes of each such tag in a small part."""
    return [
        {key.decode(): unescape(value.decode()) for key, value in _ATTRIBUTE.findall(found)}
        for found in re.findall(rb"<(?:\w+:)?%b\b[^>]*>" % tag, archive.read(part))
    ]


def targets(archive: zipfile.ZipFile, relations: str) -> dict[str, str]:
    """Map each relation's id to its part of the archive, for the sheets of a workbook in `xl/`."""
    found = ((each["Id"], each["Target"]) for each in tags(archive, relations, b"Relationship") if "Target" in each)
    return {id: target.lstrip("/") if target.startswith("/") else f"xl/{target}" for id, target in found}


def holds(archive: zipfile.ZipFile, part: str, signs: Iterable[bytes]) -> bool:
    """Tell whether the part has one of these signs.

    Piece by piece, so that a large sheet is not held in memory for nothing.
    """
    signs = tuple(signs)
    seam = max(map(len, signs)) - 1
    with archive.open(part) as file:
        end = b""
        while piece := file.read(CHUNK):
            joint = end + piece[:seam]
            # A letter alone is looked for many times as fast, and most signs begin with one the cells do not have.
            if any((sign[:1] in piece and sign in piece) or sign in joint for sign in signs):
                return True
            end = piece[-seam:]
    return False
