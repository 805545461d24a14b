"""New items and drafts of guides."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime

from banshi.access import Permission, authorize, authorize_many
from banshi.catalog.actions.files import refuse_foreign_files
from banshi.catalog.enums import ItemKind
from banshi.catalog.guide.completeness import completeness
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Category, Item, Publication, ReferenceItem, Revision
from banshi.catalog.provenance import ALL, Sources, edited, written_here
from banshi.catalog.queries import newest_texts
from banshi.catalog.twins import Doubted, doubts_about
from banshi.core.crypto import digest
from banshi.core.errors import Conflict
from banshi.core.json_types import JsonObject
from banshi.ledger import Act, Actor, record, record_many
from banshi.people.models import Organ
from banshi.people.queries import account_of

ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class NewItem:
    """The values a new item begins with. `code` is kept as given, `base_code` as read from it."""

    organ: Organ
    guide: Guide
    kind: str = ItemKind.SERVICE
    category: Category | None = None
    code: str = ""
    base_code: str = ""
    kind_as_given: str = ""
    source: str = ""
    reference: ReferenceItem | None = None
    is_example: bool = False
    split_from: Item | None = None
    provenance: Sources = field(default_factory=dict)


def content_of(guide: Guide) -> dict[str, object]:
    return guide.model_dump(mode="json", exclude_defaults=True)


def content_digest(content: JsonObject) -> str:
    return digest(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


@transaction.atomic
def create_item(*, organ: Organ, guide: Guide, in_spite: bool = False, by: Actor, at: datetime, **more: Any) -> Item:
    """Create an item with its first draft.

    `more` as in NewItem. Raises Doubted, unless in spite of it, where it may repeat what is there.
    """
    by = authorize(by, Permission.ITEM_EDIT, organ, at=at)
    Organ.objects.select_for_update().get(pk=organ.pk)  # of two at once the second sees what the first has made
    if not in_spite and (doubts := doubts_about(organ, name=guide.name, code=more.get("code", ""))):
        raise Doubted(doubts)
    return create_items([NewItem(organ, guide, **more)], by=by, at=at)[0]


@transaction.atomic
def create_items(news: Sequence[NewItem], *, by: Actor, at: datetime) -> list[Item]:
    """Create items, each with its first draft, in the order given."""
    by = authorize_many(by, Permission.ITEM_EDIT, [new.organ for new in news], at=at)
    items = Item.objects.bulk_create(
        [
            Item(
                organ=each.organ,
                name=each.guide.name,
                kind=each.kind,
                kind_as_given=each.kind_as_given,
                category=each.category,
                code=each.code,
                base_code=each.base_code,
                reference=each.reference,
                is_example=each.is_example,
                source=each.source,
                split_from=each.split_from,
                percent=completeness(each.guide).percent,
                created_at=at,
            )
            for each in news
        ],
        ROWS_AT_ONCE,
    )
    Revision.objects.bulk_create(
        [_first_draft(item, new, by, at) for item, new in zip(items, news, strict=True)], ROWS_AT_ONCE
    )
    record_many(
        [Act("catalog.create_item", item, {"name": item.name, "code": item.code}) for item in items], by=by, at=at
    )
    return items


def _first_draft(item: Item, new: NewItem, by: Actor, at: datetime) -> Revision:
    content = content_of(new.guide)
    digest, author = content_digest(content), account_of(by)
    return Revision(
        item=item,
        number=1,
        content=content,
        provenance={ALL: written_here(item), **new.provenance},
        digest=digest,
        author=author,
        created_at=at,
        saved_at=at,
    )


def start_draft(
    item: Item,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    guide: Guide | None = None,
    provenance: Sources | None = None,
) -> Revision:
    """Return the open draft of an item.

    A new one from what was last published (or from `guide`) when there is none.

    `provenance` tells whence the elements of `guide` come when they are not this edit's. Conflict while the newest text
    is with its reviewers.
    """
    authorize(by, Permission.ITEM_EDIT, item, at=at)
    newest = item.revisions.first()
    if newest and newest.state == Revision.State.SUBMITTED:
        raise Conflict(f"“{item}”正在审核，暂不能修改", remedy="等审核单位退回或审定后再改；急需更正请联系审核单位。")
    if newest and newest.state == Revision.State.DRAFT:
        return newest
    try:
        return _new_draft(item, newest, by=by, at=at, reason=reason, guide=guide, provenance=provenance)
    except IntegrityError:  # another was quicker
        return item.revisions.get(state=Revision.State.DRAFT)


@transaction.atomic
def _new_draft(
    item: Item,
    newest: Revision | None,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    guide: Guide | None,
    provenance: Sources | None,
) -> Revision:
    last = newest
    if newest and newest.state == Revision.State.DISCARDED:
        last = newest.item.revisions.exclude(state=Revision.State.DISCARDED).first() or newest
    content, sources = (last.content, last.provenance) if last else ({}, {ALL: written_here(item)})
    if guide:
        before, content = content, content_of(guide)
        sources = provenance or edited(item, sources, before, content)
    revision = item.revisions.create(
        number=newest.number + 1 if newest else 1,
        content=content,
        provenance=sources,
        digest=content_digest(content),
        reason=reason,
        author=account_of(by),
        created_at=at,
        saved_at=at,
    )
    if guide:
        _follow_newest(item, guide)
    record("catalog.start_draft", revision, by=by, at=at, facts={"item": item.pk, "reason": reason})
    return revision


@transaction.atomic
def drafts_of(items: Sequence[Item], *, reason: str, by: Actor, at: datetime) -> dict[int, Revision]:
    """Return the open draft of each item, by item.

    Where there is none, a new one from its newest text.
    """
    authorize_many(by, Permission.ITEM_EDIT, items, at=at)
    numbers, newest = newest_texts([item.pk for item in items])
    drafts = {key: text for key, text in newest.items() if text.state == Revision.State.DRAFT}
    if busy := [item for item in items if item.pk in newest and newest[item.pk].state == Revision.State.SUBMITTED]:
        raise Conflict(f"“{busy[0]}”已经在审核中", remedy="请等上一次审核办结。")
    missing = [item for item in items if item.pk not in drafts]
    fresh = [_draft_after(newest.get(item.pk), item, numbers.get(item.pk, 0) + 1, reason, by, at) for item in missing]
    Revision.objects.bulk_create(fresh, ROWS_AT_ONCE)
    record_many([Act("catalog.start_draft", item, {"reason": reason}) for item in missing], by=by, at=at)
    return drafts | {draft.item_id: draft for draft in fresh}


def _draft_after(text: Revision | None, item: Item, number: int, reason: str, by: Actor, at: datetime) -> Revision:
    content = text.content if text else {}
    return Revision(
        item=item,
        number=number,
        content=content,
        provenance=text.provenance if text else {ALL: written_here(item)},
        digest=content_digest(content),
        reason=reason[:300],
        author=account_of(by),
        created_at=at,
        saved_at=at,
    )


@transaction.atomic
def save_draft(revision: Revision, *, guide: Guide, stamp: int, by: Actor, at: datetime) -> Revision:
    """Save what was typed over the state named by `stamp`.

    Conflict when another has saved since.
    """
    authorize(by, Permission.ITEM_EDIT, revision, at=at)
    content = content_of(guide)
    digest = content_digest(content)
    refuse_foreign_files(revision.item, guide, revision.guide)
    here = Revision.objects.filter(pk=revision.pk, stamp=stamp, state=Revision.State.DRAFT, digest=digest)
    if digest == revision.digest and here.exists():
        return revision  # nothing changed, so nobody's later change is in conflict with this
    provenance = edited(revision.item, revision.provenance, revision.content, content)
    changed = Revision.objects.filter(pk=revision.pk, stamp=stamp, state=Revision.State.DRAFT).update(
        content=content, provenance=provenance, digest=digest, stamp=stamp + 1, author=account_of(by), saved_at=at
    )
    if not changed:
        now = Revision.objects.select_related("author").get(pk=revision.pk)
        if now.state != Revision.State.DRAFT:
            raise Conflict(
                f"这份草稿{now.get_state_display()}，不能再改", remedy="您写的内容还在页面上，可以另起一份草稿。"
            )
        raise Conflict(
            f"{now.author or '别人'}在 {localtime(now.saved_at):%H:%M} 保存过这份草稿",
            remedy="您写的内容没有丢。请对照两份的不同，选择保留哪一份。",
        )
    _follow_newest(revision.item, guide)
    record("catalog.save_draft", revision, by=by, at=at, facts={"digest": digest})
    revision.content, revision.provenance, revision.digest = content, provenance, digest
    revision.stamp, revision.saved_at = stamp + 1, at
    return revision


def _follow_newest(item: Item, guide: Guide) -> None:
    """Update the item's completeness from its newest guide."""
    # Its name too, until something is published.
    shown: JsonObject = {"percent": completeness(guide).percent}
    if guide.name != item.name and not item.publications.exists():
        shown["name"] = guide.name
    if any(getattr(item, field) != value for field, value in shown.items()):
        Item.objects.filter(pk=item.pk).update(**shown)


@transaction.atomic
def discard_draft(revision: Revision, *, by: Actor, at: datetime) -> None:
    authorize(by, Permission.ITEM_EDIT, revision, at=at)
    if not Revision.objects.filter(pk=revision.pk, state=Revision.State.DRAFT).update(state=Revision.State.DISCARDED):
        raise Conflict("这份草稿已经公布或放弃了")
    if last := revision.item.revisions.exclude(state=Revision.State.DISCARDED).first():
        _follow_newest(revision.item, last.guide)
    record("catalog.discard_draft", revision, by=by, at=at)


def restore_version(publication: Publication, *, by: Actor, at: datetime) -> Revision:
    """Undo is a new revision: a draft with the content of an earlier publication."""
    authorize(by, Permission.ITEM_EDIT, publication, at=at)
    item = publication.item
    if item.revisions.filter(state=Revision.State.DRAFT).exists():
        raise Conflict("这个事项有没写完的草稿", remedy="请先公布或放弃现有草稿，再恢复旧版本。")
    reason = f"恢复第{publication.number}版"
    text = publication.revision
    return start_draft(item, by=by, at=at, reason=reason, guide=text.guide, provenance=text.provenance)
