"""The user's own workbook back, with the doubtful cells coloured and commented, and a sheet that lists them all."""

from collections import defaultdict
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from banshi.spreadsheets.cell_parsers.parsed import REMARK_WORDS
from banshi.spreadsheets.cells import column_letter, is_formula
from banshi.spreadsheets.preview import Preview
from banshi.spreadsheets.read_table import CellProblem
from banshi.spreadsheets.workbook_reader import SourceWorkbook

FINDINGS = "问题清单"
MARKED_AT_MOST = 20_000
"""So many cells are coloured; beyond that the list tells the rest (Excel grows slow with comments)."""
OPENED_AT_MOST = 400_000
"""Cells up to which the original is opened as it is; larger ones are written anew without their formats."""
FILLS = {"error": "FFF4B7B2", "doubt": "FFFFE2A8", "note": "FFDCEBFA"}
WORDS = {"error": "错误", "doubt": "疑问", "note": "说明"}


def marked_workbook(data: bytes, found: Preview) -> bytes:
    """Return the workbook's bytes, marked. CSV, xls, JSON … come back as xlsx."""
    workbook = original(data, found.book)
    mark_cells(workbook, [problem for problem in found.problems if problem.severity != "note"], WORDS)
    name = next(n for n in (FINDINGS, f"{FINDINGS}（办事）", f"{FINDINGS}2") if n not in workbook.sheetnames)
    sheet = workbook.create_sheet(name, 0)
    for column, (title, width) in enumerate(
        (("工作表", 16), ("单元格", 10), ("程度", 8), ("类别", 18), ("问题", 60), ("建议", 46), ("原来的内容", 40)), 1
    ):
        write_text(sheet, 1, column, title).font = Font(bold=True)
        sheet.column_dimensions[column_letter(column - 1)].width = width
    for number, problem in enumerate(sorted(found.problems, key=lambda p: list(WORDS).index(p.severity)), 2):
        values = (
            problem.sheet,
            problem.cell,
            WORDS[problem.severity],
            REMARK_WORDS[problem.code],
            problem.message,
            problem.proposal,
            problem.value,
        )
        for column, text in enumerate(values, 1):
            cell = write_text(sheet, number, column, text[:32_000])
            cell.alignment = Alignment(wrap_text=column in (5, 6), vertical="top")
            cell.quotePrefix = is_formula(text)
        if problem.column >= 0 and number <= MARKED_AT_MOST and problem.sheet in workbook.sheetnames:
            sheet.cell(number, 2).hyperlink = f"#'{problem.sheet.replace(chr(39), chr(39) * 2)}'!{problem.cell}"
            sheet.cell(number, 2).font = Font(color="FF0B57B7", underline="single")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:G{max(len(found.problems) + 1, 2)}"
    workbook.active = 0
    return bytes_of(workbook)


def mark_cells(workbook: Workbook, problems: list[CellProblem], words: Mapping[str, str]) -> None:
    """Colour and comment the cells. `words` are what the severities are called, the heaviest first."""
    cells: dict[tuple[str, int, int], list[CellProblem]] = defaultdict(list)
    for problem in problems[:MARKED_AT_MOST]:
        cells[problem.sheet, problem.row, problem.column].append(problem)
    for (sheet, row, column), here in cells.items():
        if sheet in workbook.sheetnames:
            _mark(workbook[sheet], row, column, here, words)


def bytes_of(workbook: Workbook) -> bytes:
    output = BytesIO()
    workbook.save(output)
    return output.getvalue()


def original(data: bytes, book: SourceWorkbook) -> Workbook:
    cells = sum(len(sheet.rows) * sheet.width for sheet in book.sheets)
    if book.format == "xlsx" and cells <= OPENED_AT_MOST:
        try:
            return load_workbook(BytesIO(data))
        except (InvalidFileException, KeyError, ValueError, TypeError, OSError):
            pass  # openpyxl is stricter than the reader: then the text is written anew
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in book.sheets:
        target = workbook.create_sheet(sheet.name[:31])
        for number, row in enumerate(sheet.rows):
            for column, text in enumerate(row):
                if text:
                    write_text(target, number + sheet.top + 1, column + sheet.left + 1, text)
    return workbook


def write_text(sheet: Worksheet, row: int, column: int, text: str) -> Any:
    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"  # never a formula, whatever it begins with
    return cell


def _mark(sheet: Worksheet, row: int, column: int, problems: list[CellProblem], words: Mapping[str, str]) -> None:
    if row < 0 or column < 0:
        return
    cell: Any = sheet.cell(row + 1, column + 1)
    if isinstance(cell, MergedCell):
        ranges = (each for each in sheet.merged_cells.ranges if cell.coordinate in each)
        cell = next((sheet.cell(each.min_row, each.min_col) for each in ranges), cell)
    worst = next(s for s in FILLS if any(p.severity == s for p in problems))
    cell.fill = PatternFill("solid", fgColor=FILLS[worst])
    text = "\n".join(
        f"【{words[p.severity]}】{p.message}{f' 建议：{p.proposal}' if p.proposal else ''}" for p in problems[:5]
    )
    if cell.comment is None or text not in cell.comment.text:
        cell.comment = Comment(text, "办事", width=320, height=min(60 + 18 * len(text) // 18, 240))
