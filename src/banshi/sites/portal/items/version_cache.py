"""Cache of the version in force, which spares the database a question per reader.

What was asked is trusted while nothing was published: publishing moves a stamp, kept in the shared cache or, without
one, as the time of a file in BANSHI_HOME. Each node's follower of the change feed moves it too, for what was published
elsewhere or by a process killed between its commit and the stamp. Trust ends after `TRUSTED` seconds in any case.
"""

import os
import time
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.cache import caches

from banshi.catalog.models import Publication
from banshi.catalog.queries import in_force_of
from banshi.sites.portal.items.queries import PublicationVersion, version_in_force

TRUSTED = 1.0
REMEMBERED = 20_000
STAMP = "catalogue-changed"


class _Known(NamedTuple):
    version: PublicationVersion
    stamp: int
    at: float


_known: dict[UUID, _Known] = {}


def current_version(guid: UUID) -> tuple[PublicationVersion | None, Publication | None]:
    """Find the version in force, from the cache where it is known.

    The stamp is read before the database, so that what is published meanwhile is asked for again.
    """
    seen, now = stamp(), time.monotonic()
    known = _known.get(guid)
    if known and known.stamp == seen and now - known.at < TRUSTED:
        return known.version, None
    publication = None if known else in_force_of(guid)
    version = (
        version_in_force(guid)
        if known
        else (
            PublicationVersion(publication.revision.digest, publication.number, publication.item_id)
            if publication
            else None
        )
    )
    if version:
        if len(_known) >= REMEMBERED:
            _known.clear()
        _known[guid] = _Known(version, seen, now)
    return version, publication


def move_stamp(**_: object) -> None:
    """Invalidate the caches of all processes on `catalogue_changed`."""
    moment = time.time_ns()
    if settings.CACHE_URL:
        caches["pages"].set(STAMP, moment, timeout=None)
        return
    _place().touch()
    os.utime(_place(), ns=(moment, moment))


def stamp() -> int:
    """Read the stamp, which moves with each publishing act.

    Returns 0 before the first.
    """
    if settings.CACHE_URL:
        return caches["pages"].get(STAMP) or 0
    try:
        return os.stat(_place()).st_mtime_ns  # noqa: PTH116 (half the time of Path.stat)
    except FileNotFoundError:
        return 0


def _place() -> Path:
    return settings.HOME / "catalogue-changed"
