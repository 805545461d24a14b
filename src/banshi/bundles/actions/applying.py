"""The applicant's side: one draft, one set of papers, one submission that makes the parts cases."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, QuerySet

from banshi.access import Allowed, Permission, authorize
from banshi.bundles.actions.opening import drop, forget_when_done, handed_on, prepare, send
from banshi.bundles.events import SUBMITTED
from banshi.bundles.merging import BundleMember, applying, needed
from banshi.bundles.models import BundleMaterial, BundlePart, BundleSubmission, BundleVersion
from banshi.bundles.queries import BundleReading, earlier_papers, handed_in, reading_of
from banshi.bundles.sealing import opened_answers, sealed_answers
from banshi.cases.actions.applying import ANSWERS_AT_MOST, EXPIRED_AT_ONCE, unlike_identity
from banshi.cases.actions.mandating import handler_acting, registered_answers
from banshi.cases.actions.promising import refuse_bad_credit
from banshi.cases.enums import CaseChannel, MaterialTrust
from banshi.cases.models import CaseMaterial
from banshi.cases.policy import policy
from banshi.cases.retention import forget_beside
from banshi.catalog.models import Item
from banshi.core.clock import day_of
from banshi.core.crypto import digest
from banshi.core.errors import BadInput, Conflict, Missing, Problem, Refused
from banshi.core.models import StoredFile
from banshi.core.repeats import A_CLICK, hold
from banshi.core.unit_of_work import unit_of_work
from banshi.events import emit
from banshi.files import KEEP_STRAYS, keep, open_file
from banshi.files import drop as drop_files
from banshi.forms import answer_problems, without_hidden
from banshi.forms.standard import ApplyingAs
from banshi.ledger import Act, Actor, record, record_many
from banshi.people.models import Organ, User
from banshi.people.queries import account_of
from banshi.uploads.receiving import examined

PURPOSE = "bundle"
"""Of files, which are encrypted (`files.SEALED`)."""


@unit_of_work()
def start_bundle(
    version: BundleVersion,
    answers: Mapping[str, Any] | None = None,
    *,
    owner: User | None = None,
    agent: User | None = None,
    channel: str = CaseChannel.ONLINE,
    by: Actor,
    at: datetime,
) -> BundleSubmission:
    """Begin a draft of a bundle, with what was answered on its guide page.

    `owner` is the applicant where somebody else fills it in, `agent` who acts for them until it ends.
    """
    person = owner or account_of(by)
    if person is None:
        raise Refused("只有本人，或者本人同意的应用，可以开始申请", remedy="单位的系统可以办理办件，不能替人申请。")
    of = {"owner": person, "agent": agent, "channel": channel, "version": version}
    submission = BundleSubmission(**of, created_at=at, saved_at=at)
    by = authorize(by, Permission.CASE_APPLY, submission, at=at)
    if version.until is not None:
        raise Conflict(f"“{version}”已经换了新的一版", remedy="请到“一件事”的页面重新开始。")
    submission.answers_sealed = sealed_answers(dict(answers or {}))
    submission.expires_at = at + timedelta(days=policy().draft_days)
    reading = BundleReading(version, dict(answers or {}), owner=person)
    if not reading.all_members and reading.of_others:
        theirs, own = ("个人", "单位") if reading.party == ApplyingAs.COMPANY else ("单位", "个人")
        raise Conflict(
            f"“{version}”由{theirs}办理，{own}账号不能办", remedy=f"请用{theirs}账号登录，或者换一个“一件事”。"
        )
    if not reading.all_members:
        raise Conflict(f"“{version}”里的事项本地都还没有公布", remedy="请看各事项的办事指南，或者打12345问。")
    submission.seen = reading.seen
    submission.is_example = all(each.item.is_example for each in reading.all_members)
    submission.save()
    facts = {"bundle": version.code, "version": version.digest} | ({"agent": agent.pk} if agent else {})
    record("bundles.start_bundle", submission, by=by, at=at, facts=facts)
    return submission


@unit_of_work()
def begin_bundle_online(
    version: BundleVersion, answers: Mapping[str, Any], *, by: Actor, at: datetime
) -> tuple[BundleSubmission, bool]:
    """Begin a draft of one's own, or return the one just begun, and tell whether it is new."""
    person = account_of(by)
    if person and (begun := _just_begun(version, owner=person, at=at)):
        return begun, False
    return start_bundle(version, answers, by=by, at=at), True


