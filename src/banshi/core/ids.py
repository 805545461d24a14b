"""Identifiers, and codes that people copy."""

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


LEGIBLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without what looks like something else (0 and O, 1, I and L)."""


def legible_code(length: int) -> str:
    """Draw a code that people read out and copy."""
    return "".join(secrets.choice(LEGIBLE) for _ in range(length))
