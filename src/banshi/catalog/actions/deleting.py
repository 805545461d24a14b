"""Deleting items that were never public."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from banshi.access import Permission, authorize_many
from banshi.catalog.guards import check
from banshi.catalog.models import Item, Publication, Revision
from banshi.core.errors import BadInput, Problem
from banshi.ledger import Act, Actor, record_many

NAMED = 50


@transaction.atomic
def delete_items(items: Sequence[Item], *, reason: str, by: Actor, at: datetime) -> int:
    """Delete items never published and with no reviewer, all or none.

    The ledger keeps what they were.
    """
    allowed = authorize_many(by, Permission.ITEM_EDIT, items, at=at)
    locked = list(Item.objects.select_for_update(of=("self",)).filter(pk__in=[each.pk for each in items]))
    check("delete_items", locked, by=allowed, at=at)
    refuse_deleting(locked)
    texts = dict(Revision.objects.filter(item__in=locked).order_by("number").values_list("item_id", "digest"))
    acts = [
        Act(
            "catalog.delete_item",
            each,
            {
                "name": each.name,
                "code": each.code,
                "guid": each.guid,
                "digest": texts.get(each.pk, ""),
                "reason": reason,
            },
        )
        for each in locked
    ]
    record_many(acts, by=by, at=at)
    try:
        Item.objects.filter(pk__in=[each.pk for each in locked]).delete()
    except ProtectedError as held:
        names = {str(getattr(each, "item", "")) for each in list(held.protected_objects)[:NAMED]} - {""}
        raise BadInput(
            "有事项已经有别的办理记录，不能删除",
            [Problem("有清理、调整或其他办理记录", where=name) for name in sorted(names)],
            remedy="请先办结那里的事；不再需要的事项可以申请取消。",
        ) from held
    return len(locked)


def refuse_deleting(items: Sequence[Item]) -> None:
    """Refuse, naming each that was published or is with its reviewers."""
    keys = [each.pk for each in items]
    published = set(Publication.objects.filter(item__in=keys).values_list("item_id", flat=True))
    submitted = Revision.objects.filter(item__in=keys, state=Revision.State.SUBMITTED)
    busy = set(submitted.values_list("item_id", flat=True))
    problems = [
        Problem("公布过" if each.pk in published else "正在审核", where=each.name)
        for each in items
        if each.pk in published | busy
    ]
    if problems:
        raise BadInput(
            f"有{len(problems)}个事项公布过或正在审核，不能删除",
            problems[:NAMED],
            where=problems[0].where,
            remedy="公布过的请申请取消；正在审核的请先撤回。",
        )
