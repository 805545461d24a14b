"""数据资源目录: found, read, reported, announced, withdrawn."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from banshi.access import Permission, allows, authorize
from banshi.core.clock import day_of, now
from banshi.core.errors import BadInput
from banshi.exchange.actions import publish_resource, submit_resource, withdraw_resource
from banshi.exchange.actions.cataloguing import check_source, may_be_submitted
from banshi.exchange.catalogue_sheets import element_words
from banshi.exchange.deadlines import days_left
from banshi.exchange.declarations import declared_resources
from banshi.exchange.enums import InformationKind, ResourceState, Sharing
from banshi.exchange.models import Grant, Resource
from banshi.exchange.policy import exchange_policy
from banshi.exchange.quality import freshness_words
from banshi.exchange.queries import resources_visible_to
from banshi.people.models import Organ
from banshi.sites.kit.forms import PageForm, add_refusal
from banshi.sites.kit.listing.filters import Contains, Equals, Filters, OrganNamed
from banshi.sites.kit.listing.organs import organ_options
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import may, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.sharing.access import resource_for
from banshi.sites.workbench.sharing.resource_acts import resource_acts_open_to

P = Permission
PAGE = 30


class ResourceFilters(Filters):
    q = Contains("name", "code", "summary", label="名称、代码或摘要")
    organ = OrganNamed(label="提供单位")
    sharing = Equals("sharing", "共享属性")
    state = Equals("state", "状态")


@login_required
@require_GET
def resources(request: StaffRequest) -> HttpResponse:
    require(request.user, P.EXCHANGE_VIEW)
    filters, visible = ResourceFilters.read(request.GET), resources_visible_to(request.user, at=now())
    organs = Organ.objects.filter(pk__in=visible.order_by().values("organ"))
    context = {
        "page": Page(visible.filter(filters.condition()), request.GET, by=("code", "id"), size=PAGE),
        "filters": filters,
        "query": filters.as_query(),
        "provides": may(request.user, P.EXCHANGE_PROVIDE),
        "controls": filters.controls(
            organ=organ_options(organs, filters.organ), sharing=Sharing.choices, state=ResourceState.choices
        ),
    }
    return render(request, "workbench/sharing/resources.html", context)


@login_required
@require_GET
def resource(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, P.EXCHANGE_VIEW)
    one, at = resource_for(request.user, pk), now()
    provides = allows(request.user, P.EXCHANGE_PROVIDE, one, at=at)
    oversees = allows(request.user, P.EXCHANGE_OVERSEE, one, at=at)
    declared, measure = declared_resources().get(one.code), one.measures.first()
    context = {
        "resource": one,
        "items": [
            {
                **each,
                "blank": measure.blanks.get(each["key"], "") if measure else "",
                "kind": InformationKind(each["kind"]).label,
                "sharing": Sharing(each.get("sharing") or one.sharing).label,
            }
            for each in one.items
        ],
        "proposed": element_words(one.proposed),
        "acts": resource_acts_open_to(request.user, one, connected=bool(declared and declared.source), at=at),
        "update_due": days_left(one.update_due_rank, on=day_of(at)),
        "measure": measure,
        "freshness": freshness_words(measure, one.update_cycle, at=at) if measure else "",
        "may_submit": provides and may_be_submitted(one),
        "provides": provides,
        "oversees": oversees,
        "asks": one.state == ResourceState.PUBLISHED
        and one.sharing != Sharing.REFUSED
        and organs_where(request.user, P.EXCHANGE_ASK).exclude(pk=one.organ_id).exists(),
        "check_due": days_left(one.check_due_rank, on=day_of(at)),
        "connected": bool(declared and declared.source),
        "trouble": check_source(declared, at=at) if declared and declared.source and (provides or oversees) else None,
        "grants": list(
            Grant.objects.filter(request__resource=one).select_related("request__organ", "request__item")[:50]
        )
        if provides or oversees
        else [],
        "crumbs": [(reverse("workbench:data_resources"), "数据资源目录"), ("", one.name)],
    }
    return render(request, "workbench/sharing/resource.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: StaffRequest, pk: int) -> HttpResponse:
    one, form = resource_for(request.user, pk), PageForm(request.POST or None)
    authorize(request.user, P.EXCHANGE_PROVIDE, one, at=now())
    days = exchange_policy().catalogue.check
    if request.method == "POST":
        try:
            submit_resource(one, by=request.user, at=now())
        except BadInput as wrong:
            form = PageForm(request.POST)
            form.full_clean()
            add_refusal(form, wrong)
        else:
            messages.success(request, f"已报主管部门审核，{days}个工作日内有结果。")
            return redirect("workbench:data_resource", pk)
    what = f"主管部门{days}个工作日内审核，通过后各单位就能看到、申请。"
    return _asked(request, one, form, f"报送“{one.name}”", what, "报送")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: StaffRequest, pk: int) -> HttpResponse:
    one = resource_for(request.user, pk)
    authorize(request.user, P.EXCHANGE_OVERSEE, one, at=now())
    if request.method == "POST":
        publish_resource(one, by=request.user, at=now())
        messages.success(request, "已发布，各单位现在能看到、申请。")
        return redirect("workbench:data_resource", pk)
    what = f"{one.get_sharing_display()}。发布后各单位都能在目录里看到，也能申请。"
    return _asked(request, one, PageForm(), f"发布“{one.name}”", what, "审核通过，发布")


class WithdrawForm(PageForm):
    reason = forms.CharField(label="为什么停用", max_length=200, help_text="正在使用的单位会看到。")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    one, form = resource_for(request.user, pk), WithdrawForm(request.POST or None)
    authorize(request.user, P.EXCHANGE_PROVIDE, one, at=now())
    if form.is_valid():
        withdraw_resource(one, reason=form.cleaned_data["reason"], by=request.user, at=now())
        messages.success(request, "已停用，授权同时收回。")
        return redirect("workbench:data_resource", pk)
    count = Grant.objects.filter(request__resource=one, revoked_at=None).count()
    what = f"现有的{count}项授权马上收回，正在办的件就不能再核验这项数据。"
    return _asked(request, one, form, f"停用“{one.name}”", what, "停用")


def _asked(request: StaffRequest, one: Resource, form: forms.Form, title: str, what: str, action: str) -> HttpResponse:
    back = reverse("workbench:data_resource", args=[one.pk])
    context = {"form": form, "title": title, "what": what, "action": action, "back": back}
    return render(request, "kit/confirm.html", context, status=422 if form.errors else 200)
