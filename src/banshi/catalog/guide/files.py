"""Files a guide names: blank forms, filled samples, a sample of the result."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import Element, elements

PURPOSE = "guide"
"""The purpose such files are stored under; no other stored file is opened by being named."""


def files_of(guide: Guide) -> Iterator[UUID]:
    """Yield the guids of the stored files the guide names.

    What is no guid (an import's remark) names none.
    """
    for value in _values(guide):
        try:
            yield UUID(value)
        except ValueError:
            continue


def _values(document: BaseModel) -> Iterator[str]:
    for element in _with_files(type(document)):
        value: Any = getattr(document, element.name)
        if element.kind == "rows":
            yield from (inner for row in value for inner in _values(row))
        elif value:
            yield value


@cache
def _with_files(document: type[BaseModel]) -> tuple[Element, ...]:
    return tuple(
        each
        for each in elements(document)
        if each.file or (each.kind == "rows" and each.rows and _with_files(each.rows))
    )
