"""共享申请: made, listed, followed."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from banshi.access import (
    Permission,
    allows,
)
from banshi.calendar.queries import calendar_in_force
from banshi.catalog.models import Item
from banshi.core.clock import day_of, now
from banshi.core.errors import BadInput
from banshi.exchange.actions import Asked, request_data
from banshi.exchange.deadlines import days_of_request
from banshi.exchange.enums import GrantState, RequestState
from banshi.exchange.gateway import GrantedResource
from banshi.exchange.models import (
    DataBatch,
    DataRequest,
    Grant,
    Resource,
)
from banshi.exchange.queries import requests_visible_to
from banshi.people.models import Organ
from banshi.sites.kit.forms import PageForm, add_refusal
from banshi.sites.kit.listing.filters import Contains, Equals, Filters
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.named_choice import ItemField, OrganField
from banshi.sites.kit.permissions import organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.sharing.access import request_for, resource_for
from banshi.sites.workbench.sharing.request_acts import acts_open_to

P = Permission
PAGE, SHOWN = 30, 30


class RequestFilters(Filters):
    q = Contains("resource__name", "resource__code", "organ__name", label="资源或申请单位")
    state = Equals("state", "状态")


@login_required
@require_GET
def requests(request: StaffRequest) -> HttpResponse:
    require(request.user, P.EXCHANGE_VIEW)
    filters, at = RequestFilters.read(request.GET), now()
    found = requests_visible_to(request.user, at=at).filter(filters.condition())
    page = Page(found, request.GET, by=("-id",), size=PAGE)
    calendar = calendar_in_force()
    context = {
        "page": page,
        "rows": [
            (each, days_of_request(each, on=day_of(at), calendar=calendar), standing_of(each, day_of(at)))
            for each in page.rows
        ],
        "filters": filters,
        "controls": filters.controls(state=RequestState.choices),
    }
    return render(request, "workbench/sharing/requests.html", context)


def standing_of(one: DataRequest, day: date) -> GrantState | None:
    """Tell how the grant of a request stands where that is more than 已同意."""
    state = one.grant.state_on(day) if one.state == RequestState.AGREED else GrantState.IN_FORCE
    return None if state == GrantState.IN_FORCE else state


@login_required
@require_GET
def request_page(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, P.EXCHANGE_VIEW)
    one, at = request_for(request.user, pk), now()
    labels = one.resource.labels
    grant = Grant.objects.filter(request=one).first()
    given = GrantedResource.of(grant, on=day_of(at)) if grant else None
    context = {
        "one": one,
        "fields": [labels.get(each, each) for each in one.fields],
        "days": days_of_request(one, on=day_of(at), calendar=calendar_in_force()),
        "grant": grant,
        "standing": GrantState(given.state) if given else "",
        "looked_up": _looked_up(given, labels) if given and not given.verify_only else [],
        "granted": [labels.get(each, each) for each in grant.fields] if grant else [],
        "rows": [(labels.get(each["item"], each["item"]), "、".join(each["values"])) for each in grant.conditions]
        if grant
        else [],
        "batches": DataBatch.objects.filter(subscription__grant__request=one).select_related("subscription")[:SHOWN],
        "takes": allows(request.user, P.EXCHANGE_ASK, one, at=at),
        "acts": acts_open_to(request.user, one, grant, at=at),
        "crumbs": [(reverse("workbench:data_requests"), "共享申请"), ("", one.resource.name)],
    }
    return render(request, "workbench/sharing/request.html", context)


def _looked_up(given: GrantedResource, labels: dict[str, str]) -> list[str]:
    """Word which granted items are masked where data are taken, and which are given plain."""
    plain = [each for each in given.fields if each not in given.masked]
    told = ((given.masked, "打码"), (plain, "给原文"))
    return [f"{'、'.join(labels.get(each, each) for each in some)}{how}" for some, how in told if some]


LATEST = 1095
"""Days, three years: as long as calls are kept at least."""


class AskForm(PageForm):
    organ = OrganField(label="以哪个单位的名义")
    fields_ = forms.MultipleChoiceField(
        label="要用的信息项", widget=forms.CheckboxSelectMultiple, help_text="只选办事必需的。"
    )
    item = ItemField(label="用在哪个事项", required=False, help_text="选了的，只能在这个事项的办件里用。")
    basis = forms.CharField(label="使用依据", max_length=300, help_text="法律、法规、规章或职责的名称和条款。")
    scene = forms.CharField(label="使用场景", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    scope = forms.CharField(label="使用范围", max_length=300, help_text="哪些人、在哪里用，不会用到别处。")
    monthly_volume = forms.IntegerField(label="每月大约几次", min_value=0, max_value=100_000_000, initial=100)
    until = forms.DateField(label="用到哪一天", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    told_after_days = forms.IntegerField(
        label="过几天才让本人看到",
        min_value=0,
        max_value=LATEST,
        initial=0,
        required=False,
        help_text="本人随时看得到谁查过自己的信息。只有法律规定暂时不让本人知道的，才填天数，并写明依据。",
    )
    told_late_basis = forms.CharField(label="暂时不让本人知道的依据", max_length=300, required=False)

    def __init__(self, resource: Resource, organs: QuerySet[Organ], data: Any = None) -> None:
        super().__init__(data)
        shown: dict[str, Any] = self.fields
        shown["organ"].queryset = organs
        shown["organ"].initial = organs.first()
        shared = {key: label for key, label in resource.labels.items() if key not in resource.refused_items}
        shown["fields_"].choices = list(shared.items())
        shown["item"].queryset = Item.objects.filter(organ__in=organs).order_by("name")

    def asked(self) -> Asked:
        told = self.cleaned_data
        return Asked(
            fields=tuple(told["fields_"]),
            basis=told["basis"],
            scene=told["scene"],
            scope=told["scope"],
            until=told["until"],
            monthly_volume=told["monthly_volume"],
            item=told["item"],
            told_after_days=told["told_after_days"] or 0,
            told_late_basis=told["told_late_basis"],
        )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, P.EXCHANGE_ASK)
    resource = resource_for(request.user, pk)
    organs = organs_where(request.user, P.EXCHANGE_ASK).exclude(pk=resource.organ_id).order_by("pk")
    form = AskForm(resource, organs, request.POST or None)
    if form.is_valid():
        try:
            made = request_data(
                resource, organ=form.cleaned_data["organ"], asked=form.asked(), by=request.user, at=now()
            )
        except BadInput as wrong:
            add_refusal(form, wrong)
        else:
            messages.success(request, "申请已经送到提供单位，他们按规定的期限答复。")
            return redirect("workbench:data_request", made.pk)
    context = {
        "resource": resource,
        "form": form,
        "back": reverse("workbench:data_resource", args=[pk]),
        "crumbs": [
            (reverse("workbench:data_resources"), "数据资源目录"),
            (reverse("workbench:data_resource", args=[pk]), resource.name),
            ("", "申请使用"),
        ],
    }
    return render(request, "workbench/sharing/ask.html", context, status=422 if form.errors else 200)
