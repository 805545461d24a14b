"""Identifiers."""

import secrets
import time
from uuid import UUID


def new_guid() -> UUID:
    """Return a version-7 UUID (RFC 9562): 48 bits of milliseconds, then chance, so that new rows stand together in an
    index.
    """
    millis = time.time_ns() // 1_000_000
    chance = secrets.randbits(74)
    high = (millis << 16) | (0x7 << 12) | (chance >> 62)
    low = (0b10 << 62) | (chance & ((1 << 62) - 1))
    return UUID(int=(high << 64) | low)
