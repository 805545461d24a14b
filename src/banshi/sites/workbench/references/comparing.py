"""A local item against the newest edition of what it claims: element by element, taken over or kept with a reason."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from banshi.catalog.guide.differences import Sign, word_parts
from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import element_named
from banshi.catalog.guide.text import value_text
from banshi.catalog.models import Item
from banshi.core.clock import now
from banshi.core.errors import BadInput, Missing
from banshi.registers.actions import keep_own, take_from_above
from banshi.registers.models import Divergence, ReferenceEdition
from banshi.registers.queries import EditionComparison, comparison, comparisons, items_behind
from banshi.registers.three_way import ElementStanding, Standing
from banshi.sites.kit.address import as_key, text_in
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, may, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import item_for
from banshi.sites.workbench.references.forms import DivergenceForm

PAGE = 25
TONES = {
    Standing.INHERITED: "good",
    Standing.OVERRIDDEN: "info",
    Standing.FOLLOWED: "good",
    Standing.BEHIND: "warn",
    Standing.DIVERGED: "warn",
    Standing.RELEASED: "",
}
TEXT_WORDS = {"draft": "现在的草稿", "submitted": "正在审核的这一稿"}


@dataclass(frozen=True, slots=True)
class Shown:
    """An element as the page shows it: what changed above, word by word, and what stands here."""

    name: str
    label: str
    words: str
    tone: str
    flagged: bool
    above: list[tuple[Sign, str]]
    local: str
    kept: Divergence | None


@login_required
@require_GET
def compare(request: StaffRequest, guid: UUID) -> HttpResponse:
    item = item_for(request.user, guid)
    found = comparison(item)
    context = {
        "item": item,
        "found": found,
        "text_words": TEXT_WORDS.get(found.text.state, "最新的一稿") if found and found.text else "最新的一稿",
        "shown": [_shown(found, each) for each in found.elements] if found else [],
        "may_edit": may(request.user, Permission.ITEM_EDIT, item.organ),
    }
    return render(request, "workbench/references/compare.html", context)


def _shown(found: EditionComparison, each: ElementStanding) -> Shown:
    texts = [
        (value_text(getattr(Guide.model_validate({each.name: value}), each.name)) if value is not None else "")
        for value in (each.base, each.newest, each.local)
    ]
    return Shown(
        each.name,
        element_named(Guide, each.name).label,
        each.standing.words,
        TONES[each.standing],
        each.standing.flagged,
        word_parts(texts[0], texts[1]),
        texts[2],
        found.divergences.get(each.name),
    )


@login_required
@require_POST
def take(request: StaffRequest, guid: UUID) -> HttpResponse:
    item = item_for(request.user, guid)
    element, edition = _asked(request, item)
    take_from_above(item, element=element, edition=edition, by=request.user, at=now())
    messages.success(request, f"“{element_named(Guide, element).label}”已按参考目录第{edition.number}版写进草稿")
    return redirect("workbench:reference-compare", guid)


@login_required
@require_POST
def keep(request: StaffRequest, guid: UUID) -> HttpResponse:
    item = item_for(request.user, guid)
    element, edition = _asked(request, item)
    form = DivergenceForm(request.POST)
    if not form.is_valid():
        raise BadInput("保留本地写法要写理由", where=element_named(Guide, element).label, remedy="请返回写上理由。")
    keep_own(item, element=element, edition=edition, **form.cleaned_data, by=request.user, at=now())
    messages.success(request, f"“{element_named(Guide, element).label}”保留本地写法，理由已记下")
    return redirect("workbench:reference-compare", guid)


def _asked(request: StaffRequest, item: Item) -> tuple[str, ReferenceEdition]:
    """Return the element and the edition the person saw."""
    element = text_in(request.POST, "element")
    edition = ReferenceEdition.objects.filter(
        pk=as_key(request.POST.get("edition", "")), reference=item.reference_id
    ).first()
    if edition is None or element not in Guide.model_fields:
        raise Missing("没有这一处", remedy="请刷新页面，对照最新的一版再决定。")
    return element, edition


@login_required
@require_GET
def changed(request: StaffRequest) -> HttpResponse:
    """List items whose reference item has a newer edition than the one they were claimed at, with what is to be looked
    at.
    """
    require(request.user, Permission.ITEM_VIEW)
    page = Page(items_behind(request.user, at=now()), request.GET, by=("-pk",), size=PAGE)
    context = {"rows": comparisons(page.rows), "page": page}
    return render(request, "workbench/references/changed.html", context)
