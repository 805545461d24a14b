"""一件事: what is in force for anyone to read, and submissions of the person behind the token."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router, Status, UploadedFile
from pydantic import BaseModel, Field

from banshi.bundles import actions
from banshi.bundles.merging import MergedMaterial
from banshi.bundles.models import BundleSubmission
from banshi.bundles.queries import (
    BundleReading,
    bundle_named,
    bundles_in_force,
    handed_in,
    progress_of,
    reading_of,
    submissions_of,
)
from banshi.core.clock import now, today
from banshi.core.errors import Missing
from banshi.forms import ApplyingAs, data_contract, layout
from banshi.sites.api import fields
from banshi.sites.api.authentication import AUTHENTICATED, caller
from banshi.sites.api.case_schemas import AnswersIn
from banshi.sites.api.errors import COMMON, ProblemDetails
from banshi.sites.api.handling import FAILURES, WRITING, by_permission
from banshi.sites.api.writing import Exposed, idempotent

router = Router(tags=["一件事"], auth=AUTHENTICATED)
open_router = Router(tags=["一件事"])


class BundleBrief(BaseModel):
    code: str = Field(title="代号")
    name: str = Field(title="名称")
    summary: str = Field(title="一句话说明")
    digest: str = Field(title="这一版的摘要")


class BundleList(BaseModel):
    bundles: list[BundleBrief] = Field(title="现在可以办的“一件事”")


class BundlePartOut(BaseModel):
    key: str = Field(title="这一项的代号")
    item: UUID = Field(title="事项编号")
    name: str = Field(title="事项名称")
    organ: str = Field(title="承办单位")
    waits_for: list[str] = Field(title="要先有哪几项的结果")


class SharedMaterialOut(BaseModel):
    slug: str = Field(title="上传用的编号")
    name: str = Field(title="材料")
    required: bool = Field(title="必须交")
    commitment_ok: bool = Field(title="可以用承诺代替")
    parts: list[str] = Field(title="给哪几项")


class BundleOut(BundleBrief):
    parts: list[BundlePartOut] = Field(title="各项，按先后")
    materials: list[SharedMaterialOut] = Field(title="材料，每样只交一次")
    form: dict[str, Any] = Field(title="要填的表：schema 是 JSON Schema 2020-12，layout 是 JSON Forms 的 UI schema")
    last_day: date | None = Field(title="全部办好的最晚一天；指南没有写时限为 null")
    why: list[str] = Field(title="为什么是这一天")


class BundleProgressPart(BaseModel):
    key: str = Field(title="这一项的代号")
    name: str = Field(title="事项名称")
    case: str | None = Field(title="办件编号；还没有开始为 null")
    state: str = Field(title="办件的状态；等着为 waiting，没有发起为 dropped，要本人补充为 draft")
    reason: str = Field(title="没有发起的原因")


class BundleSubmissionBrief(BaseModel):
    guid: UUID = Field(title="申请的编号")
    number: str = Field(title="受理号")
    bundle: str = Field(title="“一件事”的代号")
    submitted_at: datetime | None = Field(title="提交的时间")


class BundleSubmissionPage(BaseModel):
    submissions: list[BundleSubmissionBrief] = Field(title="我的一件事申请")
    next: int | None = Field(None, title="下一页的 after；没有下一页为 null")


class BundleSubmissionOut(BundleSubmissionBrief):
    party: ApplyingAs = Field(title="各项替谁申请；单位账号都是为单位办")
    answers: dict[str, Any] = Field(title="填写的内容；各项都开始以后不再保存")
    materials: list[SharedMaterialOut] = Field(title="按填写的内容要交的材料")
    handed_in: list[str] = Field(title="已经交的材料的 slug")
    parts: list[BundleProgressPart] = Field(title="提交以后各项的进度")


@open_router.get("/bundles", response={200: BundleList, COMMON: ProblemDetails}, summary="“一件事”目录")
def list_bundles(request: HttpRequest) -> Any:
    return {"bundles": [_brief(BundleReading(each)) for each in bundles_in_force()]}


@open_router.get("/bundles/{slug:code}", response={200: BundleOut, COMMON: ProblemDetails}, summary="一个“一件事”")
def show_bundle(request: HttpRequest, code: str) -> Any:
    """各项都算上的样子；提交以前按回答决定办哪几项。"""
    version = bundle_named(code)
    answers = {
        f"ask_{part.when.question}": part.when.values[0] for part in version.definition.parts if part.when is not None
    }
    reading = BundleReading(version, answers)
    deadline = reading.deadline(on=today())
    return {
        **_brief(reading),
        "parts": [
            {
                "key": each.key,
                "item": each.item.guid,
                "name": each.item.name,
                "organ": each.item.organ.name,
                "waits_for": [need.part for need in each.part.needs if need.part in reading.keys],
            }
            for each in reading.members
        ],
        "materials": _materials(reading),
        "form": {"schema": data_contract(reading.fields), "layout": layout(reading.fields)},
        "last_day": deadline.last,
        "why": [each.why for each in deadline.path],
    }


@router.get("/bundle-submissions", response={200: BundleSubmissionPage, **FAILURES}, summary="我的一件事申请")
def list_submissions(request: HttpRequest, after: fields.After = 0, limit: fields.Limit = 25) -> Any:
    """草稿和提交过的，先开始的在前。"""
    rows = list(_mine(request).filter(pk__gt=after).order_by("pk")[: limit + 1])
    page = rows[:limit]
    kept = ("guid", "number", "submitted_at")
    told = [{name: getattr(each, name) for name in kept} | {"bundle": each.version.code} for each in page]
    return {"submissions": told, "next": page[-1].pk if len(rows) > len(page) else None}


@router.post(
    "/bundles/{slug:code}/submissions", response={201: BundleSubmissionOut, **WRITING}, summary="开始一份一件事申请"
)
@idempotent
def start(request: HttpRequest, code: str, asked: AnswersIn) -> Status[Any]:
    """开始一份草稿，提交以前随时可以改。"""
    by_permission(request, "case.apply")
    made = actions.start_bundle(bundle_named(code), asked.answers, by=caller(request), at=now())
    return Status(201, submission_out(_found(request, made.guid)))


@router.get(
    "/bundle-submissions/{uuid:guid}", response={200: BundleSubmissionOut, **FAILURES}, summary="一份一件事申请"
)
def show(request: HttpRequest, guid: UUID) -> Any:
    """提交以后给出每一项的进度。"""
    return submission_out(_found(request, guid))


@router.patch(
    "/bundle-submissions/{uuid:guid}", response={200: BundleSubmissionOut, **WRITING}, summary="保存一件事填写的内容"
)
@idempotent
def save(request: HttpRequest, guid: UUID, asked: AnswersIn) -> Status[Any]:
    """给出的几项存进去，别的不变。填得不对也先存着，提交时才检查。"""
    return SUBMISSION.after(actions.save_bundle_answers, request, guid, asked.answers)


@router.post(
    "/bundle-submissions/{uuid:guid}/materials/{slug:slug}",
    response={201: BundleSubmissionOut, **WRITING},
    summary="上传一样一件事材料",
)
@idempotent
def hand_in(request: HttpRequest, guid: UUID, slug: str, files: list[UploadedFile]) -> Status[Any]:
    """multipart/form-data。一样材料只交一次，分给要它的各项；再传一次就换掉原来的。"""
    proof = asked_material(_found(request, guid), slug).proof
    return SUBMISSION.after(actions.hand_in_once, request, guid, proof, files, status=201)


@router.delete(
    "/bundle-submissions/{uuid:guid}/materials/{slug:slug}",
    response={200: BundleSubmissionOut, **WRITING},
    summary="拿走一样一件事材料",
)
@idempotent
def take_away(request: HttpRequest, guid: UUID, slug: str) -> Status[Any]:
    """交过的和承诺过的，提交以前都可以拿走。"""
    proof = asked_material(_found(request, guid), slug).proof
    return SUBMISSION.after(actions.remove_once, request, guid, proof)


@router.post(
    "/bundle-submissions/{uuid:guid}/materials/{slug:slug}/commitment",
    response={201: BundleSubmissionOut, **WRITING},
    summary="用承诺代替一样一件事材料",
)
@idempotent
def commit(request: HttpRequest, guid: UUID, slug: str) -> Status[Any]:
    """只有要它的各项都准许告知承诺的材料才可以，见 materials 的 commitment_ok。再上传就改为交材料。"""
    proof = asked_material(_found(request, guid), slug).proof
    return SUBMISSION.after(actions.commit_once, request, guid, proof, status=201)


@router.post(
    "/bundle-submissions/{uuid:guid}/adopt",
    response={200: BundleSubmissionOut, **WRITING},
    summary="改按新的指南接着填一件事",
)
@idempotent
def adopt(request: HttpRequest, guid: UUID) -> Status[Any]:
    """填写期间有指南改过的，提交答 409；看过现在要填的、要交的，改按新的，再提交。"""
    return SUBMISSION.after(actions.show_present, request, guid)


@router.delete(
    "/bundle-submissions/{uuid:guid}", response={200: BundleSubmissionOut, **WRITING}, summary="放弃一份一件事草稿"
)
@idempotent
def discard(request: HttpRequest, guid: UUID) -> Status[Any]:
    found = _found(request, guid)
    told = submission_out(found)
    actions.discard_bundle(found, by=caller(request), at=now())
    return Status(200, told)


@router.post(
    "/bundle-submissions/{uuid:guid}/submit", response={201: BundleSubmissionOut, **WRITING}, summary="一次提交"
)
@idempotent
def submit(request: HttpRequest, guid: UUID) -> Status[Any]:
    """不用等的各项马上成为办件，等着结果的轮到时自动提交。提交几次也只有一份。"""
    found = _found(request, guid)
    actions.submit_bundle(found, key=found.key, by=caller(request), at=now())
    return Status(201, submission_out(_found(request, guid)))


def asked_material(submission: BundleSubmission, slug: str) -> MergedMaterial:
    asked = next((each for each in reading_of(submission).materials.asked if each.slug == slug), None)
    if asked is None:
        raise Missing("材料清单里没有这一项", where=slug[:40], remedy="slug 见申请的 materials。")
    return asked


def _mine(request: HttpRequest) -> QuerySet[BundleSubmission]:
    return submissions_of(by_permission(request, "case.apply"))


def _found(request: HttpRequest, guid: UUID) -> BundleSubmission:
    found = _mine(request).filter(guid=guid).first()
    if found is None:
        raise Missing("没有这份申请", where=str(guid), remedy="它可能已经放弃，或者是别人的。")
    return found


def _brief(reading: BundleReading) -> dict[str, Any]:
    it = reading.definition
    return {"code": it.code, "name": it.name, "summary": it.summary, "digest": reading.version.digest}


def _materials(reading: BundleReading) -> list[dict[str, Any]]:
    return [
        {
            "slug": each.slug,
            "name": each.proof,
            "required": each.required,
            "commitment_ok": each.commitment_ok,
            "parts": [use.member.key for use in each.uses],
        }
        for each in reading.materials.asked
    ]


def submission_out(submission: BundleSubmission) -> dict[str, Any]:
    reading = reading_of(submission)
    there = handed_in(submission, reading.materials.asked)
    materials = _materials(reading) if submission.submitted_at is None else []
    parts = [
        {
            "key": each.part.key,
            "name": each.part.item.name,
            "case": each.case.number if each.case else None,
            "state": each.case.state
            if each.case
            else "dropped"
            if each.part.dropped_at or each.part.given_up
            else "draft"
            if each.owes_draft
            else "waiting",
            "reason": each.part.reason,
        }
        for each in (progress_of(submission, at=now()).parts if submission.submitted_at else [])
    ]
    return {
        "guid": submission.guid,
        "number": submission.number,
        "bundle": submission.version.code,
        "party": reading.party,
        "submitted_at": submission.submitted_at,
        "answers": reading.answers,
        "materials": materials,
        "handed_in": [each["slug"] for each in materials if each["name"] in there],
        "parts": parts,
    }


SUBMISSION = Exposed(_found, submission_out)
