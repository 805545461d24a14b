"""Schema drift: what the tables of the database lack of what the models declare.

The record of migrations alone doesn't tell: a migration edited after it was applied is taken for done.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, ForeignKey, Model, UniqueConstraint

from banshi.core.append_only import DECLARED, protect, unprotected
from banshi.core.errors import Conflict

GONE = ("cleanup_", "reviews_")
"""Beginnings of the tables of apps there are no more."""


def create_tables(connection: BaseDatabaseWrapper) -> None:
    """Create every table of an empty database from the models, with all migrations recorded as applied.

    All or nothing. Replaying them leaves the same, after rendering a state of all models for each.
    """
    recorder, migrations = MigrationRecorder(connection), MigrationLoader(None).disk_migrations
    with connection.schema_editor() as editor:
        for config in apps.get_app_configs():
            for model in router.get_migratable_models(config, connection.alias):
                if model._meta.can_migrate(connection):
                    editor.create_model(model)
        editor.create_model(recorder.Migration)
        for each in DECLARED.values():
            protect(connection, each.table, *each.unique, once=each.once)
        recorder.Migration.objects.using(connection.alias).bulk_create(
            recorder.Migration(app=app, name=name) for app, name in sorted(migrations)
        )


def refuse_other_schema() -> None:
    """Raise Conflict unless every migration was applied and the tables are what the code expects."""
    if not all_applied():
        raise Conflict("数据库的表还没有建好或不是这个版本的", remedy="请先备份，再运行 banshi manage migrate。")
    refuse_drift()
    connection.close()


def all_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def refuse_drift() -> None:
    if found := list(drift()):
        more = f" 等{len(found)}处" if len(found) > 1 else ""
        raise Conflict(
            f"数据库的表与这个版本不符：{found[0]}{more}",
            where=str(connection.settings_dict["NAME"]),
            remedy=f"建立这些表的版本与现在的不同，banshi manage migrate 补不上。要保留数据，请用原来的版本打开，或从备份恢复；不用保留的（例如演示数据），请删除数据文件夹 {settings.HOME}，或用 BANSHI_HOME（PostgreSQL 用 DATABASE_URL）另指一个空的，再重新启动。",
        )


def refuse_after_migrating(**_: Any) -> None:
    """Receive `post_migrate`: where nothing was left to apply, the tables have to be right."""
    if all_applied():
        refuse_drift()


def drift() -> Iterator[str]:
    """Tell each difference, in words: tables, columns, types, keys, indexes, constraints and triggers."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        models = [
            each
            for each in apps.get_models(include_auto_created=True)
            if each._meta.managed and not each._meta.proxy and not each._meta.swapped
        ]
        ours = tuple(f"{each.label}_" for each in apps.get_app_configs() if each.name.startswith("banshi."))
        for left in sorted(present - {each._meta.db_table for each in models}):
            if left.startswith((*ours, *GONE)):  # others may keep tables beside ours
                yield f"多出表 {left}"
        for model in models:
            table, expected = model._meta.db_table, {each.column: each for each in _stored(model)}
            if table not in present:
                yield f"缺少表 {table}"
                continue
            columns = _columns(cursor, table)
            for name, each in expected.items():
                if name not in columns:
                    yield f"表 {table} 缺少列 {name}"
                elif columns[name][1] != each.null and not each.primary_key:
                    yield f"表 {table} 的列 {name} {'应当' if each.null else '不应当'}可以为空"
                elif not each.primary_key and columns[name][0] != (
                    wanted := _spelled(str(each.db_parameters(connection)["type"]))
                ):
                    yield f"表 {table} 的列 {name} 的类型是 {columns[name][0]}，应当是 {wanted}"
                elif columns[name][2] != each.has_db_default() and not each.primary_key:
                    yield f"表 {table} 的列 {name} {'应当' if each.has_db_default() else '不应当'}有默认值"
            for name in columns.keys() - expected.keys():
                yield f"表 {table} 多出列 {name}"
            yield from _of_keys(model, _read_keys(cursor, table), columns)
            yield from _of_references(model, cursor, columns)
            if columns.keys() >= expected.keys():
                yield from _of_definitions(model, cursor)
    for table in unprotected(connection) if DECLARED.keys() <= present else ():
        yield f"表 {table} 的触发器不在了或换过"


