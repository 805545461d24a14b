"""Prepared queries: a QuerySet compiled to SQL once in a process and asked with other keys, on the paths taken most.

Django compiles a QuerySet each time, which for a row with its relations costs more than the database takes to find it.
"""

from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")
Value = int | str | UUID | datetime
INTEGER = 2_146_000_000
STAND_INS: dict[type, Callable[[int], Value]] = {
    int: lambda place: INTEGER + place,
    str: lambda place: f"\ue000{place}\ue000",
    UUID: lambda place: UUID(int=INTEGER + place),
    datetime: lambda place: datetime(1900, 1, 1, second=place, tzinfo=UTC),
}
"""What stands in for a value while its query is compiled: nothing a query would say of itself."""


class PreparedQuery(Generic[Row]):
    """A query built of keys, texts and moments, each of which is compared with a column as it is.

    `build` may not look at its values, and is asked once.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self.build = build
        self.compiled: dict[tuple[str, tuple[type, ...]], _Compiled] = {}

    def __call__(self, *values: Value) -> list[Row]:
        connection = connections["default"]
        key = connection.vendor, tuple(map(type, values))
        if key not in self.compiled:
            stand_ins = [STAND_INS[type(each)](place) for place, each in enumerate(values)]
            self.compiled[key] = _Compiled(self.build(*stand_ins), [_adapted(each, connection) for each in stand_ins])
        return self.compiled[key].rows([_adapted(each, connection) for each in values])

    def first(self, *values: Value) -> Row | None:
        return next(iter(self(*values)), None)

    def get(self, *values: Value) -> Row:
        """Return the one row, or raise as `QuerySet.get` does where there is none."""
        rows = self(*values)
        if not rows:
            raise next(iter(self.compiled.values())).model.DoesNotExist
        [row] = rows
        return row


def _adapted(value: Value, connection: BaseDatabaseWrapper) -> Any:
    """Convert a value for the database, as its column's field does."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


class _Compiled:
    def __init__(self, rows: Any, stand_ins: list[Any]) -> None:
        compiler = rows.query.get_compiler(rows.db)
        self.sql, params = compiler.as_sql()
        lost = [each for each in stand_ins if each not in params]
        if lost:
            raise TypeError(f"{len(lost)} of {len(stand_ins)} values are not compared as they are: {self.sql}")
        self.params = [(each in stand_ins, stand_ins.index(each) if each in stand_ins else each) for each in params]
        self.model, self.query, self.iterable, self.fields = rows.model, rows.query, rows._iterable_class, rows._fields
        columns = [each for each, *_ in compiler.select]
        self.converted = [(place, columns[place]) for place in compiler.get_converters(columns)]
        # A connection belongs to its thread, so that none is kept.
        compiler.connection = None
        self.compiler = compiler

    def rows(self, values: list[Any]) -> list[Any]:
        connection, query = connections["default"], copy(self.query)
        compiler: Any = copy(self.compiler)
        if query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("a row is locked inside a transaction only")
        compiler.connection, compiler.query = connection, query
        params = tuple(values[each] if given else each for given, each in self.params)
        compiler.as_sql = lambda *_, **__: (self.sql, params)
        # On the connection, which its converters name, so that they end with it.
        kept = vars(connection).setdefault("prepared_converters", {})
        if self not in kept:
            kept[self] = {
                place: ([*connection.ops.get_db_converters(each), *each.get_db_converters(connection)], each)
                for place, each in self.converted
            }
        compiler.get_converters = lambda _: kept[self]
        compiler.has_composite_fields = lambda _: False
        query.get_compiler = lambda *_, **__: compiler
        found: Any = QuerySet(self.model, query)
        found._iterable_class, found._fields = self.iterable, self.fields
        return list(found)
