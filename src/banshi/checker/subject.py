"""Items of the files that are checked."""

from dataclasses import dataclass, field

from banshi.catalog.guide.document import Guide
from banshi.checker.coverage import Spot, TableCoverage
from banshi.rulebook.rule import About
from banshi.spreadsheets.read_table import ReadTable


@dataclass(slots=True)
class Subject:
    """One item of a file, as far as the file tells of it. `row` as people count. Of JSON the record's number."""

    file: str
    sheet: str
    row: int
    name: str
    about: About
    base_code: str
    guide: Guide
    table: ReadTable = field(repr=False)
    index: int = 0
    cells: TableCoverage | None = field(default=None, repr=False)

    def spot(self, path: str) -> Spot:
        assert self.cells
        return self.cells.spot(path, self.index)
