"""The queue: tickets taken, called, served, passed over, and left when the day turns."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from banshi.access import Allowed, Permission, authorize
from banshi.calendar.queries import calendar_in_force
from banshi.catalog.models import Item
from banshi.core.clock import CHINA, day_of
from banshi.core.errors import BadInput, Conflict, Missing
from banshi.core.ids import new_guid
from banshi.core.prepared import PreparedQuery, insert
from banshi.events import Occurrence, emit, emit_many
from banshi.ledger import Act, Actor, record, record_many
from banshi.notifications.notify import notify
from banshi.people.queries import account_of
from banshi.window.enums import AT_A_COUNTER, HalfDay, Priority, TicketSource, TicketState
from banshi.window.events import TICKET_CALLED, TICKET_ENDED, TICKET_TAKEN, TICKET_UNSERVED
from banshi.window.models import Appointment, Call, Counter, Hall, Skill, Ticket, TicketSeries
from banshi.window.notifications import LEFT_UNSERVED
from banshi.window.opening import halves_of, is_open, opens_again, spans_of, ticket_spans
from banshi.window.policy import policy
from banshi.window.queries import AT_COUNTER, NAMED, NEXT, NEXT_FREE, tickets_with_names, wait_behind, waiting_in

S = TicketState
RELOAD = "请刷新页面查看现在的情况。"
COUNTER_HELD = PreparedQuery(
    lambda counter: Counter.objects.select_for_update(of=("self",)).select_related("hall", "clerk").filter(pk=counter)
)


# Counters


@transaction.atomic
def open_counter(counter: Counter, *, by: Actor, at: datetime) -> Counter:
    """Open a counter, leaving the one where one sat before."""
    by = authorize(by, Permission.WINDOW_SERVE, counter, at=at)
    person = account_of(by)
    if person is None:
        raise BadInput("窗口要由人来坐", remedy="请用自己的账号登录。")
    now = _locked(counter)
    if now.clerk_id and now.clerk_id != person.pk:
        raise Conflict(f"{now}现在由{now.clerk}坐着", remedy="请选别的窗口，或请同事先离开。")
    for other in Counter.objects.select_for_update(of=("self",)).filter(clerk=person).exclude(pk=now.pk):
        _vacate(other, by=by, at=at)
    if now.clerk_id is None:
        Counter.objects.filter(pk=now.pk).update(clerk=person, opened_at=at, paused_at=None)
        record("window.open_counter", now, by=by, at=at, facts={"hall": now.hall_id, "number": now.number})
    return Counter.objects.select_related("hall", "clerk").get(pk=now.pk)


@transaction.atomic
def pause_counter(counter: Counter, *, pause: bool, by: Actor, at: datetime) -> Counter:
    """Stop being called at for a while, or go on."""
    by = authorize(by, Permission.WINDOW_SERVE, counter, at=at)
    now = _own(_locked(counter), by)
    Counter.objects.filter(pk=now.pk).update(paused_at=at if pause else None)
    record("window.pause_counter" if pause else "window.resume_counter", now, by=by, at=at)
    return now


@transaction.atomic
def close_counter(counter: Counter, *, by: Actor, at: datetime) -> None:
    """Leave a counter, with nobody at it."""
    by = authorize(by, Permission.WINDOW_SERVE, counter, at=at)
    _vacate(_own(_locked(counter), by), by=by, at=at)


def _vacate(counter: Counter, *, by: Allowed, at: datetime) -> None:
    if counter.tickets.filter(state__in=AT_A_COUNTER).exists():
        raise Conflict(f"{counter}还有人在办", remedy="请先办完，或标为过号，再离开窗口。")
    Counter.objects.filter(pk=counter.pk).update(clerk=None, opened_at=None, paused_at=None)
    Ticket.objects.filter(wanted=counter, state=S.WAITING).update(wanted=None)  # any counter of the queue calls them
    record("window.close_counter", counter, by=by, at=at)


def _locked(counter: Counter) -> Counter:
    return COUNTER_HELD.get(counter.pk)


def _own(counter: Counter, by: Actor) -> Counter:
    """Refuse whoever does not sit there."""
    if not _acts_for(by, counter.clerk_id):
        raise Conflict(f"您不在{counter}", remedy="请先选窗口坐下。")
    return counter


def _acts_for(by: Actor, clerk: int | None) -> bool:
    """Let a person act at their own counter, and a system of the hall for whoever sits there."""
    account = account_of(by)
    return clerk is not None and (account is None or account.pk == clerk)


# Tickets


@transaction.atomic
def take_ticket(
    skill: Skill,
    *,
    item: Item | None = None,
    priority: str = Priority.NONE,
    source: str = TicketSource.KIOSK,
    guid: UUID | None = None,
    instead_of: UUID | None = None,
    appointment: Appointment | None = None,
    by: Actor,
    at: datetime,
) -> Ticket:
    """Give the next number of a queue.

    The same `guid` twice gives one ticket. `instead_of` is a ticket unserved when the hall closed, which goes first.
    """
    by = authorize(by, Permission.TICKET_TAKE, skill, at=at)
    if guid and (told := tickets_with_names().filter(guid=guid).first()):
        return told
    skill = Skill.objects.select_related("hall").get(pk=skill.pk)
    _refuse_closed(skill.hall, at)
    rule = policy()
    head_start = rule.head_start(Priority(priority))
    again = None
    if instead_of:
        unserved = Ticket.objects.select_for_update(of=("self",)).filter(guid=instead_of, hall=skill.hall)
        again = unserved.filter(state=S.UNSERVED).first()
        if again and Ticket.objects.filter(instead_of=again).exists():  # asked after the lock
            again = None
        if again is None:
            raise BadInput("这个号不能再用", remedy="请重新取号。")
        head_start = timedelta(minutes=rule.queue.unserved_minutes)
    order = at - head_start
    if appointment:  # not earlier than the half-day that was booked
        slot = appointment.slot
        spans = halves_of(skill.hall, slot.day, calendar_in_force())
        begins = spans[HalfDay(slot.half)][0] if slot.half in spans else at  # its hours may have changed since
        order = max(at, begins) - max(head_start, timedelta(minutes=rule.appointment.arrived_minutes))
    return _give(
        Ticket(
            guid=guid or new_guid(),
            hall=skill.hall,
            skill=skill,
            queue=skill,
            item=item or (again.item if again else None),
            day=day_of(at),
            number=_next_number(skill, day_of(at)),
            priority=priority,
            source=source,
            taken_at=at,
            order_at=order,
            appointment=appointment,
            instead_of=again,
        ),
        by=by,
        at=at,
    )


def _give(ticket: Ticket, *, by: Allowed, at: datetime) -> Ticket:
    """Write a ticket with the wait its holder is told."""
    before = waiting_in(ticket.hall, day=ticket.day).filter(queue=ticket.queue, order_at__lt=ticket.order_at)
    ticket.foreseen_minutes = min(wait_behind(ticket.queue, before, at=at).minutes, 1440)
    ticket.save(force_insert=True)
    facts = {"hall": ticket.hall_id, "number": ticket.label, "priority": ticket.priority, "source": ticket.source}
    record("window.take_ticket", ticket, by=by, at=at, facts=facts)
    emit(TICKET_TAKEN, ticket, by=by, at=at, **_facts(ticket))
    return ticket


def _refuse_closed(hall: Hall, at: datetime) -> None:
    """Refuse a ticket outside opening hours, and shortly before the last closing of the day."""
    calendar, day = calendar_in_force(), day_of(at)
    if not hall.active:
        raise Conflict(f"{hall}已经停用", remedy="请到别的大厅办理。")
    if any(begin <= at < end for begin, end in ticket_spans(hall, day, calendar)):
        return
    again = opens_again(hall, at, calendar)
    if not is_open(hall, at, calendar):
        raise Conflict(f"{hall}现在不开放", remedy=again)
    last = max(end for _, end in spans_of(hall, day, calendar))
    raise Conflict(f"{hall}今天已经停止取号，{last:%H:%M}闭厅", remedy=again)


def _next_number(skill: Skill, day: date, *, offline: bool = False, many: int = 1) -> int:
    """Take the next numbers of a series under its row's lock, and return the first."""
    first = policy().queue.offline_from if offline else 1
    TicketSeries.objects.bulk_create(
        [TicketSeries(skill=skill, day=day, offline=offline, last=first - 1)], ignore_conflicts=True
    )
    series = TicketSeries.objects.filter(skill=skill, day=day, offline=offline)
    series.update(last=F("last") + many)
    number = series.values_list("last", flat=True).get() - many + 1
    if not offline and number >= policy().queue.offline_from:
        raise Conflict("今天的号已经发完", remedy="请改天再来，或在网上预约。")
    return number


