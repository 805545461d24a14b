"""催办: before a stage ends, who is behind is told, once, and it stands on record."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from banshi.core.ledger import Actor, record
from banshi.reviews.deadlines import bodies_behind, units_behind
from banshi.reviews.models import Stage


@transaction.atomic
def remind_of_stage(stage: Stage, *, by: Actor, at: datetime) -> int:
    """How many units and bodies were behind. What they see of it stands on their pages from that day on."""
    day = localtime(at).date()
    if not Stage.objects.filter(pk=stage.pk, reminded_on=None).update(reminded_on=day):
        return 0
    stage.reminded_on = day
    units, bodies = list(units_behind(stage)), list(bodies_behind(stage))
    facts = {
        "phase": stage.phase,
        "batch": stage.batch,
        "ends": stage.ends,
        "units": [each.pk for each in units],
        "bodies": [each.code for each in bodies],
    }
    record("reviews.remind_of_stage", stage, by=by, at=at, facts=facts)
    return len(units) + len(bodies)
