"""Elements as plain text: for search, comparison, spreadsheets and exports."""

from typing import Any

from django.db.models import TextChoices
from pydantic import BaseModel

from banshi.catalog.guide.document import AskedWhen, TimeLimit
from banshi.catalog.guide.elements import Element, elements
from banshi.catalog.guide.form import asked_when
from banshi.catalog.guide.plain_language import limit_words
from banshi.forms.conditions import when_words


def element_text(document: BaseModel, element: Element) -> str:
    """Return the element's value as people would write it, rows on lines of their own.

    Returns "" when empty.
    """
    return value_text(getattr(document, element.name))


def value_text(value: Any) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return "是" if value else "否"
        case TextChoices():
            return str(value.label)
        case TimeLimit():
            return limit_words(value) + (f"({value.basis})" if value.basis else "")
        case AskedWhen():
            return when_words(asked_when(value), value.field) if value.field else ""
        case list():
            if value and isinstance(value[0], BaseModel):
                return "\n".join(f"{number}. {part_text(each)}" for number, each in enumerate(value, 1))
            return "、".join(value_text(each) for each in value)
        case BaseModel():
            return part_text(value)
    return str(value)


def part_text(part: BaseModel) -> str:
    """Write one row or nested part, the first element bare, the others with their labels."""
    words = []
    for place, element in enumerate(elements(type(part))):
        value = getattr(part, element.name)
        text = value_text(value)
        if text and value is not False:
            words.append(text if place == 0 else f"{element.label}：{text}")
    return "；".join(words)
