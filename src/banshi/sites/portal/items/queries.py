"""Publications as the portal's addresses name them."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from banshi.catalog.models import Item, Listing, Publication
from banshi.catalog.queries import in_force_of, public_publications
from banshi.core.clock import CHINA
from banshi.core.errors import Missing

NOT_HERE = "没有这个事项"
WHAT_NOW = "地址可能写错了，请用事项名称搜索。"


class PublicationVersion(NamedTuple):
    """Enough of what is in force to know whether a kept page is still right."""

    digest: str
    number: int
    item_id: int


def version_in_force(guid: UUID) -> PublicationVersion | None:
    found = Listing.objects.filter(item__guid=guid).values_list(
        "publication__revision__digest", "publication__number", "item_id"
    )
    return next((PublicationVersion(*row) for row in found), None)


def present(guid: UUID) -> Publication:
    """Find the publication in force.

    Raises Missing.
    """
    publication = in_force_of(guid)
    if publication is None:
        raise Missing(NOT_HERE, remedy=WHAT_NOW)
    return publication


def once_public(guid: UUID) -> Item:
    """Return an item that is or was public.

    Raises Missing for any other, so that drafts stay unknown.
    """
    items = Item.objects.filter(guid=guid, publications__isnull=False).select_related(
        "organ__division", "category", "merged_into"
    )
    item = items.first()
    if item is None:
        raise Missing(NOT_HERE, remedy=WHAT_NOW)
    return item


def versions_of(item: Item) -> QuerySet[Publication]:
    return public_publications().filter(item=item).order_by("-number")


def version_of(item: Item, number: int) -> Publication:
    publication = versions_of(item).filter(number=number).first()
    if publication is None:
        raise Missing(f"没有第{number}版", remedy="请从版本列表里选。")
    return publication


def in_force_during(item: Item, day: date) -> QuerySet[Publication]:
    """List versions in force at any moment of the day."""
    begin = datetime.combine(day, time(), tzinfo=CHINA)
    return versions_of(item).filter(Q(until=None) | Q(until__gt=begin), since__lt=begin + timedelta(days=1))
