"""The sealer: chains committed ledger entries each second, in one process of the city at a time."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from banshi.core.leases import do_alone
from banshi.ledger.anchors import write_missing
from banshi.ledger.clock_watch import ClockWatch
from banshi.ledger.sealing import seal

logger = logging.getLogger("banshi.ledger")
EVERY_SECONDS = 1.0
LASTS = timedelta(seconds=4)
"""Shorter than other leases: after a kill another process seals within seconds."""


def keep_sealing(clock: Callable[[], datetime], *, until: threading.Event) -> None:
    """Seal for as long as the process lives, and watch the clock that entries go by."""
    watch = ClockWatch()

    def watch_and_seal() -> None:
        watch.look(at=clock())
        seal(at=clock())

    try:  # anchors that a worker on another machine has made
        write_missing()
    except Exception:
        logger.exception("anchor file could not be completed")
    do_alone("ledger-sealer", watch_and_seal, every=EVERY_SECONDS, until=until, ttl=LASTS)