@transaction.atomic
def reserve_offline_numbers(hall: Hall, *, by: Actor, at: datetime) -> dict[str, list[int]]:
    """Set numbers of each queue aside for a kiosk that may lose its network.

    Those it does not use are left out.
    """
    authorize(by, Permission.TICKET_TAKE, hall, at=at)
    many = policy().queue.offline_block
    reserved = {}
    for skill in hall.skills.filter(active=True):
        first = _next_number(skill, day_of(at), offline=True, many=many)
        reserved[str(skill.pk)] = list(range(first, first + many))
    return reserved


@transaction.atomic
def reconcile_offline(
    skill: Skill, *, guid: UUID, number: int, taken_at: datetime, priority: str = Priority.NONE, by: Actor, at: datetime
) -> Ticket:
    """Write a ticket that a kiosk printed while it had no network, with the number and the time it gave.

    Where the hall has closed early meanwhile, it goes first another day.
    """
    by = authorize(by, Permission.TICKET_TAKE, skill, at=at)
    if told := tickets_with_names().filter(guid=guid).first():
        return told
    rule, day = policy(), day_of(at)
    taken = min(max(taken_at, datetime.combine(day, datetime.min.time(), CHINA)), at)
    series = TicketSeries.objects.filter(skill=skill, day=day, offline=True).first()
    if day_of(taken_at) != day or series is None or not rule.queue.offline_from <= number <= series.last:
        raise BadInput("断网时取的号不是今天的备用号", remedy="请在导办台重新取号。")
    try:
        with transaction.atomic():
            given = _give(
                Ticket(
                    guid=guid,
                    hall=skill.hall,
                    skill=skill,
                    queue=skill,
                    day=day,
                    number=number,
                    priority=priority,
                    source=TicketSource.OFFLINE,
                    taken_at=taken,
                    order_at=taken - rule.head_start(Priority(priority)),
                ),
                by=by,
                at=at,
            )
    except IntegrityError as error:
        raise Conflict("这个号已经有人用了", remedy="请在导办台重新取号。") from error
    if Hall.objects.filter(pk=skill.hall_id, closed_on=day).exists():  # closed early, which the kiosk could not know
        leave_unserved([given], by=by, at=at)
        given.state = S.UNSERVED
    return given


