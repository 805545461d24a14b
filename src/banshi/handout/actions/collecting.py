"""Collected: the receiver's identity compared, the signature kept, and the case delivered with its 送达回证."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction

from banshi.access import Allowed, Permission, authorize
from banshi.cases.actions import deliver
from banshi.cases.models import Case
from banshi.cases.sealing import APPLICANT, opened, seal
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.id_numbers import id_number_is_valid, mask_id, mask_name, plain_number
from banshi.events import emit
from banshi.files import keep
from banshi.handout.enums import DELIVERED_BY, HandOutState, HandOutWay
from banshi.handout.events import HANDED_OUT
from banshi.handout.models import HandOut
from banshi.handout.queries import locker_code_of
from banshi.ledger import Actor, record
from banshi.people.queries import account_of
from banshi.uploads.receiving import examined

RECEIVER, CODE_TRIES = "handout.receiver", 5


@dataclass(frozen=True, slots=True)
class Receiver:
    """A person at the counter, as their card says. `authority` is the paper by which one collects for another."""

    name: str
    number: str
    authority: UploadedFile | None = None


def held(hand_out: HandOut, states: Collection[HandOutState], *, by: Actor, at: datetime) -> tuple[HandOut, Allowed]:
    """Lock a result that one may hand out and that is where it is believed to be."""
    rows = HandOut.objects.select_for_update(of=("self",)).select_related("case__item", "organ", "case__organ")
    now = rows.get(pk=hand_out.pk)
    allowed = authorize(by, Permission.CASE_DELIVER, now, at=at)
    if now.state not in states:
        raise Conflict(f"这件结果{now.get_state_display()}", remedy="请刷新页面查看。")
    return now, allowed


@transaction.atomic
def collect(
    hand_out: HandOut, *, receiver: Receiver, signature: UploadedFile | None, by: Actor, at: datetime
) -> HandOut:
    """Hand a result out at the counter, to the person or to who collects for them."""
    now, by = held(hand_out, [HandOutState.SHELVED, HandOutState.IN_LOCKER], by=by, at=at)
    name, number = receiver.name.strip(), plain_number(receiver.number)
    applicant = opened(now.case.applicant_sealed, purpose=APPLICANT)
    own = plain_number(applicant.get("number", "")) == number
    if not id_number_is_valid(number) and not own:
        raise BadInput("领取人的证件号码不对", [Problem("请对照证件核对号码", field="number")])
    if own and name != applicant.get("name"):
        raise BadInput("姓名和申请时的不一样", [Problem("请对照证件核对姓名", field="name")])
    agent = now.case.agent_id is not None and number == _number_of(now.case)
    if not own and not agent and receiver.authority is None:
        raise BadInput(
            "领取人不是申请人",
            [Problem("证件号码和申请人的不一样", field="number")],
            remedy="代领的，请收下委托书的照片再交；单位的件由经办人带单位委托书领取。",
        )
    if signature is None:
        raise BadInput("领取人还没有签名", [Problem("请领取人在签名板上签名", field="signature")])
    now.receiver_sealed = seal({"name": name, "number": number}, purpose=RECEIVER)
    now.receiver_masked, now.as_agent = mask_name(name), not own
    now.handed_by = account_of(by)
    with examined([signature], title="签名") as picture:
        now.signature = keep(picture.file, name="签名.pdf", purpose="signature", organ=now.organ, by=by, at=at)
    if receiver.authority:
        with examined([receiver.authority], title="代领委托书") as paper:
            now.authority = keep(paper.file, name=paper.name, purpose="mandate", organ=now.organ, by=by, at=at)
    facts = {"number": mask_id(number), "agent": not own, "signature": now.signature.digest}
    return end_hand_out(now, HandOutWay.COUNTER, words="代领" if not own else "", facts=facts, by=by, at=at)


@transaction.atomic
def collect_together(
    hand_outs: Sequence[HandOut], *, receiver: Receiver, signature: UploadedFile | None, by: Actor, at: datetime
) -> list[HandOut]:
    """Hand several results of one person out by one look at the card and one signature: all or none."""
    for each in hand_outs:
        authorize(by, Permission.CASE_DELIVER, each, at=at)
    return [
        collect(
            each,
            receiver=replace(receiver, authority=_copy(receiver.authority)),
            signature=_copy(signature),
            by=by,
            at=at,
        )
        for each in hand_outs
    ]


def _copy(file: UploadedFile | None) -> UploadedFile | None:
    if file is None:
        return None
    file.seek(0)
    return SimpleUploadedFile(file.name or "", file.read(), file.content_type or "")


def _number_of(case: Case) -> str:
    """Open the number of who acts for the applicant, where they have registered one."""
    identity = getattr(case.agent, "identity", None)
    return plain_number(identity.opened("number")) if identity else ""


def end_hand_out(
    hand_out: HandOut, way: HandOutWay, *, words: str = "", facts: Mapping[str, object], by: Allowed, at: datetime
) -> HandOut:
    """End the way of a result, and deliver its case with the receipt."""
    hand_out.state, hand_out.way, hand_out.ended_at = HandOutState.DONE, way, at
    hand_out.locker_code_sealed = b""
    hand_out.save()
    record("handout.hand_out", hand_out, by=by, at=at, facts={"way": str(way), **facts})
    emit(HANDED_OUT, hand_out, by=by, at=at, way=str(way))
    deliver(hand_out.case, way=DELIVERED_BY[way], words=words, by=by, at=at)
    return hand_out


def collect_from_locker(hand_out: HandOut, *, code: str, by: Actor, at: datetime) -> HandOut:
    """Hand a result out of its box to whoever has the code, within five tries."""
    with transaction.atomic():
        now, by = held(hand_out, [HandOutState.IN_LOCKER], by=by, at=at)
        if now.locker_until is None or now.locker_until < at:
            raise Conflict("取件码已经过期", remedy="请到窗口凭身份证领取。")
        if now.locker_tries >= CODE_TRIES:
            raise Conflict(f"取件码输错了{CODE_TRIES}次，不能再用", remedy="请到窗口凭身份证领取。")
        if secrets.compare_digest(locker_code_of(now).encode(), code.strip().encode()):
            now.handed_by = account_of(by)
            words, facts = "凭取件码从取件柜领取", {"box": now.box}
            return end_hand_out(now, HandOutWay.LOCKER, words=words, facts=facts, by=by, at=at)
        now.locker_tries += 1
        now.save(update_fields=["locker_tries"])  # kept although it is refused
    raise BadInput("取件码不对", [Problem("请核对短信里的取件码", field="code")])
