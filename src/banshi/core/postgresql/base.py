"""Django's PostgreSQL, whose kept connections are looked at before each request without a question to the server.

Statements kept by `core/prepared.py` are prepared there.
"""

import select
import time
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base, operations

SURE_FOR = 30.0
"""Seconds after an answer; a broken network says nothing, so then the server is asked."""
PREPARED_AFTER, PREPARED_MOST = 2, 500
"""Statements a connection has prepared, each after so many executions."""


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
        cursor: Any = base.ServerBindingCursor
        return cursor(self.connection)

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
