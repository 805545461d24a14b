"""Acts on 诉求, each on a complaint and all that joined it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, QuerySet

from banshi.access import Permission, Visitor, authorize, roles_with
from banshi.calendar.deadlines import due_rank
from banshi.calendar.queries import calendar_in_force
from banshi.cases.models import Case
from banshi.cases.sealing import opened, seal
from banshi.catalog.models import Item
from banshi.core.clock import day_of
from banshi.core.crypto import digest
from banshi.core.errors import BadInput, Conflict, Problem, Refused
from banshi.core.ids import legible_code
from banshi.core.prepared import PreparedQuery
from banshi.core.repeats import A_CLICK, A_MOMENT, hold_name
from banshi.events import emit
from banshi.feedback.abuse import bare
from banshi.feedback.actions.lateness import SOFTWARE, tell_before_it_ends
from banshi.feedback.author_notices import tell_authors
from banshi.feedback.complaint_routing import STAFF, is_spoken_of, named_in, propose
from banshi.feedback.enums import ACCUSING, BY_HAND, ComplaintChannel, ComplaintKind
from banshi.feedback.events import (
    COMPLAINT_ANSWERED,
    COMPLAINT_FILED,
    COMPLAINT_RECLASSED,
    COMPLAINT_RECOUNTED,
    COMPLAINT_TRANSFERRED,
)
from banshi.feedback.models import (
    AccusedOrgan,
    AccusedPerson,
    Complaint,
    ComplaintFile,
    ComplaintReclassing,
    ComplaintTransfer,
    KnowledgeEntry,
)
from banshi.feedback.notifications import COMPLAINT_RECEIVED, NOBODY_TO_RECEIVE
from banshi.feedback.personal_words import personal_data_in
from banshi.feedback.policy import policy
from banshi.feedback.queries import (
    branch_of,
    code_of_complaint,
    desks_over,
    handlers_of,
    index_of,
    kept_from,
    new_complaint_number,
    waits_in_crowd,
)
from banshi.feedback.refused_reads import refuse_look
from banshi.feedback.sealing import CODE, REPORTER
from banshi.files import keep
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify
from banshi.notifications.recipients import holders
from banshi.people.models import Organ, Post
from banshi.people.queries import account_of, mobiles_of, names_of, posts_on
from banshi.uploads.receiving import examined
from banshi.workflow.actions import move, move_many
from banshi.workflow.transitions import authorize_move

CODE_LENGTH = 8
LONGEST_TEXT, FILES_OF_ONE = 5000, 10
"""Of what is kept: 4,000 letters that somebody writes, a place and an address beside them."""
JUST_NOW = 20
"""Complaints of the same words that are looked at for one by the same person."""
COPIED = 12
"""Letters in a row of somebody's complaint that are a copy and no question of everybody's."""


@transaction.atomic
def file_complaint(
    kind: str,
    *,
    text: str,
    channel: str = ComplaintChannel.SITE,
    item: Item | None = None,
    case: Case | None = None,
    organ: Organ | None = None,
    service_class: str = "",
    anonymous: bool = False,
    name: str = "",
    contact: str = "",
    files: Sequence[UploadedFile] = (),
    crowded: bool = False,
    by: Actor,
    at: datetime,
) -> Complaint:
    """Take in a complaint, with its class, its receiver and its last day.

    One like another that is not answered yet joins it, keeping its own number, person and promise. One of many from one
    network (`crowded`) that is like none waits with the desk, without attachments, until somebody has looked at it.
    """
    authorize(by, Permission.COMPLAINT_FILE, at=at)
    words = text.strip()
    kind = ComplaintKind(kind)
    if len(words) < 5:
        raise BadInput(
            "没有写内容", [Problem("请写清什么事、在哪里、希望怎么办", field="text")], remedy="至少写5个字。"
        )
    if len(words) > LONGEST_TEXT:
        raise BadInput("内容太长", [Problem(f"最多{LONGEST_TEXT}字", field="text")], remedy="请写最要紧的。")
    writer = account_of(by)
    proposal, likeness = (
        propose(words, kind=kind, item=item, case=case, organ=organ, service_class=service_class, at=at),
        likeness_of(words),
    )
    rules, calendar, day = policy().complaint, calendar_in_force(), day_of(at)
    receiver, why, held, desk = proposal.organ, proposal.why, proposal.held, None
    crowded = crowded and not files
    aside = crowded and not (held or proposal.nobody or _leader(kind, likeness, receiver, at))
    if aside:
        why.append("短时间里从同一个网络来得太多，先由诉求受理人员核对再转给承办单位，答复的期限不变")
    waits = bool(held) or aside
    if waits or receiver is None:
        apart = branch_of(proposal.accused)
        desk = desks_over([proposal.division.code], but=apart, at=at).get(proposal.division.code)
    if waits and (channel in BY_HAND or desk is None):
        why, held, waits = why[:-1], [], False
    elif waits:
        receiver = None
    limit = rules.limit_of(kind)
    last = calendar.rank_of(day) + limit.days
    account = account_of(by) if channel not in BY_HAND else None
    kept: dict[str, Any] = {"why": why} | ({"organ": proposal.organ and proposal.organ.pk} if waits else {})
    kept |= ({"held": held} if held else {}) | ({"crowded": True} if crowded else {})
    person = {
        "account": account.pk if account else None,
        "name": name or (names_of([account])[account.pk] if account else ""),
        "contact": contact or (mobiles_of([account.pk]).get(account.pk, account.phone) if account else ""),
    }
    of_these = {"kind": kind, "channel": channel, "text": words, "item": item, "case": case, "anonymous": anonymous}
    # A second click of one we know gets the same number and code. Of those we know nothing of, two who say the same are two.
    if not anonymous and (account or contact):
        hold_name(f"feedback.Complaint {likeness}")
        since = at - (A_MOMENT if writer else A_CLICK)
        same = Complaint.objects.filter(**of_these, organ=receiver, received_at__gt=since, likeness=likeness)
        same = same.filter(reporter_index=index_of(account) if account else "")
        for just in same.order_by("-pk")[:JUST_NOW]:
            if opened(just.reporter_sealed, purpose=REPORTER) == person:
                return just
    complaint = Complaint.objects.create(
        number=new_complaint_number(at),
        code_sealed=seal(legible_code(CODE_LENGTH), purpose=CODE),
        kind=kind,
        channel=channel,
        service_class=proposal.service_class,
        text=words,
        likeness=likeness,
        item=item,
        case=case,
        division=proposal.division,
        organ=receiver,
        proposal=kept,
        anonymous=anonymous,
        reporter_index="" if anonymous or account is None else index_of(account),
        reporter_sealed=b"" if anonymous else seal(person, purpose=REPORTER),
        received_at=at,
        accept_rank=calendar.rank_of(day) + rules.accept_days,
        due_rank=last,
        promised={"days": limit.days, "basis": limit.basis, "last": calendar.day_of(last).isoformat()},
        leader=_leader(kind, likeness, receiver, at),
    )
    AccusedOrgan.objects.bulk_create([AccusedOrgan(complaint=complaint, organ=each) for each in proposal.accused])
    _name_accused([complaint])
    if files:
        _keep_files(complaint, files, at)
    actor: Any = by if channel in BY_HAND else Visitor()
    told = {"what": str(kind), "channel": str(channel), "due_rank": last, "accept_rank": complaint.accept_rank}
    record("feedback.file_complaint", complaint, by=actor, at=at, facts={**told, "text": digest(words.encode())})
    emit(COMPLAINT_FILED, complaint, by=actor, at=at, **told, joined=complaint.leader_id is not None)
    # Of many that wait to be looked at the desk is told once.
    told_before = aside and waits and _others_wait(complaint)
    if not told_before and complaint.leader_id is None and (told_at := complaint.organ_id or desk):
        people = holders([told_at], Permission.COMPLAINT_HANDLE, day).get(told_at, set())
        context = {"number": complaint.number, "kind": ComplaintKind(kind).label, "last": calendar.day_of(last)}
        notify(COMPLAINT_RECEIVED, people - about([complaint]), subject=complaint, context=context, at=at)
    if proposal.nobody and complaint.leader_id is None:
        # No other unit takes it: whoever gives posts is told to find one, and reads neither its text nor its number.
        posts = posts_on(day).filter(role__in=roles_with(Permission.PEOPLE_MANAGE))
        arranging = set(posts.values_list("user", flat=True)) - about([complaint])
        notify(NOBODY_TO_RECEIVE, arranging, context={"last": calendar.day_of(complaint.accept_rank)}, at=at)
    return complaint


def _keep_files(complaint: Complaint, files: Sequence[UploadedFile], at: datetime) -> ComplaintFile:
    """Examine, scan and keep what was sent, in nobody's name."""
    with examined(files, title="附件") as paper:
        kept = keep(paper.file, name=paper.name, purpose="complaint", organ=complaint.organ, by=Visitor(), at=at)
    return ComplaintFile.objects.create(complaint=complaint, file=kept)


