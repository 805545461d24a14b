"""The papers of a bundle, each handed in once, with what each is for."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from banshi.bundles.actions import commit_once, hand_in_earlier, hand_in_once, remove_once
from banshi.bundles.merging import MergedMaterial
from banshi.bundles.queries import earlier_papers
from banshi.cases.actions.applying import commitment_letters
from banshi.catalog.models import Item
from banshi.core.clock import now
from banshi.core.errors import BadInput, BanshiError, Missing
from banshi.sites.kit.address import key_in, text_in
from banshi.sites.kit.downloads import send_stored
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.applying.drafts import steps_shown
from banshi.sites.portal.applying.materials import files_sent
from banshi.sites.portal.bundles.drafts import BundleDraft, bundle_draft_of, elsewhere
from banshi.sites.portal.items.guide_view import file_of
from banshi.uploads.virus_scan import ScannerAway


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def checklist(request: StaffRequest, guid: UUID) -> HttpResponse:
    draft = bundle_draft_of(request, guid)
    if away := elsewhere(draft):
        return away
    if request.method == "POST":
        if "leave" in request.POST:
            return redirect("portal:my-cases")
        shown = steps_shown(draft, "materials")
        return redirect(shown["back"] if "back" in request.POST else draft.address("bundle-check"))
    return _shown(request, draft)


def _shown(request: StaffRequest, draft: BundleDraft, refused: BanshiError | None = None, at: str = "") -> HttpResponse:
    materials = draft.reading.materials
    earlier = earlier_papers(draft.application, materials.asked)
    rows = [
        (
            each,
            draft.given.get(each.proof),
            refused if each.slug == at else None,
            earlier.get(each.proof, [])[:3],
            letters_of(each),
            forms_of(each),
        )
        for each in materials.asked
    ]
    context: dict[str, Any] = {
        **steps_shown(draft, "materials"),
        "rows": rows,
        "materials": materials,
        "ready": sum(given is not None for _, given, *_ in rows),
    }
    return render(request, "portal/bundles/materials.html", context, status=refused.status if refused else 200)


def letters_of(asked: MergedMaterial) -> list[tuple[Item, dict[str, Any]]]:
    """Word the letter of each office that takes a commitment for the paper, with the item it is for."""
    if not asked.commitment_ok:
        return []
    named = [(each.member.item, each.material.name) for each in asked.uses]
    return [(item, commitment_letters(item.pk, [name])[name]) for item, name in named]


def forms_of(asked: MergedMaterial) -> list[tuple[str, UUID | None, UUID | None]]:
    """List the blank forms and filled samples that guides give for the paper, by office."""
    given = [
        (each.member.item.organ.called, file_of(each.material.template_file), file_of(each.material.sample_file))
        for each in asked.uses
    ]
    return [(office, template, sample) for office, template, sample in given if template or sample]


def _asked(draft: BundleDraft, slug: str) -> MergedMaterial:
    found = next((each for each in draft.reading.materials.asked if each.slug == slug), None)
    if found is None:
        raise Missing("材料清单里没有这一项", remedy="请刷新页面，按清单上传。")
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: StaffRequest, guid: UUID, slug: str) -> HttpResponse:
    """Take in photographs and files, or take them away.

    A GET is somebody who has signed in anew on the way.
    """
    draft = bundle_draft_of(request, guid)
    if away := elsewhere(draft):
        return away
    if request.method != "POST":
        return redirect(draft.address("bundle-materials"))
    asked, me, at = _asked(draft, slug), request.user, now()
    if text_in(request.POST, "act") == "remove":
        remove_once(draft.application, asked.proof, by=me, at=at)
        return redirect(f"{draft.address('bundle-materials')}#m{slug}")
    if text_in(request.POST, "act") == "commit":
        if "read" not in request.POST:
            wrong = BadInput("请先看完承诺书，勾选“我已看完，愿意承诺”")
            return _shown(request, draft, wrong, slug)
        commit_once(draft.application, asked.proof, by=me, at=at)
        return redirect(f"{draft.address('bundle-materials')}#m{slug}")
    if text_in(request.POST, "act") == "earlier":
        offered = earlier_papers(draft.application, [asked]).get(asked.proof, [])
        chosen = next((each for each in offered if each.pk == key_in(request.POST, "material")), None)
        if chosen is None:
            return _shown(request, draft, BadInput("没有找到这份用过的材料", remedy="请重新上传。"), slug)
        hand_in_earlier(draft.application, asked.proof, chosen, by=me, at=at)
        return redirect(f"{draft.address('bundle-materials')}#m{slug}")
    given = draft.given.get(asked.proof)
    files = files_sent(request, given.file if given else None)
    try:
        hand_in_once(draft.application, asked.proof, files, by=me, at=at)
    except (BadInput, ScannerAway) as wrong:
        return _shown(request, draft, wrong, slug)
    return redirect(f"{draft.address('bundle-materials')}#m{slug}")


@login_required
@require_safe
def send_own(request: StaffRequest, guid: UUID, slug: str) -> FileResponse:
    """Send back what one has handed in."""
    draft = bundle_draft_of(request, guid)
    found = next((each for proof, each in draft.given.items() if MergedMaterial(proof, ()).slug == slug), None)
    if found is None or found.file is None:
        raise Missing("没有这份材料", remedy="请回到材料清单查看。")
    return send_stored(found.file, inline=True)
