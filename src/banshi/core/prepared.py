"""Prepared statements: a QuerySet, an insert or an update compiled to SQL once in a process, on the paths taken most.

Django compiles each anew, which for a row with its relations costs more than the database takes to find it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    AutoField,
    BigAutoField,
    BigIntegerField,
    CharField,
    DateTimeField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    OneToOneField,
    PositiveBigIntegerField,
    PositiveIntegerField,
    QuerySet,
    TextField,
)
from django.db.models.base import ModelState
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable
from django.db.models.signals import post_init, pre_init
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")
Statement = tuple[str, Sequence[Any]]
"""SQL and its parameters."""
Value = int | str | UUID | date | datetime
INTEGER = 2_146_000_000
STAND_INS: dict[type, Callable[[int], Value]] = {
    int: lambda place: INTEGER + place,
    str: lambda place: f"\ue000{place}\ue000",
    UUID: lambda place: UUID(int=INTEGER + place),
    date: lambda place: date(1900, 1, 1 + place),
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
            adapted = [_adapted(each, connection) for each in stand_ins]
            self.compiled[key] = _Compiled(self.build(*stand_ins), adapted)
            _require_all(adapted, [self.compiled[key]])
        return self.compiled[key].rows([_adapted(each, connection) for each in values], connection)

    def first(self, *values: Value) -> Row | None:
        return next(iter(self(*values)), None)

    def get(self, *values: Value) -> Row:
        """Return the one row, or raise as `QuerySet.get` does where there is none."""
        rows = self(*values)
        if not rows:
            raise next(iter(self.compiled.values())).model.DoesNotExist
        [row] = rows
        return row


class PreparedRows:
    """Queries that find one row each, or none, asked by one statement. Otherwise as `PreparedQuery`.

    `build` returns a tuple of QuerySets, the answer has what each of them found, or None.
    """

    def __init__(self, build: Callable[..., Sequence[QuerySet[Any, Any]]]) -> None:
        self.build = build
        self.compiled: dict[tuple[str, tuple[type, ...]], tuple[str, list[_Compiled]]] = {}

    def __call__(self, *values: Value) -> list[Any]:
        connection = connections["default"]
        key = connection.vendor, tuple(map(type, values))
        if key not in self.compiled:
            stand_ins = [STAND_INS[type(each)](place) for place, each in enumerate(values)]
            adapted = [_adapted(each, connection) for each in stand_ins]
            parts = [_Compiled(each, adapted) for each in self.build(*stand_ins)]
            _require_all(adapted, parts)
            joined = " ".join(f"LEFT JOIN ({each.sql}) AS part{place} ON TRUE" for place, each in enumerate(parts))
            self.compiled[key] = f"SELECT * FROM (SELECT 1 AS whole) AS whole {joined}", parts  # noqa: S608 compiled by Django
        sql, parts = self.compiled[key]
        adapted = [_adapted(each, connection) for each in values]
        [row] = execute(connection, sql, tuple(chain.from_iterable(each.given(adapted) for each in parts))).fetchall()
        answer, start = list[Any](), 1
        for each in parts:
            some = row[start : start + each.width]
            start += each.width
            answer.append(None if all(value is None for value in some) else each.read_again(some, connection))
        return answer


def counts_as_one(found: Iterable[QuerySet[Any, Any]], *, up_to: int) -> tuple[str, tuple[Any, ...]]:
    """Build one statement that counts the rows of each query, none beyond `up_to`, and its parameters.

    Raises `EmptyResultSet` where none of them can find a row.
    """
    parts, values = list[str](), list[Any]()
    for each in found:
        try:
            sql, given = each.order_by().values("pk")[:up_to].query.get_compiler("default").as_sql()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608 compiled by Django, its values apart
        values += given
    if all(each == "0" for each in parts):
        raise EmptyResultSet
    return f"SELECT {', '.join(parts)}", tuple(values)


def execute(connection: BaseDatabaseWrapper, sql: str, values: Sequence[Any]) -> Any:
    """Put a statement to the database, which compiles it once where it can, and return the cursor with its answer."""
    # Past Django's cursor, which costs more than many a statement, unless somebody listens to it.
    if connection.execute_wrappers or connection.queries_logged:
        cursor = prepared_cursor(connection)
        cursor.execute(sql, values)
        return cursor
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        cursor = cast(Any, connection).driver_cursor()
        cursor.execute(sql, values)
        return cursor


def prepared_cursor(connection: BaseDatabaseWrapper) -> Any:
    """Return Django's cursor by which the database, too, compiles a statement once, where it can."""
    return getattr(connection, "prepared_cursor", connection.cursor)()


