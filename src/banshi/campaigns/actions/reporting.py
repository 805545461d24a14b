"""Units: who answers for the work, what is wanted with each item, the summary, the signed report, its papers."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.timezone import localtime

from banshi.access import Permission, authorize, authorize_many
from banshi.calendar.queries import calendar_in_force
from banshi.campaigns.actions.campaigns import add_items
from banshi.campaigns.actions.handing_in import hand_in
from banshi.campaigns.enums import Disposition, PhaseKind, ReportedList
from banshi.campaigns.models import Absence, Entry, Participation, Report, Review, ReviewBody
from banshi.campaigns.plan import Body
from banshi.campaigns.queries import OWED, claimed_now, stage_of_round
from banshi.campaigns.signing_blockers import incomplete, of_rules, of_time, of_unit, owed_entries, without_name
from banshi.catalog.actions import drafts_of, return_texts, submit_drafts
from banshi.catalog.actions.drafts import content_digest
from banshi.catalog.models import Item, Publication, ReferenceItem, Revision
from banshi.core.crypto import digest
from banshi.core.errors import BadInput, Conflict, Problem, Refused
from banshi.core.models import StoredFile
from banshi.ledger import Actor, record
from banshi.people.models import User
from banshi.people.queries import account_of
from banshi.workflow.actions import move_many
from banshi.workflow.transitions import authorize_move

ROWS_AT_ONCE = 1000
TO_REPORT = OWED
PROBLEMS_NAMED = 50


@transaction.atomic
def name_contacts(
    unit: Participation, *, leader: str, section: str, clerk: str, phone: str = "", by: Actor, at: datetime
) -> Participation:
    """Name the leader, the leading section and the clerk of a unit (分管领导、牵头科室、经办人员)."""
    authorize(by, Permission.REPORT_PREPARE, unit, at=at)
    given = {"leader": leader.strip(), "section": section.strip(), "clerk": clerk.strip()}
    labels = {"leader": "分管领导", "section": "牵头科室", "clerk": "经办人员"}
    if problems := [Problem(f"请写{labels[name]}", field=name) for name, value in given.items() if not value]:
        raise BadInput("三项都要写明", problems)
    for name, value in {**given, "phone": phone.strip(), "named_at": at}.items():
        setattr(unit, name, value)
    unit.save(update_fields=[*given, "phone", "named_at"])
    record("campaigns.name_contacts", unit, by=by, at=at, facts=given)
    return unit


@transaction.atomic
def gather_items(unit: Participation, *, items: Sequence[Item] | None = None, by: Actor, at: datetime) -> int:
    """Take items that came into being since the unit was invited onto its list, of which only `items` if given."""
    authorize(by, Permission.REPORT_PREPARE, unit, at=at)
    if unit.left_at:
        raise Conflict("本单位已经退出这次清理", remedy="如果还要参加，请与组织单位联系。")
    added = add_items(unit, None if items is None else [each.pk for each in items])
    if added:
        record("campaigns.gather_items", unit, by=by, at=at, facts={"added": added})
    return added


@transaction.atomic
def take_off_list(entries: Sequence[Entry], *, by: Actor, at: datetime) -> int:
    """Take items never published and never reported off the unit's list again.

    They stay drafts.
    """
    authorize_many(by, Permission.REPORT_PREPARE, entries, at=at)
    keys = [entry.pk for entry in entries]
    locked = list(Entry.objects.select_for_update(of=("self",)).select_related("item").filter(pk__in=keys))
    published = set(
        Publication.objects.filter(item__in=[each.item_id for each in locked]).values_list("item", flat=True)
    )
    problems = [
        Problem("公布过的事项都要参审" if each.item_id in published else "已经上报过", where=str(each.item))
        for each in locked
        if each.round or each.state not in TO_REPORT or each.item_id in published
    ]
    if problems:
        raise BadInput(
            f"有{len(problems)}项不能撤出", problems[:PROBLEMS_NAMED], remedy="不再办的请填处置意见“取消”，写明理由。"
        )
    facts = {"items": [each.item_id for each in locked]}
    for unit in {each.participation_id: each.participation for each in entries}.values():
        record("campaigns.take_off_list", unit, by=by, at=at, facts=facts)
    Entry.objects.filter(pk__in=keys).delete()
    return len(locked)


@transaction.atomic
def set_disposition(
    entries: Sequence[Entry],
    *,
    disposition: str,
    note: str = "",
    target: Item | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Set the proposed disposition (初步处置意见).

    All but 保留 say why. 合并 says into which item.
    """
    authorize_many(by, Permission.REPORT_PREPARE, entries, at=at)
    wanted = Disposition(disposition)
    if wanted != Disposition.KEEP and not note.strip():
        raise BadInput(f"“{wanted.label}”要写明理由", [Problem("请写理由", field="note")])
    if (wanted == Disposition.MERGE) != (target is not None):
        raise BadInput("合并要选并入哪个事项", [Problem("请选并入的事项", field="target")])
    keys = [entry.pk for entry in entries if entry.item_id != (target and target.pk)]
    changed = Entry.objects.filter(pk__in=keys, state__in=TO_REPORT).update(
        disposition=wanted, disposition_note=note.strip(), target=target
    )
    if changed != len(entries):
        raise Conflict("有的事项已经上报，或不能并入它自己", remedy="请刷新页面重新选择。")
    facts = {"entries": keys, "disposition": wanted, "note": note, "target": target and target.pk}
    record("campaigns.set_disposition", entries[0].participation, by=by, at=at, facts=facts)


