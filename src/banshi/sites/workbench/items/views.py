"""Items as clerks find, make and look at them."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banshi.adjustments.actions.applying import kinds_for
from banshi.adjustments.enums import AdjustmentKind
from banshi.adjustments.policy import why_not_at_once
from banshi.adjustments.queries import ended_bases_of, open_adjustment
from banshi.catalog.actions import change_identity, create_item, delete_items
from banshi.catalog.codes import read_code
from banshi.catalog.enums import ItemKind
from banshi.catalog.guide.completeness import completeness
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Category, Item, Revision
from banshi.catalog.queries import history
from banshi.catalog.twins import Doubted
from banshi.core.clock import now, today
from banshi.people.models import User
from banshi.registers.queries import powers_behind
from banshi.sites.kit.address import as_guids, text_in
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, may, organs_where, permissions_of, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import item_for, item_organ_options, open_draft, posted
from banshi.sites.workbench.items.forms import IdentityForm, NewItemForm
from banshi.sites.workbench.items.listing import NEVER_PUBLISHED, NO_CATEGORY, PAGE, ItemListFilters, items_shown
from banshi.spreadsheets.queries import unplaced_of
from banshi.workflow.queries import moves_open_to
from banshi.workflow.versions import states_of

POWERS = 5
UNPLACED = 5


@login_required
@require_GET
def items(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.ITEM_VIEW)
    filters = ItemListFilters.read(request.GET)
    held = permissions_of(request.user)
    context = {
        "filters": filters,
        "query": filters.as_query(dense=""),
        "page": Page(items_shown(request.user, filters), request.GET, by=("-id",), size=PAGE),
        "dense": filters.dense == "1",
        "other_density": filters.as_query(dense="" if filters.dense else "1"),
        "may_edit": Permission.ITEM_EDIT in held,
        "may_publish": Permission.ITEM_PUBLISH in held,
        "may_export": Permission.ITEM_EXPORT in held,
        "controls": filters.controls(
            organ=item_organ_options(request.user, filters.organ),
            category=[*Category.objects.values_list("code", "name"), (NO_CATEGORY, "未归类")],
            state=[(NEVER_PUBLISHED, "草稿"), *((code, state.label) for code, state in states_of("item").items())],
            kind=[(str(code), str(label)) for code, label in ItemKind.choices],
        ),
    }
    return render(request, "workbench/items/items.html", context)


@login_required
@require_POST
def export_chosen(request: StaffRequest) -> HttpResponse:
    """Redirect to the export of the chosen items, so that the form's token stays out of the address."""
    require(request.user, Permission.ITEM_EXPORT)
    chosen = urlencode([("item", guid) for guid in sorted(as_guids(request.POST.getlist("item")))])
    return redirect(f"{reverse('workbench:export-items')}?{chosen}") if chosen else redirect("workbench:items")


@login_required
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.ITEM_EDIT)
    form = NewItemForm(posted(request), user=request.user)
    if not form.is_valid():
        return render(request, "workbench/items/new.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        item = create_item(
            organ=form.cleaned_data["organ"],
            guide=Guide(name=form.cleaned_data["name"]),
            in_spite=form.in_spite,
            **form.values(),
            by=request.user,
            at=now(),
        )
    except Doubted as found:
        context = {"form": form, "doubts": found.doubts}
        return render(request, "workbench/items/new.html", context, status=422)
    messages.success(request, f"已新增“{item}”。接着写办事指南吧。")
    return redirect("workbench:editor", item.guid)


