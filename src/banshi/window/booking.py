"""Reads of appointments: which half-days have places, and who may book."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from banshi.calendar.queries import calendar_in_force
from banshi.catalog.models import Item
from banshi.core.clock import day_of
from banshi.core.prepared import PreparedQuery
from banshi.people.models import User
from banshi.window.enums import AppointmentState, HalfDay
from banshi.window.models import Appointment, AppointmentQuota, AppointmentSlot, Hall, Skill
from banshi.window.opening import halves_of
from banshi.window.policy import policy
from banshi.window.queries import skill_for

QUOTAS = PreparedQuery(lambda skill, item: AppointmentQuota.objects.filter(skill=skill, item=item))
MISSED_DAYS = PreparedQuery(
    lambda person: (
        Appointment.objects.filter(person=person, state=AppointmentState.MISSED)
        .order_by("-slot__day")
        .values_list("slot__day", flat=True)
    )
)


@dataclass(frozen=True, slots=True)
class OpenHalfDay:
    """A half-day as one chooses it. `waiting` are those who wait for a place."""

    day: date
    half: HalfDay
    begins: datetime
    left: int
    waiting: int


def places_of(skill: Skill, item: Item, half: str) -> tuple[int, Item | None]:
    """Return the places of a half-day, and the item where it has a quota of its own."""
    own = QUOTAS.first(skill.pk, item.pk)
    morning = half == HalfDay.MORNING
    if own:
        return (own.morning_places if morning else own.afternoon_places), item
    return (skill.morning_places if morning else skill.afternoon_places), None


def bookable_halls(item: Item) -> list[Hall]:
    """List halls that give appointments for an item, those of its own division first."""
    division = item.organ.division
    halls = Hall.objects.filter(active=True).select_related("organ__division")
    near = [each for each in halls if division.code.startswith(each.organ.division.prefix)]
    return [
        each
        for each in near
        if (skill := skill_for(item, each)) and any(places_of(skill, item, half)[0] for half in HalfDay.values)
    ]


def open_half_days(item: Item, hall: Hall, *, at: datetime) -> list[OpenHalfDay]:
    """List half-days of the coming working days, none on which the hall is closed."""
    skill = skill_for(item, hall)
    if skill is None:
        return []
    calendar, today = calendar_in_force(), day_of(at)
    given = dict(zip(HalfDay.values, (places_of(skill, item, half) for half in HalfDay.values), strict=True))
    own = next((about for _, about in given.values() if about), None)
    last = calendar.add_working_days(today, policy().appointment.days_ahead)
    slots = AppointmentSlot.objects.filter(skill=skill, item=own, day__range=(today, last))
    known = {(each.day, each.half): each for each in slots}
    waiting = Appointment.objects.filter(slot__in=slots, state=AppointmentState.QUEUED)
    queued = dict(waiting.order_by().values_list("slot").annotate(Count("id")))
    found = []
    for ahead in range((last - today).days + 1):
        day = today + timedelta(days=ahead)
        for half, (begins, _) in halves_of(hall, day, calendar).items():
            slot, places = known.get((day, half)), given[half][0]
            if places and begins > at and hall.closed_on != day:
                left = slot.places - slot.taken if slot else places
                found.append(OpenHalfDay(day, half, begins, left, queued.get(slot.pk, 0) if slot else 0))
    return found


def appointments_of(person: User) -> QuerySet[Appointment]:
    """List a person's appointments, each with how many wait before it for a place of its half-day."""
    earlier = Appointment.objects.filter(slot=OuterRef("slot"), state=AppointmentState.QUEUED, pk__lt=OuterRef("pk"))
    before = earlier.order_by().values("slot").annotate(count=Count("pk")).values("count")
    return (
        Appointment.objects.filter(person=person)
        .annotate(before=Coalesce(Subquery(before), 0))
        .select_related("slot__skill__hall", "item", "ticket")
        .order_by("-slot__day", "-id")
    )


def paused_until(person: User, *, at: datetime) -> date | None:
    """Return until when a person who did not come too often may not book, None when free to."""
    rule, today = policy().appointment, day_of(at)
    since = today - timedelta(days=rule.missed_within_days)
    last = [day for day in MISSED_DAYS(person.pk) if day > since][: rule.missed_times]
    until = last[0] + timedelta(days=rule.paused_days) if len(last) == rule.missed_times else None
    return until if until and until >= today else None
