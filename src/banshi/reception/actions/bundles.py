"""A bundle taken in for the person at the counter: one form, one checklist, one signature for every office."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from banshi.access import Allowed, Permission, allows
from banshi.bundles.actions import (
    discard_bundle,
    hand_in_once,
    remove_once,
    save_bundle_answers,
    see_original,
    show_present,
    start_bundle,
    submit_bundle,
)
from banshi.bundles.models import BundleSubmission, BundleVersion
from banshi.bundles.queries import cases_of, reading_of
from banshi.cases.actions import accept, agree_to_deferral, offer_deferral
from banshi.cases.enums import CaseChannel, MaterialTrust
from banshi.cases.models import Case
from banshi.cases.queries import lacking
from banshi.core.errors import Conflict, Refused
from banshi.core.repeats import A_CLICK, hold
from banshi.events import emit
from banshi.forms.standard import ApplyingAs
from banshi.ledger import Actor, record
from banshi.people.enums import CitizenKind
from banshi.people.models import User
from banshi.people.queries import account_of, identity_of
from banshi.reception.actions.agreeing import allowed, held_reception, require_agreement
from banshi.reception.actions.receiving import ORIGINAL, answers_from_card
from banshi.reception.enums import HandInAs
from banshi.reception.events import BUNDLE_RECEIVED
from banshi.reception.models import BundleReception, Mandate
from banshi.reception.queries import may_be_received_at, office_at_counter
from banshi.window.models import Ticket


@transaction.atomic
def begin_bundle_reception(
    version: BundleVersion,
    *,
    person: User,
    mandate: Mandate | None = None,
    ticket: Ticket | None = None,
    phone: str = "",
    by: Actor,
    at: datetime,
) -> BundleReception:
    """Begin to fill in a bundle for somebody, for one's office or under a mandate of theirs."""
    clerk = account_of(by)
    assert clerk is not None
    if clerk.pk == person.pk:
        raise Refused("不能给自己收件", remedy="请由同事收件，或用个人账号在网上办。")
    organ = mandate.organ if mandate else office_at_counter(clerk, at=at)
    if organ is None or (mandate and mandate.person_id != person.pk):
        raise Refused("您没有收件的权限", remedy="如果工作需要，请联系本单位负责人或系统管理员开通。")
    identity = identity_of(person)
    if identity and identity.kind == CitizenKind.PERSON and version.definition.party == ApplyingAs.COMPANY:
        raise Conflict(f"“{version}”是单位办的", remedy="请核对证件，或换一个“一件事”。")
    reception = BundleReception(person=person, organ=organ, clerk=clerk, mandate=mandate, ticket=ticket, began_at=at)
    by = allowed(reception, by=by, at=at)
    hold(person)
    same = {"person": person, "clerk": clerk, "mandate": mandate, "ticket": ticket, "began_at__gt": at - A_CLICK}
    open_ones = BundleReception.objects.filter(submission__submitted_at=None, submission__discarded_at=None)
    if just := open_ones.filter(**same, submission__version=version).first():
        return just  # a second click
    submission = start_bundle(
        version,
        owner=person,
        agent=clerk if mandate else None,
        channel=CaseChannel.ONLINE if mandate else CaseChannel.WINDOW,
        by=by,
        at=at,
    )
    reading = reading_of(submission)
    far = [
        each.item
        for each in reading.all_members
        if not mandate and not may_be_received_at(organ, each.item.organ, str(each.guide.reach or ""))
    ]
    if far:
        raise Conflict(
            f"“{far[0]}”由{far[0].organ}办理，不在{organ.division}的通办范围",
            remedy="请申请人在网上一起办，或到办理地的窗口。",
        )
    reception.submission = submission
    reception.save(force_insert=True)
    if known := answers_from_card(person, reading.every_field, phone=phone, by=by, at=at):
        reception.submission = save_bundle_answers(submission, known, by=by, at=at)
    facts = {"bundle": version.code, "person": person.pk, "organ": organ.pk, "mandate": mandate and mandate.pk}
    record("reception.begin_bundle", reception, by=by, at=at, facts=facts)
    return reception


