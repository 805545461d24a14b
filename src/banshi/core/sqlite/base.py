"""Django's SQLite, which rewrites the places of a statement (`%s`) once and not each time it is asked."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base

KEPT = 500


class KeptTextCursor(base.SQLiteCursorWrapper):
    def convert_query(self, query: str, *, param_names: Sequence[str] | None = None) -> str:
        """Return a text that is the same object each time, by which the driver finds it compiled."""
        return _converted(query) if param_names is None else super().convert_query(query, param_names=param_names)


class DatabaseWrapper(base.DatabaseWrapper):
    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=KeptTextCursor)

    def driver_cursor(self) -> Any:
        """Return the cursor of the driver, for a connection that stands."""
        return self.create_cursor()


@lru_cache(KEPT)
def _converted(query: str) -> str:
    return str(base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%"))
