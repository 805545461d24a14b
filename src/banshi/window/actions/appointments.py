"""Appointments: booked while there are places, waited for, reminded of, kept or missed."""

import secrets
from datetime import date, datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from banshi.access import Allowed, Permission, authorize
from banshi.calendar.queries import calendar_in_force
from banshi.catalog.models import Item
from banshi.core.clock import chinese_date, day_of
from banshi.core.errors import BadInput, Conflict
from banshi.core.prepared import PreparedQuery
from banshi.events import emit
from banshi.ledger import Actor, record
from banshi.notifications.kinds import NotificationKind
from banshi.notifications.notify import notify
from banshi.people.models import User
from banshi.window.actions.queue import take_ticket
from banshi.window.booking import paused_until, places_of
from banshi.window.enums import AppointmentState, Priority, TicketSource
from banshi.window.events import BOOKED, BOOKING_ENDED
from banshi.window.models import Appointment, AppointmentSlot, Hall, Ticket
from banshi.window.notifications import OFFERED, PROMOTED, REMINDER
from banshi.window.opening import Span, halves_of
from banshi.window.policy import policy
from banshi.window.queries import skill_for, unserved_by_code

A = AppointmentState
OPEN = (A.BOOKED, A.QUEUED, A.OFFERED)
HOLD_A_PLACE = (A.BOOKED, A.OFFERED)
TRIES = 20
AGAIN = "请换一个半天，或改天再约。"
SLOTS = AppointmentSlot.objects.select_related("skill__hall")
PERSON_HELD = PreparedQuery(lambda person: User.objects.select_for_update().filter(pk=person).values_list("pk"))
OPEN_OF_PERSON = PreparedQuery(
    lambda person: Appointment.objects.filter(person=person, state__in=OPEN).order_by().values_list("item", "slot")
)
SLOT_OF_SKILL = PreparedQuery(lambda skill, day, half: SLOTS.filter(skill=skill, day=day, half=half, item=None))
SLOT_OF_ITEM = PreparedQuery(lambda skill, day, half, item: SLOTS.filter(skill=skill, day=day, half=half, item=item))


@transaction.atomic
def book(
    item: Item,
    hall: Hall,
    *,
    day: date,
    half: str,
    person: User,
    or_wait: bool = False,
    by: Actor,
    at: datetime,
    is_example: bool = False,
) -> Appointment:
    """Book a place of a half-day, never one more than there is.

    Where none is left: wait for one with `or_wait`, else refused.
    """
    by = authorize(by, Permission.APPOINTMENT_BOOK, person, at=at)
    PERSON_HELD.get(person.pk)
    rule = policy().appointment
    if until := paused_until(person, at=at):
        raise Conflict(
            f"您有{rule.missed_times}次约了没有来，{chinese_date(until)}前不能在网上预约", remedy="可以直接到大厅取号。"
        )
    own = OPEN_OF_PERSON(person.pk)
    if len(own) >= rule.open_at_once:
        raise Conflict(f"您已有{rule.open_at_once}个没有用的预约", remedy="请先取消不用的预约。")
    slot = _slot(item, hall, day, half, at)
    if (item.pk, slot.pk) in own:
        raise Conflict(f"您已经约了{slot}", remedy="请在“我的预约”里查看。")
    free = AppointmentSlot.objects.filter(pk=slot.pk, taken__lt=F("places")).update(taken=F("taken") + 1)
    if not free and not or_wait:
        raise Conflict(f"{slot}已经约满", remedy="请换一个半天，或排候补：有人取消时按先后补上。")
    state = A.BOOKED if free else A.QUEUED
    told = Appointment(slot=slot, item=item, person=person, state=state, booked_at=at, is_example=is_example)
    made = _with_code(told)
    record("window.book", made, by=by, at=at, facts={"item": item.pk, "slot": slot.pk, "state": state})
    emit(BOOKED, made, by=by, at=at, **_facts(made))
    return made


def _slot(item: Item, hall: Hall, day: date, half: str, at: datetime) -> AppointmentSlot:
    """Find the half-day, written when first asked for."""
    skill, calendar, today = skill_for(item, hall), calendar_in_force(), day_of(at)
    spans = halves_of(hall, day, calendar)
    span = next((spans[each] for each in spans if each == half), None)
    if skill is None or span is None or day == hall.closed_on:
        raise Conflict(f"{hall}{chinese_date(day)}这半天不开放", remedy=AGAIN)
    if span[0] <= at or day > calendar.add_working_days(today, policy().appointment.days_ahead):
        raise Conflict(f"只能约今后{policy().appointment.days_ahead}个工作日内还没有开始的半天", remedy=AGAIN)
    places, own = places_of(skill, item, half)
    if not places:
        raise Conflict(f"{hall}这半天不接受“{item.name}”的预约", remedy="可以直接到大厅取号。")
    slots, key = (
        (SLOT_OF_ITEM, (skill.pk, day, str(half), own.pk)) if own else (SLOT_OF_SKILL, (skill.pk, day, str(half)))
    )
    if (slot := slots.first(*key)) is None:
        new = AppointmentSlot(skill=skill, item=own, day=day, half=half, places=places)
        AppointmentSlot.objects.bulk_create([new], ignore_conflicts=True)
        slot = slots.get(*key)
    return slot


