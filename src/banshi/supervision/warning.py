"""Warnings of what is due soon or over, found each morning by ranks and written once."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import connection, transaction
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    F,
    Field,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from banshi.calendar.queries import calendar_in_force
from banshi.cases.enums import PromiseKind
from banshi.cases.models import Case as CaseRow
from banshi.cases.models import CaseTask, ClockStop, Promise
from banshi.cases.queries import OPEN
from banshi.core.clock import CHINA, day_of
from banshi.supervision.examining import tell
from banshi.supervision.lights import Light, light_conditions
from banshi.supervision.models import Inspection, Irregularity
from banshi.supervision.queries import waiting_orders
from banshi.supervision.rules import MonitoringRule, monitoring_rules
from banshi.supervision.thresholds import thresholds
from banshi.workflow.definition import workflow
from banshi.workflow.models import FlowDefinition

LastDay = tuple[int | None, date | None]
"""The rank, or the day, something was or is due."""
DAYS_AT_ONCE = 200
EMPTY: dict[str, Field[Any, Any]] = {"line_rank": IntegerField(), "line_day": DateField()}


def _not_warned(rule: MonitoringRule, level: str, rows: QuerySet[Any], paths: dict[str, str]) -> QuerySet[Any]:
    """Select what nobody was warned of at this level for this last day, with its line, by the key that warnings are unique by."""
    columns: dict[str, Any] = {name: F(path) if path else Value(None, EMPTY[name]) for name, path in paths.items()}
    subject = Concat(Value(f"{rows.model._meta.label}:"), Cast("pk", CharField()))
    last_day = Coalesce(Cast("line_rank", CharField()), Cast("line_day", CharField()))
    rows = rows.order_by().annotate(line_subject=subject, **columns)
    rows = rows.annotate(line_mark=Concat(Value(f"{level}:"), last_day))
    same = {"subject": OuterRef("line_subject"), "mark": OuterRef("line_mark")}
    return rows.exclude(Exists(Irregularity.objects.filter(rule=rule.code, **same)))


def cases_due(rule: MonitoringRule, level: str, on: date) -> QuerySet[Any]:
    cases = CaseRow.objects.filter(light_conditions(on)[level], state__in=OPEN)
    cases = cases.filter(due_kind__in=rule.kinds) if rule.kinds else cases
    paths = {"line_case": "pk", "line_organ": "organ", "line_item": "item", "line_rank": "due_rank"}
    return _not_warned(rule, level, cases, {**paths, "line_day": "due_day"})


def steps_due(rule: MonitoringRule, level: str, on: date) -> QuerySet[Any]:
    tasks = CaseTask.objects.filter(light_conditions(on, CaseTask, "limit")[level], ending="", case__state__in=OPEN)
    paths = {"line_case": "case", "line_organ": "organ", "line_item": "case__item", "line_rank": "due_rank"}
    return _not_warned(rule, level, tasks, {**paths, "line_day": "due_day"})


def promises_due(rule: MonitoringRule, level: str, on: date) -> QuerySet[Any]:
    """Select commitments drawn to be checked, by the day to check them by."""
    rank = calendar_in_force().rank_of(on)
    drawn = Promise.objects.filter(kind=PromiseKind.COMMITMENT, ending="", drawn_at__isnull=False)
    drawn = drawn.filter(application__case__isnull=False)
    near = Q(last_rank__gte=rank, last_rank__lte=rank + thresholds().yellow_days)
    some = drawn.filter(Q(last_rank__lt=rank) if level == Light.RED else near)
    case = "application__case"
    paths = {"line_case": case, "line_organ": f"{case}__organ", "line_item": f"{case}__item"}
    return _not_warned(rule, level, some, {**paths, "line_rank": "last_rank", "line_day": ""})


def stops_due(rule: MonitoringRule, level: str, on: date) -> QuerySet[Any]:
    """Select special procedures that last longer than was told."""
    calendar = calendar_in_force()
    still = ClockStop.objects.filter(ended_on=None, expected_days__isnull=False, case__state__in=OPEN)
    began = {day: calendar.rank_of(day) for day in still.order_by().values_list("began_on", flat=True).distinct()}
    ranks = [When(began_on=day, then=Value(rank) + F("expected_days")) for day, rank in began.items()]
    over = still.annotate(until_rank=Case(*ranks, default=None, output_field=IntegerField()))
    over = over.filter(until_rank__lt=calendar.rank_of(on)) if level == Light.RED else over.none()
    paths = {"line_case": "case", "line_organ": "case__organ", "line_item": "case__item", "line_rank": "until_rank"}
    return _not_warned(rule, level, over, {**paths, "line_day": ""})


def orders_due(rule: MonitoringRule, level: str, on: date) -> QuerySet[Any]:
    """Select orders (督办) that wait for an answer, by the day they name, about the organ that has to answer."""
    some = waiting_orders().filter(_by_day("due", level, on))
    found = "irregularity"
    paths = {"line_case": f"{found}__case", "line_organ": "organ", "line_item": f"{found}__item"}
    return _not_warned(rule, level, some, {**paths, "line_rank": "", "line_day": "due"})


def faults_due(rule: MonitoringRule, level: str, on: date) -> QuerySet[Any]:
    """Select what inspections found and nobody has put right, by the day they name."""
    some = Inspection.objects.filter(_by_day("right_by", level, on), faulty=True, righted_at=None)
    paths = {"line_case": "case", "line_organ": "organ", "line_item": "case__item", "line_rank": ""}
    return _not_warned(rule, level, some, {**paths, "line_day": "right_by"})


def _by_day(column: str, level: str, on: date) -> Q:
    """Select what a day in a column has passed, or comes near to."""
    if level == Light.RED:
        return Q(**{f"{column}__lt": on})
    calendar = calendar_in_force()
    soon = calendar.day_of(calendar.rank_of(on) + thresholds().yellow_days)
    return Q(**{f"{column}__gte": on, f"{column}__lte": soon})


SOURCES: dict[str, Callable[[MonitoringRule, str, date], QuerySet[Any]]] = {
    "case": cases_due,
    "step": steps_due,
    "promise": promises_due,
    "stop": stops_due,
    "order": orders_due,
    "fault": faults_due,
}


def warn(*, at: datetime) -> int:
    """Write a finding for each clock that is nearly or wholly over and was not warned of, and return how many."""
    on, count = day_of(at), 0
    for rule in monitoring_rules().values():
        levels = [level for level, wanted in (("yellow", rule.yellow), ("red", rule.red)) if wanted and rule.clock]
        for level in levels:
            count += _written(rule, level, SOURCES[rule.clock](rule, level, on), at=at)
    return count


@transaction.atomic
def _written(rule: MonitoringRule, level: str, fresh: QuerySet[Any], *, at: datetime) -> int:
    """Insert findings by the database itself: a city's morning has tens of thousands."""
    FlowDefinition.keep_once(workflow("irregularity"))
    newest = Irregularity.objects.aggregate(newest=Max("pk", default=0))["newest"]
    if level == Light.RED:
        last_days = list(fresh.values_list("line_rank", "line_day").distinct())
        for first in range(0, len(last_days), DAYS_AT_ONCE):
            some = last_days[first : first + DAYS_AT_ONCE]
            _insert(rule, level, fresh.filter(_of(some)), _end_of(some, day_of(at)), at=at)
    else:
        _insert(rule, level, fresh, Value(at, DateTimeField()), at=at)
    kept = Irregularity.objects.filter(pk__gt=newest, rule=rule.code, level=level, found_at=at)
    found = list(kept.values_list("rule", "subject", "mark", "level", "organ"))
    return tell(found, at=at) if found else 0


