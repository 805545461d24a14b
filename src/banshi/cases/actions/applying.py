"""The applicant's side: begin, fill in, hand in materials, submit once however often it is pressed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from banshi.access import Allowed, Permission, authorize
from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions.disputing import dispute_values
from banshi.cases.actions.recording import issue_paper, locked, moment_in_words, perform
from banshi.cases.actions.stages import open_stage
from banshi.cases.clocks import count, main_due
from banshi.cases.enums import ActKind, CaseChannel, ClockKind, MaterialTrust, PromiseEnding, PromiseKind
from banshi.cases.models import Application, Case, CaseClock, CaseCounter, CaseMaterial, CaseOutcome, Promise
from banshi.cases.policy import policy
from banshi.cases.queries import LackingMaterial, asked_for, asked_of, correctable, lacking_of
from banshi.cases.retention import forget_beside
from banshi.cases.sealing import ANSWERS, APPLICANT, CODE, opened, seal
from banshi.cases.signals import received
from banshi.cases.steps import FROZEN, guide_of, is_joint, text_of
from banshi.catalog.models import Item, Publication
from banshi.catalog.queries import in_force
from banshi.core.clock import chinese_date, day_of
from banshi.core.crypto import digest, encrypt
from banshi.core.errors import BadInput, Conflict, Missing, Problem, Refused
from banshi.core.id_numbers import mask_name
from banshi.core.ids import legible_code
from banshi.core.models import StoredFile
from banshi.core.prepared import PreparedQuery, insert, prepared_cursor, update
from banshi.core.repeats import A_CLICK, hold
from banshi.core.unit_of_work import unit_of_work
from banshi.files import drop, keep
from banshi.forms import FormField, Prefill, answer_problems, party_of, without_hidden
from banshi.forms.standard import AS
from banshi.ledger import Act, Actor, record, record_many
from banshi.people.enums import CitizenKind
from banshi.people.models import Organ, User
from banshi.people.queries import account_of, differs_from_identity, identity_of, names_of
from banshi.rulebook.models import CommitmentForm
from banshi.uploads.receiving import examined
from banshi.workflow.versions import state_of

CODE_LENGTH = 8
ANSWERS_AT_MOST = 256 * 1024
EXPIRED_AT_ONCE = 10_000
PURPOSE = "case"
"""Of the files of applicants, which lie encrypted (`files.SEALED`)."""
KEEP_UNATTACHED = timedelta(days=1)
"""None that look alike."""


@unit_of_work()
def start_application(
    item: Item,
    *,
    owner: User | None = None,
    agent: User | None = None,
    renews: CaseOutcome | None = None,
    channel: str = CaseChannel.ONLINE,
    answers: Mapping[str, Any] | None = None,
    by: Actor,
    at: datetime,
) -> Application:
    """Begin a draft of what is in force now.

    `owner` is the applicant where somebody else fills it in, `agent` who acts for them until it ends.
    """
    person = owner or account_of(by)
    if person is None:
        raise Refused("只有本人，或者本人同意的应用，可以开始申请", remedy="单位的系统可以办理办件，不能替人申请。")
    application = Application(owner=person, agent=agent, renews=renews, channel=channel, created_at=at, saved_at=at)
    by = authorize(by, Permission.CASE_APPLY, application, at=at)
    application.publication = open_publication(item)
    application.expires_at = at + timedelta(days=policy().draft_days)
    application.is_example = item.is_example
    if answers is not None:
        application.answers_sealed = seal(dict(answers), purpose=ANSWERS)
    application.save(force_insert=True)
    facts = {"item": item.pk, "publication": application.publication_id, "renews": renews and renews.pk}
    facts |= {"agent": agent.pk} if agent else {}
    record("cases.start_application", application, by=by, at=at, facts=facts)
    return application


def draft_just_begun(item: Item, *, owner: User, agent: User | None = None, at: datetime) -> Application | None:
    """Find the online draft that a second click would begin again.

    A part of acts that begin one.
    """
    hold(owner)
    open_ones = Application.objects.filter(
        submitted_at=None, discarded_at=None, renews=None, channel=CaseChannel.ONLINE
    )
    return open_ones.filter(owner=owner, agent=agent, publication__item=item, created_at__gt=at - A_CLICK).first()


@unit_of_work()
def begin_online(item: Item, *, by: Actor, at: datetime) -> tuple[Application, bool]:
    """Begin a draft of one's own, or return the one just begun, and tell whether it is new."""
    person = account_of(by)
    if person and (begun := draft_just_begun(item, owner=person, at=at)):
        return begun, False
    return start_application(item, by=by, at=at), True


