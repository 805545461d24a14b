"""A kept PostgreSQL connection that the server has ended is noticed before it is used again."""

import time

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from tests.processes import DEADLINE

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_connection_that_stands_is_not_asked() -> None:
    connection.ensure_connection()
    assert connection.is_usable()
    with CaptureQueriesContext(connection) as asked:
        assert connection.is_usable()
    assert len(asked) == 0


def test_a_connection_the_server_ended_is_not_usable() -> None:
    other = connections["default"].copy()
    other.ensure_connection()
    assert other.is_usable()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [other.connection.info.backend_pid])
    limit = time.monotonic() + DEADLINE
    while other.is_usable():
        assert time.monotonic() < limit, "the server never ended it"
    other.close()
