"""The owner's side: begin, tell why, apply, call back, drop."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.files.base import File
from django.db import IntegrityError, transaction

from banshi.access import Permission, authorize
from banshi.adjustments.actions.transition import advance, digest_seen, last_publication, locked
from banshi.adjustments.deadlines import due_day
from banshi.adjustments.enums import WITH_TEXT, AdjustmentKind, Cause, ExaminationVerdict
from banshi.adjustments.models import Adjustment
from banshi.adjustments.policy import policy
from banshi.adjustments.routing import desks_for
from banshi.catalog.actions import publish_many, return_texts, start_draft, submit_drafts
from banshi.catalog.guards import refuse_incomplete, refuse_less_complete
from banshi.catalog.guide.differences import differences
from banshi.catalog.identity import ItemIdentity, identity_of
from banshi.catalog.models import Item, Revision
from banshi.catalog.queries import in_force
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.models import StoredFile
from banshi.files import keep
from banshi.ledger import Actor, record
from banshi.people.queries import account_of
from banshi.workflow.transitions import authorize_move

PURPOSE = "adjustment"


@dataclass(frozen=True, slots=True)
class AdjustmentCause:
    """The reason of an adjustment. For 并入, also the item it goes into."""

    cause: str
    cause_day: date
    reason: str = ""
    evidence: StoredFile | None = None
    urgent: bool = False
    into: Item | None = None


def kinds_for(item: Item) -> list[AdjustmentKind]:
    """List the kinds of adjustment an item allows as it stands.

    `item` has its listing at hand.
    """
    if item.state == "suspended":
        return [AdjustmentKind.RESUME, AdjustmentKind.CANCEL]
    if item.state != "active":
        return []
    if hasattr(item, "listing"):
        return [AdjustmentKind.CHANGE, AdjustmentKind.SUSPEND, AdjustmentKind.CANCEL, AdjustmentKind.MERGE]
    return [AdjustmentKind.CHANGE, AdjustmentKind.CANCEL] if item.publications.exists() else [AdjustmentKind.ADD]


@transaction.atomic
def start_adjustment(
    item: Item, *, kind: str, facts: AdjustmentCause, evidence: File[bytes] | None = None, by: Actor, at: datetime
) -> Adjustment:
    """Start an adjustment, not applied for yet.

    Texts to be written begin as the item's draft. `evidence` is kept as its file.
    """
    by = authorize(by, Permission.ADJUST_APPLY, item, at=at)
    if kind not in kinds_for(item):
        raise Conflict(f"“{item}”现在不能申请{AdjustmentKind(kind).label}", remedy="请刷新事项页面，看它现在的状态。")
    _check_cause(facts, at)
    facts = _with_evidence(facts, evidence, item, by, at)
    if kind == AdjustmentKind.MERGE:
        if facts.into is None or facts.into == item:
            raise BadInput("没写并入哪个事项", [Problem("请写要并入的另一个事项", field="into")])
        if in_force(facts.into) is None:
            raise BadInput(
                f"“{facts.into}”没有在用的指南，群众转过去看不到内容", remedy="请先公布它，再把别的事项并进来。"
            )
    if kind in WITH_TEXT:
        start_draft(item, by=by, at=at, reason=facts.reason[:300])
    person = account_of(by)
    new = Adjustment(
        item=item,
        into=facts.into if kind == AdjustmentKind.MERGE else None,
        kind=kind,
        created_by=person,
        created_at=at,
        is_example=item.is_example,
    )
    _tell(new, facts)
    new.due = due_day(new)
    try:
        with transaction.atomic():
            new.save()
    except IntegrityError as taken:
        raise Conflict(f"“{item}”已有一件调整在办", remedy="请在“动态调整”里接着办那一件。") from taken
    begun = {"item": new.item_id, "kind": new.kind, **({"into": new.into_id} if new.into_id else {})}
    record("adjustments.start_adjustment", new, by=by, at=at, facts=begun | _told(facts))
    return new


def _with_evidence(
    facts: AdjustmentCause, evidence: File[bytes] | None, item: Item, by: Actor, at: datetime
) -> AdjustmentCause:
    """Keep the uploaded file as the organ's own."""
    if evidence is None:
        return facts
    kept = keep(evidence, name=evidence.name or "依据材料", purpose=PURPOSE, organ=item.organ, by=by, at=at)
    return replace(facts, evidence=kept)


