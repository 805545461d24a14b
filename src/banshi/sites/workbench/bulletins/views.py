"""通报 and 限期整改: drawn up from figures, issued to all, answered by units, closed when checked."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banshi.campaigns import actions, queries
from banshi.campaigns.models import Bulletin, Campaign, Order
from banshi.campaigns.printouts import bulletin_paper
from banshi.core.clock import now, today
from banshi.core.errors import Missing
from banshi.people.models import User
from banshi.sites.kit.address import key_in
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import posted
from banshi.sites.workbench.bulletins.forms import AnswerOrderForm, BulletinForm, CloseOrderForm, OrderForm
from banshi.sites.workbench.campaigns.access import campaign_for, managed_campaign, may_manage
from banshi.sites.workbench.deciding.views import paper

PAGE = 100


@login_required
@require_GET
def bulletins(request: StaffRequest, guid: UUID) -> HttpResponse:
    found = campaign_for(request.user, guid)
    manages = may_manage(request.user, found)
    orders = (
        Order.objects.filter(participation__campaign=found) if manages else queries.orders_of(request.user, at=now())
    )
    context = {
        "campaign": found,
        "bulletins": queries.bulletins_visible_to(request.user, found, at=now()),
        "orders": orders.filter(participation__campaign=found).select_related("participation__organ")[:PAGE],
        "manages": manages,
        "form": BulletinForm(),
        "today": today(),
    }
    return render(request, "workbench/bulletins/bulletins.html", context)


@login_required
@require_POST
def draw_up(request: StaffRequest, guid: UUID) -> HttpResponse:
    found = campaign_for(request.user, guid)
    form = BulletinForm(request.POST)
    opening = form.cleaned_data["opening"] if form.is_valid() else ""
    made = actions.draw_up_bulletin(found, opening=opening, by=request.user, at=now())
    messages.success(request, f"第{made.number}期已按现在的数据拟好，核对后印发。")
    return redirect("workbench:bulletin", guid, made.number)


def _bulletin(user: User, found: Campaign, number: int) -> Bulletin:
    one = queries.bulletins_visible_to(user, found, at=now()).filter(number=number).first()
    if one is None:
        raise Missing("没有这一期通报")
    return one


@login_required
@require_GET
def bulletin(request: StaffRequest, guid: UUID, number: int) -> HttpResponse:
    found = campaign_for(request.user, guid)
    context = {
        "campaign": found,
        "bulletin": _bulletin(request.user, found, number),
        "manages": may_manage(request.user, found),
    }
    return render(request, "workbench/bulletins/bulletin.html", context)


@login_required
@require_POST
def issue(request: StaffRequest, guid: UUID, number: int) -> HttpResponse:
    found = campaign_for(request.user, guid)
    actions.issue_bulletin(_bulletin(request.user, found, number), by=request.user, at=now())
    messages.success(request, "已印发，各单位现在能看到")
    return redirect("workbench:bulletin", guid, number)


@login_required
@require_GET
def bulletin_file(request: StaffRequest, guid: UUID, number: int, form: str) -> HttpResponse:
    found = campaign_for(request.user, guid)
    one = _bulletin(request.user, found, number)
    return paper(bulletin_paper(one), one.title, form)


@login_required
@require_http_methods(["GET", "POST"])
def new_order(request: StaffRequest, guid: UUID) -> HttpResponse:
    found = managed_campaign(request.user, guid)
    form = OrderForm(posted(request), campaign=found, initial={"unit": key_in(request.GET, "unit") or None})
    if form.is_valid():
        given = form.cleaned_data
        newest = found.bulletins.filter(issued_at=None).first()
        actions.order_rectification(
            given["unit"], text=given["text"], due=given["due"], bulletin=newest, by=request.user, at=now()
        )
        messages.success(request, "限期整改已发给单位")
        return redirect("workbench:bulletins", guid)
    context = {"campaign": found, "form": form, "title": "限期整改", "action": "发给单位"}
    context["back"] = reverse("workbench:bulletins", args=[guid])
    return render(request, "workbench/bulletins/form.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def answer_order(request: StaffRequest, number: int) -> HttpResponse:
    """Take the unit's answer."""
    order = queries.orders_of(request.user, at=now()).filter(pk=number).first()
    if order is None:
        raise Missing("没有这条限期整改")
    require(request.user, Permission.REPORT_PREPARE, order.participation.organ)
    form = AnswerOrderForm(posted(request), stored={"answer": order.answer})
    campaign = order.participation.campaign
    if form.is_valid():
        actions.answer_order(order, answer=form.cleaned_data["answer"], by=request.user, at=now())
        messages.success(request, "整改情况已报告")
        return redirect("workbench:bulletins", campaign.guid)
    context = {"campaign": campaign, "order": order, "form": form, "title": "报告整改情况", "action": "报告"}
    context["back"] = reverse("workbench:bulletins", args=[campaign.guid])
    return render(request, "workbench/bulletins/form.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def close_order(request: StaffRequest, guid: UUID, number: int) -> HttpResponse:
    found = managed_campaign(request.user, guid)
    order = (
        Order.objects.filter(participation__campaign=found, pk=number).select_related("participation__organ").first()
    )
    if order is None:
        raise Missing("没有这条限期整改")
    form = CloseOrderForm(posted(request))
    if form.is_valid():
        actions.close_order(order, note=form.cleaned_data["note"], by=request.user, at=now())
        messages.success(request, "已销号")
        return redirect("workbench:bulletins", guid)
    context = {"campaign": found, "order": order, "form": form, "title": "核对并销号", "action": "销号"}
    context["back"] = reverse("workbench:bulletins", args=[guid])
    return render(request, "workbench/bulletins/form.html", context, status=422 if form.is_bound else 200)
