"""A hall that does not open: closed early with people waiting, or closed on a half-day that was booked."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from banshi.access import Allowed, Permission, authorize
from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import day_of
from banshi.ledger import Actor, record
from banshi.window.actions.appointments import HOLD_A_PLACE, OPEN, SLOTS, end_appointment, tell
from banshi.window.actions.queue import leave_unserved
from banshi.window.enums import AppointmentState
from banshi.window.models import Appointment, AppointmentSlot, Hall
from banshi.window.notifications import NOT_OPEN
from banshi.window.opening import halves_of
from banshi.window.queries import waiting_in


@transaction.atomic
def close_hall(hall: Hall, *, by: Actor, at: datetime) -> int:
    """Close a hall for today and count who was not served: they are told so, and go first when they come again.

    Whoever has booked the rest of the day is told too.
    """
    by = authorize(by, Permission.HALL_MANAGE, hall, at=at)
    Hall.objects.filter(pk=hall.pk).update(closed_on=day_of(at))
    left = leave_unserved(waiting_in(hall, day=day_of(at)), by=by, at=at)
    ended = _end_closed(AppointmentSlot.objects.filter(skill__hall=hall, day=day_of(at)), by=by, at=at)
    record("window.close_hall", hall, by=by, at=at, facts={"unserved": left, "appointments": ended})
    return left


@transaction.atomic
def reopen_hall(hall: Hall, *, by: Actor, at: datetime) -> None:
    """Take an early closing back.

    Whoever was sent away goes first when coming again.
    """
    by = authorize(by, Permission.HALL_MANAGE, hall, at=at)
    Hall.objects.filter(pk=hall.pk).update(closed_on=None)
    record("window.reopen_hall", hall, by=by, at=at)


@transaction.atomic
def end_closed(*, by: Actor, at: datetime) -> int:
    """End appointments of half-days on which their hall will not open, as hours or holidays are now, and count them."""
    by = authorize(by, Permission.AUTOMATIC, at=at)
    return _end_closed(AppointmentSlot.objects.filter(day__gte=day_of(at)), by=by, at=at)


def _end_closed(slots: QuerySet[AppointmentSlot], *, by: Allowed, at: datetime) -> int:
    """Tell each person whose half-day is closed, and leave its places free in case it opens again."""
    ended, booked = 0, Appointment.objects.filter(state__in=OPEN).values("slot")
    for slot in SLOTS.filter(pk__in=slots.values("pk")).filter(pk__in=booked).order_by("pk"):
        if not _is_closed(slot, at):
            continue
        AppointmentSlot.objects.select_for_update().get(pk=slot.pk)
        there = Appointment.objects.filter(slot=slot, state__in=OPEN).select_related("slot__skill__hall", "item")
        for each in there.order_by("pk"):
            if each.state in HOLD_A_PLACE:
                AppointmentSlot.objects.filter(pk=slot.pk).update(taken=F("taken") - 1)
            end_appointment(each, AppointmentState.CANCELLED, by=by, at=at)
            tell(NOT_OPEN, each, at=at)
            ended += 1
    return ended


def _is_closed(slot: AppointmentSlot, at: datetime) -> bool:
    """Tell whether the hall does not open in a half-day that is not over."""
    hall = slot.skill.hall
    hours = {str(half): span for half, span in halves_of(hall, slot.day, calendar_in_force()).items()}
    if slot.half not in hours:
        return True
    return not hall.active or (hall.closed_on == slot.day and hours[slot.half][1] > at)
