"""Port through which a call learns what it is for: a case, which the app of cases registers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from banshi.core.errors import Missing
from banshi.ledger import Actor


@dataclass(frozen=True, slots=True)
class Concerned:
    """A person a matter is about, with what was written of them there, by label."""

    role: str
    name: str
    number: str
    said: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Purpose:
    """The matter a call is made for. `subject` is its name in the ledger."""

    subject: str
    number: str
    item_id: int
    organ_id: int
    concerned: tuple[Concerned, ...]


Resolver = Callable[[Any, Actor, datetime], Purpose]
"""Raises Refused or Conflict where the matter is not open, or not this clerk's."""
PeopleOf = Callable[[str], set[int]]
_resolvers: dict[str, Resolver] = {}
_people: dict[str, PeopleOf] = {}


def register_purpose(kind: str, resolve: Resolver, *, label: str, people: PeopleOf) -> None:
    """Register a kind of matter.

    `people` lists the accounts whose matter the one of that key is.
    """
    _resolvers[kind] = resolve
    _people[label] = people


def people_of(subject: str) -> set[int]:
    """List the accounts whose matter a call was made for, by its name in the ledger."""
    label, _, key = subject.partition(":")
    return _people[label](key) if label in _people else set()


def purpose_of(kind: str, key: Any, *, by: Actor, at: datetime) -> Purpose:
    if kind not in _resolvers:
        raise Missing("不知道这是为什么事", remedy="请从办件页面发起核验。")
    return _resolvers[kind](key, by, at)
