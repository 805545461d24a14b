"""Until when each state may last."""

from datetime import date, datetime, time

from banshi.adjustments.models import Adjustment
from banshi.adjustments.policy import Limits, policy
from banshi.calendar.deadlines import LimitUnit, Stop, due
from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import CHINA, day_of
from banshi.workflow.definition import Limit
from banshi.workflow.limits import RunningLimit, limit_of, name_limits, running_limit
from banshi.workflow.versions import definition_of


def due_day(adjustment: Adjustment, *, coming: tuple[str, datetime] | None = None) -> date | None:
    """Return the last day of its state, or of the one it is coming to.

    None while the clock stands still, and for states in which nothing is left to do.
    """
    return _last_day(running_limit(adjustment, began_at=_began(adjustment), coming=coming))


def day_to_apply(adjustment: Adjustment) -> date | None:
    """Return the last day on which it should first have been applied for."""
    flow = definition_of(adjustment)
    limit = limit_of(adjustment, flow.states[flow.start].limit)
    return _last_day(RunningLimit(limit, _began(adjustment))) if limit else None


def _began(adjustment: Adjustment) -> datetime:
    """Count from the cause, which for a law announced ahead is the day it is recorded at the earliest."""
    day = adjustment.cause_day
    if adjustment.law_change_id is not None:
        day = max(day, day_of(adjustment.created_at))
    return datetime.combine(day, time(), CHINA)


def _last_day(running: RunningLimit | None) -> date | None:
    if running is None:
        return None
    stops = [Stop(day_of(begin), day_of(end) if end else None) for begin, end in running.pauses]
    limit = running.limit
    deadline = due(day_of(running.since), limit.days, UNITS[limit.unit], calendar=calendar_in_force(), stops=stops)
    return deadline.day if deadline else None


UNITS = {"working": LimitUnit.WORKING_DAY, "natural": LimitUnit.DAY}
name_limits(
    "adjustment",
    Limits.model_fields,
    lambda adjustment, name: Limit(days=policy().days(name, urgent=adjustment.urgent)),
)
