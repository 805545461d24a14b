"""谁看过我的信息: every call about oneself and for one's own matters, and what one says against it."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from banshi.cases.queries import cases_of
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.exchange.actions import dispute_call
from banshi.exchange.models import CallRecord
from banshi.exchange.policy import exchange_policy
from banshi.exchange.queries import answer_of, calls_about
from banshi.ledger import name_of
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.staff import StaffRequest

PAGE = 20
MATTERS = 500


class DisputeCallForm(PageForm):
    words = forms.CharField(
        label="哪里不对，应该是什么",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="例如：户籍地址已经在今年3月迁到例桥街道。只有提供信息的单位能看到。",
    )


def _own(request: StaffRequest) -> QuerySet[CallRecord]:
    matters = [name_of(each) for each in cases_of(request.user).select_related(None).only("pk")[:MATTERS]]
    return calls_about(request.user, matters=matters)


@login_required
@never_cache
@require_safe
def looks(request: StaffRequest) -> HttpResponse:
    page = Page(_own(request).prefetch_related("corrections"), request.GET, by=("-number",), size=PAGE)
    labels = [[each.resource.labels.get(key, key) for key in each.fields] for each in page.rows]
    said = [
        [(one, answer_of(one) if one.raised_by_id == request.user.pk else "") for one in each.corrections.all()]
        for each in page.rows
    ]
    context = {"page": page, "calls": list(zip(page.rows, labels, said, strict=True))}
    return render(request, "portal/looks/looks.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: StaffRequest, number: int) -> HttpResponse:
    """Say that what was answered is wrong."""
    call = _own(request).filter(number=number).first() if number < 2**63 else None
    if call is None:
        raise Missing("没有这一条", remedy="请回到“谁看过我的信息”，从里面选。")
    form, days = DisputeCallForm(request.POST if request.method == "POST" else None), exchange_policy().correction.days
    if form.is_valid():
        said = dispute_call(call, words=form.cleaned_data["words"], by=request.user, at=now())
        messages.success(request, f"已经送到{said.resource.organ.name}，他们在{days}个工作日内核实、答复您")
        return redirect("portal:my-looks")
    context = {"call": call, "form": form, "days": days}
    return render(request, "portal/looks/dispute.html", context, status=422 if form.errors else 200)
