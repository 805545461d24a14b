"""Test databases: on disk, as in service, so that servers' threads meet it as they would; put back as migrated by copying."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from banshi.workflow import models
from banshi.workflow.versions import keep_definitions
from tests import templates


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """One database for each worker, copied from the template of these migrations."""
    with django_db_blocker.unblock():
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        if connection.vendor == "sqlite":
            _copy_of_sqlite_template(Path(os.environ["BANSHI_TEST_HOME"]) / f"test-{worker}.sqlite3")
        else:
            _copy_of_postgresql_template(f"test_{worker}_{os.getpid()}")
        keep_definitions()  # as after migrating, so that no test's first query is that of a cold process
        _keep_as_migrated()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: _put_back_as_migrated())
        yield
    with django_db_blocker.unblock():
        connection.close()
        if connection.vendor != "sqlite":
            connection.creation._destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def _copy_of_sqlite_template(own: Path) -> None:
    """In a file: in shared memory, threads would be told that tables are locked."""
    connection.settings_dict["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    templates.copy_migrated(own)
    _use(str(own))


def _copy_of_postgresql_template(own: str) -> None:
    """In the server's own lock, as nobody may be connected to what is copied."""
    template = f"banshi_template_{templates.digest()}"
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if not cursor.fetchone():
            cursor.execute(f'DROP DATABASE IF EXISTS "{template}_partial"')
            connection.settings_dict["TEST"]["NAME"] = f"{template}_partial"
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.close()
            cursor.execute(f'ALTER DATABASE "{template}_partial" RENAME TO "{template}"')
            Path(os.environ["BANSHI_TEST_HOME"], "template-made").touch()
        cursor.execute(f'CREATE DATABASE "{own}" TEMPLATE "{template}"')
    _use(own)


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()


KEEP = """DO $$ DECLARE name text; BEGIN
    CREATE SCHEMA as_migrated;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND pg_relation_size(to_regclass(tablename)) > 0
    LOOP EXECUTE format('CREATE TABLE as_migrated.%1$I AS TABLE public.%1$I', name);
    END LOOP;
END $$"""
PUT_BACK = """DO $$ DECLARE name text; BEGIN
    SET LOCAL session_replication_role = replica;  -- neither append-only triggers nor foreign keys
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND pg_relation_size(to_regclass(tablename)) > 0
    LOOP
        EXECUTE format('DELETE FROM public.%I', name);
        IF to_regclass(format('as_migrated.%I', name)) IS NOT NULL THEN
            EXECUTE format('INSERT INTO public.%1$I SELECT * FROM as_migrated.%1$I', name);
        END IF;
    END LOOP;
END $$"""


def _keep_as_migrated() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM INTO %s", [_as_migrated()])
        else:
            cursor.execute(KEEP)


def _as_migrated() -> str:
    return f"{connection.settings_dict['NAME']}.as-migrated"


def _put_back_as_migrated() -> None:
    """Instead of Django's flush, which asks each of 250 tables and migrates anew what it emptied."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(_as_migrated())) as kept, connection.cursor() as cursor:
            given = cursor.execute("SELECT seq, name FROM sqlite_sequence").fetchall()
            kept.backup(connection.connection, progress=partial(_unless_locked, count()), sleep=0.05)
            cursor.execute("DELETE FROM sqlite_sequence")
            cursor.executemany(
                "INSERT INTO sqlite_sequence (seq, name) VALUES (%s, %s)", given
            )  # no key is given twice
    else:
        with connection.cursor() as cursor:
            cursor.execute(PUT_BACK)
    models._kept.clear()  # a definition that a test registered was settled by the test that is undone
    models._unsettled.clear()
    keep_definitions()


def _unless_locked(asked: Iterator[int], status: int, remaining: int, total: int) -> None:
    """Wait for a request under way; who still holds the database then was left behind, and `backup` would ask for ever."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and next(asked) > 600:
        raise TimeoutError("a connection of the test still holds its database")


@pytest.fixture
def on_disk_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that threads open for themselves: on SQLite a file in place of the shared memory."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(tmp_path / "test.sqlite3")])
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    connection.connection, connection.settings_dict["NAME"] = None, str(tmp_path / "test.sqlite3")
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = in_memory, name
