"""Prepared queries: a QuerySet compiled to SQL once in a process and asked with other keys, on the paths taken most.

Django compiles a QuerySet each time, which for a row with its relations costs more than the database takes to find it.
"""

from collections.abc import Callable
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")
INTEGER, TEXT = 2_146_000_000, "\ue000{}\ue000"
"""What stands in for a value while its query is compiled: nothing a query would say of itself."""
STAND_INS: dict[type, Callable[[int], int | str]] = {int: INTEGER.__add__, str: TEXT.format}


class PreparedQuery(Generic[Row]):
    """A query built of whole numbers and texts, each of which is compared with a column as it is.

    `build` may not look at its values, and is asked once.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self.build = build
        self.compiled: dict[tuple[str, tuple[type, ...]], _Compiled] = {}

    def __call__(self, *values: int | str) -> list[Row]:
        connection = connections["default"]
        key = connection.vendor, tuple(map(type, values))
        if key not in self.compiled:
            stand_ins = [STAND_INS[type(each)](place) for place, each in enumerate(values)]
            self.compiled[key] = _Compiled(self.build(*stand_ins), stand_ins)
        return self.compiled[key].rows(values)

    def get(self, *values: int | str) -> Row:
        """Return the one row, or raise as `QuerySet.get` does where there is none."""
        rows = self(*values)
        if not rows:
            raise next(iter(self.compiled.values())).model.DoesNotExist
        [row] = rows
        return row


class _Compiled:
    def __init__(self, rows: QuerySet[Any, Any], stand_ins: list[int | str]) -> None:
        compiler = rows.query.get_compiler(rows.db)
        self.sql, params = compiler.as_sql()
        lost = [each for each in stand_ins if each not in params]
        if lost:
            raise TypeError(f"{len(lost)} of {len(stand_ins)} values are not compared as they are: {self.sql}")
        self.params = [(each in stand_ins, stand_ins.index(each) if each in stand_ins else each) for each in params]
        self.model, self.query, self.iterable, self.fields = rows.model, rows.query, rows._iterable_class, rows._fields
        # A connection belongs to its thread, so that none is kept.
        compiler.connection = None
        self.compiler = compiler

    def rows(self, values: tuple[int | str, ...]) -> list[Any]:
        connection, query, compiler = connections["default"], copy(self.query), copy(self.compiler)
        if query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("a row is locked inside a transaction only")
        compiler.connection, compiler.query = connection, query
        params = tuple(values[each] if given else each for given, each in self.params)
        compiler.as_sql = lambda *_, **__: (self.sql, params)
        query.get_compiler = lambda *_, **__: compiler
        found: QuerySet[Any, Any] = QuerySet(self.model, query)
        found._iterable_class, found._fields = self.iterable, self.fields
        return list(found)
