"""The counter: applications received on behalf of whoever stands there, and results handed out."""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from ninja import Router, Status, UploadedFile
from pydantic import BaseModel, Field
from pydantic.config import JsonDict

from banshi.access import Permission
from banshi.cases.queries import asked_of, cases_visible_to, lacking
from banshi.cases.sealing import ANSWERS, opened
from banshi.core.clock import now
from banshi.core.errors import BadInput, Missing, Problem, Refused
from banshi.core.id_numbers import plain_number, uscc_is_valid
from banshi.handout import actions as handing_out
from banshi.handout.enums import HandOutState, HandOutWay
from banshi.handout.express import Waybill
from banshi.handout.models import HandOut
from banshi.handout.queries import hand_outs_visible_to, waiting
from banshi.people.actions import register_at_counter
from banshi.people.enums import CitizenKind
from banshi.people.models import User
from banshi.reception import actions
from banshi.reception.actions.agreeing import AtCounter, agreed_text
from banshi.reception.enums import HandInAs
from banshi.reception.models import Reception
from banshi.reception.queries import receptions_visible_to
from banshi.sites.api import fields
from banshi.sites.api.authentication import AUTHENTICATED
from banshi.sites.api.case_schemas import CaseOut, Position, StrictBody, case_out, text_field
from banshi.sites.api.handling import FAILURES, WRITING, by_permission, item_in_use
from banshi.sites.api.writing import Exposed, idempotent
from banshi.window.models import Ticket

router = Router(tags=["窗口收件和出件"], auth=AUTHENTICATED)
IN_BASE64: JsonDict = {
    "contentEncoding": "base64"
}  # a pattern over millions of characters would cost readers their memory
Picture = Field("", title="签名的图片：PNG，base64", max_length=600_000, json_schema_extra=IN_BASE64)


class HandOutOut(BaseModel):
    """一件结果在哪里。取件码、地址和领取人的号码不在这里给出。"""

    id: int = Field(title="编号")
    case: str = Field(title="办件编号")
    state: HandOutState = Field(title="状态")
    way: HandOutWay = Field(title="领取方式")
    place: str = Field(title="架位")
    box: str = Field(title="取件柜的格口")
    carrier: str = Field(title="快递公司")
    tracking: str = Field(title="快递单号")
    shelved_at: datetime = Field(title="上架时间")
    receiver: str = Field(title="领取人（打码）")
    ended_at: datetime | None = Field(title="领取时间")


class HandOutPage(BaseModel):
    hand_outs: list[HandOutOut] = Field(title="没有领的结果")
    next: int | None = Field(None, title="下一页的 after；没有下一页为 null")


class ShelveIn(StrictBody):
    place: str = Field(title="架位，如 A-03", min_length=1, max_length=30, pattern=r"^[^\u0000]*$")


class HandOutActIn(StrictBody):
    """要办的和它要写的内容；别的用不着的留空。"""

    act: Literal["collect", "express", "tracking", "locker", "opened", "take_back"] = Field(
        title="窗口领取、叫快递、登记自己寄的快递、放进取件柜、凭码取走、收回到架上"
    )
    name: str = text_field("领取人姓名（领取）", 80)
    number: str = text_field("领取人证件号码（领取）", 40)
    signature: str = Picture
    authority: str = Field("", title="代领委托书的照片：base64", max_length=8_000_000, json_schema_extra=IN_BASE64)
    address: str = text_field("收件地址（快递）", 200)
    phone: str = text_field("收件人手机（快递）；不写用申请时的", 20)
    carrier: str = text_field("快递公司（登记）", 60)
    tracking: str = text_field("快递单号（登记）", 60)
    box: str = text_field("格口（取件柜）", 30)
    code: str = text_field("取件码（凭码取走）", 20)
    place: str = text_field("架位（收回）", 30)


class ReceptionOut(BaseModel):
    """替到场的人填的一份申请。"""

    guid: UUID = Field(title="编号")
    item: UUID = Field(title="事项编号")
    item_name: str = Field(title="事项名称")
    answers: dict[str, Any] = Field(title="填写的内容，按 /items/{guid}/form 的 schema")
    missing: list[str] = Field(title="还缺的材料")
    agreed: bool = Field(title="申请人确认了现在的内容")
    case: str | None = Field(title="办件编号；没有交为 null")


class CardIn(StrictBody):
    number: str = Field(title="证件号码或统一社会信用代码", min_length=1, max_length=40, pattern=r"^[^\u0000]*$")
    name: str = Field(title="姓名或单位名称", min_length=1, max_length=80, pattern=r"^[^\u0000]*$")
    phone: str = text_field("手机", 20)
    ticket: UUID | None = Field(None, title="从哪个号来的")


class ReceptionIn(CardIn):
    item: UUID = Field(title="事项编号")


class TypedIn(StrictBody):
    answers: dict[str, Any] = Field(title="填写的内容，和已保存的合并")
    originals: list[Position] | None = Field(
        None, title="当面核对了原件的是清单里哪几项，从0起；不写不变", max_length=200
    )


