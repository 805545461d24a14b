"""委托代办: whom one may act for and who may act for one, and applications begun under a mandate."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, Field

from banshi.access import Permission, is_beyond
from banshi.bundles.queries import bundle_named
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.core.id_numbers import mask_name, plain_number
from banshi.people.models import User
from banshi.reception import actions
from banshi.reception.models import Mandate
from banshi.sites.api import fields
from banshi.sites.api.authentication import AUTHENTICATED, caller
from banshi.sites.api.bundle_receptions import BundleReceptionOut, bundle_reception_out
from banshi.sites.api.case_schemas import StrictBody, text_field
from banshi.sites.api.counter import IN_BASE64, ReceptionOut, picture_in, receiving_clerk, reception_out
from banshi.sites.api.handling import FAILURES, WRITING, by_permission, item_in_use
from banshi.sites.api.writing import Exposed, idempotent

router = Router(tags=["窗口收件和出件"], auth=AUTHENTICATED)


class MandateOut(BaseModel):
    """一份委托。委托书和证件号码不在这里给出。"""

    guid: UUID = Field(title="编号")
    role: Literal["agent", "person"] = Field(title="我是代办人（agent）还是委托人（person）")
    person: str = Field(title="委托人（打码）")
    agent: str = Field(title="代办人")
    organ: str = Field(title="代办单位")
    matters: str = Field(title="委托办什么")
    since: date = Field(title="从哪一天起")
    until: date = Field(title="到哪一天")
    ended_at: datetime | None = Field(title="什么时候结束的；没有结束为 null")


class MandatePage(BaseModel):
    mandates: list[MandateOut] = Field(title="我受的和我给的委托")
    next: int | None = Field(None, title="下一页的 after；没有下一页为 null")


class MandateIn(StrictBody):
    number: str = Field(title="委托人的身份证号", min_length=1, max_length=40, pattern=r"^[^\u0000]*$")
    name: str = Field(title="委托人的姓名", min_length=1, max_length=80, pattern=r"^[^\u0000]*$")
    phone: str = text_field("委托人的手机", 20)
    matters: str = text_field("委托办什么，照委托书写", 300)
    until: fields.Day = Field(title="到哪一天，最长一年")
    paper: str = Field("", title="委托书的照片：base64", max_length=8_000_000, json_schema_extra=IN_BASE64)


class ForPersonIn(StrictBody):
    item: UUID = Field(title="事项编号")


class BundleForPersonIn(StrictBody):
    bundle: fields.Slug = Field(title="“一件事”的代号，见 /bundles")


@router.get("/mandates", response={200: MandatePage, **FAILURES}, summary="我受的和我给的委托")
def list_mandates(request: HttpRequest, after: fields.After = 0, limit: fields.Limit = 25) -> Any:
    """先登记的在前；结束了的也在。"""
    rows = list(_mine(request).filter(pk__gt=after).order_by("pk")[: limit + 1])
    page = rows[:limit]
    return {
        "mandates": [_out(request, each) for each in page],
        "next": page[-1].pk if len(rows) > len(page) else None,
    }


@router.post("/mandates", response={201: MandateOut, **WRITING}, summary="登记一份委托")
@idempotent
def take(request: HttpRequest, asked: MandateIn) -> Status[Any]:
    """由帮办代办员登录后登记：委托人的证件、委托书的照片、到哪一天。没有账号的委托人当场登记。"""
    who = by_permission(request, Permission.CASE_AGENT)
    made = actions.take_mandate(
        name=asked.name,
        number=plain_number(asked.number),
        phone=asked.phone,
        matters=asked.matters,
        until=asked.until,
        paper=picture_in(asked.paper, "paper", "委托书.jpg", "image/jpeg"),
        by=who,
        at=now(),
    )
    return Status(201, _out(request, _found(request, made.guid)))


@router.get("/mandates/{uuid:mandate}", response={200: MandateOut, **FAILURES}, summary="一份委托")
def show(request: HttpRequest, mandate: UUID) -> Any:
    return _out(request, _found(request, mandate))


@router.delete("/mandates/{uuid:mandate}", response={200: MandateOut, **WRITING}, summary="结束一份委托")
@idempotent
def end(request: HttpRequest, mandate: UUID) -> Status[Any]:
    """委托人和代办人都可以，马上生效；已经办的仍然有效。"""
    return Exposed(_found, lambda found: _out(request, found)).after(actions.end_mandate, request, mandate)


@router.post(
    "/mandates/{uuid:mandate}/receptions", response={201: ReceptionOut, **WRITING}, summary="替委托人开始一份申请"
)
@idempotent
def begin(request: HttpRequest, mandate: UUID, asked: ForPersonIn) -> Status[Any]:
    """以后和收件一样填写、上传、确认、提交，见 /receptions。"""
    held, clerk, item = _found(request, mandate), receiving_clerk(request), item_in_use(asked.item)
    who: dict[str, Any] = {"person": held.person, "mandate": held, "by": clerk, "at": now()}
    return Status(201, reception_out(actions.begin_reception(item, **who)))


@router.post(
    "/mandates/{uuid:mandate}/bundle-receptions",
    response={201: BundleReceptionOut, **WRITING},
    summary="替委托人开始一份一件事",
)
@idempotent
def begin_bundle(request: HttpRequest, mandate: UUID, asked: BundleForPersonIn) -> Status[Any]:
    """以后和一件事收件一样，见 /bundle-receptions。"""
    held, clerk = _found(request, mandate), receiving_clerk(request)
    who: dict[str, Any] = {"person": held.person, "mandate": held, "by": clerk, "at": now()}
    return Status(201, bundle_reception_out(actions.begin_bundle_reception(bundle_named(asked.bundle), **who)))


def _mine(request: HttpRequest) -> QuerySet[Mandate]:
    """List what one was given as an agent, and what one gave, as far as a token was lent either."""
    who, ones = caller(request), Q(pk__in=())
    if isinstance(who, User):
        ones |= Q() if is_beyond(who, Permission.CASE_AGENT) else Q(agent=who)
        ones |= Q() if is_beyond(who, Permission.CASE_APPLY) else Q(person=who)
    return Mandate.objects.filter(ones).select_related("person", "agent", "organ")


def _found(request: HttpRequest, guid: UUID) -> Mandate:
    found = _mine(request).filter(guid=guid).first()
    if found is None:
        raise Missing("没有这份委托", where=str(guid), remedy="您受的和您给的委托见 /mandates。")
    return found


def _out(request: HttpRequest, mandate: Mandate) -> dict[str, Any]:
    kept = ("guid", "matters", "since", "until", "ended_at")
    return {
        **{name: getattr(mandate, name) for name in kept},
        "role": "agent" if caller(request) == mandate.agent else "person",
        "person": mask_name(mandate.person.full_name),
        "agent": mandate.agent.full_name,
        "organ": mandate.organ.name,
    }
