"""供需对接清单: what offices need and who takes it up."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from banshi.access import Permission, allows
from banshi.catalog.models import Item
from banshi.core.clock import now
from banshi.core.errors import BadInput, Missing
from banshi.exchange.actions import WantedData, answer_demand, raise_demand, refuse_demand
from banshi.exchange.actions.demanding import answering
from banshi.exchange.enums import DemandState, ResourceState
from banshi.exchange.models import Demand, Resource
from banshi.exchange.queries import demands_visible_to
from banshi.people.models import Organ, User
from banshi.sites.kit.forms import PageForm, add_refusal
from banshi.sites.kit.listing.filters import Contains, Equals, Filters
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.named_choice import ItemField, OrganField, ResourceField
from banshi.sites.kit.permissions import may, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.sharing.lists import list_tabs

P = Permission
PAGE = 30


class DemandFilters(Filters):
    q = Contains("wanted", "scene", "organ__name", label="数据、用途或单位")
    state = Equals("state", "状态")


@login_required
@require_GET
def demands(request: StaffRequest) -> HttpResponse:
    require(request.user, P.EXCHANGE_VIEW)
    filters = DemandFilters.read(request.GET)
    found = demands_visible_to(request.user, at=now()).filter(filters.condition())
    context = {
        "tabs": list_tabs("demands"),
        "page": Page(found, request.GET, by=("-id",), size=PAGE),
        "filters": filters,
        "controls": filters.controls(state=DemandState.choices),
        "asks": may(request.user, P.EXCHANGE_ASK),
    }
    return render(request, "workbench/sharing/demands.html", context)


class DemandForm(PageForm):
    organ = OrganField(label="以哪个单位的名义")
    wanted = forms.CharField(
        label="需要什么数据", max_length=200, help_text="例如：残疾人证信息。目录里有的，直接申请。"
    )
    items = forms.CharField(label="要哪些信息项", max_length=500, required=False, help_text="例如：姓名、证号、等级。")
    scene = forms.CharField(label="用来办什么", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    basis = forms.CharField(label="依据", max_length=300)
    item = ItemField(label="用在哪个事项", required=False, empty_label="不限")
    provider = OrganField(label="哪个单位有", required=False, empty_label="不知道，请数据主管部门帮着找")

    def __init__(self, organs: QuerySet[Organ], data: Any = None) -> None:
        super().__init__(data)
        shown: dict[str, Any] = self.fields
        shown["organ"].queryset, shown["organ"].initial = organs, organs.first()
        shown["item"].queryset = Item.objects.filter(organ__in=organs).order_by("name")
        shown["provider"].queryset = Organ.objects.filter(active=True)
        shown["provider"].near(organs[0].division if organs else None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    require(request.user, P.EXCHANGE_ASK)
    organs = organs_where(request.user, P.EXCHANGE_ASK).order_by("pk")
    form = DemandForm(organs, request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = dict(form.cleaned_data)
        organ = told.pop("organ")
        try:
            made = raise_demand(organ, data=WantedData(**told), by=request.user, at=now())
        except BadInput as wrong:
            add_refusal(form, wrong)
        else:
            messages.success(request, "已提出，有数据的单位（或数据主管部门）收到了通知。")
            return redirect("workbench:data_demand", made.pk)
    context = {
        "form": form,
        "title": "提出数据需求",
        "what": "目录里没有的数据，在这里提。目录里已有的，请到那个资源的页面申请使用。",
        "action": "提出",
        "back": reverse("workbench:data_demands"),
    }
    return render(request, "kit/confirm.html", context, status=422 if form.errors else 200)


def demand_for(user: User, pk: int) -> Demand:
    found = demands_visible_to(user, at=now()).filter(pk=pk).first()
    if found is None:
        raise Missing("没有这个需求", remedy="它可能是别的单位的。请回到“供需对接清单”查找。")
    return found


@login_required
@require_GET
def demand(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, P.EXCHANGE_VIEW)
    one = demand_for(request.user, pk)
    answers = one.state == DemandState.OPEN and allows(request.user, answering(one), one, at=now())
    crumbs = [(reverse("workbench:data_demands"), "供需对接清单"), ("", one.wanted)]
    return render(request, "workbench/sharing/demand.html", {"one": one, "answers": answers, "crumbs": crumbs})


class MatchForm(PageForm):
    resource = ResourceField(label="用哪个资源对接")

    def __init__(self, one: Demand, data: Any = None) -> None:
        super().__init__(data)
        published = Resource.objects.filter(state=ResourceState.PUBLISHED).order_by("code")
        shown: dict[str, Any] = self.fields
        shown["resource"].queryset = published.filter(organ=one.provider) if one.provider else published


class CannotForm(PageForm):
    words = forms.CharField(
        label="为什么提供不了",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：没有采集这项数据；法律不准共享，写明哪一条。",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    one, data = demand_for(request.user, pk), request.POST if request.method == "POST" else None
    if name not in ("match", "refuse") or not allows(request.user, answering(one), one, at=now()):
        raise Missing("现在不能这样做", remedy="请回到需求页面查看。")
    form = MatchForm(one, data) if name == "match" else CannotForm(data)
    if form.is_valid():
        try:
            if name == "match":
                answer_demand(one, resource=form.cleaned_data["resource"], by=request.user, at=now())
            else:
                refuse_demand(one, reason=form.cleaned_data["words"], by=request.user, at=now())
        except BadInput as wrong:
            add_refusal(form, wrong)
        else:
            messages.success(request, "已回应，提出需求的单位收到了通知。")
            return redirect("workbench:data_demand", pk)
    context = {
        "form": form,
        "title": f"{'对接' if name == 'match' else '提供不了'}：{one}",
        "what": "对接以后，需求单位到这个资源的页面申请使用。" if name == "match" else "需求单位会看到理由。",
        "action": "对接" if name == "match" else "回应",
        "back": reverse("workbench:data_demand", args=[pk]),
    }
    return render(request, "kit/confirm.html", context, status=422 if form.errors else 200)
