"""Promises that were not kept, each told once as an event for supervision. Nothing here moves a last day."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet

from banshi.access import Permission, authorize
from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import day_of
from banshi.events.emitting import Occurrence, emit_many
from banshi.events.kinds import EventKind
from banshi.feedback.author_notices import tell_authors
from banshi.feedback.events import (
    ACCEPTANCE_LATE,
    ANSWER_LATE,
    BAD_RATING_LATE,
    CONTACT_LATE,
    WISH_LATE,
)
from banshi.feedback.models import BadRating, Complaint, Wish
from banshi.feedback.policy import policy
from banshi.ledger import Act, Actor, System, record_many

AT_ONCE = 500
SOFTWARE = System("feedback")


class KindOfLateness(NamedTuple):
    """Rows late in one way, and the columns of their last day and of when it was told."""

    event: EventKind
    rows: "QuerySet[BadRating] | QuerySet[Complaint] | QuerySet[Wish]"
    due: str
    told: str


def late_on(rank: int) -> Iterator[KindOfLateness]:
    """List what is late on a working day, told or not."""
    rules = policy().rating
    bad = BadRating.objects.select_related("organ")
    complaints = Complaint.objects.select_related("organ", "item")
    mending = Q(state__in=("received", "verifying"), due_rank__lt=rank)
    # An appeal under review, or a call back that nobody makes, holds it no longer than the longest plan may.
    held = Q(state__in=("mending", "appealed")) | Q(state="answered", rating__named=True)
    planned = held & Q(due_rank__lt=rank - (rules.plan_days - rules.mend_days))
    uncalled = bad.filter(state__in=("received", "verifying"), contacted_at=None, contact_rank__lt=rank)
    unaccepted = complaints.filter(state="received", accept_rank__lt=rank)
    unanswered = complaints.filter(state__in=("received", "handling"), due_rank__lt=rank)
    again = unanswered.filter(reopened__gt=0)
    owed = Wish.objects.filter(state="owed", due_rank__lt=rank).select_related("organ", "item")
    yield KindOfLateness(CONTACT_LATE, uncalled, "contact_rank", "contact_late_at")
    yield KindOfLateness(BAD_RATING_LATE, bad.filter(mending | planned), "due_rank", "late_at")
    yield KindOfLateness(ACCEPTANCE_LATE, unaccepted, "accept_rank", "accept_late_at")
    yield KindOfLateness(ANSWER_LATE, unanswered.filter(reopened=0), "due_rank", "late_at")
    yield KindOfLateness(ANSWER_LATE, again, "due_rank", "again_late_at")
    yield KindOfLateness(WISH_LATE, owed, "due_rank", "late_at")


@transaction.atomic
def tell_late(*, by: Actor, at: datetime) -> int:
    """Tell supervision, and who complained, of what is late and was not told yet, some of each kind at a time."""
    by, told = authorize(by, Permission.AUTOMATIC, at=at), 0
    for each in late_on(calendar_in_force().rank_of(day_of(at))):
        rows = _tell(each, by=by, at=at)
        told += len(rows)
        if complaints := [row for row in rows if isinstance(row, Complaint)]:
            what = "受理" if each.event is ACCEPTANCE_LATE else "答复"
            tell_authors(
                complaints, f"已经超期，还没有{what}", "可以打开看超了几天、还能怎么办，或者打 12345 催办", at=at
            )
    return told


@transaction.atomic
def tell_before_it_ends(some: Sequence[BadRating | Complaint | Wish], *, by: Actor, at: datetime) -> None:
    """Tell what is late of rows that an act is about to move on, which the morning's task would no longer find."""
    by, rank = authorize(by, Permission.AUTOMATIC, at=at), calendar_in_force().rank_of(day_of(at))
    names = ("contact_rank", "accept_rank", "due_rank")
    late = [each.pk for each in some if any((getattr(each, name, None) or rank) < rank for name in names)]
    if late:
        for each in late_on(rank):
            if each.rows.model is type(some[0]):
                _tell(each._replace(rows=each.rows.filter(pk__in=late)), by=by, at=at)


def _tell(late: KindOfLateness, *, by: Actor, at: datetime) -> list[BadRating | Complaint | Wish]:
    rows: list[BadRating | Complaint | Wish] = [*late.rows.filter(**{late.told: None}).order_by("pk")[:AT_ONCE]]
    if rows:
        # Those that joined another are late with it, and only marked: supervision finds the matter once.
        firsts = [row for row in rows if not (isinstance(row, Complaint) and row.leader_id)]
        emit_many(late.event, [Occurrence(row, {"due_rank": getattr(row, late.due)}) for row in firsts], by=by, at=at)
        record_many([Act("feedback.tell_late", row, {"what": late.event.code}) for row in rows], by=by, at=at)
        late.rows.model._default_manager.filter(pk__in=[row.pk for row in rows]).update(**{late.told: at})
    return rows
