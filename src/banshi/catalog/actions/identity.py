"""Identity of an item apart from its guide, its code, kind, category and reference item."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.catalog.change_feed import keep_feed_current
from banshi.catalog.codes import read_code
from banshi.catalog.events import IDENTITY_CHANGED
from banshi.catalog.models import Category, Item, Listing, ReferenceItem
from banshi.core.errors import BadInput
from banshi.events import emit
from banshi.ledger import Actor, record


@transaction.atomic
def change_identity(item: Item, *, code: str, kind: str, category: Category | None, by: Actor, at: datetime) -> Item:
    """New code, kind or category. Lists of what is in force follow at once. The guide's versions do not change."""
    authorize(by, Permission.ITEM_EDIT, item, at=at)
    before = {"code": item.code, "kind": item.kind, "category": item.category_id}
    item.code, item.kind, item.category = code, kind, category
    item.base_code = read_code(code).base_code or (item.reference.base_code if item.reference else "")
    item.save(update_fields=["code", "base_code", "kind", "category"])
    shown = Listing.objects.filter(item=item).update(kind=kind, category=category)
    after = {"code": item.code, "kind": item.kind, "category": item.category_id}
    record("catalog.change_identity", item, by=by, at=at, facts={"before": before, "after": after})
    if shown and before != after:
        emit(IDENTITY_CHANGED, item, by=by, at=at)
        keep_feed_current()
    return item


@transaction.atomic
def claim_reference(item: Item, *, reference: ReferenceItem | None, by: Actor, at: datetime) -> Item:
    """认领: the local item answers to this item of the reference catalogue. None gives it back."""
    authorize(by, Permission.ITEM_EDIT, item, at=at)
    item.reference = reference
    item.base_code = reference.base_code if reference else read_code(item.code).base_code
    item.save(update_fields=["reference", "base_code"])
    record("catalog.claim_reference", item, by=by, at=at, facts={"reference": reference.base_code if reference else ""})
    return item


@transaction.atomic
def add_reference(
    *,
    base_code: str,
    name: str,
    kind: str,
    category: Category | None,
    issued_by: str,
    source: str,
    by: Actor,
    at: datetime,
) -> ReferenceItem:
    authorize(by, Permission.REFERENCE_EDIT, at=at)
    if ReferenceItem.objects.filter(base_code=base_code).exists():
        raise BadInput(f"参考目录里已有编码 {base_code}", remedy="请核对编码，或直接使用已有的那一项。")
    reference = ReferenceItem.objects.create(
        base_code=base_code, name=name, kind=kind, category=category, issued_by=issued_by, source=source
    )
    record("catalog.add_reference", reference, by=by, at=at, facts={"base_code": base_code, "name": name})
    return reference
