"""The sealer: chains committed ledger entries each second, in one process at a time."""

import logging
import time

from django.db import close_old_connections

from banshi.core.clock import now
from banshi.core.locks import held
from banshi.ledger.anchors import write_missing
from banshi.ledger.sealing import seal

logger = logging.getLogger("banshi.ledger")
EVERY_SECONDS = 1.0


def keep_sealing() -> None:
    """Seal for as long as the process lives. An entrance, so it asks the clock."""
    _complete_anchor_file()
    while True:
        try:
            with held("ledger-sealer") as ours:
                if ours:
                    seal(at=now())
        except Exception:
            logger.exception("sealer stumbled")
        close_old_connections()
        time.sleep(EVERY_SECONDS)


def _complete_anchor_file() -> None:
    """Take over anchors that a worker on another machine has made."""
    try:
        write_missing()
    except Exception:
        logger.exception("anchor file could not be completed")