def _of(last_days: Sequence[LastDay]) -> Q:
    ranks, days = {rank for rank, _ in last_days} - {None}, {day for rank, day in last_days if rank is None} - {None}
    return Q(line_rank__in=ranks) | Q(line_rank=None, line_day__in=days)


def _end_of(last_days: Sequence[LastDay], today: date) -> Case:
    """Build the moment at which each of these last days was over."""
    calendar = calendar_in_force()
    ends = [
        When(
            Q(line_rank=rank) if rank is not None else Q(line_rank=None, line_day=day),
            then=Value(
                datetime.combine(
                    calendar.day_of(rank) if rank is not None else calendar.next_working(day or today),
                    time(23, 59, 59),
                    CHINA,
                ),
                DateTimeField(),
            ),
        )
        for rank, day in last_days
    ]
    return Case(*ends, output_field=DateTimeField())


def _insert(rule: MonitoringRule, level: str, fresh: QuerySet[Any], happened_at: Case | Value, *, at: datetime) -> None:
    new = Irregularity(rule=rule.code, level=level, found_at=at)
    columns: dict[str, Any] = {
        "rule": Value(new.rule),
        "level": Value(new.level),
        "subject": F("line_subject"),
        "mark": F("line_mark"),
        "case_id": F("line_case"),
        "organ_id": F("line_organ"),
        "item_id": F("line_item"),
        "happened_at": happened_at,
        "found_at": Value(at, DateTimeField()),
        "retrospective": Value(new.retrospective, BooleanField()),
        "state": Value(new.state),
        "flow_id": Value(new.flow_id),
        "due_rank": F("line_rank"),
        "due_day": F("line_day"),
    }
    made = fresh.annotate(**{f"new_{name}": value for name, value in columns.items()})
    select, values = made.values_list(*(f"new_{name}" for name in columns)).query.sql_with_params()
    into = f"INSERT INTO {Irregularity._meta.db_table} ({', '.join(columns)})"
    with connection.cursor() as sql:
        sql.execute(f"{into} {select} ON CONFLICT (rule, subject, mark) DO NOTHING", values)
