"""Small spreadsheets to import, and the ways to look at them."""

from io import BytesIO
from typing import Any

import openpyxl
from django.db import transaction
from tests.factories import NOON, TESTS, division

from banshi.people.models import Organ
from banshi.spreadsheets.actions import Imported, apply_batch, receive_file
from banshi.spreadsheets.organ_matching import Owners
from banshi.spreadsheets.preview import Preview, preview
from banshi.spreadsheets.workbook_reader import read_bytes

Rows = list[list[Any]]


def workbook(sheets: dict[str, Rows] | Rows, merges: dict[str, list[str]] | None = None) -> bytes:
    """An xlsx of these cells; `merges` by sheet name (A3:A5)."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (sheets if isinstance(sheets, dict) else {"目录表": sheets}).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for line in sheet.iter_rows():
            for cell in line:
                if isinstance(cell.value, str):
                    cell.data_type = "s"
        for area in (merges or {}).get(name, []):
            sheet.merge_cells(area)
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def look(data: bytes, *, name: str = "事项.xlsx", corrected: dict[str, Any] | None = None, **owners: Any) -> Preview:
    return preview(read_bytes(data, name=name), Owners(list(Organ.objects.all()), **owners), corrected=corrected)


@transaction.atomic
def bring_in(data: bytes, *, name: str = "事项.xlsx", publish: bool = False, **owners: Any) -> Imported:
    batch = receive_file(BytesIO(data), name=name, division=division(), options={}, by=TESTS, at=NOON)
    return apply_batch(batch, Owners(list(Organ.objects.all()), **owners), publish=publish, by=TESTS, at=NOON)


def said(found: Preview) -> dict[str, str]:
    """Cell → what is said of it (the last, when several)."""
    return {problem.cell: problem.message for problem in found.problems if problem.severity != "note"}