def _adapted(value: Value, connection: BaseDatabaseWrapper) -> Any:
    """Convert a value for the database, as its column's field does."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


ROWS_KEPT = 256


class _Compiled:
    def __init__(self, rows: Any, stand_ins: list[Any]) -> None:
        compiler = rows.query.get_compiler(rows.db)
        self.sql, params = compiler.as_sql()
        self.params = [(each in stand_ins, stand_ins.index(each) if each in stand_ins else each) for each in params]
        self.model, self.locks = rows.model, rows.query.select_for_update
        columns = [each for each, *_ in compiler.select]
        self.width = len(columns)
        self.converted = [(place, columns[place]) for place in compiler.get_converters(columns)]
        self.read = _reader(rows, compiler)
        self.kept: dict[Any, Sequence[Any]] = {}

    def rows(self, values: list[Any], connection: BaseDatabaseWrapper) -> list[Any]:
        if self.locks and not connection.in_atomic_block:
            raise TransactionManagementError("a row is locked inside a transaction only")
        return self.read_all(execute(connection, self.sql, self.given(values)).fetchall(), connection)

    def given(self, values: list[Any]) -> tuple[Any, ...]:
        return tuple(values[each] if given else each for given, each in self.params)

    def read_again(self, found: Any, connection: BaseDatabaseWrapper) -> Any:
        """Read a row, of which what is costly to convert is converted once for as long as it comes the same."""
        if not self.converted:
            return self.read(found)
        if found not in self.kept:
            if len(self.kept) >= ROWS_KEPT:
                self.kept.clear()
            [self.kept[found]] = self.convert([found], connection)
        return self.read(self.kept[found])

    def read_all(self, found: Sequence[Any], connection: BaseDatabaseWrapper) -> list[Any]:
        return [self.read(row) for row in self.convert(found, connection)]

    def convert(self, found: Sequence[Any], connection: BaseDatabaseWrapper) -> Sequence[Any]:
        # On the connection, which its converters name, so that they end with it.
        kept = vars(connection).setdefault("prepared_converters", {})
        if self not in kept:
            kept[self] = [
                (place, convert, each)
                for place, each in self.converted
                for convert in (*connection.ops.get_db_converters(each), *each.get_db_converters(connection))
            ]
        if converters := kept[self]:
            found = [list(row) for row in found]
            for row in found:
                for place, convert, expression in converters:
                    row[place] = convert(row[place], expression, connection)
        return found


def _require_all(stand_ins: list[Any], parts: Sequence[_Compiled]) -> None:
    """Refuse a query in which a value is not compared as it is."""
    placed = {each for part in parts for given, each in part.params if given}
    if len(placed) < len(stand_ins):
        lost = len(stand_ins) - len(placed)
        raise TypeError(
            f"{lost} of {len(stand_ins)} values are not compared as they are: {[each.sql for each in parts]}"
        )


def _reader(rows: Any, compiler: Any) -> Callable[[Any], Any]:
    """Return what makes of a row what the iterable class of a QuerySet makes of it."""
    if rows._iterable_class is FlatValuesListIterable:
        return lambda row: row[0]
    if rows._iterable_class is ValuesListIterable:
        count = compiler.col_count
        return lambda row: tuple(row[:count])
    if rows._iterable_class is not ModelIterable:
        raise TypeError(f"{rows._iterable_class.__name__} is not prepared")
    read = _model_reader(compiler.klass_info, compiler.select, rows.db)
    annotated = tuple(compiler.annotation_col_map.items())
    if not annotated:
        return read

    def read_annotated(row: Any) -> Any:
        one = read(row)
        for name, place in annotated:
            setattr(one, name, row[place])
        return one

    return read_annotated


def _model_reader(info: Any, select: Any, db: str) -> Callable[[Any], Any]:
    """Return what makes a row's instance, and those of its relations, by their columns alone."""
    # `Model.__init__` and `from_db` ask each field and send two signals, which costs ten times as much.
    model, places = info["model"], info["select_fields"]
    if (
        model.__init__ is not Model.__init__
        or "from_db" in vars(model)
        or any(each.has_listeners(model) for each in (pre_init, post_init))
    ):
        raise TypeError(f"{model.__name__} has to be initialised, and is not prepared")
    names = [select[each][0].target.attname for each in places]
    key, start, end = places[names.index(model._meta.pk.attname)], places[0], places[-1] + 1
    if end - start != len(places):
        raise TypeError(f"{model.__name__} has columns of its parent, and is not prepared")
    relations = [
        (_model_reader(each, select, db), each["local_setter"], each["remote_setter"])
        for each in info.get("related_klass_infos", ())
    ]

    def read(row: Any) -> Any:
        if row[key] is None:
            return None
        one = _new_instance(model, zip(names, row[start:end], strict=True), adding=False, db=db)
        for read_related, set_here, set_there in relations:
            related = read_related(row)
            set_here(one, related)
            if related is not None:
                set_there(related, one)
        return one

    return read


