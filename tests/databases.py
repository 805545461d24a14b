"""Test databases: on disk, as in service, so that servers' threads meet it as they would; emptied in spite of append-only tables."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from banshi.core.append_only import lifted


@pytest.fixture(autouse=True, scope="session")
def emptying_may_empty_the_ledger() -> Iterator[None]:
    """Transactional tests end with a flush, which the append-only ledger would rightly refuse."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(self: Any) -> None:
        with lifted(connection, "core_ledgerentry", "number", "previous"):
            flush(self)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """One database for each worker; SQLite in a file: in shared memory, threads would be told that tables are locked."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        database["TEST"]["NAME"] = str(Path(os.environ["BANSHI_TEST_HOME"]) / f"test-{worker}.sqlite3")
        database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    else:
        request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


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
