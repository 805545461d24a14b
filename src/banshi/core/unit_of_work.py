"""Unit of work: the append-only rows of one act, inserted together just before its transaction ends."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction

from banshi.core.prepared import insert, insert_together

Place = tuple[Any, tuple[str, ...]]


@dataclass(slots=True)
class _Unit:
    """`place` is the connection and its savepoints, by which a part that may still be rolled back alone is told."""

    place: Place
    rows: dict[type[models.Model], list[Any]] = field(default_factory=dict)


_open: ContextVar[_Unit | None] = ContextVar("unit_of_work", default=None)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Open a transaction whose ledger entries and events are inserted at its end, by one statement where the database takes that.

    One that is part of another hands its rows on to that when it has succeeded.
    """
    whole = _open.get()
    if whole is not None and whole.place != _place():
        whole = None
    with transaction.atomic():
        unit = _Unit(_place())
        before = _open.set(unit)
        try:
            yield
        finally:
            _open.reset(before)
        if whole is None:
            insert_together(unit.rows)
    if whole is not None:
        for model, rows in unit.rows.items():
            whole.rows.setdefault(model, []).extend(rows)


def append(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Insert rows that are never read again in their act, at once or with the unit of work that is open here."""
    unit = _open.get()
    if unit is not None and unit.place == _place():
        unit.rows.setdefault(model, []).extend(rows)
    else:
        insert(rows)


def _place() -> Place:
    connection = transaction.get_connection()
    return connection, tuple(each for each in connection.savepoint_ids if each)
