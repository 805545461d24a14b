"""Test databases: on disk, as in service, so that servers' threads meet it as they would; emptied in spite of append-only tables."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from banshi.core.append_only import lifted
from banshi.workflow.versions import keep_definitions
from tests import templates


@pytest.fixture(autouse=True, scope="session")
def emptying_may_empty_the_ledger() -> Iterator[None]:
    """Transactional tests end with a flush, which the append-only ledger would rightly refuse.

    The flush tells `post_migrate`, at which tables without their triggers would be refused as well.
    """
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(self: Any) -> None:
        with lifted(connection), patch("banshi.core.schema.refuse_drift"):
            flush(self)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[attr-defined]


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
