"""Acts sent twice: a second click, a request sent again, two people at the same moment."""

from datetime import timedelta
from typing import Any

from django.db import connection, models

from banshi.core.errors import Conflict

A_CLICK = timedelta(seconds=10)
"""How long after it the same again, by somebody we know nothing of, is taken for a second click."""
A_MOMENT = timedelta(minutes=2)
"""The same by one person, of what may be said again later."""


def hold(row: models.Model) -> None:
    """Lock the row an act adds to, so that of two acts at once the second sees what the first has made."""
    rows: Any = row.__class__._base_manager  # of who is signed in, the account behind the lazy object
    rows.select_for_update(no_key=True).get(pk=row.pk)


def hold_name(name: str) -> None:
    """Lock a name until the transaction ends, where no row stands for what is to be there once."""
    if connection.vendor == "postgresql":  # SQLite's write transaction is a lock by itself
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def refuse_repeated(held: models.Model, same: "models.QuerySet[Any]", said: str, *, remedy: str) -> None:
    """Refuse an act that an equal row says was done already.

    A part of its transaction.
    """
    hold(held)
    if same.exists():
        raise Conflict(said, remedy=remedy)
