"""A law has changed: an adjustment prepared for each item that rests on it, and sent to its owner with a deadline."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from banshi.access import Permission, authorize, authorize_many
from banshi.adjustments.deadlines import due_day
from banshi.adjustments.enums import AdjustmentKind, Cause
from banshi.adjustments.models import OPEN, Adjustment
from banshi.adjustments.queries import items_affected
from banshi.catalog.actions import start_draft
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Item, Publication, PublishedBasis, Revision
from banshi.law.actions import ChangeRow, law_named, record_change, record_changes
from banshi.law.models import Law, LawChange
from banshi.law.queries import changes_of_law, citing
from banshi.ledger import Act, Actor, record_many
from banshi.people.posts import organs_where
from banshi.people.queries import account_of

ROWS_AT_ONCE = 1000


@transaction.atomic
def record_and_prepare(
    law: Law,
    *,
    kind: str,
    day: date,
    successor: str = "",
    successor_no: str = "",
    note: str = "",
    by: Actor,
    at: datetime,
) -> tuple[LawChange, int]:
    """Record a law's change and prepare for it.

    A successor not known yet is added. Returns for how many items.
    """
    allowed = authorize(by, Permission.LAW_EDIT, at=at)
    named = law_named(successor, successor_no, rank=law.rank, since=day) if successor.strip("《》 ") else None
    change = record_change(law, kind=kind, day=day, successor=named, note=note, by=allowed, at=at)
    return change, prepare_affected(change, by=by, at=at)


@transaction.atomic
def record_and_prepare_many(rows: Sequence[ChangeRow], *, by: Actor, at: datetime) -> tuple[int, int]:
    """Record a list of changes and prepare for each.

    Returns how many changes, and for how many items.
    """
    changes = record_changes(rows, by=by, at=at)
    return len(changes), sum(prepare_affected(each, by=by, at=at) for each in changes)


@transaction.atomic
def prepare_affected(change: LawChange, *, by: Actor, at: datetime) -> int:
    """Prepare the organs whose laws the actor looks after.

    Others' items are flagged, and prepared for by their own.
    """
    authorize(by, Permission.LAW_EDIT, at=at)
    change = changes_of_law().get(pk=change.pk)
    items = list(items_affected(change, organs_where(account_of(by), Permission.LAW_EDIT, at)))
    return len(prepare_for_change(change, items, by=by, at=at))


@transaction.atomic
def prepare_for_change(change: LawChange, items: Sequence[Item], *, by: Actor, at: datetime) -> list[Adjustment]:
    """Prepare adjustments for items that have none under way.

    Where a new law replaces the old, the draft names it already.
    """
    by = authorize_many(by, Permission.LAW_EDIT, items, at=at)
    busy = set(Adjustment.objects.filter(item__in=items, state__in=OPEN).values_list("item", flat=True))
    free = [each for each in items if each.pk not in busy]
    new = [_prepared(change, item, by, at) for item in free]
    Adjustment.objects.bulk_create(new, ROWS_AT_ONCE)
    acts = [
        Act("adjustments.prepare_for_change", each, {"item": each.item_id, "law_change": change.pk}) for each in new
    ]
    record_many(acts, by=by, at=at)
    if change.kind == LawChange.ChangeKind.REPLACED and change.law.replaced_by:
        # Drafts whose 办理依据 names the new law; items with a draft or text under way are left to their owner.
        written = set(Revision.objects.filter(item__in=free, state__in=Revision.OPEN).values_list("item", flat=True))
        standing = Publication.objects.filter(item__in=free, until=None).exclude(item__in=written)
        rows: dict[int, set[str]] = {}
        named = PublishedBasis.objects.filter(citing([change.law], day=change.day), item__in=free)
        for item, path in named.values_list("item", "path"):
            rows.setdefault(item, set()).add(path)
        for each in standing.select_related("item", "revision"):
            guide = renamed(each.revision.guide, rows.get(each.item_id, set()), change.law.replaced_by)
            if guide != each.revision.guide:
                start_draft(each.item, guide=guide, reason=str(change)[:300], by=by, at=at)
    return new


def _prepared(change: LawChange, item: Item, by: Actor, at: datetime) -> Adjustment:
    new = Adjustment(
        item=item,
        kind=AdjustmentKind.CHANGE,
        cause=Cause.LAW,
        cause_day=change.day,
        reason=f"{change}",
        law_change=change,
        created_by=account_of(by),
        created_at=at,
        is_example=item.is_example,
    )
    new.due = due_day(new)
    return new


def renamed(guide: Guide, paths: set[str], successor: Law | None) -> Guide:
    """Name the successor in 办理依据 rows at `paths`.

    The old law's articles and wording are taken out, to be written anew.
    """
    if successor is None:
        return guide
    bases = [
        row.model_copy(update={"title": successor.title, "doc_no": successor.doc_no, "articles": "", "text": ""})
        if f"bases.{place}" in paths
        else row
        for place, row in enumerate(guide.bases)
    ]
    return guide.model_copy(update={"bases": bases})
