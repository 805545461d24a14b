"""Publishing: one transaction writes publication, projections, ledger and events, or nothing at all."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from banshi.access import Permission, authorize_many
from banshi.catalog.actions.drafts import content_digest
from banshi.catalog.actions.files import open_files
from banshi.catalog.actions.identity import base_code_of, take_identity
from banshi.catalog.actions.projections import ROWS_AT_ONCE, erase_projections, write_projections
from banshi.catalog.change_feed import keep_feed_current
from banshi.catalog.events import PUBLISHED
from banshi.catalog.guards import check, moves_in, refuse_incomplete, refuse_less_complete
from banshi.catalog.guide.completeness import is_catalogue_line
from banshi.catalog.guide.document import Guide
from banshi.catalog.identity import ItemIdentity, identity_of
from banshi.catalog.models import Item, Publication, Revision
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.events import Occurrence, emit_many
from banshi.ledger import Act, Actor, record_many
from banshi.people.queries import office_of

Ending = Publication.Ending
BESIDE = ("item__organ__division", "item__category", "item__reference")
"""Rows read with the drafts."""


def publish(
    revision: Revision, *, reason: str = "", approved_by: str = "", again: bool = False, by: Actor, at: datetime
) -> Publication:
    return publish_many([revision], reason=reason, approved_by=approved_by, again=again, by=by, at=at)[0]


@transaction.atomic
def publish_many(
    revisions: Sequence[Revision],
    *,
    reason: str = "",
    approved_by: str = "",
    again: bool = False,
    lines: bool = False,
    correction: bool = False,
    identities: Mapping[int, ItemIdentity] | None = None,
    by: Actor,
    at: datetime,
) -> list[Publication]:
    """Put drafts, or texts approved by their reviewers, in force, all or none.

    Each replaces what was in force of its item.

    A small `correction` must only not be less complete than what is in force.
    `identities` are new ones of items, by item, as an adjustment carries them.
    `approved_by` names the meeting or office on public pages, by default the office of whoever publishes.
    Refused when one lacks what it must have. Exempt are texts that were in force before and come back (`again`: 恢复,
    核对不符), lines of a catalogue moved in whole whose guide is yet to come (`lines`, guarded by publish_import),
    and drafts the software itself moves in, which nobody here wrote.
    """
    by = authorize_many(by, Permission.ITEM_PUBLISH, revisions, at=at)
    # The drafts as they stand, their rows and items locked, in the order given.
    keys = [each.pk for each in revisions]
    locked = Revision.objects.select_for_update(of=("self", "item")).filter(pk__in=keys).order_by("item_id")
    found = {each.pk: each for each in locked.select_related(*BESIDE)}
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
    if correction:
        standing = Publication.objects.filter(item__in=[draft.item_id for draft in drafts], until=None)
        guides_there = {each.item_id: each.revision.guide for each in standing.select_related("revision")}
        for draft in drafts:
            refuse_less_complete(draft, guides_there.get(draft.item_id, Guide()), "公布")
    elif not again:
        own = moves_in(by)
        refuse_incomplete(
            [
                draft
                for draft, guide in zip(drafts, guides, strict=True)
                if not (own and draft.state == Revision.State.DRAFT) and not (lines and is_catalogue_line(guide))
            ],
            "公布",
        )
    check("publish", drafts, by=by, at=at)
    identified = [draft.item for draft in drafts if draft.item_id in (identities or {})]
    for item in identified:
        take_identity(item, (identities or {})[item.pk])
    coded = [draft.item for draft in drafts if draft.item.base_code != base_code_of(draft.item)]
    for item in coded:
        item.base_code = base_code_of(item)
    office = "" if approved_by else office_of(by, at)
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
            approved_by=(approved_by or office)[:150],
            reason=reason or draft.reason,
            identity=identity_of(draft.item).as_json(),
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
    open_files([(draft.item, guide) for draft, guide in zip(drafts, guides, strict=True)])
    # Projections, and the item's name when it changed.
    with_guides = list(zip(publications, guides, strict=True))
    write_projections(with_guides, replaced)
    renamed = []
    for publication, guide in with_guides:
        if publication.item.name != guide.name:
            publication.item.name = guide.name
            renamed.append(publication.item)
    Item.objects.bulk_update(renamed, ["name"], ROWS_AT_ONCE)
    Item.objects.bulk_update(identified, ["code", "base_code", "kind", "category"], ROWS_AT_ONCE)
    Item.objects.bulk_update(coded, ["base_code"], ROWS_AT_ONCE)
    acts = [
        Act(
            "catalog.publish",
            p.item,
            {
                "number": p.number,
                "digest": p.revision.digest,
                "reason": p.reason,
                "approved_by": p.approved_by,
                "identity": p.identity,
            },
        )
        for p in publications
    ]
    record_many(acts, by=by, at=at)
    told = [{"number": p.number, "operation": "U" if p.item_id in replaced else "I"} for p in publications]
    emit_many(PUBLISHED, list(map(Occurrence, publications, told)), by=by, at=at)
    keep_feed_current()
    return publications


def end_publications(items: Sequence[Item], ending: Ending, *, note: str = "", at: datetime) -> None:
    """Take items off the portal: publications end, projections go.

    Called by acts that record and emit.
    """
    _end([item.pk for item in items], ending, note=note, at=at)
    erase_projections(items)


def _end(items: list[int], ending: Ending, *, note: str = "", at: datetime) -> None:
    if items:
        Publication.objects.filter(item__in=items, until=None).update(until=at, ending=ending, ending_note=note)
