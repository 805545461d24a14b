"""One lawful act: the row, its ledger entry, its event, its notice. The other actions are made of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from banshi.access import Allowed
from banshi.calendar.working_days import WorkingCalendar
from banshi.cases.clocks import Counted, count, main_due, spans
from banshi.cases.enums import ActKind
from banshi.cases.events import ACTED, CLOCK_SET
from banshi.cases.models import Case, CaseAct, CaseClock, CaseTask, ClockStop
from banshi.cases.notifications import PROGRESS, SAID
from banshi.cases.policy import policy
from banshi.cases.sealing import APPLICANT, CONTENT, opened, seal
from banshi.cases.steps import FROZEN, guide_of
from banshi.core.clock import CHINA, chinese_date, day_of
from banshi.core.crypto import digest
from banshi.core.prepared import PreparedQuery, insert, update
from banshi.events import emit
from banshi.ledger import record
from banshi.notifications.notify import notify
from banshi.papers.actions import issue
from banshi.papers.kinds import kind_named
from banshi.papers.models import Paper
from banshi.people.queries import account_of
from banshi.workflow.actions import move_held


def locked(case: Case, *, at: datetime) -> tuple[Case, datetime]:
    """Lock the row that every act on a case, and the join of its branches, goes through.

    With the moment of the act: `at`, or that of the act before it where the clock was set back meanwhile.
    """
    now: Any = HELD.get(case.pk)
    return now, max(at, now.acted_at or at)


HELD = PreparedQuery(
    lambda case: (
        Case.objects.select_for_update(of=("self",))
        .select_related("publication__revision", "item", "organ")
        .defer(*FROZEN)
        .annotate(acted_at=Subquery(CaseAct.objects.filter(case=OuterRef("pk")).order_by("-id").values("at")[:1]))
        .filter(pk=case)
    )
)
RUNNING_CLOCKS = PreparedQuery(lambda case: CaseClock.objects.filter(case=case, ended_on=None))
OPEN_TASKS = PreparedQuery(lambda case: CaseTask.objects.filter(case=case, ending=""))
STOPS = PreparedQuery(lambda case: ClockStop.objects.filter(case=case))


def open_tasks(case: Case) -> list[CaseTask]:
    """List the open steps of a case, in the order they were opened."""
    tasks = OPEN_TASKS(case.pk)
    for each in tasks:
        each.case = case
    return tasks


PAPERS = {
    ActKind.RECEIVE: "receipt",
    ActKind.ACCEPT: "acceptance",
    ActKind.ACCEPT_SILENTLY: "acceptance",
    ActKind.ASK_SUPPLEMENT: "supplement",
    ActKind.REFUSE_TO_ACCEPT: "refusal_to_accept",
    ActKind.NOT_OURS: "not_ours",
    ActKind.OPEN_STOP: "special_procedure",
    ActKind.CLOSE_STOP: "resumption",
    ActKind.EXTEND: "extension",
    ActKind.SUSPEND: "suspension",
    ActKind.RESUME: "resumption",
    ActKind.TERMINATE: "termination",
    ActKind.WITHDRAW: "termination",
    ActKind.DEEM_WITHDRAWN: "termination",
    ActKind.GRANT: "approval",
    ActKind.GRANT_SILENTLY: "approval",
    ActKind.DENY: "refusal",
    ActKind.DELIVER: "delivery",
    ActKind.OFFER_DEFERRAL: "deferral",
    ActKind.REVOKE: "revocation",
}
"""Papers that acts come with, names in data/papers."""


def perform(
    case: Case,
    kind: ActKind,
    *,
    content: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
    paper: Mapping[str, Any] | None = None,
    basis: str = "",
    effective_on: date | None = None,
    total: int = 0,
    timing: Mapping[str, int | None] | None = None,
    said: str = "",
    by: Allowed,
    at: datetime,
) -> CaseAct:
    """Record a lawful act with its paper, and tell the applicant of it.

    `content` is sealed, and the ledger keeps its digest. `paper` are facts that stand on the paper, `said` what one is told
    in place of `SAID`.
    """
    sealed, person = seal(content, purpose=CONTENT), account_of(by)
    name = "系统自动" if by.ledger_id.startswith("system:") else by.ledger_name
    if person is not None and person.pk in (case.applicant_id, case.agent_id):
        name = "申请人" if person.pk == case.applicant_id else f"{name}（代申请人办）"
    act = CaseAct(
        case=case,
        kind=kind,
        at=at,
        effective_on=effective_on or day_of(at),
        by=person,
        by_name=name,
        basis=basis or policy().basis_of(kind, case.item.kind),
        facts=facts or {},
        content_sealed=sealed,
    )
    if kind in PAPERS:
        act.paper = issue_paper(PAPERS[kind], act, paper or {}, by=by, at=at)
    insert([act])
    told = {"case": case.pk, "effective_on": act.effective_on, "content": digest(sealed) if sealed else "", **act.facts}
    record(f"cases.{kind}", act, by=by, at=at, facts=told)
    clock = {"clock": case.due_kind, "due_rank": case.due_rank, "due_day": str(case.due_day or "")}
    emit(
        ACTED,
        case,
        by=by,
        at=at,
        act=str(kind),
        effective_on=act.effective_on.isoformat(),
        count=total,
        **clock,
        **(timing or {}),
    )
    if said := said or SAID.get(kind, ""):
        notify(
            PROGRESS,
            case.people,
            subject=case,
            context={"number": case.number, "item": case.item.name, "said": said},
            at=at,
        )
    return act


def issue_paper(name: str, act: CaseAct, told: Mapping[str, Any], *, by: Allowed, at: datetime) -> Paper:
    """Issue the paper of an act to the applicant, with what is known of every case and what is told of this one."""
    case = act.case
    facts = {
        "item": case.item.name,
        "item_code": case.item.code,
        "case_number": case.number,
        "applied_on": chinese_date(day_of(case.received_at)),
        "accepted_on": chinese_date(case.accepted_on) if case.accepted_on else "",
        "basis": [act.basis] if act.basis else [],
        "phone": guide_of(case.publication).consult.phone,
        "officer": act.by_name if act.by and act.by_id not in (case.applicant_id, case.agent_id) else "",
        **told,
    }
    wanted = kind_named(name).facts
    recipient = opened(case.applicant_sealed, purpose=APPLICANT).get("name", "申请人")
    given = {key: value for key, value in facts.items() if key in wanted and value}
    return issue(name, organ=case.organ, recipient=recipient, facts=given, about=case.number, by=by, at=at)


def moment_in_words(at: datetime) -> str:
    local = at.astimezone(CHINA)
    return f"{chinese_date(local.date())}{local:%H时%M分}"


def recount(
    case: Case,
    *,
    stops: Iterable[ClockStop] | None = None,
    move: str = "",
    calendar: WorkingCalendar,
    by: Allowed,
    at: datetime,
) -> list[CaseClock]:
    """Count every running clock of a case anew, its stops taken out, and set what is due now, with the move it goes."""
    running = counted_anew(case, STOPS(case.pk) if stops is None else stops, calendar=calendar)
    if move:
        move_held([case], move, **main_due(running.clocks), by=by, at=at)
    set_due(case, main_due(running.clocks), by=by, at=at)
    keep_counted(case, running)
    return running.clocks


@dataclass(frozen=True, slots=True)
class Running:
    """The running clocks and the open steps of a case, and whether counting has moved any."""

    clocks: list[CaseClock]
    tasks: list[CaseTask]
    moved: bool


def counted_anew(case: Case, stops: Iterable[ClockStop], *, calendar: WorkingCalendar) -> Running:
    """Count the running clocks and the open steps of a case, without saving them."""
    held, moved = spans(stops), False
    clocks, tasks = RUNNING_CLOCKS(case.pk), open_tasks(case)
    running: list[Counted] = [*clocks, *tasks]
    for each in running:
        before = each.due_rank, each.due_day
        count(each, held, calendar=calendar)
        moved |= before != (each.due_rank, each.due_day)
    return Running(clocks, tasks, moved)


def keep_counted(case: Case, running: Running) -> None:
    """Save what was counted, a statement for all that are due alike, and with the steps where the case stands."""
    due = defaultdict[tuple[type[Counted], int | None, date | None], list[int]](list)
    counted: list[Counted] = [*running.clocks, *running.tasks]
    for each in counted:
        due[type(each), each.due_rank, each.due_day].append(each.pk)
    for (model, rank, day), keys in due.items():
        stands = on_desks(case) if model is CaseTask else {}
        update(model, {"pk": keys}, due_rank=rank, due_day=day, **stands)


def on_desks(case: Case) -> dict[str, Any]:
    """Return what the open steps of a case keep of it, so that a desk is read from them alone."""
    return {"case_state": case.state, "case_due_rank": case.due_rank, "case_due_day": case.due_day}


def set_due(case: Case, due: dict[str, Any], *, by: Allowed, at: datetime) -> None:
    """Set until when the case is due, and tell who follows."""
    if any(getattr(case, name) != value for name, value in due.items()):
        update(Case, {"pk": case.pk}, **due)
        for name, value in due.items():
            setattr(case, name, value)
    day = case.due_day.isoformat() if case.due_day else ""
    emit(CLOCK_SET, case, by=by, at=at, clock=case.due_kind, due_rank=case.due_rank, due_day=day)
