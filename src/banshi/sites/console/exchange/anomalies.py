"""异常: unusual use the rules found, each with its reason, opened with its calls and explained."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.core.clock import now
from banshi.core.errors import BadInput
from banshi.exchange.actions import CallCriteria, explain_anomaly, search_calls
from banshi.exchange.anomalies import anomaly_rules
from banshi.exchange.queries import anomalies_visible_to
from banshi.sites.console.access import found
from banshi.sites.console.exchange.operation import frame
from banshi.sites.kit.forms import PageForm, add_refusal
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest

AUDIT = Permission.EXCHANGE_AUDIT
PAGE = 30


class ExplainAnomalyForm(PageForm):
    words = forms.CharField(
        label="核实的情况",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：那几天集中入学审核，经核对都有办件。",
    )


@login_required
@require_safe
def anomalies(request: StaffRequest) -> HttpResponse:
    require(request.user, AUDIT)
    page = Page(anomalies_visible_to(request.user, at=now()), request.GET, by=("-id",), size=PAGE)
    context = {"page": page, "rules": anomaly_rules()}
    frame_of = frame(request, "console:exchange-anomalies")
    return render(request, "console/exchange/anomalies.html", {**frame_of, **context})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def anomaly(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a finding, and explain it."""
    require(request.user, AUDIT)
    one = found(anomalies_visible_to(request.user, at=now()), pk=pk)
    form = ExplainAnomalyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            explain_anomaly(one, words=form.cleaned_data["words"], by=request.user, at=now())
        except BadInput as wrong:
            add_refusal(form, wrong)
        else:
            messages.success(request, "已记下核实的情况。")
            return redirect("console:exchange-anomaly", pk)
    crumbs = [
        (reverse("console:exchange"), "数据共享运行"),
        (reverse("console:exchange-anomalies"), "异常"),
        ("", str(one)),
    ]
    context = {"one": one, "form": form, "crumbs": crumbs}
    return render(request, "console/exchange/anomaly.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def open_calls(request: StaffRequest, pk: int) -> HttpResponse:
    """Open the calls of a finding, which is a look like any other."""
    one = found(anomalies_visible_to(request.user, at=now()), pk=pk)
    search = search_calls(CallCriteria(anomaly=one), reason=f"核实异常：{one.label}", by=request.user, at=now())
    return redirect("console:exchange-search", search.pk)
