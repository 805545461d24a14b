"""Fixed-window rate limits, counted by the `limits` library in the shared cache, or in each process where there is none."""

import logging
import time
from functools import lru_cache

from django.conf import settings
from limits import parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

log = logging.getLogger("banshi.rate_limits")


def within(limit: str, *identifiers: str) -> bool:
    """Count one use against a limit such as `5/hour`.

    Also true while the cache can't be reached.
    """
    try:
        return _limiter(settings.CACHE_URL).hit(_item(limit), *identifiers)
    except StorageError as trouble:
        log.warning("rate limit %s was not counted: %s", limit, trouble)
        return True


def used_up(limit: str, *identifiers: str) -> bool:
    """Tell whether one more use would exceed a limit, without counting it."""
    try:
        return not _limiter(settings.CACHE_URL).test(_item(limit), *identifiers)
    except StorageError:
        return False


def seconds_left(limit: str, *identifiers: str) -> float:
    """Compute the seconds until the window of these identifiers ends."""
    try:
        reset = _limiter(settings.CACHE_URL).get_window_stats(_item(limit), *identifiers).reset_time
    except StorageError:
        return 0
    return max(0.0, reset - time.time())


def cache_answers() -> bool:
    try:
        return _limiter(settings.CACHE_URL).storage.check()
    except StorageError:
        return False


_item = lru_cache(parse)


@lru_cache(maxsize=2)
def _limiter(url: str) -> FixedWindowRateLimiter:
    options = {"socket_timeout": 1, "socket_connect_timeout": 1} if url else {}
    return FixedWindowRateLimiter(storage_from_string(url or "memory://", wrap_exceptions=True, **options))
