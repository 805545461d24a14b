"""Materials as the guide's checklist: photographed, chosen, taken from earlier ones, or promised in writing."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from banshi.cases import actions
from banshi.cases.actions import attach_material, commit, remove_material, withdraw_commitment
from banshi.cases.actions.applying import commitment_letters
from banshi.cases.models import CaseMaterial, Promise
from banshi.cases.queries import earlier_materials, has_bad_credit, lacking
from banshi.catalog.guide.document import Material
from banshi.catalog.models import Item
from banshi.core.clock import now
from banshi.core.errors import BadInput, BanshiError, Missing
from banshi.core.models import StoredFile
from banshi.files import open_file
from banshi.sites.kit.address import key_in, text_in
from banshi.sites.kit.downloads import send_stored
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.applying.drafts import Draft, draft_of, elsewhere, steps_shown
from banshi.sites.portal.items.guide_view import PaperToBring, papers_of
from banshi.uploads.virus_scan import ScannerAway

NO_LETTERS: Mapping[str, dict[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """A line of the checklist with what was handed in for it."""

    position: int
    paper: PaperToBring
    given: CaseMaterial | None
    promise: Promise | None
    earlier: list[CaseMaterial]
    lacks: bool
    letters: list[tuple[Item, dict[str, Any]]]
    """Of the commitment that may stand for it, with the item it is for."""
    problems: list[BanshiError]

    @property
    def material(self) -> Material:
        return self.paper.brought.material

    @property
    def done(self) -> bool:
        return bool(self.given or self.promise)


def rows_of(
    draft: Draft, wrong: BanshiError | None = None, at: int = -1, *, letters: Mapping[str, dict[str, Any]] = NO_LETTERS
) -> list[ChecklistRow]:
    """List what is asked first, and last what need not be brought."""
    places = {id(each): place for place, each in enumerate(draft.asked)}
    application = draft.application
    given = {each.position: each for each in application.materials.filter(replaced_at=None).select_related("file")}
    promises = {each.position: each for each in application.promises.filter(ending="")}
    earlier: dict[str, list[CaseMaterial]] = {}
    for each in earlier_materials(application):
        earlier.setdefault(each.name, []).append(each)
    lacks = {each.position for each in lacking(application)}
    return [
        ChecklistRow(
            place,
            paper,
            given.get(place),
            promises.get(place),
            earlier.get(paper.brought.material.name, [])[:3],
            place in lacks,
            [(draft.item, letters[paper.brought.material.name])] if paper.brought.material.name in letters else [],
            [wrong] if wrong and place == at else [],
        )
        for paper in papers_of(draft.guide.model_copy(update={"materials": draft.asked}))
        for place in [places[id(paper.brought.material)]]
    ]


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def checklist(request: StaffRequest, guid: UUID) -> HttpResponse:
    draft = draft_of(request, guid)
    if away := elsewhere(draft):
        return away
    if request.method == "POST":
        shown = steps_shown(draft, "materials")
        if "leave" in request.POST:
            return redirect("portal:my-cases")
        return redirect(shown["back"] if "back" in request.POST else draft.address("application-check"))
    return _shown(request, draft)


def _shown(request: StaffRequest, draft: Draft, wrong: BanshiError | None = None, at: int = -1) -> HttpResponse:
    proofs = [each.name for each in draft.asked if each.commitment_ok]
    discredited = bool(proofs) and has_bad_credit(draft.application.owner)
    letters = commitment_letters(draft.item.pk, proofs) if proofs and not discredited else {}
    rows = rows_of(draft, wrong, at, letters=letters)
    asked = [each for each in rows if not each.material.shared]
    context = {
        **steps_shown(draft, "materials"),
        "rows": asked,
        "free": [each for each in rows if each.material.shared],
        "ready": sum(each.done for each in asked),
        "wrong_at": at,
        "refused": wrong,
        "discredited": discredited,
    }
    return render(request, "portal/applying/materials.html", context, status=wrong.status if wrong else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: StaffRequest, guid: UUID, position: int) -> HttpResponse:
    """Take in photographs and files, an earlier material, or a commitment, or take one of them away.

    A GET is somebody who has signed in anew on the way.
    """
    draft = draft_of(request, guid)
    if away := elsewhere(draft):
        if request.FILES:
            messages.warning(request, "刚才选的文件没有收下，请先看下面的说明。以前填的、交的都还在。")
        return away
    if request.method != "POST":
        return redirect(draft.address("application-materials"))
    if not 0 <= position < len(draft.asked):
        raise Missing("材料清单里没有这一项", remedy="请刷新页面，按清单上传。")
    try:
        _take_in(draft, position, request)
    except (BadInput, ScannerAway) as wrong:
        return _shown(request, draft, wrong, position)
    return redirect(f"{draft.address('application-materials')}#m{position}")


def _take_in(draft: Draft, position: int, request: StaffRequest) -> None:
    application, me, at = draft.application, request.user, now()
    match text_in(request.POST, "act"):
        case "remove":
            remove_material(application, position, by=me, at=at)
        case "earlier":
            chosen = earlier_materials(application).filter(pk=key_in(request.POST, "material")).first()
            if chosen is None:
                raise BadInput("没有找到这份用过的材料", remedy="请重新上传。")
            attach_material(application, position, chosen.file, trust=chosen.trust, by=me, at=at)
        case "commit":
            if "read" not in request.POST:
                raise BadInput("请先看完承诺书，勾选“我已看完，愿意承诺”")
            commit(application, position, by=me, at=at)
        case "withdraw":
            for promise in application.promises.filter(position=position, ending=""):
                withdraw_commitment(promise, by=me, at=at)
        case _:
            given = application.materials.filter(position=position, replaced_at=None).select_related("file").first()
            actions.hand_in(application, position, files_sent(request, given and given.file), by=me, at=at)


def files_sent(request: HttpRequest, given: StoredFile | None) -> list[UploadedFile]:
    """List what was sent, after the pages there are already where more were added to them."""
    files: list[UploadedFile] = [each for each in request.FILES.getlist("files") if each]
    if text_in(request.POST, "act") == "more" and given and files:
        with open_file(given) as there:
            files.insert(0, SimpleUploadedFile(given.name, there.read(), given.media_type))
    return files


@login_required
@require_safe
def send_own(request: StaffRequest, guid: UUID, position: int) -> FileResponse:
    """Send back what one has handed in."""
    draft = draft_of(request, guid)
    found = draft.application.materials.filter(position=position, replaced_at=None).select_related("file").first()
    if found is None or found.file is None:
        raise Missing("没有这份材料", remedy="请回到材料清单查看。")
    return send_stored(found.file, inline=True)
