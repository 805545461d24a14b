"""审定 and 公布: what the government meeting decided, and the one act that puts it in force."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils.timezone import localtime

from banshi.access import Permission, authorize
from banshi.campaigns.actions.campaigns import must_be_under_way
from banshi.campaigns.enums import STAYING, BodyRole, Disposition, PhaseKind
from banshi.campaigns.events import DECIDED
from banshi.campaigns.models import Campaign, Decision, Entry, NotedRuling, Review
from banshi.campaigns.queries import noted_rulings
from banshi.catalog.actions import cancel_item, drop_texts, merge_items, publish_many
from banshi.catalog.guards import refuse_incomplete_stored
from banshi.catalog.models import Publication
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.models import StoredFile
from banshi.core.progress import Progress, no_progress
from banshi.events import Occurrence, emit_many
from banshi.ledger import Act, Actor, record, record_many
from banshi.workflow.actions import move, move_many
from banshi.workflow.transitions import authorize_move

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Ruling:
    """The meeting's ruling on an item. `admitted` False means 不予列入."""

    disposition: str
    admitted: bool = True
    note: str = ""


@transaction.atomic
def record_decision(
    campaign: Campaign,
    rulings: Mapping[int, Ruling],
    *,
    meeting: str,
    held_on: date,
    doc_no: str = "",
    minutes: StoredFile | None = None,
    by: Actor,
    at: datetime,
) -> Decision:
    """Record the ruling (登记审定结果) for each entry.

    Only of what passed review, was examined by lawyers and shown to the public where planned.
    """
    keys = sorted(rulings)
    if not keys:
        raise Conflict("没有等待审定的事项", remedy="刚有人登记过审定结果的，请刷新页面查看。")
    for some in _pieces(keys):
        entries = campaign.entries.filter(pk__in=some)
        for name, admitted in (("decide", True), ("refuse", False)):
            if group := [each for each in entries if rulings[each.pk].admitted == admitted]:
                authorize_move(group, name, by=by, at=at)
    if not meeting.strip():
        raise BadInput("请写哪次会议审定", [Problem("请写会议名称", field="meeting")])
    _hold_agreed(campaign, keys)
    plan, problems = campaign.plan, []
    consultation = getattr(campaign, "consultation", None)
    if plan.has(PhaseKind.PUBLIC) and (consultation is None or consultation.closed_at is None):
        problems.append(Problem("公示征求意见还没有结束"))
    for role, kind, words in (
        (BodyRole.LEGAL, PhaseKind.LEGAL, "合法性审查"),
        (BodyRole.EXPERT, PhaseKind.EXPERT, "专家论证"),
    ):
        if plan.has(kind) and (missing := sum(_unheard(campaign, some, role) for some in _pieces(keys))):
            problems.append(Problem(f"有{missing}项还没有{words}意见"))
    if problems:
        raise BadInput("还不能提交审定", problems, remedy="请先办完这些步骤。")
    decision = Decision.objects.create(
        campaign=campaign,
        meeting=meeting.strip(),
        held_on=held_on,
        doc_no=doc_no.strip(),
        minutes=minutes,
        by=by.ledger_name,
        at=at,
    )
    for some in _pieces(keys):
        rows = Entry.objects.filter(pk__in=some).select_related("text__item", "item")
        with_texts = list(rows.defer("text__content").order_by("id"))
        alike: dict[Ruling, list[Entry]] = {}
        for each in with_texts:
            each.campaign = campaign
            alike.setdefault(rulings[each.pk], []).append(each)
        for ruling, group in alike.items():
            _rule(group, ruling, decision, by, at)
    facts = {"meeting": decision.meeting, "held_on": held_on, "doc_no": decision.doc_no, "entries": len(keys)}
    facts["minutes"] = minutes.digest if minutes else ""
    record("campaigns.record_decision", decision, by=by, at=at, facts=facts)
    return decision


def _pieces(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """Split keys into chunks of AT_ONCE, which bounds statements and memory."""
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))


