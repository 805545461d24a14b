"""Acts on an entry of the catalogue that ask for words or nothing, one act a form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from banshi.access import Permission, authorize
from banshi.core.clock import now
from banshi.core.errors import BadInput, Missing
from banshi.exchange.actions import (
    ask_update_extension,
    consent_update_extension,
    measure_resource,
    report_change,
    return_resource,
)
from banshi.exchange.enums import ResourceState
from banshi.exchange.models import Resource
from banshi.exchange.policy import exchange_policy
from banshi.people.models import User
from banshi.sites.kit.forms import PageForm, add_refusal
from banshi.sites.kit.permissions import may
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.sharing.access import resource_for

P = Permission


class ResourceWordsForm(PageForm):
    words = forms.CharField(label="写明", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


@dataclass(frozen=True, slots=True)
class ResourceAct:
    """An act of the entry's page: `what` happens by the policy, the words it `asks` for, and as what they are `given`."""

    label: str
    permission: Permission
    what: str
    do: Callable[..., object]
    done: str
    asks: str = ""
    given: str = ""


ACTS = {
    "return": ResourceAct(
        "退回修改",
        P.EXCHANGE_OVERSEE,
        "写好的都留着，提供单位改好以后再报。",
        return_resource,
        "已退回，提供单位收到了通知。",
        asks="要改什么",
        given="reason",
    ),
    "change": ResourceAct(
        "登记变化",
        P.EXCHANGE_PROVIDE,
        "职责或者数据变了，{policy.catalogue.update}个工作日内更新目录（《政务数据共享条例》第十七条）。",
        report_change,
        "已登记，请按期更新目录。",
        asks="什么变了",
        given="what",
    ),
    "extend": ResourceAct(
        "申请延长更新",
        P.EXCHANGE_PROVIDE,
        "经主管部门同意，可以延长{policy.catalogue.extension}个工作日。",
        ask_update_extension,
        "已报主管部门。",
        asks="为什么要延长",
        given="reason",
    ),
    "consent": ResourceAct(
        "同意延长更新",
        P.EXCHANGE_OVERSEE,
        "提供单位会收到新的日期。",
        consent_update_extension,
        "已同意延长，提供单位收到了通知。",
    ),
    "measure": ResourceAct(
        "现在测一次质量",
        P.EXCHANGE_PROVIDE,
        "到来源里数一遍：有多少条、哪些项空着、有没有重复、多久没更新。只数数，不读内容。",
        measure_resource,
        "测完了，结果在下面。",
    ),
}


def resource_acts_open_to(user: User, one: Resource, *, connected: bool, at: datetime) -> list[tuple[str, ResourceAct]]:
    """List what this person may do with the entry as it stands."""
    updating = one.update_due_rank is not None
    open_now = {
        "return": one.check_due_rank is not None,
        "change": one.state == ResourceState.PUBLISHED and not updating,
        "extend": updating and not one.extension_reason,
        "consent": updating and bool(one.extension_reason) and one.extended_at is None,
        "measure": connected,
    }
    held = {each: may(user, each, one.organ) for each in {act.permission for act in ACTS.values()}}
    return [(name, each) for name, each in ACTS.items() if open_now[name] and held[each.permission]]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    one, chosen = resource_for(request.user, pk), ACTS.get(name)
    if chosen is None:
        raise Missing("没有这种操作", remedy="请回到资源页面查看。")
    authorize(request.user, chosen.permission, one, at=now())
    data: Any = request.POST if request.method == "POST" else None
    form = ResourceWordsForm(data) if chosen.asks else PageForm(data)
    if chosen.asks:
        form.fields["words"].label = chosen.asks
    if form.is_valid():
        words = {chosen.given: form.cleaned_data["words"]} if chosen.asks else {}
        try:
            chosen.do(one, **words, by=request.user, at=now())
        except BadInput as wrong:
            add_refusal(form, wrong)
        else:
            messages.success(request, chosen.done)
            return redirect("workbench:data_resource", pk)
    context = {
        "form": form,
        "title": f"{chosen.label}：{one}",
        "what": chosen.what.format(policy=exchange_policy()),
        "action": chosen.label,
        "back": reverse("workbench:data_resource", args=[pk]),
    }
    return render(request, "kit/confirm.html", context, status=422 if form.errors else 200)
