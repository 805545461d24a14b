"""The checked workbook back: cells coloured and commented as they were found, a sheet of all findings in front."""

from openpyxl.styles import Alignment, Font

from banshi.checker.collect import CheckReport, File, LocatedFinding, rewrite_words
from banshi.checker.coverage import label_of
from banshi.rulebook.enums import Severity
from banshi.spreadsheets.annotated_workbook import MARKED_AT_MOST, bytes_of, mark_cells, original, write_text
from banshi.spreadsheets.cells import column_letter, is_formula
from banshi.spreadsheets.read_table import CellProblem

SHEETS = ("检查结果", "检查结果（办事）", "检查结果2")
FILLS = {Severity.MUST: "error", Severity.SHOULD: "doubt", Severity.HINT: "note"}
WORDS = {FILLS[severity]: str(severity.label) for severity in Severity}
LISTED_AT_MOST = 100_000
COLUMNS = (
    ("工作表", 14),
    ("单元格", 9),
    ("程度", 7),
    ("事项", 34),
    ("单位", 20),
    ("要素", 18),
    ("问题", 54),
    ("原文", 34),
    ("处置意见", 12),
    ("可以这样改", 30),
    ("规则", 9),
    ("规则说的", 40),
    ("依据", 44),
)


def checked_workbook(report: CheckReport, file: File) -> bytes:
    """Of one of the report's files. CSV, xls, JSON … come back as xlsx."""
    found = [each for each in report.found if each.file == file.name]
    workbook = original(file.path.read_bytes(), file.book)
    mark_cells(workbook, [_problem(each) for each in found], WORDS)
    found = found[:LISTED_AT_MOST]
    sheet = workbook.create_sheet(next(name for name in SHEETS if name not in workbook.sheetnames), 0)
    for column, (title, width) in enumerate(COLUMNS, 1):
        write_text(sheet, 1, column, title).font = Font(bold=True)
        sheet.column_dimensions[column_letter(column - 1)].width = width
    for number, each in enumerate(found, 2):
        subject, rule = each.subject, each.rule
        texts = (
            each.spot.sheet,
            each.spot.cell,
            str(rule.severity.label),
            subject.name if subject else "",
            subject.about.organ[:300] if subject else "",
            label_of(each.path) if each.path else "",
            each.message,
            each.quote,
            rule.disposition,
            rewrite_words(each.rewrite) or each.advice,
            rule.code,
            rule.sentence,
            "；".join(rule.basis),
        )
        for column, text in enumerate(texts, 1):
            cell = write_text(sheet, number, column, text)
            cell.quotePrefix = is_formula(text)
            if column in (7, 10, 12):
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        if each.spot.column >= 0 and number <= MARKED_AT_MOST and each.spot.sheet in workbook.sheetnames:
            place = each.spot.sheet.replace("'", "''")
            sheet.cell(number, 2).hyperlink = f"#'{place}'!{each.spot.cell}"
            sheet.cell(number, 2).font = Font(color="FF0B57B7", underline="single")
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{column_letter(len(COLUMNS) - 1)}{max(len(found) + 1, 2)}"
    workbook.active = 0
    return bytes_of(workbook)


def _problem(found: LocatedFinding) -> CellProblem:
    spot = found.spot
    return CellProblem(
        spot.sheet,
        spot.row,
        spot.column,
        FILLS[found.rule.severity],
        found.rule.code,
        f"{found.message}（{found.rule.code}）",
        rewrite_words(found.rewrite) or found.advice,
        found.quote,
    )
