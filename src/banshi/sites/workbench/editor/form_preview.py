"""The online form of a guide that is being written: beside the editor as it changes, and as a page to try."""

from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.form import form_faults, form_of
from banshi.core.clock import today
from banshi.forms import FormField, answer_problems, condition_sentence, read_answers, visible, without_hidden
from banshi.forms.fields import groups
from banshi.forms.standard import STATEMENT
from banshi.sites.kit.permissions import Permission
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import item_for, saved_guide
from banshi.sites.workbench.editor.form_data import from_form, to_guide


@dataclass(frozen=True, slots=True)
class PagePreview:
    """One page of the form, with the sentence of each condition."""

    title: str
    fields: list[FormField]
    conditions: dict[str, str]
    answers: dict[str, str] = field(default_factory=dict)


def pages_of(guide: Guide) -> list[PagePreview]:
    """List the pages that hold questions of the guide itself."""
    fields, own = form_of(guide), {each.key for each in guide.form_fields}
    said = {each.key: condition_sentence(each, fields) for each in fields if each.when}
    return [PagePreview(title, some, said) for title, some in groups(fields) if own & {each.key for each in some}]


@login_required
@require_http_methods(["GET", "POST"])
def form_preview(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show the form as it stands in the editor, as a fragment, or let the saved one be tried, keeping nothing."""
    item = item_for(request.user, guid, Permission.ITEM_EDIT)
    if request.headers.get("HX-Request"):
        guide, _ = to_guide(from_form(request.POST))
        return render(request, "workbench/editor/form_pages.html", {"form_pages": pages_of(guide)})
    fields = form_of(saved_guide(item))
    answers = without_hidden(fields, read_answers(fields, request.POST))
    wrong = answer_problems(fields, answers, on=today()) if request.POST else []
    context = {
        "item": item,
        "faults": form_faults(saved_guide(item)),
        "tried": bool(request.POST),
        "pages": list(groups([each for each in visible(fields, answers) if each.key != STATEMENT])),
        "answers": answers,
        "problems": wrong,
        "wrong": {each.field: each.message for each in wrong},
        "fixed": {},
    }
    return render(request, "workbench/editor/form_try.html", context, status=422 if wrong else 200)