@dataclass(frozen=True, slots=True)
class GivenMaterial:
    """A file, a record that `source` names, or an original that was seen."""

    file: StoredFile | None
    source: str
    trust: str


@unit_of_work()
def start_filled(
    item: Item,
    answers: Mapping[str, Any],
    given: Mapping[int, GivenMaterial],
    *,
    owner: User,
    agent: User | None,
    channel: str,
    by: Allowed,
    at: datetime,
) -> Application:
    """Begin a draft with its answers and its materials by position.

    A part of acts that have looked at both.
    """
    application = start_application(item, owner=owner, agent=agent, channel=channel, answers=answers, by=by, at=at)
    asked = asked_for(guide_of(application.publication), answers.get(AS), owner.pk)
    materials = CaseMaterial.objects.bulk_create(
        CaseMaterial(
            application=application,
            position=position,
            name=asked[position].name,
            file=each.file,
            source=each.source,
            trust=each.trust,
            attached_at=at,
        )
        for position, each in given.items()
        if position < len(asked)
    )
    acts = [
        Act(
            "cases.attach_material",
            each,
            {
                "application": application.pk,
                "position": each.position,
                "digest": each.file.digest if each.file else "",
                "trust": each.trust,
            },
        )
        for each in materials
    ]
    saved = {"fields": len(answers), "answers": digest(bytes(application.answers_sealed))}
    record_many([Act("cases.save_answers", application, saved), *acts], by=by, at=at)
    return application


def open_publication(item: Item) -> Publication:
    """Return the publication one can apply under, or a refusal in words."""
    found = in_force(item)
    if found is None or item.state != "active" or not found.item.organ.active:
        raise Conflict(f"“{item}”现在不能申请", remedy="这个事项已经暂停、取消或正在调整，请到事项页面查看说明。")
    return found


def held_application(application: Application) -> Application:
    """Lock an application, for whoever fills it in."""
    return HELD.get(application.pk)


HELD = PreparedQuery(
    lambda application: (
        Application.objects.select_for_update(of=("self",))
        .select_related("publication__revision", "publication__item__organ")
        .defer(*FROZEN)
        .filter(pk=application)
    )
)


def _draft(application: Application, by: Actor, at: datetime) -> tuple[Application, Allowed]:
    """Lock what may still be changed: a draft, or what has to be supplemented."""
    held = held_application(application)
    by = authorize(by, Permission.CASE_APPLY, held, at=at)
    if held.discarded_at:
        raise Conflict("这份申请已经放弃", remedy="请到事项页面重新申请。")
    if held.submitted_at:
        refuse_ended(held.case)
    if held.submitted_at and held.case.state != "supplementing" and not owes(held):
        raise Conflict(
            f"这份申请已经提交，编号{held.case.number}", remedy="要改的，请等承办单位要求补正，或撤回后重新申请。"
        )
    return held, by


def refuse_ended(case: Case) -> None:
    """Refuse what comes after a case has ended, with the way that is left."""
    if case.ended_at:
        raise Conflict(
            f"这件办件已经结束（{state_of(case).label}，{chinese_date(day_of(case.ended_at))}），不能再补材料、改内容",
            remedy="还要办的，请重新申请，交过的材料可以再用；对结果不服的，文书里写有救济途径。",
        )


def owes(application: Application) -> bool:
    """Tell whether a paper was promised to come later and has not."""
    owed = application.promises.filter(kind=PromiseKind.DEFERRAL, ending="").exclude(agreed_at=None)
    return application.case.ended_at is None and owed.exists()


