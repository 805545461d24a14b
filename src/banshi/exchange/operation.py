"""Operation of sharing: sources with their circuits, calls and failures by day, and quotas."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from banshi.access import Permission
from banshi.core.clock import CHINA, day_of
from banshi.exchange.declarations import declared_resources
from banshi.exchange.enums import CallOutcome
from banshi.exchange.models import CallRecord, DataSystem, Grant, GrantDay, Resource
from banshi.exchange.queries import grants_in_force
from banshi.people.posts import organs_where

DAYS = 7


@dataclass(frozen=True, slots=True)
class CallCount:
    """Calls of one day, and those the source did not answer."""

    day: date
    calls: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class SystemCondition:
    """A source with its resources. `state` is "stopped", "resting", "ailing" or "well"."""

    system: DataSystem
    state: str
    resources: list[Resource] = field(default_factory=list)
    days: list[CallCount] = field(default_factory=list)


def systems_run(user: Any, *, at: datetime) -> list[SystemCondition]:
    """Tell how each source of the organs one audits has been running in the last days."""
    audited = organs_where(user, Permission.EXCHANGE_AUDIT, at)
    declared = {code: each.source.system for code, each in declared_resources().items() if each.source}
    of_system: dict[str, list[Resource]] = defaultdict(list)
    for resource in Resource.objects.filter(code__in=declared).order_by("code"):
        of_system[declared[resource.code]].append(resource)
    first = day_of(at) - timedelta(days=DAYS - 1)
    counted: dict[tuple[int, date], tuple[int, int]] = {}
    rows = CallRecord.objects.filter(at__gte=datetime.combine(first, time(), CHINA), at__lte=at).order_by()
    for row in rows.values("resource_id", day=TruncDate("at", tzinfo=CHINA)).annotate(
        calls=Count("number"), failed=Count("number", filter=Q(outcome=CallOutcome.FAILED))
    ):
        counted[row["resource_id"], row["day"]] = (row["calls"], row["failed"])
    found = []
    for system in DataSystem.objects.filter(organ__in=audited).select_related("organ"):
        resources = of_system[system.code]
        days = []
        for back in range(DAYS):
            day = first + timedelta(days=back)
            figures = [counted.get((each.pk, day), (0, 0)) for each in resources]
            days.append(CallCount(day, sum(calls for calls, _ in figures), sum(failed for _, failed in figures)))
        found.append(SystemCondition(system, _state(system, at), resources, days))
    return found


def _state(system: DataSystem, at: datetime) -> str:
    if not system.active:
        return "stopped"
    if system.resting_until and system.resting_until > at:
        return "resting"
    return "ailing" if system.failures or system.check_trouble else "well"


def quotas_run(user: Any, *, at: datetime) -> list[tuple[Grant, int]]:
    """List grants in force of the organs one audits, with what is used of today's quota, the fullest first."""
    audited, today = organs_where(user, Permission.EXCHANGE_AUDIT, at), day_of(at)
    grants = grants_in_force(on=today).filter(request__organ__in=audited)
    used = dict(GrantDay.objects.filter(day=today).values_list("grant_id", "calls"))
    rows = [(each, used.get(each.pk, 0)) for each in grants]
    return sorted(rows, key=lambda row: row[1] / row[0].daily_quota, reverse=True)
