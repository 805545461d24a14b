"""Reading events with a cursor: each consumer gets each event exactly once, in order."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet, Subquery
from django.db.models.functions import Coalesce

from banshi.core.models import Cursor
from banshi.events.kinds import EventKind
from banshi.events.models import Event
from banshi.events.sequencing import is_waiting, sequence

log = logging.getLogger("banshi.events")
FOLLOWERS: list[Callable[[], object]] = []
"""What `follow` calls: functions that consume until nothing is left."""


@contextmanager
def consume(
    consumer: str, *, kinds: Sequence[EventKind] = (), batch_size: int = 1000
) -> Iterator["QuerySet[Event] | None"]:
    """Give the next events, in one transaction with what is done about them.

    The cursor moves when the block ends well.

    A batch ends with a whole act. None when nothing is left, or while another process consumes under this name. Work
    that no transaction can take back (mail, files) belongs in an outbox.
    """
    with transaction.atomic():
        free = Cursor.objects.select_for_update(skip_locked=True).filter(pk=consumer)
        cursor = free.first()
        if cursor is None and not Cursor.objects.filter(pk=consumer).exists():
            Cursor.objects.bulk_create([Cursor(reader=consumer)], ignore_conflicts=True)
            cursor = free.first()
        fresh = events_after(cursor.position if cursor else 0, kinds)
        batch: list[Any] = list(fresh.values_list("number", "act")[:batch_size]) if cursor else []
        if cursor is None or not batch:
            yield None
            return
        until, act = batch[-1]
        if len(batch) == batch_size:
            until = fresh.filter(act=act).aggregate(until=Max("number"))["until"]
        yield fresh.filter(number__lte=until)
        cursor.position = until
        cursor.save(update_fields=["position"])


def events_after(number: int | Coalesce, kinds: Sequence[EventKind] = ()) -> "QuerySet[Event]":
    """List events behind this place in their order, of these kinds or of all."""
    events = Event.objects.filter(number__gt=number).order_by("number")
    return events.filter(kind__in=[each.code for each in kinds]) if kinds else events


def is_behind(consumer: str, kinds: Sequence[EventKind] = ()) -> bool:
    """Tell whether events wait for this consumer."""
    reached = Coalesce(Subquery(Cursor.objects.filter(pk=consumer).values("position")), 0)
    return events_after(reached, kinds).exists()


def follower(work: Callable[[], object]) -> Callable[[], object]:
    """Decorate a function that consumes until nothing is left, and asks little when there is nothing.

    Called each second.
    """
    FOLLOWERS.append(work)
    return work


def follow() -> None:
    """Sequence what has committed, and let every registered consumer catch up.

    One that fails keeps its cursor and is tried again the next time, while the others go on.
    """
    if is_waiting():
        sequence()
    for work in FOLLOWERS:
        try:
            work()
        except Exception:
            log.exception("a consumer of events failed and is tried again: %s.%s", work.__module__, work.__qualname__)
