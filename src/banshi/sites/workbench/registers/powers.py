"""权责清单 in from a spreadsheet, and what looks like a cancelled power come back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from banshi.catalog.queries import items_visible_to
from banshi.core.clock import now
from banshi.core.errors import BadInput, BanshiError, Missing
from banshi.core.models import StoredFile
from banshi.files import keep
from banshi.people.models import Organ
from banshi.registers.actions import import_powers
from banshi.registers.sheets import read_powers
from banshi.sites.kit.downloads import send_written
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import posted
from banshi.sites.workbench.registers.forms import PowersUploadForm
from banshi.sites.workbench.registers.workbook import write_blank_powers
from banshi.spreadsheets.organ_matching import Owners
from banshi.spreadsheets.queries import book_of
from banshi.spreadsheets.workbook_reader import read_bytes

EDIT = Permission.REGISTER_EDIT
PURPOSE = "powers"
SHOWN = 200


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: StaffRequest) -> HttpResponse:
    """Keep the file, which is then read on its page.

    Nothing is written to the list yet.
    """
    require(request.user, EDIT)
    form = PowersUploadForm(posted(request), request.FILES or None, user=request.user)
    if form.is_valid():
        file, owner = form.cleaned_data["file"], form.cleaned_data["owner"]
        try:
            read_bytes(file.read(), name=file.name)
            file.seek(0)
            kept = keep(file, name=file.name, purpose=PURPOSE, organ=owner, by=request.user, at=now())
        except BanshiError as error:
            form.add_error("file", str(error))
        else:
            return redirect("workbench:powers-import-file", kept.guid)
    context = {"form": form}
    return render(request, "workbench/registers/import.html", context, status=422 if form.is_bound else 200)


@login_required
@require_GET
def template(request: StaffRequest) -> HttpResponseBase:
    require(request.user, EDIT)
    return send_written(write_blank_powers, "权责清单（空白）.xlsx")


@login_required
@require_http_methods(["GET", "POST"])
def preview(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show what importing would do, cell by cell.

    Posting does it, all or nothing.
    """
    require(request.user, EDIT)
    file = StoredFile.objects.filter(guid=guid, purpose=PURPOSE, uploaded_by=request.user.ledger_id).first()
    if file is None:
        raise Missing("没有找到这次导入", remedy="只能看到自己上传的；请重新上传。")
    # Those the person may write for go first where names repeat.
    allowed = set(organs_where(request.user, EDIT).values_list("pk", flat=True))
    organs = sorted(Organ.objects.filter(active=True), key=lambda organ: (organ.pk not in allowed, organ.pk))
    default = next((each for each in organs if each.pk == file.organ_id and each.pk in allowed), None)
    book, owners = book_of(file), Owners(organs, allowed=allowed, default=default)
    context: dict[str, object] = {"file": file, "again": "workbench:powers-import"}
    try:
        if request.method == "POST":
            counts = import_powers(book, owners, by=request.user, at=now()).counts
            messages.success(request, f"已导入：新增{counts['new']}项，修改{counts['changed']}项")
            return redirect("workbench:powers")
        found = read_powers(book, owners)
    except BadInput as error:
        return render(request, "workbench/registers/preview.html", {**context, "refused": error}, status=422)
    context |= {"found": found, "problems": found.problems[:SHOWN], "rows": found.rows[:SHOWN]}
    return render(request, "workbench/registers/preview.html", context)


@login_required
@require_GET
def back(request: StaffRequest) -> HttpResponse:
    """Find items in use that look like a cancelled power under another name, surest first."""
    import pyarrow as pa  # 40 MB in each request process, for a page rarely asked for

    from banshi.analysis.duplicates.powers import comebacks, known_cancellations

    require(request.user, EDIT)
    items = list(items_visible_to(request.user, at=now()).filter(state="active").order_by("pk"))
    columns = {name: pa.array([getattr(it, name) for it in items], pa.string()) for name in ("name", "kind", "state")}
    table = pa.table(columns)
    found = [(items[each.row], each) for each in comebacks(table, known_cancellations())]
    found.sort(key=lambda pair: not pair[1].sure)
    return render(request, "workbench/registers/back.html", {"found": found[:SHOWN], "count": len(items)})
