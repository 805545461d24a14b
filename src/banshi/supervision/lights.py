"""Lights of cases and steps, derived from due ranks whenever they are read."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, Q, QuerySet, TextChoices
from django.db.models.functions import Cast, Greatest

from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import WorkingCalendar
from banshi.cases.clocks import due_on
from banshi.cases.models import Case, CaseTask
from banshi.cases.queries import OPEN, overdue_on
from banshi.people.models import Organ
from banshi.supervision.thresholds import thresholds


class Light(TextChoices):
    RED = "red", "红灯"
    YELLOW = "yellow", "黄灯"
    GREEN = "green", "绿灯"


NO_LIGHT = "none"
"""Key of what stands still, beside the lights."""


def light_conditions(day: date, of: type[Case | CaseTask] = Case, limit: str = "due_limit") -> dict[str, Q]:
    """Return the condition of each light on a day, and of what has none.

    `limit` is the column with the days of what is due.
    """
    calendar, limits = calendar_in_force(), thresholds()
    red = overdue_on(day)
    share = Cast(F(limit), IntegerField()) * limits.yellow_percent / 100
    near = Q(due_rank__lte=Greatest(share, limits.yellow_days) + calendar.rank_of(day))
    # Natural days are compared as dates, limit by limit, of which there are few.
    for days in of._default_manager.exclude(due_day=None).order_by().values_list(limit, flat=True).distinct():
        until = day + timedelta(days=limits.yellow_within(days or 0))
        near |= Q(**{limit: days}, due_day__lte=calendar.day_of(calendar.rank_of(until)))
    still = Q(due_rank=None, due_day=None)
    return {
        Light.RED: red,
        Light.YELLOW: near & ~red & ~still,
        Light.GREEN: ~near & ~red & ~still,
        NO_LIGHT: still,
    }


def open_cases(organs: QuerySet[Organ]) -> QuerySet[Case]:
    """List the cases of some organs in which somebody has still to act."""
    return Case.objects.filter(organ__in=organs, state__in=OPEN)


def board(cases: QuerySet[Case], *by: str, day: date) -> list[dict[str, Any]]:
    """Count lights by columns, those with the most red first."""
    counted = {light: Count("pk", filter=condition) for light, condition in light_conditions(day).items()}
    rows = cases.order_by().values(*by).annotate(**counted, total=Count("pk"))
    return list(rows.order_by("-red", "-yellow", *by))


def light_of(case: Case, *, on: date, calendar: WorkingCalendar) -> str:
    """Return the light of one case on a day, as `light_conditions` does for many."""
    last, within = due_on(case, calendar=calendar), thresholds().yellow_within(case.due_limit or 0)
    if last is None:
        return NO_LIGHT
    if last < on:
        return Light.RED
    left = calendar.working_days_between(on, last) if case.due_rank is not None else (last - on).days
    return Light.YELLOW if left <= within else Light.GREEN
