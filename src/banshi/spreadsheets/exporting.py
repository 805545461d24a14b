"""目录表 and 梳理表 as workbooks that departments fill in and send back, and blank ones to begin with.

Written row by row (constant memory), every text as text: nothing in a guide can become a formula. What is exported is
read again without loss; the hidden last column 事项标识 tells which item a row is.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from django.db.models import QuerySet, TextChoices

from banshi.catalog.enums import ItemKind
from banshi.catalog.guide.document import Contact, Guide, TimeLimit
from banshi.catalog.guide.elements import Need
from banshi.catalog.models import Category, Item, Publication
from banshi.catalog.queries import newest_revisions
from banshi.documents.workbook import CELL_AT_MOST, HEAD, RULED, new_workbook
from banshi.spreadsheets.cell_format import cell_text, limit_text, value_text
from banshi.spreadsheets.cells import is_formula
from banshi.spreadsheets.fields import Field, detail_fields, fields, tables

if TYPE_CHECKING:
    from banshi.documents.workbook import Format, Workbook, Worksheet

    Formats = dict[str, Format]


AT_ONCE = 500
BLANK_ROWS = 2_000
LISTS = "代码表"
ABOUT = "填表说明"
YES_NO = ("是", "否")

DIRECTORY = (
    "number", "name", "category", "organ", "organ_code", "undertaker", "kind", "code", "audience", "bases", "handle_forms",
    "promised_limit", "charged", "online", "notes", "guid",
)  # fmt: skip
WIDTHS = {
    "number": 6,
    "name": 36,
    "organ": 24,
    "organ_code": 22,
    "code": 34,
    "bases": 44,
    "notes": 30,
    "summary": 36,
    "guid": 38,
}
_ITEM = ("number", "name", "category", "organ", "organ_code", "kind", "code")
ROWS_OF_OTHERS: tuple[type, ...] = (TimeLimit, Contact)


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One item as it is exported."""

    number: int
    item: Item
    guide: Guide

    def text(self, target: str) -> str:
        own = _OWN.get(target)
        if own:
            return own(self)
        element = fields()[target].element
        value = getattr(self.guide, target, None)
        if element and isinstance(value, TimeLimit) and target in _scrutiny_targets():
            return limit_text(value) if value.immediate or value.value is not None else ""
        return cell_text(self.guide, target)


_OWN: dict[str, Callable[[ExportRow], str]] = {
    "number": lambda line: str(line.number),
    "name": lambda line: line.guide.name or line.item.name,
    "category": lambda line: line.item.category.name if line.item.category else "",
    "organ": lambda line: line.item.organ.name,
    "organ_code": lambda line: line.item.organ.uscc,
    "kind": lambda line: str(ItemKind(line.item.kind).label),
    "code": lambda line: line.item.code,
    "guid": lambda line: str(line.item.guid),
}


def lines(items: QuerySet[Item], *, published: bool = False) -> Iterator[ExportRow]:
    """Yield items with their newest guide (or, `published`, what is in force of them), by organ and number, chunk by
    chunk.
    """
    found = items.select_related("organ", "category").order_by("organ__division_id", "organ_id", "pk")
    iterator, number = found.iterator(chunk_size=AT_ONCE), 0
    while chunk := list(islice(iterator, AT_ONCE)):
        if published:
            current = Publication.objects.filter(item__in=chunk, until=None).select_related("revision")
            guides = {each.item_id: each.revision.guide for each in current}
        else:
            texts = newest_revisions([item.pk for item in chunk])
            guides = {each.pk: texts[each.pk].guide if each.pk in texts else Guide(name=each.name) for each in chunk}
        for item in chunk:
            if item.pk in guides:
                number += 1
                yield ExportRow(number, item, guides[item.pk])


# 目录表


def write_directory(to: IO[bytes], rows: Iterable[ExportRow], *, title: str) -> int:
    """Write the directory (目录表), one row per item.

    Returns how many items it wrote.
    """
    with new_workbook(to) as book:
        formats = _formats(book)
        sheet = _begin(book, formats, "目录表", title, [fields()[target] for target in DIRECTORY])
        count = 0
        for line in rows:
            _write_row(sheet, formats, 2 + count, [(target, line.text(target)) for target in DIRECTORY])
            count += 1
        _finish(book, sheet, DIRECTORY, fields(), max(count, BLANK_ROWS))
        _write_lists(book)
    return count


