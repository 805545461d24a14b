"""这不对 and 再查一次: what a clerk says against a verified value, and registers asked once more."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from banshi.access import Permission
from banshi.cases.actions import fetch_shared
from banshi.core.clock import now
from banshi.core.errors import BanshiError, Missing
from banshi.exchange.actions import dispute_call
from banshi.exchange.models import CallRecord
from banshi.exchange.policy import exchange_policy
from banshi.exchange.queries import calls_for, calls_visible_to
from banshi.ledger import name_of
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.permissions import organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.handling.access import case_for


class ClerkDisputeForm(PageForm):
    words = forms.CharField(
        label="哪里不对，应该是什么，凭什么这样说",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="例如：申请人出示的户口簿上是例桥大道99号。只有提供单位能看到，也会看到说的是谁。",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """Say to the owner of a register that what it answered for this case is wrong."""
    require(request.user, Permission.EXCHANGE_USE)
    case = case_for(request.user, pk)
    call = calls_for(name_of(case)).filter(number=number).first() if number < 2**63 else None
    if call is None or call.resource is None:
        raise Missing("没有为这件办件核验过这一条", remedy="请回到“数据核验”，从里面选。")
    crumbs = [
        (reverse("workbench:cases"), "办件"),
        (reverse("workbench:case", args=[pk]), case.number),
        (reverse("workbench:case-checks", args=[pk]), "数据核验"),
        ("", "这不对"),
    ]
    return _ask_what_is_wrong(request, call, back=reverse("workbench:case-checks", args=[pk]), crumbs=crumbs)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dispute_logged(request: StaffRequest, number: int) -> HttpResponse:
    """Say it of a call of one's organ that no case here was for: a system's own, or a batch."""
    require(request.user, Permission.EXCHANGE_ASK)
    calls = calls_visible_to(request.user, at=now()).filter(
        organ__in=organs_where(request.user, Permission.EXCHANGE_ASK)
    )
    call = calls.filter(number=number).first() if number < 2**63 else None
    if call is None or call.resource is None:
        raise Missing("本单位没有问过这一条", remedy="请回到“调用记录”，从里面选。")
    back = reverse("workbench:data_calls")
    return _ask_what_is_wrong(request, call, back=back, crumbs=[(back, "调用记录"), ("", "这不对")])


def _ask_what_is_wrong(
    request: StaffRequest, call: CallRecord, *, back: str, crumbs: list[tuple[str, str]]
) -> HttpResponse:
    resource = call.resource
    assert resource is not None
    form = ClerkDisputeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            dispute_call(call, words=form.cleaned_data["words"], by=request.user, at=now())
        except BanshiError as refused:
            form.add_error(None, str(refused))
        else:
            days = exchange_policy().correction.days
            messages.success(request, f"已经送到{resource.organ.name}，{days}个工作日内核实、更正、答复。")
            return redirect(back)
    context = {
        "form": form,
        "title": f"“{resource.name}”哪里不对？",
        "what": f"答复是“{call.get_outcome_display()}”。写明以后，由提供单位核实；事情照常办，不用等。",
        "action": "请他们核实",
        "back": back,
        "crumbs": crumbs,
    }
    return render(request, "kit/confirm.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def fetch_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask again for what sharing has not given."""
    rows = fetch_shared(case_for(request.user, pk), again=True, by=request.user, at=now())
    for each in rows:
        messages.info(request, f"“{each.name}”：{each.said}。")
    if not rows:
        messages.info(request, "没有要再查的。")
    return redirect("workbench:case", pk)
