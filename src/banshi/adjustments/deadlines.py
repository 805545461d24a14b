"""Until when each state may last."""

from datetime import date, datetime

from banshi.adjustments.models import Adjustment
from banshi.adjustments.policy import Limits, policy
from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import LimitUnit
from banshi.core.clock import CHINA
from banshi.workflow.definition import Limit
from banshi.workflow.limits import limit_of, name_limits
from banshi.workflow.versions import definition_of


def due_in(adjustment: Adjustment, state: str, *, since: date) -> date | None:
    """The last day of a state entered on `since`; None for states in which nothing is left to do."""
    limit = limit_of(adjustment, definition_of(adjustment).states[state].limit)
    unit = {"working": LimitUnit.WORKING_DAY, "natural": LimitUnit.DAY}
    return calendar_in_force().deadline(since, limit.days, unit[limit.unit]).day if limit else None


def day_of(at: datetime) -> date:
    return at.astimezone(CHINA).date()


name_limits(
    "adjustment",
    Limits.model_fields,
    lambda adjustment, name: Limit(days=policy().days(name, urgent=adjustment.urgent)),
)