def _columns(cursor: CursorWrapper, table: str) -> dict[str, tuple[str, bool, bool]]:
    """Read of each column its type, whether it may be empty and whether it has a default, faster than Django parses SQL."""
    if connection.vendor == "sqlite":
        cursor.execute(
            'SELECT name, type, NOT "notnull", dflt_value IS NOT NULL FROM pragma_table_info(%s)',
            [table],
        )
    else:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod), NOT attnotnull, atthasdef FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
    return {name: (_spelled(spelling), bool(null), bool(given)) for name, spelling, null, given in cursor.fetchall()}


REFERENCES = """
SELECT own.attname, other.relname, theirs.attname FROM pg_constraint
JOIN pg_attribute own ON own.attrelid = conrelid AND own.attnum = conkey[1]
JOIN pg_class other ON other.oid = confrelid
JOIN pg_attribute theirs ON theirs.attrelid = confrelid AND theirs.attnum = confkey[1]
WHERE contype = 'f' AND conrelid = %s::regclass
"""


def _of_references(model: type[Model], cursor: CursorWrapper, columns: Container[str]) -> Iterator[str]:
    """Compare the foreign keys the database enforces with those declared."""
    table = model._meta.db_table
    if connection.vendor == "sqlite":
        cursor.execute('SELECT "from", "table", "to" FROM pragma_foreign_key_list(%s)', [table])
    else:
        cursor.execute(REFERENCES, [table])
    present = {name: (other, column) for name, other, column in cursor.fetchall()}
    expected = {
        each.column: (each.target_field.model._meta.db_table, str(each.target_field.column))
        for each in _stored(model)
        if isinstance(each, ForeignKey) and getattr(each, "db_constraint", True)
    }
    for name, target in expected.items():
        if name in columns and present.get(name) != target:
            yield f"表 {table} 的列 {name} 没有指向 {'.'.join(target)} 的外键"
    for name in present.keys() - expected.keys():
        yield f"表 {table} 的列 {name} 多出外键"


def _spelled(sql: str) -> str:
    return sql.lower().replace("character varying", "varchar").replace(", ", ",")


def _of_definitions(model: type[Model], cursor: CursorWrapper) -> Iterator[str]:
    """Compare indexes and constraints of the same name by their definition."""
    read = _definitions_on_sqlite if connection.vendor == "sqlite" else _definitions_on_postgresql
    present, expected = read(model, cursor)
    for name, definition in expected.items():
        if name in present and present[name] != definition:
            yield f"表 {model._meta.db_table} 的索引或约束 {name} 与声明的不同"


Definitions = tuple[dict[str, str], dict[str, str]]


def _definitions_on_sqlite(model: type[Model], cursor: CursorWrapper) -> Definitions:
    """Read statements as they are kept, with constraints in the table's own unless they have a condition."""
    editor: Any = connection.schema_editor(collect_sql=True)
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name = %s AND sql <> %s", [model._meta.db_table, ""])
    kept = {name: _plain(sql) for name, sql in cursor.fetchall()}
    table = kept[model._meta.db_table]
    expected = {each.name: _plain(str(each.create_sql(model, editor))) for each in model._meta.indexes}
    for each in model._meta.constraints:
        if getattr(each, "nulls_distinct", None) is False:
            continue  # beyond SQLite
        if (getattr(each, "condition", None) and isinstance(each, UniqueConstraint)) or getattr(
            each, "expressions", ()
        ):
            expected[each.name] = _plain(str(each.create_sql(model, editor)))
        else:
            expected[each.name] = _plain(str(each.constraint_sql(model, editor)))
            kept[each.name] = expected[each.name] if expected[each.name] in table else ""
    return kept, expected


