"""Until when each state may last."""

from datetime import date

from banshi.adjustments.permissions import FLOW
from banshi.adjustments.policy import policy
from banshi.calendar.deadlines import LimitUnit, due
from banshi.calendar.queries import calendar_in_force
from banshi.workflow.definition import workflow


def due_day(state: str, *, since: date, urgent: bool) -> date | None:
    """The last day of a state entered on `since`; None for states in which nothing is left to do."""
    limit = workflow(FLOW).states[state].limit
    if not limit:
        return None
    days = policy().days(limit, urgent=urgent)
    deadline = due(since, days, LimitUnit.WORKING_DAY, calendar=calendar_in_force())
    return deadline.day if deadline else None
