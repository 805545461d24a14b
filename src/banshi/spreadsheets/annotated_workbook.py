"""The user's own workbook back, with the doubtful cells coloured and commented, and a sheet that lists them all."""

import pickle
from collections import defaultdict
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from banshi.core.capped_process import run_capped
from banshi.documents.workbook import new_workbook
from banshi.spreadsheets.cell_parsers.parsed import REMARK_WORDS
from banshi.spreadsheets.marks import AUTHOR, FILLS, Mark, ReportSheet
from banshi.spreadsheets.preview import Preview
from banshi.spreadsheets.read_table import CellProblem
from banshi.spreadsheets.table_detection import is_report
from banshi.spreadsheets.workbook_reader import SourceSheet, SourceWorkbook

if TYPE_CHECKING:
    from banshi.documents.workbook import Worksheet

FINDINGS = "问题清单"
MARKED_AT_MOST = 20_000
"""So many cells are coloured; beyond that the list tells the rest (Excel grows slow with comments)."""
OPENED_AT_MOST = 2_000_000
"""Cells up to which the original is opened as it is; larger ones are written anew without their formats."""
WORDS = {"error": "错误", "doubt": "疑问", "note": "说明"}
COPIED = "这一份是重新写出的：原表的文字都在，格式、批注、图片和公式没有带过来（原表{why}）。要保留它们，请照清单在原表上改。"


def marked_workbook(data: bytes, found: Preview) -> bytes:
    """Return the workbook's bytes, marked.

    CSV, xls, JSON … come back as xlsx.
    """
    rows = [
        (p.sheet, p.cell, WORDS[p.severity], REMARK_WORDS[p.code], p.message, p.proposal, p.value)
        for p in sorted(found.problems, key=lambda p: list(WORDS).index(p.severity))
    ]
    columns = (
        ("工作表", 16),
        ("单元格", 10),
        ("程度", 8),
        ("类别", 18),
        ("问题", 60),
        ("建议", 46),
        ("原来的内容", 40),
    )
    report = ReportSheet((FINDINGS, f"{FINDINGS}（办事）"), columns, 4, frozenset((4, 5)), rows, MARKED_AT_MOST)
    return annotated(data, found.book, (p for p in found.problems if p.severity != "note"), WORDS, report)


def annotated(
    data: bytes, book: SourceWorkbook, problems: Iterable[CellProblem], words: Mapping[str, str], report: ReportSheet
) -> bytes:
    """Mark the original's package in a capped process, else a copy of its texts that says what it can't keep.

    `words` are what the severities are called, the heaviest first.
    """
    marks = _marks(problems, words)
    own = next((s.name for s in book.sheets if is_report(s) and s.name.startswith(report.names[0])), "")
    cells = sum(len(sheet.rows) * sheet.width for sheet in book.sheets)
    why = f"是 {book.format} 文件"
    if book.format == "xlsx":
        why = "太大" if cells > OPENED_AT_MOST else "的内部结构不合规范或过大，打开它不安全"
        if cells <= OPENED_AT_MOST:
            given = pickle.dumps((data, marks, _replacing(report, own)), protocol=pickle.HIGHEST_PROTOCOL)
            try:
                made = run_capped("banshi.spreadsheets.package_marking", given=given)
            except TimeoutError:
                made = None
            if made:
                return made
    report.notes.append(COPIED.format(why=why))
    return _written_anew(book, marks, report)


def _replacing(report: ReportSheet, own: str) -> ReportSheet:
    return ReportSheet(
        report.names,
        report.columns,
        report.message,
        report.wrapped,
        report.rows,
        report.linked,
        own,
        list(report.notes),
    )


def _marks(problems: Iterable[CellProblem], words: Mapping[str, str]) -> dict[str, dict[tuple[int, int], Mark]]:
    cells: dict[tuple[str, int, int], list[CellProblem]] = defaultdict(list)
    for problem in problems:
        place = problem.sheet, problem.row, problem.column
        if problem.row >= 0 and problem.column >= 0 and (place in cells or len(cells) < MARKED_AT_MOST):
            cells[place].append(problem)
    marks: dict[str, dict[tuple[int, int], Mark]] = defaultdict(dict)
    for (sheet, row, column), here in cells.items():
        worst = next(s for s in FILLS if any(p.severity == s for p in here))
        said = (f"【{words[p.severity]}】{p.message}{f' 建议：{p.proposal}' if p.proposal else ''}" for p in here[:5])
        marks[sheet][row, column] = Mark(worst, "\n".join(dict.fromkeys(said)))
    return dict(marks)


def _written_anew(
    book: SourceWorkbook, marks: Mapping[str, Mapping[tuple[int, int], Mark]], report: ReportSheet
) -> bytes:
    """Write the texts of the sheets and the report into a new workbook."""
    out = BytesIO()
    sheets = [sheet for sheet in book.sheets if not is_report(sheet)]
    names: dict[str, str] = {}
    for sheet in sheets:
        plain = sheet.name.translate(str.maketrans("[]:*?/\\", "()：＊？／＼")).strip("'")[:28] or "表"
        taken = {name.lower() for name in (*names.values(), *report.names)}
        names[sheet.name] = next(
            n for k in range(1000) if (n := plain if not k else f"{plain}_{k}").lower() not in taken
        )
    with new_workbook(out) as target:
        text = target.add_format({"num_format": "@"})
        fills = {severity: target.add_format({"bg_color": f"#{argb[2:]}"}) for severity, argb in FILLS.items()}
        quoted, bold = target.add_format({"quote_prefix": True}), target.add_format({"bold": True})
        wrapped = target.add_format({"text_wrap": True, "valign": "top"})
        struck = target.add_format({"num_format": "@", "font_strikeout": True})
        listed = target.add_worksheet(report.names[0])
        listed.freeze_panes(1, 0)
        for column, (title, width) in enumerate(report.columns):
            listed.set_column(column, column, width)
            listed.write_string(0, column, title, bold)
        for row, texts in enumerate(report.lines(), 1):
            for column, words in enumerate(texts):
                if words:
                    look = quoted if words[0] in "=+-@" else wrapped if column in report.wrapped else None
                    listed.write_string(row, column, words[:32_000], look)
        for sheet in sheets:
            made, here = target.add_worksheet(names[sheet.name]), dict(marks.get(sheet.name, {}))
            _merge_and_hide(made, sheet)
            for number, cells in enumerate(sheet.rows, sheet.top):
                if number in sheet.hidden_rows:
                    made.set_row(number, None, None, {"hidden": True})
                for column, words in enumerate(cells, sheet.left):
                    mark = here.pop((number, column), None)
                    if words or mark:
                        faded = struck if (number, column) in sheet.faded else text
                        look = fills[mark.severity] if mark else faded
                        made.write_string(number, column, words[:32_000], look) if words else made.write_blank(
                            number, column, None, look
                        )
                    if mark:
                        made.write_comment(number, column, mark.text[:32_000], {"author": AUTHOR, "x_scale": 2})
            for (number, column), mark in here.items():
                made.write_comment(number, column, mark.text[:32_000], {"author": AUTHOR, "x_scale": 2})
    return out.getvalue()


def _merge_and_hide(made: "Worksheet", sheet: SourceSheet) -> None:
    """Merge and hide in a copy what was merged and hidden, so that it is read again as what it was."""
    # `merge_range` writes all rows at once, which a workbook written row by row cannot.
    made.merge += [[*first, *last] for first, last in sheet.merges if first != last]
    for column in sheet.hidden_columns:
        made.set_column(column, column, None, None, {"hidden": True})
