"""退回修改: what was returned to a unit is told at once of everything, and it stands on record."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.campaigns.models import Participation
from banshi.campaigns.notifications import of_returns
from banshi.campaigns.queries import units_with_returns
from banshi.core.clock import day_of
from banshi.ledger import Act, Actor, record_many
from banshi.notifications.notify import notify_many


@transaction.atomic
def tell_of_returns(*, by: Actor, at: datetime) -> int:
    """Tell units to which something was returned since they were last told.

    Returns how many.
    """
    authorize(by, Permission.AUTOMATIC, at=at)
    units = list(units_with_returns().select_for_update(of=("self",)))
    if not units:
        return 0
    Participation.objects.filter(pk__in=[each.pk for each in units]).update(returns_told_at=at)
    notices = of_returns(units, day_of(at))
    mailed = notify_many(notices, at=at)
    acts = [
        Act("campaigns.tell_of_returns", unit, {"mailed": len(mailed & set(notice.recipients))})
        for unit, notice in zip(units, notices, strict=True)
    ]
    record_many(acts, by=by, at=at)
    return len(units)
