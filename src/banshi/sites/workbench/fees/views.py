"""收费: charged by the guide's list, taken at the window, given back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from banshi.access import Permission, allows
from banshi.cases.models import Case
from banshi.core.clock import now
from banshi.core.errors import BadInput, Missing
from banshi.fees.actions import charge, refund, take_payment
from banshi.fees.models import FeeOrder
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.fees.forms import ChargeForm, RefundForm, TakenForm
from banshi.sites.workbench.handling.access import case_for

P = Permission


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def fees(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the orders of a case, and charge."""
    case = case_for(request.user, pk)
    form = ChargeForm(case.publication.revision.guide.fees, request.POST or None)
    if form.is_valid():
        try:
            charge(case, amounts=form.amounts, pay_by=form.cleaned_data["pay_by"], by=request.user, at=now())
        except BadInput as wrong:
            form.add_error(None, f"{wrong.message}。{wrong.remedy}")
        else:
            messages.success(request, "缴费通知书已经发出，申请人收到了通知。")
            return redirect("workbench:case-fees", pk)
    may = {each: allows(request.user, each, case, at=now()) for each in (P.CASE_HANDLE, P.CASE_ACCEPT, P.CASE_DECIDE)}
    orders = list(case.fee_orders.select_related("case"))
    context = {
        "case": case,
        "orders": orders,
        "form": form,
        "listed": case.publication.revision.guide.fees,
        "may_charge": may[P.CASE_HANDLE] and not case.ended_at and not any(each.state == "due" for each in orders),
        "may_take": may[P.CASE_ACCEPT],
        "may_refund": may[P.CASE_DECIDE],
        "crumbs": [(reverse("workbench:case", args=[pk]), case.number), ("", "收费")],
    }
    return render(request, "workbench/fees/fees.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: StaffRequest, pk: int, order: int) -> HttpResponse:
    case, one = _order(request, pk, order)
    form = TakenForm(request.POST or None)
    if form.is_valid():
        take_payment(one, number=form.cleaned_data["number"], by=request.user, at=now())
        messages.success(request, "已登记收款，缴费凭证已经出具。")
        return redirect("workbench:case-fees", pk)
    return _asked(request, case, form, f"登记窗口收款{one.total}元", "出具缴费凭证，告知申请人。", "登记收款")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: StaffRequest, pk: int, order: int) -> HttpResponse:
    case, one = _order(request, pk, order)
    form = RefundForm(request.POST or None)
    if form.is_valid():
        refund(one, reason=form.cleaned_data["reason"], by=request.user, at=now())
        messages.success(request, "已退费，申请人收到了通知。")
        return redirect("workbench:case-fees", pk)
    return _asked(request, case, form, f"退还{one.total}元", "全额原路退回，出具退费通知书。退了不能撤销。", "退费")


def _order(request: StaffRequest, pk: int, order: int) -> tuple[Case, FeeOrder]:
    case = case_for(request.user, pk)
    one = case.fee_orders.filter(pk=order).first()
    if one is None:
        raise Missing("没有这张缴费单", remedy="请回到收费页面查看。")
    return case, one


def _asked(request: StaffRequest, case: Case, form: forms.Form, title: str, what: str, action: str) -> HttpResponse:
    back = reverse("workbench:case-fees", args=[case.pk])
    context: dict[str, Any] = {"form": form, "title": title, "what": what, "action": action, "back": back}
    return render(request, "kit/confirm.html", context, status=422 if form.errors else 200)
