"""Until when each state may last."""

from datetime import date

from banshi.adjustments.models import Adjustment
from banshi.adjustments.policy import Limits, policy
from banshi.calendar.deadlines import LimitUnit, due
from banshi.calendar.queries import calendar_in_force
from banshi.workflow.definition import Limit
from banshi.workflow.limits import limit_of, name_limits
from banshi.workflow.versions import definition_of


def due_day(adjustment: Adjustment, state: str, *, since: date) -> date | None:
    """Return the last day of a state entered on `since`.

    None for states in which nothing is left to do.
    """
    limit = limit_of(adjustment, definition_of(adjustment).states[state].limit)
    if limit is None:
        return None
    deadline = due(since, limit.days, UNITS[limit.unit], calendar=calendar_in_force())
    return deadline.day if deadline else None


UNITS = {"working": LimitUnit.WORKING_DAY, "natural": LimitUnit.DAY}
name_limits(
    "adjustment",
    Limits.model_fields,
    lambda adjustment, name: Limit(days=policy().days(name, urgent=adjustment.urgent)),
)
