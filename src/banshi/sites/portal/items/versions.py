"""All versions of a guide: the list, one of them, what was in force on a day, what changed between two."""

from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from banshi.catalog.guide.differences import differences
from banshi.catalog.guide.document import SECTIONS
from banshi.core.errors import Missing
from banshi.sites.kit.address import as_day, key_in, text_in
from banshi.sites.portal.items.guide_view import GuideView
from banshi.sites.portal.items.queries import NOT_HERE, WHAT_NOW, in_force_during, once_public, version_of, versions_of


@require_safe
def list_versions(request: HttpRequest, guid: UUID) -> HttpResponse:
    item = once_public(guid)
    if not versions_of(item).exists():
        raise Missing(NOT_HERE, remedy=WHAT_NOW)
    day = as_day(text_in(request.GET, "on"))
    context = {
        "item": item,
        "versions": list(versions_of(item)),
        "asked": text_in(request.GET, "on"),
        "day": day,
        "on_day": list(in_force_during(item, day)) if day else [],
    }
    return render(request, "portal/versions.html", context)


@require_safe
def show_version(request: HttpRequest, guid: UUID, number: int) -> HttpResponse:
    item = once_public(guid)
    publication = version_of(item, number)
    return render(
        request,
        "portal/guide.html",
        {"reading": GuideView(publication), "publication": publication, "item": item, "old": True, "printing": False},
    )


@require_safe
def compare(request: HttpRequest, guid: UUID) -> HttpResponse:
    item = once_public(guid)
    versions = list(versions_of(item))
    if not versions:
        raise Missing("这个事项没有可以比较的版本")
    if len(versions) == 1:
        return redirect("portal:versions", item.guid)
    new = version_of(item, key_in(request.GET, "new") or versions[0].number)
    old = version_of(item, key_in(request.GET, "old") or versions[1].number)
    found = differences(old.revision.guide, new.revision.guide)
    order = list(SECTIONS)
    in_order = sorted(found, key=lambda each: order.index(each.section))
    by_section = [(SECTIONS[key], list(some)) for key, some in groupby(in_order, key=lambda each: each.section)]
    context = {
        "item": item,
        "versions": versions,
        "old": old,
        "new": new,
        "sections": by_section,
        "count": len(found),
    }
    return render(request, "portal/compare.html", context)