@unit_of_work()
def save_answers(application: Application, answers: Mapping[str, Any], *, by: Actor, at: datetime) -> Application:
    """Keep answers beside those given before, whatever they are.

    They are checked when it is submitted. None takes an answer away.
    """
    held, by = _draft(application, by, at)
    if held.submitted_at and held.case.state != "supplementing":
        raise Conflict("现在只能补交承诺过的材料", remedy="填写的内容要改的，请联系承办单位。")
    before = opened(held.answers_sealed, purpose=ANSWERS)
    if held.submitted_at and answers.get(AS, before.get(AS)) != before.get(AS):
        raise Conflict("提交以后不能改为谁办", remedy="要换申请人的，请撤回后重新申请。")
    if held.submitted_at:
        open_now = correctable(held.case)
        closed = sorted(key for key in answers if key not in open_now and answers[key] != before.get(key))
        if closed:
            told = [Problem("补正没有要求改这一项", field=each) for each in closed]
            raise BadInput("只能改补正要求改的内容", told, remedy="还有别的要改的，请联系承办单位。")
    merged = {**before, **answers}
    merged = {key: answer for key, answer in merged.items() if answer is not None}
    if len(json.dumps(merged, ensure_ascii=False)) > ANSWERS_AT_MOST:
        raise BadInput("填写的内容太长", remedy="请缩短说明，或把长的内容作为材料上传。")
    held.answers_sealed, held.saved_at = seal(merged, purpose=ANSWERS), at
    held.expires_at = at + timedelta(days=policy().draft_days)
    held.save(update_fields=["answers_sealed", "saved_at", "expires_at"])
    # The last of the list depends on whom it is done for.
    if (
        not held.submitted_at
        and merged.get(AS) != before.get(AS)
        and asked_of(held) != asked_for(guide_of(held.publication), before.get(AS), held.owner_id)
    ):
        _move_papers(held, by, at)
    facts = {"fields": len(answers), "answers": digest(bytes(held.answers_sealed))}
    record("cases.save_answers", held, by=by, at=at, facts=facts)
    return held


@unit_of_work()
def attach_material(
    application: Application,
    position: int,
    stored: StoredFile | None,
    *,
    source: str = "",
    trust: str = MaterialTrust.D,
    by: Actor,
    at: datetime,
) -> CaseMaterial:
    """Attach a file, or a record that `source` names, to a row of the guide's list.

    What was there before is kept as replaced.
    """
    held, by = _draft(application, by, at)
    materials = asked_of(held)
    if not 0 <= position < len(materials):
        raise BadInput("材料清单里没有这一项", remedy="请刷新页面，按清单上传。")
    if stored and account_of(by) and stored.uploaded_by != by.ledger_id:
        own = CaseMaterial.objects.filter(file__digest=stored.digest, application__owner=held.owner)
        if not own.exists():
            raise Refused("不能用别人上传的文件", remedy="请重新上传。")
    promised = held.promises.filter(position=position, kind=PromiseKind.DEFERRAL, ending="").exclude(agreed_at=None)
    if held.submitted_at and held.case.state != "supplementing" and not promised.exists():
        raise Conflict("现在只能补交承诺过的材料", remedy="请在清单里选承诺补交的那一项。")
    held.materials.filter(position=position, replaced_at=None).update(replaced_at=at)
    material = CaseMaterial.objects.create(
        application=held,
        position=position,
        name=materials[position].name,
        file=stored,
        source=source,
        trust=trust,
        attached_at=at,
    )
    facts = {"application": held.pk, "position": position, "digest": stored.digest if stored else "", "trust": trust}
    record("cases.attach_material", material, by=by, at=at, facts=facts)
    if promised.update(ending=PromiseEnding.KEPT, ended_at=at, ended_by=account_of(by)):
        case, at = locked(held.case, at=at)
        perform(case, ActKind.KEEP_PROMISE, facts={"position": position}, by=by, at=at)
    return material


def hand_in(
    application: Application, position: int, files: Sequence[UploadedFile], *, by: Actor, at: datetime
) -> CaseMaterial:
    """Examine, join, keep and attach what was sent for a row of the list, or leave nothing of it.

    Raises BadInput that names each file which can't be used.
    """
    authorize(by, Permission.CASE_APPLY, application, at=at)
    materials = asked_of(application)
    if not 0 <= position < len(materials):
        raise Missing("材料清单里没有这一项", where=str(position), remedy="请刷新页面，按清单上传；第几项从0起。")
    # Scanned and joined before anything is locked, since that takes seconds.
    with examined(files, title=materials[position].name) as document, unit_of_work():
        organ = application.publication.item.organ
        stored = keep(document.file, name=document.name, purpose=PURPOSE, organ=organ, by=by, at=at)
        return attach_material(application, position, stored, by=by, at=at)


