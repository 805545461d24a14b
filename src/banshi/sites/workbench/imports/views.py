"""From a department's file to items: upload, look at what was understood, correct it, import all or nothing."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banshi.adjustments.policy import policy
from banshi.core.clock import now
from banshi.core.errors import BadInput, BanshiError, Missing
from banshi.core.json_types import JsonObject
from banshi.files import open_file
from banshi.jobs.progress import progress_of
from banshi.sites.kit.downloads import send_bytes
from banshi.sites.kit.listing.filters import Equals, Filter, Filters, tabs
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, current_posts, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.imports.forms import (
    KEPT,
    OwnerForm,
    UploadForm,
    posted_corrections,
    read_options,
    roles,
    targets,
)
from banshi.spreadsheets import actions
from banshi.spreadsheets.annotated_workbook import marked_workbook
from banshi.spreadsheets.models import ImportBatch, ImportedRow
from banshi.spreadsheets.queries import batches_of, may_create_organs, owners_of
from banshi.spreadsheets.tasks import start_applying, start_import, start_reading

SHOWN = 30
ROWS_SHOWN = 100


class ImportedRowFilters(Filters):
    outcome = Equals("outcome", options=ImportedRow.RowOutcome.choices)


class ProblemFilters(Filters):
    kind = Filter()


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: StaffRequest) -> HttpResponse:
    """Upload, templates, and what one has imported before."""
    require(request.user, Permission.ITEM_IMPORT)
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_bound and form.is_valid():
        try:
            user, at = request.user, now()
            file, owner = form.cleaned_data["file"], form.cleaned_data.get("owner")
            options = {"owner": owner.pk} if owner else {}
            own = organs_where(user, Permission.ITEM_IMPORT)
            post = next(post for post in current_posts(user) if own.filter(pk=post.organ_id).exists())
            division = post.organ.division
            batch = start_import(file, name=file.name, division=division, options=options, by=user, at=at)
            return redirect("workbench:import", batch.pk)
        except BanshiError as error:
            form.add_error("file", str(error))
    context = {"form": form, "batches": batches_of(request.user)[:SHOWN]}
    return render(request, "workbench/imports/start.html", context, status=422 if form.is_bound else 200)


def _batch(request: StaffRequest, pk: int) -> ImportBatch:
    require(request.user, Permission.ITEM_IMPORT)
    batch = batches_of(request.user).filter(pk=pk).first()
    if batch is None:
        raise Missing("没有找到这次导入", remedy="只能看到自己上传的；请回到“表格导入”查找。")
    return batch


@login_required
@require_GET
def batch(request: StaffRequest, pk: int) -> HttpResponse:
    found = _batch(request, pk)
    if key := found.counts.get("task"):
        progress = progress_of(key)
        if not progress.finished:
            return render(request, "workbench/imports/working.html", {"batch": found, "progress": progress})
        found.refresh_from_db()
        if "task" in found.counts:  # it ended, and left no result
            return render(request, "workbench/imports/failed.html", {"batch": found, "progress": progress})
    if found.state in (ImportBatch.State.APPLIED, ImportBatch.State.UNDONE):
        return render(request, "workbench/imports/done.html", {"batch": found, "done": found.counts["done"]})
    if found.state == ImportBatch.State.UNREADABLE:
        context = {"batch": found, "error": found.counts["error"], "unread": found.counts.get("unread", [])}
        return render(request, "workbench/imports/unreadable.html", context)
    return render(request, "workbench/imports/batch.html", _context(request, found))


def _context(request: StaffRequest, found: ImportBatch) -> JsonObject:
    kind = ProblemFilters.read(request.GET).kind
    problems = sorted(found.counts.get("problems", []), key=lambda problem: _GRAVITY[problem["severity"]])
    counts = found.counts.get("counts", {})
    worst: dict[str, str] = {}
    for problem in found.counts.get("problems", []):
        worst[problem["kind"]] = min(worst.get(problem["kind"], "z"), _GRAVITY[problem["severity"]])
    return {
        "batch": found,
        "counts": counts,
        "rows": found.counts.get("rows", []),
        "more_rows": sum(counts.get(each, 0) for each in ("new", "changed", "bad", "left"))
        > len(found.counts.get("rows", [])),
        "corrections": found.mapping.get("cells", []),
        "leave_known": found.mapping.get("leave_known", False),
        "replace": found.mapping.get("replace", False),
        "to_import": counts.get("new", 0) + counts.get("changed", 0),
        "tables": [_table(found, number) for number in range(len(found.mapping.get("tables", [])))],
        "kinds": [
            {
                "code": code,
                "label": each["label"],
                "count": each["count"],
                "gravity": worst.get(code, "c"),
                "current": code == kind,
            }
            for code, each in found.counts.get("kinds", {}).items()
        ],
        "kind": kind,
        "problems": [problem for problem in problems if kind in ("", problem["kind"])][:200],
        "skipped": found.counts.get("skipped_rows", [])[:50],
        "hidden": found.counts.get("hidden_sheets", []),
        "unread": found.counts.get("unread", []),
        "roles": roles(),
        "new_organs": found.counts.get("organs_to_create", []),
        "owner": OwnerForm(initial={"owner": found.mapping.get("owner")}, user=request.user),
        "may_create": may_create_organs(request.user, at=now()),
        "create_organs": found.mapping.get("create_organs", False),
        "may_publish": policy().direct_publication == "all"
        and organs_where(request.user, Permission.ITEM_PUBLISH).exists(),
    }


_GRAVITY = {"error": "a", "doubt": "b", "note": "c"}


def _table(found: ImportBatch, number: int) -> JsonObject:
    """Show one table of the mapping with its sample, as the page shows it."""
    table, sample = found.mapping["tables"][number], found.counts["samples"][number]
    columns = [
        {**chosen, "letter": letter, "target": target}
        for (letter, target), chosen in zip(table["columns"].items(), table["chosen"], strict=True)
    ]
    return {
        **table,
        "number": number,
        "columns": columns,
        "sample": sample["rows"],
        "count": sample["count"],
        "kept": KEPT,
        "groups": targets(table["role"]),
        "rows_text": "、".join(map(str, table["header_rows"])),
        "unsure": sum(1 for column in columns if column["score"] < 95 and column["header"]),
    }


@login_required
@require_POST
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Read again with the mapping as corrected."""
    found, user = _batch(request, pk), request.user
    owner = OwnerForm(request.POST, user=user)
    trouble: BadInput | None = None
    known = owner.is_valid()
    options = read_options(request.POST, found, owner.cleaned_data.get("owner"), user)
    try:
        if known:
            actions.correct_mapping(found, options, by=user, at=now())
    except BadInput as wrong:
        trouble = wrong
    if trouble or not known:
        # The columns stay as the person chose them, beside what can't be so.
        for table, told in zip(found.mapping.get("tables", []), options["tables"], strict=False):
            table["columns"] = told.get("columns", table["columns"])
        as_typed = _context(request, found) | {"trouble": trouble, "owner": owner}
        return render(request, "workbench/imports/batch.html", as_typed, status=422)
    start_reading(found, by=user, at=now())
    return redirect("workbench:import", pk)