@transaction.atomic
def attach_to_complaint(
    complaint: Complaint, files: Sequence[UploadedFile], *, code: str = "", by: Actor, at: datetime
) -> ComplaintFile:
    """Add photographs or papers to one's complaint while it is not answered."""
    now = _own(complaint, code, by, at)
    if not _in([now], "received", "handling"):
        raise Conflict("已经答复，不能再补附件", remedy="不满意答复的，请要求重新办理。")
    if waits_in_crowd(now):
        raise Conflict("这一件先要核对，现在不收附件", remedy="核对以后打开这一页再补；急的请打 12345。")
    if now.files.count() >= FILES_OF_ONE:
        raise Conflict(f"一件最多补{FILES_OF_ONE}次附件", remedy="请说明还有什么，由办理的人联系您。")
    added = _keep_files(now, files, at)
    record("feedback.attach_to_complaint", now, by=Visitor(), at=at, facts={"digest": added.file.digest})
    return added


def _others_wait(complaint: Complaint) -> bool:
    """Tell whether the desk has others to look at that came in a crowd."""
    waiting = Complaint.objects.filter(division=complaint.division, organ=None, state="received", leader=None)
    return waiting.filter(proposal__crowded=True).exclude(pk=complaint.pk).exists()


def likeness_of(text: str) -> str:
    """Digest a text without marks, blanks and case, by which equal complaints find each other."""
    return digest(bare(text).encode())


