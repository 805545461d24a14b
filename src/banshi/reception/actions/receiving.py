"""An application taken in for the person at the counter: filled in, agreed to, handed in, and accepted on the spot."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from banshi.access import Allowed
from banshi.cases.actions import (
    Wanted,
    accept,
    adopt_publication,
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
from banshi.core.errors import BadInput, Conflict, Problem, Refused
from banshi.core.id_numbers import birth_date, id_number_is_valid, plain_mobile
from banshi.core.repeats import A_CLICK, hold
from banshi.events import emit
from banshi.forms import FormField, Prefill, answer_problems, without_hidden
from banshi.forms.standard import AS, ApplyingAs
from banshi.ledger import Actor, record
from banshi.papers.models import Paper
from banshi.people.actions import look_at_identity
from banshi.people.enums import CitizenKind
from banshi.people.models import User
from banshi.people.queries import account_of, identity_of
from banshi.reception.actions.agreeing import AtCounter, allowed, held_reception, require_agreement
from banshi.reception.enums import HandInAs
from banshi.reception.events import RECEIVED
from banshi.reception.models import HomeVisit, Mandate, Reception
from banshi.reception.queries import is_distant, may_be_received_at, office_at_counter
from banshi.window.models import Ticket

LOOK = "窗口收件时填入证件上的信息"
ORIGINAL = "纸质原件，已当面核对"


@transaction.atomic
def begin_reception(
    item: Item,
    *,
    person: User,
    mandate: Mandate | None = None,
    visit: HomeVisit | None = None,
    ticket: Ticket | None = None,
    phone: str = "",
    by: Actor,
    at: datetime,
) -> Reception:
    """Begin to fill in an application for somebody, for one's office or under a mandate of theirs.

    `phone` is what they say now, whatever is registered.
    """
    clerk = account_of(by)
    assert clerk is not None
    if clerk.pk == person.pk:
        raise Refused("不能给自己收件", remedy="请由同事收件，或用个人账号在网上办。")
    organ = mandate.organ if mandate else office_at_counter(clerk, at=at)
    if organ is None or (mandate and mandate.person_id != person.pk):
        raise Refused("您没有收件的权限", remedy="如果工作需要，请联系本单位负责人或系统管理员开通。")
    reception = Reception(person=person, organ=organ, clerk=clerk, mandate=mandate, ticket=ticket, began_at=at)
    by = allowed(reception, by=by, at=at)
    hold(person)
    same = {"person": person, "clerk": clerk, "mandate": mandate, "ticket": ticket, "began_at__gt": at - A_CLICK}
    open_ones = Reception.objects.filter(application__submitted_at=None, application__discarded_at=None)
    if just := open_ones.filter(**same, application__publication__item=item, visit=visit).first():
        return just  # a second click
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
    if known := _known_answers(application, phone, by, at):
        save_answers(application, known, by=by, at=at)
    facts = {"application": application.pk, "person": person.pk, "organ": organ.pk, "mandate": mandate and mandate.pk}
    record("reception.begin", reception, by=by, at=at, facts=facts)
    return reception


def _known_answers(application: Application, phone: str, by: Allowed, at: datetime) -> dict[str, Any]:
    """Fill in what the card has told, each look at it on the record."""
    form = text_of(application.publication).form
    answers = answers_from_card(application.owner, form, phone=phone, by=by, at=at)
    person = (identity := identity_of(application.owner)) is None or identity.kind == CitizenKind.PERSON
    way = (ApplyingAs.SELF if person else ApplyingAs.COMPANY).label
    asked = any(each.key == AS and way in each.choices for each in form)
    return {**answers, AS: way} if asked and answers else answers


def answers_from_card(
    owner: User, form: Sequence[FormField], *, phone: str = "", by: Allowed, at: datetime
) -> dict[str, Any]:
    """Answer what the card has told, each look at it on the record, and the phone as it was said."""
    identity = identity_of(owner)
    if identity is None:
        return {}
    known = {
        each: look_at_identity(identity, field=each, reason=LOOK, by=by, at=at) for each in ("name", "number", "phone")
    }
    person = identity.kind == CitizenKind.PERSON
    sources: dict[Prefill | None, str] = {
        (Prefill.PERSON_NAME if person else Prefill.COMPANY_NAME): known["name"],
        (Prefill.PERSON_NUMBER if person else Prefill.COMPANY_CODE): known["number"],
        Prefill.PHONE: plain_mobile(phone) or known["phone"],
    }
    if person and id_number_is_valid(known["number"]):
        sources[Prefill.PERSON_BIRTH] = birth_date(known["number"]).isoformat()
        sources[Prefill.PERSON_SEX] = "男" if int(known["number"][16]) % 2 else "女"
    return {each.key: sources[each.prefill] for each in form if sources.get(each.prefill)}


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
    by = allowed(now, by=by, at=at)
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
    by = allowed(reception, by=by, at=at)
    material = hand_in_files(reception.application, position, files, by=by, at=at)
    if not original_seen:
        return material
    return attach_material(reception.application, position, material.file, trust=MaterialTrust.B, by=by, at=at)


@transaction.atomic
def hand_in(
    reception: Reception, *, then: str = HandInAs.RECEIVE, until: date | None = None, by: Actor, at: datetime
) -> Case:
    """Hand in what the person has agreed to, by the rules of online, and do at once what the counter may do.

    Accepts, asks for what lacks (一次性告知), or accepts with minor papers promised by `until` (容缺).
    """
    now = held_reception(reception)
    by = allowed(now, by=by, at=at)
    application, way = now.application, HandInAs(then)
    text = text_of(application.publication)
    answers = without_hidden(text.form, opened(application.answers_sealed, purpose=ANSWERS))
    if wrong := answer_problems(text.form, answers, on=day_of(at)):
        raise BadInput("有几处还没有填好", wrong, remedy="请照每一处的说明改好。")
    require_agreement(now)
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
def take_up_changes(reception: Reception, *, by: Actor, at: datetime) -> None:
    """Go on by the guide in force now, with what was typed and what is asked for still."""
    now = held_reception(reception)
    adopt_publication(now.application, by=allowed(now, by=by, at=at), at=at)


@transaction.atomic
def give_up(reception: Reception, *, by: Actor, at: datetime) -> None:
    """Discard what was begun and not handed in."""
    now = held_reception(reception)
    by = allowed(now, by=by, at=at)
    discard_application(now.application, by=by, at=at)


@transaction.atomic
def look_at_papers(reception: AtCounter, case: Case, paper: Paper, *, by: Actor, at: datetime) -> None:
    """Record that a paper of what was handed in here is printed for the person."""
    allowed(reception, by=by, at=at)
    record("cases.look", case, by=by, at=at, facts={"what": "paper", "number": paper.number})
