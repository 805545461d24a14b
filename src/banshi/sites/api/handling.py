"""Cases and their steps, acts, papers and events, of a person or of an organ for its system."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import BaseModel, Field

from banshi.access import Permission, is_beyond, permission_label
from banshi.calendar.queries import calendar_in_force
from banshi.cases import actions
from banshi.cases.enums import PromiseKind, StopKind
from banshi.cases.events import ACTED, CLOCK_SET, TASK_DONE, TASK_OPENED
from banshi.cases.models import Case, CaseOutcome, CaseTask
from banshi.cases.queries import DeskTab, bad_credit_of, cases_of, cases_visible_to, desk
from banshi.catalog.models import Item
from banshi.catalog.queries import in_force_of
from banshi.core.clock import now
from banshi.core.errors import BadInput, Conflict, Missing, Refused
from banshi.events.consuming import events_after
from banshi.papers.queries import papers_about
from banshi.people.models import User
from banshi.people.posts import organs_where
from banshi.sites.api import fields
from banshi.sites.api.authentication import AUTHENTICATED, Caller, caller
from banshi.sites.api.case_schemas import (
    ActIn,
    ActList,
    ActOut,
    ApplicantOut,
    CaseEventPage,
    CaseOut,
    CasePage,
    FinishIn,
    PaperList,
    PromiseList,
    StopList,
    TaskList,
    TaskOut,
    TaskPage,
    act_out,
    case_out,
    paper_out,
    promise_out,
    stop_out,
    task_out,
)
from banshi.sites.api.errors import COMMON, ProblemDetails
from banshi.sites.api.writing import idempotent

router = Router(tags=["办件"], auth=AUTHENTICATED)
FAILURES = {COMMON | {401, 403}: ProblemDetails}
WRITING = {COMMON | {400, 401, 403, 409}: ProblemDetails}
FOLLOWED = (ACTED, TASK_OPENED, TASK_DONE, CLOCK_SET)


class CasesAsked(BaseModel):
    state: fields.Slug | fields.Left = Field(None, description="状态代码，如 received、handling")
    after: fields.After = 0
    limit: fields.Limit = 25


@router.get("/cases", response={200: CasePage, **FAILURES}, summary="办件")
def list_cases(request: HttpRequest, filters: Query[CasesAsked]) -> Any:
    """个人看自己的办件；单位的系统（和登录的工作人员）看本单位承办的、本单位有环节的办件。先收的在前。"""
    found = _cases(request).filter(pk__gt=filters.after).order_by("pk")
    if filters.state:
        found = found.filter(state=filters.state)
    rows = list(found[: filters.limit + 1])
    page, calendar = rows[: filters.limit], calendar_in_force()
    return {
        "cases": [case_out(each, calendar) for each in page],
        "next": page[-1].pk if len(rows) > len(page) else None,
    }


@router.get("/cases/{number}", response={200: CaseOut, **FAILURES}, summary="一个办件")
def show_case(request: HttpRequest, number: fields.CaseNumber) -> Any:
    return case_out(_case(request, number))


@router.get("/cases/{number}/tasks", response={200: TaskList, **FAILURES}, summary="办件的环节")
def list_tasks_of_case(request: HttpRequest, number: fields.CaseNumber) -> Any:
    tasks = _case(request, number).tasks.select_related("organ", "assignee", "case")
    return {"tasks": [task_out(each) for each in tasks]}


@router.get("/cases/{number}/acts", response={200: ActList, **FAILURES}, summary="办件上的法定行为")
def list_acts(request: HttpRequest, number: fields.CaseNumber) -> Any:
    case = _case(request, number)
    return {"acts": [act_out(each, case) for each in case.acts.all()]}


@router.post("/cases/{number}/acts", response={201: ActOut, **WRITING}, summary="办理")
@idempotent
def act(request: HttpRequest, number: fields.CaseNumber, asked: ActIn) -> Status[Any]:
    """办一个法定行为：受理、要求补正、作决定……每一个的效力、期限和文书，与网页上办理的完全一样。"""
    case = _case(request, number)
    ACTS[asked.act](case, asked, by=caller(request), at=now())
    return Status(201, act_out(case.acts.order_by("-id")[0], case))


@router.get("/cases/{number}/stops", response={200: StopList, **FAILURES}, summary="办件的停表")
def list_stops(request: HttpRequest, number: fields.CaseNumber) -> Any:
    """特别程序和中止，先开始的在前。"""
    return {"stops": [stop_out(each) for each in _case(request, number).stops.all()]}


@router.get("/cases/{number}/promises", response={200: PromiseList, **FAILURES}, summary="办件里的承诺")
def list_promises(request: HttpRequest, number: fields.CaseNumber) -> Any:
    """容缺后补的和告知承诺的；抽中核查的写着抽中的时间。"""
    promises, calendar = _case(request, number).application.promises.all(), calendar_in_force()
    return {"promises": [promise_out(each, calendar) for each in promises]}


@router.get("/cases/{number}/papers", response={200: PaperList, **FAILURES}, summary="办件的文书")
def list_papers(request: HttpRequest, number: fields.CaseNumber) -> Any:
    return {"papers": [paper_out(each) for each in papers_about(_case(request, number).number)]}


@router.post(
    "/cases/{number}/applicant", response={200: ApplicantOut, **WRITING}, summary="查看申请人和填写的内容（留记录）"
)
def look_at_applicant(request: HttpRequest, number: fields.CaseNumber) -> Status[Any]:
    """申请人的姓名、证件号码、电话和填写的内容。每次查看都记下，申请人能看到。"""
    seen = actions.look_at_applicant(_case(request, number), by=caller(request), at=now())
    return Status(200, {"applicant": seen.applicant, "answers": seen.answers})


@router.get("/tasks", response={200: TaskPage, **FAILURES}, summary="等本单位办的环节")
def list_tasks(request: HttpRequest, after: fields.After = 0, limit: fields.Limit = 25) -> Any:
    """没有办完、现在能办的环节，先开始的在前。"""
    who = by_permission(request, Permission.CASE_VIEW)
    rows = list(desk(who, DeskTab.UNIT, at=now()).filter(pk__gt=after).order_by("pk")[: limit + 1])
    page = rows[:limit]
    return {"tasks": [task_out(each) for each in page], "next": page[-1].pk if len(rows) > len(page) else None}


@router.post("/tasks/{int:id}/finish", response={200: TaskOut, **WRITING}, summary="办完一个环节")
@idempotent
def finish(request: HttpRequest, id: fields.Number, asked: FinishIn) -> Status[Any]:
    """同时办的几家都办完，自动转到下一个环节。作决定和送达用“办理”。"""
    found = CaseTask.objects.filter(case__in=_cases(request).values("pk"))
    task = found.filter(pk=id).first()
    if task is None:
        raise Missing("没有这个环节", where=str(id), remedy="等本单位办的见 /tasks。")
    who: dict[str, Any] = {"by": caller(request), "at": now()}
    actions.finish_task(task, verdict=asked.verdict, words=asked.words, early=asked.early, **who)
    return Status(200, task_out(found.select_related("case", "organ", "assignee").get(pk=id)))


@router.get("/case-events", response={200: CaseEventPage, **FAILURES}, summary="办件上发生的事")
def list_events(request: HttpRequest, after: fields.After = 0, limit: fields.Limit = 100) -> Any:
    """自 after 之后本单位承办的办件上发生的事，每件恰好一次、按先后。收完后以 next 作为下次的 after。"""
    who = by_permission(request, Permission.CASE_VIEW)
    organs = organs_where(who, Permission.CASE_VIEW, now())
    rows = list(events_after(after, FOLLOWED).filter(organ__in=organs)[:limit])
    cases = Case.objects.in_bulk([each.subject_id for each in rows])
    told = [
        {**{name: getattr(each, name) for name in ("number", "guid", "kind", "at", "data")}, "case": case.number}
        for each in rows
        if (case := cases.get(each.subject_id))
    ]
    return {"events": told, "next": rows[-1].number if rows else after}


def offer_deferral(case: Case, asked: ActIn, **who: Any) -> None:
    """Offer to accept without the papers named."""
    if asked.until is None:
        raise BadInput("没有写最晚哪天补交", where="until", remedy="请写明补交的最后一天。")
    actions.offer_deferral(case, positions=asked.positions, until=asked.until, form=asked.words[:100], **who)


def close_stop(case: Case, asked: ActIn, **who: Any) -> None:
    """End the special procedure named."""
    stop = case.stops.filter(kind=StopKind.SPECIAL, procedure=asked.procedure, ended_on=None).first()
    if stop is None:
        raise Conflict(f"没有正在进行的“{asked.procedure}”", remedy="正在进行的特别程序见 /cases/{number}/stops。")
    actions.close_stop(stop, words=asked.words, **who)


def check_promise(case: Case, asked: ActIn, **who: Any) -> None:
    """Check the commitment that stands for a material."""
    if asked.holds is None or asked.position is None:
        raise BadInput(
            "没有写核查结果", remedy="请写明是哪一项材料的承诺（position）和是否属实（holds：true 或 false）。"
        )
    open_ones = case.application.promises.filter(kind=PromiseKind.COMMITMENT, ending="")
    promise = open_ones.filter(position=asked.position).first()
    if promise is None:
        raise Conflict("这一项没有要核查的承诺", remedy="要核查的承诺见 /cases/{number}/promises。")
    actions.check_promise(promise, true=asked.holds, words=asked.words, **who)


def repair_credit(case: Case, asked: ActIn, **who: Any) -> None:
    """Repair what a false commitment of the case has entered against its applicant."""
    entry = bad_credit_of(case).first()
    if entry is None:
        raise Conflict("这件办件没有要修复的失信记录", remedy="可能已经修复过。")
    actions.repair_credit(entry, reason=asked.words, **who)


def return_step(case: Case, asked: ActIn, **who: Any) -> None:
    """Return to the stage named."""
    if asked.stage is None:
        raise BadInput("没有写退回到哪个环节", where="stage", remedy="办过的环节见 /cases/{number}/tasks。")
    actions.return_to_step(case, stage=asked.stage, words=asked.words, **who)


def answer_dispute(case: Case, asked: ActIn, **who: Any) -> None:
    """Answer the correction request."""
    if asked.holds is None:
        raise BadInput("没有写登记有没有更正", where="holds", remedy="更正了写 true，没有更正写 false 并写明理由。")
    actions.answer_dispute(case, corrected=asked.holds, words=asked.words, **who)


def revoke(case: Case, asked: ActIn, **who: Any) -> None:
    """Revoke what was granted."""
    outcome = CaseOutcome.objects.filter(case=case).first()
    if outcome is None:
        raise Conflict("还没有作出决定，没有可以撤销的", remedy="要停止办理的，请用终止。")
    actions.revoke_outcome(outcome, reason=asked.words, basis=asked.basis, **who)


Doing = Callable[..., Any]
ACTS: dict[str, Doing] = {
    "accept": lambda case, asked, **who: actions.accept(case, **who),
    "ask_supplement": lambda case, asked, **who: actions.request_supplement(
        case,
        wanted=[actions.Wanted(each.problem, each.position, each.field) for each in asked.wanted],
        words=asked.words,
        until=asked.until,
        **who,
    ),
    "refuse_to_accept": lambda case, asked, **who: actions.refuse_to_accept(
        case, ground=asked.ground, citation=asked.basis, reason=asked.words, where=asked.where, **who
    ),
    "not_ours": lambda case, asked, **who: actions.not_ours(case, where=asked.where, reason=asked.words, **who),
    "offer_deferral": offer_deferral,
    "open_stop": lambda case, asked, **who: actions.open_stop(
        case, procedure=asked.procedure, expected_days=asked.days or 0, words=asked.words, **who
    ),
    "close_stop": close_stop,
    "extend": lambda case, asked, **who: actions.extend(case, reason=asked.words, days=asked.days, **who),
    "suspend": lambda case, asked, **who: actions.suspend(case, reason=asked.words, basis=asked.basis, **who),
    "resume": lambda case, asked, **who: actions.resume(case, words=asked.words, **who),
    "grant": lambda case, asked, **who: actions.decide(
        case, granted=True, words=asked.words, valid_until=asked.valid_until, **who
    ),
    "deny": lambda case, asked, **who: actions.decide(case, granted=False, words=asked.words, **who),
    "deliver": lambda case, asked, **who: actions.deliver(case, way=asked.way or "window", words=asked.words, **who),
    "terminate": lambda case, asked, **who: actions.terminate(case, reason=asked.words, **who),
    "deem_withdrawn": lambda case, asked, **who: actions.deem_withdrawn(
        case, reason=asked.words, basis=asked.basis, **who
    ),
    "check_promise": check_promise,
    "repair_credit": repair_credit,
    "revoke": revoke,
    "return_step": return_step,
    "answer_dispute": answer_dispute,
    "supply": lambda case, asked, **who: actions.supply(case, **who),
    "promise": lambda case, asked, **who: actions.agree_to_deferral(case, **who),
    "withdraw": lambda case, asked, **who: actions.withdraw(case, words=asked.words, **who),
}


def item_in_use(guid: UUID) -> Item:
    publication = in_force_of(guid)
    if publication is None:
        raise Missing("没有这个事项", where=str(guid), remedy="它可能已经不在用，请用 /search 查找。")
    return publication.item


def by_permission(request: HttpRequest, permission: Permission | str) -> Caller:
    """Return the caller, refused where its token was not given the permission."""
    who, asked = caller(request), Permission(permission)
    if is_beyond(who, asked):
        raise Refused(
            f"令牌没有“{permission_label(asked)}”的授权",
            remedy=f"请在取得令牌时要 scope {asked}；没有登记的，请系统管理员登记。",
        )
    return who


def _cases(request: HttpRequest) -> QuerySet[Case]:
    """List the cases the caller may know of: one's own, and those one's organ has to do with."""
    who, at = caller(request), now()
    found = Case.objects.none()
    if not is_beyond(who, Permission.CASE_VIEW):
        found = cases_visible_to(who, at=at)
    if isinstance(who, User) and not is_beyond(who, Permission.CASE_APPLY):
        own = cases_of(who).values("pk")
        found = Case.objects.filter(pk__in=own) | Case.objects.filter(pk__in=found.values("pk"))
    elif is_beyond(who, Permission.CASE_VIEW):
        by_permission(request, Permission.CASE_VIEW)
    return found.select_related("item", "organ", "publication", "application")


def _case(request: HttpRequest, number: str) -> Case:
    found = _cases(request).filter(number=number).first()
    if found is None:
        raise Missing("没有这个办件", where=number, remedy="它可能由别的单位办理，或者是别人的。")
    return found
