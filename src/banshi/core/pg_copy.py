"""A PostgreSQL database as text files, one per table, written and read by COPY: no tools of the server's version needed.

Only rows are copied. Tables come from the migrations, which therefore must be the same on both sides.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction
from django.db.backends.utils import CursorWrapper

from banshi.core.append_only import lifted
from banshi.core.errors import Conflict

CHUNK = 1024 * 1024
MIGRATIONS = "django_migrations"
PROCESS_TABLES = ("core_node", "core_lease")
"""Rows of running processes, no part of a backup."""
Columns = dict[str, list[str]]


@contextmanager
def snapshot() -> Iterator[Any]:
    """Return a cursor that sees one moment, whatever others write.

    In a connection of its own.
    """
    own = connections["default"].copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield cursor
    finally:
        own.close()


def copy_out(folder: Path, cursor: CursorWrapper) -> Columns:
    """Write `<table>.copy` for every table.

    Returns the tables with their columns, in the files' order.
    """
    names = set(connection.introspection.table_names(cursor)) - set(PROCESS_TABLES)
    tables = {
        table: [column.name for column in connection.introspection.get_table_description(cursor, table)]
        for table in sorted(names)
    }
    for table, columns in tables.items():
        with (
            (folder / f"{table}.copy").open("wb") as out,
            cursor.copy(f"COPY {_target(table, columns)} TO STDOUT") as rows,
        ):
            for data in rows:
                out.write(data)
    return tables


def copy_in(folder: Path, tables: Columns) -> None:
    """Replace every row of the database in one transaction.

    Raises Conflict when the tables are of another version.
    """
    here = set(connection.introspection.table_names()) - set(PROCESS_TABLES)
    if set(tables) != here or _migrations_of(folder) != _migrations_here():
        raise Conflict("备份与现在的程序版本不同，表对不上", remedy="请用做备份时那个版本的 banshi 恢复，再升级。")
    with (
        transaction.atomic(),
        lifted(connection),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, sorted(here)))}")
        for table, columns in tables.items():
            with (
                (folder / f"{table}.copy").open("rb") as source,
                cursor.copy(f"COPY {_target(table, columns)} FROM STDIN") as rows,
            ):
                while data := source.read(CHUNK):
                    rows.write(data)
            for sequence in connection.introspection.get_sequences(cursor, table):
                column, name = connection.ops.quote_name(sequence["column"]), connection.ops.quote_name(table)
                cursor.execute(
                    f"SELECT setval(%s, COALESCE(MAX({column}), 1), MAX({column}) IS NOT NULL) FROM {name}",  # noqa: S608
                    [sequence["name"]],
                )


def _target(table: str, columns: list[str]) -> str:
    return f"{connection.ops.quote_name(table)} ({', '.join(map(connection.ops.quote_name, columns))})"


def _migrations_of(folder: Path) -> set[tuple[str, str]]:
    lines = (folder / f"{MIGRATIONS}.copy").read_text("utf-8").splitlines()
    return {(cells[1], cells[2]) for line in lines if (cells := line.split("\t"))}


def _migrations_here() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM {MIGRATIONS}")  # noqa: S608
        return set(cursor.fetchall())