def _with_code(made: Appointment) -> Appointment:
    """Write an appointment under a code that no open one has."""
    for _ in range(TRIES):
        made.code = f"{secrets.randbelow(1_000_000):06d}"
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            made.pk = None
        else:
            return made
    raise Conflict("预约没有成功", remedy="请再试一次。")


@transaction.atomic
def cancel_appointment(appointment: Appointment, *, by: Actor, at: datetime) -> Appointment:
    """Cancel what is booked or waited for, and give the place to whoever waits longest."""
    by = authorize(by, Permission.APPOINTMENT_BOOK, appointment, at=at)
    AppointmentSlot.objects.select_for_update().get(pk=appointment.slot_id)
    now = _open(appointment)
    end_appointment(now, A.CANCELLED, by=by, at=at)
    if now.state in HOLD_A_PLACE:
        _free_place(now.slot, by=by, at=at)
    return now


def _free_place(slot: AppointmentSlot, *, by: Allowed, at: datetime) -> None:
    """Give a place to whoever waits longest, held until it is confirmed, else leave it free."""
    span = _span(slot)
    waiting = Appointment.objects.filter(slot=slot, state=A.QUEUED).order_by("id")
    chosen = waiting.select_related("slot__skill__hall", "item").first() if span and span[0] > at else None
    if span is None or chosen is None:
        AppointmentSlot.objects.filter(pk=slot.pk).update(taken=F("taken") - 1)
        return
    until = policy().appointment.held_until(at)
    if until is None or until >= span[0]:  # no time left to ask
        Appointment.objects.filter(pk=chosen.pk).update(state=A.BOOKED)
        record("window.promote", chosen, by=by, at=at)
        tell(PROMOTED, chosen, at=at)
        return
    Appointment.objects.filter(pk=chosen.pk).update(state=A.OFFERED, held_until=until)
    record("window.offer", chosen, by=by, at=at, facts={"until": until.isoformat()})
    tell(OFFERED, chosen, at=at, until=f"{until:%-m月%-d日%H:%M}")


@transaction.atomic
def confirm_appointment(appointment: Appointment, *, by: Actor, at: datetime) -> Appointment:
    """Take the place that is held for one who waited."""
    by = authorize(by, Permission.APPOINTMENT_BOOK, appointment, at=at)
    AppointmentSlot.objects.select_for_update().get(pk=appointment.slot_id)
    now = _open(appointment)
    if now.state != A.OFFERED or now.held_until is None:
        raise Conflict(f"这个预约{now.get_state_display()}，不用确认", remedy="请刷新页面查看。")
    if now.held_until < at:
        raise Conflict("过了确认的时间，名额已经给后面的人", remedy=AGAIN)
    Appointment.objects.filter(pk=now.pk).update(state=A.BOOKED, held_until=None)
    record("window.confirm_appointment", now, by=by, at=at)
    return now


@transaction.atomic
def end_lapsed_offers(*, by: Actor, at: datetime) -> int:
    """Pass on places that nobody confirmed in time, and count them."""
    by, lapsed = authorize(by, Permission.AUTOMATIC, at=at), 0
    for slot in Appointment.objects.filter(state=A.OFFERED, held_until__lt=at).values_list("slot", flat=True):
        locked = AppointmentSlot.objects.select_for_update(of=("self",)).select_related("skill__hall").get(pk=slot)
        for each in Appointment.objects.filter(slot=locked, state=A.OFFERED, held_until__lt=at):
            end_appointment(each, A.CANCELLED, by=by, at=at)
            _free_place(locked, by=by, at=at)
            lapsed += 1
    return lapsed


@transaction.atomic
def move_appointment(appointment: Appointment, *, day: date, half: str, by: Actor, at: datetime) -> Appointment:
    """Move an appointment to another half-day under the same code.

    Where that is full, it stays where it is.
    """
    by = authorize(by, Permission.APPOINTMENT_BOOK, appointment, at=at)
    wanted = _slot(appointment.item, appointment.slot.skill.hall, day, half, at)
    both = AppointmentSlot.objects.select_for_update().filter(pk__in=(wanted.pk, appointment.slot_id))
    list(both.order_by("pk"))
    now = _open(appointment)
    before, span = now.slot, _span(now.slot)
    if now.state != A.BOOKED or span is None or span[0] <= at:
        raise Conflict("只有约好了、还没有开始的才能改约", remedy="请取消后重新预约。")
    others = Appointment.objects.filter(person=now.person, item=now.item, slot=wanted, state__in=OPEN)
    if wanted.pk == before.pk or others.exists():
        raise Conflict(f"您已经约了{wanted}", remedy="请在“我的预约”里查看。")
    if not AppointmentSlot.objects.filter(pk=wanted.pk, taken__lt=F("places")).update(taken=F("taken") + 1):
        raise Conflict(f"{wanted}已经约满", remedy="原来的预约还在。请换一个半天。")
    Appointment.objects.filter(pk=now.pk).update(slot=wanted, reminded_at=None)
    record("window.move_appointment", now, by=by, at=at, facts={"from": before.pk, "to": wanted.pk})
    _free_place(before, by=by, at=at)
    return Appointment.objects.select_related("slot__skill__hall", "item").get(pk=now.pk)


