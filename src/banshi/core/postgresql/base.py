"""Django's PostgreSQL, whose kept connections are looked at before each request without a question to the server.

Statements kept by `core/prepared.py` are prepared there.
"""

import re
import select
import time
from functools import lru_cache
from itertools import count
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base, operations
from psycopg import RawCursor

SURE_FOR = 30.0
"""Seconds after an answer; a broken network says nothing, so then the server is asked."""
PLACE = re.compile("%s|%%")
LONGEST_KEPT = 16_384
PREPARED_AFTER, PREPARED_MOST = 2, 500
"""Statements a connection has prepared, each after so many executions."""


class NumberedPlacesCursor(RawCursor[Any]):
    """Writes the places of a statement (`%s`) as PostgreSQL has them (`$1`) once, which psycopg does anew for long ones."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        # Inserts of very many rows come in as many lengths, each of which would be kept.
        write = _converted if len(query) <= LONGEST_KEPT else _converted.__wrapped__
        return super().execute(write(query), params, **options)


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """Tell a prepared statement, which the driver does not keep, as it was given."""
        return str(super().last_executed_query(cursor, sql, params) or sql)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
    _answered = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        if settings.DATABASE_PREPARES:
            connection.prepare_threshold, connection.prepared_max = PREPARED_AFTER, PREPARED_MOST
        return connection

    def prepared_cursor(self) -> Any:
        """Return a cursor whose values are bound by the server, so that it parses and plans a statement once."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor: Any = base.ServerBindingCursor
            return self._prepare_cursor(cursor(self.connection))  # type: ignore[attr-defined]

    def driver_cursor(self) -> Any:
        """Return the cursor of the driver, for a connection that stands."""
        return NumberedPlacesCursor(self.connection)

    def is_usable(self) -> bool:
        """Skip the round trip while nothing waits to be read, since a server that ends a connection says so on it."""
        if self.connection is not None and self._is_quiet() and time.monotonic() - self._answered < SURE_FOR:
            return True
        usable = bool(super().is_usable())
        self._answered = time.monotonic() if usable else 0.0
        return usable

    def _is_quiet(self) -> bool:
        if self.connection.closed:
            return False
        look = select.poll()
        look.register(self.connection.fileno(), select.POLLIN)
        return not look.poll(0)


@lru_cache(PREPARED_MOST)
def _converted(query: str) -> bytes:
    places = count(1)
    return PLACE.sub(lambda found: "%" if found[0] == "%%" else f"${next(places)}", query).encode()