def _just_begun(
    version: BundleVersion, *, owner: User, agent: User | None = None, at: datetime
) -> BundleSubmission | None:
    """Find the draft that a second click would begin again."""
    hold(owner)
    open_ones = BundleSubmission.objects.filter(submitted_at=None, discarded_at=None, channel=CaseChannel.ONLINE)
    return open_ones.filter(owner=owner, agent=agent, version=version, created_at__gt=at - A_CLICK).first()


@unit_of_work()
def start_bundle_for_company(
    version: BundleVersion, company: User, answers: Mapping[str, Any], *, by: Actor, at: datetime
) -> BundleSubmission:
    """Begin a draft in the name of a company, filled in with what is registered of it and of who acts."""
    person = handler_acting(company, by)
    if begun := _just_begun(version, owner=company, agent=person, at=at):
        return begun
    submission = start_bundle(version, answers, owner=company, agent=person, by=by, at=at)
    known = registered_answers(reading_of(submission).every_field, company, person, by, at)
    return save_bundle_answers(submission, known, by=by, at=at)


def held_submission(submission: BundleSubmission) -> BundleSubmission:
    """Lock a submission, for whoever fills it in."""
    rows = BundleSubmission.objects.select_for_update(of=("self",))
    return rows.select_related("version", "owner__identity", "agent").get(pk=submission.pk)


def _draft(submission: BundleSubmission, by: Actor, at: datetime) -> tuple[BundleSubmission, Allowed]:
    """Lock what may still be changed."""
    held = held_submission(submission)
    by = authorize(by, Permission.CASE_APPLY, held, at=at)
    if held.discarded_at:
        raise Conflict("这份申请已经放弃", remedy="请到“一件事”的页面重新开始。")
    if held.submitted_at:
        raise Conflict(f"这份申请已经提交，编号{held.number}", remedy="请到“我的办件”里看每一项的进度。")
    return held, by


@unit_of_work()
def save_bundle_answers(
    submission: BundleSubmission, answers: Mapping[str, Any], *, by: Actor, at: datetime
) -> BundleSubmission:
    """Keep answers beside those given before, whatever they are.

    They are checked when it is submitted. None takes an answer away.
    """
    held, by = _draft(submission, by, at)
    merged = {**opened_answers(held), **answers}
    merged = {key: answer for key, answer in merged.items() if answer is not None}
    if len(json.dumps(merged, ensure_ascii=False)) > ANSWERS_AT_MOST:
        raise BadInput("填写的内容太长", remedy="请缩短说明，或把长的内容作为材料上传。")
    held.answers_sealed, held.saved_at = sealed_answers(merged), at
    held.expires_at = at + timedelta(days=policy().draft_days)
    held.save(update_fields=["answers_sealed", "saved_at", "expires_at"])
    facts = {"fields": len(answers), "answers": digest(bytes(held.answers_sealed))}
    record("bundles.save_bundle_answers", held, by=by, at=at, facts=facts)
    return held


@unit_of_work()
def show_present(submission: BundleSubmission, *, by: Actor, at: datetime) -> BundleSubmission:
    """Keep which publications the owner has now seen the bundle by."""
    held, by = _draft(submission, by, at)
    reading = reading_of(held)
    if reading.seen != held.seen:
        held.seen, held.answers_sealed = reading.seen, sealed_answers(reading.answers)
        held.save(update_fields=["seen", "answers_sealed"])
        record("bundles.show_present", held, by=by, at=at, facts={"seen": reading.seen})
    return held


