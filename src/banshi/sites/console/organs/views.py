"""Organs: the tree, one of them, and changing them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.cases.actions import hand_over_cases
from banshi.cases.queries import open_work_of
from banshi.core.clock import now, today
from banshi.core.errors import BadInput
from banshi.core.text_decoding import decode_text, undecoded
from banshi.people.actions import change_organ, close_organ, create_organ, load_divisions, open_organ
from banshi.people.models import Organ
from banshi.people.queries import delegations_on, organ_tree, organs_with_counts, posts_on
from banshi.sites.console.access import found
from banshi.sites.console.organs.forms import ClosingForm, DivisionsForm, OrganForm, SuccessorForm
from banshi.sites.kit.forms import add_refusal, tried
from banshi.sites.kit.listing.filters import Contains, Filter, Filters
from banshi.sites.kit.named_choice import organs_of_ones_place_first
from banshi.sites.kit.permissions import ROLES, Permission, require
from banshi.sites.kit.staff import StaffRequest

SHOWN = 2000


class OrganListFilters(Filters):
    q = Contains("name", label="名称")
    closed = Filter("状态", options=[("1", "已停用")], every="在用")


@login_required
@require_safe
def organs(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.PEOPLE_MANAGE)
    filters = OrganListFilters.read(request.GET)
    rows = organs_with_counts(today()).filter(filters.condition(), active=not filters.closed)
    chosen = list(rows[: SHOWN + 1])
    context = {
        "places": organ_tree(chosen[:SHOWN]),
        "count": len(chosen[:SHOWN]),
        "more": len(chosen) > SHOWN,
        "filters": filters,
        "controls": filters.controls(),
    }
    return render(request, "console/organs/organs.html", context)


@login_required
@require_safe
def organ(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.PEOPLE_MANAGE)
    one = found(Organ.objects.select_related("division", "superior"), pk=pk)
    posts = [(post, ROLES[post.role]) for post in posts_on(today()).filter(organ=one)]
    context = {
        "organ": one,
        "posts": posts,
        "delegations": delegations_on(today()).filter(post__organ=one),
        "below": one.subordinates.filter(active=True),
        "crumbs": _crumbs((str(one), "")),
    }
    return render(request, "console/organs/organ.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_organ(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.PEOPLE_MANAGE)
    form = OrganForm(request.POST or None)
    organs_of_ones_place_first(form, request.user)
    made = tried(form, lambda **given: create_organ(**given, by=request.user, at=now()))
    if made:
        messages.success(request, f"已新增{made}")
        return redirect("console:organ", made.pk)
    context = {
        "form": form,
        "title": "新增机构",
        "back": reverse("console:organs"),
        "crumbs": _crumbs(("新增机构", "")),
    }
    return render(request, "console/form.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def edit_organ(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.PEOPLE_MANAGE)
    one = found(Organ.objects.all(), pk=pk)
    form = OrganForm(request.POST or None, instance=one)
    organs_of_ones_place_first(form, request.user)
    if tried(form, lambda **given: change_organ(one, **given, by=request.user, at=now())):
        messages.success(request, "已保存")
        return redirect("console:organ", pk)
    back = reverse("console:organ", args=[pk])
    context = {
        "form": form,
        "title": f"修改{one.name}",
        "back": back,
        "crumbs": _crumbs((one.name, back), ("修改", "")),
    }
    return render(request, "console/form.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def close(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.PEOPLE_MANAGE)
    one = found(Organ.objects.all(), pk=pk)
    if said := open_work_of(one):
        messages.warning(request, f"{one}还有{said}没有办完，请先移交给接手的单位，再停用。")
        return redirect("console:organ-hand-over", pk)
    form = ClosingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        close_organ(one, reason=form.cleaned_data["reason"], by=request.user, at=now())
        messages.success(request, f"{one}已停用")
        return redirect("console:organ", pk)
    context = {
        "form": form,
        "title": f"停用{one}？",
        "what": "停用后不能再安排岗位、新增事项；它的事项和记录都保留，可以重新启用。",
        "action": "停用",
        "back": reverse("console:organ", args=[pk]),
        "danger": True,
    }
    return render(request, "kit/confirm.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    """Give the open cases of an organ that ends to whoever takes over (职能移交)."""
    require(request.user, Permission.PEOPLE_MANAGE)
    one = found(Organ.objects.all(), pk=pk)
    form = SuccessorForm(one, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            count = hand_over_cases(one, to=given["to"], reason=given["reason"], by=request.user, at=now())
        except BadInput as trouble:
            add_refusal(form, trouble)
        else:
            messages.success(request, f"{count}件办件已移交给{given['to']}")
            return redirect("console:organ", pk)
    back = reverse("console:organ", args=[pk])
    said = open_work_of(one)
    context = {
        "form": form,
        "title": f"移交{one}的办件",
        "what": f"{said}转给接手的单位，编号、期限和已经办过的都不变；领了没办完的，由接手单位重新领。"
        if said
        else f"{one}没有要移交的办件。",
        "action": "移交",
        "back": back,
    }
    return render(request, "kit/confirm.html", context)


@login_required
@require_POST
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    one = open_organ(found(Organ.objects.all(), pk=pk), by=request.user, at=now())
    messages.success(request, f"{one}已重新启用")
    return redirect("console:organ", pk)


@login_required
@require_http_methods(["GET", "POST"])
def divisions(request: StaffRequest) -> HttpResponse:
    """Return the city's own divisions, from a table."""
    require(request.user, Permission.PEOPLE_MANAGE)
    form = DivisionsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            lines = text_of_upload(form.cleaned_data["file"].read(5_000_000)).splitlines()
            count = load_divisions(lines, by=request.user, at=now())
        except BadInput as trouble:
            add_refusal(form, trouble)
        else:
            messages.success(request, f"已导入{count}个区划")
            return redirect("console:organs")
    context = {
        "form": form,
        "title": "导入行政区划",
        "back": reverse("console:organs"),
        "crumbs": _crumbs(("导入行政区划", "")),
    }
    return render(request, "console/form.html", context)


def text_of_upload(content: bytes) -> str:
    """Read an uploaded table as text, or refuse it with what to do."""
    text = decode_text(content)
    if text is None:
        raise BadInput(undecoded(content))
    return text


def _crumbs(*pages: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("console:organs"), "机构"), *((url, word) for word, url in pages)]