@login_required
@require_GET
def item(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show one item, how it stands and what can be done with it.

    htmx gets the part for the side panel.
    """
    it = item_for(request.user, guid)
    user, draft = request.user, open_draft(it)
    publications = list(history(it)[:5])
    held = organs_where(user, Permission.ITEM_EDIT).filter(pk=it.organ_id).exists()
    shown = draft or it.revisions.exclude(state=Revision.State.DISCARDED).first()
    moves = [
        (reverse(f"workbench:{each.name}", args=[guid]), each.label)
        for each in moves_open_to(user, it, at=now())
        if why_not_at_once(each.name) is None
    ]
    # Splitting changes no state but belongs here.
    if it.state == "active" and may(user, Permission.ITEM_LIFECYCLE, it.organ):
        moves.append((reverse("workbench:split", args=[guid]), "拆分事项"))
    context = {
        "item": it,
        "panel": request.htmx,  # type: ignore[attr-defined]
        "level": 2 if request.htmx else 1,  # type: ignore[attr-defined]
        "draft": draft,
        "may_delete": held and not publications,
        "publications": publications,
        "current": next((each for each in publications if each.until is None), None),
        "code": read_code(it.code, known={it.organ.uscc} - {""}),
        "progress": completeness(shown.guide) if shown else None,
        "may_edit": held,
        "may_publish": may(user, Permission.ITEM_PUBLISH, it.organ),
        "moves": moves,
        "may_withdraw": may(user, Permission.ITEM_WITHDRAW, it.organ),
        "may_adjust": _may_adjust(user, it),
        "may_supervise": may(user, Permission.SUPERVISION_VIEW, it.organ),
        "adjustment": open_adjustment(it),
        "powers": powers_behind(it)[:POWERS],
        "ended_bases": ended_bases_of(it, today()),
        "unplaced": unplaced_of(it)[:UNPLACED],
    }
    page = "workbench/items/item_part.html" if request.htmx else "workbench/items/item.html"  # type: ignore[attr-defined]
    return render(request, page, context)


def _may_adjust(user: User, it: Item) -> bool:
    return bool(kinds_for(it)) and may(user, Permission.ADJUST_APPLY, it.organ)


@login_required
@require_http_methods(["GET", "POST"])
def identity(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Change code, kind and category.

    A proposed code comes in the address and is only filled in.

    Of what is published only by an adjustment, to which the page leads.
    """
    it = item_for(request.user, guid, Permission.ITEM_EDIT)
    if it.publications.exists():
        adjustment = open_adjustment(it)
        if adjustment and adjustment.kind == AdjustmentKind.CHANGE and adjustment.state in ("prepared", "returned"):
            return redirect("workbench:adjustment-identity", adjustment.pk)
        context: dict[str, Any] = {"item": it, "adjustment": adjustment, "may_adjust": _may_adjust(request.user, it)}
        status = 409 if request.method == "POST" else 200
        return render(request, "workbench/items/identity_published.html", context, status=status)
    stored = {"category": it.category_id, "kind": it.kind, "code": it.code}
    proposed = {**stored, "code": text_in(request.GET, "code") or it.code}
    form = IdentityForm(posted(request), stored=stored, initial=proposed)
    doubts = form.doubts(it.organ, "", it) if form.is_valid() else []
    if doubts or not form.is_valid():
        context = {"form": form, "item": it, "doubts": doubts, "back": reverse("workbench:item", args=[guid])}
        return render(request, "workbench/items/identity.html", context, status=422 if form.is_bound else 200)
    chosen = {name: form.cleaned_data[name] for name in ("code", "kind", "category")}
    change_identity(it, **chosen, by=request.user, at=now())
    messages.success(request, "事项信息已保存")
    return redirect("workbench:item", guid)


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Delete an item that was never published."""
    it = item_for(request.user, guid, Permission.ITEM_EDIT)
    if request.method == "POST":
        delete_items([it], reason="经办人删除", by=request.user, at=now())
        messages.success(request, f"已删除“{it}”，操作记录里留有它的名称。")
        return redirect("workbench:items")
    context = {
        "item": it,
        "title": f"删除事项：{it}",
        "action": "删除事项",
        "danger": True,
        "back": reverse("workbench:item", args=[guid]),
    }
    return render(request, "workbench/items/delete.html", context)
