"""Search hears of every change of what is in force, after its commit."""

import logging
import threading
import time
from typing import Any

from django.conf import settings
from django.db import connections
from django.dispatch import receiver

from banshi.catalog.models import Listing
from banshi.catalog.signals import catalogue_changed
from banshi.search.index import IndexUnusable, catch_up, rebuild, report_unusable

log = logging.getLogger(__name__)
FEW = 2000
REST = 0.5  # seconds


@receiver(catalogue_changed, dispatch_uid="search.follow_catalogue")
def follow_catalogue(**_: Any) -> None:
    """At once in a command, which ends after it; a moment later in a server, where nobody waits for the disk."""
    if settings.SERVING:
        _follower.wake()
    else:
        take_in_changes()


def take_in_changes() -> None:
    """An index that is missing is built here while it is a matter of seconds, by the worker else."""
    try:
        catch_up(at_most=FEW)
    except (IndexUnusable, ValueError, RuntimeError, OSError) as error:
        if Listing.objects.count() <= FEW:
            rebuild()
        else:
            report_unusable(error)


class Follower:
    """One thread a process. What is published while it writes, and while it rests after that, goes into its next commit
    together: under a stream of publications the index would else be committed dozens of times a second. Should the process
    end before, the worker's schedule takes it in."""

    def __init__(self) -> None:
        self._word = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        self._word.set()
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._follow, name="search follower", daemon=True)
                self._thread.start()

    def _follow(self) -> None:
        while self._word.wait():
            self._word.clear()
            try:
                take_in_changes()
            except Exception:
                log.exception("search could not follow the catalogue; the schedule will")
            finally:
                connections.close_all()
            time.sleep(REST)


_follower = Follower()