class AgreementIn(StrictBody):
    way: Literal["signature", "send_code", "code"] = Field(title="签名、发验证码、报验证码")
    signature: str = Picture
    code: str = text_field("验证码", 10)


class HandInIn(StrictBody):
    then: HandInAs = Field(HandInAs.RECEIVE, title="收件、受理、一次性告知缺什么、容缺受理")
    until: fields.Day | None = Field(None, title="补交的最后一天（容缺受理）")


@router.post("/receptions", response={201: ReceptionOut, **WRITING}, summary="替到场的人开始一份申请")
@idempotent
def begin(request: HttpRequest, asked: ReceptionIn) -> Status[Any]:
    """由窗口工作人员登录后办，和收件页一样：没有账号的人当场登记，证件上有的内容自动填好。"""
    clerk, at = receiving_clerk(request), now()
    item = item_in_use(asked.item)
    who = person_and_ticket(asked, clerk, at=at)
    made = actions.begin_reception(item, **who, by=clerk, at=at)
    return Status(201, reception_out(_reception(request, made.guid)))


@router.get("/receptions/{uuid:reception}", response={200: ReceptionOut, **FAILURES}, summary="一份收件")
def show_reception(request: HttpRequest, reception: UUID) -> Any:
    return reception_out(_reception(request, reception))


@router.patch("/receptions/{uuid:reception}", response={200: ReceptionOut, **WRITING}, summary="保存收件填写的内容")
@idempotent
def keep_typed(request: HttpRequest, reception: UUID, asked: TypedIn) -> Status[Any]:
    """对不对都先存着，交的时候才检查。"""
    return RECEPTION.after(actions.keep_typed, request, reception, answers=asked.answers, originals=asked.originals)


@router.post(
    "/receptions/{uuid:reception}/materials/{int:position}",
    response={201: ReceptionOut, **WRITING},
    summary="上传一项材料的扫描件",
)
@idempotent
def attach_scan(request: HttpRequest, reception: UUID, position: Position, files: list[UploadedFile]) -> Status[Any]:
    """multipart/form-data，照片和 PDF 可以有几个，按先后合成一份。"""
    act = actions.attach_scan
    return RECEPTION.after(act, request, reception, position, files, status=201, original_seen=False)


@router.post("/receptions/{uuid:reception}/agreement", response={200: ReceptionOut, **WRITING}, summary="申请人确认")
@idempotent
def agree(request: HttpRequest, reception: UUID, asked: AgreementIn) -> Status[Any]:
    """申请人看过现在的内容，签名，或者报发到手机的验证码。以后又改了内容的要再确认。"""
    return RECEPTION.after(take_agreement, request, reception, asked)


@router.post("/receptions/{uuid:reception}/adopt", response={200: ReceptionOut, **WRITING}, summary="收件改按新的指南")
@idempotent
def adopt(request: HttpRequest, reception: UUID) -> Status[Any]:
    """填写期间指南改过的，收下答 409；改按新的，填过的都还在。"""
    return RECEPTION.after(actions.take_up_changes, request, reception)


@router.post("/receptions/{uuid:reception}/hand-in", response={201: CaseOut, **WRITING}, summary="收下一份申请")
@idempotent
def hand_in(request: HttpRequest, reception: UUID, asked: HandInIn) -> Status[Any]:
    """收下以后就是办件；同时可以受理、一次性告知、容缺受理。"""
    found = _reception(request, reception)
    case = actions.hand_in(found, then=asked.then, until=asked.until, by=receiving_clerk(request), at=now())
    return Status(201, case_out(case))


@router.get("/hand-outs", response={200: HandOutPage, **FAILURES}, summary="没有领的结果")
def list_hand_outs(request: HttpRequest, after: fields.After = 0, limit: fields.Limit = 25) -> Any:
    """先上架的在前。"""
    found = waiting(by_permission(request, Permission.CASE_DELIVER), at=now()).filter(pk__gt=after).order_by("pk")
    rows = list(found[: limit + 1])
    page = rows[:limit]
    return {
        "hand_outs": [_hand_out_out(each) for each in page],
        "next": page[-1].pk if len(rows) > len(page) else None,
    }


@router.post("/cases/{number}/hand-out", response={201: HandOutOut, **WRITING}, summary="结果上架")
@idempotent
def shelve(request: HttpRequest, number: fields.CaseNumber, asked: ShelveIn) -> Status[Any]:
    """放上架，通知申请人来领。"""
    who = by_permission(request, Permission.CASE_DELIVER)
    case = cases_visible_to(who, at=now()).filter(number=number).first()
    if case is None:
        raise Missing("没有这个办件", where=number, remedy="它可能由别的单位办理。")
    made = handing_out.shelve(case, place=asked.place, by=who, at=now())
    return Status(201, _hand_out_out(_hand_out(request, made.pk)))


@router.get("/hand-outs/{int:id}", response={200: HandOutOut, **FAILURES}, summary="一件结果")
def show_hand_out(request: HttpRequest, id: fields.Number) -> Any:
    return _hand_out_out(_hand_out(request, id))


