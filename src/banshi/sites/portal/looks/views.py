"""谁看过我的信息: every look at what is one's own, newest first, and what one says against an answer of a register."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.exchange.actions import dispute_call
from banshi.exchange.policy import exchange_policy
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.looks.queries import IN_TIME, first_in_time, looks_of, own_calls, told

PAGE = 20


class DisputeCallForm(PageForm):
    words = forms.CharField(
        label="哪里不对，应该是什么",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="例如：户籍地址已经在今年3月迁到例桥街道。只有提供信息的单位能看到，办件里的姓名和证件号码也给他们看，好找到登记。",
    )


@login_required
@never_cache
@require_safe
def looks(request: StaffRequest) -> HttpResponse:
    rows: Any = looks_of(request.user, at=now())
    page = Page(rows, request.GET, by=IN_TIME, size=PAGE, fetch=first_in_time)
    return render(request, "portal/looks/looks.html", {"page": page, "looks": told(page.rows, request.user)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: StaffRequest, number: int) -> HttpResponse:
    """Say that what was answered is wrong."""
    call = own_calls(request.user, at=now()).filter(number=number).first() if number < 2**63 else None
    if call is None:
        raise Missing("没有这一条", remedy="请回到“谁看过我的信息”，从里面选。")
    form, days = DisputeCallForm(request.POST if request.method == "POST" else None), exchange_policy().correction.days
    if form.is_valid():
        said = dispute_call(call, words=form.cleaned_data["words"], by=request.user, at=now())
        messages.success(request, f"已经送到{said.resource.organ.name}，他们在{days}个工作日内核实、答复您")
        return redirect("portal:my-looks")
    context = {"call": call, "form": form, "days": days}
    return render(request, "portal/looks/dispute.html", context, status=422 if form.errors else 200)
