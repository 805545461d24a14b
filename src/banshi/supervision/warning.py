"""Warnings of what is due soon or over, found each morning by ranks and written once."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

from django.db.models import CharField, DateField, Exists, F, Field, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from banshi.calendar.queries import calendar_in_force
from banshi.cases.enums import PromiseKind
from banshi.cases.models import Case, CaseTask, ClockStop, Promise
from banshi.cases.queries import OPEN
from banshi.core.clock import CHINA, day_of
from banshi.supervision.examining import keep
from banshi.supervision.lights import Light, light_conditions
from banshi.supervision.models import Irregularity, SupervisionOrder
from banshi.supervision.rules import MonitoringRule, monitoring_rules
from banshi.supervision.thresholds import thresholds

Line = tuple[str, int | None, int, int | None, int | None, date | None]
"""Subject, case, organ and item, and the rank or the day it was or is due."""
KEPT_AT_ONCE = 5000
EMPTY: dict[str, Field[Any, Any]] = {"line_rank": IntegerField(), "line_day": DateField()}


def _not_warned(rule: MonitoringRule, level: str, rows: QuerySet[Any], paths: dict[str, str]) -> Iterator[Line]:
    """Yield what nobody was warned of at this level for this last day."""
    columns: dict[str, Any] = {name: F(path) if path else Value(None, EMPTY[name]) for name, path in paths.items()}
    subject = Concat(Value(f"{rows.model._meta.label}:"), Cast("pk", CharField()))
    rows = rows.order_by("pk").annotate(line_subject=subject, **columns)
    same = Q(due_rank=OuterRef("line_rank")) | Q(due_day=OuterRef("line_day"))
    warned = Irregularity.objects.filter(same, rule=rule.code, subject=OuterRef("line_subject"), level=level)
    fresh = rows.exclude(Exists(warned))
    yield from fresh.values_list("line_subject", *columns).iterator(KEPT_AT_ONCE)


def cases_due(rule: MonitoringRule, level: str, on: date) -> Iterator[Line]:
    cases = Case.objects.filter(light_conditions(on)[level], state__in=OPEN)
    cases = cases.filter(due_kind__in=rule.kinds) if rule.kinds else cases
    paths = {"line_case": "pk", "line_organ": "organ", "line_item": "item", "line_rank": "due_rank"}
    yield from _not_warned(rule, level, cases, {**paths, "line_day": "due_day"})


def steps_due(rule: MonitoringRule, level: str, on: date) -> Iterator[Line]:
    tasks = CaseTask.objects.filter(light_conditions(on, CaseTask, "limit")[level], ending="", case__state__in=OPEN)
    paths = {"line_case": "case", "line_organ": "organ", "line_item": "case__item", "line_rank": "due_rank"}
    yield from _not_warned(rule, level, tasks, {**paths, "line_day": "due_day"})


def promises_due(rule: MonitoringRule, level: str, on: date) -> Iterator[Line]:
    """Yield commitments drawn to be checked, by the day to check them by."""
    rank = calendar_in_force().rank_of(on)
    drawn = Promise.objects.filter(kind=PromiseKind.COMMITMENT, ending="", drawn_at__isnull=False)
    drawn = drawn.filter(application__case__isnull=False)
    near = Q(last_rank__gte=rank, last_rank__lte=rank + thresholds().yellow_days)
    some = drawn.filter(Q(last_rank__lt=rank) if level == Light.RED else near)
    case = "application__case"
    paths = {"line_case": case, "line_organ": f"{case}__organ", "line_item": f"{case}__item"}
    yield from _not_warned(rule, level, some, {**paths, "line_rank": "last_rank", "line_day": ""})


def stops_due(rule: MonitoringRule, level: str, on: date) -> Iterator[Line]:
    """Yield special procedures that last longer than was told."""
    calendar = calendar_in_force()
    still = ClockStop.objects.filter(ended_on=None, expected_days__isnull=False, case__state__in=OPEN)
    for each in still.select_related("case"):
        rank = calendar.rank_of(each.began_on) + (each.expected_days or 0)
        if level == Light.RED and rank < calendar.rank_of(on):
            yield f"cases.ClockStop:{each.pk}", each.case_id, each.case.organ_id, each.case.item_id, rank, None


def orders_due(rule: MonitoringRule, level: str, on: date) -> Iterator[Line]:
    """Yield orders (督办) that wait for an answer, by the day they name, about the organ that has to answer."""
    waiting = SupervisionOrder.objects.filter(answered_at=None, irregularity__state="ordered")
    calendar = calendar_in_force()
    soon = calendar.day_of(calendar.rank_of(on) + thresholds().yellow_days)
    some = waiting.filter(due__lt=on) if level == Light.RED else waiting.filter(due__gte=on, due__lte=soon)
    found = "irregularity"
    paths = {"line_case": f"{found}__case", "line_organ": "organ", "line_item": f"{found}__item"}
    yield from _not_warned(rule, level, some, {**paths, "line_rank": "", "line_day": "due"})


SOURCES: dict[str, Callable[[MonitoringRule, str, date], Iterator[Line]]] = {
    "case": cases_due,
    "step": steps_due,
    "promise": promises_due,
    "stop": stops_due,
    "order": orders_due,
}


def warn(*, at: datetime) -> int:
    """Write a finding for each clock that is nearly or wholly over and was not warned of, and return how many."""
    on, calendar, count = day_of(at), calendar_in_force(), 0
    for rule in monitoring_rules().values():
        levels = [level for level, wanted in (("yellow", rule.yellow), ("red", rule.red)) if wanted and rule.clock]
        for level in levels:
            found = []
            for subject, case, organ, item, rank, day in SOURCES[rule.clock](rule, level, on):
                last = calendar.day_of(rank) if rank is not None else calendar.next_working(day or on)
                found.append(
                    Irregularity(
                        rule=rule.code,
                        level=level,
                        subject=subject,
                        mark=f"{level}:{rank if rank is not None else day}",
                        case_id=case,
                        organ_id=organ,
                        item_id=item,
                        happened_at=datetime.combine(last, time(23, 59, 59), CHINA) if level == Light.RED else at,
                        found_at=at,
                        due_rank=rank,
                        due_day=day,
                    )
                )
            count += keep(found, at=at)
    return count
