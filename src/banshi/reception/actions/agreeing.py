"""Whoever fills in for somebody: whether they may, and how the person agrees to what stands in the form."""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from banshi.access import Allowed, Permission, authorize
from banshi.bundles.sealing import opened_answers
from banshi.cases.models import Case
from banshi.cases.sealing import ANSWERS, opened
from banshi.core.crypto import blind_index
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.ids import new_guid
from banshi.files import keep
from banshi.ledger import Actor, record
from banshi.outbox.actions import NewMessage, enqueue, queue_named
from banshi.people.queries import mobiles_of
from banshi.reception.enums import AgreedBy
from banshi.reception.models import BundleReception, Reception

CODE_MINUTES, CODE_TRIES, DIGITS = 10, 5, 6
SIGNATURE_AT_MOST = 300 * 1024
CODE, AGREED = "reception.code", "reception.agreed"
AtCounter = Reception | BundleReception
Held = TypeVar("Held", bound=AtCounter)


def allowed(reception: AtCounter, *, by: Actor, at: datetime) -> Allowed:
    """Ask whether one may act on it, by one's post at the counter or by the mandate."""
    if reception.mandate:
        return authorize(by, Permission.CASE_AGENT, reception.mandate, at=at)
    return authorize(by, Permission.CASE_RECEIVE, reception, at=at)


def held_reception(reception: Held) -> Held:
    """Lock a reception that has not been handed in."""
    model = reception.__class__
    of = "submission__version" if isinstance(reception, BundleReception) else "application__owner"
    rows = model.objects.select_for_update(of=("self",))
    now = rows.select_related(of, "mandate", "organ__division", "person").get(pk=reception.pk)
    if now.filled_in.submitted_at:
        if isinstance(now, BundleReception):
            number = now.submission.number
        else:
            number = Case.objects.get(application=now.application_id).number
        raise Conflict(f"这份申请已经收下，编号{number}", remedy="请刷新页面查看。")
    return cast(Held, now)


def typed_answers(reception: AtCounter) -> dict[str, Any]:
    """Open what was filled in so far."""
    if isinstance(reception, BundleReception):
        return dict(opened_answers(reception.submission))
    return dict(opened(reception.application.answers_sealed, purpose=ANSWERS))


def agreed_text(reception: AtCounter) -> str:
    """Compute the keyed digest of the answers that a person agrees to."""
    return blind_index(json.dumps(typed_answers(reception), ensure_ascii=False, sort_keys=True), purpose=AGREED)


def require_agreement(reception: AtCounter) -> None:
    """Raise BadInput where nobody agreed to what stands in the form now."""
    if reception.agreed_index != agreed_text(reception):
        words = "签名确认以后内容又改过" if reception.agreed_by else "申请人还没有签名或用验证码确认"
        raise BadInput(words, [Problem(words, field="agreed")], remedy="请申请人核对屏幕上的内容，再签名或报验证码。")


@transaction.atomic
def agree_by_signature(reception: Held, picture: UploadedFile, *, by: Actor, at: datetime) -> Held:
    """Keep the signature by which the person agrees to what stands in the form now."""
    now = held_reception(reception)
    by = allowed(now, by=by, at=at)
    if (picture.size or 0) > SIGNATURE_AT_MOST:
        raise BadInput("签名的图片太大", remedy="请清除后重新签名。")
    now.signature = keep(cast(Any, picture.file), name="签名.png", purpose="signature", organ=now.organ, by=by, at=at)
    if now.signature.media_type != "image/png":
        raise BadInput("签名不是图片", remedy="请清除后重新签名。")
    return _agree(now, AgreedBy.SIGNATURE, by, at)


def _agree(reception: Held, way: AgreedBy, by: Allowed, at: datetime) -> Held:
    reception.agreed_by, reception.agreed_at = way, at
    reception.agreed_index = agreed_text(reception)
    reception.save()
    facts = {"way": str(way), "answers": reception.agreed_index}
    facts |= {"signature": reception.signature.digest} if reception.signature else {}
    record("reception.agree", reception, by=by, at=at, facts=facts)
    return reception


@transaction.atomic
def send_code(reception: Held, *, by: Actor, at: datetime) -> Held:
    """Send a code to the person's own phone, by which they agree."""
    now = held_reception(reception)
    by = allowed(now, by=by, at=at)
    if not settings.SMS_ON:
        raise Conflict("没有开通短信", remedy="请申请人在签名板上签名。")
    if now.person_id not in mobiles_of([now.person_id]):
        raise Conflict("申请人没有登记手机号", remedy="请申请人在签名板上签名。")
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    now.code_digest = blind_index(f"{now.guid}{code}", purpose=CODE)
    now.code_expires_at, now.code_tries = at + timedelta(minutes=CODE_MINUTES), 0
    now.save(update_fields=["code_digest", "code_expires_at", "code_tries"])
    text = f"您正在窗口申请“{now.matter}”，核对内容后把验证码{code}告诉工作人员，{CODE_MINUTES}分钟内有效。不是您在办的，请不要告诉任何人。"
    enqueue(
        queue_named("sms"),
        [
            NewMessage(
                new_guid().hex,
                "窗口确认的验证码",
                {"text": text},
                recipient=now.person_id,
                lifetime=timedelta(minutes=CODE_MINUTES),
            )
        ],
        at=at,
    )
    record("reception.send_code", now, by=by, at=at)
    return now


def agree_by_code(reception: Held, code: str, *, by: Actor, at: datetime) -> Held:
    """Take the code the person reads out as their agreement to what stands in the form now."""
    with transaction.atomic():
        now = held_reception(reception)
        by = allowed(now, by=by, at=at)
        if not now.code_expires_at or now.code_expires_at < at or now.code_tries >= CODE_TRIES:
            raise Conflict("没有有效的验证码", remedy="请重新发送验证码，或请申请人签名。")
        right = secrets.compare_digest(now.code_digest, blind_index(f"{now.guid}{code.strip()}", purpose=CODE))
        if right:
            now.code_digest, now.code_expires_at = "", None
            return _agree(now, AgreedBy.CODE, by, at)
        now.code_tries += 1
        now.save(update_fields=["code_tries"])  # kept although it is refused
    raise BadInput("验证码不对", [Problem("验证码不对，请核对后再输", field="code")], remedy="请申请人再看一看短信。")