@login_required
@require_POST
def correct_cells(request: StaffRequest, pk: int) -> HttpResponse:
    """Read again with cells corrected here instead of in the file."""
    found, user = _batch(request, pk), request.user
    actions.correct_cells(found, corrections=posted_corrections(request.POST, found), by=user, at=now())
    start_reading(found, by=user, at=now())
    return redirect(f"{reverse('workbench:import', args=[pk])}#problems")


@login_required
@require_POST
def choose(request: StaffRequest, pk: int) -> HttpResponse:
    """Read again without the rows that were unticked, or import what is left."""
    found, user = _batch(request, pk), request.user
    shown = {each["place"] for each in found.counts.get("rows", [])}
    leave = set(found.mapping.get("leave", [])) - shown | shown - set(request.POST.getlist("row"))
    left_as_known = {each["place"] for each in found.counts.get("rows", []) if each["outcome"] == "left"}
    if found.mapping.get("leave_known") and not request.POST.get("leave_known"):
        leave -= left_as_known - set(found.mapping.get("leave", []))
    actions.choose_rows(
        found,
        leave=leave,
        leave_known=bool(request.POST.get("leave_known")),
        replace=bool(request.POST.get("replace")),
        by=user,
        at=now(),
    )
    if request.POST.get("apply"):
        start_applying(found, publish=bool(request.POST.get("publish")), by=user, at=now())
    else:
        start_reading(found, by=user, at=now())
    return redirect("workbench:import", pk)


@login_required
@require_GET
def rows(request: StaffRequest, pk: int) -> HttpResponse:
    """List what each row of an import became."""
    found = _batch(request, pk)
    filters = ImportedRowFilters.read(request.GET)
    listed = found.rows.select_related("item").filter(filters.condition())
    labels = {"": "全部", **dict(ImportedRowFilters.outcome.options)}
    context = {
        "batch": found,
        "tabs": tabs(filters, "outcome", labels, chosen=filters.outcome),
        "page": Page(listed, request.GET, by=("id",), size=ROWS_SHOWN),
    }
    return render(request, "workbench/imports/rows.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    found = _batch(request, pk)
    if request.method == "POST":
        actions.undo_batch(found, by=request.user, at=now())
        return redirect("workbench:import", pk)
    context = {
        "batch": found,
        "done": found.counts.get("done", {}),
        "title": f"撤销导入：{found.file.name}",
        "action": "整批撤销",
        "danger": True,
        "back": reverse("workbench:import", args=[pk]),
    }
    return render(request, "workbench/imports/undo.html", context)


@login_required
@require_POST
def apply(request: StaffRequest, pk: int) -> HttpResponse:
    found, user = _batch(request, pk), request.user
    start_applying(found, publish=bool(request.POST.get("publish")), by=user, at=now())
    return redirect("workbench:import", pk)


@login_required
@require_POST
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    actions.drop_batch(_batch(request, pk), by=request.user, at=now())
    return redirect("workbench:imports")


@login_required
@require_POST
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    """Read once more after the background failed."""
    start_reading(_batch(request, pk), by=request.user, at=now())
    return redirect("workbench:import", pk)


@login_required
@require_GET
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """Return the fragment that polls once a second.

    When the work is over, it has htmx load the page anew.
    """
    found = _batch(request, pk)
    key = found.counts.get("task")
    state = progress_of(key) if key else None
    if state is None or state.finished:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "workbench/imports/progress_part.html", {"batch": found, "progress": state})


@login_required
@require_GET
def marked(request: StaffRequest, pk: int) -> HttpResponse:
    """Send the same workbook with the cells marked."""
    found = _batch(request, pk)
    preview = actions.preview_of(found, owners_of(found, request.user, at=now()))
    with open_file(found.file) as file:
        data = marked_workbook(file.read(), preview)
    name = found.file.name.rpartition(".")[0] or found.file.name
    return send_bytes(data, f"{name}(标出问题).xlsx")
