"""The history of an item's guide: what was in force when, what changed, and a way back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from banshi.catalog.actions import restore_version
from banshi.catalog.guide.differences import Difference, differences
from banshi.catalog.guide.document import SECTIONS, Guide
from banshi.catalog.guide.elements import sectioned
from banshi.catalog.guide.text import element_text
from banshi.catalog.identity import identity_differences
from banshi.catalog.models import Category, Item, Publication
from banshi.catalog.queries import history
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.sites.kit.address import as_day, key_in, text_in
from banshi.sites.kit.permissions import Permission, may
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import item_for
from banshi.sites.workbench.versions.queries import in_force_on


@login_required
@require_GET
def versions(request: StaffRequest, guid: UUID) -> HttpResponse:
    item = item_for(request.user, guid)
    asked = text_in(request.GET, "day")
    day = as_day(asked)
    context = {
        "item": item,
        "publications": history(item),
        "asked": asked,
        "wrong": f"“{asked[:20]}”不是日期，请写成 2026-11-23 这样" if asked and day is None else "",
        "day": day,
        "then": in_force_on(item, day) if day else [],
        "may_edit": may(request.user, Permission.ITEM_EDIT, item.organ),
    }
    return render(request, "workbench/versions/versions.html", context)


@login_required
@require_GET
def version(request: StaffRequest, guid: UUID, number: int) -> HttpResponse:
    """Show one version in full, and what it changed."""
    item = item_for(request.user, guid)
    publication = _numbered(item, number)
    before = history(item).filter(number__lt=number).first()
    guide = publication.revision.guide
    context = {
        "item": item,
        "publication": publication,
        "before": before,
        "found": _between(before, publication) if before else [],
        "text": in_sections(guide),
        "may_edit": may(request.user, Permission.ITEM_EDIT, item.organ),
    }
    return render(request, "workbench/versions/version.html", context)


def in_sections(guide: Guide) -> list[tuple[str, list[tuple[str, str]]]]:
    """List all the guide says as plain text by section, without what is empty."""
    told = [
        (label, [(each.label, text) for each in sectioned(Guide, code) if (text := element_text(guide, each))])
        for code, label in SECTIONS.items()
    ]
    return [(label, lines) for label, lines in told if lines]


@login_required
@require_GET
def compare(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Compare any two versions, the older first whichever way they were asked for."""
    item = item_for(request.user, guid)
    asked = sorted(key_in(request.GET, name) for name in ("old", "new"))
    if 0 in asked:
        return redirect("workbench:versions", guid)
    old, new = (_numbered(item, number) for number in asked)
    context = {"item": item, "old": old, "new": new, "found": _between(old, new)}
    return render(request, "workbench/versions/compare.html", context)


@login_required
@require_POST
def restore(request: StaffRequest, guid: UUID, number: int) -> HttpResponse:
    """Restore the old version as a new draft.

    Nothing is in force until it is published.
    """
    item = item_for(request.user, guid)
    restore_version(_numbered(item, number), by=request.user, at=now())
    messages.success(request, f"已按第{number}版的内容起草。核对后公布才会生效。")
    return redirect("workbench:editor", guid)


def _between(old: Publication, new: Publication) -> list[Difference]:
    """Compare two versions by their identity and their guides."""
    texts = differences(old.revision.guide, new.revision.guide)
    if old.identity == new.identity:
        return texts
    names = dict(Category.objects.values_list("code", "name"))
    return [*identity_differences(old.identified, new.identified, names), *texts]


def _numbered(item: Item, number: int) -> Publication:
    publication = history(item).filter(number=number).first()
    if publication is None:
        raise Missing(f"没有第{number}版")
    publication.item = item
    return publication
