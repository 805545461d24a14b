"""Files read, their items examined by the plain rule book, each finding at its cell."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from banshi.catalog.codes import read_code
from banshi.catalog.enums import ItemKind
from banshi.checker.coverage import Spot, TableCoverage, general, is_blank, label_of, value_at
from banshi.checker.cross_file import Together, together
from banshi.checker.subject import Subject
from banshi.core.errors import BadInput, Problem
from banshi.core.progress import Progress, no_progress
from banshi.law.loading import shipped_register
from banshi.rulebook.engine import examine, rulebook
from banshi.rulebook.enums import ProposedDisposition, Severity
from banshi.rulebook.rewriting import rewrite_words as proposal_words
from banshi.rulebook.rule import About, Rewrite, Rule
from banshi.spreadsheets.cell_parsers.parsed import DOUBT, ERROR, REMARK_WORDS
from banshi.spreadsheets.cells import is_damaged_number, text_of, tidied
from banshi.spreadsheets.column_mapping import KEEP, NOTHING, TableMapping
from banshi.spreadsheets.json_reader import read_structured
from banshi.spreadsheets.organ_matching import kind_of
from banshi.spreadsheets.preview import read_items, unread_sheets
from banshi.spreadsheets.read_table import ReadTable
from banshi.spreadsheets.row_assembly import guide_of
from banshi.spreadsheets.table_detection import Skipped
from banshi.spreadsheets.vocabulary import item_kind
from banshi.spreadsheets.workbook_reader import SourceWorkbook, read_file

READABLE = frozenset(
    {".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".xlsb", ".et", ".ett", ".ods", ".ots", ".csv", ".json"}
)
QUOTED = 160
ORGAN_LIKE = re.compile(
    r"(?:局|委员会|委|办公室|办|厅|中心|政府|办事处|院|馆|所|站|会|公司|社区|村|镇|乡|街道|学校|银行)$"
)
SAID_OF_TABLES = {ERROR: Severity.MUST, DOUBT: Severity.SHOULD}
"""How much weighs what the reading of a cell remarks; mere notes are left out."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as the report names it: one of the book, or a kind of remark on reading a table (codes BG-…)."""

    code: str
    sentence: str
    severity: Severity
    basis: tuple[str, ...] = ()
    disposition: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class LocatedFinding:
    """A finding at its cell. `subject` is None for what concerns a sheet, not an item."""

    file: str
    spot: Spot
    subject: Subject | None
    rule: RuleLine
    path: str
    quote: str
    message: str
    rewrite: Rewrite | None = None
    advice: str = ""


@dataclass(slots=True)
class Unjudged:
    """Elements for which a sheet has no columns."""

    file: str
    sheet: str
    of: int
    rules: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    items: Counter[str] = field(default_factory=Counter)

    @property
    def labels(self) -> list[str]:
        """Return the elements, those it has for no item first."""
        return list(dict.fromkeys(label_of(path) for path in sorted(self.rules, key=lambda path: -self.items[path])))

    @property
    def partly(self) -> bool:
        """Some items have them: records of which only some have a guide."""
        return any(count < self.of for count in self.items.values())


@dataclass(slots=True)
class File:
    """A file that could be read."""

    name: str
    path: Path
    book: SourceWorkbook
    items: int = 0
    unread: list[tuple[str, int]] = field(default_factory=list)
    """Sheets that no item was read from, with their rows."""
    hidden_columns: list[str] = field(default_factory=list)
    skipped: list[tuple[str, Skipped]] = field(default_factory=list)


