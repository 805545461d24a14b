"""Bounded readers of numbers, days, guids and texts that an address or a form names. No other shape reaches the database."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from uuid import UUID

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse

LONGEST_KEY = 18
"""Digits that surely fit a database's integer."""
LONGEST_TEXT = 200
"""Characters of an address that are read; SQLite compares no pattern of 50,000 bytes."""


def as_key(text: str) -> int:
    """Read a primary key.

    0, nobody's, for anything that is none.
    """
    return int(text) if len(text) <= LONGEST_KEY and text.isascii() and text.isdecimal() else 0


def key_in(data: QueryDict, name: str) -> int:
    return as_key(data.get(name, ""))


def text_in(data: QueryDict, name: str, longest: int = LONGEST_TEXT, *, otherwise: str = "") -> str:
    """Read one text, cut to `longest`, without NUL (no PostgreSQL text holds it) and white space at its ends."""
    return data.get(name, otherwise).replace("\x00", "").strip()[:longest]


def as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@cache
def url_of(name: str) -> str:
    """Reverse the name of a page, once for all pages, each of which shows dozens.

    Empty where there is no such page (yet).
    """
    try:
        return reverse(name) if name else ""
    except NoReverseMatch:
        return ""


def as_guid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def guid_in(data: QueryDict, name: str) -> UUID | None:
    return as_guid(data.get(name, ""))


def guids_in(data: QueryDict, name: str) -> set[UUID]:
    return as_guids(data.getlist(name))


def as_guids(texts: Iterable[str]) -> set[UUID]:
    """Read guids.

    Anything else is nobody's.
    """
    return {guid for text in texts if (guid := as_guid(text))}
