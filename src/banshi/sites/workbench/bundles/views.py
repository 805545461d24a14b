"""一件事: the list, and the builder that checks while one writes."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banshi.bundles.actions import end_bundle, publish_bundle, publish_shipped
from banshi.bundles.burden import burden_of
from banshi.bundles.checking import faults_of
from banshi.bundles.definition import BundleDefinition, planned_bundles
from banshi.bundles.models import BundleVersion
from banshi.bundles.queries import BundleReading, bundle_named, bundles_in_force, items_named
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.forms.standard import ApplyingAs
from banshi.sites.kit.address import text_in
from banshi.sites.kit.permissions import Permission, may, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.bundles.reading import definition_of, shown_rows, typed_definition, with_item

EMPTY: dict[str, Any] = {
    "code": "", "name": "", "summary": "", "policy": "", "batch": "", "doubt": "", "icon": "balloon-heart",
    "party": ApplyingAs.SELF.value, "questions": [], "parts": [], "same": [], "lacking": [],
}  # fmt: skip


@login_required
@require_GET
def bundles(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.ITEM_VIEW)
    submitted = Count("submissions", filter=Q(submissions__submitted_at__isnull=False))
    rows = [(each, each.definition) for each in bundles_in_force().annotate(submitted=submitted)]
    there = {it.name for _, it in rows}
    context = {
        "rows": rows,
        "planned": [each for each in planned_bundles(settings.DATA / "bundles") if each.name not in there],
        "may_edit": may(request.user, Permission.BUNDLE_EDIT),
    }
    return render(request, "workbench/bundles/list.html", context)


@login_required
@require_POST
def load_shipped(request: StaffRequest) -> HttpResponse:
    done = publish_shipped(by=request.user, at=now())
    messages.success(request, f"公布了{len(done)}个“一件事”" if done else "随系统提供的都公布过了")
    return redirect("workbench:bundles")


@login_required
@require_http_methods(["GET", "POST"])
def build(request: StaffRequest, code: str = "") -> HttpResponse:
    """Show the builder, keeping what was typed while an item is added, checked or published."""
    require(request.user, Permission.BUNDLE_EDIT)
    version = bundle_named(code) if code else None
    if request.method != "POST":
        return _shown(request, version, version.content if version else EMPTY)
    typed = typed_definition(request.POST, code)
    try:
        if chosen := text_in(request.POST, "add"):
            return _shown(request, version, with_item(typed, chosen))
        if "publish" not in request.POST:
            return _shown(request, version, typed)
        seen = text_in(request.POST, "digest") if version else ""
        published = publish_bundle(definition_of(typed), instead_of=seen, by=request.user, at=now())
    except (BadInput, Conflict) as refused:
        wrong = refused.problems if isinstance(refused, BadInput) else []
        wrong = wrong or [Problem(refused.message, remedy=refused.remedy)]
        return _shown(request, version, typed, wrong, status=refused.status)
    messages.success(request, f"“{published}”已经公布，没填完的申请按原来的一版办完")
    return redirect("workbench:bundle-edit", published.code)


def _shown(
    request: StaffRequest,
    version: BundleVersion | None,
    typed: dict[str, Any],
    refused: list[Problem] | None = None,
    status: int = 200,
) -> HttpResponse:
    definition, found = _checked(typed) if typed["parts"] else (None, [])
    reading = BundleReading(BundleVersion(content=definition.model_dump(mode="json"))) if definition else None
    sound = reading if not [each for each in found if each.severity == "error"] else None
    wanted = text_in(request.POST, "find")
    context = {
        "version": version,
        "typed": typed,
        **shown_rows(typed, reading),
        "parties": ApplyingAs.choices,
        "refused": refused or [],
        "found": [each for each in found if each not in (refused or [])],
        "reading": reading,
        "materials": sound.materials if sound else None,
        "deadline": sound.deadline(on=today()) if sound else None,
        "burden": burden_of(sound) if sound else [],
        "wanted": wanted,
        "matches": items_named(wanted)[:20] if wanted else [],
        "digest": text_in(request.POST, "digest") or (version.digest if version else ""),
    }
    return render(request, "workbench/bundles/build.html", context, status=status)


def _checked(typed: dict[str, Any]) -> tuple[BundleDefinition | None, list[Problem]]:
    try:
        definition = definition_of(
            typed | {"code": typed["code"] or "unnamed", "name": typed["name"] or "新编的一件事"}
        )
    except BadInput as wrong:
        return None, wrong.problems
    return definition, faults_of(definition)


@login_required
@require_POST
def end(request: StaffRequest, code: str) -> HttpResponse:
    version = bundle_named(code)
    end_bundle(version, by=request.user, at=now())
    messages.success(request, f"“{version}”已经停用，提交过的照常办完")
    return redirect("workbench:bundles")