def hand_in_once(
    submission: BundleSubmission, proof: str, files: Sequence[UploadedFile], *, by: Actor, at: datetime
) -> BundleMaterial:
    """Examine, join and keep what was sent as a paper for every part that asks for it, or leave nothing of it.

    Raises BadInput that names each file which can't be used.
    """
    authorize(by, Permission.CASE_APPLY, submission, at=at)
    with examined(files, title=proof) as document, unit_of_work():
        held, by, organ = _asking(submission, proof, by, at)
        stored = keep(document.file, name=document.name, purpose=PURPOSE, organ=organ, by=by, at=at)
        return _put(held, proof, by=by, at=at, file=stored)


@unit_of_work()
def hand_in_earlier(
    submission: BundleSubmission, proof: str, earlier: CaseMaterial, *, by: Actor, at: datetime
) -> BundleMaterial:
    """Hand in again, as a copy of its own, a paper that the owner gave for another case."""
    held, by, organ = _asking(submission, proof, by, at)
    offered = earlier_papers(held, reading_of(held).materials.asked).get(proof, [])
    chosen = next((each for each in offered if each.pk == earlier.pk), None)
    if chosen is None or chosen.file is None:
        raise BadInput("没有找到这份用过的材料", remedy="请重新上传。")
    with open_file(chosen.file) as there:
        stored = keep(there, name=chosen.file.name, purpose=PURPOSE, organ=organ, by=by, at=at)
    return _put(held, proof, by=by, at=at, file=stored, trust=chosen.trust)


@unit_of_work()
def see_original(submission: BundleSubmission, proof: str, *, source: str, by: Actor, at: datetime) -> BundleMaterial:
    """Record that the original of a paper was seen and checked, with the scan there is or without one.

    An empty `source` takes that back of a scan.
    """
    held, by, _ = _asking(submission, proof, by, at)
    there = held.materials.filter(proof=proof, replaced_at=None).select_related("file").first()
    stored, trust = there.file if there else None, MaterialTrust.B if source else MaterialTrust.D
    if stored is None and not source:
        raise BadInput("还没有交这份材料", remedy="请先上传，或当面核对原件。")
    return _put(held, proof, by=by, at=at, file=stored, source=source, trust=trust)


def _asking(
    submission: BundleSubmission, proof: str, by: Actor, at: datetime
) -> tuple[BundleSubmission, Allowed, Organ]:
    """Lock a draft, and find the first office that asks for a paper."""
    held, token = _draft(submission, by, at)
    asked = next((each for each in reading_of(held).materials.asked if each.proof == proof), None)
    if asked is None:
        raise Missing("材料清单里没有这一项", remedy="请刷新页面，按清单上传。")
    return held, token, asked.uses[0].member.item.organ


def _put(held: BundleSubmission, proof: str, *, by: Allowed, at: datetime, **paper: Any) -> BundleMaterial:
    """Put a paper in the place of the one before."""
    held.materials.filter(proof=proof, replaced_at=None).update(replaced_at=at)
    material = BundleMaterial.objects.create(submission=held, proof=proof, attached_at=at, **paper)
    digest_of = material.file.digest if material.file else ""
    facts = {"submission": held.pk, "digest": digest_of, "trust": material.trust}
    record("bundles.hand_in_once", material, by=by, at=at, facts=facts)
    return material


@unit_of_work()
def commit_once(submission: BundleSubmission, proof: str, *, by: Actor, at: datetime) -> BundleMaterial:
    """Commit (告知承诺) to what a paper would prove, for every part that asks for it."""
    held, by = _draft(submission, by, at)
    asked = next((each for each in reading_of(held).materials.asked if each.proof == proof), None)
    if asked is None or not asked.commitment_ok:
        raise BadInput("这份材料不能用承诺代替", remedy="请按清单上传。")
    refuse_bad_credit(held.owner)
    held.materials.filter(proof=proof, replaced_at=None).update(replaced_at=at)
    material = BundleMaterial.objects.create(submission=held, proof=proof, attached_at=at)
    record("bundles.commit_once", material, by=by, at=at, facts={"submission": held.pk, "proof": proof})
    return material