# Calling


@transaction.atomic
def call_next(counter: Counter, *, by: Actor, at: datetime) -> Ticket | None:
    """Call whoever is first in the queues of a counter, None when nobody waits.

    Two counters that call at once never get the same (SKIP LOCKED; on SQLite one writes at a time).
    """
    by = authorize(by, Permission.WINDOW_SERVE, counter, at=at)
    now = _free(_own(_locked(counter), by))
    ticket = NEXT.first(now.pk, day_of(at)) or NEXT_FREE.first(now.pk, day_of(at))
    return _call(ticket, now, by=by, at=at) if ticket else None


@transaction.atomic
def call_ticket(ticket: Ticket, counter: Counter, *, by: Actor, at: datetime) -> Ticket:
    """Call one ticket out of order: somebody who waits, was skipped or came back."""
    by = authorize(by, Permission.WINDOW_SERVE, counter, at=at)
    now = _free(_own(_locked(counter), by))
    held = _locked_ticket(ticket)
    if held.hall_id != now.hall_id or held.day != day_of(at) or held.state not in (S.WAITING, S.SKIPPED):
        raise Conflict(f"{held}现在不能叫：{held.get_state_display()}", remedy=RELOAD)
    return _call(held, now, by=by, at=at)


def _free(counter: Counter) -> Counter:
    if counter.paused_at:
        raise Conflict(f"{counter}暂停服务", remedy="请先恢复服务再叫号。")
    if held := AT_COUNTER.first(counter.pk):
        raise Conflict(f"{counter}还有{held}没有办完", remedy="请先办完，或标为过号，再叫下一位。")
    return counter


