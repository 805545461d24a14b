"""Port through which a call learns what it is for: a case, which the app of cases registers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from banshi.core.errors import Missing
from banshi.ledger import Actor

LONGEST_SUBJECT = 120
AGENT, COMPANY = "经办人", "申请单位"
"""Roles in a matter that make nobody of it family of the others."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """A person a matter is about, with what was written of them there, by label."""

    role: str
    name: str
    number: str
    said: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Purpose:
    """The matter a call is made for. `subject` is its name in the ledger, `clerk` who a system says asks.

    Only grants of `organs` serve it.
    """

    subject: str
    number: str
    item_id: int | None
    organs: frozenset[int]
    concerned: tuple[Concerned, ...]
    clerk: str = ""


@dataclass(frozen=True, slots=True)
class NumberedMatter:
    """A matter handled here, as a call finds it by its number."""

    subject: str
    organ_id: int
    item_id: int
    open: bool
    concerned: tuple[Concerned, ...]


Resolver = Callable[[Any, Actor, datetime], Purpose]
"""Raises Refused or Conflict where the matter is not open, or not this clerk's."""
PeopleOf = Callable[[str], set[int]]
ConcernedIn = Callable[[str], tuple[Concerned, ...]]
_resolvers: dict[str, Resolver] = {}
_labels: dict[str, str] = {}
_people: dict[str, PeopleOf] = {}
_concerned: dict[str, ConcernedIn] = {}


@dataclass(frozen=True, slots=True)
class Finder:
    """The query that finds a matter of a kind by its number, one row at most, and the reader of that row."""

    rows: Callable[[str], QuerySet[Any]]
    read: Callable[[Any], NumberedMatter]


_finders: list[Finder] = []


def register_purpose(
    kind: str, resolve: Resolver, *, label: str, people: PeopleOf, concerned: ConcernedIn = lambda key: ()
) -> None:
    """Register a kind of matter.

    `people` lists the accounts whose matter the one of that key is, `concerned` whom its papers name, as far as they
    are kept.
    """
    _resolvers[kind], _labels[kind] = resolve, label
    _people[label], _concerned[label] = people, concerned


def register_numbers(rows: Callable[[str], QuerySet[Any]], read: Callable[[Any], NumberedMatter]) -> None:
    """Register how matters of a kind are found by their number, by the statement that reads all a call names."""
    _finders.append(Finder(rows, read))


def finders() -> tuple[Finder, ...]:
    return tuple(_finders)


def subject_of(kind: str, key: Any) -> str:
    """Name a matter as it was asked for, whether or not there is one."""
    return f"{_labels[kind]}:{key}"[:LONGEST_SUBJECT] if kind in _labels else ""


def people_of(subject: str) -> set[int]:
    """List the accounts whose matter a call was made for, by its name in the ledger."""
    label, _, key = subject.partition(":")
    return _people[label](key) if label in _people else set()


def concerned_in(subject: str) -> tuple[Concerned, ...]:
    """List whom the papers of a matter name, by its name in the ledger."""
    label, _, key = subject.partition(":")
    return _concerned[label](key) if label in _concerned else ()


def purpose_of(kind: str, key: Any, *, by: Actor, at: datetime) -> Purpose:
    if kind not in _resolvers:
        raise Missing("不知道这是为什么事", remedy="请从办件页面发起核验。")
    return _resolvers[kind](key, by, at)
