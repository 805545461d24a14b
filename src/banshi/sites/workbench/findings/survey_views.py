"""全目录对照: what is only seen across items, as the last survey found it, and as a statement for leaders."""

from functools import partial
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banshi.analysis import queries
from banshi.analysis.models import Survey
from banshi.analysis.statement_document import Statement, StatementChapter, statement_pdf, statement_xlsx
from banshi.analysis.tasks import start_survey
from banshi.catalog.queries import items_visible_to
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Missing
from banshi.jobs.progress import progress_of
from banshi.people.models import User
from banshi.rulebook.actions import read_counts, set_volumes
from banshi.sites.kit.address import text_in
from banshi.sites.kit.downloads import send_bytes, send_written
from banshi.sites.kit.forms import PageForm, add_refusal
from banshi.sites.kit.listing.organs import LISTED
from banshi.sites.kit.permissions import Permission, permissions_of, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import posted
from banshi.sites.workbench.findings.forms import VolumeForm

ROWS = 25


class CompareForm(PageForm):
    compared_with = forms.DateField(
        label="和哪一天比",
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}),
        help_text="不填就不比。",
    )


@login_required
@require_GET
def whole(request: StaffRequest) -> HttpResponse:
    """Show the whole survey.

    Everything here is of what is in force, so anyone on the staff may see all of it.
    """
    require(request.user, Permission.ITEM_VIEW)
    survey, asked = queries.latest_survey(), text_in(request.GET, "unit")
    paper = queries.paper_of(survey) if survey else None
    units = paper.units if paper else ()
    alike = [asked] if asked in units else [each for each in units if asked and asked in each]
    unit = alike[0] if len(alike) == 1 else ""
    context = {
        "survey": survey,
        "paper": paper and _asked(paper, unit),
        "chapters": [_chapter(part) for part in _asked(paper, unit).parts] if paper else [],
        "units": units,
        "listed": len(units) <= LISTED,
        "asked": asked,
        "alike": alike[:LISTED],
        "unit": unit,
        "query": urlencode({"unit": unit} if unit else {}),
        "running": queries.running_survey(),
        "form": CompareForm(),
        "may_edit": Permission.ITEM_EDIT in permissions_of(request.user),
    }
    return render(request, "workbench/findings/whole.html", context)


def _asked(paper: Statement, unit: str) -> Statement:
    return paper.of_unit(unit) if unit in paper.units else paper


def _chapter(part: StatementChapter) -> dict[str, object]:
    """Tell what is drawn below its picture, with its doubts."""
    # The table has the rest.
    links = part.links or ("",) * len(part.rows)
    drawn = len(part.pictures)
    rows = list(zip(links, part.rows, strict=True))[drawn:][:ROWS]
    left = len(part.rows) - drawn - len(rows)
    drawings = [(each, row[-1]) for each, row in zip(part.pictures, part.rows, strict=False)]
    named = part.head.index("事项") if "事项" in part.head else 0
    return {"part": part, "drawings": drawings, "rows": rows, "left": left, "named": named}


@login_required
@require_GET
def statement(request: StaffRequest, form: str) -> HttpResponseBase:
    require(request.user, Permission.ITEM_VIEW)
    survey = queries.latest_survey()
    if survey is None:
        raise Missing("还没有对照过", remedy="请先在“全目录对照”里点“现在对照”。")
    paper = _asked(queries.paper_of(survey), text_in(request.GET, "unit"))
    name = f"{paper.title}-{paper.owner}-{paper.on:%Y%m%d}.{form}"
    return (
        send_bytes(statement_pdf(paper), name) if form == "pdf" else send_written(partial(statement_xlsx, paper), name)
    )


@login_required
@require_POST
def survey(request: StaffRequest) -> HttpResponse:
    form = CompareForm(request.POST)
    day = form.cleaned_data["compared_with"] if form.is_valid() else None
    begun = start_survey(compared_with=day, by=request.user, at=now())
    return redirect("workbench:survey-running", begun.pk)


@login_required
@require_http_methods(["GET", "POST"])
def volumes(request: StaffRequest) -> HttpResponse:
    """Take the yearly volumes of items, pasted from a spreadsheet."""
    require(request.user, Permission.ITEM_EDIT)
    form = VolumeForm(posted(request), initial={"year": today().year - 1})
    if form.is_valid() and (count := _counted(request.user, form)):
        messages.success(request, f"已保存{count:,}项事项的办件量，下次检查和对照时用上。")
        return redirect("workbench:whole")
    context = {"form": form, "title": "填办件量", "action": "保存", "back": reverse("workbench:whole")}
    return render(request, "workbench/findings/volumes.html", context, status=422 if form.is_bound else 200)


def _counted(user: User, form: VolumeForm) -> int:
    """Save the volumes, and count them."""
    # 0 when the form now says what is wrong.
    mine = items_visible_to(user, Permission.ITEM_EDIT, at=now()).filter(state="active")
    try:
        rows = read_counts(form.cleaned_data["counts"])
        return set_volumes(rows, year=form.cleaned_data["year"], among=mine, by=user, at=now())
    except BadInput as wrong:
        add_refusal(form, wrong)
        return 0


def _survey(pk: int) -> Survey:
    found = Survey.objects.filter(pk=pk).first()
    if found is None:
        raise Missing("没有这次对照")
    return found


@login_required
@require_GET
def running(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.ITEM_VIEW)
    found = _survey(pk)
    if found.finished_at:
        return redirect("workbench:whole")
    return render(request, "workbench/findings/surveying.html", {"run": found, "progress": progress_of(found.task)})


@login_required
@require_GET
def running_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """Return the fragment that polls once a second.

    When the work is over, it has htmx load the page anew.
    """
    require(request.user, Permission.ITEM_VIEW)
    found = _survey(pk)
    progress = progress_of(found.task)
    if found.finished_at or progress.finished:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "workbench/findings/surveying_part.html", {"run": found, "progress": progress})
