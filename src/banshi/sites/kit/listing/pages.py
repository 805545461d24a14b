"""Pages by key set: the next page begins after the last row shown, so every page costs the same and rows keep their place."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

NUMBERS = re.compile(r"\d{1,18}(\.\d{1,18})*", re.ASCII)
LONGEST_MARK = 2000


def first_rows(rows: QuerySet[Any], count: int) -> list[Any]:
    return list(rows[:count])


class KeySet:
    """One page of `rows` in the order `by` (the last of which must be unique), from beyond `mark`, the values of a row.

    Evaluated once, by `fetch`.
    """

    def __init__(
        self,
        rows: QuerySet[Any],
        *,
        by: Sequence[str],
        size: int,
        mark: Sequence[object] = (),
        fetch: Callable[[QuerySet[Any], int], list[Any]] = first_rows,
    ) -> None:
        self.by, self.size, self.fetch = tuple(by), size, fetch
        ordered = rows.order_by(*self.by)
        self.found = ordered.filter(_beyond(self.by, mark)) if mark else ordered

    @cached_property
    def fetched(self) -> list[Any]:
        """One row more than shown tells whether there is a page beyond."""
        return self.fetch(self.found, self.size + 1)

    @property
    def rows(self) -> list[Any]:
        return self.fetched[: self.size]

    @property
    def has_more(self) -> bool:
        return len(self.fetched) > self.size

    def mark_of(self, row: Model | dict[str, Any]) -> list[Any]:
        value = row.__getitem__ if isinstance(row, dict) else partial(getattr, row)
        return [value(each.lstrip("-")) for each in self.by]

    @property
    def next_key(self) -> Any:
        """Return the last row's value of the first column, None on the last page."""
        return self.mark_of(self.rows[-1])[0] if self.has_more else None


class Page:
    """A page of a list as an address asks for it. Reads `ways` of the address: the parameter that leads on, and the one that
    leads back."""

    def __init__(
        self,
        rows: QuerySet[Any],
        asked: QueryDict,
        *,
        by: Sequence[str],
        size: int = 20,
        ways: tuple[str, str] = ("after", "before"),
        fetch: Callable[[QuerySet[Any], int], list[Any]] = first_rows,
    ) -> None:
        self.asked, self.ways = asked, ways
        onward, back = (_read(asked.get(way, ""), len(by)) for way in ways)
        self.backward, self.mark = bool(back), back or onward
        order = [(each[1:] if each.startswith("-") else f"-{each}") for each in by] if self.backward else by
        try:
            self.found = KeySet(rows, by=order, size=size, mark=self.mark, fetch=fetch)
        except (ValueError, TypeError, ValidationError):  # a mark nobody here wrote
            self.backward, self.mark = False, []
            self.found = KeySet(rows, by=by, size=size, fetch=fetch)

    @cached_property
    def rows(self) -> list[Any]:
        return self.found.rows[::-1] if self.backward else self.found.rows

    @property
    def before(self) -> str:
        """Return the address of the page before, "" on the first."""
        more = self.found.has_more if self.backward else bool(self.mark)
        return self._address(self.ways[1], self.rows[0]) if more and self.rows else ""

    @property
    def after(self) -> str:
        """Return the address of the page after, "" on the last."""
        more = bool(self.mark) if self.backward else self.found.has_more
        return self._address(self.ways[0], self.rows[-1]) if more and self.rows else ""

    def _address(self, way: str, row: Model | dict[str, Any]) -> str:
        query = QueryDict(mutable=True)
        for name, values in self.asked.lists():
            if name not in self.ways and (told := [each for each in values if each]):
                query.setlist(name, told)
        query[way] = _written(self.found.mark_of(row))
        return query.urlencode()


def _beyond(order: Sequence[str], mark: Sequence[object]) -> Q:
    """Select rows after the mark: equal in the first columns and beyond it in the next."""
    beyond = Q()
    for place, (name, value) in enumerate(zip(order, mark, strict=True)):
        past = Q(**{f"{name[1:]}__lt": value} if name.startswith("-") else {f"{name}__gt": value})
        beyond |= Q(**{order[i].lstrip("-"): mark[i] for i in range(place)}) & past
    return beyond


def _written(values: list[object]) -> str:
    """Write a cursor as numbers (3.12) or, with texts or moments among them, as JSON in base 64."""
    if all(type(value) is int and value >= 0 for value in values):
        return ".".join(map(str, values))
    plain = [
        value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, UUID) else value
        for value in values
    ]
    return urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(text: str, many: int) -> list[Any]:
    """Read the mark of an address."""
    # An unreadable one is no mark, and the list begins at its start.
    if NUMBERS.fullmatch(text):
        numbers = [int(each) for each in text.split(".")]
        return numbers if len(numbers) == many and numbers[-1] else []
    if len(text) > LONGEST_MARK:
        return []
    try:
        values = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return [_value(each) for each in values] if isinstance(values, list) and len(values) == many else []
    except (ValueError, RecursionError):
        return []


def _value(value: Any) -> int | str | datetime:
    """Take a number, text or moment that every database takes."""
    # Raises ValueError for anything else.
    if isinstance(value, int) and abs(value) < 10**18:
        return value
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    value.encode()  # half a character raises
    try:
        return datetime.fromisoformat(value) if "T" in value else value
    except ValueError:
        return value