def _leader(kind: str, likeness: str, organ: Organ | None, at: datetime) -> Complaint | None:
    """Find the first open complaint of the kind with the same text for the same receiver."""
    since = at - timedelta(days=policy().complaint.join_days)
    return (
        LEADERS.first(str(kind), likeness, organ.pk, since)
        if organ
        else WITHOUT_ORGAN.first(str(kind), likeness, since)
    )


def _leaders(kind: str, likeness: str, organ: int | None, since: datetime) -> QuerySet[Complaint]:
    same = Complaint.objects.filter(kind=kind, likeness=likeness, organ=organ, leader=None, received_at__gte=since)
    return same.filter(state__in=("received", "handling")).order_by("pk")


LEADERS = PreparedQuery(_leaders)
WITHOUT_ORGAN = PreparedQuery(lambda kind, likeness, since: _leaders(kind, likeness, None, since))


def _name_accused(some: Sequence[Complaint]) -> None:
    """Keep complaints from staff of the receiver whose names stand in the text."""
    # One that is held tells to whom it would have gone.
    accusing = {each: each.organ_id or each.proposal.get("organ") for each in some if each.protection in ACCUSING}
    if not any(accusing.values()):
        return
    staff = sorted({each for organ in set(accusing.values()) if organ for each in STAFF(organ)})
    rows = [AccusedPerson(complaint=each, user_id=pk) for each in accusing for pk in named_in(each.text, staff)]
    AccusedPerson.objects.bulk_create(rows, ignore_conflicts=True)