def _span(slot: AppointmentSlot) -> Span | None:
    """Return from when until when a half-day is open, None when the hall is closed then."""
    hall = slot.skill.hall
    spans = halves_of(hall, slot.day, calendar_in_force())
    return next((spans[half] for half in spans if half == slot.half and hall.closed_on != slot.day), None)


def _open(appointment: Appointment) -> Appointment:
    locked = Appointment.objects.select_for_update(of=("self",)).select_related("slot__skill__hall", "item", "person")
    now = locked.get(pk=appointment.pk)
    if now.state not in OPEN:
        raise Conflict(f"{now}{now.get_state_display()}", remedy="请刷新页面查看。")
    return now


def end_appointment(appointment: Appointment, state: str, *, by: Allowed, at: datetime) -> None:
    Appointment.objects.filter(pk=appointment.pk).update(state=state, ended_at=at)
    record(f"window.appointment_{state}", appointment, by=by, at=at)
    emit(BOOKING_ENDED, appointment, by=by, at=at, **_facts(appointment))


def _facts(appointment: Appointment) -> dict[str, object]:
    slot = appointment.slot
    return {"hall": slot.skill.hall_id, "day": slot.day.isoformat(), "half": str(slot.half)}


def tell(kind: NotificationKind, appointment: Appointment, *, at: datetime, **more: str) -> None:
    slot = appointment.slot
    context = {
        "day": slot.day,
        "half": slot.get_half_display(),
        "hall": slot.skill.hall.name,
        "address": slot.skill.hall.address,
        "item": appointment.item.name,
        "code": appointment.code,
        **more,
    }
    notify(kind, [appointment.person_id], subject=appointment, context=context, at=at)


@transaction.atomic
def arrive(
    hall: Hall,
    code: str,
    *,
    priority: str = Priority.NONE,
    source: str = TicketSource.APPOINTMENT,
    by: Actor,
    at: datetime,
) -> Ticket:
    """Take the ticket of an appointment by its code, on its day."""
    by = authorize(by, Permission.TICKET_TAKE, hall, at=at)
    mine = Appointment.objects.filter(code=code.strip(), state=A.BOOKED, slot__skill__hall=hall, slot__day=day_of(at))
    found = mine.select_related("slot__skill__hall", "item").first()
    if found is None:
        raise BadInput("今天没有这个预约码", remedy="请核对短信或“我的预约”里的6位预约码，或者现场取号。")
    now = _open(found)
    ticket = take_ticket(now.slot.skill, item=now.item, priority=priority, source=source, appointment=now, by=by, at=at)
    end_appointment(now, A.ARRIVED, by=by, at=at)
    return ticket


@transaction.atomic
def take_by_code(hall: Hall, code: str, *, priority: str = Priority.NONE, by: Actor, at: datetime) -> Ticket:
    """Take the ticket of an appointment, or of whoever was not served when the hall closed, by the code they were told."""
    by = authorize(by, Permission.TICKET_TAKE, hall, at=at)
    if unserved := unserved_by_code(hall, code):
        return take_ticket(unserved.queue, instead_of=unserved.guid, priority=priority, by=by, at=at)
    return arrive(hall, code, priority=priority, by=by, at=at)


@transaction.atomic
def end_missed(*, by: Actor, at: datetime) -> int:
    """End appointments whose half-day is over and nobody came, and count them.

    Nobody has missed a half-day on which the hall did not open.
    """
    by = authorize(by, Permission.AUTOMATIC, at=at)
    late, missed = timedelta(minutes=policy().appointment.late_minutes), 0
    open_ones = Appointment.objects.filter(state__in=OPEN, slot__day__lte=day_of(at)).order_by("id")
    # Whoever arrives at this moment holds the row.
    locked = open_ones.select_for_update(
        of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
    )
    for each in locked.select_related("slot__skill__hall", "item"):
        span = _span(each.slot)
        if span is None or at >= span[1] + late:
            came_not = each.state == A.BOOKED and span is not None
            end_appointment(each, A.MISSED if came_not else A.CANCELLED, by=by, at=at)
            missed += came_not
    return missed


@transaction.atomic
def remind_appointments(*, by: Actor, at: datetime) -> int:
    """Remind once of appointments on the next working day or before, and count them."""
    authorize(by, Permission.AUTOMATIC, at=at)
    until = calendar_in_force().add_working_days(day_of(at), 1)
    due = Appointment.objects.filter(state=A.BOOKED, reminded_at=None, slot__day__gt=day_of(at), slot__day__lte=until)
    told = list(due.select_related("slot__skill__hall", "item"))
    for each in told:
        tell(REMINDER, each, at=at)
    Appointment.objects.filter(pk__in=[each.pk for each in told]).update(reminded_at=at)
    return len(told)
