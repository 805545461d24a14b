"""双随机: draws from the bound seed to the published file, and the inspections that follow."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from banshi.access import allows
from banshi.core.clock import now
from banshi.core.errors import BadInput, Missing
from banshi.people.models import User
from banshi.sites.kit.downloads import send_bytes
from banshi.sites.kit.forms import add_refusal
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, permissions_of, posts_of, require, require_post
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.oversight.draws.forms import (
    MARKS,
    InspectionForm,
    ListForm,
    NewDrawForm,
    NumberForm,
    PartyForm,
    RightedForm,
)
from banshi.supervision.actions import (
    add_number,
    ask_party,
    check_faulty,
    close_list,
    prepare_draw,
    put_right,
    record_inspection,
    run_draw,
)
from banshi.supervision.actions.drawing import BEACON
from banshi.supervision.models import Inspection, InspectionDraw
from banshi.supervision.queries import (
    draws_visible_to,
    inspections_to_do,
    inspections_visible_to,
    inspectors_for,
    standing_of,
)

P = Permission
PAGE = 50


@login_required
@require_safe
def draws(request: StaffRequest) -> HttpResponse:
    """List the draws one supervises, and the inspections one was drawn for."""
    require_post(request.user)
    page = Page(draws_visible_to(request.user, at=now()), request.GET, by=("-id",), size=PAGE)
    mine = inspections_to_do(request.user)
    may = P.SUPERVISION_DRAW in permissions_of(request.user)
    return render(request, "oversight/draws/draws.html", {"page": page, "mine": mine[:PAGE], "may": may})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    require(request.user, P.SUPERVISION_DRAW)
    form = NewDrawForm(request.POST or None)
    if form.is_valid():
        organ = next(
            each.organ
            for each in posts_of(request.user)
            if allows(request.user, P.SUPERVISION_DRAW, each.organ, at=now())
        )
        told = {**form.cleaned_data, "checklist": form.cleaned_data["checklist"].splitlines()}
        made = prepare_draw(organ, **told, by=request.user, at=now())
        messages.success(request, "种子已经生成，摘要记在操作记录里。下一步截止名单。")
        return redirect("oversight:draw", made.pk)
    what = "系统生成一个谁也看不到的种子，马上公布它的摘要：名单截止以后不能再换种子。"
    return _asked(request, form, "组织双随机抽查", what, "生成种子", reverse("oversight:draws"))


@login_required
@require_safe
def draw(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a draw as far as it is: bound seed, list, numbers, who was drawn."""
    it = draw_for(request.user, pk)
    seen, there = inspections_visible_to(request.user, at=now()).filter(draw=it), standing_of(it)
    opening = there.opens_at is not None and now() >= there.opens_at
    context = {
        "it": it,
        "there": there,
        "parties": [(each, there.words_for(each, now())) for each in there.parties],
        "beacons": [each for each in there.numbers if each.given_by_id is None],
        "opening": opening,
        "may_ask": not (there.parties and opening) and not there.numbers,
        "may_draw": there.ends_at is not None and now() >= there.ends_at,
        "inspections": [
            (
                each,
                [(words, MARKS[mark]) for words, mark in zip(it.checklist, each.marks, strict=False) if mark in MARKS],
            )
            for each in seen.select_related("inspector")[:500]
        ],
        "may": allows(request.user, P.SUPERVISION_DRAW, it, at=now()),
        "crumbs": [(reverse("oversight:draws"), "双随机"), ("", it.title)],
    }
    return render(request, "oversight/draws/draw.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: StaffRequest, pk: int) -> HttpResponse:
    it = draw_for(request.user, pk)
    form = ListForm(inspectors_for(request.user, at=now()), request.POST or None)
    if form.is_valid():
        told = {**form.cleaned_data, "inspectors": list(form.cleaned_data["inspectors"])}
        close_list(it, **told, by=request.user, at=now())
        messages.success(request, "名单已经截止，摘要记在操作记录里。下一步各方封数。")
        return redirect("oversight:draw", pk)
    what = "按条件列出抽查对象和检查人员，公布名单的摘要和信标的名称。截止以后都不能再改。"
    return _asked(request, form, f"截止名单：{it.title}", what, "截止名单", reverse("oversight:draw", args=[pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def party(request: StaffRequest, pk: int) -> HttpResponse:
    it = draw_for(request.user, pk)
    if request.method != "POST":
        require(request.user, P.SUPERVISION_DRAW)
    form = PartyForm(request.POST or None)
    if form.is_valid():
        try:
            asked = ask_party(it, **form.cleaned_data, by=request.user, at=now())
            messages.success(request, f"已经请{asked}给数，它收到了通知。")
            return redirect("oversight:draw", pk)
        except BadInput as wrong:
            add_refusal(form, wrong)
    what = (
        "这一方用自己的账号先封数、后打开，操作记录记在它名下；请了没有给的，公布的文件里写明。"
        "各方都封好就开始打开，以后不能再请：要请几方的，请在名单截止以前都请好。"
    )
    return _asked(request, form, f"请一方给数：{it.title}", what, "请它给数", reverse("oversight:draw", args=[pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def number(request: StaffRequest, pk: int) -> HttpResponse:
    it = draw_for(request.user, pk)
    form = NumberForm(request.POST or None)
    if form.is_valid():
        add_number(it, **form.cleaned_data, by=request.user, at=now())
        messages.success(request, "信标的数已经登记，不能再改。可以抽取了。")
        return redirect("oversight:draw", pk)
    what = f"名单截止时写明的信标：{it.beacon or BEACON}。有一方没有给数，或者没有请各方，才用它的数。登记了不能改。"
    return _asked(request, form, f"登记信标的数：{it.title}", what, "登记", reverse("oversight:draw", args=[pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: StaffRequest, pk: int) -> HttpResponse:
    it = draw_for(request.user, pk)
    if request.method != "POST":
        require(request.user, P.SUPERVISION_DRAW)
        there = standing_of(it)
        given = "、".join(each.party for each in there.numbers)
        silent = "、".join(each.name for each in there.silent + there.unopened)
        what = f"从{len(it.candidates)}个里抽{it.count}个，由{len(it.inspectors)}名检查人员检查。"
        missing = f"没有封或者没有打开、不算的：{silent}。" if silent else ""
        told = f"{what}给了数的：{given}。{missing}只能抽一次，抽了以后种子和结果马上公布，不能重抽。"
        return _asked(request, forms.Form(), f"抽取：{it.title}", told, "抽取", reverse("oversight:draw", args=[pk]))
    run_draw(it, by=request.user, at=now())
    messages.success(request, "已经抽取，种子和结果已经公布，检查人员收到了通知。")
    return redirect("oversight:draw", pk)


@login_required
@require_safe
def published(request: StaffRequest, pk: int) -> HttpResponse:
    """Send the file by which anybody recomputes the draw."""
    it = draw_for(request.user, pk)
    if it.told is None:
        raise Missing("还没有抽取", remedy="抽取以后才有公布的文件。")
    return send_bytes(json.dumps(it.told, ensure_ascii=False, indent=1), f"draw-{pk}.json")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: StaffRequest, pk: int) -> HttpResponse:
    """Fill in the checklist of one's inspection."""
    it = inspection_for(request.user, pk)
    form = InspectionForm(it.draw.checklist, request.POST or None)
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("faulty", "words", "right_by")}
        record_inspection(it, marks=form.marks, **told, by=request.user, at=now())
        messages.success(request, "检查结果已经记下。")
        return redirect("oversight:draw", it.draw_id)
    what = str(it)
    back = reverse("oversight:draw", args=[it.draw_id])
    return _asked(request, form, "填检查结果", what, "保存检查结果", back)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def right(request: StaffRequest, pk: int) -> HttpResponse:
    it = inspection_for(request.user, pk)
    check_faulty(it)
    form = RightedForm(request.POST or None)
    if form.is_valid():
        put_right(it, words=form.cleaned_data["words"], by=request.user, at=now())
        messages.success(request, "改正的情况已经登记。")
        return redirect("oversight:draw", it.draw_id)
    back = reverse("oversight:draw", args=[it.draw_id])
    return _asked(request, form, "登记改正", f"{it}：{it.words}", "登记", back)


def draw_for(user: User, pk: int) -> InspectionDraw:
    found = draws_visible_to(user, at=now()).filter(pk=pk).first()
    if found is None:
        raise Missing("没有这次抽查", remedy="它可能由别的单位组织。请回到“双随机”列表查找。")
    return found


def inspection_for(user: User, pk: int) -> Inspection:
    found = inspections_visible_to(user, at=now()).select_related("draw").filter(pk=pk).first()
    if found is None:
        raise Missing("没有这次检查", remedy="它可能交给了别人。请回到“双随机”查找。")
    return found


def _asked(request: StaffRequest, form: forms.Form, title: str, what: str, action: str, back: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "title": title, "what": what, "action": action, "back": back}
    return render(request, "kit/confirm.html", context, status=422 if form.errors else 200)
