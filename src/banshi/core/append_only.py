"""Tables whose rows stand for good: the database itself refuses to change, remove or overwrite them.

Triggers stop mistakes and ordinary attacks. Who owns the database can drop them; what that would leave behind is for
`banshi.core.ledger.verify` to find.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

SQLITE = {
    "{table}_no_update": "BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    "{table}_no_delete": "BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    # INSERT OR REPLACE deletes without firing the trigger above.
    "{table}_no_replace": "BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {unique}) "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
}
POSTGRESQL = {
    "{table}_no_change": "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
    "{table}_no_truncate": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
}
REFUSE = """
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$
"""


def protect(connection: BaseDatabaseWrapper, table: str, *unique: str) -> None:
    """Make `table` append-only; `unique` names its unique columns. Doing it again changes nothing."""
    lift(connection, table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(REFUSE.format(table=table))
        for name, body in _triggers(connection, table, unique):
            cursor.execute(f"CREATE TRIGGER {name} {body}")


def lift(connection: BaseDatabaseWrapper, table: str) -> None:
    """Take the protection away (reversing a migration, emptying a test database)."""
    where = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name, _ in _triggers(connection, table, ()):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


@contextmanager
def lifted(connection: BaseDatabaseWrapper, table: str, *unique: str) -> Iterator[None]:
    lift(connection, table)
    try:
        yield
    finally:
        protect(connection, table, *unique)


def is_protected(connection: BaseDatabaseWrapper, table: str) -> bool:
    """Whether every trigger is there and on."""
    wanted = {name for name, _ in _triggers(connection, table, ())}
    query = (
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A')"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [table])
        return wanted <= {row[0] for row in cursor.fetchall()}


def _triggers(connection: BaseDatabaseWrapper, table: str, unique: tuple[str, ...]) -> list[tuple[str, str]]:
    templates = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    same = " OR ".join(f"{column} = NEW.{column}" for column in unique)
    return [(name.format(table=table), body.format(table=table, unique=same)) for name, body in templates.items()]


def protect_in_migration(table: str, *unique: str) -> tuple[Any, Any]:
    """The pair of functions for `migrations.RunPython`."""
    return (
        lambda apps, editor: protect(editor.connection, table, *unique),
        lambda apps, editor: lift(editor.connection, table),
    )
