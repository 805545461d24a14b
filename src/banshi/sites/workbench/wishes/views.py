"""愿望: what waits for somebody to look at, what an organ owes an answer to, and the acts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Missing, Refused
from banshi.feedback import actions
from banshi.feedback.abuse import abuse_in
from banshi.feedback.models import Wish
from banshi.feedback.queries import SHOWN_WISHES, supporters, text_shown_before, wanted_in_searches
from banshi.sites.kit.address import text_in
from banshi.sites.kit.forms import add_refusal
from banshi.sites.kit.listing.filters import Contains, Filters, FlowState
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission as P
from banshi.sites.kit.permissions import organs_where, permissions_of, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.wishes import forms
from banshi.workflow.queries import moves_open_to
from banshi.workflow.versions import state_of, states_of

WANTED_DAYS = 30


@dataclass(frozen=True, slots=True)
class WishAct:
    """An act on a wish, offered while its move is."""

    label: str
    move: str
    form: type[forms.WishActForm]
    do: Callable[..., Any]
    done: str
    """Says what was done, with the fields of the form."""


ACTS = {
    "publish": WishAct(
        "公开",
        "publish",
        forms.PublishWishForm,
        lambda wish, **given: actions.moderate_wish(wish, publish=True, **given),
        "已公开，正在征集支持；支持的人够了，由{organ}答复",
    ),
    "decline": WishAct(
        "不公开",
        "decline",
        forms.DeclineWishForm,
        lambda wish, **given: actions.moderate_wish(wish, publish=False, **given),
        "没有公开，理由许愿的人看得到",
    ),
    "merge": WishAct("并入相同的", "merge", forms.MergeWishForm, actions.merge_wish, "已并入“{into.title}”"),
    "answer": WishAct("答复", "adopt", forms.AnswerWishForm, actions.answer_wish, "已答复，支持的人收到了通知"),
    "link": WishAct(
        "写明由哪个事项实现", "realise", forms.LinkWishForm, actions.link_wish, "已写明；事项一公布，就告诉支持的人"
    ),
    "give-up": WishAct(
        "做不成，改为暂时做不到",
        "postpone",
        forms.GiveUpWishForm,
        lambda wish, **given: actions.answer_wish(wish, kind="not_now", **given),
        "已改为暂时做不到，支持的人收到了通知",
    ),
    "realise": WishAct(
        "登记已经实现",
        "realise",
        forms.WishActForm,
        lambda wish, **given: actions.realise_wish(wish, item=wish.item, **given),
        "已登记实现，支持的人收到了通知",
    ),
}


class WishDeskFilters(Filters):
    state = FlowState("wish", "状态")
    q = Contains("title", label="愿望")


def _visible(request: StaffRequest) -> Any:
    """List wishes one may look at first or answer."""
    held = permissions_of(request.user)
    if not held & {P.WISH_MODERATE, P.WISH_ANSWER}:
        raise Refused("您没有审看、答复愿望的权限", remedy="请联系本单位负责人或系统管理员开通。")
    looks, answers = organs_where(request.user, P.WISH_MODERATE), organs_where(request.user, P.WISH_ANSWER)
    divisions = looks.values("division")
    mine = Q(organ__in=answers) | Q(division__in=divisions)
    return (
        Wish.objects.filter(mine)
        .annotate(supporters=supporters())
        .select_related("organ", "division", "item", "adjustment__item")
    )


def _wish(request: StaffRequest, guid: UUID) -> Any:
    found = _visible(request).filter(guid=guid).first()
    if found is None:
        raise Missing("没有这个愿望", remedy="请回到“愿望”列表查找。")
    return found


@login_required
@require_GET
def wishes(request: StaffRequest) -> HttpResponse:
    filters = WishDeskFilters.read(request.GET)
    rows = _visible(request).filter(filters.condition())
    if not filters:
        rows = rows.filter(state__in=("submitted", "owed", "adopted"))
    page, calendar = Page(rows, request.GET, by=("-id",)), calendar_in_force()
    states = [(code, state.label) for code, state in states_of("wish").items()]
    context = {
        "filters": filters,
        "controls": filters.controls(state=states),
        "page": page,
        "may_moderate": P.WISH_MODERATE in permissions_of(request.user),
        "rows": [
            (each, state_of(each).label, calendar.day_of(each.due_rank) if each.due_rank is not None else None)
            for each in page.rows
        ],
    }
    return render(request, "workbench/wishes/list.html", context)


@login_required
@require_GET
def wanted(request: StaffRequest) -> HttpResponse:
    """List what people searched in the last days and did not find, grouped, from which a wish can be made."""
    require(request.user, P.WISH_MODERATE)
    context = {
        "groups": wanted_in_searches(since=today() - timedelta(days=WANTED_DAYS)),
        "days": WANTED_DAYS,
        "crumbs": [(reverse("workbench:wishes"), "愿望"), ("", "搜不到的")],
    }
    return render(request, "workbench/wishes/wanted.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_searches(request: StaffRequest) -> HttpResponse:
    """Make a wish of a group of searches."""
    require(request.user, P.WISH_MODERATE)
    asked = text_in(request.GET, "q", 60)
    form = forms.WishOfSearchesForm(request.POST if request.method == "POST" else None, initial={"title": asked})
    form.fields["organ"].queryset = organs_where(request.user, P.WISH_MODERATE)  # type: ignore[attr-defined]
    if form.is_valid():
        groups = wanted_in_searches(since=today() - timedelta(days=WANTED_DAYS), limit=500)
        searched = next((each.times for each in groups if asked in each.texts), 0)
        try:
            made = actions.make_wish_of_searches(**form.cleaned_data, searched=searched, by=request.user, at=now())
            messages.success(request, "写好了，公开以后征集支持")
            return redirect("workbench:wish", made.guid)
        except BadInput as wrong:
            add_refusal(form, wrong)
    context = {
        "form": form,
        "about": f"群众搜“{asked}”没有搜到" if asked else "",
        "act": {"label": "写成愿望"},
        "crumbs": [
            (reverse("workbench:wishes"), "愿望"),
            (reverse("workbench:wishes-wanted"), "搜不到的"),
            ("", "写成愿望"),
        ],
    }
    return render(request, "workbench/rating/act.html", context, status=422 if form.is_bound else 200)


def _offered(request: StaffRequest, wish: Wish) -> dict[str, WishAct]:
    moves = {each.name for each in moves_open_to(request.user, wish, at=now())}
    offered = {name: each for name, each in ACTS.items() if each.move in moves}
    if wish.item_id is None:
        offered.pop("realise", None)
    if wish.state != "adopted":
        offered.pop("give-up", None)  # one that is owed an answer has the form with all four
    return offered


@login_required
@require_GET
def wish(request: StaffRequest, guid: UUID) -> HttpResponse:
    one = _wish(request, guid)
    text = one.texts.last()
    context = {
        "wish": one,
        "state": state_of(one),
        "text": text,
        "before": text_shown_before(one) if one.state == "submitted" else None,
        "abuse": abuse_in(f"{text.title} {text.text}") if one.state == "submitted" else [],
        "acts": _offered(request, one),
        "moves": [(each, states_of("wish")[each.to].label) for each in one.moves.all()],
        "shown": one.state in SHOWN_WISHES,
        "adjustment_state": state_of(one.adjustment).label if one.adjustment else "",
        "crumbs": [(reverse("workbench:wishes"), "愿望"), ("", one.title)],
    }
    return render(request, "workbench/wishes/wish.html", context)


@login_required
@require_GET
def told(request: StaffRequest, pk: int) -> HttpResponse:
    """Lead from a notice to a wish of one's desk."""
    found = _visible(request).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Missing("没有这个愿望", remedy="请回到“愿望”列表查找。")
    return redirect("workbench:wish", found.guid)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: StaffRequest, guid: UUID, name: str) -> HttpResponse:
    wish = _wish(request, guid)
    if name not in ACTS:
        raise Missing("没有这种办理", remedy="请回到愿望页面，从“办理”里选。")
    if name not in _offered(request, wish):
        raise Refused(f"现在不能“{ACTS[name].label}”", remedy="状态可能变了，或者不由您办理。请回到愿望页面查看。")
    one = ACTS[name]
    form = one.form(wish, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            one.do(wish, **form.cleaned_data, by=request.user, at=now())
            messages.success(request, one.done.format(**form.cleaned_data))
            return redirect("workbench:wish", guid)
        except BadInput as wrong:
            add_refusal(form, wrong)
    context = {
        "about": wish.title,
        "act": one,
        "form": form,
        "back": reverse("workbench:wish", args=[guid]),
        "crumbs": [
            (reverse("workbench:wishes"), "愿望"),
            (reverse("workbench:wish", args=[guid]), wish.title),
            ("", one.label),
        ],
    }
    return render(request, "workbench/rating/act.html", context, status=422 if form.is_bound else 200)
