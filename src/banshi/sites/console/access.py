"""Access checks of the console, and objects by key."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from banshi.core.errors import Missing

M = TypeVar("M", bound=Model)


def found(rows: QuerySet[M], **by: object) -> M:
    """Return the one row, or Missing."""
    storable = all(not isinstance(value, int) or value < 2**63 for value in by.values())
    row = rows.filter(**by).first() if storable else None
    if row is None:
        raise Missing("没有找到您要的内容", remedy="它可能已被删除，或地址不对。")
    return row