def about(some: Sequence[Complaint]) -> set[int]:
    """Collect the people complaints and reports are about: named in them, of an organ they accuse, handlers of their case."""
    accusing = [each for each in some if each.protection in ACCUSING]
    if not accusing:
        return set()
    named = AccusedPerson.objects.filter(complaint__in=[each.pk for each in accusing]).values_list("user", flat=True)
    theirs = Post.objects.filter(organ__in=barred_from(accusing)).values_list("user", flat=True)
    return {*named, *theirs}.union(*(handlers_of(each.case) for each in accusing if each.case))


def barred_from(some: Sequence[Complaint]) -> set[int]:
    """Collect the organs that complaints accuse, with those under them."""
    keys = [each.pk for each in some]
    accused = set(AccusedOrgan.objects.filter(complaint__in=keys).order_by().values_list("organ", flat=True))
    return branch_of(Organ.objects.filter(pk__in=accused)) if accused else set()


def _group(complaint: Complaint) -> list[Complaint]:
    """Lock a complaint and those that joined it."""
    leader = complaint.leader_id or complaint.pk
    rows = Complaint.objects.select_for_update(of=("self",)).select_related("organ", "case", "division")
    return sorted([*rows.filter(pk=leader), *rows.filter(leader=leader)], key=lambda each: each.pk)


def _in(some: Sequence[Complaint], *states: str) -> list[Complaint]:
    return [each for each in some if each.state in states]


@transaction.atomic
def accept_complaint(complaint: Complaint, *, by: Actor, at: datetime) -> Complaint:
    """Accept a complaint and those like it."""
    some = _in(_group(complaint), "received")
    if not some or some[0].organ_id is None:
        authorize_move([complaint], "accept", by=by, at=at)
        raise Conflict("现在不能受理", remedy="没有承办单位的，请先转给该办的单位；已经受理的，请刷新页面。")
    tell_before_it_ends(some, by=SOFTWARE, at=at)
    move_many(some, "accept", by=by, at=at)
    record("feedback.accept_complaint", some[0], by=by, at=at, facts={"together": [each.pk for each in some]})
    tell_authors(some, "已经受理", "请等答复", by_last_day=True, at=at)
    return some[0]


@transaction.atomic
def transfer_complaint(
    complaint: Complaint,
    *,
    to: Organ,
    reason: str,
    service_class: str = "",
    not_accused: bool = False,
    by: Actor,
    at: datetime,
) -> Complaint:
    """Pass a complaint on to a named receiver, which is counted and leaves its last day where it was.

    One that it accuses is refused, unless whoever passes it on has read that it is `not_accused`.
    """
    some = _in(_group(complaint), "received", "handling")
    by = authorize_move(some or [complaint], "transfer", by=by, at=at)
    if not some:
        raise Conflict("现在不能转办", remedy="已经答复的不能再转，请刷新页面查看。")
    if not reason.strip():
        raise BadInput(
            "没有写为什么转办", [Problem("请写明为什么该由对方办", field="reason")], remedy="写反映的人看得懂的话。"
        )
    if some[0].organ_id == to.pk:
        raise BadInput("已经在这个单位", [Problem("请选别的单位", field="to")], remedy="要换分类的，请选分类。")
    cleared = _refuse_the_accused(some, to, not_accused=not_accused)
    source, first = some[0].organ, some[0].organ_id is None
    note = f"转给{to.name}：{reason.strip()}"
    move_many(some, "transfer", note=note, by=by, at=at)
    chosen = {"organ": to, "division": to.division, "transfers": F("transfers") + (0 if first else 1)}
    if service_class:
        chosen["service_class"] = policy().complaint.class_named(service_class).code
    Complaint.objects.filter(pk__in=[each.pk for each in some]).update(**chosen)
    some = [*Complaint.objects.filter(pk__in=[each.pk for each in some]).select_related("organ", "case").order_by("pk")]
    _name_accused(some)
    rows = {"source": source, "to": to, "reason": reason.strip()[:500], "at": at, "by": account_of(by)}
    ComplaintTransfer.objects.bulk_create([ComplaintTransfer(complaint=each, **rows) for each in some])
    facts = {"from": source.pk if source else None, "to": to.pk, "together": [each.pk for each in some]}
    if cleared:
        facts["not_accused"] = cleared
    record("feedback.transfer_complaint", some[0], by=by, at=at, facts=facts)
    now = some[0]
    emit(COMPLAINT_TRANSFERRED, now, by=by, at=at, to=to.pk, source=source.pk if source else None, times=now.transfers)
    people = holders([to.pk], Permission.COMPLAINT_HANDLE, day_of(at)).get(to.pk, set())
    calendar = calendar_in_force()
    context = {"number": now.number, "kind": now.get_kind_display(), "last": calendar.day_of(now.due_rank)}
    notify(COMPLAINT_RECEIVED, people - about(some), subject=now, context=context, at=at)
    tell_authors(some, f"已经转给{to.name}办理，答复的期限不变", "请等答复", by_last_day=True, at=at)
    return now


