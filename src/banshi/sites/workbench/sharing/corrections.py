"""数据校核: what people say is wrong, looked at and answered by the owner."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banshi.access import Permission, allows
from banshi.calendar.deadlines import remaining
from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import day_of, now
from banshi.core.errors import Missing
from banshi.exchange.actions import answer_correction, look_at_correction
from banshi.exchange.actions.correcting import OpenedCorrection
from banshi.exchange.enums import CorrectionResult
from banshi.exchange.models import Correction
from banshi.exchange.policy import exchange_policy
from banshi.exchange.queries import corrections_visible_to
from banshi.people.models import User
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import require
from banshi.sites.kit.staff import StaffRequest

P = Permission
PAGE = 30


class CorrectionForm(PageForm):
    result = forms.ChoiceField(label="核实的结果", choices=CorrectionResult.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label="核实的情况", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="提出的人会看到。"
    )


@login_required
@require_GET
def corrections(request: StaffRequest) -> HttpResponse:
    require(request.user, P.EXCHANGE_VIEW)
    page = Page(corrections_visible_to(request.user, at=now()), request.GET, by=("-id",), size=PAGE)
    calendar, day = calendar_in_force(), day_of(now())
    rows = [
        (each, None if each.result else remaining(calendar.day_of(each.due_rank), on=day, calendar=calendar))
        for each in page.rows
    ]
    context = {"page": page, "rows": rows, "days": exchange_policy().correction.days}
    return render(request, "workbench/sharing/corrections.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a correction, and answer it."""
    one = _one(request.user, pk)
    answers = not one.result and allows(request.user, P.EXCHANGE_PROVIDE, one, at=now())
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer_correction(one, **form.cleaned_data, by=request.user, at=now())
        messages.success(request, "已答复，提出的人和用过这些数据的单位收到了通知。")
        return redirect("workbench:data_correction", pk)
    return _shown(request, one, form, answers=answers)


@login_required
@never_cache
@require_POST
def look(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what was said to be wrong, which is recorded."""
    one = _one(request.user, pk)
    opened = look_at_correction(one, by=request.user, at=now())
    return _shown(request, one, CorrectionForm(), answers=not one.result, opened=opened)


def _one(user: User, pk: int) -> Correction:
    found = corrections_visible_to(user, at=now()).filter(pk=pk).first()
    if found is None:
        raise Missing("没有这件校核", remedy="请回到“数据校核”列表查找。")
    return found


def _shown(
    request: StaffRequest, one: Correction, form: forms.Form, *, answers: bool, opened: OpenedCorrection | None = None
) -> HttpResponse:
    calendar = calendar_in_force()
    context = {
        "one": one,
        "due": None if one.result else remaining(calendar.day_of(one.due_rank), on=day_of(now()), calendar=calendar),
        "may_look": allows(request.user, P.EXCHANGE_PROVIDE, one, at=now()),
        "answers": answers,
        "opened": opened,
        "form": form,
        "crumbs": [(reverse("workbench:data_corrections"), "数据校核"), ("", one.resource.name)],
    }
    return render(request, "workbench/sharing/correction.html", context, status=422 if form.errors else 200)
