"""Applications of the person behind the token, from a draft to the case."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status, UploadedFile

from banshi.cases import actions
from banshi.cases.enums import CaseChannel, PromiseKind
from banshi.cases.models import Application
from banshi.cases.queries import applications_of
from banshi.cases.sealing import ANSWERS as ANSWERS_SEALED
from banshi.cases.sealing import opened
from banshi.cases.steps import text_of
from banshi.catalog.queries import in_force_of
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.forms import data_contract, layout, schema_digest
from banshi.sites.api import fields
from banshi.sites.api.authentication import AUTHENTICATED, caller
from banshi.sites.api.case_schemas import (
    AnswersIn,
    ApplicationIn,
    ApplicationOut,
    ApplicationPage,
    CaseOut,
    Position,
    application_out,
    case_out,
)
from banshi.sites.api.errors import COMMON, ProblemDetails
from banshi.sites.api.handling import FAILURES, WRITING, by_permission, item_in_use
from banshi.sites.api.writing import Exposed, idempotent

router = Router(tags=["申请"], auth=AUTHENTICATED)
open_router = Router(tags=["申请"])


@open_router.get(
    "/items/{uuid:guid}/form",
    response={200: dict[str, Any], 304: None, COMMON: ProblemDetails},
    summary="要填的表",
)
def show_form(request: HttpRequest, guid: UUID) -> Any:
    """schema 是 JSON Schema 2020-12，layout 是 JSON Forms 的 UI schema，digest 是这一版表的摘要。"""
    publication = in_force_of(guid)
    if publication is None:
        raise Missing("没有这个事项", remedy="它可能已经不在用。")
    asked = text_of(publication).form
    return {"schema": data_contract(asked), "layout": layout(asked), "digest": schema_digest(asked)}


@router.get("/applications", response={200: ApplicationPage, **FAILURES}, summary="我的申请")
def list_applications(request: HttpRequest, after: fields.After = 0, limit: fields.Limit = 25) -> Any:
    """草稿和提交过的，先开始的在前。"""
    rows = list(_mine(request).filter(pk__gt=after).order_by("pk")[: limit + 1])
    page = rows[:limit]
    return {"applications": [_out(each) for each in page], "next": page[-1].pk if len(rows) > len(page) else None}


@router.post("/applications", response={201: ApplicationOut, **WRITING}, summary="开始一份申请")
@idempotent
def start(request: HttpRequest, asked: ApplicationIn) -> Status[Any]:
    """开始一份草稿。提交以前随时可以改，过期自动放弃。"""
    made = actions.start_application(item_in_use(asked.item), channel=CaseChannel.SYSTEM, by=caller(request), at=now())
    return Status(201, _out(_found(request, made.guid)))


@router.get("/applications/{uuid:guid}", response={200: ApplicationOut, **FAILURES}, summary="一份申请")
def show(request: HttpRequest, guid: UUID) -> Any:
    return _out(_found(request, guid))


@router.patch("/applications/{uuid:guid}", response={200: ApplicationOut, **WRITING}, summary="保存填写的内容")
@idempotent
def save(request: HttpRequest, guid: UUID, asked: AnswersIn) -> Status[Any]:
    """给出的几项存进去，别的不变。填得不对也先存着，提交时才检查。"""
    return APPLICATION.after(actions.save_answers, request, guid, asked.answers)


@router.post(
    "/applications/{uuid:guid}/materials/{int:position}",
    response={201: ApplicationOut, **WRITING},
    summary="上传一项材料",
)
@idempotent
def hand_in(request: HttpRequest, guid: UUID, position: Position, files: list[UploadedFile]) -> Status[Any]:
    """multipart/form-data，照片和 PDF 可以有几个，按先后合成一份 PDF。再传一次就换掉原来的。补正、承诺补交的也从这里交。"""
    return APPLICATION.after(actions.hand_in, request, guid, position, files, status=201)


@router.delete(
    "/applications/{uuid:guid}/materials/{int:position}",
    response={200: ApplicationOut, **WRITING},
    summary="拿走一项材料",
)
@idempotent
def take_away(request: HttpRequest, guid: UUID, position: Position) -> Status[Any]:
    """提交以前可以拿走。"""
    return APPLICATION.after(actions.remove_material, request, guid, position)


@router.put(
    "/applications/{uuid:guid}/materials/{int:position}/commitment",
    response={201: ApplicationOut, **WRITING},
    summary="承诺代替一项材料",
)
@idempotent
def commit(request: HttpRequest, guid: UUID, position: Position) -> Status[Any]:
    """告知承诺：指南写明可以承诺的材料才行，要先让申请人看完承诺书。"""
    return APPLICATION.after(actions.commit, request, guid, position, status=201)


@router.delete(
    "/applications/{uuid:guid}/materials/{int:position}/commitment",
    response={200: ApplicationOut, **WRITING},
    summary="收回一项承诺",
)
@idempotent
def withdraw_commitment(request: HttpRequest, guid: UUID, position: Position) -> Status[Any]:
    """作出决定以前可以收回，收回以后要交材料。"""
    found = _found(request, guid)
    promise = found.promises.filter(position=position, kind=PromiseKind.COMMITMENT, ending="").first()
    if promise is None:
        raise Missing("这一项没有承诺", where=str(position), remedy="承诺过的见申请的 commitments。")
    actions.withdraw_commitment(promise, by=caller(request), at=now())
    return Status(200, _out(_found(request, guid)))


@router.delete("/applications/{uuid:guid}", response={200: ApplicationOut, **WRITING}, summary="放弃一份草稿")
@idempotent
def discard(request: HttpRequest, guid: UUID) -> Status[Any]:
    found = _found(request, guid)
    told = _out(found)
    actions.discard_application(found, by=caller(request), at=now())
    return Status(200, told)


@router.post("/applications/{uuid:guid}/adopt", response={200: ApplicationOut, **WRITING}, summary="改按新的指南接着填")
@idempotent
def adopt(request: HttpRequest, guid: UUID) -> Status[Any]:
    """填写期间指南改过的，提交答 409；改按新的以后，填过的和名称相同的材料都还在。"""
    return APPLICATION.after(actions.adopt_publication, request, guid)


@router.post("/applications/{uuid:guid}/submit", response={201: CaseOut, **WRITING}, summary="提交")
@idempotent
def submit(request: HttpRequest, guid: UUID) -> Status[Any]:
    """提交以后就是办件。同一份申请提交几次也只有一个办件。"""
    found = _found(request, guid)
    return Status(201, case_out(actions.submit(found, key=found.key, by=caller(request), at=now())))


def _mine(request: HttpRequest) -> Any:
    who = by_permission(request, "case.apply")
    return applications_of(who).select_related("publication__item", "case").prefetch_related("materials", "promises")


def _found(request: HttpRequest, guid: UUID) -> Application:
    found: Application | None = _mine(request).filter(guid=guid).first()
    if found is None:
        raise Missing("没有这份申请", where=str(guid), remedy="它可能已经放弃，或者是别人的。")
    return found


def _out(application: Application) -> dict[str, Any]:
    return application_out(application, opened(application.answers_sealed, purpose=ANSWERS_SEALED))


APPLICATION = Exposed(_found, _out)