@transaction.atomic
def keep_bundle_typed(
    reception: BundleReception,
    *,
    answers: Mapping[str, Any],
    originals: Collection[str] | None = None,
    by: Actor,
    at: datetime,
) -> BundleReception:
    """Keep what was typed, right or wrong, and by their slugs which originals were seen and checked."""
    now = held_reception(reception)
    by = allowed(now, by=by, at=at)
    now.submission = submission = save_bundle_answers(now.submission, answers, by=by, at=at)
    if originals is None:
        return now
    there = {each.proof: each for each in submission.materials.filter(replaced_at=None)}
    for asked in reading_of(submission).materials.asked:
        given = there.get(asked.proof)
        seen = given is not None and given.trust == MaterialTrust.B
        if asked.slug in originals and not seen:
            see_original(submission, asked.proof, source=ORIGINAL, by=by, at=at)
        elif asked.slug not in originals and seen:
            if given and given.file:
                see_original(submission, asked.proof, source="", by=by, at=at)
            else:
                remove_once(submission, asked.proof, by=by, at=at)
    return now


def attach_bundle_scan(
    reception: BundleReception,
    proof: str,
    files: Sequence[UploadedFile],
    *,
    original_seen: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Attach the scan of a paper for every office, of a higher trust where the original was seen and checked."""
    by = allowed(reception, by=by, at=at)
    hand_in_once(reception.submission, proof, files, by=by, at=at)
    if original_seen:
        see_original(reception.submission, proof, source=ORIGINAL, by=by, at=at)


@transaction.atomic
def hand_in_bundle(
    reception: BundleReception, *, then: str = HandInAs.RECEIVE, until: date | None = None, by: Actor, at: datetime
) -> BundleSubmission:
    """Hand in once what the person has agreed to, for every office, by the rules of online.

    Parts that begin at once and that the clerk may accept are accepted, minor papers promised by `until` (容缺).
    """
    now, clerk, way = held_reception(reception), by, HandInAs(then)
    by = allowed(now, by=by, at=at)
    if way not in (HandInAs.RECEIVE, HandInAs.ACCEPT):
        raise Refused("一件事只能收件或收件并受理", remedy="缺的材料请一次性告知，带齐以后再交。")
    if now.mandate and way is not HandInAs.RECEIVE:
        raise Refused("由各承办单位受理，代办只收件", remedy="请按“收件”，材料会转给各承办单位。")
    require_agreement(now)
    submission = submit_bundle(now.submission, key=now.submission.key, by=by, at=at)
    if way is not HandInAs.RECEIVE:
        for case in cases_of(submission):
            if allows(clerk, Permission.CASE_ACCEPT, case, at=at):
                _accept(case, until, by=by, at=at)
    facts = {"bundle": submission.pk, "then": str(way), "answers": now.agreed_index, "mandate": now.mandate_id}
    record("reception.hand_in_bundle", now, by=by, at=at, facts=facts)
    seconds = int((at - now.began_at).total_seconds())
    code, agent = submission.version.code, bool(now.mandate_id)
    emit(BUNDLE_RECEIVED, now, by=by, at=at, bundle=code, seconds=seconds, agent=agent)
    return submission


def _accept(case: Case, until: date | None, *, by: Allowed, at: datetime) -> None:
    """Accept a part on the spot, unless something lacks that nobody has promised to bring."""
    if missing := lacking(case.application):
        if until is None:
            return
        offer_deferral(case, positions=[each.position for each in missing], until=until, by=by, at=at)
        agree_to_deferral(case, by=by, at=at)
    accept(case, by=by, at=at)


@transaction.atomic
def take_up_changes_of_bundle(reception: BundleReception, *, by: Actor, at: datetime) -> None:
    """Go on by the guides in force now, which the page shows from here on."""
    now = held_reception(reception)
    show_present(now.submission, by=allowed(now, by=by, at=at), at=at)


@transaction.atomic
def give_up_bundle(reception: BundleReception, *, by: Actor, at: datetime) -> None:
    """Discard what was begun and not handed in."""
    now = held_reception(reception)
    discard_bundle(now.submission, by=allowed(now, by=by, at=at), at=at)
