"""An element as the text of a cell, written so that reading it again gives the same element."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import TextChoices
from pydantic import BaseModel

from banshi.catalog.enums import CopyKind, TimeUnit
from banshi.catalog.guide.document import (
    Basis,
    Condition,
    Contact,
    DeclaredField,
    Faq,
    Fee,
    Guide,
    Material,
    Place,
    SpecialProcedure,
    Step,
    TimeLimit,
)
from banshi.law.citations import Citation, write_citation


def cell_text(guide: Guide, target: str) -> str:
    """Return the guide's element at `target` (summary, consult.phone, fees.standard), "" when empty."""
    name, _, inner = target.partition(".")
    value = getattr(guide, name, None)
    if inner:
        value = value[0] if isinstance(value, list) and value else value
        return value_text(getattr(value, inner, None)) if isinstance(value, BaseModel) else ""
    if name == "materials" and not value and guide.no_materials:
        return "无需提交材料"
    if name == "fees" and not value and guide.charged is False:
        return "不收费"
    return value_text(value)


def value_text(value: Any) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return "是" if value else "否"
        case TextChoices():
            return str(value.label)
        case TimeLimit():
            return limit_text(value)
        case Contact():
            return contact_text(value)
        case list():
            return rows_text(value)
    return str(value)


def limit_text(limit: TimeLimit) -> str:
    if limit.immediate:
        return "当场办结"
    if limit.value is None:
        return limit.text
    unit = {TimeUnit.WORKING_DAY: "个工作日", TimeUnit.DAY: "个自然日", TimeUnit.MONTH: "个月"}.get(
        limit.unit, limit.unit.label
    )
    return f"{limit.value}{unit}"


def contact_text(contact: Contact) -> str:
    ways = "、".join(way.label for way in contact.ways)
    return ";".join(part for part in (contact.phone, contact.address, contact.url, ways) if part)


def rows_text(rows: Sequence[Any] | None) -> str:
    """Write a table, or a list of words, in one cell (bases by ;, questions in pairs, the rest as numbered lines)."""
    if not rows:
        return ""
    first = rows[0]
    if isinstance(first, Basis):
        return ";".join(_ROW_TEXT[Basis](row) for row in rows)
    if isinstance(first, Faq):
        return "\n".join(f"问：{row.question}\n答：{row.answer}" for row in rows)
    if isinstance(first, BaseModel):
        write = _ROW_TEXT[type(first)]
        return (
            "\n".join(f"{number}. {write(row)}" for number, row in enumerate(rows, 1))
            if len(rows) > 1
            else write(first)
        )
    texts = [value_text(each) for each in rows]
    return ("\n" if any(re.search("[、,\uff0c;\uff1b]", text) for text in texts) else "、").join(texts)


def _basis(row: Basis) -> str:
    return write_citation(Citation(row.title, row.doc_no, row.articles, row.text))


_COPY_WORDS = {CopyKind.ORIGINAL: "原件", CopyKind.COPY: "复印件", CopyKind.BOTH: "原件和复印件"}


def _material(row: Material) -> str:
    how = (_COPY_WORDS.get(row.copy_kind, "") if row.copy_kind else "") + (f"{row.copies}份" if row.copies else "")
    return f"{row.name}({how})" if how else str(row.name)


def _step(row: Step) -> str:
    limit = limit_text(row.limit)
    return f"{row.name}{f'({limit})' if limit else ''}{f':{row.note}' if row.note else ''}"


def _named(first: str, second: str) -> Callable[[Any], str]:
    def write(row: BaseModel) -> str:
        name, more = getattr(row, first), getattr(row, second)
        return f"{name}:{more}" if name and more else str(name or more)

    return write


_ROW_TEXT: dict[type[BaseModel], Callable[[Any], str]] = {
    Basis: _basis,
    Condition: lambda row: str(row.text),
    Material: _material,
    Step: _step,
    SpecialProcedure: lambda row: str(row.name),
    DeclaredField: lambda row: str(row.label),
    Fee: _named("name", "standard"),
    Place: _named("name", "address"),
    Faq: lambda row: f"问：{row.question} 答：{row.answer}",
}