def _new_instance(model: type[Model], columns: Any, *, adding: bool, db: str | None) -> Any:
    one = model.__new__(model)
    vars(one).update(columns, _state=(state := ModelState()))
    state.adding, state.db = adding, db
    return one


VALUES_AT_ONCE = 30_000
"""In one statement; SQLite takes 32,766."""


def new(model: type[Row], **columns: Any) -> Row:
    """Return a row to insert, of these columns by their attribute (`organ_id`) and the defaults of the others.

    Past `Model.__init__`, which asks each field.
    """
    if model not in _defaults:
        _defaults[model] = {each.attname: each.get_default for each in cast(Any, model)._meta.concrete_fields}
    defaults = _defaults[model]
    if unknown := columns.keys() - defaults.keys():
        raise TypeError(f"{model.__name__} has no column {', '.join(sorted(unknown))}")
    given = {name: columns[name] if name in columns else default() for name, default in defaults.items()}
    return cast(Row, _new_instance(cast(Any, model), given, adding=True, db=None))


_defaults: dict[type, dict[str, Callable[[], Any]]] = {}


def insert(rows: Sequence[Any]) -> None:
    """Insert new rows of one model, without the signals of `save`, and give them their keys."""
    if rows:
        connection = connections["default"]
        _insert_of(type(rows[0]), connection)(rows, connection)


def insert_together(rows: Mapping[type[Model], Sequence[Any]]) -> None:
    """Insert new rows of several models, which are given no keys, by one statement where the database takes that."""
    connection = connections["default"]
    parts = [(_insert_of(model, connection), some) for model, some in rows.items() if some]
    many = sum(len(some) * len(each.fields) for each, some in parts) > VALUES_AT_ONCE
    if connection.vendor != "postgresql" or len(parts) < 2 or many:
        for _, some in parts:
            insert(some)
        return
    values = chain.from_iterable(each.values(some, connection) for each, some in parts)
    *first, last = [each.statement(len(some)) for each, some in parts]
    named = ", ".join(f"part{place} AS ({each})" for place, each in enumerate(first))
    execute(connection, f"WITH {named} {last}", list(values))
    for each, some in parts:
        if not each.given:
            for row in some:
                row._state.adding, row._state.db = False, connection.alias


