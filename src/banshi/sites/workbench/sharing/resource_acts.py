"""Acts on an entry of the catalogue, one act a form."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from banshi.access import Permission, authorize
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.exchange.actions import (
    ask_update_extension,
    consent_update_extension,
    measure_resource,
    report_change,
    return_resource,
)
from banshi.exchange.enums import ResourceState
from banshi.exchange.models import Resource
from banshi.people.models import User
from banshi.sites.kit.permissions import may
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.sharing.access import resource_for
from banshi.sites.workbench.sharing.acts import SharingAct, SharingWordsForm, ask_and_do, plainly, with_words

P = Permission
ACTS = {
    "return": (
        P.EXCHANGE_OVERSEE,
        SharingAct(
            "退回修改",
            "写好的都留着，提供单位改好以后再报。",
            with_words(return_resource, "reason"),
            "已退回，提供单位收到了通知。",
            SharingWordsForm,
            asks="要改什么",
        ),
    ),
    "change": (
        P.EXCHANGE_PROVIDE,
        SharingAct(
            "登记变化",
            "职责或者数据变了，{policy.catalogue.update}个工作日内更新目录（《政务数据共享条例》第十七条）。",
            with_words(report_change, "what"),
            "已登记，请按期更新目录。",
            SharingWordsForm,
            asks="什么变了",
        ),
    ),
    "extend": (
        P.EXCHANGE_PROVIDE,
        SharingAct(
            "申请延长更新",
            "经主管部门同意，可以延长{policy.catalogue.extension}个工作日。",
            with_words(ask_update_extension, "reason"),
            "已报主管部门。",
            SharingWordsForm,
            asks="为什么要延长",
        ),
    ),
    "consent": (
        P.EXCHANGE_OVERSEE,
        SharingAct(
            "同意延长更新",
            "提供单位会收到新的日期。",
            plainly(consent_update_extension),
            "已同意延长，提供单位收到了通知。",
        ),
    ),
    "measure": (
        P.EXCHANGE_PROVIDE,
        SharingAct(
            "现在测一次质量",
            "到来源里数一遍：有多少条、哪些项空着、有没有重复、多久没更新。只数数，不读内容。",
            plainly(measure_resource),
            "测完了，结果在下面。",
        ),
    ),
}


def resource_acts_open_to(user: User, one: Resource, *, connected: bool, at: datetime) -> list[tuple[str, SharingAct]]:
    """List what this person may do with the entry as it stands."""
    updating = one.update_due_rank is not None
    open_now = {
        "return": one.check_due_rank is not None,
        "change": one.state == ResourceState.PUBLISHED and not updating,
        "extend": updating and not one.extension_reason,
        "consent": updating and bool(one.extension_reason) and one.extended_at is None,
        "measure": connected,
    }
    held = {each: may(user, each, one.organ) for each in {permission for permission, _ in ACTS.values()}}
    return [(name, act) for name, (permission, act) in ACTS.items() if open_now[name] and held[permission]]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    one = resource_for(request.user, pk)
    if name not in ACTS:
        raise Missing("没有这种操作", remedy="请回到资源页面查看。")
    permission, chosen = ACTS[name]
    authorize(request.user, permission, one, at=now())
    return ask_and_do(request, one, chosen, back=reverse("workbench:data_resource", args=[pk]))
