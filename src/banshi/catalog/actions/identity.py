"""ItemIdentity of an item apart from its guide, its code, kind, category and reference item."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.catalog.codes import read_code
from banshi.catalog.identity import ItemIdentity, identity_of
from banshi.catalog.models import Category, Item, ReferenceItem, Revision
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.ledger import Actor, record

ONLY_BY_ADJUSTMENT = "请在事项页面点“申请调整”，写上新的编码、类型或类别；审核通过后随新的一版生效。"


@transaction.atomic
def change_identity(item: Item, *, code: str, kind: str, category: Category | None, by: Actor, at: datetime) -> Item:
    """Set a new code, kind or category of an item that was never published and is with no reviewer."""
    by = authorize(by, Permission.ITEM_EDIT, item, at=at)
    item = Item.objects.select_for_update(of=("self",)).select_related("reference").get(pk=item.pk)
    before = identity_of(item)
    after = ItemIdentity(code, kind, category.pk if category else "")
    if after == before:
        return item
    if item.publications.exists():
        raise Refused(f"“{item}”已经公布过，编码、类型、类别不能直接改", where=item.name, remedy=ONLY_BY_ADJUSTMENT)
    if item.revisions.filter(state=Revision.State.SUBMITTED).exists():
        raise Conflict(
            f"“{item}”正在审核，编码、类型、类别暂不能改", remedy="请等审核单位退回后再改，或请上报单位撤回。"
        )
    take_identity(item, after)
    item.save(update_fields=["code", "base_code", "kind", "category"])
    facts = {"before": before.as_json(), "after": after.as_json()}
    record("catalog.change_identity", item, by=by, at=at, facts=facts)
    return item


def take_identity(item: Item, new: ItemIdentity) -> None:
    """Set it on the row in memory.

    `item` has its reference item at hand.
    """
    item.code, item.kind, item.category_id = new.code, new.kind, new.category or None
    item.base_code = base_code_of(item)


def base_code_of(item: Item) -> str:
    """Return that in the item's own code, else that of the reference item it answers to."""
    return read_code(item.code).base_code or (item.reference.base_code if item.reference else "")


@transaction.atomic
def claim_reference(item: Item, *, reference: ReferenceItem | None, by: Actor, at: datetime) -> Item:
    """Claim (认领) an item of the reference catalogue for a local item.

    With None it is given back. What is in force keeps its 基本编码 until its next version.
    """
    authorize(by, Permission.ITEM_EDIT, item, at=at)
    item.reference = reference
    item.save(update_fields=["reference"])
    if not item.publications.filter(until=None).exists():
        item.base_code = base_code_of(item)
        item.save(update_fields=["base_code"])
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