@unit_of_work()
def drop_unattached(*, by: Actor, at: datetime) -> int:
    """Delete files that no material names any more, once they are a day old.

    How many.
    """
    by = authorize(by, Permission.AUTOMATIC, at=at)
    old = StoredFile.objects.filter(purpose=PURPOSE, uploaded_at__lt=at - KEEP_UNATTACHED)
    return drop(unattached(old)[:EXPIRED_AT_ONCE], reason="unattached", by=by, at=at)


def unattached(files: QuerySet[StoredFile]) -> QuerySet[StoredFile]:
    return files.filter(~Exists(CaseMaterial.objects.filter(file=OuterRef("pk"))), purpose=PURPOSE)


@unit_of_work()
def remove_material(application: Application, position: int, *, by: Actor, at: datetime) -> None:
    held, by = _draft(application, by, at)
    if held.submitted_at:
        raise Conflict("已经提交的材料不能拿走", remedy="交错了的，请在原处重新上传。")
    if held.materials.filter(position=position, replaced_at=None).update(replaced_at=at):
        record("cases.remove_material", held, by=by, at=at, facts={"position": position})


@unit_of_work()
def discard_application(application: Application, *, by: Actor, at: datetime) -> None:
    """Discard a draft, and what was written in it."""
    held, by = _draft(application, by, at)
    if held.submitted_at:
        raise Conflict("这份申请已经提交，不能放弃", remedy="不想办了的，请撤回办件。")
    held.discarded_at, held.answers_sealed = at, b""
    held.save(update_fields=["discarded_at", "answers_sealed"])
    files = StoredFile.objects.filter(pk__in=list(held.materials.values_list("file", flat=True)))
    held.materials.all().delete()
    drop(unattached(files), reason="discarded", by=by, at=at)
    forget_beside([held], reason="discarded", by=by, at=at)
    record("cases.discard_application", held, by=by, at=at)


@unit_of_work()
def discard_expired(*, by: Actor, at: datetime) -> int:
    """Discard drafts nobody has come back to.

    How many.
    """
    by = authorize(by, Permission.AUTOMATIC, at=at)
    old = Application.objects.filter(submitted_at=None, discarded_at=None, expires_at__lte=at)
    drafts = list(old.select_for_update(skip_locked=True).order_by("id")[:EXPIRED_AT_ONCE])
    keys = [each.pk for each in drafts]
    materials = CaseMaterial.objects.filter(application__in=keys)
    files = StoredFile.objects.filter(pk__in=list(materials.values_list("file", flat=True)))
    materials.delete()
    drop(unattached(files), reason="expired", by=by, at=at)
    Application.objects.filter(pk__in=keys).update(discarded_at=at, answers_sealed=b"")
    forget_beside(drafts, reason="expired", by=by, at=at)
    record_many([Act("cases.discard_expired", each) for each in drafts], by=by, at=at)
    return len(drafts)


@unit_of_work()
def adopt_publication(application: Application, *, by: Actor, at: datetime) -> Application:
    """Bring a draft to what is in force now, keeping answers, and materials that are asked for by the same name."""
    held, by = _draft(application, by, at)
    new = open_publication(held.publication.item)
    if held.submitted_at or new.pk == held.publication_id:
        return held
    held.publication, before = new, held.publication_id
    kept, dropped = _move_papers(held, by, at)
    facts = {"from": before, "to": new.pk, "kept": kept, "dropped": dropped}
    held.saved_at = at
    held.save(update_fields=["publication", "saved_at"])
    record("cases.adopt_publication", held, by=by, at=at, facts=facts)
    return held


def _move_papers(held: Application, by: Actor, at: datetime) -> tuple[int, int]:
    """Move papers and commitments to where the list asks for them by name, and count those moved and those left out."""
    asked = asked_of(held)
    materials = list(held.materials.filter(replaced_at=None).order_by("position"))
    promises = list(held.promises.filter(ending="").order_by("position"))
    kept = _placed(materials, [each.name for each in asked])
    promised = _placed(promises, [each.name if each.commitment_ok else "" for each in asked])
    if any(place != each.position for each, place in (*kept, *promised)) or (
        len(kept) + len(promised) < len(materials) + len(promises)
    ):
        held.materials.filter(replaced_at=None).update(replaced_at=at)
        held.promises.filter(ending="").update(ending=PromiseEnding.WITHDRAWN, ended_at=at, ended_by=account_of(by))
        for each, place in (*kept, *promised):
            each.pk, each.position = None, place
        CaseMaterial.objects.bulk_create(each for each, _ in kept)
        Promise.objects.bulk_create(each for each, _ in promised)
    return len(kept), len(materials) - len(kept)