def _definitions_on_postgresql(model: type[Model], cursor: CursorWrapper) -> Definitions:
    """Let the database spell them itself, on a temporary table of the same columns."""
    if not (model._meta.indexes or model._meta.constraints):
        return {}, {}
    table = model._meta.db_table
    cursor.execute("SELECT %s::regclass::oid", [table])
    (kept,) = cursor.fetchone()
    present = _spelled_by_postgresql(cursor, kept)
    with transaction.atomic():
        cursor.execute(f'CREATE TEMPORARY TABLE "{table}" (LIKE "{table}") ON COMMIT DROP')
        editor: Any = connection.schema_editor(collect_sql=True)
        for each in (*model._meta.indexes, *model._meta.constraints):
            cursor.execute(str(each.create_sql(model, editor)).replace("%%", "%"))
        cursor.execute("SELECT %s::regclass::oid", [f"pg_temp.{table}"])
        expected = _spelled_by_postgresql(cursor, cursor.fetchone()[0])
        transaction.set_rollback(True)
    return present, expected


def _spelled_by_postgresql(cursor: CursorWrapper, table: int) -> dict[str, str]:
    cursor.execute(
        """
        SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indrelid = %s
        UNION ALL
        SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s AND contype = 'c'
        """,
        [table, table],
    )
    return {name: re.sub(r" ON \S+ ", " ", definition, count=1) for name, definition in cursor.fetchall()}


def _plain(sql: str) -> str:
    return re.sub(r'["\s]', "", sql)


def _stored(model: type[Model]) -> list[Field[Any, Any]]:
    return [each for each in model._meta.local_concrete_fields if each.db_parameters(connection)["type"]]


@dataclass(slots=True)
class _Keys:
    """`unique` and `indexed` by columns, in their order."""

    names: set[str] = field(default_factory=set)
    unique: set[tuple[str, ...]] = field(default_factory=set)
    indexed: set[tuple[str, ...]] = field(default_factory=set)


def _read_keys(cursor: CursorWrapper, table: str) -> _Keys:
    keys = _Keys()
    if connection.vendor != "sqlite":
        for name, each in connection.introspection.get_constraints(cursor, table).items():
            columns = tuple(each["columns"] or ())
            keys.names.add(name)
            keys.indexed |= {columns} if each["index"] or each["unique"] or each["primary_key"] else set()
            keys.unique |= {columns} if each["unique"] or each["primary_key"] else set()
        return keys
    # Django's own way parses each table's SQL, which takes more than a second for all.
    cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
    keys.names.update(re.findall(r'CONSTRAINT "(\w+)"', cursor.fetchone()[0]))
    cursor.execute(
        'SELECT each.name, each."unique", part.name FROM pragma_index_list(%s) each, pragma_index_info(each.name) part'
        " ORDER BY each.name, part.seqno",
        [table],
    )
    for (name, unique), rows in groupby(cursor.fetchall(), key=lambda row: row[:2]):
        columns = tuple(row[2] for row in rows)
        keys.names.add(name)
        keys.indexed.add(columns)
        keys.unique |= {columns} if unique else set()
    return keys


def _of_keys(model: type[Model], present: _Keys, columns: Container[str]) -> Iterator[str]:
    """Name the keys that lack, by name where the model gives one, else by columns."""
    table = model._meta.db_table
    for index in model._meta.indexes:
        if index.name not in present.names:
            yield f"表 {table} 缺少索引 {index.name}"
    for constraint in model._meta.constraints:
        beyond_it = (
            getattr(constraint, "nulls_distinct", None) is False
            and not connection.features.supports_nulls_distinct_unique_constraints
        )
        if constraint.name not in present.names and not beyond_it:
            yield f"表 {table} 缺少约束 {constraint.name}"
    for group in model._meta.unique_together:
        if tuple(str(model._meta.get_field(name).column) for name in group) not in present.unique:  # type: ignore[union-attr]
            yield f"表 {table} 的 {'、'.join(group)} 合在一起应当不重复"
    first = {columns[:1] for columns in present.indexed}
    for each in _stored(model):
        if each.column not in columns or each.primary_key:
            continue
        if each.unique and (each.column,) not in present.unique:
            yield f"表 {table} 的列 {each.column} 应当不重复"
        elif getattr(each, "db_index", False) and (each.column,) not in first:
            yield f"表 {table} 的列 {each.column} 缺少索引"
