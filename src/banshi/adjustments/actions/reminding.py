"""催办: before the last day of a state, whoever can bring the adjustment on is told by mail, once in that state."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.adjustments.models import Adjustment
from banshi.adjustments.queries import due_soon
from banshi.adjustments.telling import ADJUSTMENTS, SUBJECT, of_limits
from banshi.core.clock import day_of
from banshi.ledger import Act, Actor, record_many
from banshi.people.mail import is_on, tell_of


@transaction.atomic
def remind_of_adjustments(*, by: Actor, at: datetime) -> int:
    """How many were due within three working days and nobody was told of yet. Nothing to do where there is no mail."""
    authorize(by, Permission.AUTOMATIC, at=at)
    day = day_of(at)
    found = list(due_soon(day).select_for_update(of=("self",))) if is_on() else []
    if not found:
        return 0
    Adjustment.objects.filter(pk__in=[each.pk for each in found]).update(reminded_on=day)
    lines = of_limits(found, day)
    told = tell_of(lines, subject=SUBJECT, link=ADJUSTMENTS, at=at)
    acts = [
        Act("adjustments.remind", each, {"due": each.due, "mailed": len(told & set(line.users))})
        for each, line in zip(found, lines, strict=True)
    ]
    record_many(acts, by=by, at=at)
    return len(found)
