"""Pages of items that are no longer on the lists: since when, why, and where to go instead."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from banshi.cases.models import Application
from banshi.catalog.models import Item, Publication
from banshi.sites.portal.items.queries import once_public, versions_of

GONE = {
    Publication.Ending.WITHDRAWN,
    Publication.Ending.CANCELLED,
    Publication.Ending.IN_ERROR,
    Publication.Ending.MERGED,
}


def show_ended(request: HttpRequest, guid: UUID, *, suspended: int = 200) -> HttpResponse:
    """Lead on to what an item was merged into, or tell how it ended.

    `suspended` is the status while it only rests.
    """
    item = once_public(guid)
    if item.merged_into:
        return redirect("portal:item", item.merged_into.guid)
    return tell_ended(request, item, suspended=suspended)


def tell_ended(
    request: HttpRequest, item: Item, *, suspended: int = 404, drafts: Sequence[Application] = ()
) -> HttpResponse:
    """Tell how an item ended, what follows it, and that what was begun is kept."""
    last = item.publications.order_by("-number")[0]
    followers = Item.objects.filter(split_from=item, state="active", publications__until=None).distinct()
    context = {
        "item": item,
        "last": last,
        "followers": [item.merged_into] if item.merged_into else list(followers),
        "versions": versions_of(item)[:5],
        "drafts": drafts,
    }
    return render(request, "portal/ended.html", context, status=410 if last.ending in GONE else suspended)
