"""Guards of direct acts: apps above say what must not happen without somebody having examined it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from banshi.access import Allowed, CommandLine
from banshi.ledger import Actor, System

Guard = Callable[[Sequence[Any], datetime], None]
_guards: dict[str, list[Guard]] = {}


def guard(act: str) -> Callable[[Guard], Guard]:
    """Register code that raises Refused for the act's subjects, all asked at once."""

    def keep(refuse: Guard) -> Guard:
        _guards.setdefault(act, []).append(refuse)
        return refuse

    return keep


def check(act: str, subjects: Sequence[Any], *, by: Actor, at: datetime) -> None:
    """Ask the guards, unless the act is the software's own or part of an authorized one: an adjustment, a decision."""
    if isinstance(by, CommandLine) or not isinstance(by, Allowed | System):
        for refuse in _guards.get(act, ()):
            refuse(subjects, at)