def insert_if(conditions: Sequence[Statement], rows: Sequence[Model]) -> int:
    """Insert new rows where every condition has inserted one of its own, and count the conditions that have.

    Rows without a key are given none. Conditions are `INSERT … SELECT … {after} … ON CONFLICT … RETURNING 1`, each asked where the one before held. It is
    one statement, in no need of a transaction, where the database takes that.
    """
    connection = connections["default"]
    if connection.vendor != "postgresql":
        with transaction.atomic(savepoint=False):
            for held, (sql, given) in enumerate(conditions):
                if execute(connection, sql.format(after=""), given).fetchone() is None:
                    return held
            for each in rows:
                _insert_for(type(each), connection, keyed=each.pk is not None)([each], connection)
        return len(conditions)
    named, values, after = list[str](), list[Any](), ""
    for place, (sql, given) in enumerate(conditions):
        named.append(f"condition{place} AS ({sql.format(after=after)})")
        values += given
        after = f"FROM condition{place}"
    for place, each in enumerate(rows):
        insert_ = _insert_for(type(each), connection, keyed=each.pk is not None)
        named.append(f"row{place} AS ({insert_.selected(after)} RETURNING 1)")
        values += insert_.values([each], connection)
    counts = " + ".join(f"(SELECT COUNT(*) FROM condition{place})" for place in range(len(conditions)))  # noqa: S608 - our own names
    sql = f"WITH {', '.join(named)} SELECT {counts or 0}"
    return int(execute(connection, sql, values).fetchone()[0])


def _insert_of(model: type[Model], connection: BaseDatabaseWrapper) -> "_Insert":
    if not connection.in_atomic_block:
        raise TransactionManagementError("rows are inserted in the transaction of their act")
    return _insert_for(model, connection)


def _insert_for(model: type[Model], connection: BaseDatabaseWrapper, *, keyed: bool = False) -> "_Insert":
    key = connection.vendor, model, keyed
    if key not in _inserts:
        _inserts[key] = _Insert(model, connection, keyed)
    return _inserts[key]


class _Insert:
    def __init__(self, model: type[Model], connection: BaseDatabaseWrapper, keyed: bool) -> None:
        quote, options = connection.ops.quote_name, model._meta
        self.given = None if keyed else options.auto_field  # the key, where the database gives it
        fields = [each for each in options.concrete_fields if not each.generated and each is not self.given]
        columns = ", ".join(quote(str(each.column)) for each in fields)
        self.head = f"INSERT INTO {quote(options.db_table)} ({columns}) VALUES "  # noqa: S608 - names of the model
        self.row = f"({', '.join(['%s'] * len(fields))})"
        self.tail = f" RETURNING {quote(str(self.given.column))}" if self.given else ""
        self.at_once = VALUES_AT_ONCE // len(fields)
        # Nearly every field saves its attribute as it is, which is read faster without asking the field.
        self.fields = [
            (
                each.attname,
                None if type(each).pre_save is Field.pre_save else each.pre_save,
                _adapted_by(each),
                _kept_as(each),
            )
            for each in fields
        ]

    def __call__(self, rows: Sequence[Any], connection: BaseDatabaseWrapper) -> None:
        for start in range(0, len(rows), self.at_once):
            some = rows[start : start + self.at_once]
            asked = execute(connection, self.statement(len(some)) + self.tail, self.values(some, connection))
            keys = asked.fetchall() if self.given else [(row.pk,) for row in some]
            for row, (key,) in zip(some, keys, strict=True):
                row.pk, row._state.adding, row._state.db = key, False, connection.alias

    def statement(self, count: int) -> str:
        return self.head + ", ".join([self.row] * count)

    def selected(self, after: str) -> str:
        """Return the statement that inserts a row for each of what `after` names."""
        return f"{self.head.removesuffix('VALUES ')}SELECT {self.row[1:-1]} {after}"

    def values(self, rows: Sequence[Any], connection: BaseDatabaseWrapper) -> list[Any]:
        values = []
        for row in rows:
            if row._state.fields_cache:
                row._prepare_related_fields_for_save(operation_name="insert")
            for name, saved, adapted, kept in self.fields:
                value = saved(row, True) if saved else getattr(row, name)
                values.append(value if type(value) in kept else adapted(value, connection))
        return values


