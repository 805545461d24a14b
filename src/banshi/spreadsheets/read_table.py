"""Tables of items as read: columns of parsed cells, and remarks at their cells.

A `ReadTable` is columns, not rows, because fifty thousand rows of forty cells hold a few ten thousand distinct texts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Generic, NamedTuple, Protocol, TypeVar

from banshi.catalog.provenance import Sources
from banshi.core.json_types import JsonObject
from banshi.spreadsheets.cell_parsers.parsed import CellRemark, ParsedText
from banshi.spreadsheets.cells import cell_name
from banshi.spreadsheets.table_detection import Skipped


class CellProblem(NamedTuple):
    """A remark at a cell. `row` is the sheet's own number from zero. `cell` as people name it (C17)."""

    sheet: str
    row: int
    column: int
    severity: str
    code: str
    message: str
    proposal: str
    value: str
    path: str = ""

    @property
    def cell(self) -> str:
        """Name the cell (C17), or the place in a JSON file."""
        return cell_name(self.row, self.column) if self.column >= 0 else f"[{self.row}].{self.path}"

    def as_json(self) -> JsonObject:
        return {
            "sheet": self.sheet,
            "cell": self.cell,
            "severity": self.severity,
            "kind": self.code,
            "message": self.message,
            "proposal": self.proposal,
            "value": self.value[:200],
        }


_REMARKS = attrgetter("remarks")


class RowOfSheet(Protocol):
    @property
    def is_new(self) -> bool: ...


Row = TypeVar("Row", bound=RowOfSheet)


@dataclass
class ImportSheet(Generic[Row]):
    """Rows of a file to be imported. Any problem of severity "error" forbids all of it."""

    digest: str
    rows: list[Row] = field(default_factory=list)
    unchanged: int = 0
    problems: list[CellProblem] = field(default_factory=list)

    @property
    def errors(self) -> list[CellProblem]:
        return [each for each in self.problems if each.severity == "error"]

    @property
    def counts(self) -> dict[str, int]:
        new = sum(row.is_new for row in self.rows)
        return {"new": new, "changed": len(self.rows) - new, "same": self.unchanged}


@dataclass(frozen=True, slots=True)
class DetailPlaces:
    """The sheet's row of each row of an item (by the item's index), and columns by target."""

    rows: Mapping[int, Sequence[int]]
    columns: Mapping[str, int]


@dataclass(slots=True)
class ReadColumn:
    """One column over all items of its table. `rows[i]` is the sheet's row of the cell (-1: no such row)."""

    target: str
    header: str
    sheet: str
    column: int
    texts: Sequence[str]
    rows: Sequence[int]
    readings: list[ParsedText] = field(default_factory=list)
    whole: bool = False
    """The values are complete in themselves (a detail sheet, JSON), not one cell's abridgement."""
    detail: "DetailPlaces | None" = None
    places: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """Row and column of items whose values stand elsewhere (a sheet written downward)."""

    said: Sequence[str] = ()
    """The words of the cells themselves, where `texts` write what was read from several."""

    def place(self, index: int) -> tuple[int, int]:
        return self.places.get(index, (self.rows[index], self.column))

    def problem(self, index: int, remark: CellRemark) -> CellProblem:
        row, column = self.place(index) if self.places else (self.rows[index], self.column)
        return CellProblem(self.sheet, row, column, *remark, self.texts[index], self.header)


@dataclass
class ReadTable:
    """One items table read, with what joined and detail sheets add to it. `found` are problems of no single column."""

    sheet: str
    numbers: Sequence[int]
    columns: list[ReadColumn]
    skipped: list[Skipped] = field(default_factory=list)
    headings: Mapping[int, str] = field(default_factory=dict)
    owner_line: str = ""
    left: int = 0
    found: list[CellProblem] = field(default_factory=list)
    sources: Sequence[str] = ()
    examples: Sequence[bool] = ()
    provenance: Sequence[Sources] = ()
    _by_target: dict[str, ReadColumn] = field(default_factory=dict)
    _known: int = -1
    _nothing: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def problems(self) -> list[CellProblem]:
        """Every remark of every cell, and those of no single column."""
        of_cells = (
            column.problem(index, remark)
            for column in self.columns
            if any(map(_REMARKS, column.readings))
            for index, reading in enumerate(column.readings)
            for remark in reading.remarks
        )
        return [*self.found, *of_cells]

    def column(self, target: str) -> ReadColumn | None:
        if self._known != len(self.columns):
            self._by_target = {column.target: column for column in reversed(self.columns)}
            self._known = len(self.columns)
        return self._by_target.get(target)

    def texts(self, target: str) -> Sequence[str]:
        column = self.column(target)
        if column is None:
            self._nothing = self._nothing or [""] * len(self)
        return column.texts if column else self._nothing

    def cell(self, index: int, remark: CellRemark, target: str) -> CellProblem:
        """Place a remark at the cell of `target`, or at the row's first cell when there is no such column."""
        if column := self.column(target):
            return column.problem(index, remark)
        return CellProblem(self.sheet, self.numbers[index], self.left, *remark, "")