@dataclass(slots=True)
class CheckReport:
    """Everything found in the files. `refused` are those that could not be read."""

    day: date
    files: list[File] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    passed_over: list[Path] = field(default_factory=list)
    """Files of a folder that are no tables by their names."""
    read_hidden: bool = False
    subjects: list[Subject] = field(default_factory=list)
    found: list[LocatedFinding] = field(default_factory=list)
    unjudged: list[Unjudged] = field(default_factory=list)
    together: Together = field(default_factory=lambda: together([]))

    @property
    def counts(self) -> Counter[Severity]:
        return Counter(each.rule.severity for each in self.found)

    @property
    def by_rule(self) -> list[tuple[RuleLine, list[LocatedFinding]]]:
        """Rules that were broken, the heaviest and most often broken first."""
        grouped: dict[str, list[LocatedFinding]] = defaultdict(list)
        for each in self.found:
            grouped[each.rule.code].append(each)
        order = list(Severity)
        return sorted(
            ((found[0].rule, found) for found in grouped.values()),
            key=lambda pair: (order.index(pair[0].severity), -len(pair[1])),
        )

    def at_or_above(self, level: Severity) -> int:
        order = list(Severity)
        return sum(n for severity, n in self.counts.items() if order.index(severity) <= order.index(level))


def gather(
    paths: Iterable[Path], day: date, progress: Progress = no_progress, *, read_hidden: bool = False
) -> CheckReport:
    """Examine all files.

    One that can't be read is named, and the others are examined nevertheless.
    """
    report = CheckReport(day, read_hidden=read_hidden)
    rules = rulebook(day, shipped_register())
    lines = {
        rule.code: RuleLine(
            rule.code,
            rule.sentence,
            rule.severity,
            tuple(map(str, rule.basis)),
            str(ProposedDisposition(rule.disposition).label),
            rule.since.isoformat(),
        )
        for rule in rules
    }
    for path in _files(paths, report):
        try:
            _gather_file(path, report, rules, lines, progress)
        except BadInput as error:
            report.refused.append(Problem(error.message, error.where or path.name, str(path), error.remedy))
    progress(0, 1, "对照各文件")
    report.together = together(report.subjects)
    order = list(Severity)
    report.found.sort(key=lambda each: order.index(each.rule.severity))
    return report


def _files(paths: Iterable[Path], report: CheckReport) -> Iterator[Path]:
    """Yield the files themselves."""
    # Of folders, what may be a table within (Office's lock files and hidden ones left out).
    seen: set[Path] = set()
    for path in paths:
        for each in _within(path, report) if path.is_dir() else [path]:
            if each.resolve() not in seen:
                seen.add(each.resolve())
                yield each


def _within(folder: Path, report: CheckReport) -> list[Path]:
    files = sorted(path for path in folder.rglob("*") if not path.name.startswith(("~$", ".")) and path.is_file())
    found = [path for path in files if path.suffix.lower() in READABLE]
    report.passed_over += [path for path in files if path.suffix.lower() not in READABLE]
    if not found:
        remedy = "能检查的有 xlsx、xls、xlsb、et、ods、csv、json。"
        report.refused.append(Problem("文件夹里没有表格", folder.name or str(folder), str(folder), remedy))
    return found


def _gather_file(
    path: Path, report: CheckReport, rules: list[Rule], lines: dict[str, RuleLine], progress: Progress
) -> None:
    progress(0, 1, f"读取 {path.name}")
    book = read_file(path)
    mappings: list[TableMapping] = []
    if book.format == "json":
        tables = [read_structured(book)]
    else:
        mappings, tables = read_items(
            book,
            corrected={"read_hidden": report.read_hidden},
            progress=lambda done, of=0, _="": progress(done, of, f"读取 {path.name}"),
        )
    file = File(path.name if all(each.name != path.name for each in report.files) else str(path), path, book)
    for table in tables:
        subjects = list(_subjects(file.name, table))
        cells = TableCoverage(table, [subject.guide for subject in subjects])
        unjudged = Unjudged(file.name, table.sheet, len(subjects))
        for number, subject in enumerate(subjects):
            subject.cells = cells
            _examine(subject, report, rules, lines, unjudged)
            if number % 50 == 0:
                progress(number, len(subjects), f"检查 {path.name}")
        report.subjects += subjects
        report.found += _remarks(file.name, table, subjects)
        if unjudged.rules:
            report.unjudged.append(unjudged)
        file.items += len(subjects)
        file.skipped += [(table.sheet, each) for each in table.skipped]
    file.unread = [(sheet.name, len(sheet.rows)) for sheet in unread_sheets(book, mappings)]
    file.unread += [(each.table.sheet, len(each.table.rows)) for each in mappings if each.role == NOTHING]
    file.hidden_columns = [
        f"{each.table.sheet}·{choice.header}"
        for each in mappings
        for choice in each.choices
        if choice.column in each.table.hidden_columns and choice.target == KEEP and choice.header
    ]
    report.files.append(file)