@transaction.atomic
def explain_absence(unit: Participation, *, reference: ReferenceItem, reason: str, by: Actor, at: datetime) -> Absence:
    """Say why the unit has no item for an entry of the reference catalogue."""
    authorize(by, Permission.REPORT_PREPARE, unit, at=at)
    if not reason.strip():
        raise BadInput("请写没有这一项的原因", [Problem("请写原因", field="reason")])
    absence, _ = Absence.objects.update_or_create(
        participation=unit, reference=reference, defaults={"reason": reason.strip(), "at": at}
    )
    record("campaigns.explain_absence", unit, by=by, at=at, facts={"reference": reference.pk, "reason": absence.reason})
    return absence


@transaction.atomic
def explain_absences(unit: Participation, *, reasons: Mapping[ReferenceItem, str], by: Actor, at: datetime) -> int:
    """Keep several explanations at once.

    The number of those that are new or changed.
    """
    by = authorize(by, Permission.REPORT_PREPARE, unit, at=at)
    told = dict(unit.absences.values_list("reference", "reason"))
    changed = {each: reason for each, reason in reasons.items() if told.get(each.pk) != reason.strip()}
    for reference, reason in changed.items():
        explain_absence(unit, reference=reference, reason=reason, by=by, at=at)
    return len(changed)


@transaction.atomic
def write_summary(
    unit: Participation, *, progress: str, problems: str, suggestions: str, by: Actor, at: datetime
) -> Participation:
    """Write the summary of the work (工作小结), with progress, problems and suggestions."""
    authorize(by, Permission.REPORT_PREPARE, unit, at=at)
    unit.progress, unit.problems, unit.suggestions = progress.strip(), problems.strip(), suggestions.strip()
    unit.save(update_fields=["progress", "problems", "suggestions"])
    record("campaigns.write_summary", unit, by=by, at=at, facts={"signs": len(progress + problems + suggestions)})
    return unit


@transaction.atomic
def sign_report(unit: Participation, *, by: Actor, at: datetime) -> Report:
    """Sign the report (上报) for all items not reported yet, or returned.

    Their texts are frozen. Reviewers have them at once.
    """
    unit = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("campaign", "organ__division")
        .get(pk=unit.pk)
    )
    entries = owed_entries(unit)
    if not entries:
        raise BadInput("还不能上报", [each.problem for each in of_unit(unit, entries)], remedy="请补齐后再上报。")
    by, signer = authorize_move(entries, "report", by=by, at=at), account_of(by)
    if signer is None:
        raise Refused("上报要由单位负责人审签", remedy="请由单位负责人登录后办理。")
    number = unit.reported_round + 1
    today = localtime(at).date()
    for found in of_time(unit, today):
        raise Conflict(found.message, remedy="请核对日程，或与组织单位联系。")
    stages = stage_of_round(unit.campaign, PhaseKind.REPORT, number, unit.batch)
    calendar = calendar_in_force()  # 民法典 §203: a last day of rest gives way to the next working day
    late = max(0, calendar.working_days_between(calendar.next_working(stages[-1].ends), today)) if stages else 0
    if problems := [each.problem for each in of_unit(unit, entries)]:
        raise BadInput("还不能上报", problems, remedy="请补齐后再上报。")
    reason = f"{unit.campaign}第{number}轮上报"
    texts = drafts_of([entry.item for entry in entries], reason=reason, by=by, at=at)
    pairs = [(entry, texts[entry.item_id]) for entry in entries]
    if nameless := [each.problem for each in without_name(pairs)]:
        raise BadInput("有指南没写事项名称，不能上报", nameless[:PROBLEMS_NAMED])
    if open_ones := [each.problem for each in of_rules(unit, pairs, localtime(at).date())]:
        raise BadInput(
            f"还有{len(open_ones)}处“必改”的问题没有处理",
            open_ones[:PROBLEMS_NAMED],
            remedy="请改正，或在“规则检查”里写明保留的理由和依据，再上报。",
        )
    if lacking := [each.problem for each in incomplete(pairs)]:
        raise BadInput(
            f"还缺{len(lacking)}处公布前必须有的内容，不能上报",
            lacking[:PROBLEMS_NAMED],
            remedy="请打开事项，点“编写”补齐；要取消或合并的，请先写明处置意见。",
        )
    submit_drafts([text for _, text in pairs], by=by, at=at)
    report = _report(unit, number, pairs, late, signer, at)
    if ReportedList.LIBRARY in unit.campaign.plan.annexes_of(number):
        hand_in(unit, annex=ReportedList.LIBRARY, by=by, at=at)
    desks = reviewers_of(unit)
    entries = [entry for entry, _ in pairs]
    submitted = Revision.objects.filter(item=OuterRef("item"), state=Revision.State.SUBMITTED)
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(text=Subquery(submitted.values("pk")))
    for entry, text in pairs:
        entry.text = text
    lead, waiting = desks[0].code, len(desks)
    move_many(entries, "report", by=by, at=at, round=number, lead=lead, waiting=waiting)
    Review.objects.bulk_create(
        [Review(entry=entry, body=desk, round=number) for entry in entries for desk in desks], ROWS_AT_ONCE
    )
    unit.reported_round = number
    unit.save(update_fields=["reported_round"])
    facts = {"round": number, "items": report.items, "digest": report.digest, "late_days": late}
    facts["summary"] = content_digest(report.summary)
    record("campaigns.sign_report", report, by=by, at=at, facts=facts)
    return report