def _adapted_by(field: Any) -> Callable[[Any, Any], Any]:
    """Return what makes of a value what the database keeps."""
    if type(field) is DateTimeField:
        return lambda value, connection: value and connection.ops.adapt_datetimefield_value(value)
    return cast(Callable[[Any, Any], Any], field.get_db_prep_save)


def _kept_as(field: Any) -> tuple[type, ...]:
    """List the types of which a field saves every value as it is, which need not be asked of it."""
    while type(field) in (ForeignKey, OneToOneField):
        field = field.target_field
    return KEPT_AS.get(type(field), ())


INTEGERS = (AutoField, BigAutoField, IntegerField, BigIntegerField, PositiveIntegerField, PositiveBigIntegerField)
KEPT_AS: dict[type, tuple[type, ...]] = {
    CharField: (str,),
    TextField: (str,),
    **dict.fromkeys(INTEGERS, (int, type(None))),
}
_inserts: dict[tuple[str, type[Model], bool], _Insert] = {}


def update(model: type[Model], where: Mapping[str, Any], **changes: Any) -> int:
    """Set columns of the rows that have these values, a list for any of several, and return how many they are."""
    # The ORM's own: `F("round") - 1`, and lists, of each length of which a statement would be kept for ever.
    many = any(isinstance(each, list) and len(each) != 1 for each in where.values())
    if many or any(hasattr(each, "resolve_expression") for each in changes.values()):
        rows = {f"{name}__in" if isinstance(value, list) else name: value for name, value in where.items()}
        return int(model._base_manager.filter(**rows).update(**changes))
    connection = connections["default"]
    shape = tuple((name, len(value) if isinstance(value, list) else value is None) for name, value in where.items())
    key = connection.vendor, model, shape, tuple(changes)
    if key not in _updates:
        _updates[key] = _update(model, where, changes, connection)
    sql, columns = _updates[key]
    sought = chain.from_iterable(each if isinstance(each, list) else [each] for each in where.values())
    values = [*changes.values(), *(each for each in sought if each is not None)]
    saved = [_saved(each, field, connection) for each, field in zip(values, columns, strict=True)]
    return int(execute(connection, sql, saved).rowcount)


def _update(
    model: type[Model], where: Mapping[str, Any], changes: Iterable[str], connection: BaseDatabaseWrapper
) -> tuple[str, list[Any]]:
    """Return an update's SQL and the field of each of its values."""
    quote, options = connection.ops.quote_name, model._meta
    columns: list[Any] = [options.get_field(each) for each in changes]
    settings, conditions = [f"{quote(str(each.column))} = %s" for each in columns], []
    for name, value in where.items():
        field: Any = options.pk if name == "pk" else options.get_field(name)
        count = len(value) if isinstance(value, list) else 1
        one_of = f"IN ({', '.join(['%s'] * count)})" if isinstance(value, list) else "= %s"
        conditions.append(f"{quote(field.column)} {'IS NULL' if value is None else one_of}")
        columns += [field] * (0 if value is None else count)
    sql = f"UPDATE {quote(options.db_table)} SET {', '.join(settings)} WHERE {' AND '.join(conditions)}"  # noqa: S608 - names of the model
    return sql, columns


def _saved(value: Any, field: Any, connection: BaseDatabaseWrapper) -> Any:
    return field.get_db_prep_save(value.pk if isinstance(value, Model) else value, connection)


_updates: dict[Any, tuple[str, list[Any]]] = {}