# One item


def _subjects(file: str, table: ReadTable) -> Iterator[Subject]:
    organs = _organs(table)
    codes, bases, kinds = table.texts("code"), table.texts("base_code"), table.texts("kind")
    usccs, names = table.texts("organ_code"), table.texts("name")
    for index in range(len(table)):
        code = "" if is_damaged_number(codes[index]) else codes[index]
        read = read_code(code or bases[index])
        kind = item_kind(kinds[index]) or read.kind or ItemKind.SERVICE
        organ = organs[index]
        about = About(str(kind), code, organ, str(kind_of(organ)) if organ else "", usccs[index])
        guide = guide_of(table, index, str(kind))
        name = guide.name or tidied(names[index])[:QUOTED]
        yield Subject(file, table.sheet, table.numbers[index] + 1, name, about, read.base_code, guide, table, index)


def _organs(table: ReadTable) -> Sequence[str]:
    """Name each item's organ, by its column, else the subheading above (一、区民政局), else the 填报单位 line."""
    if table.column("organ"):
        return [tidied(text) for text in table.texts("organ")]
    names, heading = [], ""
    for index in range(len(table)):
        if ORGAN_LIKE.search(above := table.headings.get(index, "")):
            heading = above
        names.append(heading or table.owner_line)
    return names


def _examine(
    subject: Subject, report: CheckReport, rules: list[Rule], lines: dict[str, RuleLine], unjudged: Unjudged
) -> None:
    assert subject.cells
    for finding in examine(subject.guide, rules, subject.about):
        if finding.path in ("code", "uscc", "kind"):
            empty = not getattr(subject.about, finding.path)
        else:
            empty = is_blank(value_at(subject.guide, finding.path))
        uncovered = not finding.rule.always_judged and not subject.cells.covers(finding.path, subject.index)
        if empty and uncovered:
            path = general(finding.path)
            unjudged.rules[path].add(finding.rule.code)
            unjudged.items[path] += 1
        elif not (empty and subject.cells.is_unread(finding.path, subject.index)):
            report.found.append(
                LocatedFinding(
                    subject.file,
                    subject.spot(finding.path),
                    subject,
                    lines[finding.rule.code],
                    finding.path,
                    _short(finding.quote),
                    _short(finding.message, 2 * QUOTED),
                    finding.rewrite,
                )
            )


def _short(text: str, signs: int = QUOTED) -> str:
    text = text_of(text[: signs + 1])
    return text if len(text) <= signs else text[: signs - 1] + "…"


# What reading the cells remarked


def _remarks(file: str, table: ReadTable, subjects: list[Subject]) -> Iterator[LocatedFinding]:
    """Yield damaged codes, limits that can't be read, rows of details that belong to no item …"""
    of_row = {(table.sheet, subject.row - 1): subject for subject in subjects}
    for problem in table.problems:
        if problem.severity in SAID_OF_TABLES:
            severity = SAID_OF_TABLES[problem.severity]
            line = RuleLine(
                f"BG-{problem.code}-{severity.value}", f"表格：{REMARK_WORDS[problem.code]}。", severity, (), "改正"
            )
            spot = Spot(problem.sheet, problem.row, problem.column, problem.cell)
            message = _short(problem.message, 2 * QUOTED)
            yield LocatedFinding(
                file,
                spot,
                of_row.get((problem.sheet, problem.row)),
                line,
                problem.path,
                _short(problem.value),
                message,
                None,
                problem.proposal,
            )


def rewrite_words(rewrite: Rewrite | None) -> str:
    """Write the proposed rewrite as a person says it."""
    return "" if rewrite is None else _short(proposal_words(rewrite))
