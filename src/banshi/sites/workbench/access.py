"""The one way staff pages reach an item: through what the user may see. What lies elsewhere is not there for them."""

from uuid import UUID

from django.http import QueryDict

from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Item, Revision
from banshi.catalog.queries import items_visible_to
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.people.models import User
from banshi.sites.kit.listing.organs import organ_options
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest


def item_for(user: User, guid: UUID, permission: Permission = Permission.ITEM_VIEW) -> Item:
    """Return the item, when the user may see it and holds `permission` over its organ.

    Raises Missing, Refused.
    """
    item = (
        items_visible_to(user, at=now())
        .select_related("organ__division", "category", "listing", "reference", "merged_into", "yearly_volume")
        .filter(guid=guid)
        .first()
    )
    if item is None:
        raise Missing("没有找到这个事项", remedy="它可能属于别的单位，或者地址不完整。请回到“事项”列表查找。")
    if permission is not Permission.ITEM_VIEW:
        require(user, permission, item.organ)
    return item


def open_draft(item: Item) -> Revision | None:
    return item.revisions.filter(state=Revision.State.DRAFT).select_related("author").first()


def saved_guide(item: Item) -> Guide:
    draft = open_draft(item)
    if draft is None:
        raise Missing("这份草稿已经公布或放弃了", remedy="请回到事项页面查看。")
    return draft.guide


def item_organ_options(user: User, asked: str) -> list[tuple[str, str]] | str:
    """Offer the organs whose items the user may see."""
    return organ_options(organs_where(user, Permission.ITEM_VIEW), asked)


def posted(request: StaffRequest) -> QueryDict | None:
    """Return what a form is bound to: nothing unless it was submitted, however empty."""
    return request.POST if request.method == "POST" else None