@transaction.atomic
def reclass_complaint(
    complaint: Complaint, *, kind: str, reason: str, protected: bool = False, by: Actor, at: datetime
) -> Complaint:
    """Change the kind of a complaint and those that joined it, which is counted and leaves its last day where it was.

    What accused somebody stays kept from them as before (`protected`: whoever does it has read that). What begins to
    accuse goes to another than whom it accuses.
    """
    some = _in(_group(complaint), "received", "handling")
    by = authorize_move(some or [complaint], "transfer", by=by, at=at)
    if not some:
        raise Conflict("现在不能改类型", remedy="已经答复的不能再改，请刷新页面查看。")
    before, after, said = some[0].kind, ComplaintKind(kind), reason.strip()
    problems = [] if said else [Problem("请写明为什么不是原来的类型", field="reason")]
    if before == after:
        problems.append(Problem("已经是这个类型，请选别的", field="kind"))
    keeps = some[0].protection in ACCUSING and after != ComplaintKind.REPORT
    if keeps and not protected:
        problems.append(
            Problem("请看清并勾选：改了类型，原来看不到的人仍然看不到，也查不到是谁反映的", field="protected")
        )
    if problems:
        raise BadInput("不能这样改类型", problems, remedy="提的人会看到改成什么、为什么；期限不变。")
    first, source = some[0], some[0].organ
    shield = first.protection if keeps else ""
    receiver, division = source, first.division
    if after == ComplaintKind.REPORT:
        found = propose(first.text, kind=after, item=first.item, case=first.case, organ=source, at=at)
        receiver, division = (
            (source, division) if source is None or found.organ == source else (found.organ, found.division)
        )
        AccusedOrgan.objects.bulk_create(
            [AccusedOrgan(complaint=each, organ=organ) for each in some for organ in found.accused],
            ignore_conflicts=True,
        )
    if receiver != source:
        move_many(some, "transfer", note=f"改为{after.label}，交给{receiver or '诉求受理人员'}：{said}", by=by, at=at)
    keys = [each.pk for each in some]
    changes = {"kind": after, "protected_as": shield, "organ": receiver, "division": division}
    Complaint.objects.filter(pk__in=keys).update(**changes)
    some = [*Complaint.objects.filter(pk__in=keys).select_related("organ", "case").order_by("pk")]
    _name_accused(some)
    row = {"before": before, "after": after, "source": source, "to": receiver, "reason": said[:500], "at": at}
    ComplaintReclassing.objects.bulk_create(
        [ComplaintReclassing(complaint=each, **row, by=account_of(by)) for each in some]
    )
    to, of = receiver.pk if receiver else None, source.pk if source else None
    facts = {"before": before, "after": str(after), "from": of, "to": to, "together": keys, "protected_as": shield}
    record("feedback.reclass_complaint", some[0], by=by, at=at, facts=facts)
    times = some[0].reclassings.count()
    emit(COMPLAINT_RECLASSED, some[0], by=by, at=at, before=before, after=str(after), to=to, source=of, times=times)
    now, calendar = some[0], calendar_in_force()
    if receiver != source:
        desk = to or desks_over([division.code], but=barred_from(some), at=at).get(division.code)
        people = holders([desk], Permission.COMPLAINT_HANDLE, day_of(at)).get(desk, set()) if desk else set()
        context = {"number": now.number, "kind": now.get_kind_display(), "last": calendar.day_of(now.due_rank)}
        notify(COMPLAINT_RECEIVED, people - about(some), subject=now, context=context, at=at)
    whose = receiver.name if receiver else "诉求受理人员"
    kept = "，对您的保护不变" if shield else ""
    tell_authors(
        some, f"已经改为{after.label}，由{whose}办理，答复的期限不变{kept}", "请等答复", by_last_day=True, at=at
    )
    return now