def _hold_agreed(campaign: Campaign, keys: Sequence[int]) -> None:
    """Lock them all."""
    # Conflict when one has not passed review.
    for some in _pieces(keys):
        locked = campaign.entries.select_for_update().filter(pk__in=some).order_by("id")
        states = dict(locked.values_list("pk", "state"))
        if wrong := [key for key in some if states.get(key) != "agreed"]:
            first = campaign.entries.select_related("item").filter(pk=wrong[0]).first()
            raise Conflict("有的事项没有审核通过，不能审定", where=str(first or ""), remedy="请刷新后重新选择。")


def _unheard(campaign: Campaign, keys: Sequence[int], role: BodyRole) -> int:
    codes = [each.code for each in campaign.plan.bodies if each.role == role]
    read = {"entry__in": keys, "body__code__in": codes, "digest": F("entry__text__digest")}
    given = Review.objects.filter(**read).exclude(verdict="")
    return len(set(keys) - set(given.values_list("entry", flat=True)))


def _rule(group: list[Entry], ruling: Ruling, decision: Decision, by: Actor, at: datetime) -> None:
    name = "decide" if ruling.admitted else "refuse"
    final = Disposition(ruling.disposition)
    by = authorize_move(group, name, by=by, at=at)
    _possible(group, ruling)
    if ruling.admitted and final in STAYING:
        refuse_incomplete_stored([entry.text_id for entry in group], "审定")
    NotedRuling.objects.filter(entry__in=group).delete()
    move_many(
        group,
        name,
        by=by,
        at=at,
        note=ruling.note,
        decision=decision,
        final=final,
        final_note=ruling.note,
    )
    if not ruling.admitted:
        drop_texts([entry.text for entry in group if entry.text], reason=ruling.note, by=by, at=at)
    facts = {"decision": decision.pk, "final": final, "admitted": ruling.admitted, "note": ruling.note}
    acts = [Act("campaigns.rule", e, {**facts, "digest": e.text.digest if e.text else ""}) for e in group]
    record_many(acts, by=by, at=at)
    told = {"decision": decision.pk, "final": str(final), "admitted": ruling.admitted}
    emit_many(DECIDED, [Occurrence(each, told) for each in group], by=by, at=at)


def _possible(group: Sequence[Entry], ruling: Ruling) -> None:
    if not ruling.admitted and not ruling.note.strip():
        raise BadInput("不予列入的要写明理由", [Problem("不予列入的，请写理由", where=str(group[0]))])
    aimless = next((entry for entry in group if entry.target_id is None), None)
    if ruling.admitted and ruling.disposition == Disposition.MERGE and aimless:
        problem = Problem("单位没有写明并入哪个事项，不能审定为合并", where=str(aimless))
        raise BadInput("审定合并的事项没有写并入哪个事项", [problem])


@transaction.atomic
def note_rulings(campaign: Campaign, rulings: Mapping[int, Ruling], *, by: Actor, at: datetime) -> None:
    """Note rulings that differ from what was agreed, before all is recorded.

    A ruling as agreed deletes its note.
    """
    by = authorize(by, Permission.CAMPAIGN_MANAGE, campaign, at=at)
    must_be_under_way(campaign)
    _hold_agreed(campaign, sorted(rulings))
    entries = list(campaign.entries.filter(pk__in=rulings).select_related("item").order_by("id"))
    for entry in entries:
        _possible([entry], rulings[entry.pk])
    NotedRuling.objects.filter(entry__in=entries).delete()
    other = [entry for entry in entries if rulings[entry.pk] != Ruling(entry.disposition)]
    NotedRuling.objects.bulk_create(
        [
            NotedRuling(entry=entry, round=entry.round, **asdict(rulings[entry.pk]), by=by.ledger_name, at=at)
            for entry in other
        ]
    )
    if entries:
        record_many([Act("campaigns.note_ruling", entry, asdict(rulings[entry.pk])) for entry in entries], by=by, at=at)


@transaction.atomic
def decide_agreed(
    campaign: Campaign,
    rulings: Mapping[int, Ruling],
    *,
    meeting: str,
    held_on: date,
    doc_no: str = "",
    by: Actor,
    at: datetime,
) -> Decision:
    """Decide everything that passed review: as agreed, but for what was noted before and for `rulings`, noted now."""
    note_rulings(campaign, rulings, by=by, at=at)
    agreed = campaign.entries.filter(state="agreed").order_by().values_list("pk", "disposition")
    noted = {each.entry_id: Ruling(each.disposition, each.admitted, each.note) for each in noted_rulings(campaign)}
    all_rulings = {key: Ruling(disposition) for key, disposition in agreed} | noted
    return record_decision(campaign, all_rulings, meeting=meeting, held_on=held_on, doc_no=doc_no, by=by, at=at)


