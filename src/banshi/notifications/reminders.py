"""Reminders: what has a last day is told of once before it, and that it was told stands in the ledger."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.db import models, transaction

from banshi.access import Permission, authorize
from banshi.core.clock import day_of
from banshi.core.json_types import JsonObject
from banshi.ledger import Act, Actor, record_many
from banshi.notifications.notify import NewNotification, notify_many


@dataclass(frozen=True, slots=True)
class Reminded:
    """A thing about to be due, who is told of it, and what the ledger keeps."""

    thing: Any
    notices: Sequence[NewNotification]
    facts: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reminder:
    """`due` finds rows to remind of, by a day. Their column `reminded_on` keeps that it was done."""

    action: str
    due: Callable[[date], Iterable[models.Model]]
    plan: Callable[[Sequence[Any], date], Iterable[Reminded]]


REMINDERS: dict[str, Reminder] = {}


def register(reminder: Reminder) -> Reminder:
    REMINDERS[reminder.action] = reminder
    return reminder


@transaction.atomic
def remind(reminder: Reminder, *, by: Actor, at: datetime) -> int:
    """Tell of everything that is due and was not told of yet, each person once.

    Returns how many things.
    """
    by, day = authorize(by, Permission.AUTOMATIC, at=at), day_of(at)
    wanted = list(reminder.due(day))
    if not wanted:
        return 0
    rows = wanted[0].__class__._default_manager.filter(pk__in=[each.pk for each in wanted], reminded_on=None)
    mine = set(rows.select_for_update().values_list("pk", flat=True))
    rows.filter(pk__in=mine).update(reminded_on=day)
    planned = list(reminder.plan([each for each in wanted if each.pk in mine], day))
    mailed = notify_many(chain.from_iterable(each.notices for each in planned), at=at)
    record_many(
        [
            Act(
                reminder.action,
                each.thing,
                {**each.facts, "mailed": len(mailed & {user for notice in each.notices for user in notice.recipients})},
            )
            for each in planned
        ],
        by=by,
        at=at,
    )
    return len(planned)
