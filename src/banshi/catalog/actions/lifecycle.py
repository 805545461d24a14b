"""The life of an item: 暂停·恢复·取消·合并·拆分, and taking down what was published."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.catalog.actions.drafts import NewItem, create_items, start_draft
from banshi.catalog.actions.files import close_files
from banshi.catalog.actions.publishing import end_publications, publish
from banshi.catalog.change_feed import keep_feed_current
from banshi.catalog.events import TAKEN_DOWN
from banshi.catalog.guards import check
from banshi.catalog.models import Item, Publication, Revision
from banshi.core.errors import BadInput, Conflict
from banshi.events import emit
from banshi.ledger import Actor, record
from banshi.workflow.actions import move
from banshi.workflow.transitions import authorize_move

Ending = Publication.Ending


@transaction.atomic
def suspend_item(item: Item, *, note: str, by: Actor, at: datetime) -> Item:
    """Suspend (暂停) an item, which leaves the lists.

    Its page says so and why.
    """
    return _close(item, "suspend", Ending.SUSPENDED, note=note, by=by, at=at)


@transaction.atomic
def resume_item(item: Item, *, note: str = "", by: Actor, at: datetime) -> Item:
    """Resume (恢复) an item by publishing what was last in force as a new version."""
    allowed = authorize_move([item], "resume", by=by, at=at)
    check("resume", [item], by=allowed, at=at)
    move(item, "resume", by=allowed, at=at, note=note)
    record("catalog.resume_item", item, by=allowed, at=at, facts={"note": note})
    last = item.publications.select_related("revision").first()
    if last and not item.revisions.filter(state__in=Revision.OPEN).exists():
        draft = start_draft(item, by=allowed, at=at, reason="恢复办理", guide=last.revision.guide)
        publish(draft, reason=note or "恢复办理", again=True, by=allowed, at=at)
    return item


@transaction.atomic
def cancel_item(item: Item, *, note: str, by: Actor, at: datetime) -> Item:
    return _close(item, "cancel", Ending.CANCELLED, note=note, by=by, at=at)


@transaction.atomic
def merge_items(items: Sequence[Item], *, into: Item, note: str, by: Actor, at: datetime) -> Item:
    """Merge (合并) items, whose pages lead to `into` from now on."""
    allowed = authorize_move(items, "merge", by=by, at=at)
    check("merge", items, by=allowed, at=at)
    if into in items or into.state != "active":
        raise BadInput("并入的事项必须是另一个在用的事项", remedy="请重新选择。")
    if not Publication.objects.filter(item=into, until=None).exists():
        raise BadInput(f"“{into}”还没有公布，群众转过去看不到内容", remedy="请先公布它，再把别的事项并进来。")
    for item in items:
        item.merged_into = into
        _close(item, "merge", Ending.MERGED, note=note, by=allowed, at=at, merged_into=into)
    return into


@transaction.atomic
def split_item(item: Item, *, names: Sequence[str], note: str, by: Actor, at: datetime) -> list[Item]:
    """Split (拆分) an item into new ones with drafts that begin as copies.

    The old one stays in force until it is cancelled.
    """
    by = authorize(by, Permission.ITEM_LIFECYCLE, item, at=at)
    names = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if len(names) < 2:
        raise BadInput("拆分至少要写两个不同的新事项名称", remedy="每行写一个名称。")
    guide = item.revisions.all()[0].guide
    new = [
        NewItem(
            item.organ,
            guide.model_copy(update={"name": name}),
            item.kind,
            item.category,
            split_from=item,
            is_example=item.is_example,
        )
        for name in names
    ]
    items = create_items(new, by=by, at=at)
    record("catalog.split_item", item, by=by, at=at, facts={"into": [each.pk for each in items], "note": note})
    return items


@transaction.atomic
def withdraw(publication: Publication, *, ending: str, note: str, by: Actor, at: datetime) -> Item:
    """Withdraw (撤下) what was published in error, or with notice.

    The item stays. A corrected version may follow.
    """
    authorize(by, Permission.ITEM_WITHDRAW, publication, at=at)
    if ending not in (Ending.IN_ERROR, Ending.WITHDRAWN):
        raise BadInput("撤下的理由只能是“公布有误”或“停止办理并公告”")
    if publication.until is not None:
        raise Conflict("这一版已经不在用了", remedy="请刷新页面查看。")
    item = publication.item
    end_publications([item], Ending(ending), note=note, at=at)
    if ending == Ending.IN_ERROR:
        close_files(publication)
    record("catalog.withdraw", item, by=by, at=at, facts={"number": publication.number, "ending": ending, "note": note})
    emit(TAKEN_DOWN, item, by=by, at=at, ending=ending)
    keep_feed_current()
    return item


def _close(item: Item, name: str, ending: Ending, *, note: str, by: Actor, at: datetime, **changes: Any) -> Item:
    allowed = authorize_move([item], name, by=by, at=at)
    check(name, [item], by=allowed, at=at)
    if not note.strip():
        raise BadInput("请写明原因", remedy="群众在页面上会看到这句话。")
    move(item, name, by=allowed, at=at, note=note, **changes)
    was_public = hasattr(item, "listing")
    end_publications([item], ending, note=note, at=at)
    plain = {name: getattr(value, "pk", value) for name, value in changes.items()}
    record(f"catalog.{name}_item", item, by=by, at=at, facts={"note": note, **plain})
    if was_public:
        emit(TAKEN_DOWN, item, by=by, at=at, ending=ending)
        keep_feed_current()
    return item
