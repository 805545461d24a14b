"""An application taken in for the person at the counter: filled in, agreed to, handed in, and accepted on the spot."""

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from banshi.access import Allowed, Permission, authorize
from banshi.cases.actions import (
    Wanted,
    accept,
    agree_to_deferral,
    attach_material,
    discard_application,
    offer_deferral,
    remove_material,
    request_supplement,
    save_answers,
    start_application,
    submit,
)
from banshi.cases.actions import hand_in as hand_in_files
from banshi.cases.enums import CaseChannel, MaterialTrust
from banshi.cases.models import Application, Case, CaseMaterial
from banshi.cases.queries import asked_of, lacking
from banshi.cases.sealing import ANSWERS, opened
from banshi.cases.steps import guide_of, text_of
from banshi.catalog.models import Item
from banshi.core.clock import day_of
from banshi.core.crypto import blind_index
from banshi.core.errors import BadInput, Conflict, Problem, Refused
from banshi.core.id_numbers import birth_date, id_number_is_valid
from banshi.core.ids import new_guid
from banshi.events import emit
from banshi.files import keep
from banshi.forms import Prefill, answer_problems, without_hidden
from banshi.forms.standard import AS, ApplyingAs
from banshi.ledger import Actor, record
from banshi.outbox.actions import NewMessage, enqueue, queue_named
from banshi.papers.models import Paper
from banshi.people.actions import look_at_identity
from banshi.people.enums import CitizenKind
from banshi.people.models import User
from banshi.people.queries import account_of, identity_of, mobiles_of
from banshi.reception.enums import AgreedBy, HandInAs
from banshi.reception.events import RECEIVED
from banshi.reception.models import HomeVisit, Mandate, Reception
from banshi.reception.queries import is_distant, may_be_received_at, office_at_counter
from banshi.window.models import Ticket

LOOK = "窗口收件时填入证件上的信息"
ORIGINAL = "纸质原件，已当面核对"
CODE_MINUTES, CODE_TRIES, DIGITS = 10, 5, 6
SIGNATURE_AT_MOST = 300 * 1024
CODE, AGREED = "reception.code", "reception.agreed"


@transaction.atomic
def begin_reception(
    item: Item,
    *,
    person: User,
    mandate: Mandate | None = None,
    visit: HomeVisit | None = None,
    ticket: Ticket | None = None,
    by: Actor,
    at: datetime,
) -> Reception:
    """Begin to fill in an application for somebody, for one's office or under a mandate of theirs."""
    clerk = account_of(by)
    assert clerk is not None
    if clerk.pk == person.pk:
        raise Refused("不能给自己收件", remedy="请由同事收件，或用个人账号在网上办。")
    organ = mandate.organ if mandate else office_at_counter(clerk, at=at)
    if organ is None or (mandate and mandate.person_id != person.pk):
        raise Refused("您没有收件的权限", remedy="如果工作需要，请联系本单位负责人或系统管理员开通。")
    reception = Reception(person=person, organ=organ, clerk=clerk, mandate=mandate, ticket=ticket, began_at=at)
    by = _allowed(reception, by, at)
    application = start_application(
        item,
        owner=person,
        agent=clerk if mandate else None,
        channel=CaseChannel.ONLINE if mandate else CaseChannel.WINDOW,
        by=by,
        at=at,
    )
    reach = str(guide_of(application.publication).reach or "")
    if not mandate and not may_be_received_at(organ, item.organ, reach):
        raise Conflict(
            f"“{item}”由{item.organ}办理，不在{organ.division}的通办范围",
            remedy="请申请人在网上办，或到办理地的窗口；指南写明跨域通办的才能异地收件。",
        )
    reception.application = application
    reception.save(force_insert=True)
    if visit:
        HomeVisit.objects.filter(pk=visit.pk, person=person, item=item).update(reception=reception)
    if known := _known_answers(application, by, at):
        save_answers(application, known, by=by, at=at)
    facts = {"application": application.pk, "person": person.pk, "organ": organ.pk, "mandate": mandate and mandate.pk}
    record("reception.begin", reception, by=by, at=at, facts=facts)
    return reception


def _known_answers(application: Application, by: Allowed, at: datetime) -> dict[str, Any]:
    """Fill in what the card has told, each look at it on the record."""
    identity = identity_of(application.owner)
    if identity is None:
        return {}
    known = {
        each: look_at_identity(identity, field=each, reason=LOOK, by=by, at=at) for each in ("name", "number", "phone")
    }
    person = identity.kind == CitizenKind.PERSON
    sources: dict[Prefill | None, str] = {
        (Prefill.PERSON_NAME if person else Prefill.COMPANY_NAME): known["name"],
        (Prefill.PERSON_NUMBER if person else Prefill.COMPANY_CODE): known["number"],
        Prefill.PHONE: known["phone"],
    }
    if person and id_number_is_valid(known["number"]):
        sources[Prefill.PERSON_BIRTH] = birth_date(known["number"]).isoformat()
        sources[Prefill.PERSON_SEX] = "男" if int(known["number"][16]) % 2 else "女"
    form = text_of(application.publication).form
    answers = {each.key: sources[each.prefill] for each in form if sources.get(each.prefill)}
    way = (ApplyingAs.SELF if person else ApplyingAs.COMPANY).label
    asked = any(each.key == AS and way in each.choices for each in form)
    return {**answers, AS: way} if asked else answers


