"""The node's follower: polls the change feed, so that this machine's index and pages show what any machine published."""

import logging
import threading
import time

from django.db import close_old_connections, connection

from banshi.catalog.signals import catalogue_changed
from banshi.search.index import IndexUnusable, Position, catch_up, is_unusable, newest_change, rebuild

log = logging.getLogger("banshi.search")
POLL, REST = 0.5, 5.0  # seconds; the second after an error


def start_following() -> threading.Thread:
    """Follow in a thread of this process, until the process ends."""
    thread = threading.Thread(target=_follow, name="feed follower", daemon=True)
    thread.start()
    return thread


def _follow() -> None:
    seen: Position | None = None
    while True:
        try:
            seen = follow_on(seen)
            time.sleep(POLL)
        except Exception:
            log.exception("could not follow the catalogue, goes on in %s s", REST)
            connection.close()
            time.sleep(REST)
        close_old_connections()


def follow_on(seen: Position | None) -> Position:
    """Look once: tell this node's receivers of changes after `seen`, bring the index up to date or mend it.

    Returns the newest change.
    """
    newest = newest_change()
    if newest != seen:
        catalogue_changed.send(sender=None)
    keep_index()
    return newest


def keep_index() -> int | None:
    """Return the number of changes taken in, or of items in a new index."""
    if is_unusable():
        return rebuild()
    try:
        return catch_up()
    except (IndexUnusable, ValueError, RuntimeError, OSError):
        return rebuild()
