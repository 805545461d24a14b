"""The outbox: its queues, what waits and is tried again, and what to do about dead letters."""

from urllib.parse import urlencode

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.catalog.models import Change
from banshi.connectors.queries import changes_of
from banshi.core.clock import now
from banshi.outbox import actions
from banshi.outbox.channels import channel_of
from banshi.outbox.models import Message, Queue
from banshi.outbox.queries import DEAD, UNDER_WAY, counts_by_state, messages, queues
from banshi.sites.console.access import found
from banshi.sites.console.outbox.forms import SkipForm
from banshi.sites.console.outbox.labels import message_state, queue_state
from banshi.sites.kit.address import as_key
from banshi.sites.kit.listing.filters import Filter, Filters, Key, tabs
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest

PAGE = 50
State = Message.State
TABS = {
    "dead": ("没有送到", DEAD),
    "waiting": ("待发送", UNDER_WAY),
    "sent": ("已送达", (State.SENT,)),
    "closed": ("不再发送", (State.SKIPPED, State.SUPERSEDED, State.DROPPED)),
}
OPERATIONS = {Change.Operation.INSERT: "新增", Change.Operation.UPDATE: "变更", Change.Operation.DELETE: "撤下"}


class OutboxFilters(Filters):
    queue = Key("queue")
    show = Filter(options=[(name, label) for name, (label, _) in TABS.items()], narrows=False)


@login_required
@require_safe
def outbox(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.OUTLET_MANAGE)
    lines = [(each, channel_of(each).label, *queue_state(each)) for each in queues()]
    asked = OutboxFilters.read(request.GET)
    chosen = next((each for each, *_ in lines if each.pk == as_key(asked.queue)), None)
    filters = OutboxFilters(queue=str(chosen.pk) if chosen else "", show=asked.show)
    shown = filters.show or "dead"
    listed = messages().filter(filters.condition())
    found = listed.filter(state__in=TABS[shown][1])
    page = Page(found, request.GET, by=("-pk",), size=PAGE, ways=("before", "after"))
    changes = changes_of([each for each in page.rows if each.queue.channel == "outlet"])
    details = []
    for each in page.rows:
        if each.queue.channel == "outlet" and (change := changes.get(each.position)):
            operation = OPERATIONS[Change.Operation(change.operation)]
            details.append(f"{operation} · {change.item.organ.called} · 批次 {change.batch}")
        else:
            details.append(f"给{each.recipient}" if each.recipient else "")
    states = counts_by_state(listed)
    counts = {name: sum(states.get(each, 0) for each in group) for name, (_, group) in TABS.items()}
    context = {
        "lines": lines,
        "chosen": chosen,
        "tabs": tabs(filters, "show", dict(OutboxFilters.show.options), chosen=shown, counts=counts),
        "shown": shown,
        "rows": [(each, detail, *message_state(each)) for each, detail in zip(page.rows, details, strict=True)],
        "page": page,
    }
    return render(request, "console/outbox/outbox.html", context)


# Acts


@login_required
@require_POST
def pause(request: StaffRequest, pk: int) -> HttpResponse:
    one = actions.pause(found(queues(), pk=pk), by=request.user, at=now())
    notes.success(request, "已暂停。要发的都留着，恢复后按先后补发。")
    return redirect(_home_of(one))


@login_required
@require_POST
def resume(request: StaffRequest, pk: int) -> HttpResponse:
    one = actions.resume(found(queues(), pk=pk), by=request.user, at=now())
    notes.success(request, "已恢复，一分钟内开始补发。")
    return redirect(_home_of(one))


@login_required
@require_POST
def resend_all(request: StaffRequest, pk: int) -> HttpResponse:
    one = found(queues(), pk=pk)
    count = actions.resend_failed(one, by=request.user, at=now())
    notes.success(request, f"{count} 条重新排队，一分钟内发送")
    return redirect(_messages_of(one))


@login_required
@require_POST
def resend(request: StaffRequest, pk: int) -> HttpResponse:
    one = actions.resend(found(messages(), pk=pk), by=request.user, at=now())
    notes.success(request, "已重新排队，一分钟内发送")
    return redirect(_messages_of(one.queue))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def skip(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.OUTLET_MANAGE)
    one = found(messages(), pk=pk)
    form = SkipForm(request.POST or None)
    if form.is_valid():
        actions.skip(one, reason=form.cleaned_data["reason"], by=request.user, at=now())
        notes.success(request, "已跳过，原因已记录")
        return redirect(_messages_of(one.queue))
    context = {
        "form": form,
        "title": f"跳过“{one.title}”？",
        "what": f"“{one.queue}”不会收到这一条；以后的照常发送。没有送到的原因：{one.last_error}",
        "action": "跳过",
        "back": _messages_of(one.queue),
    }
    return render(request, "kit/confirm.html", context)


def _home_of(queue: Queue) -> str:
    outlet = queue.channel == "outlet"
    return reverse("console:outlet", args=[queue.pk]) if outlet else reverse("console:outbox")


def _messages_of(queue: Queue) -> str:
    return f"{reverse('console:outbox')}?{urlencode({'queue': queue.pk})}"
