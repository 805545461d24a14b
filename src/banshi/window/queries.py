"""Reads of halls: who waits, who was called, how long it takes."""

from collections import Counter as Counts
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from statistics import median

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from banshi.access import Permission
from banshi.catalog.models import Item
from banshi.core.clock import day_of
from banshi.core.prepared import PreparedQuery
from banshi.people.models import User
from banshi.people.posts import organs_where
from banshi.window.enums import AT_A_COUNTER, TicketState
from banshi.window.models import Call, Counter, Hall, Skill, Ticket
from banshi.window.policy import policy

CALLS_SHOWN = 8
UNSERVED_KNOWN = 500
LEAST_TO_LEARN = 5
"""Served cases below which experience says nothing yet."""


def halls_served_by(user: User, *, at: datetime) -> QuerySet[Hall]:
    """List the halls whose people the user may call."""
    organs = organs_where(user, Permission.WINDOW_SERVE, at)
    return Hall.objects.filter(organ__in=organs, active=True).select_related("organ__division")


def tickets_with_names() -> QuerySet[Ticket]:
    return Ticket.objects.select_related("skill", "queue", "hall", "item", "counter", "clerk", "wanted")


def waiting_in(hall: Hall, *, day: date) -> QuerySet[Ticket]:
    """List those who wait, in the order they are called."""
    return tickets_with_names().filter(hall=hall, day=day, state=TicketState.WAITING).order_by("order_at", "id")


def waiting_for(counter: Counter, *, day: date) -> QuerySet[Ticket]:
    """List those whom a counter may call, in order."""
    return _waiting_for(counter.pk, day)


def _waiting_for(counter: int, day: date) -> QuerySet[Ticket]:
    skills = Counter.skills.through.objects.filter(counter=counter).values("skill")
    return _callable_at(counter, day).filter(queue__in=skills).order_by("order_at", "id")


def _callable_at(counter: int, day: date) -> QuerySet[Ticket]:
    """List who waits and does not wait for another counter, whatever the queue."""
    mine = Q(wanted=None) | Q(wanted=counter)
    return Ticket.objects.filter(mine, day=day, state=TicketState.WAITING)


def _first_of_queues(counter: int, day: date) -> QuerySet[Ticket]:
    """Find the first of each queue of a counter by its index, so that a call costs the same however many wait."""
    first = _callable_at(counter, day).filter(queue=OuterRef("pk")).order_by("order_at", "id").values("pk")[:1]
    queues = Skill.objects.filter(counters=counter).values_list(Subquery(first))
    return Ticket.objects.filter(pk__in=queues).order_by("order_at", "id")


def _locked_first(found: QuerySet[Ticket]) -> QuerySet[Ticket]:
    skip = connection.features.has_select_for_update_skip_locked
    return found.select_for_update(of=("self",), skip_locked=skip)[:1]


NEXT = PreparedQuery(lambda counter, day: _locked_first(_first_of_queues(counter, day)))
"""Who is called next at a counter on a day, locked; none when nobody waits or other counters are calling the first."""
NEXT_FREE = PreparedQuery(lambda counter, day: _locked_first(_waiting_for(counter, day)))
"""The same among all who wait."""


def ticket_at(counter: Counter) -> Ticket | None:
    """Find whom a counter has called or serves now."""
    return AT_COUNTER.first(counter.pk)


AT_COUNTER = PreparedQuery(
    lambda counter: tickets_with_names().filter(counter=counter, state__in=AT_A_COUNTER).order_by("id")
)
NAMED = PreparedQuery(lambda ticket: tickets_with_names().filter(pk=ticket))


def skipped_in(hall: Hall, *, day: date) -> QuerySet[Ticket]:
    return tickets_with_names().filter(hall=hall, day=day, state=TicketState.SKIPPED).order_by("-ended_at", "id")


def unserved_in_halls(halls: QuerySet[Hall]) -> QuerySet[Ticket]:
    """List tickets that a closing hall did not serve and whose holders have not come again, the newest first."""
    found = tickets_with_names().filter(hall__in=halls, state=TicketState.UNSERVED, again=None)
    return found.order_by("-day", "id")


def unserved_in(hall: Hall) -> QuerySet[Ticket]:
    return unserved_in_halls(Hall.objects.filter(pk=hall.pk))


def unserved_by_code(hall: Hall, code: str) -> Ticket | None:
    """Find a ticket of the last days that the hall did not serve by the code on its page."""
    recent = unserved_in(hall)[:UNSERVED_KNOWN]
    return next((each for each in recent if each.again_code == code.strip()), None)


def last_calls(hall: Hall, *, day: date, after: int = 0) -> list[Call]:
    """List the newest calls of a day, newest first."""
    found = Call.objects.filter(hall=hall, ticket__day=day, pk__gt=after).select_related("ticket__skill", "counter")
    return list(found.order_by("-id")[:CALLS_SHOWN])