def _check_cause(facts: AdjustmentCause, at: datetime) -> None:
    if facts.cause not in Cause.values:
        raise BadInput("没有这种事由", remedy="请在列表里选一种。")
    if facts.cause_day > day_of(at) and facts.cause != Cause.LAW:
        raise BadInput(
            "事由还没有发生", remedy="发生日期不能晚于今天；法规将要施行的，事由请选法规的制定、修改、废止。"
        )


def _tell(adjustment: Adjustment, facts: AdjustmentCause) -> None:
    for name in ("cause", "cause_day", "reason", "evidence", "urgent"):
        setattr(adjustment, name, getattr(facts, name))


def _told(facts: AdjustmentCause) -> dict[str, object]:
    told = {name: getattr(facts, name) for name in ("cause", "cause_day", "reason", "urgent")}
    return {**told, "evidence": facts.evidence.digest if facts.evidence else ""}


@transaction.atomic
def change_facts(
    adjustment: Adjustment,
    *,
    facts: AdjustmentCause,
    evidence: File[bytes] | None = None,
    by: Actor,
    at: datetime,
) -> Adjustment:
    """Change the facts until it is applied for.

    A file given before stays unless another is given.
    """
    now = locked(adjustment)
    authorize(by, Permission.ADJUST_APPLY, now, at=at)
    if now.state not in ("prepared", "returned"):
        raise Conflict("已经提交，不能再改事由", remedy="要改请先撤回，或等审核单位退回。")
    _check_cause(facts, at)
    facts = _with_evidence(facts, evidence, now.item, by, at)
    kept = now.evidence
    _tell(now, facts)
    now.evidence = facts.evidence or kept
    if now.state == "prepared" and now.law_change_id is None:
        now.due = due_day(now)
    now.save()
    record("adjustments.change_facts", now, by=by, at=at, facts=_told(facts))
    return now


@transaction.atomic
def propose_identity(adjustment: Adjustment, *, identity: ItemIdentity, by: Actor, at: datetime) -> Adjustment:
    """Have the new version take another code, kind or category.

    The present one takes the proposal back.
    """
    now = locked(adjustment)
    authorize(by, Permission.ADJUST_APPLY, now, at=at)
    if now.state not in ("prepared", "returned"):
        raise Conflict("已经提交，不能再改编码、类型、类别", remedy="要改请先撤回，或等审核单位退回。")
    if now.kind != AdjustmentKind.CHANGE:
        raise Conflict(f"{now.get_kind_display()}不改编码、类型、类别", remedy="请办完这一件，再申请变更。")
    present = identity_of(now.item)
    now.identity = None if identity == present else identity.as_json()
    now.save(update_fields=["identity"])
    facts = {"item": now.item_id, "before": present.as_json(), "after": identity.as_json()}
    record("adjustments.propose_identity", now, by=by, at=at, facts=facts)
    return now


