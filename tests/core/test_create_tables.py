"""An empty database gets its tables from the models: what replaying every migration would have left."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.processes import DEADLINE

from banshi.core.schema import all_applied, drift

REPLAY = """
import django
django.setup()
from django.core.management import call_command
from django.core.management.commands.migrate import Command
call_command(Command(), verbosity=0)
"""


@pytest.mark.django_db
def test_nothing_is_left_to_migrate_and_the_tables_are_as_declared() -> None:
    assert all_applied()
    assert list(drift()) == []


def test_killed_in_the_middle_nothing_is_there(tmp_path: Path) -> None:
    """The last table's triggers fail: neither tables nor a record of migrations are left."""
    broken = f"""
import django
django.setup()
from banshi.core import schema
def die(*_, **__):
    raise SystemExit(9)
schema.protect = die
{REPLAY.replace("django.core.management.commands.migrate", "banshi.core.management.commands.migrate")}
"""
    assert _python(broken, tmp_path).returncode == 9
    with closing(sqlite3.connect(tmp_path / "banshi.sqlite3")) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == []


@pytest.mark.nightly
def test_replaying_every_migration_leaves_the_same(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("read from SQLite's own catalogue")
    replayed, created = tmp_path / "replayed", tmp_path / "created"
    for home in (replayed, created):
        home.mkdir()
    assert _python(REPLAY, replayed).returncode == 0
    assert (
        _python(
            REPLAY.replace("django.core.management.commands", "banshi.core.management.commands"), created
        ).returncode
        == 0
    )
    assert _schema(created) == _schema(replayed)


def _python(code: str, home: Path) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    own = {"BANSHI_HOME": str(home), "BANSHI_SECRET": "x", "DJANGO_SETTINGS_MODULE": "banshi.config.settings"}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**inherited, **own},
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


def _schema(home: Path) -> dict[str, Any]:
    """Columns whatever their order, indexes, keys, triggers, and the record of migrations."""
    with closing(sqlite3.connect(home / "banshi.sqlite3")) as database:

        def rows(sql: str) -> list[Any]:
            return database.execute(sql).fetchall()

        tables = [name for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {
            **{
                table: (
                    {row[1:] for row in rows(f"PRAGMA table_info('{table}')")},
                    {row[2:] for row in rows(f"PRAGMA foreign_key_list('{table}')")},
                )
                for table in tables
            },
            "made": {
                (name, *sorted(re.findall(r"\w+", sql or "")))
                for name, sql in rows("SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')")
            },
            "applied": set(rows("SELECT app, name FROM django_migrations")),
        }