def write_csv(to: IO[str], rows: Iterable[ExportRow]) -> int:
    """Write the 目录表 as CSV.

    UTF-8 with its mark for Excel, and no cell that a spreadsheet would run.
    """
    writer = csv.writer(to)
    to.write("\ufeff")
    writer.writerow([fields()[target].label for target in DIRECTORY])
    count = 0
    for line in rows:
        writer.writerow([harmless(line.text(target)) for target in DIRECTORY])
        count += 1
    return count


def harmless(text: str) -> str:
    """Lead a text by an apostrophe that a spreadsheet opening CSV would run."""
    return f"'{text}" if is_formula(text) else text


# 梳理表


@cache
def _scrutiny_targets() -> tuple[str, ...]:
    """List all elements of the guide, flat."""
    # Its tables have sheets of their own.
    own = list(_ITEM)
    for field in fields().values():
        if field.element is None or field.target in (*own, "name"):
            continue
        if field.inner is None:
            own += [field.target] if field.element.rows is not Contact and field.element.kind != "rows" else []
        elif field.element.rows is Contact or (
            field.element.rows is TimeLimit and field.inner.name in ("text", "basis")
        ):
            own.append(field.target)
    return (*own, "guid")


def write_scrutiny(to: IO[bytes], rows: Iterable[ExportRow], *, title: str) -> int:
    """Write the 梳理表, every element of each guide.

    Materials, steps and the other tables have sheets of their own.
    """
    targets = _scrutiny_targets()
    with new_workbook(to) as book:
        formats = _formats(book)
        main = _begin(book, formats, "梳理表", title, [fields()[target] for target in targets])
        details = {table.name: _Detail(book, formats, table.name, table.label) for table in tables()}
        count = 0
        for line in rows:
            _write_row(main, formats, 2 + count, [(target, line.text(target)) for target in targets])
            for detail in details.values():
                detail.write(line)
            count += 1
        _finish(book, main, targets, fields(), max(count, BLANK_ROWS))
        for detail in details.values():
            detail.finish()
        _write_lists(book)
    return count


def _has_column(field: Field) -> bool:
    """Tell whether a detail sheet shows the field, of a part its elements, of a limit the words beside its figure."""
    part = field.element.rows if field.element and field.element.kind == "part" else None
    if part is TimeLimit:
        return field.inner is None or field.inner.name in ("text", "basis")
    return part is None or field.inner is not None


class _Detail:
    """A sheet with a row for each row of one of the guides' tables."""

    KEYS = ("name", "code", "guid")

    def __init__(self, book: "Workbook", formats: "Formats", table: str, label: str) -> None:
        self.book, self.formats, self.table, self.row = book, formats, table, 2
        own = [field for target, field in detail_fields(table).items() if target.startswith(".")]
        self.columns = list(filter(_has_column, own))
        keys = [detail_fields(table)[key] for key in self.KEYS]
        self.sheet = _begin(
            book, formats, label, f"{label}：每行写一条，用事项名称或编码指明属于哪个事项", [*keys, *self.columns]
        )

    def write(self, line: ExportRow) -> None:
        keys = [(key, line.text(key)) for key in self.KEYS]
        for each in getattr(line.guide, self.table):
            _write_row(
                self.sheet, self.formats, self.row, [*keys, *((f.target, _inner_text(each, f)) for f in self.columns)]
            )
            self.row += 1

    def finish(self) -> None:
        targets = [*self.KEYS, *(field.target for field in self.columns)]
        _finish(self.book, self.sheet, targets, detail_fields(self.table), max(self.row, BLANK_ROWS), hidden=2)


def _inner_text(row: Any, field: Field) -> str:
    assert field.element is not None
    value = getattr(row, field.element.name)
    if field.inner:
        return value_text(getattr(value, field.inner.name))
    if isinstance(value, TimeLimit):
        return limit_text(value) if value.immediate or value.value is not None else ""
    return value_text(value)


# Blank ones


def write_template(to: IO[bytes], form: str, *, title: str) -> None:
    """Write a blank 目录表 ("directory") or 梳理表 ("scrutiny"), as an export of nothing."""
    (write_directory if form == "directory" else write_scrutiny)(to, (), title=title)


# How the sheets look