@transaction.atomic
def apply_for(adjustment: Adjustment, *, stamp: int | None = None, by: Actor, at: datetime) -> Adjustment:
    """Submit it to its examiner.

    A minor correction takes effect at once and is checked afterwards.

    `stamp` names the draft as the applicant saw it.
    """
    now, asked = locked(adjustment), by
    by = authorize_move([now], "apply", by=asked, at=at)
    draft = _draft_to_submit(now, stamp) if now.kind in WITH_TEXT else None
    minor = draft is not None and now.identity is None and is_minor(now.item, draft)
    problems = []
    if not now.reason.strip():
        problems.append(Problem("没写理由", field="reason"))
    if not minor and now.evidence_id is None and now.law_change_id is None:
        problems.append(Problem("没有依据材料", field="evidence", remedy="上传文件依据、会议纪要等"))
    if draft and now.state == "returned" and _unchanged_since_return(now, draft):
        raise BadInput(
            "退回以后还没有修改",
            remedy="请按退回的意见改指南；不同意意见的，在“补充事由和依据”里写明理由或补充材料，再提交。",
        )
    if problems:
        raise BadInput(f"还不能提交：{'、'.join(each.message for each in problems)}", problems, remedy="请先补充事由。")
    if minor:
        by = authorize_move([now], "correct", by=asked, at=at)
    desks = desks_for(now.item.organ)
    person = account_of(by)
    changes = {"examiner": desks.examiner, "second": desks.second, "applied_by": person, "applied_at": at}
    if draft:
        submit_drafts([draft], by=by, at=at)
    advance(now, "correct" if minor else "apply", note=now.reason, by=by, at=at, text=draft, **changes)
    if minor and draft:
        publish_many([draft], reason=now.reason[:300], correction=True, by=by, at=at)
    return now


def _unchanged_since_return(adjustment: Adjustment, draft: Revision) -> bool:
    """Tell whether text, identity, reason and evidence are those that were returned."""
    returned = adjustment.opinions.filter(verdict=ExaminationVerdict.RETURN).last()
    said = adjustment.moves.filter(name="apply").last()
    if returned is None or said is None:
        return False
    evidence = adjustment.evidence
    return (
        returned.seen == digest_seen(draft.digest, adjustment.identity)
        and said.note == adjustment.reason
        and not (evidence and evidence.uploaded_at > returned.at)
    )


def is_minor(item: Item, draft: Revision) -> bool:
    current = in_force(item)
    return current is not None and policy().is_minor(differences(current.revision.guide, draft.guide))


def _draft_to_submit(adjustment: Adjustment, stamp: int | None) -> Revision:
    draft = adjustment.item.revisions.filter(state=Revision.State.DRAFT).select_related("item").first()
    if draft is None:
        raise Conflict("还没有写好的草稿", remedy="请先点“编写指南”，写好再提交。")
    if draft.stamp != stamp:
        raise Conflict("草稿刚有变动，没有提交", remedy="请再核对一次不同之处，然后提交。")
    last = last_publication(adjustment.item)
    if last and last.until is None and last.revision.guide == draft.guide and not adjustment.identity:
        raise BadInput("草稿和现行指南完全相同，没有要调整的", remedy="请先修改指南；确实不用调整的，点“不再申请”。")
    if not draft.guide.name:
        raise BadInput("草稿没写事项名称", remedy="请先写上名称。")
    if last and adjustment.identity is None and is_minor(adjustment.item, draft):
        refuse_less_complete(draft, last.revision.guide, "提交")
    else:
        refuse_incomplete([draft], "提交")
    return draft


@transaction.atomic
def recall_application(adjustment: Adjustment, *, by: Actor, at: datetime) -> Adjustment:
    """Take an application back to work on, as long as nobody has given an opinion."""
    now = locked(adjustment)
    by = authorize_move([now], "recall", by=by, at=at)
    text = now.text
    advance(now, "recall", note="申请单位撤回", by=by, at=at)
    if text:
        return_texts([text], reason="申请单位撤回修改", by=by, at=at)
    return now


@transaction.atomic
def drop_adjustment(adjustment: Adjustment, *, words: str, by: Actor, at: datetime) -> Adjustment:
    """Drop it (不再申请), with the reason.

    The draft stays the item's draft.
    """
    now = locked(adjustment)
    allowed = authorize_move([now], "drop", by=by, at=at)
    if not words.strip():
        raise BadInput("请写明为什么不再申请", remedy="如：经核对，本事项的依据没有变化。")
    return advance(now, "drop", note=words, by=allowed, at=at)
