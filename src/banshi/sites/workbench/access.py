"""The one way staff pages reach an item: through what the user may see. What lies elsewhere is not there for them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict

from banshi.catalog.models import Item, Revision
from banshi.catalog.queries import items_visible_to
from banshi.core.errors import Missing
from banshi.people.permissions import Permission, require

LONGEST_KEY = 19
"""Digits that surely fit a database's integer."""


def item_for(user: Any, guid: UUID, permission: Permission = Permission.ITEM_VIEW) -> Item:
    """The item, when the user may see it and holds `permission` over its organ. Raises Missing, Refused."""
    item = (
        items_visible_to(user)
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


def as_guids(texts: Iterable[str]) -> set[UUID]:
    """The guids among what a form sent; anything else is nobody's."""
    return {guid for text in texts if (guid := as_guid(text))}


def as_guid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def as_key(text: str) -> int:
    """The key an address or form names; 0, nobody's, for anything that is none."""
    return int(text) if len(text) < LONGEST_KEY and text.isascii() and text.isdecimal() else 0


def text_in(data: QueryDict, name: str) -> str:
    """One text of an address or form, without NUL (no PostgreSQL text holds it) and white space at its ends."""
    return data.get(name, "").replace("\x00", "").strip()


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: nothing unless it was submitted, however empty."""
    return request.POST if request.method == "POST" else None
