"""Publishing: one transaction writes publication, projections, ledger and change feed, or nothing at all."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from banshi.access import Permission, authorize_many
from banshi.catalog.actions.drafts import content_digest
from banshi.catalog.actions.projections import ROWS_AT_ONCE, erase_projections, write_projections
from banshi.catalog.guards import check
from banshi.catalog.guide.files import PURPOSE, files_of
from banshi.catalog.models import Change, Item, Publication, Revision
from banshi.catalog.signals import catalogue_changed
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.models import StoredFile
from banshi.ledger import Act, Actor, record_many

Ending = Publication.Ending
FEED_LOCK = 7_305_813


def publish(revision: Revision, *, reason: str = "", by: Actor, at: datetime) -> Publication:
    return publish_many([revision], reason=reason, by=by, at=at)[0]


@transaction.atomic
def publish_many(revisions: Sequence[Revision], *, reason: str = "", by: Actor, at: datetime) -> list[Publication]:
    """Put drafts, or texts approved by their reviewers, in force, all or none. Each replaces what was in force of its item."""
    by, asked_by = authorize_many(by, Permission.ITEM_PUBLISH, revisions, at=at), by
    # The drafts as they stand, their rows and items locked, in the order given.
    keys = [each.pk for each in revisions]
    locked = Revision.objects.select_for_update(of=("self", "item")).filter(pk__in=keys).order_by("item_id")
    found = {each.pk: each for each in locked.select_related("item__organ__division", "item__category")}
    drafts = [found[key] for key in keys]
    guides = [draft.guide for draft in drafts]
    for seen, draft in zip(revisions, drafts, strict=True):
        if draft.state not in Revision.OPEN or draft.stamp != seen.stamp:
            raise Conflict(f"“{draft.item}”的草稿刚有变动", remedy="请重新查看后再公布。")
        if draft.item.state != "active":
            raise Conflict(f"“{draft.item}”不在用，不能公布", remedy="请先恢复办理。")
    nameless = [draft for draft, guide in zip(drafts, guides, strict=True) if not guide.name]
    if nameless:
        raise BadInput(
            "有指南没写事项名称，不能公布", [Problem("缺少事项名称", f"事项编号 {d.item_id}") for d in nameless]
        )
    check("publish", drafts, by=asked_by, at=at)
    # By item: the newest publication's number; and what is in force, where something is.
    published = Publication.objects.filter(item__in=[draft.item_id for draft in drafts]).order_by()
    later = Publication.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number"))
    last = list(published.exclude(Exists(later)).values_list("item_id", "number", "until", "revision__content"))
    newest = {item: number for item, number, _, _ in last}
    replaced = {item: content for item, _, until, content in last if not until}
    _end(list(replaced), Ending.REPLACED, at=at)
    publications = [
        Publication(
            item=draft.item,
            revision=draft,
            number=newest.get(draft.item_id, 0) + 1,
            since=at,
            approved_by=by.ledger_name,
            reason=reason or draft.reason,
        )
        for draft in drafts
    ]
    Publication.objects.bulk_create(publications, ROWS_AT_ONCE)
    differing = []
    for draft in drafts:
        digest, draft.state = content_digest(draft.content), Revision.State.PUBLISHED
        if draft.digest != digest:
            draft.digest = digest
            differing.append(draft)
    Revision.objects.bulk_update(differing, ["digest"], ROWS_AT_ONCE)
    Revision.objects.filter(pk__in=[draft.pk for draft in drafts]).update(state=Revision.State.PUBLISHED)
    if named := {guid for guide in guides for guid in files_of(guide)}:
        StoredFile.objects.filter(guid__in=named, purpose=PURPOSE).update(public=True)
    # Projections, and the item's name when it changed.
    with_guides = list(zip(publications, guides, strict=True))
    write_projections(with_guides, replaced)
    renamed = []
    for publication, guide in with_guides:
        if publication.item.name != guide.name:
            publication.item.name = guide.name
            renamed.append(publication.item)
    Item.objects.bulk_update(renamed, ["name"], ROWS_AT_ONCE)
    acts = [
        Act("catalog.publish", p.item, {"number": p.number, "digest": p.revision.digest, "reason": p.reason})
        for p in publications
    ]
    record_many(acts, by=by, at=at)
    operations = [Change.Operation.UPDATE if p.item_id in replaced else Change.Operation.INSERT for p in publications]
    announce([p.item for p in publications], operations, at=at, publications=publications)
    return publications


def end_publications(items: Sequence[Item], ending: Ending, *, note: str = "", at: datetime) -> None:
    """Take items off the portal: publications end, projections go. Called by acts that record and announce."""
    _end([item.pk for item in items], ending, note=note, at=at)
    erase_projections(items)


def _end(items: list[int], ending: Ending, *, note: str = "", at: datetime) -> None:
    if items:
        Publication.objects.filter(item__in=items, until=None).update(until=at, ending=ending, ending_note=note)


def announce(
    items: Sequence[Item], operations: Sequence[str], *, at: datetime, publications: Sequence[Publication] = ()
) -> None:
    """Write the change feed (and outbox), its numbers in the order of commits by a lock held from here to the commit."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FEED_LOCK])
    first = Change.objects.order_by("-number").values_list("number", flat=True).first() or 0
    batch = f"{at:%Y%m%d}-{first + 1:09d}"
    Change.objects.bulk_create(
        [
            Change(
                batch=batch,
                operation=operation,
                at=at,
                item=item,
                publication=publications[place] if publications else None,
            )
            for place, (item, operation) in enumerate(zip(items, operations, strict=True))
        ],
        ROWS_AT_ONCE,
    )
    transaction.on_commit(lambda: catalogue_changed.send(sender=Change), robust=True)
