"""Pages by key set: the next page begins after the last row shown, so every page costs the same."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property, partial, reduce
from operator import or_
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict


class Page:
    """One page of `rows` in the order `by` (the last of which must be unique); reads `after` or `before` of the address."""

    def __init__(self, rows: QuerySet[Any], asked: QueryDict, *, by: Sequence[str], size: int = 20) -> None:
        self.by, self.size, self.asked = tuple(by), size, asked
        self.backward = "before" in asked
        self.mark = _read(asked.get("before") or asked.get("after") or "", len(self.by))
        order = (
            [(each[1:] if each.startswith("-") else f"-{each}") for each in self.by] if self.backward else list(self.by)
        )
        self._found = rows.order_by(*order)
        if self.mark:
            try:
                self._found = self._found.filter(_beyond(order, self.mark))
            except (ValueError, TypeError, ValidationError):  # a mark nobody here wrote
                self.mark = []

    @cached_property
    def _fetched(self) -> list[Any]:
        return list(self._found[: self.size + 1])

    @cached_property
    def rows(self) -> list[Any]:
        shown = self._fetched[: self.size]
        return shown[::-1] if self.backward else shown

    @property
    def before(self) -> str:
        more = len(self._fetched) > self.size if self.backward else bool(self.mark)
        return self._address("before", self.rows[0]) if more and self.rows else ""

    @property
    def after(self) -> str:
        more = bool(self.mark) if self.backward else len(self._fetched) > self.size
        return self._address("after", self.rows[-1]) if more and self.rows else ""

    def _address(self, way: str, row: Model | dict[str, Any]) -> str:
        query = self.asked.copy()
        for each in ("before", "after"):
            query.pop(each, None)
        value = row.__getitem__ if isinstance(row, dict) else partial(getattr, row)
        query[way] = _written([value(each.lstrip("-")) for each in self.by])
        return query.urlencode()


def _beyond(order: Sequence[str], mark: Sequence[Any]) -> Q:
    """Rows after the mark: equal in the first columns and beyond it in the next."""
    places = range(len(order))
    return reduce(
        or_,
        (
            Q(**{order[i].lstrip("-"): mark[i] for i in range(place)}, **_past(order[place], mark[place]))
            for place in places
        ),
    )


def _past(name: str, value: Any) -> dict[str, Any]:
    return {f"{name[1:]}__lt": value} if name.startswith("-") else {f"{name}__gt": value}


def _written(values: list[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(text: str, many: int) -> list[Any]:
    """The mark of an address; an unreadable one is no mark, and the list begins at its start."""
    try:
        values = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return []
    plain = isinstance(values, list) and len(values) == many and all(isinstance(v, str | int) for v in values)
    return [_value(value) for value in values] if plain else []


def _value(value: str | int) -> Any:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else value
    except ValueError:
        return value
