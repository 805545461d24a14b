"""An import shown before it is made. Reads the database, writes nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from banshi.catalog.guide.differences import differences
from banshi.catalog.models import Publication, Revision
from banshi.catalog.queries import newest_revisions
from banshi.core.errors import BadInput
from banshi.core.gc_pause import uncollected
from banshi.core.json_types import JsonObject
from banshi.core.progress import Progress, no_progress
from banshi.spreadsheets.cell_corrections import corrected_book, read_corrections
from banshi.spreadsheets.cell_parsers.parsed import DOUBT, ERROR, NOTE, REMARK_WORDS, CellRemark
from banshi.spreadsheets.cells import column_letter
from banshi.spreadsheets.column_mapping import NOTHING, TableMapping, map_columns
from banshi.spreadsheets.column_reading import read_tables
from banshi.spreadsheets.json_reader import read_structured
from banshi.spreadsheets.organ_matching import Owners
from banshi.spreadsheets.read_table import CellProblem, ReadTable
from banshi.spreadsheets.row_validation import (
    BAD,
    CHANGED,
    LEFT,
    NEW,
    SAME,
    PreviewRow,
    changes_item,
    other_identity,
    validate_rows,
)
from banshi.spreadsheets.table_detection import find_tables, is_report
from banshi.spreadsheets.workbook_reader import SourceSheet, SourceWorkbook

AT_ONCE = 500
PROBLEMS_SHOWN = 200
"""So many of each kind are kept for the page; the marked workbook has them all."""
SAMPLE_ROWS = 6
CELLS_NAMED = 8
ROWS_SHOWN, DIFFERENCES_SHOWN, TEXT_SHOWN = 300, 30, 300
UNREAD_ROWS, UNREAD_COLUMNS = 10, 26
NOT_IN_USE = CellRemark(
    ERROR, "state", "这个事项已暂停、取消或并入其他事项，不能用导入来修改", "请先恢复办理，或删去这一行"
)
LEFT_AS_IT_IS = CellRemark(DOUBT, "state", "这个事项已暂停、取消或并入其他事项；表里没有改动，不导入这一行")


BY_ADJUSTMENT = "公布过的事项，编码、类型、类别要在事项页面申请调整，审核通过后随新的一版生效"
IDENTITY_CELLS = {"编码": "code", "类型": "kind", "类别": "category"}


class NoTable(BadInput):
    """A book that can be read, but in which nobody recognises a table of items: a person can point at it."""

    def __init__(self, message: str, book: SourceWorkbook, *, where: str, remedy: str) -> None:
        super().__init__(message, where=where, remedy=remedy)
        self.book = book


@dataclass
class Preview:
    """The mapping chosen, what each row would become, and every problem at its cell."""

    book: SourceWorkbook
    mappings: list[TableMapping]
    tables: list[ReadTable]
    rows: list[PreviewRow]
    owners: Owners
    problems: list[CellProblem] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        outcomes = Counter(row.outcome for row in self.rows)
        severities = Counter(problem.severity for problem in self.problems)
        return {
            "rows": len(self.rows),
            "new": outcomes[NEW],
            "changed": outcomes[CHANGED],
            "same": outcomes[SAME],
            "bad": outcomes[BAD],
            "left": outcomes[LEFT],
            "skipped": sum(len(table.skipped) for table in self.tables),
            "organs_to_create": len(self.new_organs),
            "errors": severities[ERROR],
            "doubts": severities[DOUBT],
            "notes": severities[NOTE],
        }

    @property
    def new_organs(self) -> list[str]:
        return list(
            dict.fromkeys(row.owner.new for row in self.rows if row.owner.new and row.outcome not in (BAD, LEFT))
        )

    @property
    def errors(self) -> list[CellProblem]:
        return [problem for problem in self.problems if problem.severity == ERROR]

    @property
    def unread(self) -> list[SourceSheet]:
        return unread_sheets(self.book, self.mappings)

    def by_kind(self) -> dict[str, int]:
        """Count problems by kind, in the order of gravity."""
        gravity = {ERROR: 0, DOUBT: 1, NOTE: 2}
        worst: dict[str, int] = {}
        for problem in self.problems:
            worst[problem.code] = min(worst.get(problem.code, 9), gravity[problem.severity])
        counted = Counter(problem.code for problem in self.problems)
        return {code: counted[code] for code in sorted(counted, key=lambda code: (worst[code], -counted[code]))}

    def as_json(self) -> JsonObject:
        return {
            "file": self.book.name,
            "digest": self.book.digest,
            "format": self.book.format,
            "mapping": mapping_json(self.mappings),
            "hidden_sheets": self.book.hidden,
            "unread_sheets": [{"sheet": sheet.name, "rows": len(sheet.rows)} for sheet in self.unread],
            "counts": self.counts,
            "kinds": {code: {"label": REMARK_WORDS[code], "count": n} for code, n in self.by_kind().items()},
            "skipped_rows": [
                {"sheet": table.sheet, "row": each.row + 1, "reason": each.reason, "text": each.text}
                for table in self.tables
                for each in table.skipped
            ],
            "organs_to_create": self.new_organs,
            "problems": [problem.as_json() for problem in self.problems],
        }


def mapping_json(mappings: Sequence[TableMapping]) -> dict[str, object]:
    """Write the mappings as a person may correct them and hand them back."""
    return {
        "tables": [
            {
                "sheet": mapping.table.sheet,
                "role": mapping.role,
                "header_rows": [row + 1 for row in mapping.table.header_rows],
                "hidden_rows": mapping.table.hidden_rows,
                "read_hidden": mapping.table.reads_hidden,
                "columns": {column_letter(choice.column): choice.target for choice in mapping.choices},
                "chosen": [
                    {"header": c.header, "target": c.target, "score": c.score, "reason": c.reason}
                    for c in mapping.choices
                ],
            }
            for mapping in mappings
        ]
    }


def summary(found: Preview) -> JsonObject:
    """Summarise counts, the first problems of each kind and a sample of each table, enough to show without reading
    again.
    """
    whole = found.as_json()
    del whole["problems"]
    shown, seen = [], Counter[str]()
    for problem, cells in alike(found.problems):
        seen[problem.code] += 1
        if seen[problem.code] <= PROBLEMS_SHOWN:
            shown.append({**problem.as_json(), "cells": cells[:CELLS_NAMED], "count": len(cells)})
    return {
        **whole,
        "problems": shown,
        "rows": rows_to_choose(found),
        "samples": [_sample(found, number) for number in range(len(found.mappings))],
        "unread": [first_rows(sheet) for sheet in found.unread],
    }


def alike(problems: Iterable[CellProblem]) -> list[tuple[CellProblem, list[str]]]:
    """Group remarks by what they say, each with all its cells, the gravest first."""
    cells: dict[tuple[str, str, str, str], list[str]] = {}
    first: dict[tuple[str, str, str, str], CellProblem] = {}
    for problem in problems:
        key = (problem.sheet, problem.severity, problem.message, problem.proposal)
        first.setdefault(key, problem)
        cells.setdefault(key, []).append(problem.cell)
    gravity = {ERROR: 0, DOUBT: 1, NOTE: 2}
    return sorted(((first[key], cells[key]) for key in first), key=lambda pair: gravity[pair[0].severity])


def rows_to_choose(found: Preview) -> list[dict[str, object]]:
    """List rows a person may leave out, those that change items first, with what they change of what is in force."""
    order = {CHANGED: 0, NEW: 1, BAD: 2, LEFT: 3}
    rows = sorted((row for row in found.rows if row.outcome in order), key=lambda row: order[row.outcome])
    shown = rows[:ROWS_SHOWN]
    keys = [row.known.pk for row in shown if row.known and row.outcome == CHANGED]
    texts, standing = newest_revisions(keys), in_force_of_items(keys)
    return [
        {
            "place": row.place,
            "sheet": row.table.sheet,
            "number": row.number,
            "name": row.name,
            "outcome": row.outcome,
            "guid": str(row.known.guid) if row.known else "",
            "published": bool(row.known and row.known.pk in standing),
            "found": _changes(row, texts, standing) if row.known and row.outcome == CHANGED else [],
        }
        for row in shown
    ]


def _changes(row: PreviewRow, texts: dict[int, Revision], standing: dict[int, Publication]) -> list[dict[str, str]]:
    """Compare the text in force (or drafted, where there is none) with that of the draft to be."""
    assert row.known is not None
    text = texts.get(row.known.pk)
    if text is None:
        return []
    publication = standing.get(row.known.pk)
    before = publication.revision.guide if publication else text.guide
    return [
        {"label": each.label, "sign": each.sign, "old": each.old_text[:TEXT_SHOWN], "new": each.new_text[:TEXT_SHOWN]}
        for each in differences(before, row.guide(text.guide))[:DIFFERENCES_SHOWN]
    ]


def in_force_of_items(items: Sequence[int]) -> dict[int, Publication]:
    found = Publication.objects.filter(item__in=items, until=None).select_related("revision").order_by()
    return {each.item_id: each for each in found}


def _sample(found: Preview, number: int) -> dict[str, object]:
    table = found.mappings[number].table
    columns = [choice.column - table.left for choice in found.mappings[number].choices]
    rows = [
        {"row": table.numbers[i] + 1, "cells": [row[column][:80] for column in columns]}
        for i, row in enumerate(table.rows[:SAMPLE_ROWS])
    ]
    return {"sheet": table.sheet, "rows": rows, "count": len(table.rows)}


def first_rows(sheet: SourceSheet) -> dict[str, object]:
    """Take the top left of an unrecognised sheet, enough for a person to point at its header."""
    width = min(sheet.width, UNREAD_COLUMNS)
    rows = [
        {"row": number + sheet.top + 1, "cells": [text[:40] for text in (row + [""] * width)[:width]]}
        for number, row in enumerate(sheet.rows[:UNREAD_ROWS])
    ]
    letters = [column_letter(sheet.left + column) for column in range(width)]
    return {"sheet": sheet.name, "letters": letters, "rows": rows, "count": len(sheet.rows)}


def preview(
    book: SourceWorkbook, owners: Owners, *, corrected: JsonObject | None = None, progress: Progress = no_progress
) -> Preview:
    """Read and validate a whole file.

    `corrected` is the mapping as a person corrected it.
    """
    with uncollected():
        mappings: list[TableMapping] = []
        if corrections := (corrected or {}).get("cells"):
            book = corrected_book(book, read_corrections(corrections))
        if book.format == "json":
            tables = [read_structured(book)]
        else:
            mappings, tables = read_items(book, corrected=corrected, progress=progress)
        options = corrected or {}
        rows, problems = validate_rows(tables, owners, set(options.get("leave", ())))
        for row in rows:
            row.replace = bool(options.get("replace"))
            if row.known and options.get("leave_known"):
                row.outcome = LEFT
        problems += [problem for table in tables for problem in table.problems]
        left = {(row.table.sheet, row.table.numbers[row.index]) for row in rows if row.outcome == LEFT}
        problems = [problem for problem in problems if (problem.sheet, problem.row) not in left]
        bad = {(problem.sheet, problem.row) for problem in problems if problem.severity == ERROR}
        for row in rows:
            if (row.table.sheet, row.table.numbers[row.index]) in bad:
                row.outcome = BAD
        announced: set[str] = set()
        for row in rows:
            if row.outcome != LEFT and row.owner.new and row.owner.new not in announced:
                announced.add(row.owner.new)
                new_organ = CellRemark(NOTE, "new_organ", f"将新建单位“{row.owner.new}”")
                problems.append(row.table.cell(row.index, new_organ, "organ"))
        known = [row for row in rows if row.known and row.outcome not in (BAD, LEFT)]
        revisions = newest_revisions([row.known.pk for row in known if row.known])
        for row in known:
            assert row.known is not None
            revision = revisions.get(row.known.pk)
            existing = revision.guide if revision else None
            if row.known.published and (labels := other_identity(row)):
                told = CellRemark(DOUBT, "identity", f"{'、'.join(labels)}与公布的不同，导入不改", BY_ADJUSTMENT)
                problems.append(row.table.cell(row.index, told, IDENTITY_CELLS[labels[0]]))
            changed = existing is None or row.guide(existing) != existing or changes_item(row)
            row.outcome = CHANGED if changed else SAME
            if row.known.state != "active":
                row.outcome = BAD if changed else SAME
                problems.append(row.table.cell(row.index, NOT_IN_USE if changed else LEFT_AS_IT_IS, "name"))
            elif changed:
                draft = revision is not None and revision.state == Revision.State.DRAFT
                message = (
                    "已有这个事项，将修改它的草稿"
                    if draft
                    else "已有这个事项，将为它新建一份草稿，公布前不影响现有指南"
                )
                problems.append(row.table.cell(row.index, CellRemark(NOTE, "existing", message), "name"))
        problems.sort(key=lambda p: (p.sheet, p.row, p.column))
        return Preview(book, mappings, tables, rows, owners, problems)


def read_items(
    book: SourceWorkbook, *, corrected: dict[str, object] | None = None, progress: Progress = no_progress
) -> tuple[list[TableMapping], list[ReadTable]]:
    """Detect, map and read every items table of a workbook.

    Raises BadInput where there is none.
    """
    mappings = map_columns(find_tables(book, corrected), corrected)
    tables = read_tables(mappings, fill_blanks=not book.knows_merges, progress=progress)
    if any(len(table) for table in tables):
        return mappings, tables
    if any(mapping.role != NOTHING for mapping in mappings):
        raise BadInput("表头下面没有事项", where=book.name, remedy="请检查是不是空白模板。")
    raise NoTable(
        "没有找到事项表格：各工作表里都认不出“事项名称”一列",
        book,
        where="、".join([book.name, *(sheet.name for sheet in book.sheets)][:6]),
        remedy="请检查表头是否在前 80 行内，或下载空白模板，把内容贴进去再导入。",
    )


def unread_sheets(book: SourceWorkbook, mappings: Sequence[TableMapping]) -> list[SourceSheet]:
    """List sheets with something in them, but no table anybody recognised."""
    read = {mapping.table.sheet for mapping in mappings}
    return [sheet for sheet in book.sheets if sheet.rows and sheet.name not in read and not is_report(sheet)]
