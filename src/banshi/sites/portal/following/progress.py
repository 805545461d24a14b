"""查进度: where a case is, for who knows its number and query code. Nothing personal is shown, and nobody guesses for long."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from banshi.cases.models import Case
from banshi.cases.queries import by_number_and_code
from banshi.core.clock import now, today
from banshi.core.errors import TooOften
from banshi.core.plain_text import as_printed
from banshi.sites.kit.forms import PageForm
from banshi.sites.portal.following.whereabouts import promised_by_applicant, wanted_from_applicant, whereabouts
from banshi.sites.portal.proofs.throttle import count_look_up, count_wrong_code

OPENED, OPEN_SECONDS = "progress_opened", 30 * 60
"""Key of the session: cases that a right code opened, each with the moment until which they may be read."""


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
    if not form.is_valid():
        return render(request, "portal/following/progress.html", {"form": form}, status=422 if form.is_bound else 200)
    number = as_printed(form.cleaned_data["number"])
    try:
        count_look_up(request, "progress", number)
    except TooOften as refused:
        context = {"form": ProgressForm(initial={"number": number}), "refused": refused}
        return render(request, "portal/following/progress.html", context, status=refused.status)
    case = by_number_and_code(number, form.cleaned_data["code"])
    if case is not None:
        at = now().timestamp()
        opened = {key: until for key, until in request.session.get(OPENED, {}).items() if until > at}
        request.session[OPENED] = {**opened, str(case.pk): at + OPEN_SECONDS}
        return redirect("portal:progress-of", case.pk)
    count_wrong_code(request, "progress", number)
    form.add_error(
        None,
        "编号和查询码对不上。请照收件凭证再核对一遍；凭证找不到了，请登录后在“我的办件”里看，或带身份证到窗口查。",
    )
    return render(request, "portal/following/progress.html", {"form": form}, status=422)


@never_cache
@require_safe
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a case again to the visitor whose code opened it."""
    if request.session.get(OPENED, {}).get(str(pk), 0) <= now().timestamp():
        return redirect("portal:progress")
    case = Case.objects.select_related("item", "organ", "publication__revision", "application").get(pk=pk)
    offered, owed = promised_by_applicant(case)
    context: dict[str, Any] = {
        "it": whereabouts(case, at=now()),
        "wanted": wanted_from_applicant(case, on=today()),
        "offered": offered,
        "owed": owed,
        "unpaid": any(each.is_asked for each in case.fee_orders.select_related("case")),
    }
    return render(request, "portal/following/progress.html", context)
