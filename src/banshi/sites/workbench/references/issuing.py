"""Editions of the reference catalogue: read, written by form, or read from a 梳理表."""

from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from banshi.catalog.guide.differences import differences
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import ReferenceItem
from banshi.catalog.queries import items_visible_to
from banshi.core.clock import now
from banshi.core.errors import BadInput, BanshiError, Conflict, Missing
from banshi.core.models import StoredFile
from banshi.files import keep
from banshi.registers.actions import import_editions, issue_edition
from banshi.registers.models import ReferenceEdition
from banshi.registers.queries import editions_of, newest_edition
from banshi.registers.reference_sheets import read_editions
from banshi.registers.unified import OWN, only_unified
from banshi.sites.kit.address import guid_in
from banshi.sites.kit.permissions import Permission, may, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import posted
from banshi.sites.workbench.editor.controls import SectionControl, sections
from banshi.sites.workbench.editor.form_data import from_document, from_form, rearrange, to_guide
from banshi.sites.workbench.references.forms import DocumentForm, EditionsForm, IssueForm
from banshi.spreadsheets.queries import book_of
from banshi.spreadsheets.workbook_reader import read_bytes

EDIT = Permission.REFERENCE_EDIT
PURPOSE = "editions"
SHOWN = 100
EDITIONS = 20


def reference_at(number: int) -> ReferenceItem:
    found = ReferenceItem.objects.select_related("category").filter(pk=number).first()
    if found is None:
        raise Missing("参考目录里没有这一项", remedy="请回到“统一参考目录”查找。")
    return found


@login_required
@require_GET
def reference(request: StaffRequest, number: int) -> HttpResponse:
    """Show one reference item, its editions with what each changed, and which items here claim it."""
    require(request.user, Permission.ITEM_VIEW)
    found = reference_at(number)
    editions = list(editions_of(found)[:EDITIONS])
    claimed = items_visible_to(request.user, at=now()).filter(reference=found).select_related("claim__edition")
    told = [(each, differences(_guide(last), _guide(each))) for each, last in zip_longest(editions, editions[1:])]
    context = {
        "reference": found,
        "editions": told,
        "items": claimed.order_by("organ_id", "id")[:SHOWN],
        "newest": editions[0] if editions else None,
        "may_edit": may(request.user, EDIT),
    }
    return render(request, "workbench/references/reference.html", context)


def _guide(edition: ReferenceEdition | None) -> Guide:
    return Guide.model_validate(edition.content) if edition else Guide()


@login_required
@require_http_methods(["GET", "POST"])
def issue(request: StaffRequest, number: int) -> HttpResponse:
    """Write the next edition over the last.

    `act` looks at what it changes, or issues it.
    """
    require(request.user, EDIT)
    found = reference_at(number)
    last = newest_edition(found)
    if request.method == "GET":
        return _form(request, found, last, from_document(_draft(request, found, last)), {})
    typed = from_form(request.POST)
    act = request.POST.get("act", "look")
    if ":" in act:
        rearrange(typed, act)
    guide, problems = to_guide(typed)
    form = IssueForm(request.POST, stored=_edition(last))
    if act != "issue" or problems or not form.is_valid():
        return _form(request, found, last, typed, problems, form=form, guide=guide, looks=act == "look")
    try:
        edition = issue_edition(found, guide=guide, **form.cleaned_data, by=request.user, at=now())
    except Conflict as same:
        form.add_error(None, str(same))
        return _form(request, found, last, typed, problems, form=form, guide=guide)
    messages.success(request, f"第{edition.number}版已印发。认领了它的单位，会看到哪些要素要跟着改。")
    return redirect("workbench:reference", number)


def _draft(request: StaffRequest, reference: ReferenceItem, last: ReferenceEdition | None) -> Guide:
    """Begin with the last edition, or the text of an item named in the address."""
    guid = guid_in(request.GET, "item")
    item = items_visible_to(request.user, at=now()).filter(guid=guid).first() if guid else None
    text = item.revisions.exclude(state="discarded").first() if item else None
    if text:
        return only_unified(text.guide)
    return _guide(last) if last else Guide(name=reference.name)


def _edition(last: ReferenceEdition | None) -> dict[str, Any]:
    return {"over the edition": last.number if last else 0}


def _form(
    request: StaffRequest,
    reference: ReferenceItem,
    last: ReferenceEdition | None,
    typed: Any,
    problems: dict[str, str],
    *,
    form: IssueForm | None = None,
    guide: Guide | None = None,
    looks: bool = False,
) -> HttpResponse:
    wrong = bool(problems) or bool(form and form.is_bound and not looks and not form.is_valid())
    found = sections(typed, problems)
    for control in (each for section in found for each in section.controls):
        for row in filter(None, (*control.rows, control.blank_row)):
            row.controls = [each for each in row.controls if not each.element.file]
    kept = [
        SectionControl(each.code, each.label, [c for c in each.controls if c.element.name not in OWN]) for each in found
    ]
    context = {
        "reference": reference,
        "last": last,
        "sections": [each for each in kept if each.controls],
        "problems": problems,
        "form": IssueForm(stored=_edition(last), initial={name: form[name].value() for name in form.fields})
        if form and looks
        else form or IssueForm(stored=_edition(last)),
        "found": differences(_guide(last), only_unified(guide)) if guide else None,
        "looks": looks and not problems,
        "claims": items_visible_to(request.user, at=now()).filter(reference=reference).count(),
    }
    return render(request, "workbench/references/issue.html", context, status=422 if wrong else 200)


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: StaffRequest) -> HttpResponse:
    require(request.user, EDIT)
    form = EditionsForm(posted(request), request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            read_bytes(file.read(), name=file.name)
            file.seek(0)
            kept = keep(file, name=file.name, purpose=PURPOSE, by=request.user, at=now())
        except BanshiError as error:
            form.add_error("file", str(error))
        else:
            return redirect("workbench:editions-import-file", kept.guid)
    context = {"form": form}
    return render(request, "workbench/references/import.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def preview(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show what issuing would do, item by item.

    Posting issues all, or nothing.
    """
    require(request.user, EDIT)
    user = request.user
    file = StoredFile.objects.filter(guid=guid, purpose=PURPOSE, uploaded_by=user.ledger_id).first()
    if file is None:
        raise Missing("没有找到这次导入", remedy="只能看到自己上传的；请重新上传。")
    form = DocumentForm(posted(request))
    context: dict[str, object] = {"file": file, "again": "workbench:editions-import"}
    try:
        book = book_of(file)
        if form.is_valid():
            issued = import_editions(book, **form.cleaned_data, by=user, at=now())
            messages.success(request, f"已印发{len(issued)}项的新版")
            return redirect("workbench:references")
        found = read_editions(book)
    except BadInput as error:
        return render(request, "workbench/references/preview.html", {**context, "refused": error}, status=422)
    rows = found.rows[:SHOWN]
    context |= {
        "found": found,
        "form": form,
        "problems": found.problems[:SHOWN],
        "rows": [
            (row, list(dict.fromkeys(each.label.split(" ")[0] for each in differences(_guide(row.last), row.guide))))
            for row in rows
        ],
    }
    return render(request, "workbench/references/preview.html", context, status=422 if form.is_bound else 200)
