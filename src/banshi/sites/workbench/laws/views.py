"""Laws: what holds, what changed, what rests on them, and the adjustments that follow from a change."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banshi.adjustments import queries
from banshi.adjustments.actions import prepare_affected, record_and_prepare, record_and_prepare_many
from banshi.adjustments.models import OPEN, Adjustment
from banshi.core.clock import now, today
from banshi.core.errors import BanshiError, Missing
from banshi.law.models import Law, LawChange
from banshi.law.queries import changes_of_law
from banshi.law.queries import laws as laws_found
from banshi.people.models import User
from banshi.sites.kit.listing.filters import Filter, Filters
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, organs_where, permissions_of, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import posted
from banshi.sites.workbench.laws.forms import TEMPLATE, ChangeForm, ChangesForm, read_changes

SHOWN = 100
P = Permission


class LawFilters(Filters):
    q = Filter("名称或文号", kind="search")


@login_required
@require_GET
def laws(request: StaffRequest) -> HttpResponse:
    require(request.user, P.ITEM_VIEW)
    filters = LawFilters.read(request.GET)
    context = {
        "filters": filters,
        "controls": filters.controls(),
        "page": Page(laws_found(filters.q), request.GET, by=("-is_changed", "title", "id"), size=SHOWN),
        "today": today(),
        "changes": changes_of_law()[:10],
        "ended": queries.items_on_ended_laws(request.user, today(), at=now()).count(),
        "may_edit": P.LAW_EDIT in permissions_of(request.user),
    }
    return render(request, "workbench/laws/laws.html", context)


def _law(pk: int) -> Law:
    found = Law.objects.select_related("replaced_by").filter(pk=pk).first()
    if found is None:
        raise Missing("没有这部法规", remedy="请回到“法规”列表查找。")
    return found


@login_required
@require_GET
def law(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, P.ITEM_VIEW)
    found = _law(pk)
    context = {
        "law": found,
        "today": today(),
        "changes": _with_progress(request.user, found),
        "may_edit": P.LAW_EDIT in permissions_of(request.user),
        **_resting(request.user, found),
    }
    return render(request, "workbench/laws/law.html", context)


def _with_progress(user: User, law: Law) -> list[tuple[LawChange, int, int]]:
    """Count for each change the adjustments it led to and those still open, of organs the user sees."""
    mine = Adjustment.objects.filter(item__organ__in=organs_where(user, P.ITEM_VIEW))
    found = []
    for change in changes_of_law().filter(law=law):
        states = list(mine.filter(law_change=change).values_list("state", flat=True))
        found.append((change, len(states), sum(state in OPEN for state in states)))
    return found


def _resting(user: User, law: Law) -> dict[str, Any]:
    """List items the user may see that rest on the law, each with the places where it is named."""
    day = law.in_force_until or today()
    mine = organs_where(user, P.ITEM_VIEW)
    rows = queries.bases_on(law, day).filter(item__organ__in=mine).select_related("item__organ")
    rows = rows.order_by("item__organ_id", "item_id", "position")
    groups = groupby(rows, key=lambda each: each.item)
    items = [(item, list(some)) for item, some in groups]
    busy = set(
        Adjustment.objects.filter(item__in=[item for item, _ in items], state__in=OPEN).values_list("item", flat=True)
    )
    return {
        "resting": [(item, places, item.pk in busy) for item, places in items[:SHOWN]],
        "count": len(items),
        "unprepared": len(items) > len(busy),
        "shown": SHOWN,
    }


@login_required
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a law's change.

    Whoever rests on it is shown before, and prepared for after.
    """
    require(request.user, P.LAW_EDIT)
    found = _law(pk)
    form = ChangeForm(posted(request))
    if form.is_valid():
        try:
            made, count = record_and_prepare(found, **form.cleaned_data, by=request.user, at=now())
        except BanshiError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"已登记{made}。为{count}个事项准备好了调整，已交给各单位。")
            return redirect("workbench:law", pk)
    context = {"law": found, "form": form, "today": today(), **_resting(request.user, found)}
    return render(request, "workbench/laws/change.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def prepare(request: StaffRequest, pk: int) -> HttpResponse:
    """Prepare, for a change recorded by another, adjustments for the items of one's own division that have none."""
    made = changes_of_law().filter(pk=pk).first()
    if made is None:
        raise Missing("没有这条变动")
    count = prepare_affected(made, by=request.user, at=now())
    messages.success(
        request,
        f"为{count}个事项准备好了调整，已交给各单位。"
        if count
        else "有关事项都已有调整在办，或者已经不再引用这部法规。",
    )
    return redirect("workbench:law", made.law_id)


@login_required
@require_http_methods(["GET", "POST"])
def import_changes(request: StaffRequest) -> HttpResponse:
    require(request.user, P.LAW_EDIT)
    form = ChangesForm(posted(request), request.FILES or None)
    problems: list[Any] = []
    if form.is_valid():
        try:
            rows = read_changes(form.cleaned_data["file"])
            made, count = record_and_prepare_many(rows, by=request.user, at=now())
        except BanshiError as error:
            form.add_error("file", str(error))
            problems = getattr(error, "problems", [])
        else:
            messages.success(request, f"登记了{made}条变动，为{count}个事项准备好了调整。")
            return redirect("workbench:laws")
    context = {"form": form, "problems": problems, "columns": TEMPLATE, "back": reverse("workbench:laws")}
    return render(request, "workbench/laws/import.html", context, status=422 if form.is_bound else 200)


@login_required
@require_GET
def ended(request: StaffRequest) -> HttpResponse:
    """List all that is in force on the ground of something that is not (依据已废止的事项)."""
    require(request.user, P.ITEM_VIEW)
    resting = queries.items_on_ended_laws(request.user, today(), at=now())
    items = list(resting[: SHOWN + 1])
    found: dict[int, list[Any]] = {}
    for each in queries.ended_bases(today()).filter(item__in=items[:SHOWN]).order_by("item_id", "position"):
        found.setdefault(each.item_id, []).append(each)
    context = {
        "groups": [(organ, list(some)) for organ, some in groupby(items[:SHOWN], key=lambda each: each.organ)],
        "count": resting.count(),
        "more": len(items) > SHOWN,
        "shown": SHOWN,
        "named": found,
    }
    return render(request, "workbench/laws/ended.html", context)
