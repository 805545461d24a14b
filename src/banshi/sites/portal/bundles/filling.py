"""The form of a bundle, one group of questions a page, each saved as it was typed."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from banshi.bundles.actions import save_bundle_answers
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.forms import read_answers
from banshi.people.models import User
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.applying.drafts import steps_shown, to_sign_in, typed_before
from banshi.sites.portal.applying.filling import answered, show_page, typed_on
from banshi.sites.portal.bundles.drafts import BundleDraft, bundle_draft_of, elsewhere


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
    return redirect(draft.address("bundle-materials" if draft.asks_papers else "bundle-check"))


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, guid: UUID, number: int) -> HttpResponse:
    if not isinstance(request.user, User):
        return to_sign_in(request)
    draft = bundle_draft_of(request, guid)  # type: ignore[arg-type]
    if away := elsewhere(draft):
        return away
    if request.method == "POST":
        typed = typed_on(draft, number, request)
        draft = BundleDraft(save_bundle_answers(draft.application, typed, by=request.user, at=now()))
    step = next((each for each in draft.steps if each.number == number), None)
    if step is None:
        raise Missing("这张表没有这一页", remedy="请从“我的办件”接着填。")
    around = steps_shown(draft, str(number))
    if request.method == "POST":
        return answered(request, draft, number, around)
    waiting = typed_before(request)
    if waiting is not None:
        draft.answers |= read_answers([each for each in step.fields if each.key in waiting], waiting)
    return show_page(request, draft, number, around, {}, found_again=waiting is not None)