def _refuse_the_accused(some: Sequence[Complaint], to: Organ, *, not_accused: bool) -> list[int]:
    """Refuse a receiver that is accused, or answer which organs were named and are not."""
    elsewhere = [each for each in some if policy().complaint.limit_of(each.protection).elsewhere]
    if to.pk not in barred_from(some) and not any(is_spoken_of(to, each.text) for each in elsewhere):
        return []
    if not not_accused:
        raise BadInput(
            f"反映的像是{to.name}或者它的上级，不能转给它",
            [Problem("请转给和它无关的单位，比如它的上级主管、纪检监察机构", field="to")],
            remedy="写到它只是请它来办的，请看清内容，勾选“反映的不是它”。",
        )
    over = {to.pk, to.superior_id, to.superior.superior_id if to.superior else None}
    named = AccusedOrgan.objects.filter(complaint__in=[each.pk for each in some], organ__in=over - {None})
    cleared = sorted(set(named.values_list("organ", flat=True)))
    named.delete()
    return cleared


@transaction.atomic
def answer_complaint(complaint: Complaint, *, answer: str, by: Actor, at: datetime) -> Complaint:
    """Answer a complaint and all that joined it, accepting those that came meanwhile."""
    some = _group(complaint)
    late = _in(some, "received") if _in(some, "handling") else []
    if late:
        move_many(late, "accept", by=by, at=at)
    open_ones = [*_in(some, "handling")]
    by = authorize_move(open_ones or [complaint], "answer", by=by, at=at)
    if not open_ones:
        raise Conflict("现在不能答复", remedy="没有受理的请先受理；已经答复的，请刷新页面查看。")
    if len(answer.strip()) < 5:
        raise BadInput(
            "没有写答复", [Problem("请写明查到什么、怎么办的、依据什么", field="answer")], remedy="提的人会看到。"
        )
    tell_before_it_ends(open_ones, by=SOFTWARE, at=at)
    move_many(open_ones, "answer", by=by, at=at, answer=answer.strip(), answered_at=at)
    facts = {"answer": digest(answer.strip().encode()), "together": [each.pk for each in open_ones]}
    record("feedback.answer_complaint", open_ones[0], by=by, at=at, facts=facts)
    emit(COMPLAINT_ANSWERED, open_ones[0], by=by, at=at, together=len(open_ones), due_rank=open_ones[0].due_rank)
    days = policy().complaint.reopen_days
    tell_authors(open_ones, "已经答复", f"请打开看答复，满意的点办结；不满意的，{days}天内可以要求重新办理", at=at)
    return open_ones[0]


@transaction.atomic
def refuse_complaint(complaint: Complaint, *, reason: str, by: Actor, at: datetime) -> Complaint:
    """Refuse to accept, with the reason and where else to turn."""
    some = _in(_group(complaint), "received")
    by = authorize_move(some or [complaint], "refuse", by=by, at=at)
    if len(reason.strip()) < 5:
        raise BadInput("没有写理由", [Problem("请写明理由和可以到哪里反映", field="reason")], remedy="提的人会看到。")
    if not some:
        raise Conflict("现在不能不予受理", remedy="已经受理的要答复，请刷新页面查看。")
    tell_before_it_ends(some, by=SOFTWARE, at=at)
    move_many(some, "refuse", by=by, at=at, answer=reason.strip(), answered_at=at, ended_at=at)
    facts = {"answer": digest(reason.strip().encode()), "together": [each.pk for each in some]}
    record("feedback.refuse_complaint", some[0], by=by, at=at, facts=facts)
    tell_authors(some, "不予受理", "请打开看理由和可以到哪里反映", at=at)
    return some[0]


