"""The checked workbook back: cells coloured and commented as they were found, a sheet of all findings in front."""

from banshi.checker.collect import CheckReport, File, LocatedFinding, rewrite_words
from banshi.checker.coverage import label_of
from banshi.rulebook.enums import Severity
from banshi.spreadsheets.annotated_workbook import MARKED_AT_MOST, annotated
from banshi.spreadsheets.marks import ReportSheet
from banshi.spreadsheets.read_table import CellProblem

SHEETS = ("检查结果", "检查结果（办事）")
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
    """Mark one of the report's files.

    CSV, xls, JSON … come back as xlsx.
    """
    found = [each for each in report.found if each.file == file.name]
    rows = []
    for each in found[:LISTED_AT_MOST]:
        subject, rule = each.subject, each.rule
        rows.append(
            (
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
        )
    listed = ReportSheet(SHEETS, COLUMNS, 6, frozenset((6, 9, 11)), rows, MARKED_AT_MOST)
    return annotated(file.path.read_bytes(), file.book, map(_problem, found), WORDS, listed)


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