@router.post("/hand-outs/{int:id}/acts", response={200: HandOutOut, **WRITING}, summary="出件")
@idempotent
def act_on_hand_out(request: HttpRequest, id: fields.Number, asked: HandOutActIn) -> Status[Any]:
    """领取、寄出、放进取件柜、凭码取走、收回。领取和取走以后，办件就送达了，有送达回证。"""
    return HAND_OUT.after(ACTS[asked.act], request, id, asked)


def collect(out: HandOut, asked: HandOutActIn, **who: Any) -> None:
    """Hand out to whoever stands there."""
    authority = picture_in(asked.authority, "authority", "代领委托书.jpg", "image/jpeg")
    receiver = handing_out.Receiver(asked.name, asked.number, authority)
    handing_out.collect(out, receiver=receiver, signature=picture_in(asked.signature, "signature"), **who)


ACTS: dict[str, Callable[..., Any]] = {
    "collect": collect,
    "express": lambda out, asked, **who: handing_out.send_by_express(
        out, address=asked.address, phone=asked.phone, **who
    ),
    "tracking": lambda out, asked, **who: handing_out.write_tracking(
        out, bill=Waybill(asked.carrier, asked.tracking), address=asked.address, **who
    ),
    "locker": lambda out, asked, **who: handing_out.put_in_locker(out, box=asked.box, **who),
    "opened": lambda out, asked, **who: handing_out.collect_from_locker(out, code=asked.code, **who),
    "take_back": lambda out, asked, **who: handing_out.take_back(out, place=asked.place, **who),
}


def person_and_ticket(card: CardIn, clerk: User, *, at: datetime) -> dict[str, Any]:
    """Find or register whoever stands there by the card, with the ticket they were called by."""
    number = plain_number(card.number)
    kind = CitizenKind.COMPANY if uscc_is_valid(number) else CitizenKind.PERSON
    person = register_at_counter(kind=kind, name=card.name, number=number, phone=card.phone, by=clerk, at=at).user
    ticket = Ticket.objects.filter(guid=card.ticket, clerk=clerk).first() if card.ticket else None
    return {"person": person, "ticket": ticket, "phone": card.phone}


def take_agreement(reception: AtCounter, asked: AgreementIn, **who: Any) -> None:
    match asked.way:
        case "signature":
            actions.agree_by_signature(reception, _required_picture(asked.signature), **who)
        case "send_code":
            actions.send_code(reception, **who)
        case "code":
            actions.agree_by_code(reception, asked.code, **who)


def receiving_clerk(request: HttpRequest) -> User:
    who = by_permission(request, Permission.CASE_RECEIVE)
    if not isinstance(who, User):
        raise Refused("收件要由人办", remedy="请由窗口工作人员登录后办理。")
    return who


def _reception(request: HttpRequest, guid: UUID) -> Reception:
    found = receptions_visible_to(receiving_clerk(request), at=now()).filter(guid=guid).first()
    if found is None:
        raise Missing("没有这份收件", where=str(guid), remedy="它可能由别的单位收下。")
    return found


def _hand_out(request: HttpRequest, pk: int) -> HandOut:
    found = hand_outs_visible_to(by_permission(request, Permission.CASE_DELIVER), at=now()).filter(pk=pk).first()
    if found is None:
        raise Missing("没有这件结果", where=str(pk), remedy="它可能由别的单位出件。没有领的见 /hand-outs。")
    return found


def picture_in(text: str, field: str, name: str = "签名.png", kind: str = "image/png") -> SimpleUploadedFile | None:
    if not text:
        return None
    try:
        return SimpleUploadedFile(name, base64.b64decode(text, validate=True), kind)
    except ValueError:
        raise BadInput("图片读不懂", [Problem("不是有效的 base64", field=field)]) from None


def _required_picture(text: str) -> SimpleUploadedFile:
    picture = picture_in(text, "signature")
    if picture is None:
        raise BadInput("没有签名", [Problem("请附上签名的图片", field="signature")])
    return picture


def reception_out(reception: Reception) -> dict[str, Any]:
    application = reception.application
    case = getattr(application, "case", None)
    item = application.publication.item
    asked = asked_of(application)
    return {
        "guid": reception.guid,
        "item": item.guid,
        "item_name": item.name,
        "answers": opened(application.answers_sealed, purpose=ANSWERS),
        "missing": [asked[each.position].name for each in lacking(application)],
        "agreed": bool(reception.agreed_by) and reception.agreed_index == agreed_text(reception),
        "case": case and case.number,
    }


def _hand_out_out(out: HandOut) -> dict[str, Any]:
    kept = ("id", "state", "way", "place", "box", "carrier", "tracking", "shelved_at", "ended_at")
    return {
        **{name: getattr(out, name) for name in kept},
        "case": out.case.number,
        "receiver": out.receiver_masked,
    }


RECEPTION = Exposed(_reception, reception_out)
HAND_OUT = Exposed(_hand_out, _hand_out_out)
