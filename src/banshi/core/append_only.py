"""Append-only tables: the database itself refuses to change, remove or overwrite their rows.

One column may be write-once: empty at first, then set for good. Triggers stop mistakes and ordinary attacks. Who owns the
database can drop them, which `banshi.ledger.verification` notices.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

SQLITE = {
    "{table}_no_update": "BEFORE UPDATE{of} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    "{table}_no_delete": "BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    # INSERT OR REPLACE deletes without firing the trigger above.
    "{table}_no_replace": "BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {unique}) "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
}
POSTGRESQL = {
    "{table}_no_change": "BEFORE DELETE OR UPDATE{of} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
    "{table}_no_truncate": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
}
ONCE = "BEFORE UPDATE OF {once} ON {table} FOR EACH ROW WHEN (OLD.{once} IS NOT NULL OR NEW.{once} IS NULL) "
SQLITE_ONCE = {"{table}_once": ONCE + "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"}
POSTGRESQL_ONCE = {"{table}_once": ONCE + "EXECUTE FUNCTION {table}_refuse()"}
REFUSE = """
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$
"""


@dataclass(frozen=True, slots=True)
class Protection:
    """The protection of a table. `unique` are its unique columns, `once` is the column that may be set later, once."""

    table: str
    unique: tuple[str, ...]
    once: str = ""


DECLARED: dict[str, Protection] = {}


def declare(model: type[models.Model], *unique: str, once: str = "") -> None:
    """Make the model's table known as append-only.

    Its migration calls `protect_in_migration` with the same.
    """
    DECLARED[model._meta.db_table] = Protection(model._meta.db_table, unique, once)


def protect(connection: BaseDatabaseWrapper, table: str, *unique: str, once: str = "") -> None:
    """Make `table` append-only.

    Doing it again changes nothing.
    """
    lift(connection, table, once=once)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(REFUSE.format(table=table))
        for statement in _definitions(connection, Protection(table, unique, once)).values():
            cursor.execute(statement)


def _definitions(connection: BaseDatabaseWrapper, of: Protection) -> dict[str, str]:
    """Return by name the statements that create the triggers of a table as it stands."""
    columns: list[str] = []
    if of.once:  # only then are columns named
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{of.table}" LIMIT 0')  # noqa: S608  # introspection asks once a column
            columns = [each[0] for each in cursor.description]
    filled = {
        "table": of.table,
        "unique": " OR ".join(f"{column} = NEW.{column}" for column in of.unique),
        "of": " OF " + ", ".join(f'"{each}"' for each in columns if each != of.once) if of.once else "",
        "once": of.once,
    }
    named = {name.format(**filled): body.format(**filled) for name, body in _triggers(connection, of.once).items()}
    return {name: f"CREATE TRIGGER {name} {body}" for name, body in named.items()}


def lift(connection: BaseDatabaseWrapper, table: str, *, once: str = "") -> None:
    """Take the protection away (reversing a migration, emptying a test database)."""
    where = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _triggers(connection, once):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name.format(table=table)}{where}")


@contextmanager
def lifted(connection: BaseDatabaseWrapper, *tables: str) -> Iterator[None]:
    """Lift the protection of these tables, or of all that are declared."""
    with ExitStack() as stack:
        for each in [DECLARED[table] for table in tables] or DECLARED.values():
            lift(connection, each.table, once=each.once)
            stack.callback(protect, connection, each.table, *each.unique, once=each.once)
        yield


def unprotected(connection: BaseDatabaseWrapper) -> list[str]:
    """Name the declared tables of which a trigger is missing, off, or another than the one created."""
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS_ON if postgresql else TRIGGERS)
        present = {(table, name): _plain(sql) for table, name, sql in cursor.fetchall()}
    lacking = []
    for each in DECLARED.values():
        called = REFUSE.partition("$$")[2].partition("$$")[0].format(table=each.table) if postgresql else ""
        wanted = {name: _plain(sql + called) for name, sql in _definitions(connection, each).items()}
        if any(present.get((each.table, name)) != definition for name, definition in wanted.items()):
            lacking.append(each.table)
    return lacking


TRIGGERS = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"
TRIGGERS_ON = """
SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(pg_trigger.oid) || prosrc
FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_language ON pg_language.oid = prolang
WHERE tgenabled IN ('O', 'A') AND NOT tgisinternal AND lanname = 'plpgsql'
"""
"""Each with the body of the function it calls."""


def _plain(sql: str) -> str:
    return re.sub(r'["()\s]|\bpublic\.', "", sql).lower()


def _triggers(connection: BaseDatabaseWrapper, once: str) -> dict[str, str]:
    if connection.vendor == "postgresql":
        return {**POSTGRESQL, **(POSTGRESQL_ONCE if once else {})}
    return {**SQLITE, **(SQLITE_ONCE if once else {})}


def protect_in_migration(table: str, *unique: str, once: str = "") -> tuple[object, object]:
    """Return the pair of functions for `migrations.RunPython`."""
    return (
        lambda apps, editor: protect(editor.connection, table, *unique, once=once),
        lambda apps, editor: lift(editor.connection, table, once=once),
    )
