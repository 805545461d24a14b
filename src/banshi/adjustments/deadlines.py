"""Until when each state may last."""

from datetime import date, datetime

from banshi.adjustments.permissions import FLOW
from banshi.adjustments.policy import policy
from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import LimitUnit
from banshi.core.clock import CHINA
from banshi.workflow.definition import workflow


def due_in(state: str, *, since: date, urgent: bool) -> date | None:
    """The last day of a state entered on `since`; None for states in which nothing is left to do."""
    limit = workflow(FLOW).states[state].limit
    if not limit:
        return None
    days = policy().days(limit, urgent=urgent)
    return calendar_in_force().deadline(since, days, LimitUnit.WORKING_DAY).day


def day_of(at: datetime) -> date:
    return at.astimezone(CHINA).date()
