"""The last look at a bundle: which office gets what, until when, and one submission."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from banshi.bundles.actions import discard_bundle, show_present, submit_bundle
from banshi.bundles.merging import other_ways
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.sites.kit.address import as_guid, text_in
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.applying.drafts import steps_shown
from banshi.sites.portal.applying.sending import addressed, answer_in_words
from banshi.sites.portal.bundles.drafts import BundleDraft, bundle_draft_of, elsewhere


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def check(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show all that will be sent and to whom, and send it."""
    draft = bundle_draft_of(request, guid)
    if away := elsewhere(draft):
        return away
    refused: list[Problem] = []
    if request.method == "POST":
        if "leave" in request.POST:
            return redirect("portal:my-cases")
        if "back" in request.POST:
            return redirect(steps_shown(draft, "check")["back"])
        if "seen" in request.POST:
            show_present(draft.application, by=request.user, at=now())
            return redirect(draft.address("bundle-draft"))
        if "true" not in request.POST:
            refused = [Problem("请勾选“以上内容属实”", field="true")]
        else:
            key = as_guid(text_in(request.POST, "key")) or draft.application.key
            try:
                sent = submit_bundle(draft.application, key=key, by=request.user, at=now())
            except BadInput as wrong:
                refused = [*wrong.problems] or [Problem(wrong.message, remedy=wrong.remedy)]
            except Conflict as conflict:
                refused = [Problem(conflict.message, field="changed", remedy=conflict.remedy)]
            else:
                return redirect(f"{reverse('portal:bundle-mine', args=[sent.pk])}?sent=1")
    return _shown(request, bundle_draft_of(request, guid), refused)


def _shown(request: StaffRequest, draft: BundleDraft, refused: list[Problem]) -> HttpResponse:
    offices: dict[str, list[str]] = {}
    names = {each.key: each.item.organ.called for each in draft.reading.members}
    for merged in draft.reading.form:
        some = list(dict.fromkeys(names[key] for key, _ in merged.of(names)))
        offices[merged.field.key] = some if len(some) < len(set(names.values())) else ["上面每一家"]
    pages = [
        (
            step.title,
            step.number,
            [
                (field, answer_in_words(field, draft.answers.get(field.key)), offices.get(field.key, []))
                for field in step.fields
                if field.required or draft.answers.get(field.key) not in (None, "", [])
            ],
        )
        for step in draft.steps
    ]
    materials = draft.reading.materials
    context = {
        **steps_shown(draft, "check"),
        "pages": pages,
        "rows": [(each, draft.given.get(each.proof)) for each in materials.asked],
        "materials": materials,
        "members": draft.reading.members,
        "deadline": draft.reading.deadline(on=today()),
        "other_ways": other_ways(draft.reading.form, draft.reading.members, draft.answers),
        "problems": [addressed(draft, each) for each in (refused or draft.unfinished)],
    }
    return render(request, "portal/bundles/check.html", context, status=422 if refused else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def discard(request: StaffRequest, guid: UUID) -> HttpResponse:
    draft = bundle_draft_of(request, guid)
    if away := elsewhere(draft):
        return away
    if request.method == "POST":
        discard_bundle(draft.application, by=request.user, at=now())
        messages.success(request, "草稿已经放弃，填的内容和上传的材料都删除了")
        return redirect("portal:my-cases")
    return render(request, "portal/bundles/discard.html", {"draft": draft, "definition": draft.definition})
