"""Marks and report for a workbook that is handed back, as plain data for the process that puts them in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

AUTHOR = "办事"
FILLS = {"error": "FFF4B7B2", "doubt": "FFFFE2A8", "note": "FFDCEBFA"}
"""Severity, the worst first → the colour of its cells."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell's colour (a severity) and comment."""

    severity: str
    text: str


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """The sheet in front that lists all findings. Its first two columns name sheet and cell.

    `names` are tried in turn; `replaces` is the sheet of an earlier report. `notes` tell what could not be kept.
    """

    names: tuple[str, ...]
    columns: tuple[tuple[str, int], ...]
    message: int
    wrapped: frozenset[int]
    rows: Sequence[tuple[str, ...]]
    linked: int
    replaces: str = ""
    notes: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[tuple[str, ...]]:
        """Yield all rows under the header, notes first."""
        for note in self.notes:
            cells = [""] * len(self.columns)
            cells[2], cells[self.message] = "说明", note
            yield tuple(cells)
        yield from self.rows
