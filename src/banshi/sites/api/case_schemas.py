"""Schemas of applications, cases, steps and acts."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import WorkingCalendar
from banshi.cases.clocks import due_on
from banshi.cases.enums import (
    ActKind,
    CaseChannel,
    MaterialTrust,
    PromiseEnding,
    PromiseKind,
    StopKind,
    TaskEnding,
    TaskVerdict,
)
from banshi.cases.models import Application, Case, CaseAct, CaseMaterial, CaseTask, ClockStop, Promise
from banshi.catalog.enums import StepKind
from banshi.papers.models import Paper
from banshi.sites.api import fields
from banshi.sites.api.schemas import OrganBrief
from banshi.workflow.versions import state_of

Next = Field(None, title="下一页的 after；没有下一页为 null")
TEXT = r"^[^\u0000]*$"


def text_field(title: str, longest: int = 2000) -> Any:
    return Field("", title=title, max_length=longest, pattern=TEXT)


Position = Annotated[int, Field(ge=0, le=999, title="指南材料清单里的第几项，从0起")]


class StrictBody(BaseModel):
    """Base class of what is sent. A mistyped name is refused."""

    model_config = ConfigDict(extra="forbid")


class MaterialOut(BaseModel):
    position: int = Field(title="指南材料清单里的第几项，从0起")
    name: str = Field(title="材料名称")
    trust: MaterialTrust = Field(title="可信等级")
    source: str = Field(title="来源（电子记录）")
    attached_at: datetime = Field(title="交来的时间")


class ApplicationOut(BaseModel):
    """一份申请：没有提交的是草稿。"""

    guid: UUID = Field(title="申请的编号")
    item: UUID = Field(title="事项编号")
    item_name: str = Field(title="事项名称")
    channel: CaseChannel = Field(title="途径")
    answers: dict[str, Any] = Field(title="填写的内容，按 /items/{guid}/form 的 schema")
    materials: list[MaterialOut] = Field(title="已经交的材料")
    commitments: list[int] = Field(title="用承诺代替的是清单里的第几项，从0起")
    created_at: datetime = Field(title="开始的时间")
    saved_at: datetime = Field(title="最后保存的时间")
    expires_at: datetime = Field(title="草稿保留到")
    case: str | None = Field(title="办件编号；没有提交为 null")


class ApplicationPage(BaseModel):
    applications: list[ApplicationOut]
    next: int | None = Next


class ApplicationIn(StrictBody):
    item: UUID = Field(title="事项编号")


class AnswersIn(StrictBody):
    answers: dict[str, Any] = Field(title="填写的内容，和已保存的合并")


class CaseOut(BaseModel):
    """一个办件。申请人的姓名是打码的。"""

    number: str = Field(title="办件编号")
    item: UUID = Field(title="事项编号")
    item_name: str = Field(title="事项名称")
    organ: OrganBrief = Field(title="承办单位")
    applicant: str = Field(title="申请人（打码）")
    state: str = Field(title="状态代码")
    state_name: str = Field(title="状态")
    joint: bool = Field(title="联合办理")
    received_at: datetime = Field(title="收件时间")
    accepted_on: date | None = Field(title="受理日期")
    decided_on: date | None = Field(title="决定日期")
    ended_at: datetime | None = Field(title="办结时间")
    due: date | None = Field(title="现在的期限到哪天；停表时为 null")
    version: int = Field(title="按第几版指南办")


class CasePage(BaseModel):
    cases: list[CaseOut]
    next: int | None = Next


class TaskOut(BaseModel):
    """办件的一个环节。"""

    id: int = Field(title="环节编号")
    case: str = Field(title="办件编号")
    name: str = Field(title="环节")
    kind: StepKind = Field(title="环节类型")
    organ: OrganBrief = Field(title="办理单位")
    assignee: str = Field(title="谁在办；没人领为空")
    opened_at: datetime = Field(title="开始的时间")
    ended_at: datetime | None = Field(title="结束的时间")
    ending: TaskEnding | Literal[""] = Field(title="怎么结束的；没有结束为空")
    verdict: TaskVerdict | Literal[""] = Field(title="意见")


class TaskPage(BaseModel):
    tasks: list[TaskOut]
    next: int | None = Next


class TaskList(BaseModel):
    tasks: list[TaskOut]


class FinishIn(StrictBody):
    verdict: TaskVerdict = Field(TaskVerdict.AGREE, title="意见")
    words: str = text_field("说明；不同意的、提前办完的必须写")
    early: bool = Field(False, title="公示、公告没有满就办完")


class ActOut(BaseModel):
    """一个法定行为。"""

    kind: ActKind = Field(title="行为")
    name: str = Field(title="行为的名称")
    at: datetime = Field(title="时间")
    effective_on: date = Field(title="生效日期")
    by: str = Field(title="谁办的；申请人自己的写“申请人”")
    basis: str = Field(title="依据")


class ActList(BaseModel):
    acts: list[ActOut]


class WantedIn(StrictBody):
    problem: str = Field(title="缺什么、要什么样的", min_length=1, max_length=2000, pattern=TEXT)
    position: Position | None = Field(None, title="指南材料清单里的第几项，从0起")
    field: str = text_field("表单里的哪一项", 100)


class ActIn(StrictBody):
    """要办的行为和它要写的内容；别的行为用不着的留空。"""

    act: Literal[
        "accept",
        "ask_supplement",
        "refuse_to_accept",
        "not_ours",
        "offer_deferral",
        "open_stop",
        "close_stop",
        "extend",
        "suspend",
        "resume",
        "grant",
        "deny",
        "deliver",
        "terminate",
        "deem_withdrawn",
        "check_promise",
        "repair_credit",
        "revoke",
        "return_step",
        "answer_dispute",
        "supply",
        "promise",
        "withdraw",
    ] = Field(
        title="行为：受理、要求补正、不予受理、不属于本机关、容缺受理、特别程序开始和结束、延长、中止、恢复、"
        "准予、不予、送达、终止、视为撤回、核查承诺、修复信用、撤销决定、退回环节、答复更正申请；提交补正、承诺补交、撤回由申请人"
    )
    words: str = text_field("说明或理由，申请人会看到")
    where: str = text_field("应当到哪里办（不予受理、不属于本机关）")
    wanted: list[WantedIn] = Field(default_factory=list, title="要补正的（要求补正），一次写全", max_length=200)
    way: Literal["window", "post", "online", ""] = Field("", title="怎么送达的（送达）")
    valid_until: date | None = Field(None, title="有效期至（准予）")
    basis: str = text_field("依据：法律、法规、规章的哪一条（中止、撤销、视为撤回，不予受理的其他情形）", 300)
    ground: str = text_field(
        "哪一种情形（不予受理）：不需要办理 not_needed，补正后仍不齐 still_lacking，其他 by_law", 100
    )
    procedure: str = text_field("哪一种特别程序（开始、结束）", 100)
    days: int | None = Field(None, title="几个工作日（特别程序大约要几天，延长几天）", ge=1, le=999)
    positions: list[Position] = Field(default_factory=list, title="哪些材料后补（容缺受理）", max_length=200)
    until: fields.Day | None = Field(None, title="最晚哪天补交（容缺受理、要求补正）")
    position: Position | None = Field(None, title="核查哪一项材料的承诺（核查承诺）")
    holds: bool | None = Field(None, title="承诺属实（核查承诺）；登记已经更正（答复更正申请）")
    stage: int | None = Field(
        None, title="退回到第几个环节，见 /cases/{number}/tasks 的 stage（退回环节）", ge=1, le=999
    )


class StopOut(BaseModel):
    """一段停表：特别程序或者中止。"""

    kind: StopKind = Field(title="种类")
    procedure: str = Field(title="特别程序；中止为空")
    basis: str = Field(title="依据")
    expected_days: int | None = Field(title="大约要几个工作日")
    began_on: date = Field(title="开始")
    ended_on: date | None = Field(title="结束；还停着为 null")


class StopList(BaseModel):
    stops: list[StopOut]


class PromiseOut(BaseModel):
    """一项承诺：容缺后补，或者告知承诺。"""

    kind: PromiseKind = Field(title="种类")
    position: int = Field(title="指南材料清单里的第几项，从0起")
    name: str = Field(title="材料名称")
    form: str = Field(title="什么形式")
    agreed_at: datetime | None = Field(title="本人同意的时间；没有同意为 null")
    drawn_at: datetime | None = Field(title="抽中核查的时间；没有抽中为 null")
    last_day: date | None = Field(title="最后一天：补交的，或者核查的")
    ending: PromiseEnding | Literal[""] = Field(title="怎么结束的；没有结束为空")
    ended_at: datetime | None = Field(title="结束的时间")


class PromiseList(BaseModel):
    promises: list[PromiseOut]


class PaperOut(BaseModel):
    """一份文书。真伪和有没有撤销，任何人都能用验证码查。"""

    number: str = Field(title="文号")
    title: str = Field(title="名称")
    organ: OrganBrief = Field(title="发文机关")
    code: str = Field(title="验证码")
    issued_at: datetime = Field(title="时间")
    revoked_at: datetime | None = Field(title="撤销时间；有效为 null")


class PaperList(BaseModel):
    papers: list[PaperOut]


class CaseEventOut(BaseModel):
    """办件上发生的一件事，没有个人信息。"""

    number: int = Field(title="序号，按发生先后递增")
    guid: UUID = Field(title="这件事的编号；收过的不用再处理")
    kind: str = Field(title="种类")
    at: datetime = Field(title="时间")
    case: str = Field(title="办件编号")
    data: dict[str, Any] = Field(title="内容，按种类")


class CaseEventPage(BaseModel):
    events: list[CaseEventOut]
    next: int = Field(title="下次的 after；没有新的与本次相同")


class ApplicantOut(BaseModel):
    """申请人和填写的内容。这次查看已经记录，申请人能看到。"""

    applicant: dict[str, Any] = Field(title="申请人")
    answers: dict[str, Any] = Field(title="填写的内容")


def material_out(material: CaseMaterial) -> dict[str, Any]:
    return {name: getattr(material, name) for name in MaterialOut.model_fields}


def application_out(application: Application, answers: dict[str, Any]) -> dict[str, Any]:
    case = getattr(application, "case", None)
    kept = ("guid", "channel", "created_at", "saved_at", "expires_at")
    item = application.publication.item
    return {
        **{name: getattr(application, name) for name in kept},
        "item": item.guid,
        "item_name": item.name,
        "answers": answers,
        "materials": [material_out(each) for each in application.materials.all() if each.replaced_at is None],
        "commitments": [
            each.position
            for each in application.promises.all()
            if each.kind == PromiseKind.COMMITMENT and each.ending != PromiseEnding.WITHDRAWN
        ],
        "case": case and case.number,
    }


def case_out(case: Case, calendar: WorkingCalendar | None = None) -> dict[str, Any]:
    """Tell a case, by a calendar that a list reads once."""
    kept = ("number", "state", "joint", "received_at", "accepted_on", "decided_on", "ended_at")
    return {
        **{name: getattr(case, name) for name in kept},
        "item": case.item.guid,
        "item_name": case.item.name,
        "organ": {"id": case.organ_id, "name": case.organ.name},
        "applicant": case.applicant_masked,
        "state_name": state_of(case).label,
        "due": due_on(case, calendar=calendar or calendar_in_force()),
        "version": case.publication.number,
    }


def task_out(task: CaseTask) -> dict[str, Any]:
    kept = ("id", "name", "kind", "opened_at", "ended_at", "ending", "verdict")
    return {
        **{name: getattr(task, name) for name in kept},
        "case": task.case.number,
        "organ": {"id": task.organ_id, "name": task.organ.name},
        "assignee": str(task.assignee or ""),
    }


def act_out(act: CaseAct, case: Case) -> dict[str, Any]:
    own = act.by_id is not None and act.by_id in (case.applicant_id, case.agent_id)
    return {
        "kind": act.kind,
        "name": act.get_kind_display(),
        "at": act.at,
        "effective_on": act.effective_on,
        "by": "申请人" if own else act.by_name,
        "basis": act.basis,
    }


def stop_out(stop: ClockStop) -> dict[str, Any]:
    return {name: getattr(stop, name) for name in StopOut.model_fields}


def promise_out(promise: Promise, calendar: WorkingCalendar) -> dict[str, Any]:
    kept = ("kind", "position", "name", "form", "agreed_at", "drawn_at", "ending", "ended_at")
    last = promise.last_rank
    return {
        **{name: getattr(promise, name) for name in kept},
        "last_day": calendar.day_of(last) if last is not None else None,
    }


def paper_out(paper: Paper) -> dict[str, Any]:
    kept = ("number", "title", "code", "issued_at", "revoked_at")
    return {
        **{name: getattr(paper, name) for name in kept},
        "organ": {"id": paper.organ_id, "name": paper.organ.name},
    }