def _placed(rows: Sequence[Any], names: Sequence[str]) -> list[tuple[Any, int]]:
    """Give each row the place of its name in a list, its own where that still fits, none twice."""
    free = {place: name for place, name in enumerate(names) if name}
    found = []
    for each in sorted(rows, key=lambda row: free.get(row.position) != row.name):
        fits = [place for place, name in free.items() if name == each.name]
        if fits:
            place = each.position if each.position in fits else fits[0]
            found.append((each, place))
            del free[place]
    return found


@unit_of_work()
def submit(application: Application, *, key: UUID, by: Actor, at: datetime) -> Case:
    """Submit (提交) once: the same application, or the same key, gives the case there is already."""
    held = held_application(application)
    by = authorize(by, Permission.CASE_APPLY, held, at=at)
    if (person := account_of(by)) and person.pk == held.owner_id:
        held.owner = person
    if held.submitted_at:
        return Case.objects.get(application=held)
    if key != held.key and (other := WITH_KEY.first(key)):
        if other.owner_id == held.owner_id and other.submitted_at:
            return Case.objects.get(application=other)
        key = held.key  # somebody else's number says nothing of this application
    if held.discarded_at:
        raise Conflict("这份申请已经放弃", remedy="请到事项页面重新申请。")
    publication, item = held.publication, held.publication.item
    organ, text, day = item.organ, text_of(publication), day_of(at)
    if publication.until is not None or item.state != "active" or not organ.active:
        open_publication(item)
        raise Conflict(
            f"“{item}”的办事指南在您填写期间改过", remedy="请看一看改了什么，核对以后再提交；填好的内容都还在。"
        )
    materials, promises = ATTACHED(held.pk), PROMISED(held.pk)
    missing = lacking_of(
        asked_of(held), [*(position for position, _ in materials), *(each.position for each in promises)]
    )
    answers = opened(held.answers_sealed, purpose=ANSWERS)
    if held.channel != CaseChannel.SYSTEM:  # which is told of a hidden answer; a person's is left in the draft
        answers = without_hidden(text.form, answers)
    wrong = wanting(held.owner, text.form, answers, missing, on=day) if held.channel != CaseChannel.WINDOW else []
    if wrong:
        raise BadInput("有几处还没有填好", wrong, remedy="请照每一处的说明改好，再提交。")
    calendar = calendar_in_force()
    clock = CaseClock(kind=ClockKind.ACCEPTANCE, began_on=day, limit=policy().acceptance.days)
    count(clock, (), calendar=calendar)
    code = legible_code(CODE_LENGTH)
    serial = next_serial(organ, day.year)
    case = Case(
        number=f"{day.year}-{organ.pk}-{serial:06d}",
        year=day.year,
        serial=serial,
        application=held,
        publication=publication,
        item=item,
        organ=organ,
        applicant=held.owner,
        agent_id=held.agent_id,
        **applicant_fields(held, answers),
        query_code_sealed=encrypt(code, purpose=CODE),
        joint=is_joint(text.guide, text.plan, organ),
        received_at=at,
        complete_on=day,
        is_example=held.is_example,
        **main_due([clock]),
    )
    insert([case])
    clock.case = case
    insert([clock])
    held.answers_sealed = sealed = seal(answers, purpose=ANSWERS)
    held.submitted_at, held.key, held.schema_digest = at, key, text.form_digest
    sent = {"submitted_at": at, "key": key, "schema_digest": held.schema_digest, "answers_sealed": sealed}
    update(Application, {"pk": held.pk}, **sent)
    open_stage(case, 0, calendar=calendar, by=by, at=at)
    given = [[name, "电子件", "1"] for _, name in materials]
    receipt = {"materials": given or [["无需提交材料", "", ""]], "received_at": moment_in_words(at), "query_code": code}
    facts = {"answers": digest(sealed), "materials": len(given), "channel": held.channel}
    act = perform(case, ActKind.RECEIVE, facts=facts, paper=receipt, total=len(given), by=by, at=at)
    dispute_values(case, answers, by=by, at=at)
    received.send(Case, case=case, at=at)
    letters = commitment_letters(case.item_id, [each.name for each in promises]) if promises else {}
    for each in promises:
        issue_paper("commitment", act, letters[each.name], by=by, at=at)
    return case