@transaction.atomic
def join_complaint(complaint: Complaint, *, leader: Complaint, by: Actor, at: datetime) -> Complaint:
    """Join a complaint to another that says the same in other words."""
    by = authorize(by, Permission.COMPLAINT_HANDLE, complaint, at=at)
    authorize(by, Permission.COMPLAINT_HANDLE, leader, at=at)
    now = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    head = Complaint.objects.get(pk=leader.leader_id or leader.pk)
    if now.pk == head.pk or now.organ_id != head.organ_id or not _in([now], "received", "handling"):
        raise Conflict("不能并到一起", remedy="只能并同一个单位没有答复的另一件。")
    if not _in([head], "received", "handling"):
        raise Conflict("那一件已经答复", remedy="请单独答复这一件。")
    if now.leader_id is None:
        _recount(now, -1, by=by)
    Complaint.objects.filter(leader=now).update(leader=head)
    now.leader = head
    now.save(update_fields=["leader"])
    record("feedback.join_complaint", now, by=by, at=at, facts={"leader": head.pk})
    return now


@transaction.atomic
def separate_complaint(complaint: Complaint, *, by: Actor, at: datetime) -> Complaint:
    """Take a complaint out of those it joined, to be dealt with and counted by itself."""
    by = authorize(by, Permission.COMPLAINT_HANDLE, complaint, at=at)
    now = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    if now.leader_id is None or not _in([now], "received", "handling"):
        raise Conflict("不能分开", remedy="没有并到别的、或者已经答复的，不用分开；请刷新页面查看。")
    record("feedback.separate_complaint", now, by=by, at=at, facts={"leader": now.leader_id})
    now.leader = None
    now.save(update_fields=["leader"])
    _recount(now, 1, by=by)
    return now


def _recount(complaint: Complaint, by_how_many: int, *, by: Actor) -> None:
    """Have figures count a complaint for the organ and in the month that it was counted for when it came, or no longer."""
    passed = complaint.transfer_rows.first()
    counted = Complaint(
        pk=complaint.pk, organ_id=passed.source_id if passed else complaint.organ_id, item_id=complaint.item_id
    )
    more = {"counted": by_how_many, "alike": -by_how_many}
    emit(COMPLAINT_RECOUNTED, counted, by=by, at=complaint.received_at, **more)


@transaction.atomic
def confirm_complaint(complaint: Complaint, *, code: str = "", by: Actor, at: datetime) -> Complaint:
    """Close one's complaint as answered well."""
    now = _own(complaint, code, by, at)
    move(now, "confirm", by=Visitor(), at=at, satisfied=True, ended_at=at)
    record("feedback.confirm_complaint", now, by=Visitor(), at=at)
    return now


@transaction.atomic
def reopen_complaint(complaint: Complaint, *, words: str, code: str = "", by: Actor, at: datetime) -> Complaint:
    """Have one's complaint dealt with again within the days the rules give, apart from those it joined."""
    now = _own(complaint, code, by, at)
    days = policy().complaint.reopen_days
    if now.answered_at is None or at - now.answered_at > timedelta(days=days):
        raise Conflict(f"答复以后超过{days}天，不能再要求重新办理", remedy="可以另写一件，或者打 12345。")
    if not words.strip():
        raise BadInput("没有写哪里不满意", [Problem("请写哪里没有解决", field="words")], remedy="写清楚才好重新办。")
    calendar, day = calendar_in_force(), day_of(at)
    again = due_rank(day, policy().complaint.limit_of(now.kind).days, calendar=calendar)
    changes: dict[str, Any] = {
        "satisfied": False,
        "reopened": now.reopened + 1,
        "leader": None,
        "late_at": now.late_at or now.again_late_at,
        "again_late_at": None,
        "due_rank": max(now.due_rank, again or 0),
    }
    if now.leader_id is not None:
        _recount(now, 1, by=Visitor())
    move(now, "reopen", note=words.strip(), by=Visitor(), at=at, **changes)
    record("feedback.reopen_complaint", now, by=Visitor(), at=at, facts={"times": now.reopened})
    return now


