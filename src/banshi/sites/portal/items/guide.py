"""The guide page: the page all others lead to."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from banshi.catalog.models import Publication
from banshi.core.clock import today
from banshi.core.errors import Missing
from banshi.insight.counting import count_view
from banshi.sites.portal.items.ended import show_ended
from banshi.sites.portal.items.guide_view import GuideView
from banshi.sites.portal.items.page_cache import kept_page
from banshi.sites.portal.items.queries import NOT_HERE, present, version_in_force
from banshi.sites.portal.items.version_cache import current_version

NOW = {"old": False, "printing": False}
"""Said outright: what a template has to find missing costs it more than what it finds."""


@require_safe
def show_guide(request: HttpRequest, guid: UUID) -> HttpResponse:
    version, found = current_version(guid)
    if version is None:
        return show_ended(request, guid)
    state = (
        f"guide:{guid}:{version.number}:{version.digest[:16]}:{today()}"  # it names the day until when a thing is done
    )
    return kept_page(request, state, lambda: _guide(request, found or present(guid)))


def _guide(request: HttpRequest, publication: Publication) -> HttpResponse:
    return render(
        request,
        "portal/guide.html",
        {**NOW, "reading": GuideView(publication, on=today()), "publication": publication, "item": publication.item},
    )


@require_safe
def show_print(request: HttpRequest, guid: UUID) -> HttpResponse:
    publication = present(guid)
    return render(
        request,
        "portal/print.html",
        {"reading": GuideView(publication), "publication": publication, "item": publication.item},
    )


@csrf_exempt  # no one's data and no session: a figure grows by one; asked of our own pages only
@require_POST
def note_view(request: HttpRequest, guid: UUID) -> HttpResponse:
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return HttpResponseForbidden()
    version = version_in_force(guid)
    if version is None:
        raise Missing(NOT_HERE)
    count_view(version.item_id, on=today())
    return HttpResponse(status=204)