def _allowed(reception: Reception, by: Actor, at: datetime) -> Allowed:
    """Ask whether one may act on it, by one's post at the counter or by the mandate."""
    if reception.mandate:
        return authorize(by, Permission.CASE_AGENT, reception.mandate, at=at)
    return authorize(by, Permission.CASE_RECEIVE, reception, at=at)


def held_reception(reception: Reception) -> Reception:
    """Lock a reception that has not been handed in."""
    rows = Reception.objects.select_for_update(of=("self",))
    now = rows.select_related("application__owner", "mandate", "organ__division", "person").get(pk=reception.pk)
    if now.application.submitted_at:
        case = Case.objects.get(application=now.application_id)
        raise Conflict(f"这份申请已经收下，编号{case.number}", remedy="请刷新页面查看。")
    return now


@transaction.atomic
def keep_typed(
    reception: Reception,
    *,
    answers: Mapping[str, Any],
    originals: Collection[int] | None = None,
    by: Actor,
    at: datetime,
) -> Reception:
    """Keep what was typed, right or wrong, and which originals were seen and checked."""
    now = held_reception(reception)
    by = _allowed(now, by, at)
    application = save_answers(now.application, answers, by=by, at=at)
    if originals is None:
        return now
    there = {each.position: each for each in application.materials.filter(replaced_at=None)}
    for position, material in enumerate(asked_of(application)):
        given = there.get(position)
        if position in originals and not material.shared and (given is None or given.trust != MaterialTrust.B):
            stored, source = (given.file, given.source) if given else (None, ORIGINAL)
            attach_material(application, position, stored, source=source, trust=MaterialTrust.B, by=by, at=at)
        elif position not in originals and given and given.trust == MaterialTrust.B:
            if given.file:
                attach_material(application, position, given.file, by=by, at=at)
            else:
                remove_material(application, position, by=by, at=at)
    return now


def attach_scan(
    reception: Reception, position: int, files: Sequence[UploadedFile], *, original_seen: bool, by: Actor, at: datetime
) -> CaseMaterial:
    """Attach the scan of a paper, of a higher trust where the original was seen and checked."""
    by = _allowed(reception, by, at)
    material = hand_in_files(reception.application, position, files, by=by, at=at)
    if not original_seen:
        return material
    return attach_material(reception.application, position, material.file, trust=MaterialTrust.B, by=by, at=at)


def agreed_text(application: Application) -> str:
    """Compute the keyed digest of the answers that a person agrees to."""
    answers = opened(application.answers_sealed, purpose=ANSWERS)
    return blind_index(json.dumps(answers, ensure_ascii=False, sort_keys=True), purpose=AGREED)


@transaction.atomic
def agree_by_signature(reception: Reception, picture: UploadedFile, *, by: Actor, at: datetime) -> Reception:
    """Keep the signature by which the person agrees to what stands in the form now."""
    now = held_reception(reception)
    by = _allowed(now, by, at)
    if (picture.size or 0) > SIGNATURE_AT_MOST:
        raise BadInput("签名的图片太大", remedy="请清除后重新签名。")
    now.signature = keep(cast(Any, picture.file), name="签名.png", purpose="signature", organ=now.organ, by=by, at=at)
    if now.signature.media_type != "image/png":
        raise BadInput("签名不是图片", remedy="请清除后重新签名。")
    return _agree(now, AgreedBy.SIGNATURE, by, at)


def _agree(reception: Reception, way: AgreedBy, by: Allowed, at: datetime) -> Reception:
    reception.agreed_by, reception.agreed_at = way, at
    reception.agreed_index = agreed_text(reception.application)
    reception.save()
    facts = {"way": str(way), "answers": reception.agreed_index}
    facts |= {"signature": reception.signature.digest} if reception.signature else {}
    record("reception.agree", reception, by=by, at=at, facts=facts)
    return reception


@transaction.atomic
def send_code(reception: Reception, *, by: Actor, at: datetime) -> Reception:
    """Send a code to the person's own phone, by which they agree."""
    now = held_reception(reception)
    by = _allowed(now, by, at)
    if not settings.SMS_ON:
        raise Conflict("没有开通短信", remedy="请申请人在签名板上签名。")
    if now.person_id not in mobiles_of([now.person_id]):
        raise Conflict("申请人没有登记手机号", remedy="请申请人在签名板上签名。")
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    now.code_digest = blind_index(f"{now.guid}{code}", purpose=CODE)
    now.code_expires_at, now.code_tries = at + timedelta(minutes=CODE_MINUTES), 0
    now.save(update_fields=["code_digest", "code_expires_at", "code_tries"])
    item = now.application.publication.item
    text = f"您正在窗口申请“{item}”，核对内容后把验证码{code}告诉工作人员，{CODE_MINUTES}分钟内有效。不是您在办的，请不要告诉任何人。"
    enqueue(
        queue_named("sms"),
        [NewMessage(new_guid().hex, "窗口确认的验证码", {"text": text}, recipient=now.person_id)],
        at=at,
    )
    record("reception.send_code", now, by=by, at=at)
    return now