@transaction.atomic
def arrange_publication(campaign: Campaign, *, on: date, by: Actor, at: datetime) -> Campaign:
    """Arrange that everything decided is published on a day, today or ahead."""
    by = authorize_move([campaign], "publish", by=by, at=at)
    if on < localtime(at).date():
        raise BadInput("公布日期已经过去", [Problem("请选今天或以后的日期", field="on")])
    move(campaign, "publish", by=by, at=at, publish_on=on)
    count = campaign.entries.filter(state="decided").count()
    record("campaigns.arrange_publication", campaign, by=by, at=at, facts={"on": on, "entries": count})
    return campaign


@transaction.atomic
def recall_publication(campaign: Campaign, *, reason: str, by: Actor, at: datetime) -> Campaign:
    move(campaign, "recall", by=by, at=at, note=reason, publish_on=None)
    record("campaigns.recall_publication", campaign, by=by, at=at, facts={"reason": reason})
    return campaign


@transaction.atomic
def publish_decided(campaign: Campaign, *, report: Progress = no_progress, by: Actor, at: datetime) -> int:
    """Publish (公布) everything decided in one act, all or nothing, however many.

    What is decided to end, ends.

    One transaction in pieces of AT_ONCE: killed, it leaves nothing, and is begun again by the task that runs it.
    """
    by = authorize_move([campaign], "finish", by=by, at=at)
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if campaign.state != "publishing" or campaign.publish_on is None or campaign.publish_on > localtime(at).date():
        raise Conflict("还没有到公布的日期，或已经公布")
    total = campaign.entries.filter(state="decided").count()
    done = 0
    for decision, group in _decided(campaign):
        _put_in_force(group, decision, by, at)
        done += len(group)
        report(done, total)
    left = campaign.entries.filter(
        state__in=("preparing", "reviewing", "returned", "confirmed", "disputed", "agreed")
    ).exists()
    move(campaign, "recall" if left else "finish", by=by, at=at, publish_on=None)
    record("campaigns.publish_decided", campaign, by=by, at=at, facts={"entries": done})
    return done


def _decided(campaign: Campaign) -> Iterator[tuple[Decision, list[Entry]]]:
    """Yield chunks of what is decided, by meeting."""
    # Merged items last, when those they go into are in force.
    for finals in (STAYING, (Disposition.CANCEL,), (Disposition.MERGE,)):
        for decision in campaign.decisions.order_by("id"):
            entries = decision.entries.filter(state="decided", final__in=finals).order_by("id")
            for some in _pieces(list(entries.values_list("pk", flat=True))):
                rows = Entry.objects.filter(pk__in=some).order_by("id")
                yield decision, list(rows.select_related("item__organ", "text__item", "target"))


def _put_in_force(group: list[Entry], decision: Decision, by: Actor, at: datetime) -> None:
    reason = f"经{decision.meeting}审定{f'（{decision.doc_no}）' if decision.doc_no else ''}"
    by = authorize_move(group, "publish" if group[0].final in STAYING else "end", by=by, at=at)
    if group[0].final in STAYING:
        texts = [entry.text for entry in group if entry.text]
        publish_many(texts, reason=reason, approved_by=decision.meeting, by=by, at=at)
        in_force = Publication.objects.filter(item=OuterRef("item"), until=None)
        entries = Entry.objects.filter(pk__in=[entry.pk for entry in group])
        entries.update(publication=Subquery(in_force.values("pk")))
        move_many(group, "publish", by=by, at=at)
        return
    drop_texts([entry.text for entry in group if entry.text], reason=reason, by=by, at=at)
    for entry in group:
        note = entry.final_note or entry.disposition_note or reason
        if entry.final == Disposition.MERGE and entry.target:
            merge_items([entry.item], into=entry.target, note=note, by=by, at=at)
        else:
            cancel_item(entry.item, note=note, by=by, at=at)
    move_many(group, "end", by=by, at=at)