@unit_of_work()
def remove_once(submission: BundleSubmission, proof: str, *, by: Actor, at: datetime) -> None:
    held, by = _draft(submission, by, at)
    if held.materials.filter(proof=proof, replaced_at=None).update(replaced_at=at):
        record("bundles.remove_once", held, by=by, at=at, facts={"proof": proof})


@unit_of_work()
def discard_bundle(submission: BundleSubmission, *, by: Actor, at: datetime) -> None:
    """Discard a draft, and what was written in it."""
    held, by = _draft(submission, by, at)
    held.discarded_at, held.answers_sealed = at, b""
    held.save(update_fields=["discarded_at", "answers_sealed"])
    files = StoredFile.objects.filter(pk__in=list(held.materials.values_list("file", flat=True)))
    held.materials.all().delete()
    drop_files(unattached(files), reason="discarded", by=by, at=at)
    forget_beside([held], reason="discarded", by=by, at=at)
    record("bundles.discard_bundle", held, by=by, at=at)


@unit_of_work()
def discard_expired_bundles(*, by: Actor, at: datetime) -> int:
    """Discard drafts nobody has come back to, and files that nothing names any more, and count the drafts."""
    by = authorize(by, Permission.AUTOMATIC, at=at)
    old = BundleSubmission.objects.filter(submitted_at=None, discarded_at=None, expires_at__lte=at)
    drafts = list(old.select_for_update(skip_locked=True).order_by("id")[:EXPIRED_AT_ONCE])
    keys = [each.pk for each in drafts]
    BundleMaterial.objects.filter(submission__in=keys).delete()
    BundleSubmission.objects.filter(pk__in=keys).update(discarded_at=at, answers_sealed=b"")
    strays = unattached(StoredFile.objects.filter(uploaded_at__lt=at - KEEP_STRAYS))[:EXPIRED_AT_ONCE]
    drop_files(strays, reason="unattached", by=by, at=at)
    forget_beside(drafts, reason="expired", by=by, at=at)
    record_many([Act("bundles.discard_expired_bundles", each) for each in drafts], by=by, at=at)
    return len(drafts)


def unattached(files: QuerySet[StoredFile]) -> QuerySet[StoredFile]:
    """Find files of bundles that neither a draft nor a case names."""
    of_draft = BundleMaterial.objects.filter(file=OuterRef("pk"))
    of_case = CaseMaterial.objects.filter(file=OuterRef("pk"))
    return files.filter(~Exists(of_draft), ~Exists(of_case), purpose=PURPOSE)


