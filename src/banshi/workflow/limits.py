"""Limits of states as running clocks: what may last how long, since when, and while what it stood still."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from banshi.workflow.definition import Limit
from banshi.workflow.versions import definition_of

Resolve = Callable[[Any, str], Limit]
_policies: dict[str, tuple[frozenset[str], Resolve]] = {}


def name_limits(code: str, names: Iterable[str], resolve: Resolve) -> None:
    """Register the policy that says how many days a limit named in the definitions of `code` has for a subject."""
    _policies[code] = frozenset(names), resolve


def names_known(code: str) -> frozenset[str]:
    return _policies[code][0] if code in _policies else frozenset()


def limit_of(subject: Any, limit: str | Limit) -> Limit | None:
    """Return a limit in days, which the definition writes out or only names.

    Returns None when there is none.
    """
    if isinstance(limit, Limit):
        return limit
    return _policies[definition_of(subject).code][1](subject, limit) if limit else None


@dataclass(frozen=True, slots=True)
class RunningLimit:
    """Input of `calendar.deadlines`: `pauses` are spans in which the clock stood still, the last perhaps without an end."""

    limit: Limit
    since: datetime
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1][1] is None


def running_limit(
    subject: Any, *, began_at: datetime, coming: tuple[str, datetime] | None = None
) -> RunningLimit | None:
    """Return the limit of the subject's state, from its history.

    States with the same limit share one clock, which pauses keep.
    """
    flow = definition_of(subject)
    gone = [(each.to, each.at) for each in subject.moves.all()] if subject.pk else []
    stays = [(flow.start, began_at), *gone, *([coming] if coming else [])]
    limit, since = flow.states[flow.start].limit, began_at
    pauses: list[tuple[datetime, datetime | None]] = []
    for state, at in stays:
        if pauses and pauses[-1][1] is None:
            pauses[-1] = (pauses[-1][0], at)
        if flow.states[state].pause:
            pauses.append((at, None))
        elif flow.states[state].limit != limit:
            limit, since, pauses = flow.states[state].limit, at, []
    days = limit_of(subject, limit)
    return RunningLimit(days, since, tuple(pauses)) if days else None