def agree_by_code(reception: Reception, code: str, *, by: Actor, at: datetime) -> Reception:
    """Take the code the person reads out as their agreement to what stands in the form now."""
    with transaction.atomic():
        now = held_reception(reception)
        by = _allowed(now, by, at)
        if not now.code_expires_at or now.code_expires_at < at or now.code_tries >= CODE_TRIES:
            raise Conflict("没有有效的验证码", remedy="请重新发送验证码，或请申请人签名。")
        right = secrets.compare_digest(now.code_digest, blind_index(f"{now.guid}{code.strip()}", purpose=CODE))
        if right:
            now.code_digest, now.code_expires_at = "", None
            return _agree(now, AgreedBy.CODE, by, at)
        now.code_tries += 1
        now.save(update_fields=["code_tries"])  # kept although it is refused
    raise BadInput("验证码不对", [Problem("验证码不对，请核对后再输", field="code")], remedy="请申请人再看一看短信。")


@transaction.atomic
def hand_in(
    reception: Reception, *, then: str = HandInAs.RECEIVE, until: date | None = None, by: Actor, at: datetime
) -> Case:
    """Hand in what the person has agreed to, by the rules of online, and do at once what the counter may do.

    Accepts, asks for what lacks (一次性告知), or accepts with minor papers promised by `until` (容缺).
    """
    now = held_reception(reception)
    by = _allowed(now, by, at)
    application, way = now.application, HandInAs(then)
    text = text_of(application.publication)
    answers = without_hidden(text.form, opened(application.answers_sealed, purpose=ANSWERS))
    if wrong := answer_problems(text.form, answers, on=day_of(at)):
        raise BadInput("有几处还没有填好", wrong, remedy="请照每一处的说明改好。")
    if now.agreed_index != agreed_text(application):
        words = "签名确认以后内容又改过" if now.agreed_by else "申请人还没有签名或用验证码确认"
        raise BadInput(words, [Problem(words, field="agreed")], remedy="请申请人核对屏幕上的内容，再签名或报验证码。")
    missing = lacking(application)
    item = application.publication.item
    distant = is_distant(now.organ, item.organ)
    if missing and (distant or now.mandate or way in (HandInAs.ACCEPT, HandInAs.RECEIVE)):
        absent = [Problem(f"还没有交“{each.name}”", field=f"materials.{each.position}") for each in missing]
        raise BadInput("还缺材料", absent, remedy="请一次性告知缺什么；写明可以容缺的，可以容缺受理。")
    if (distant or now.mandate) and way is not HandInAs.RECEIVE:
        raise Refused(f"由{item.organ}受理，这里只收件", remedy="请按“收件”，材料会转给承办单位。")
    case = submit(application, key=application.key, by=by, at=at)
    if way is HandInAs.SUPPLEMENT:
        wanted = [Wanted("没有带来", position=each.position) for each in missing]
        case = request_supplement(case, wanted=wanted, words="窗口一次性告知", by=by, at=at)
    elif way is HandInAs.DEFER:
        if until is None:
            raise BadInput("没有写补交的最后一天", [Problem("请写补交的最后一天", field="until")])
        offer_deferral(case, positions=[each.position for each in missing], until=until, by=by, at=at)
        case = accept(agree_to_deferral(case, by=by, at=at), by=by, at=at)
    elif way is HandInAs.ACCEPT:
        case = accept(case, by=by, at=at)
    facts = {"case": case.pk, "then": str(way), "answers": now.agreed_index, "mandate": now.mandate_id}
    record("reception.hand_in", now, by=by, at=at, facts=facts)
    seconds = int((at - now.began_at).total_seconds())
    emit(RECEIVED, now, by=by, at=at, case=case.pk, seconds=seconds, distant=distant, agent=bool(now.mandate_id))
    return case


@transaction.atomic
def give_up(reception: Reception, *, by: Actor, at: datetime) -> None:
    """Discard what was begun and not handed in."""
    now = held_reception(reception)
    by = _allowed(now, by, at)
    discard_application(now.application, by=by, at=at)


@transaction.atomic
def look_at_own_paper(reception: Reception, paper: Paper, *, by: Actor, at: datetime) -> None:
    """Record that a paper of what was handed in here is printed for the person."""
    _allowed(reception, by, at)
    case = Case.objects.get(application=reception.application_id)
    record("cases.look", case, by=by, at=at, facts={"what": "paper", "number": paper.number})
