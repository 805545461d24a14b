"""Bounded readers of numbers, guids and texts that an address or a form names; no other shape reaches the database."""

from collections.abc import Iterable
from uuid import UUID

from django.http import QueryDict

LONGEST_KEY = 18
"""Digits that surely fit a database's integer."""


def as_key(text: str) -> int:
    """Read a primary key; 0, nobody's, for anything that is none."""
    return int(text) if len(text) <= LONGEST_KEY and text.isascii() and text.isdecimal() else 0


def key_in(data: QueryDict, name: str) -> int:
    return as_key(data.get(name, ""))


def text_in(data: QueryDict, name: str, longest: int | None = None) -> str:
    """Read one text, cut to `longest`, without NUL (no PostgreSQL text holds it) and white space at its ends."""
    return data.get(name, "").replace("\x00", "").strip()[:longest]


def as_guid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def as_guids(texts: Iterable[str]) -> set[UUID]:
    """Read guids; anything else is nobody's."""
    return {guid for text in texts if (guid := as_guid(text))}