def _report(
    unit: Participation, number: int, pairs: list[tuple[Entry, Revision]], late: int, signer: User, at: datetime
) -> Report:
    lines = [[str(entry.item.guid), text.digest, entry.disposition, entry.disposition_note] for entry, text in pairs]
    summary = {"progress": unit.progress, "problems": unit.problems, "suggestions": unit.suggestions}
    signed = json.dumps([summary, lines], ensure_ascii=False, separators=(",", ":"))
    return Report.objects.create(
        participation=unit,
        round=number,
        number=unit.reports.count() + 1,
        items=len(pairs),
        summary=summary,
        digest=digest(signed.encode()),
        late_days=late,
        signed_by=signer,
        signed_at=at,
    )


def reviewers_of(unit: Participation) -> list[ReviewBody]:
    """Return the bodies that review a unit's items, the lead first.

    Nobody reviews their own: then the next body leads.
    """
    planned: list[Body] = unit.campaign.plan.bodies_for(unit.organ.kind, unit.organ.division.level)
    place = unit.organ.division_id
    rows = [each for each in unit.campaign.bodies.select_related("organ", "division") if each.reviews_in(place)]
    named = {each.code.partition("@")[0]: each for each in rows}
    bodies = [named[body.code] for body in planned if body.code in named]
    found = [body for body in bodies if body.organ_id not in (None, unit.organ_id)]
    if not found:
        raise BadInput(f"“{unit.organ}”没有别的单位来审核", remedy="请组织单位另定一家审核单位：不能自己审自己的。")
    return found


@transaction.atomic
def recall_report(report: Report, *, reason: str, by: Actor, at: datetime) -> None:
    """Recall a report (撤回) of which no reviewer has taken up anything."""
    entries = _still_reported(report)
    by = authorize_move(entries, "recall", by=by, at=at)
    started = Review.objects.filter(entry__in=entries, round=report.round)
    if started.annotate(held=claimed_now(at)).filter(Q(held=True) | ~Q(verdict="")).exists():
        raise Conflict("审核单位已经开始审核，不能撤回", remedy="需要更正的，请联系牵头审核单位退回。")
    started.delete()
    return_texts([entry.text for entry in entries if entry.text], reason=f"撤回上报：{reason}", by=by, at=at)
    move_many(entries, "recall", by=by, at=at, note=reason, round=F("round") - 1, waiting=0)
    Report.objects.filter(pk=report.pk).update(recalled_at=at)
    Participation.objects.filter(pk=report.participation_id).update(reported_round=F("reported_round") - 1)
    record("campaigns.recall_report", report, by=by, at=at, facts={"reason": reason})


def _still_reported(report: Report) -> list[Entry]:
    unit = Participation.objects.select_for_update(of=("self",)).get(pk=report.participation_id)
    if report.recalled_at or report.round != unit.reported_round:
        raise Conflict("这次上报已经撤回，或之后又报过", remedy="请刷新页面查看。")
    entries = unit.entries.select_for_update(of=("self",)).select_related("text__item").order_by("id")
    found = list(entries.filter(round=report.round, state="reviewing"))
    if len(found) != report.items:
        raise Conflict("这次上报的事项已经有了审核结论，不能撤回")
    return found


@transaction.atomic
def attach_scan(report: Report, *, scan: StoredFile, by: Actor, at: datetime) -> Report:
    """Attach the scan of the stamped page."""
    authorize(by, Permission.REPORT_PREPARE, report, at=at)
    report.scan = scan
    report.save(update_fields=["scan"])
    record("campaigns.attach_scan", report, by=by, at=at, facts={"file": str(scan.guid), "digest": scan.digest})
    return report


@transaction.atomic
def receive_copies(report: Report, *, copies: int, by: Actor, at: datetime) -> Report:
    """Record how many paper copies (纸质件) came in, and who took them."""
    authorize(by, Permission.CAMPAIGN_MANAGE, report, at=at)
    if copies < 1:
        raise BadInput("份数至少是1", [Problem("请写收到几份", field="copies")])
    report.copies, report.copies_by, report.copies_at = copies, by.ledger_name[:60], at
    report.save(update_fields=["copies", "copies_by", "copies_at"])
    record("campaigns.receive_copies", report, by=by, at=at, facts={"copies": copies})
    return report
