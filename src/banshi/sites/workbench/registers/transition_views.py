"""Pages that end a line of a register, or move it on."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Missing
from banshi.people.models import User
from banshi.people.permissions import Permission, organs_where
from banshi.registers import actions
from banshi.registers.models import Offer, Transfer
from banshi.sites.workbench.access import posted
from banshi.sites.workbench.registers import forms
from banshi.sites.workbench.registers.kinds import AGENCIES, POWERS, SERVICES, TRANSFERS
from banshi.sites.workbench.registers.views import acted, entry_for, filled
from banshi.workflow.transitions import check_move

EDIT = Permission.REGISTER_EDIT


@login_required
@require_http_methods(["GET", "POST"])
def cancel_power(request: HttpRequest, pk: int) -> HttpResponse:
    power = entry_for(request.user, POWERS, pk, EDIT)
    form = forms.CancelPowerForm(posted(request), initial={"cancelled_on": today()})
    said = "已登记取消。它留在清单里，名称相近的事项会提醒核对。"
    return acted(request, POWERS, power, form, actions.cancel_power, title="登记取消", action="登记取消", said=said)


@login_required
@require_http_methods(["GET", "POST"])
def end_service(request: HttpRequest, pk: int) -> HttpResponse:
    service = entry_for(request.user, SERVICES, pk, EDIT)
    form = forms.EndServiceForm(posted(request), initial={"ended_on": today()})
    said = "已登记。公众页面上从这一天起不再列出。"
    return acted(request, SERVICES, service, form, actions.end_service, title="不再要求", action="登记", said=said)


@login_required
@require_http_methods(["GET", "POST"])
def strike_agency(request: HttpRequest, pk: int) -> HttpResponse:
    agency = entry_for(request.user, AGENCIES, pk, EDIT)
    form = forms.StrikeForm(posted(request), initial={"left_on": today()})
    said = "已登记退出。公众名录里从这一天起不再列出。"
    return acted(request, AGENCIES, agency, form, actions.strike_agency, title="登记退出", action="登记退出", said=said)


@login_required
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    agency = entry_for(request.user, AGENCIES, pk, EDIT)
    form = forms.OfferForm(posted(request), organs=organs_where(request.user, EDIT))
    said = "服务和资质已登记"
    return acted(
        request, AGENCIES, agency, form, actions.offer_service, title="登记服务和资质", action="登记", said=said
    )


@login_required
@require_POST
def end_offer(request: HttpRequest, pk: int, offer: int) -> HttpResponse:
    agency = entry_for(request.user, AGENCIES, pk, EDIT)
    found = Offer.objects.filter(pk=offer, agency=agency).first()
    if found is None:
        raise Missing("这家机构没有登记这项服务")
    actions.end_offer(found, by=cast(User, request.user), at=now())
    messages.success(request, "已去掉这项服务")
    return redirect("workbench:agencies-entry", pk)


def _transfer(request: HttpRequest, pk: int, name: str) -> Transfer:
    """Return the line, when this person may make the move now."""
    found: Transfer = entry_for(request.user, TRANSFERS, pk)
    check_move(found, name, by=cast(User, request.user), at=now())
    return found


@login_required
@require_http_methods(["GET", "POST"])
def examine(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _transfer(request, pk, "agree"), forms.ExamineForm(posted(request))
    return acted(
        request,
        TRANSFERS,
        found,
        form,
        actions.examine_transfer,
        title="编办意见",
        action="登记意见",
        said="意见已登记",
    )


@login_required
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    found = _transfer(request, pk, "hand_over")
    form = forms.HandOverForm(posted(request), initial={"transferred_on": today()})
    try:
        return acted(
            request, TRANSFERS, found, form, actions.hand_over, title="登记转移", action="登记转移", said="转移已登记"
        )
    except BadInput as error:
        form.add_error("receiver_uscc", error.message)
        return filled(request, form, TRANSFERS, f"登记转移：{found}", "登记转移", pk)


@login_required
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    return _ended(request, pk, "take_back", actions.take_back, "收回", "职能已收回")


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _ended(request, pk, "withdraw", actions.withdraw_transfer, "撤回", "已撤回")


def _ended(request: HttpRequest, pk: int, name: str, act: Any, word: str, said: str) -> HttpResponse:
    found, form = _transfer(request, pk, name), forms.EndTransferForm(posted(request))
    return acted(request, TRANSFERS, found, form, act, title=word, action=word, said=said)
