"""The catalogue as a workbook: out as listed, in after a dry run."""

from functools import partial
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from banshi.core.clock import now, today
from banshi.core.errors import BadInput, BanshiError, Missing
from banshi.core.models import StoredFile
from banshi.exchange.actions import import_catalogue
from banshi.exchange.catalogue_sheets import read_catalogue, write_catalogue
from banshi.exchange.queries import resources_visible_to
from banshi.files import keep
from banshi.people.models import Organ
from banshi.sites.kit.downloads import send_written
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import posted
from banshi.sites.workbench.sharing.resources import ResourceFilters
from banshi.spreadsheets.organ_matching import Owners
from banshi.spreadsheets.queries import book_of
from banshi.spreadsheets.workbook_reader import read_bytes

PROVIDE = Permission.EXCHANGE_PROVIDE
PURPOSE = "data-catalogue"
SHOWN = 200


class CatalogueUploadForm(PageForm):
    file = forms.FileField(label="目录表", help_text="xlsx、xls、ods，有“资源目录”和“信息项”两张表。")


@login_required
@require_GET
def export(request: StaffRequest) -> HttpResponseBase:
    require(request.user, Permission.EXCHANGE_VIEW)
    rows = resources_visible_to(request.user, at=now()).filter(ResourceFilters.read(request.GET).condition())
    return send_written(partial(write_catalogue, rows), f"数据资源目录{today():%Y%m%d}.xlsx")


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: StaffRequest) -> HttpResponse:
    """Keep the file, which is then read on its page.

    Nothing is written to the catalogue yet.
    """
    require(request.user, PROVIDE)
    form = CatalogueUploadForm(posted(request), request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            read_bytes(file.read(), name=file.name)
            kept = keep(file, name=file.name, purpose=PURPOSE, by=request.user, at=now())
        except BanshiError as error:
            form.add_error("file", str(error))
        else:
            return redirect("workbench:data_import-file", kept.guid)
    crumbs = [(reverse("workbench:data_resources"), "数据资源目录"), ("", "从表格导入")]
    context = {"form": form, "crumbs": crumbs}
    return render(request, "workbench/sharing/import.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def preview(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show what importing would do, cell by cell.

    Posting does it, all or nothing.
    """
    require(request.user, PROVIDE)
    file = StoredFile.objects.filter(guid=guid, purpose=PURPOSE, uploaded_by=request.user.ledger_id).first()
    if file is None:
        raise Missing("没有找到这次导入", remedy="只能看到自己上传的；请重新上传。")
    allowed = set(organs_where(request.user, PROVIDE).values_list("pk", flat=True))
    organs = sorted(Organ.objects.filter(active=True), key=lambda organ: (organ.pk not in allowed, organ.pk))
    book, owners = book_of(file), Owners(organs, allowed=allowed)
    crumbs = [
        (reverse("workbench:data_resources"), "数据资源目录"),
        (reverse("workbench:data_import"), "从表格导入"),
        ("", file.name),
    ]
    context: dict[str, object] = {"file": file, "crumbs": crumbs, "again": "workbench:data_import"}
    try:
        if request.method == "POST":
            counts = import_catalogue(book, owners, by=request.user, at=now()).counts
            messages.success(
                request, f"已导入：新增{counts['new']}个，修改{counts['changed']}个。新增的报送以后才发布。"
            )
            return redirect("workbench:data_resources")
        found = read_catalogue(book, owners)
    except BadInput as error:
        return render(request, "workbench/sharing/preview.html", {**context, "refused": error}, status=422)
    context |= {"found": found, "problems": found.problems[:SHOWN], "rows": found.rows[:SHOWN]}
    return render(request, "workbench/sharing/preview.html", context)
