"""暂停·恢复·取消·合并·拆分·撤下: each a short form that says what will follow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from banshi.adjustments.policy import why_not_at_once
from banshi.catalog.actions import cancel_item, merge_items, resume_item, split_item, suspend_item, withdraw
from banshi.catalog.models import Item, Publication
from banshi.catalog.queries import in_force
from banshi.core.clock import now
from banshi.core.errors import Conflict, Refused
from banshi.sites.kit.permissions import Permission
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import item_for, open_draft, posted
from banshi.sites.workbench.lifecycle.forms import (
    GuideWithdrawalForm,
    MergeForm,
    PublicReasonForm,
    ResumeForm,
    SplitForm,
)
from banshi.workflow.versions import definition_of

P = Permission
OFF_PORTAL = "公众页面和搜索里马上不再列出这个事项；已经收藏或扫过码的人打开它，会看到状态和您写的原因。"


@dataclass(frozen=True, slots=True)
class LifecycleStep:
    """One change of life: its words, what follows, and the action that does it."""

    title: str
    button: str
    consequences: tuple[str, ...]
    form: Callable[..., forms.Form]
    do: Callable[..., Any]
    done: str
    danger: bool = True
    permission: Permission = P.ITEM_LIFECYCLE


ACTS = {
    "suspend": LifecycleStep(
        "暂停办理",
        "暂停办理",
        (OFF_PORTAL, "以后可以恢复，恢复时按现在的内容重新公布。"),
        PublicReasonForm,
        suspend_item,
        "已暂停办理",
    ),
    "resume": LifecycleStep(
        "恢复办理",
        "恢复办理",
        (
            "按最后一次公布的内容公布新的一版，公众页面和搜索里马上重新列出。",
            "如果有没写完的草稿，只恢复状态，等您核对草稿后再公布。",
        ),
        ResumeForm,
        resume_item,
        "已恢复办理",
        danger=False,
    ),
    "cancel": LifecycleStep(
        "取消事项",
        "取消这个事项",
        (OFF_PORTAL, "取消以后不能恢复；历次版本仍然保留可查。"),
        PublicReasonForm,
        cancel_item,
        "事项已取消",
    ),
    "merge": LifecycleStep(
        "并入其他事项",
        "并入",
        ("公众打开这个事项的页面，会直接转到并入的事项。", "并入以后不能撤回；历次版本仍然保留可查。"),
        MergeForm,
        lambda item, *, into, note, by, at: merge_items([item], into=into, note=note, by=by, at=at),
        "已并入",
    ),
    "split": LifecycleStep(
        "拆分事项",
        "拆分",
        (
            "按您写的名称新增几个事项，内容先照抄现在的指南，各有一份草稿等您修改。",
            "原事项照常办理，等新事项都公布以后再取消它。",
        ),
        SplitForm,
        split_item,
        "已拆分，新事项的草稿在下面",
        danger=False,
    ),
    "withdraw": LifecycleStep(
        "撤下指南",
        "撤下",
        ("公众页面和搜索里马上不再列出这个事项。", "事项本身还在用：改好以后可以再公布新的一版。"),
        GuideWithdrawalForm,
        lambda item, **said: withdraw(_in_force(item), **said),
        "指南已撤下",
        permission=P.ITEM_WITHDRAW,
    ),
}


def _in_force(item: Item) -> Publication:
    publication = in_force(item)
    if publication is None:
        raise Conflict("这个事项现在没有公布的指南", remedy="请刷新页面查看。")
    return publication


@login_required
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, guid: UUID, name: str) -> HttpResponse:
    act = ACTS[name]
    item = item_for(request.user, guid, act.permission)
    if refusal := why_not_at_once(name):
        raise Refused(refusal.message, remedy=refusal.remedy)
    flow = definition_of(item)
    if name == "withdraw":
        _in_force(item)
    elif name == "split":
        if item.state != flow.start:
            raise Conflict(f"事项现在是“{flow.states[item.state].label}”，不能拆分")
    else:
        flow.check(name, item.state)
    more = {"user": request.user, "item": item} if act.form is MergeForm else {}
    form = act.form(posted(request), **more)
    if not form.is_valid():
        context = {
            "act": act,
            "item": item,
            "form": form,
            "title": f"{act.title}：{item.name}",
            "action": act.button,
            "danger": act.danger,
            "back": reverse("workbench:item", args=[guid]),
            "has_draft": open_draft(item) is not None,
        }
        return render(request, "workbench/lifecycle/change.html", context, status=422 if form.is_bound else 200)
    act.do(item, **form.cleaned_data, by=request.user, at=now())
    messages.success(request, act.done)
    return redirect("workbench:item", guid)
