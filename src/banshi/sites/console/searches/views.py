"""Pages of searches without results, and of synonyms."""

from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Missing
from banshi.search import queries
from banshi.search.actions import add_synonym, end_synonym
from banshi.search.index import IndexUnusable
from banshi.search.models import Synonym
from banshi.search.relevance_eval import judge_index
from banshi.sites.console.searches.forms import SynonymForm
from banshi.sites.kit.address import text_in
from banshi.sites.kit.forms import add_refusal
from banshi.sites.kit.listing.filters import Filter, Filters, Tab, tabs
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, may, require
from banshi.sites.kit.staff import StaffRequest

PAGE = 50
ORDERS = {"times": ("-times", "-last", "text"), "last": ("-last", "text")}
TABS = {
    "console:searches": "没找到的",
    "console:synonyms": "同义词",
    "console:search-try": "试一试",
    "console:search-quality": "搜索质量",
}


class MissFilters(Filters):
    period = Filter(options=[("7", "近7天"), ("30", "近30天"), ("all", "全部")])
    order = Filter(options=[("times", "按次数"), ("last", "按时间")], narrows=False)


def _frame(request: StaffRequest, name: str) -> dict[str, Any]:
    found = [Tab(label, reverse(each), each == name) for each, label in TABS.items()]
    return {"tabs": found, "may_edit": may(request.user, Permission.SEARCH_EDIT)}


@login_required
@require_safe
def misses(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.SEARCH_VIEW)
    filters = MissFilters.read(request.GET)
    period, order = filters.period or "30", filters.order or "times"
    since = None if period == "all" else today() - timedelta(days=int(period) - 1)
    context = {
        "page": Page(queries.misses(since=since), request.GET, by=ORDERS[order], size=PAGE),
        "periods": tabs(filters, "period", dict(MissFilters.period.options), chosen=period),
        "orders": tabs(filters, "order", dict(MissFilters.order.options), chosen=order),
    }
    return render(request, "console/searches/misses.html", {**_frame(request, "console:searches"), **context})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def synonyms(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.SEARCH_EDIT if request.method == "POST" else Permission.SEARCH_VIEW)
    form = SynonymForm(request.POST or None, initial={"term": text_in(request.GET, "term", 20)})
    if form.is_valid():
        try:
            added = add_synonym(**form.cleaned_data, by=request.user, at=now())
        except BadInput as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"已添加“{added.term}”。几秒内生效，可以在下面试一试。")
            return redirect(f"{reverse('console:search-try')}?{urlencode({'q': added.term})}")
    context = {"rows": queries.synonyms_in_use(), "form": form}
    return render(request, "console/searches/synonyms.html", {**_frame(request, "console:synonyms"), **context})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: StaffRequest, number: int) -> HttpResponse:
    require(request.user, Permission.SEARCH_EDIT)
    synonym = Synonym.objects.filter(pk=number, ended_at=None).first()
    if synonym is None:
        raise Missing("没有这条同义词，或者已经停用")
    if request.method == "POST":
        end_synonym(synonym, by=request.user, at=now())
        messages.success(request, f"“{synonym.term}”已停用，几秒内生效")
        return redirect("console:synonyms")
    what = f"群众再搜“{synonym.term}”，就不会按“{'、'.join(synonym.means)}”查找。"
    context = {
        "title": f"停用同义词“{synonym.term}”",
        "what": what,
        "action": "停用",
        "back": reverse("console:synonyms"),
    }
    return render(request, "kit/confirm.html", context)


@login_required
@require_safe
def attempt(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.SEARCH_VIEW)
    text = text_in(request.GET, "q", 100)
    explained = None
    if text:
        with suppress(IndexUnusable):
            explained = queries.explain(text)
    context = {"text": text, "explained": explained}
    return render(request, "console/searches/try.html", {**_frame(request, "console:search-try"), **context})


@login_required
@require_safe
def quality(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.SEARCH_VIEW)
    try:
        marks = judge_index()
    except IndexUnusable:
        marks = None
    figures = [(f"前 {depth} 条里有答案", marks.within(depth) * 100) for depth in (1, 3, 10)] if marks else []
    context = {"marks": marks, "figures": figures}
    return render(request, "console/searches/quality.html", {**_frame(request, "console:search-quality"), **context})
