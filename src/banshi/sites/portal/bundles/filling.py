"""The form of a bundle, one group of questions a page, each saved as it was typed."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from banshi.bundles.actions import save_bundle_answers
from banshi.core.clock import now
from banshi.core.errors import Missing, Problem
from banshi.forms import read_answers
from banshi.forms.standard import STATEMENT
from banshi.people.models import User
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.applying.drafts import to_sign_in, typed_before
from banshi.sites.portal.bundles.drafts import BundleDraft, bundle_draft_of, elsewhere, steps_shown


@login_required
@never_cache
@require_safe
def go_on(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Lead to the first page that is not done."""
    draft = bundle_draft_of(request, guid)
    if away := elsewhere(draft):
        return away
    wrong = {each.field for each in draft.problems}
    undone = [each for each in draft.steps if wrong & {field.key for field in each.fields}]
    if undone:
        return redirect(draft.address("bundle-page", undone[0].number))
    return redirect(draft.address("bundle-materials" if draft.reading.materials.asked else "bundle-check"))


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, guid: UUID, number: int) -> HttpResponse:
    if not isinstance(request.user, User):
        return to_sign_in(request)
    draft = bundle_draft_of(request, guid)  # type: ignore[arg-type]
    if away := elsewhere(draft):
        return away
    if request.method == "POST":
        asked = set(request.POST.get("asked", "").split())
        typed = [
            field
            for step in draft.steps
            if step.number == number
            for field in step.fields
            if field.key in asked and field.key not in draft.fixed
        ]
        answers = dict.fromkeys([each.key for each in typed]) | read_answers(typed, request.POST)
        draft = BundleDraft(save_bundle_answers(draft.application, answers, by=request.user, at=now()))
    step = next((each for each in draft.steps if each.number == number), None)
    if step is None:
        raise Missing("这张表没有这一页", remedy="请从“我的办件”接着填。")
    if request.method == "POST":
        return _answered(request, draft, number)
    waiting = typed_before(request)
    if waiting is not None:
        draft.answers |= read_answers([each for each in step.fields if each.key in waiting], waiting)
    return _shown(request, draft, number, {}, found_again=waiting is not None)


def _answered(request: HttpRequest, draft: BundleDraft, number: int) -> HttpResponse:
    """Go on, back or away, or show again what is wrong or newly asked."""
    shown, asked = steps_shown(draft, str(number)), request.POST.get("asked", "").split()
    keys = [field.key for step in draft.steps if step.number == number for field in step.fields]
    wrong = {each.field: each for each in draft.problems if each.field in keys}
    fresh = [key for key in keys if key not in asked and key not in draft.fixed]
    if "leave" in request.POST:
        return redirect("portal:my-cases")
    if "back" in request.POST:
        return redirect(shown["back"] or draft.address("bundle-draft"))
    if request.headers.get("HX-Request"):
        told = {key: each for key, each in wrong.items() if key in asked and draft.answers.get(key)}
        return _shown(request, draft, number, told, template="portal/applying/questions.html")
    told = {key: each for key, each in wrong.items() if key not in fresh}
    if not told and not (set(fresh) & set(wrong)):
        return redirect(shown["steps"][shown["place"]][2])
    return _shown(request, draft, number, told, more=bool(fresh) and not told, status=422)


def _shown(
    request: HttpRequest,
    draft: BundleDraft,
    number: int,
    wrong: dict[str, Problem],
    *,
    more: bool = False,
    found_again: bool = False,
    template: str = "portal/bundles/page.html",
    status: int = 200,
) -> HttpResponse:
    fields = next(each.fields for each in draft.steps if each.number == number)
    listed = [each for each in fields if each.key != STATEMENT]
    registered = draft.fixed.keys() & {each.key for each in fields}
    statement = [each for each in fields if each.key == STATEMENT] if registered else []
    context = {
        **steps_shown(draft, str(number)),
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