@unit_of_work()
def submit_bundle(submission: BundleSubmission, *, key: UUID, by: Actor, at: datetime) -> BundleSubmission:
    """Submit (提交) once: every part that waits for nothing becomes a case, the others wait.

    The same submission, or the same key, gives what there is already. An item that ended meanwhile is left out and
    said to be; one that changed is shown again first.
    """
    held = held_submission(submission)
    by = authorize(by, Permission.CASE_APPLY, held, at=at)
    if held.submitted_at:
        return held
    if key != held.key and (earlier := submitted_by(key, held.owner)):
        return earlier
    if held.discarded_at:
        raise Conflict("这份申请已经放弃", remedy="请到“一件事”的页面重新开始。")
    reading = reading_of(held)
    gone = {key: held.seen[key] for key in sorted(held.seen.keys() - reading.seen.keys())}
    changed = [each.item.name for each in reading.members if held.seen.get(each.key) != each.publication.pk]
    if changed:
        raise Conflict(f"“{'”“'.join(changed)}”的办事指南在您填写期间改过", remedy="请核对以后再提交；填好的都还在。")
    if not reading.members:
        raise Conflict("按您的回答，没有要办的事项", remedy="请看一看前面“您的情况”答得对不对。")
    if wrong := unready(held, reading):
        raise BadInput("有几处还没有填好", wrong, remedy="请照每一处的说明改好，再提交。")
    held.submitted_at = at
    if key != held.key and not BundleSubmission.objects.filter(key=key).exists():
        held.key = key
    held.seen, held.answers_sealed = reading.seen, sealed_answers(reading.answers)
    held.save(update_fields=["submitted_at", "key", "seen", "answers_sealed"])
    parts = _parts(held, reading)
    dropped = _gone_parts(held, reading, gone, len(parts))
    dealt = handed_on(held, reading.members, reading.form, reading.answers)
    for part in (each for each in parts if not each.waits_for):
        prepare(part, dealt[part.key], by=by, at=at)
        send(part, by=by, at=at)
    for part in dropped:
        drop(part, "提交的时候，这个事项已经暂停或取消", by=by, at=at)
    opened = sum(each.opened_at is not None for each in parts)
    facts = {"bundle": held.version.code, "version": held.version.digest, "parts": [each.key for each in parts]}
    record("bundles.submit_bundle", held, by=by, at=at, facts={**facts, "dropped": [*gone]})
    emit(SUBMITTED, held, by=by, at=at, bundle=held.version.code, parts=len(parts) + len(dropped), opened=opened)
    forget_when_done(held, parts)
    return held


def submitted_by(key: UUID, owner: User) -> BundleSubmission | None:
    """Find what the same key has submitted before."""
    rows = BundleSubmission.objects.filter(key=key, owner=owner).exclude(submitted_at=None)
    return rows.select_related("version", "owner").first()


def _parts(held: BundleSubmission, reading: BundleReading) -> list[BundlePart]:
    def part(place: int, member: BundleMember) -> BundlePart:
        waits = list(dict.fromkeys(each.part for each in needed(member, reading.keys)))
        of = {"submission": held, "key": member.key, "item": member.item, "publication": member.publication}
        return BundlePart(**of, position=place, waits_for=waits)

    return BundlePart.objects.bulk_create([part(place, each) for place, each in enumerate(reading.members)])


def _gone_parts(
    held: BundleSubmission, reading: BundleReading, gone: Mapping[str, int], after: int
) -> list[BundlePart]:
    """Make rows for parts that applied and whose item has ended since they were shown."""
    applies = applying(reading.definition, reading.answers)
    codes = {each.key: each.item for each in reading.definition.parts}
    rows = []
    for place, key in enumerate((each for each in gone if each in applies), after):
        item = Item.objects.filter(publications=gone[key]).first() or Item.objects.filter(base_code=codes[key]).first()
        if item is not None:
            rows.append(BundlePart(submission=held, key=key, item=item, position=place))
    return BundlePart.objects.bulk_create(rows)


def unready(held: BundleSubmission, reading: BundleReading) -> list[Problem]:
    """List what keeps a draft from being submitted: answers, and papers that lack."""
    answers = without_hidden(reading.fields, reading.answers)
    wrong = [
        *answer_problems(reading.fields, answers, on=day_of(held.saved_at)),
        *unlike_identity(held.owner, reading.fields, answers),
    ]
    asked = reading.materials.asked
    given = handed_in(held, asked)
    lacks = [each for each in asked if each.required and each.proof not in given]
    lapsed = set(held.materials.filter(replaced_at=None).values_list("proof", flat=True)) if lacks else set()
    return wrong + [
        Problem(
            f"“{each.proof}”现在不能再用承诺代替，请上传" if each.proof in lapsed else f"还没有交“{each.proof}”",
            field=f"materials.{each.slug}",
        )
        for each in lacks
    ]
