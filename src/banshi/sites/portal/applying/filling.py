"""The form, one group of questions a page. Every step saves what was typed, right or wrong."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from banshi.cases.actions import adopt_publication, save_answers
from banshi.cases.actions.applying import open_publication
from banshi.cases.models import Application
from banshi.cases.steps import FROZEN, text_of
from banshi.catalog.guide.differences import differences
from banshi.catalog.queries import in_force
from banshi.core.clock import now
from banshi.core.errors import Missing, Problem
from banshi.forms import read_answers
from banshi.forms.fields import Answers
from banshi.forms.standard import STATEMENT
from banshi.people.models import User
from banshi.sites.kit.errors import LABELS
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.applying.drafts import (
    Draft,
    FormPages,
    draft_of,
    elsewhere,
    prefilled,
    steps_shown,
    to_sign_in,
    typed_before,
)
from banshi.sites.portal.items.ended import tell_ended


@login_required
@never_cache
@require_safe
def go_on(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Lead to the first page that is not done."""
    draft = draft_of(request, guid)
    if away := elsewhere(draft, answering=True):
        return away
    if draft.corrects:
        return redirect(draft.address("application-page", draft.steps[0].number))
    wrong = {each.field for each in draft.problems}
    undone = [each for each in draft.steps if wrong & {field.key for field in each.fields}]
    if undone:
        return redirect(draft.address("application-page", undone[0].number))
    return redirect(draft.address("application-materials" if draft.asks_papers else "application-check"))


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, guid: UUID, number: int) -> HttpResponse:
    if not isinstance(request.user, User):
        return to_sign_in(request)
    draft = draft_of(request, guid)  # type: ignore[arg-type]
    if request.method == "POST" and (draft.corrects or not draft.application.submitted_at):
        typed = typed_on(draft, number, request)
        draft = Draft(save_answers(draft.application, typed, by=request.user, at=now()))
    if away := elsewhere(draft, answering=True):
        return away
    step = next((each for each in draft.steps if each.number == number), None)
    if step is None:
        raise Missing("这张表没有这一页", remedy="请从“我的办件”接着填。")
    around = steps_shown(draft, str(number))
    if request.method == "POST":
        return answered(request, draft, number, around)
    waiting = typed_before(request)
    if waiting is not None:
        asked_then = [field for field in step.fields if field.key in waiting and field.key not in draft.fixed]
        draft.answers |= read_answers(asked_then, waiting)
    return show_page(request, draft, number, around, {}, found_again=waiting is not None)


def labels_typed(guid: UUID, number: int) -> dict[str, str]:
    """Map the questions of a draft to their labels, for who may have no session any more."""
    application = Application.objects.filter(guid=guid).select_related("publication").defer(*FROZEN).first()
    return {each.key: each.label for each in text_of(application.publication).form} if application else {}


LABELS["portal:application-page"] = labels_typed


def typed_on(draft: FormPages, number: int, request: HttpRequest) -> Answers:
    """Read the page's own questions, taking away what was asked and left empty."""
    asked = set(request.POST.get("asked", "").split())
    fields = [
        field
        for step in draft.steps
        if step.number == number
        for field in step.fields
        if field.key in asked and field.key not in draft.fixed
    ]
    return dict.fromkeys([field.key for field in fields]) | read_answers(fields, request.POST)


def answered(request: HttpRequest, draft: FormPages, number: int, around: dict[str, Any]) -> HttpResponse:
    """Go on, back or away, or show again what is wrong or newly asked."""
    keys = [field.key for step in draft.steps if step.number == number for field in step.fields]
    wrong = {each.field: each for each in draft.problems if each.field in keys}
    asked = request.POST.get("asked", "").split()
    fresh = [key for key in keys if key not in asked and key not in draft.fixed]
    if "leave" in request.POST:
        return redirect("portal:my-cases")
    if "back" in request.POST:
        return redirect(around["back"] or draft.address(draft.start))
    if request.headers.get("HX-Request"):
        told = {key: each for key, each in wrong.items() if key in asked and draft.answers.get(key)}
        return show_page(request, draft, number, around, told, template="portal/applying/questions.html")
    told = {key: each for key, each in wrong.items() if key not in fresh}
    if not told and not (set(fresh) & set(wrong)):
        return redirect(around["steps"][around["place"]][2])
    return show_page(request, draft, number, around, told, more=bool(fresh) and not told, status=422)


def show_page(
    request: HttpRequest,
    draft: FormPages,
    number: int,
    around: dict[str, Any],
    wrong: dict[str, Problem],
    *,
    more: bool = False,
    found_again: bool = False,
    template: str = "portal/applying/page.html",
    status: int = 200,
) -> HttpResponse:
    fields = next(each.fields for each in draft.steps if each.number == number)
    listed = [each for each in fields if each.key != STATEMENT]
    registered = draft.fixed.keys() & {each.key for each in fields}
    statement = [each for each in fields if each.key == STATEMENT] if registered else []
    context = {
        **around,
        "fields": listed,
        "statement": statement,
        "asked": " ".join(each.key for each in (*listed, *statement) if each.key not in draft.fixed),
        "answers": draft.answers,
        "problems": list(wrong.values()),
        "wrong": {key: each.message for key, each in wrong.items()},
        "fixed": draft.fixed,
        "deciding": draft.deciding,
        "more": more,
        "found_again": found_again,
    }
    return render(request, template, context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def changes(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Tell what changed in the guide since the draft began, and go on by the new one when that was read."""
    draft = draft_of(request, guid)
    if draft.application.submitted_at:
        return redirect("portal:application-sent", guid)
    if in_force(draft.item) is None:
        return tell_ended(request, draft.item, drafts=[draft.application])
    new = open_publication(draft.item)
    if new.pk == draft.publication.pk:
        return redirect("portal:application", guid)
    if request.method == "POST":
        adopted = adopt_publication(draft.application, by=request.user, at=now())
        if known := prefilled(adopted, by=request.user):
            save_answers(adopted, known, by=request.user, at=now())
        return redirect("portal:application", guid)
    after = new.revision.guide
    asked, asked_now = ({each.name for each in guide.materials} for guide in (draft.guide, after))
    given = draft.application.materials.filter(replaced_at=None, name__in=asked)
    context = {
        "draft": draft,
        "item": draft.item,
        "new": new,
        "found": differences(draft.guide, after),
        "new_materials": [each.name for each in after.materials if each.name not in asked and not each.shared],
        "not_asked": [each.name for each in given if each.name not in asked_now],
    }
    return render(request, "portal/applying/changes.html", context)
