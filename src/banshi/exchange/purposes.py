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
_resolvers: dict[str, Resolver] = {}


def register_purpose(kind: str, resolve: Resolver) -> None:
    _resolvers[kind] = resolve


def purpose_of(kind: str, key: Any, *, by: Actor, at: datetime) -> Purpose:
    if kind not in _resolvers:
        raise Missing("不知道这是为什么事", remedy="请从办件页面发起核验。")
    return _resolvers[kind](key, by, at)
