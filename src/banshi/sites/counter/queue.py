"""叫号: a clerk sits down at a counter, calls, serves, passes over, sends on."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Conflict, Missing
from banshi.sites.counter.access import counter_for, own_counter, required_counter, ticket_for, unserved_for
from banshi.sites.kit.address import guid_in, key_in
from banshi.sites.kit.permissions import Permission, may, require
from banshi.sites.kit.staff import StaffRequest
from banshi.window import actions
from banshi.window.enums import Priority, TicketSource
from banshi.window.models import Counter, Skill
from banshi.window.queries import halls_served_by, skipped_in, ticket_at, unserved_in, waiting_for, waiting_in

SHOWN = 12


@login_required
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Show one's counter, or the counters to choose from."""
    require(request.user, Permission.WINDOW_SERVE)
    counter, day = own_counter(request.user), today()
    if counter is None:
        halls = halls_served_by(request.user, at=now()).prefetch_related("counters__clerk", "counters__skills")
        shown = [
            (hall, [(each, "、".join(map(str, each.skills.all()))) for each in hall.counters.all() if each.active])
            for hall in halls
        ]
        return render(request, "counter/sit.html", {"halls": shown})
    waiting, ticket = waiting_for(counter, day=day), ticket_at(counter)
    context = {
        "closed": counter.hall.closed_on == day,
        "counter": counter,
        "may_receive": may(request.user, Permission.CASE_RECEIVE),
        "hall": counter.hall,
        "ticket": ticket,
        "calls": ticket.calls.count() if ticket else 0,
        "waiting": waiting.select_related("skill", "item")[:SHOWN],
        "waiting_count": waiting.count(),
        "hall_count": waiting_in(counter.hall, day=day).count(),
        "skipped": skipped_in(counter.hall, day=day)[:SHOWN],
        "unserved": unserved_in(counter.hall)[:SHOWN],
        "skills": counter.hall.skills.filter(active=True),
        "counters": counter.hall.counters.filter(active=True, clerk__isnull=False).exclude(pk=counter.pk),
        "priorities": Priority.choices,
    }
    return render(request, "counter/queue.html", context)


@login_required
@require_POST
def sit(request: StaffRequest, pk: int) -> HttpResponse:
    counter = actions.open_counter(counter_for(request.user, pk), by=request.user, at=now())
    messages.success(request, f"您现在在{counter.hall}{counter}")
    return redirect("counter:queue")


def _next(counter: Counter, **who: Any) -> str:
    ticket = actions.call_next(counter, **who)
    return f"请{ticket}号" if ticket else "现在没有人等候"


def _at_hand(act: Callable[..., Any], words: str) -> Callable[..., str]:
    """Make an act of the ticket one has at one's counter."""

    def done(counter: Counter, **who: Any) -> str:
        ticket = ticket_at(counter)
        if ticket is None:
            raise BadInput("窗口现在没有叫号", remedy="请先叫下一位。")
        act(ticket, **who)
        return words.format(ticket)

    return done


def _finish_and_next(counter: Counter, **who: Any) -> str:
    _at_hand(actions.finish_service, "")(counter, **who)
    return _next(counter, **who)


def _pause(counter: Counter, **who: Any) -> str:
    actions.pause_counter(counter, pause=counter.paused_at is None, **who)
    return "已暂停叫号" if counter.paused_at is None else "已恢复叫号"


def _stand_up(counter: Counter, **who: Any) -> str:
    actions.close_counter(counter, **who)
    return f"您已离开{counter}"


ACTS: dict[str, Callable[..., str]] = {
    "next": _next,
    "recall": _at_hand(actions.recall, "再次叫了{}号"),
    "begin": _at_hand(actions.begin_service, "{}号开始办理"),
    "finish": _at_hand(actions.finish_service, "{}号已办完"),
    "finish-next": _finish_and_next,
    "skip": _at_hand(actions.skip, "{}号过号"),
    "pause": _pause,
    "stand-up": _stand_up,
}


def _require_shown(request: StaffRequest, counter: Counter) -> None:
    """Refuse a press meant for a ticket that has left the counter, as a second press of the same button is."""
    shown, ticket = guid_in(request.POST, "ticket"), ticket_at(counter)
    if shown and (ticket is None or ticket.guid != shown):
        raise Conflict("页面上的号已经不在窗口", remedy="请刷新页面，看清现在的号再点。")


@login_required
@require_POST
def act(request: StaffRequest, name: str) -> HttpResponse:
    """Do one of the acts of one's counter."""
    done = ACTS.get(name)
    if done is None:
        raise Missing("没有这个操作")
    counter = required_counter(request.user)
    _require_shown(request, counter)
    messages.success(request, done(counter, by=request.user, at=now()))
    return redirect("counter:queue")


@login_required
@require_POST
def call_one(request: StaffRequest, guid: UUID) -> HttpResponse:
    ticket, counter = ticket_for(request.user, guid), required_counter(request.user)
    actions.call_ticket(ticket, counter, by=request.user, at=now())
    messages.success(request, f"请{ticket}号")
    return redirect("counter:queue")


@login_required
@require_POST
def back(request: StaffRequest, guid: UUID) -> HttpResponse:
    ticket = actions.come_back(ticket_for(request.user, guid), by=request.user, at=now())
    messages.success(request, f"{ticket}号重新排队")
    return redirect("counter:queue")


@login_required
@require_POST
def again(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Give a new number, which goes first, to somebody whom a closed hall did not serve."""
    old = unserved_for(request.user, guid)
    taken = actions.take_ticket(
        old.queue, priority=old.priority, source=TicketSource.DESK, instead_of=old.guid, by=request.user, at=now()
    )
    messages.success(request, f"{old}号换成{taken}号，优先办理")
    return redirect("counter:ticket", taken.guid)


@login_required
@require_POST
def send_on(request: StaffRequest) -> HttpResponse:
    """Send the person at one's counter on to another queue (`skill-3`) or counter (`counter-5`)."""
    counter = required_counter(request.user)
    kind, _, key = request.POST.get("to", "").partition("-")
    pk = int(key) if key.isascii() and key.isdecimal() and len(key) < 18 else 0
    skill = counter.hall.skills.filter(pk=pk).first() if kind == "skill" else None
    other = counter.hall.counters.filter(pk=pk).first() if kind == "counter" else None
    _require_shown(request, counter)
    ticket = ticket_at(counter)
    if ticket is None:
        raise BadInput("窗口现在没有叫号", remedy="请先叫下一位。")
    actions.transfer(ticket, skill=skill, counter=other, by=request.user, at=now())
    messages.success(request, f"{ticket}号已转到{other or skill}")
    return redirect("counter:queue")


@login_required
@require_POST
def give(request: StaffRequest) -> HttpResponse:
    """Give a ticket at the desk to somebody who does not use the kiosk."""
    halls = halls_served_by(request.user, at=now())
    skill = Skill.objects.filter(pk=key_in(request.POST, "skill"), hall__in=halls, active=True).first()
    if skill is None:
        raise BadInput("没有选业务类别", remedy="请选一项。")
    priority = request.POST.get("priority", "")
    chosen = priority if priority in Priority.values else Priority.NONE
    taken = actions.take_ticket(skill, priority=chosen, source=TicketSource.DESK, by=request.user, at=now())
    messages.success(request, f"取号{taken}，前面大约要等{taken.foreseen_minutes}分钟")
    return redirect("counter:ticket", taken.guid)