def _own(complaint: Complaint, code: str, by: Actor, at: datetime) -> Complaint:
    """Lock a complaint for who made it: the account, or whoever has its query code."""
    authorize(by, Permission.COMPLAINT_FOLLOW, at=at)
    now = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    account = account_of(by)
    if not (account and now.reporter_index == index_of(account)) and code.strip().upper() != code_of_complaint(now):
        raise Refused("只有提的人可以评价答复、补附件", remedy="请用编号和查询码打开，或者用提交时的账号登录。")
    return now


@transaction.atomic
def close_answered(*, by: Actor, at: datetime) -> int:
    """Close answered complaints whose days for reopening are over."""
    by = authorize(by, Permission.AUTOMATIC, at=at)
    limit = at - timedelta(days=policy().complaint.reopen_days)
    some = list(Complaint.objects.filter(state="answered", answered_at__lt=limit).order_by("pk")[:1000])
    if some:
        move_many(some, "close", by=by, at=at, ended_at=at)
        record("feedback.close_complaints", some[0], by=by, at=at, facts={"closed": [each.pk for each in some]})
    return len(some)


@transaction.atomic
def publish_answer(complaint: Complaint, *, question: str, answer: str, by: Actor, at: datetime) -> KnowledgeEntry:
    """Publish a good answer as knowledge, in words that tell of nobody."""
    by = authorize(by, Permission.COMPLAINT_HANDLE, complaint, at=at)
    now = Complaint.objects.select_related("organ").get(pk=complaint.pk)
    if now.organ is None or not now.answer:
        raise Conflict("还没有答复", remedy="答复以后才能公开成知识。")
    problems = []
    for name, label, text in (("question", "问题", question), ("answer", "答复", answer)):
        if not text.strip():
            problems.append(Problem(f"{label}没有写", field=name))
        elif found := personal_data_in(text, people=[opened(now.reporter_sealed, purpose=REPORTER).get("name", "")]):
            problems.append(Problem(f"{label}里有{'、'.join(found)}，公开前请去掉", field=name))
    if len(question.strip()) >= COPIED and question.strip() in now.text:
        problems.append(Problem("这是提的人的原话，请用自己的话写成大家会问的问题", field="question"))
    if problems:
        raise BadInput("不能这样公开", problems, remedy="请去掉个人信息，写成大家都看得懂的问答。")
    kept = {"question": question.strip()[:300], "answer": answer.strip(), "organ": now.organ, "item": now.item}
    entry, _ = KnowledgeEntry.objects.update_or_create(
        source=now, defaults={**kept, "published_at": at, "ended_at": None}
    )
    facts = {"complaint": now.pk, "answer": digest(entry.answer.encode())}
    record("feedback.publish_answer", entry, by=by, at=at, facts=facts)
    return entry


def look_at_reporter(complaint: Complaint, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Open who complained, recording each look and also the refused try of somebody it is about."""
    account = account_of(by)
    now = Complaint.objects.select_related("organ", "case", "division").get(pk=complaint.pk)
    if account and Complaint.objects.filter(kept_from(account), pk=now.pk).exists():
        refusal = Refused(
            "反映的是您经办的事，不能查看是谁反映的；这次查看已经记录",
            remedy="请由别的同事办理。打击报复反映人的，依规处理。",
        )
        refuse_look(now, refusal, what="reporter", by=by, at=at)
    with transaction.atomic():
        authorize(by, Permission.COMPLAINT_IDENTITY, now, at=at)
        record("feedback.look", now, by=by, at=at, facts={"what": "reporter"})
    found: dict[str, Any] = opened(now.reporter_sealed, purpose=REPORTER)
    return found
