"""A new edition of the reference catalogue from the 梳理表 an upper tier sends, read as departments' own are."""

import re
from collections import Counter
from dataclasses import dataclass

from banshi.catalog.actions.drafts import content_of
from banshi.catalog.codes import BASE, read_code
from banshi.catalog.enums import ItemKind
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import ReferenceItem
from banshi.registers.models import ReferenceEdition
from banshi.registers.queries import newest_editions
from banshi.registers.unified import only_unified
from banshi.spreadsheets.cell_parsers.parsed import CellRemark
from banshi.spreadsheets.cells import tidied, tidied_code
from banshi.spreadsheets.preview import read_items
from banshi.spreadsheets.read_table import ImportSheet
from banshi.spreadsheets.row_assembly import guide_of
from banshi.spreadsheets.vocabulary import item_kind
from banshi.spreadsheets.workbook_reader import SourceWorkbook


@dataclass(frozen=True, slots=True)
class EditionRow:
    """A row to be issued, of a reference item there is or of a new one (`reference` unsaved)."""

    reference: ReferenceItem
    guide: Guide
    last: ReferenceEdition | None

    @property
    def is_new(self) -> bool:
        return self.reference.pk is None


EditionSheet = ImportSheet[EditionRow]


def read_editions(book: SourceWorkbook) -> EditionSheet:
    """Read editions, whose rows are known by their 12-digit code.

    Raises BadInput where no sheet has items.
    """
    found = EditionSheet(book.digest)
    _, tables = read_items(book)
    codes: dict[int, list[str]] = {}
    for table in tables:
        pairs = zip(table.texts("base_code"), table.texts("code"), strict=True)
        given = [tidied_code(base or code) for base, code in pairs]
        codes[id(table)] = [read_code(text).base_code or text for text in given]
    many = Counter(code for some in codes.values() for code in some if code)
    known = {each.base_code: each for each in ReferenceItem.objects.filter(base_code__in=many)}
    newest = newest_editions([each.pk for each in known.values()])
    for table in tables:
        found.problems += table.problems
        for index, code in enumerate(codes[id(table)]):
            wrong = None
            if not code:
                wrong = CellRemark("error", "no_code", "没有基本编码", "参考目录的每一项都要有12位基本编码")
            elif not re.fullmatch(BASE, code):
                wrong = CellRemark("error", "code", "不是12位的基本编码", "如 002011001000")
            elif many[code] > 1:
                wrong = CellRemark("error", "twice", "这个编码在表里有几行", "请合并成一行")
            if wrong:
                found.problems.append(table.cell(index, wrong, "base_code" if table.column("base_code") else "code"))
                continue
            kind = item_kind(table.texts("kind")[index]) or read_code(code).kind or ItemKind.SERVICE
            name = tidied(table.texts("name")[index])[:200]
            reference = known.get(code) or ReferenceItem(base_code=code, name=name, kind=kind)
            guide = guide_of(table, index, str(kind))
            guide, last = only_unified(guide), newest.get(reference.pk)
            if last and content_of(guide) == last.content:
                found.unchanged += 1
            else:
                found.rows.append(EditionRow(reference, guide, last))
    found.problems.sort(key=lambda each: (each.sheet, each.row, each.column))
    return found