def _formats(book: "Workbook") -> "Formats":
    head = {**RULED, **HEAD, "border": 1, "align": "center"}
    return {
        "title": book.add_format(
            {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "font_name": "黑体"}
        ),
        "head": book.add_format(head),
        "must": book.add_format({**head, "font_color": "#B3261E"}),
        "cell": book.add_format({**RULED, "num_format": "@"}),
    }


def _begin(book: "Workbook", formats: "Formats", name: str, title: str, columns: Sequence[Field]) -> "Worksheet":
    """Write title and header rows, and set up printing."""
    # Rows follow from the third.
    sheet = book.add_worksheet(name[:31])
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.freeze_panes(2, 2 if columns[0].target == "number" else 1)
    for place, field in enumerate(columns):
        if field.target in WIDTHS:
            width = WIDTHS[field.target]
        else:
            width = 36 if field.leaf and field.leaf.kind == "text" else max(12, min(24, len(field.label) * 2 + 2))
        sheet.set_column(place, place, width, formats["cell"], {"hidden": field.target == "guid"})
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, title, formats["title"])
    sheet.set_row(1, 32)
    for place, field in enumerate(columns):
        must = field.target == "name" or (field.leaf is not None and field.leaf.need is Need.MUST)
        sheet.write_string(1, place, field.label, formats["must" if must else "head"])
    return sheet


def _write_row(sheet: "Worksheet", formats: "Formats", row: int, cells: Sequence[tuple[str, str]]) -> None:
    """Write a row without texts too long for a cell."""
    # A blank cell changes nothing when it comes back.
    for place, (_, text) in enumerate(cells):
        if text and len(text) <= CELL_AT_MOST:
            sheet.write_string(row, place, text, formats["cell"])
        else:
            sheet.write_blank(row, place, None, formats["cell"])


def _finish(
    book: "Workbook", sheet: "Worksheet", targets: Sequence[str], known: dict[str, Field], last: int, *, hidden: int = 0
) -> None:
    sheet.autofilter(1, 0, max(last, 2), len(targets) - 1)
    for place, target in enumerate(targets):
        if rule := _validation(known[target]):
            sheet.data_validation(2, place, last + 2, place, rule)


def _validation(field: Field) -> dict[str, object] | None:
    """Offer a dropdown where the cell takes one of a list, a hint where it takes several."""
    # Other texts are warned of, not refused.
    hint = _hint(field)
    source = _source(field)
    if source is None:
        return {"validate": "any", "input_title": field.label[:32], "input_message": hint} if hint else None
    rule: dict[str, object] = {
        "validate": "list",
        "source": source,
        "error_type": "warning",
        "error_title": "不在选项里",
    }
    rule["error_message"] = "导入时会作为疑问提出。仍要这样填吗？"
    if hint:
        rule |= {"input_title": field.label[:32], "input_message": hint}
    return rule


def _hint(field: Field) -> str:
    element = field.leaf
    if element is None:
        return ""
    several = (
        f"可填几个，用“、”隔开：{'、'.join(str(c.label) for c in element.choices)}"
        if element.kind == "choices" and element.choices
        else ""
    )
    return (element.help or several)[:255]


def _source(field: Field) -> str | list[str] | None:
    if field.target in ("category", "kind"):
        return f"={LISTS}!${_list_column(field.target)}$2:${_list_column(field.target)}$200"
    element = field.leaf
    if element is None:
        return None
    if element.kind == "yes_no":
        return list(YES_NO)
    if element.kind == "choice" and element.choices:
        return _labels(element.choices)
    return None


def _list_column(target: str) -> str:
    return {"category": "A", "kind": "B"}[target]


def _labels(choices: type[TextChoices]) -> list[str]:
    return [str(choice.label) for choice in choices]


def _write_lists(book: "Workbook") -> None:
    """Write the lists behind the long dropdowns on a hidden sheet."""
    sheet = book.add_worksheet(LISTS)
    columns = (("事项类别", list(Category.objects.values_list("name", flat=True))), ("事项类型", _labels(ItemKind)))
    for row in range(max(len(names) for _, names in columns) + 1):
        for place, (title, names) in enumerate(columns):
            text = title if row == 0 else (names[row - 1] if row <= len(names) else "")
            if text:
                sheet.write_string(row, place, text)
    sheet.hide()
