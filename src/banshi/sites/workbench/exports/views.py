"""目录表 and 梳理表 of what a person may export, and blank ones."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from banshi.catalog.models import Category
from banshi.catalog.queries import items_visible_to
from banshi.core.clock import now, today
from banshi.core.errors import Missing
from banshi.sites.kit.address import guids_in, text_in
from banshi.sites.kit.downloads import send_written
from banshi.sites.kit.listing.organs import organ_options
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.items.listing import ItemListFilters
from banshi.spreadsheets.exporting import lines, write_directory, write_scrutiny, write_template

FORMS = {"directory": "公共服务事项目录表", "scrutiny": "公共服务事项和办事指南梳理表"}
WRITERS = {"directory": write_directory, "scrutiny": write_scrutiny}


@login_required
@require_GET
def export_page(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.ITEM_EXPORT)
    context = {
        "organs": organ_options(organs_where(request.user, Permission.ITEM_EXPORT), ""),
        "categories": Category.objects.all(),
        "count": items_visible_to(request.user, Permission.ITEM_EXPORT, at=now()).count(),
    }
    return render(request, "workbench/exports/export.html", context)


@login_required
@require_GET
def export_items(request: StaffRequest) -> HttpResponseBase:
    """Return the items the list's filters (or its ticks, `item`) ask for, as a workbook that can be sent back."""
    require(request.user, Permission.ITEM_EXPORT)
    form = _form(text_in(request.GET, "form", otherwise="directory"))
    items = items_visible_to(request.user, Permission.ITEM_EXPORT, at=now())
    ticked = guids_in(request.GET, "item")
    chosen = items.filter(guid__in=ticked) if ticked else items.filter(ItemListFilters.read(request.GET).condition())
    rows = lines(chosen, published=text_in(request.GET, "published") == "1")
    write = partial(WRITERS[form], rows=rows, title=FORMS[form])
    return send_written(write, f"{FORMS[form]}{today():%Y%m%d}.xlsx")


def _form(text: str) -> str:
    if text not in FORMS:
        raise Missing("没有这种表", remedy="可以导出目录表或梳理表。")
    return text


@login_required
@require_GET
def template(request: StaffRequest, form: str) -> HttpResponseBase:
    """Send a blank form to fill in."""
    require(request.user, Permission.ITEM_IMPORT)
    form = _form(form)
    return send_written(lambda file: write_template(file, form, title=FORMS[form]), f"{FORMS[form]}(空白).xlsx")
