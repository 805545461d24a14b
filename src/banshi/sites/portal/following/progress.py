"""查进度: where a case is, for who knows its number and query code. Nothing personal is shown, and nobody guesses for long."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from banshi.cases.queries import by_number_and_code
from banshi.core.clock import now, today
from banshi.sites.kit.forms import PageForm
from banshi.sites.portal.following.whereabouts import promised_by_applicant, wanted_from_applicant, whereabouts
from banshi.sites.portal.proofs.throttle import count_writing

AN_HOUR, OF_ONE_CASE = 30, 10


class ProgressForm(PageForm):
    number = forms.CharField(
        label="办件编号", max_length=40, help_text="在收件凭证上，如 2026-12-000345", widget=forms.TextInput()
    )
    code = forms.CharField(
        label="查询码",
        max_length=20,
        help_text="在收件凭证上，不分大小写",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    form = ProgressForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        count_writing(request, "progress", AN_HOUR)
        number = form.cleaned_data["number"].strip()
        # Of this caller and case together, so that no stranger can shut out whose case it is.
        count_writing(request, f"progress:{number[:40]}", OF_ONE_CASE)
        case = by_number_and_code(number, form.cleaned_data["code"])
        if case is not None:
            offered, owed = promised_by_applicant(case)
            context |= {
                "it": whereabouts(case, at=now()),
                "wanted": wanted_from_applicant(case, on=today()),
                "offered": offered,
                "owed": owed,
                "unpaid": any(each.is_asked for each in case.fee_orders.select_related("case")),
            }
            return render(request, "portal/following/progress.html", context)
        form.add_error(
            None,
            "编号和查询码对不上。请照收件凭证再核对一遍；凭证找不到了，请登录后在“我的办件”里看，或带身份证到窗口查。",
        )
    return render(request, "portal/following/progress.html", context, status=422 if form.is_bound else 200)
