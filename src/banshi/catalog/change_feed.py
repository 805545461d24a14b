"""The change feed: a projection of the events that change what is in force, written in their order by one process at a time."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from django.db import connection, transaction

from banshi.catalog.events import CHANGING, PUBLISHED, TAKEN_DOWN
from banshi.catalog.models import Change
from banshi.catalog.signals import catalogue_changed
from banshi.events.consuming import consume, follower, is_behind
from banshi.events.models import Event
from banshi.events.sequencing import sequence

CONSUMER = "catalog.change_feed"
ROWS_AT_ONCE = 1000
Operation = Change.Operation


def keep_feed_current() -> None:
    """Bring the feed up to date with the current act: after its commit, as another's may still be under way."""
    if acts_come_one_by_one():
        _number_and_write()
    else:
        _once_after_commit(_number_and_write)
    _once_after_commit(_tell)


def _once_after_commit(work: Callable[[], None]) -> None:
    """Run once after the commit, however many publications an act is made of."""
    if all(waiting is not work for _, waiting, *_ in connection.run_on_commit):
        transaction.on_commit(work, robust=True)


def _tell() -> None:
    catalogue_changed.send(sender=Change)


def acts_come_one_by_one() -> bool:
    """Tell whether the database has one writer (SQLite), so that acts are in order already."""
    return connection.vendor == "sqlite"


def _number_and_write() -> None:
    sequence()
    write_changes()


@follower
def catch_up_feed() -> None:
    if is_behind(CONSUMER, CHANGING):
        write_changes()


def write_changes() -> None:
    """Append a change for each event, until nothing is left or another process is at it, which looks again at its end.

    An act is a batch, and appears in the feed as a whole.
    """
    behind = True
    while behind:
        with consume(CONSUMER, kinds=CHANGING) as events:
            if events is None:
                return
            changes = _changes(events.iterator(ROWS_AT_ONCE))
            while some := list(islice(changes, ROWS_AT_ONCE)):
                Change.objects.bulk_create(some)
        behind = is_behind(CONSUMER, CHANGING)


def _changes(events: Iterable[Any]) -> Iterator[Change]:
    number = Change.objects.order_by("-number").values_list("number", flat=True).first() or 0
    for _, act in groupby(events, key=attrgetter("act")):
        first = number + 1
        for event in act:
            number += 1
            yield Change(
                number=number,
                batch=f"{event.at:%Y%m%d}-{first:09d}",
                operation=_operation(event),
                at=event.at,
                guid=event.guid,
                item_id=event.item_id,
                publication_id=event.subject_id if event.kind == PUBLISHED.code else None,
            )


def _operation(event: Event) -> str:
    if event.kind == PUBLISHED.code:
        return str(event.data["operation"])
    return Operation.DELETE if event.kind == TAKEN_DOWN.code else Operation.UPDATE