def _call(ticket: Ticket, counter: Counter, *, by: Allowed, at: datetime) -> Ticket:
    """Give a ticket to a counter, unless another one was faster."""
    free = Ticket.objects.filter(pk=ticket.pk, state__in=(S.WAITING, S.SKIPPED))
    changes = {"counter": counter, "clerk": counter.clerk, "called_at": at, "ended_at": None, "wanted": None}
    if not free.update(state=S.CALLED, **changes):
        raise Conflict("这个号刚被别的窗口叫走", remedy="请再叫下一位。")
    called = NAMED.get(ticket.pk)
    insert([Call(hall_id=called.hall_id, ticket=called, counter=counter, at=at)])
    record("window.call", called, by=by, at=at, facts={"counter": counter.number, "number": called.label})
    emit(TICKET_CALLED, called, by=by, at=at, **_facts(called))
    return called


@transaction.atomic
def recall(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Call once more whoever has not come."""
    by = authorize(by, Permission.WINDOW_SERVE, ticket, at=at)
    now = _at_my_counter(ticket, by, S.CALLED)
    if now.counter:
        Call.objects.create(hall=now.hall, ticket=now, counter=now.counter, at=at)
    record("window.recall", now, by=by, at=at, facts={"number": now.label})
    return now


@transaction.atomic
def begin_service(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Note that the person has come to the counter."""
    by = authorize(by, Permission.WINDOW_SERVE, ticket, at=at)
    now = _at_my_counter(ticket, by, S.CALLED)
    Ticket.objects.filter(pk=now.pk).update(state=S.SERVING, served_from=at)
    record("window.begin_service", now, by=by, at=at, facts={"number": now.label})
    return NAMED.get(now.pk)


@transaction.atomic
def finish_service(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Note that the person is served, also when nobody noted the beginning."""
    by = authorize(by, Permission.WINDOW_SERVE, ticket, at=at)
    now = _at_my_counter(ticket, by, S.CALLED, S.SERVING)
    return _end(now, S.SERVED, by=by, at=at)


@transaction.atomic
def skip(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Pass over whoever did not come (过号), after as many calls as the rule asks."""
    by = authorize(by, Permission.WINDOW_SERVE, ticket, at=at)
    now = _at_my_counter(ticket, by, S.CALLED)
    wanted, called = policy().queue.calls_before_skip, now.calls.count()
    if called < wanted:
        raise Conflict(f"只叫了{called}次，叫满{wanted}次还没有来才能过号", remedy="请再叫一次。")
    return _end(now, S.SKIPPED, by=by, at=at)


@transaction.atomic
def come_back(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Take whoever was skipped or had left into the queue again, a little before those who come now."""
    by = authorize(by, Permission.WINDOW_SERVE, ticket, at=at)
    now = _locked_ticket(ticket)
    if now.day != day_of(at) or now.state not in (S.SKIPPED, S.LEFT):
        raise Conflict(f"{now}不能重新排队：{now.get_state_display()}", remedy="不是今天的号，请重新取号。")
    order = at - timedelta(minutes=policy().queue.returned_minutes)
    free = {"counter": None, "clerk": None, "ended_at": None, "wanted": None}
    Ticket.objects.filter(pk=now.pk).update(state=S.WAITING, order_at=order, **free)
    record("window.come_back", now, by=by, at=at, facts={"number": now.label})
    return tickets_with_names().get(pk=now.pk)


@transaction.atomic
def leave(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Give one's number up."""
    by = authorize(by, Permission.TICKET_TAKE, ticket, at=at)
    now = _locked_ticket(ticket)
    if now.state != S.WAITING:
        raise Conflict(f"{now}现在是“{now.get_state_display()}”，不能放弃", remedy=RELOAD)
    return _end(now, S.LEFT, by=by, at=at)


@transaction.atomic
def transfer(
    ticket: Ticket, *, skill: Skill | None = None, counter: Counter | None = None, by: Actor, at: datetime
) -> Ticket:
    """Send the person at one's counter on to another queue or counter, where it is called next."""
    by = authorize(by, Permission.WINDOW_SERVE, ticket, at=at)
    now = _at_my_counter(ticket, by, *AT_A_COUNTER)
    queue = skill or (counter.skills.filter(active=True).first() if counter else None)
    if queue is None or queue.hall_id != now.hall_id or (counter and counter.hall_id != now.hall_id):
        raise BadInput("没有选转到哪里", remedy="请选本大厅的业务类别或窗口。")
    if counter and _locked(counter).clerk_id is None:
        raise Conflict(f"{counter}现在没有人", remedy="请选别的窗口，或转到业务类别。")
    if not queue.counters.filter(active=True).exists():
        raise Conflict(f"“{queue}”没有窗口", remedy="请选别的业务类别。")
    moved = {"counter": None, "clerk": None, "called_at": None, "served_from": None, "wanted": counter}
    # It keeps its number and goes before all who wait there.
    first = now.taken_at - timedelta(days=1)
    Ticket.objects.filter(pk=now.pk).update(state=S.WAITING, queue=queue, order_at=first, **moved)
    facts = {"number": now.label, "queue": queue.pk, "counter": counter.number if counter else None}
    record("window.transfer", now, by=by, at=at, facts=facts)
    return tickets_with_names().get(pk=now.pk)


# The end of a ticket and of a day


@transaction.atomic
def turn_day(*, by: Actor, at: datetime) -> int:
    """End what earlier days left open: tickets that wait, people at counters, clerks who did not leave."""
    by = authorize(by, Permission.AUTOMATIC, at=at)
    today = day_of(at)
    for ticket in tickets_with_names().filter(day__lt=today, state__in=AT_A_COUNTER):
        _end(ticket, S.SERVED if ticket.state == S.SERVING else S.SKIPPED, by=by, at=at)
    unserved = leave_unserved(tickets_with_names().filter(day__lt=today, state=S.WAITING), by=by, at=at)
    midnight = datetime.combine(today, datetime.min.time(), CHINA)
    at_work = Ticket.objects.filter(state__in=AT_A_COUNTER).values("counter")
    for counter in Counter.objects.filter(opened_at__lt=midnight).exclude(pk__in=at_work):
        _vacate(counter, by=by, at=at)
    return unserved


def leave_unserved(waiting: Iterable[Ticket], *, by: Allowed, at: datetime) -> int:
    """End numbers that were not served, whose holders go first when they come again, and count them."""
    sent = list(waiting)
    Ticket.objects.filter(pk__in=[each.pk for each in sent]).update(state=S.UNSERVED, ended_at=at)
    record_many([Act("window.unserved", each, {"number": each.label}) for each in sent], by=by, at=at)
    emit_many(TICKET_UNSERVED, [Occurrence(each, _facts(each)) for each in sent], by=by, at=at)
    booked = Appointment.objects.filter(ticket__in=sent).select_related("ticket__hall", "ticket__skill", "item")
    for appointment in booked:
        ticket = appointment.ticket
        context = {"hall": ticket.hall.name, "item": appointment.item.name, "code": ticket.again_code}
        notify(LEFT_UNSERVED, [appointment.person_id], subject=appointment, context=context, at=at)
    return len(sent)


def _locked_ticket(ticket: Ticket) -> Ticket:
    locked = Ticket.objects.select_for_update(of=("self",)).select_related("skill", "hall", "queue", "counter")
    found = locked.filter(pk=ticket.pk).first()
    if found is None:
        raise Missing("没有这个号")
    return found


def _at_my_counter(ticket: Ticket, by: Actor, *states: str) -> Ticket:
    now = _locked_ticket(ticket)
    if now.state not in states:
        raise Conflict(f"{now}现在是“{now.get_state_display()}”", remedy=RELOAD)
    if not _acts_for(by, now.clerk_id):
        raise Conflict(f"{now}在别的窗口", remedy="请由叫号的窗口办理。")
    return now


def _end(ticket: Ticket, state: str, *, by: Allowed, at: datetime) -> Ticket:
    begun = {"served_from": ticket.served_from or ticket.called_at} if state == S.SERVED else {}
    Ticket.objects.filter(pk=ticket.pk).update(state=state, ended_at=at, **begun)
    ended = tickets_with_names().get(pk=ticket.pk)
    record(f"window.{state}", ended, by=by, at=at, facts={"number": ended.label})
    emit(TICKET_ENDED, ended, by=by, at=at, **_facts(ended))
    return ended


def _facts(ticket: Ticket) -> dict[str, int | None]:
    """Tell where a ticket is, how long it waited and was served."""
    called, begun, ended = ticket.called_at, ticket.served_from, ticket.ended_at
    waited = int((called - ticket.taken_at).total_seconds()) if called else None
    served = int((ended - begun).total_seconds()) if begun and ended else None
    return {
        "hall": ticket.hall_id,
        "skill": ticket.queue_id,
        "counter": ticket.counter_id,
        "waited": waited,
        "served": served,
    }
