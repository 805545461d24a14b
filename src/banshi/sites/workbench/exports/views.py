"""目录表 and 梳理表 of what a person may export, and blank ones."""

from tempfile import TemporaryFile
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from banshi.catalog.models import Category, Item
from banshi.catalog.queries import items_visible_to
from banshi.core.clock import today
from banshi.core.errors import Missing
from banshi.people.permissions import Permission, organs_where, require
from banshi.sites.workbench.access import as_guids
from banshi.sites.workbench.items.listing import ItemListFilters
from banshi.spreadsheets.exporting import lines, write_directory, write_scrutiny, write_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = {"directory": "公共服务事项目录表", "scrutiny": "公共服务事项和办事指南梳理表"}
WRITERS = {"directory": write_directory, "scrutiny": write_scrutiny}
ORGANS_AT_MOST = 500


@login_required
@require_GET
def export_page(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.ITEM_EXPORT)
    context = {
        "organs": organs_where(request.user, Permission.ITEM_EXPORT)[:ORGANS_AT_MOST],
        "categories": Category.objects.all(),
        "count": items_visible_to(request.user, Permission.ITEM_EXPORT).count(),
    }
    return render(request, "workbench/exports/export.html", context)


@login_required
@require_GET
def export_items(request: HttpRequest) -> HttpResponseBase:
    """The items the list's filters (or its ticks, `item`) ask for, as a workbook that can be sent back."""
    require(request.user, Permission.ITEM_EXPORT)
    form = _form(request.GET.get("form", "directory"))
    rows = lines(_chosen(request), published=request.GET.get("published") == "1")
    return _workbook(form, rows, f"{FORMS[form]}{today():%Y%m%d}.xlsx")


def _chosen(request: HttpRequest) -> QuerySet[Item]:
    items = items_visible_to(request.user, Permission.ITEM_EXPORT)
    ticked = as_guids(request.GET.getlist("item"))
    return items.filter(guid__in=ticked) if ticked else items.filter(ItemListFilters.read(request.GET).condition())


def _form(text: str) -> str:
    if text not in FORMS:
        raise Missing("没有这种表", remedy="可以导出目录表或梳理表。")
    return text


def _workbook(form: str, rows: Any, name: str) -> FileResponse:
    """Written to disk row by row, so that memory does not grow with the number of items."""
    file = TemporaryFile()  # noqa: SIM115 - closed by FileResponse
    WRITERS[form](file, rows, title=FORMS[form])
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@login_required
@require_GET
def template(request: HttpRequest, form: str) -> HttpResponseBase:
    """A blank form to fill in."""
    require(request.user, Permission.ITEM_IMPORT)
    form = _form(form)
    file = TemporaryFile()  # noqa: SIM115 - closed by FileResponse
    write_template(file, form, title=FORMS[form])
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{FORMS[form]}(空白).xlsx", content_type=XLSX)