def skill_for(item: Item, hall: Hall) -> Skill | None:
    """Find the queue of an item: of its organ, else the one that takes what no other takes."""
    found = SKILLS_OF_ORGAN.first(hall.pk, item.organ_id) or SKILLS_OF_NONE.first(hall.pk)
    if found:
        found.hall = hall
    return found


SKILLS_OF_ORGAN = PreparedQuery(lambda hall, organ: Skill.objects.filter(hall=hall, active=True, organs=organ))
SKILLS_OF_NONE = PreparedQuery(
    lambda hall: Skill.objects.filter(hall=hall, active=True).annotate(named=Count("organs")).filter(named=0)
)


@dataclass(frozen=True, slots=True)
class Wait:
    """Number of people before one, and about how many minutes that takes."""

    ahead: int
    minutes: int


def expected_wait(ticket: Ticket, *, at: datetime) -> Wait:
    """Estimate the wait of a ticket."""
    before = waiting_in(ticket.hall, day=ticket.day).filter(queue=ticket.queue_id, order_at__lt=ticket.order_at)
    return wait_behind(ticket.queue, before, at=at)


def wait_behind(skill: Skill, before: QuerySet[Ticket], *, at: datetime) -> Wait:
    """Estimate the wait behind some tickets by the medians of their items, shared by the open counters.

    Whoever is served now is half done.
    """
    ahead = Counts(before.order_by().values_list("item_id", flat=True))
    typical = service_minutes(skill, at=at)
    open_counters = skill.counters.filter(clerk__isnull=False, paused_at=None)
    desks = open_counters.count()
    busy = Ticket.objects.filter(counter__in=open_counters.values("pk"), state__in=AT_A_COUNTER).count()
    usual = typical[None]
    work = sum(typical.get(item, usual) * many for item, many in ahead.items()) + busy * usual / 2
    waits = work / max(desks, 1) if ahead or busy >= max(desks, 1) else 0
    return Wait(ahead.total(), ceil(waits))


def service_minutes(skill: Skill, *, at: datetime) -> dict[int | None, float]:
    """Return the median minutes of each item among the last ones served, under None that of the whole queue."""
    rule = policy().estimate
    done = Ticket.objects.filter(queue=skill, state=TicketState.SERVED, ended_at__gte=at - timedelta(days=rule.days))
    took = done.order_by("-ended_at").values_list("item_id", "served_from", "ended_at")[: rule.cases]
    by_item: dict[int | None, list[float]] = defaultdict(list)
    every: list[float] = []
    for item, begun, ended in took:
        if begun is None or ended is None:
            continue
        minutes = (ended - begun).total_seconds() / 60
        by_item[item].append(minutes)
        every.append(minutes)
    known: dict[int | None, float] = {
        item: median(some) for item, some in by_item.items() if item and len(some) >= LEAST_TO_LEARN
    }
    return {**known, None: median(every) if len(every) >= LEAST_TO_LEARN else float(skill.minutes)}


def estimate_error(hall: Hall, *, at: datetime) -> dict[int, tuple[int, float]]:
    """Compare what people were told with what they waited, by queue: how many, and the median error in minutes."""
    since = day_of(at) - timedelta(days=policy().estimate.days)
    told = Ticket.objects.filter(hall=hall, day__gte=since, foreseen_minutes__isnull=False, called_at__isnull=False)
    wrong: dict[int, list[float]] = defaultdict(list)
    for skill, foreseen, taken, called in told.order_by("-id").values_list(
        "queue_id", "foreseen_minutes", "taken_at", "called_at"
    )[:5000]:
        if called is None or foreseen is None:
            continue
        wrong[skill].append(abs((called - taken).total_seconds() / 60 - foreseen))
    return {skill: (len(some), median(some)) for skill, some in wrong.items()}


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A hall's day in numbers. `waited` and `waited_most` are the median and the ninth decile of the minutes waited."""

    taken: int
    waiting: int
    at_counters: int
    served: int
    skipped: int
    left: int
    waited: int | None
    waited_most: int | None


def day_figures(hall: Hall, *, day: date) -> DayFigures:
    """Count a day's tickets by what became of them."""
    tickets = Ticket.objects.filter(hall=hall, day=day)
    by_state = dict(tickets.order_by().values_list("state").annotate(Count("id")))
    moments = tickets.filter(called_at__isnull=False).values_list("taken_at", "called_at")
    waits = sorted((called - taken).total_seconds() / 60 for taken, called in moments if called)
    return DayFigures(
        taken=sum(by_state.values()),
        waiting=by_state.get(TicketState.WAITING, 0),
        at_counters=sum(by_state.get(each, 0) for each in AT_A_COUNTER),
        served=by_state.get(TicketState.SERVED, 0),
        skipped=by_state.get(TicketState.SKIPPED, 0),
        left=by_state.get(TicketState.LEFT, 0) + by_state.get(TicketState.UNSERVED, 0),
        waited=round(median(waits)) if waits else None,
        waited_most=round(waits[int(len(waits) * 0.9)]) if waits else None,
    )
