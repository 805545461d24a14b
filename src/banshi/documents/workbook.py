"""Workbooks, written to disk row by row so that memory does not grow with them. Nothing else opens xlsxwriter."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING

from banshi.core.clock import CHINA

if TYPE_CHECKING:
    from xlsxwriter import Workbook as Workbook
    from xlsxwriter.format import Format as Format
    from xlsxwriter.worksheet import Worksheet as Worksheet


SETTINGS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
CELL_AT_MOST = 32_767
NAME_AT_MOST = 31
HEAD = {"bold": True, "bg_color": "#EAF2FC", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
RULED = {
    "border": 1,
    "border_color": "#B8C2CC",
    "font_name": "宋体",
    "font_size": 10,
    "text_wrap": True,
    "valign": "top",
}


@contextmanager
def new_workbook(out: IO[bytes]) -> Iterator["Workbook"]:
    import xlsxwriter  # 13 MB in each request process, for a file rarely asked for

    with xlsxwriter.Workbook(out, SETTINGS) as book:
        yield book


class Cells:
    """Write cells by their kind, in one look: numbers as numbers, days as days, and every text as text."""

    def __init__(self, book: "Workbook", look: dict[str, object]) -> None:
        self.text = book.add_format(look)
        self.guarded = book.add_format({**look, "quote_prefix": True})
        self.day = book.add_format({**look, "num_format": "yyyy-mm-dd", "align": "left"})
        self.moment = book.add_format({**look, "num_format": "yyyy-mm-dd hh:mm", "align": "left"})

    def write(self, sheet: "Worksheet", row: int, column: int, value: object) -> None:
        match value:
            case None | "":
                sheet.write_blank(row, column, None, self.text)
            case datetime():
                moment = value.astimezone(CHINA) if value.tzinfo else value
                sheet.write_datetime(row, column, moment, self.moment)
            case date():
                sheet.write_datetime(row, column, value, self.day)
            case int() | float() | Decimal() if not isinstance(value, bool):
                sheet.write_number(row, column, value, self.text)
            case _:
                self.write_text(sheet, row, column, str(value))

    def write_text(self, sheet: "Worksheet", row: int, column: int, text: str) -> None:
        """Write a text as text, which it stays even after somebody edits its cell."""
        look = self.guarded if text.startswith(FORMULA_SIGNS) else self.text
        sheet.write_string(row, column, text[:CELL_AT_MOST], look)


def write_table(
    book: "Workbook",
    name: str,
    head: Sequence[str],
    rows: Iterable[Iterable[object]],
    *,
    widths: Sequence[int] = (22,),
    frozen: int = 0,
    title: str = "",
) -> "Worksheet":
    """Write a sheet of one table.

    The last of `widths` holds for the columns that follow. With a `title`, ruled for printing.
    """
    look = RULED if title else {}
    sheet, top = book.add_worksheet(name[:NAME_AT_MOST]), 1 if title else 0
    for column in range(len(head)):
        sheet.set_column(column, column, widths[min(column, len(widths) - 1)])
    sheet.freeze_panes(top + 1, frozen)
    if title:
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16}))
    heads, cells = Cells(book, {**look, **HEAD}), Cells(book, look)
    for column, label in enumerate(head):
        heads.write_text(sheet, top, column, label)
    for row, values in enumerate(rows, top + 1):
        for column, value in enumerate(values):
            cells.write(sheet, row, column, value)
    return sheet