WITH_KEY = PreparedQuery(lambda key: Application.objects.filter(key=key).only("owner", "submitted_at"))
ATTACHED = PreparedQuery(
    lambda application: (
        CaseMaterial.objects.filter(application=application, replaced_at=None)
        .order_by("position")
        .values_list("position", "name")
    )
)
PROMISED = PreparedQuery(lambda application: Promise.objects.filter(application=application, ending="").order_by())
NEXT = """
INSERT INTO {table} (organ_id, year, last) VALUES (%s, %s, 1)
ON CONFLICT (organ_id, year) DO UPDATE SET last = {table}.last + 1 RETURNING last
"""


def next_serial(organ: Organ, year: int) -> int:
    """Take the next number of an organ's year, in the act's transaction, so that none is left out or given twice."""
    with prepared_cursor(connection) as cursor:
        cursor.execute(NEXT.format(table=CaseCounter._meta.db_table), [organ.pk, year])
        return int(cursor.fetchone()[0])


OF_PERSON = {Prefill.PERSON_NAME: "name", Prefill.PERSON_NUMBER: "number"}
OF_COMPANY = {Prefill.COMPANY_NAME: "name", Prefill.COMPANY_CODE: "number"}


def wanting(
    owner: User,
    form: tuple[FormField, ...],
    answers: Mapping[str, Any],
    missing: Sequence[LackingMaterial],
    *,
    on: date,
) -> list[Problem]:
    """List all that keeps an application from being submitted: answers first, then papers that must be there."""
    return [
        *answer_problems(form, answers, on=on),
        *unlike_identity(owner, form, answers),
        *(Problem(f"还没有交“{each.name}”", field=f"materials.{each.position}") for each in missing if not each.later),
    ]


def unlike_identity(owner: User, form: Sequence[FormField], answers: Mapping[str, Any]) -> list[Problem]:
    """List answers that are not what the account is registered with, which no page lets one change."""
    identity = identity_of(owner)
    if identity is None:
        return []
    sources = OF_PERSON if identity.kind == CitizenKind.PERSON else OF_COMPANY
    return [
        Problem(
            f"“{each.label}”和账号的实名信息不一样", field=each.key, remedy="请填账号本人的；登记有误的，另外写明。"
        )
        for each in form
        if each.prefill in sources
        and answers.get(each.key)
        and differs_from_identity(identity, sources[Prefill(each.prefill)], str(answers[each.key]))
    ]


def applicant_fields(application: Application, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a case that say whose it is and how to reach them."""
    name, number = party_of(answers)
    owner = application.owner
    name, phone = name or names_of([owner])[owner.pk], answers.get("phone") or owner.phone
    sealed = seal({"name": name, "number": number, "phone": phone}, purpose=APPLICANT)
    return {"applicant_masked": mask_name(name), "applicant_sealed": sealed}


def commitment_letters(item: int, proofs: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Word the letters of commitment (承诺书) for proofs by the item's own forms, else by what the law says of all."""
    forms = {each.material: each for each in CommitmentForm.objects.filter(item=item, material__in=proofs)}
    return {each: _letter(each, forms.get(each)) for each in proofs}


def _letter(proof: str, form: CommitmentForm | None) -> dict[str, Any]:
    told = [form.content, form.liability] if form else ["不实承诺的，终止办理或者撤销决定，记入信用记录"]
    check = (
        f"{form.check_method}，{form.check_days}个工作日内"
        if form
        else f"{policy().commitment.check_days}个工作日内抽查"
    )
    said = ["所填写的情况真实", "已经知道告知的内容", "已经符合告知的条件", "愿意承担承诺不实的责任"]
    basis = [" ".join(filter(None, (form.basis_title, form.basis_articles)))] if form else []
    return {"proof": proof, "told": told, "commitment": said, "check": check, "basis": basis}
