"""Desks of handling: open steps by whose turn it is, the most pressing first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from banshi.calendar.deadlines import Remaining
from banshi.calendar.queries import calendar_in_force
from banshi.cases.clocks import left_of
from banshi.cases.models import CaseTask
from banshi.cases.queries import DeskTab, desk, desk_counts, is_held, with_pressing
from banshi.core.clock import day_of
from banshi.people.models import User
from banshi.sites.kit.listing.filters import Contains, Filter, Filters, OrganNamed

PAGE = 50
COUNTED = 999
SHOWN = ("case__item", "organ", "assignee")
TABS = {
    str(DeskTab.MINE): "我的",
    str(DeskTab.UNIT): "本科室",
    str(DeskTab.OVERDUE): "已超期",
    str(DeskTab.TODAY): "今天到期",
    str(DeskTab.ELSEWHERE): "协同中",
    str(DeskTab.STOPPED): "停表中",
    str(DeskTab.SUPPLEMENTING): "待补正",
}


class CaseFilters(Filters):
    """`show` says which desk it is, the rest narrow it."""

    show = Filter(narrows=False)
    q = Contains("case__number", "case__item__name", label="办件编号或事项")
    organ = OrganNamed(label="办理单位")


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One step on a desk, and how long its case has left."""

    task: CaseTask
    due: Remaining | None
    step_due: Remaining | None
    held: bool
    """By whoever took it, and not for too long."""


def steps_shown(user: User, show: str, condition: Q, *, at: datetime) -> QuerySet[CaseTask]:
    """List the steps of a desk with how pressing they are."""
    return with_pressing(desk(user, show, at=at).filter(condition))


def most_pressing(found: QuerySet[Any], count: int) -> list[Any]:
    """Read the first steps of a desk, joining what is shown of them to no more than those."""
    first = dict(found.select_related(None).values_list("pk", "pressing")[:count])
    rows: dict[int, Any] = {each.pk: each for each in CaseTask.objects.filter(pk__in=first).select_related(*SHOWN)}
    for key, each in rows.items():
        each.pressing = first[key]  # by which the next page begins
    return [rows[key] for key in first if key in rows]


def counts(user: User, *, at: datetime) -> dict[str, int]:
    """Count the desks, never beyond what a tab can show."""
    return {show: min(count, COUNTED) for show, count in desk_counts(user, at=at).items()}


def lines(tasks: list[Any], *, at: datetime) -> list[DeskLine]:
    calendar, day = calendar_in_force(), day_of(at)
    return [
        DeskLine(
            each,
            left_of(each.case, on=day, calendar=calendar),
            left_of(each, on=day, calendar=calendar),
            is_held(each, at=at),
        )
        for each in tasks
    ]


def neighbours(user: User, filters: CaseFilters, case: int, *, at: datetime) -> tuple[int | None, int | None]:
    """Return the cases before and after one on a desk, among the most pressing."""
    found: QuerySet[Any] = steps_shown(user, filters.show, filters.condition(), at=at)
    keys = list(dict.fromkeys(found.order_by("pressing", "id").values_list("case", flat=True)[:COUNTED]))
    if case not in keys:
        return None, keys[0] if keys else None
    place = keys.index(case)
    return keys[place - 1] if place else None, keys[place + 1] if place + 1 < len(keys) else None
