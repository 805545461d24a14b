"""Carrying out what was approved: texts in force together, items closed or reopened, all or none."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from banshi.access import Allowed
from banshi.adjustments.actions.transition import advance, locked
from banshi.adjustments.enums import WITH_TEXT, AdjustmentKind
from banshi.adjustments.models import Adjustment
from banshi.catalog.actions import (
    cancel_item,
    discard_draft,
    merge_items,
    publish,
    publish_many,
    resume_item,
    start_draft,
    suspend_item,
)
from banshi.catalog.identity import read_identity
from banshi.catalog.models import Item, Revision
from banshi.core.errors import Conflict
from banshi.ledger import Actor
from banshi.workflow.transitions import authorize_move

LIFE: dict[str, Callable[..., Item]] = {
    AdjustmentKind.CANCEL: cancel_item,
    AdjustmentKind.SUSPEND: suspend_item,
    AdjustmentKind.RESUME: resume_item,
}


@transaction.atomic
def publish_adjustments(some: Sequence[Adjustment], *, by: Actor, at: datetime) -> list[Adjustment]:
    """Publish (公布) everything approved in one act."""
    chosen = [locked(each) for each in some]
    by = authorize_move(chosen, "publish", by=by, at=at)
    for each in chosen:
        advance(each, "publish", note=each.reason, by=by, at=at)
    carry_out(chosen, by=by, at=at)
    return chosen


def carry_out(chosen: Sequence[Adjustment], *, by: Allowed, at: datetime) -> None:
    by_reason: dict[tuple[str, str], list[Revision]] = {}
    identities = {each.item_id: read_identity(each.identity) for each in chosen if each.identity}
    for each in chosen:
        if each.kind in WITH_TEXT and each.text:
            desk = each.second or each.examiner
            by_reason.setdefault((each.reason[:300], desk.name if desk else ""), []).append(each.text)
        else:
            item = Item.objects.get(pk=each.item_id)
            if each.into:
                merge_items([item], into=each.into, note=each.reason, by=by, at=at)
            else:
                LIFE[each.kind](item, note=each.reason, by=by, at=at)
    for (reason, office), texts in by_reason.items():
        publish_many(texts, reason=reason, approved_by=office, identities=identities, by=by, at=at)


def restore_before(text: Revision, *, reason: str, by: Allowed, at: datetime) -> None:
    """Put back in force what was before `text`.

    A draft begun since is kept.
    """
    item = text.item
    versions = list(item.publications.select_related("revision")[:2])
    if not versions or versions[0].revision_id != text.pk or len(versions) == 1:
        raise Conflict("更正以后又公布过新的一版，不能再恢复原文", remedy="请改为申请变更。")
    draft = item.revisions.filter(state__in=Revision.OPEN).first()
    if draft and draft.state == Revision.State.SUBMITTED:
        raise Conflict("这个事项又有文本在审核", remedy="请先办完那一件。")
    if draft:
        discard_draft(draft, by=by, at=at)
    old = versions[1].revision
    again = start_draft(item, guide=old.guide, provenance=old.provenance, reason="核对不符，恢复原文", by=by, at=at)
    publish(again, reason=f"更正经核对不符，恢复原文：{reason}"[:300], again=True, by=by, at=at)
    if draft:
        start_draft(item, guide=draft.guide, provenance=draft.provenance, reason=draft.reason, by=by, at=at)
