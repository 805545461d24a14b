"""Runs inside an installation on an empty PostgreSQL: migrates it as far as the kept folder was, and takes the folder's rows over."""

import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from banshi.core.pg_copy import MIGRATIONS, PROCESS_TABLES, copy_in  # noqa: E402

ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def cell(value: Any, kind: str) -> str:
    """As COPY reads it. SQLite keeps an interval in microseconds."""
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    return f"{value} microseconds" if kind == "interval" else str(value).translate(ESCAPED)


with sqlite3.connect(Path(settings.HOME) / "banshi.sqlite3") as kept, tempfile.TemporaryDirectory() as folder:
    then = set(kept.execute(f"SELECT app, name FROM {MIGRATIONS}"))
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    followed = {each.key for node in then for each in nodes[node].parents if each.key[0] == node[0]}
    # The last of each app: one before it, brought by another app already, would be taken as a wish to go back to it.
    executor.migrate([*(then - followed)])
    tables: dict[str, list[str]] = {}
    for table in sorted(set(connection.introspection.table_names()) - set(PROCESS_TABLES)):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s", [table]
            )
            kinds = dict(cursor.fetchall())
        rows = kept.execute(f"SELECT {', '.join(map(connection.ops.quote_name, kinds))} FROM {table}")
        lines = ("\t".join(map(cell, row, kinds.values())) + "\n" for row in rows)
        (Path(folder) / f"{table}.copy").write_text("".join(lines), encoding="utf-8")
        tables[table] = list(kinds)
    copy_in(Path(folder), tables)
