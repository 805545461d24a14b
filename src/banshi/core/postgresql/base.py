"""Django's PostgreSQL, whose kept connections are looked at before each request without a question to the server."""

import select
import time

from django.db.backends.postgresql import base

SURE_FOR = 30.0
"""Seconds after an answer; a broken network says nothing, so then the server is asked."""


class DatabaseWrapper(base.DatabaseWrapper):
    _answered = 0.0

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
