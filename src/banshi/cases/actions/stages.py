"""Stages of a case: opening the tasks of one, ending a case with what is open."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from banshi.access import Allowed
from banshi.calendar.working_days import WorkingCalendar
from banshi.cases.actions.recording import issue_paper, on_desks, perform
from banshi.cases.clocks import count, counted, main_due, timing_of
from banshi.cases.enums import ActKind, ClockKind, TaskEnding
from banshi.cases.events import TASK_OPENED
from banshi.cases.models import Case, CaseAct, CaseClock, CaseOutcome, CaseTask, ClockStop
from banshi.cases.policy import policy
from banshi.cases.steps import deciding_stage, guide_of, organs_named, plan_of
from banshi.catalog.enums import ResultType, TimeUnit
from banshi.core.clock import chinese_date, day_of
from banshi.core.prepared import insert, update
from banshi.events import Occurrence, emit_many
from banshi.workflow.actions import move_held


def open_stage(
    case: Case, number: int, *, after: Iterable[CaseTask] = (), calendar: WorkingCalendar, by: Allowed, at: datetime
) -> list[CaseTask]:
    """Open the tasks of a stage side by side, each with the organ its step names, else the case's own.

    `after`: the tasks before, by which its round is counted where it may have been open already.
    """
    stage = plan_of(case.publication)[number]
    organs = organs_named([each.actor for each in stage.tasks], case.organ)
    before = max((each.round for each in after if each.stage == number), default=0)
    tasks = []
    for position, planned in enumerate(stage.tasks):
        limit = counted(planned.limit)
        organ = organs.get(planned.actor, case.organ)
        task = CaseTask(
            case=case,
            stage=number,
            round=before + 1,
            position=position,
            name=planned.name,
            kind=planned.kind,
            organ=organ,
            lead=None if organ == case.organ else case.organ,
            limit=limit[0] if limit else None,
            unit=limit[1] if limit else TimeUnit.WORKING_DAY,
            began_on=day_of(at),
            opened_at=at,
            **on_desks(case),
        )
        count(task, (), calendar=calendar)
        tasks.append(task)
    insert(tasks)
    opened = [Occurrence(case, {"task": each.pk, "step": str(each.kind), "organ": each.organ_id}) for each in tasks]
    emit_many(TASK_OPENED, opened, by=by, at=at)
    return tasks


def end_case(
    case: Case,
    move: str,
    kind: ActKind,
    *,
    content: dict[str, Any],
    facts: dict[str, Any] | None = None,
    paper: dict[str, Any] | None = None,
    basis: str = "",
    by: Allowed,
    at: datetime,
) -> CaseAct:
    """End a case: its clocks, its stops and the tasks that are open end with it."""
    _end_running(case, at)
    move_held([case], move, ended_at=at, **main_due([]), by=by, at=at)
    return perform(case, kind, content=content, facts=facts, paper=paper, basis=basis, by=by, at=at)


def _end_running(case: Case, at: datetime) -> None:
    """End the clocks, the stops and the tasks that are open."""
    day = day_of(at)
    update(CaseClock, {"case": case.pk, "ended_on": None}, ended_on=day)
    if case.state in ("stopped", "suspended"):
        update(ClockStop, {"case": case.pk, "ended_on": None}, ended_on=day)
    update(CaseTask, {"case": case.pk, "ending": ""}, ending=TaskEnding.DROPPED, ended_at=at)


def begin_delivery(
    case: Case,
    move: str,
    kind: ActKind,
    *,
    granted: bool,
    deemed: bool = False,
    valid_until: date | None = None,
    effective_on: date | None = None,
    calendar: WorkingCalendar,
    content: dict[str, Any],
    paper: dict[str, Any],
    by: Allowed,
    at: datetime,
) -> CaseOutcome:
    """Write what was decided, end the clocks of handling, and start that of delivery (行政许可法 第四十四条)."""
    decided_on = effective_on or day_of(at)
    clock = CaseClock(case=case, kind=ClockKind.DELIVERY, began_on=decided_on, limit=policy().delivery.days)
    if promised := counted(guide_of(case.publication).delivery_limit):
        clock.limit, clock.unit = promised
    count(clock, (), calendar=calendar)
    timing = timing_of(case, decided_on, calendar=calendar)
    _end_running(case, at)
    insert([clock])
    stage = deciding_stage(plan_of(case.publication)) + 1
    accepted_on = case.accepted_on or case.complete_on
    move_held(
        [case], move, accepted_on=accepted_on, decided_on=decided_on, stage=stage, **main_due([clock]), by=by, at=at
    )
    open_stage(case, stage, calendar=calendar, by=by, at=at)
    facts = {"granted": granted, "valid_until": valid_until and valid_until.isoformat()}
    told = {"valid_until": chinese_date(valid_until) if valid_until else "", **paper}
    act = perform(
        case, kind, content=content, facts=facts, paper=told, effective_on=decided_on, timing=timing, by=by, at=at
    )
    outcome = CaseOutcome(case=case, granted=granted, deemed=deemed, decided_at=at, valid_until=valid_until)
    guide = guide_of(case.publication)
    if granted and guide.result_name and guide.result_type != ResultType.NONE:
        result = {
            "result_name": guide.result_name,
            "result_text": [paper["decision"]],
            "valid_from": chinese_date(decided_on),
        }
        outcome.paper = issue_paper("result", act, {**told, **result}, by=by, at=at)
    insert([outcome])
    return outcome
