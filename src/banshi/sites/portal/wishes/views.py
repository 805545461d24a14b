"""许愿: what people wish for, the way each wish went, supporting the text one has read."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import now
from banshi.core.errors import BadInput, Missing
from banshi.feedback.actions import make_wish, revise_wish, support_wish, withdraw_support
from banshi.feedback.models import Wish, WishSupport, WishText
from banshi.feedback.policy import policy
from banshi.feedback.queries import (
    SHOWN_WISHES,
    SUPPORTABLE,
    is_young,
    public_texts,
    similar_wishes,
    supporters,
    wishes_shown,
)
from banshi.people.models import User
from banshi.sites.kit.address import key_in, text_in
from banshi.sites.kit.forms import PageForm, add_refusal
from banshi.sites.kit.listing.filters import Contains, Filter, Filters, tabs
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.proofs.throttle import count_writing
from banshi.workflow.versions import state_of

AN_HOUR = 60
TABS = {"open": "征集支持", "owed": "待答复", "adopted": "正在办", "realised": "已经实现", "": "全部"}


class WishForm(PageForm):
    title = forms.CharField(
        label="希望能办什么事",
        max_length=80,
        help_text="一句话，比如“希望周末也能办居住证”",
        widget=forms.TextInput(attrs={"data-alike": "/ask/alike/?wish=1"}),
    )
    text = forms.CharField(
        label="为什么（可以不写）", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReviseForm(WishForm):
    same_meaning = forms.BooleanField(
        label="只改了错字，意思没有变",
        required=False,
        help_text="意思变了的，支持的人会收到通知，由他们决定要不要转过来。",
    )


class WishFilters(Filters):
    state = Filter(options=tuple(TABS.items()), narrows=False)
    q = Contains("title", label="找愿望")


@require_safe
def wishes(request: HttpRequest) -> HttpResponse:
    filters = WishFilters.read(request.GET)
    rows = wishes_shown().filter(filters.condition())
    if filters.state:
        rows = rows.filter(state=filters.state)
    page = Page(rows, request.GET, by=("-id",))
    context = {
        "tabs": tabs(filters, "state", TABS, chosen=filters.state),
        "filters": filters,
        "controls": filters.controls(),
        "page": page,
        "rows": [(each, state_of(each).label) for each in page.rows],
        "threshold": policy().wish.threshold,
    }
    return render(request, "portal/wishes/list.html", context)


def _wish(request: HttpRequest, guid: UUID) -> Any:
    """Find a public wish, or one's own before it is public."""
    rows = Wish.objects.annotate(supporters=supporters()).select_related("organ", "item", "merged_into", "adjustment")
    found = rows.filter(guid=guid).first()
    if found is None or (found.state not in (*SHOWN_WISHES, "merged") and found.author != request.user):
        raise Missing("没有这个愿望", remedy="它可能还没有公开。")
    return found


@require_safe
def wish(request: HttpRequest, guid: UUID) -> HttpResponse:
    one = _wish(request, guid)
    mine = (
        WishSupport.objects.filter(wish=one, user=request.user).select_related("text", "user").first()
        if isinstance(request.user, User)
        else None
    )
    context = {
        "wish": one,
        "state": state_of(one),
        "text": one.texts.last(),
        "texts": public_texts(one),
        "mine": mine,
        "mine_is_old": mine is not None and mine.text.round != one.round,
        "young_hours": policy().wish.young_account_hours,
        "may_count": mine is not None and mine.doubtful and not is_young(mine.user, now()),
        "is_author": one.author == request.user,
        "supportable": one.state in SUPPORTABLE,
        "last": calendar_in_force().day_of(one.due_rank) if one.due_rank is not None else None,
        "moves": [each for each in one.moves.all() if each.to in SHOWN_WISHES],
        "threshold": policy().wish.threshold,
        "adjustment_state": state_of(one.adjustment).label if one.adjustment else "",
    }
    return render(request, "portal/wishes/wish.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    begun = {"title": text_in(request.GET, "q", 80)}
    form = WishForm(request.POST if request.method == "POST" else None, initial=begun)
    if form.is_valid():
        count_writing(request, "wish", AN_HOUR)
        try:
            made = make_wish(**form.cleaned_data, by=request.user, at=now())
            messages.success(request, "收到了。有人审看以后公开，征集支持。")
            return redirect("portal:wish", made.guid)
        except BadInput as wrong:
            add_refusal(form, wrong)
    context = {"form": form, "wishes": similar_wishes(begun["title"]), "threshold": policy().wish.threshold}
    return render(request, "portal/wishes/new.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Give one's support to the text that was shown, move it there, or take it back."""
    one = _wish(request, guid)
    if request.method == "POST":
        count_writing(request, "support", AN_HOUR)
        if "withdraw" in request.POST:
            withdraw_support(one, by=request.user, at=now())
            messages.success(request, "支持已经收回。")
        else:
            text = WishText.objects.filter(wish=one, pk=key_in(request.POST, "text")).first() or one.texts.last()
            support_wish(one, text=text, by=request.user, at=now())
            messages.success(request, "谢谢您的支持。走到哪一步，这一页看得到。")
    return redirect("portal:wish", guid)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: StaffRequest, guid: UUID) -> HttpResponse:
    one = _wish(request, guid)
    text = one.texts.last()
    begun = {"title": text.title, "text": text.text}
    form = ReviseForm(request.POST if request.method == "POST" else None, initial=begun)
    if form.is_valid():
        try:
            revise_wish(one, **form.cleaned_data, by=request.user, at=now())
            messages.success(request, "改好了，审看以后公开。")
            return redirect("portal:wish", guid)
        except BadInput as wrong:
            add_refusal(form, wrong)
    context = {"form": form, "wish": one}
    return render(request, "portal/wishes/revise.html", context, status=422 if form.is_bound else 200)


@require_safe
def told(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from a notice to the page of a wish."""
    found = Wish.objects.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Missing("没有这个愿望", remedy="请到“许愿”里找。")
    return redirect("portal:wish", _wish(request, found.guid).guid)
