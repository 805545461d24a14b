"""Reads of the catalogue."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from banshi.access import Permission
from banshi.catalog.models import Change, Item, Listing, Publication, Revision
from banshi.core.prepared import PreparedQuery
from banshi.people.models import User
from banshi.people.posts import organs_where

AT_ONCE = 500


def listings() -> QuerySet[Listing]:
    """List everything in force, as lists show it.

    For the public.
    """
    return Listing.objects.select_related("organ", "category", "item")


def items_visible_to(user: User, permission: Permission = Permission.ITEM_VIEW, *, at: datetime) -> QuerySet[Item]:
    """List items of the organs over which the user holds the permission, with `has_draft` and `ever_published`."""
    draft = Revision.objects.filter(item=OuterRef("pk"), state=Revision.State.DRAFT)
    return (
        Item.objects.filter(organ__in=organs_where(user, permission, at))
        .select_related("organ", "category", "listing")
        .annotate(has_draft=Exists(draft), ever_published=Exists(Publication.objects.filter(item=OuterRef("pk"))))
    )


def public_publications() -> QuerySet[Publication]:
    """Return publications anyone may read, all that are or were in force, except those published in error."""
    return Publication.objects.exclude(ending=Publication.Ending.IN_ERROR).select_related(
        "item__organ__division", "item__category", "revision"
    )


def in_force_of(guid: UUID) -> Publication | None:
    """Find the publication in force of the item with this number.

    There is at most one, so no order is asked for.
    """
    return next(iter(public_publications().filter(item__guid=guid, until=None).order_by()), None)


def in_force(item: Item) -> Publication | None:
    return IN_FORCE.first(item.pk)


IN_FORCE = PreparedQuery(lambda item: public_publications().filter(item=item, until=None).order_by())


def publication_on(item: Item, moment: datetime) -> Publication | None:
    """Find the publication in force at a moment."""
    valid = Q(since__lte=moment) & (Q(until=None) | Q(until__gt=moment))
    return public_publications().filter(valid, item=item).first()


def history(item: Item) -> QuerySet[Publication]:
    """List all publications of the item, newest first, the erroneous ones among them (for staff)."""
    return item.publications.select_related("revision__author")


def changes_after(number: int) -> QuerySet[Change]:
    return Change.objects.filter(number__gt=number).order_by("number")


def open_drafts(*, organ: str = "", division: str = "") -> QuerySet[Revision]:
    """List drafts of items in use, of one organ (by its full name) or below one division (by the beginning of its
    code).
    """
    drafts = Revision.objects.filter(state=Revision.State.DRAFT, item__state="active").select_related("item")
    if organ:
        drafts = drafts.filter(item__organ__name=organ)
    return drafts.filter(item__organ__division__code__startswith=division).order_by("item_id")


def newest_texts(items: list[int]) -> tuple[dict[int, int], dict[int, Revision]]:
    """Find by item the highest number, and the newest text that was not discarded."""
    numbers, newest = dict[int, int](), dict[int, int]()
    known = Revision.objects.filter(item__in=items).order_by("item_id", "number")
    for item, number, state, key in known.values_list("item", "number", "state", "pk"):
        numbers[item] = number
        if state != Revision.State.DISCARDED:
            newest[item] = key
    texts = Revision.objects.in_bulk(list(newest.values()))
    return numbers, {item: texts[key] for item, key in newest.items()}


def newest_revisions(items: Sequence[int]) -> dict[int, Revision]:
    """Map each item to its open draft, else its newest revision that was not discarded."""
    found: dict[int, Revision] = {}
    for start in range(0, len(items), AT_ONCE):
        chunk = items[start : start + AT_ONCE]
        revisions = Revision.objects.filter(item__in=chunk).exclude(state=Revision.State.DISCARDED).order_by("number")
        found |= {revision.item_id: revision for revision in revisions}
    return found
