"""Outlets: which there are, how they are and how they are set. What was sent to each stands in the outbox."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.connectors import actions
from banshi.connectors.kinds import KINDS, kind_named, kind_of
from banshi.connectors.models import Outlet
from banshi.connectors.queries import outlets as all_outlets
from banshi.core.clock import now
from banshi.core.errors import BadInput
from banshi.outbox.models import Message
from banshi.outbox.queries import counts_by_state
from banshi.sites.console.access import found
from banshi.sites.console.outlets.forms import OutletForm
from banshi.sites.console.outlets.words import outlet_state
from banshi.sites.kit.forms import add_refusal
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest


@login_required
@require_safe
def outlets(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.OUTLET_MANAGE)
    rows = [(each, kind_of(each), *outlet_state(each)) for each in all_outlets()]
    return render(request, "console/outlets/outlets.html", {"rows": rows})


@login_required
@require_safe
def choose(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.OUTLET_MANAGE)
    return render(
        request, "console/outlets/choose.html", {"kinds": KINDS.values(), "crumbs": _crumbs(("新增渠道", ""))}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest, code: str) -> HttpResponse:
    require(request.user, Permission.OUTLET_MANAGE)
    kind = kind_named(code)
    form = OutletForm(kind, data=request.POST or None)
    if form.is_valid() and (made := _tried(form, partial(actions.add_outlet, kind=code), request)):
        messages.success(request, "已新增。请点“现在检查”，看对方是否答复；一分钟内开始首次发送。")
        return redirect("console:outlet", made.pk)
    back = reverse("console:outlet-choose")
    title = f"新增渠道：{kind.label}"
    context = {"form": form, "title": title, "back": back, "crumbs": _crumbs(("新增渠道", back), (kind.label, ""))}
    return render(request, "console/form.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.OUTLET_MANAGE)
    one = found(all_outlets(), pk=pk)
    form = OutletForm(kind_of(one), one, request.POST or None)
    if form.is_valid() and _tried(form, partial(actions.change_outlet, one), request):
        messages.success(request, "已保存")
        return redirect("console:outlet", pk)
    back = reverse("console:outlet", args=[pk])
    crumbs = _crumbs((found(all_outlets(), pk=pk).name, back), ("修改", ""))
    context = {"form": form, "title": "修改渠道", "back": back, "crumbs": crumbs}
    return render(request, "console/form.html", context)


@login_required
@require_safe
def outlet(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.OUTLET_MANAGE)
    one = found(all_outlets(), pk=pk)
    counts = counts_by_state(one.messages.all())
    # The settings, as the kind declares them; of secrets only that they are kept.
    kind = kind_of(one)
    words = {True: "是", False: "否", "": "—"}
    place = [(each.title or name, one.place.get(name, "")) for name, each in kind.place.model_fields.items()]
    secrets = [(each.title or name, "已加密保存，不显示") for name, each in kind.secrets.model_fields.items()]
    facts = [(title, words.get(value, value)) for title, value in place] + secrets
    context = {
        "outlet": one,
        "kind": kind_of(one),
        "state": outlet_state(one),
        "facts": facts,
        "counts": [(state.label, counts[state]) for state in Message.State if state in counts],
        "crumbs": _crumbs((one.name, "")),
    }
    return render(request, "console/outlets/outlet.html", context)


# Acts


@login_required
@require_POST
def check(request: StaffRequest, pk: int) -> HttpResponse:
    trouble = actions.check_outlet(found(all_outlets(), pk=pk), by=request.user, at=now())
    if trouble:
        messages.error(request, f"检查没有通过：{trouble}")
    else:
        messages.success(request, "检查通过：对方有答复，认可我方的密钥。")
    return redirect("console:outlet", pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.OUTLET_MANAGE)
    one = found(all_outlets(), pk=pk)
    if request.method == "POST":
        actions.end_outlet(one, by=request.user, at=now())
        messages.success(request, f"“{one}”已停用")
        return redirect("console:outlets")
    context = {
        "title": f"停用渠道“{one}”？",
        "what": "停用后不能恢复：不再向它发送，密钥立即删除；发送记录保留。已经在对方那里的内容不会收回。"
        "只是暂时不发，请用“暂停”。",
        "action": "停用",
        "back": reverse("console:outlet", args=[pk]),
        "danger": True,
    }
    return render(request, "kit/confirm.html", context)


def _tried(form: OutletForm, act: Callable[..., Outlet], request: StaffRequest) -> Outlet | None:
    """Return the outlet, or None with the trouble shown at its fields."""
    try:
        return act(**form.given, by=request.user, at=now())
    except BadInput as trouble:
        add_refusal(form, trouble)
        return None


def _crumbs(*pages: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("console:outlets"), "发布渠道"), *((url, word) for word, url in pages)]
