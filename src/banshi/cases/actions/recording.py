"""One lawful act: the row, its ledger entry, its event, its notice. The other actions are made of it."""

from datetime import date, datetime
from typing import Any

from banshi.access import Allowed
from banshi.calendar.working_days import WorkingCalendar
from banshi.cases.clocks import count, main_due, spans
from banshi.cases.enums import ActKind
from banshi.cases.events import ACTED, CLOCK_SET
from banshi.cases.models import Case, CaseAct, CaseClock, CaseTask
from banshi.cases.notifications import PROGRESS, SAID
from banshi.cases.papers import issue_of_act
from banshi.cases.policy import policy
from banshi.cases.sealing import CONTENT, seal
from banshi.core.clock import day_of
from banshi.core.crypto import digest
from banshi.events import emit
from banshi.ledger import record
from banshi.notifications.notify import notify
from banshi.people.queries import account_of


def locked(case: Case) -> Case:
    """Lock the row that every act on a case, and the join of its branches, goes through."""
    rows = Case.objects.select_for_update(of=("self",))
    return rows.select_related("publication__revision", "item", "organ").get(pk=case.pk)


def perform(
    case: Case,
    kind: ActKind,
    *,
    content: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
    basis: str = "",
    effective_on: date | None = None,
    total: int = 0,
    by: Allowed,
    at: datetime,
) -> CaseAct:
    """Record a lawful act, issue its paper, and tell the applicant of it.

    `content` is sealed. The ledger keeps its digest.
    """
    effective_on, basis = effective_on or day_of(at), basis or policy().basis_of(kind, case.item.kind)
    papers = issue_of_act(
        case, kind, content=content or {}, facts=facts or {}, basis=basis, effective_on=effective_on, by=by, at=at
    )
    sealed = seal(content, purpose=CONTENT)
    act = CaseAct.objects.create(
        case=case,
        kind=kind,
        at=at,
        effective_on=effective_on,
        by=account_of(by),
        by_name=by.ledger_name,
        basis=basis,
        facts={**(facts or {}), **({"papers": [each.code for each in papers]} if papers else {})},
        content_sealed=sealed,
    )
    told = {"case": case.pk, "effective_on": act.effective_on, "content": digest(sealed) if sealed else "", **act.facts}
    record(f"cases.{kind}", act, by=by, at=at, facts=told)
    emit(ACTED, case, by=by, at=at, act=str(kind), effective_on=act.effective_on.isoformat(), count=total)
    if said := SAID.get(kind):
        people = [case.applicant_id, *([case.agent_id] if case.agent_id else [])]
        notify(PROGRESS, people, context={"number": case.number, "item": case.item.name, "said": said}, at=at)
    return act


def recount(case: Case, *, calendar: WorkingCalendar, by: Allowed, at: datetime) -> None:
    """Count every running clock of a case anew, its stops taken out, and set what is due now."""
    stops = spans(case.stops.all())
    clocks = list(case.clocks.filter(ended_on=None))
    tasks = list(case.tasks.filter(ending="").exclude(limit=None))
    for clock in clocks:
        count(clock, stops, calendar=calendar)
    for task in tasks:
        count(task, stops, calendar=calendar)
    CaseClock.objects.bulk_update(clocks, ["due_rank", "due_day"])
    CaseTask.objects.bulk_update(tasks, ["due_rank", "due_day"])
    set_due(case, main_due(clocks), by=by, at=at)


def set_due(case: Case, due: dict[str, Any], *, by: Allowed, at: datetime) -> None:
    """Set until when the case is due, and tell who follows."""
    Case.objects.filter(pk=case.pk).update(**due)
    for name, value in due.items():
        setattr(case, name, value)
    tell_clock(case, by=by, at=at)


def tell_clock(case: Case, *, by: Allowed, at: datetime) -> None:
    day = case.due_day.isoformat() if case.due_day else ""
    emit(CLOCK_SET, case, by=by, at=at, clock=case.due_kind, due_rank=case.due_rank, due_day=day)
