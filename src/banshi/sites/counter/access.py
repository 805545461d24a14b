"""The ways counter pages reach a hall, a counter, a ticket: what the person at it may serve."""

from uuid import UUID

from banshi.core.clock import now, today
from banshi.core.errors import Conflict, Missing
from banshi.people.models import User
from banshi.window.models import Counter, FirstQuestion, Hall, Ticket
from banshi.window.queries import halls_served_by, tickets_with_names, unserved_in_halls
from banshi.window.questions import questions_visible_to

GONE = "它可能属于别的大厅，或者地址不对。"


def counter_for(user: User, pk: int) -> Counter:
    """Return a counter of a hall the user serves.

    Raises Missing.
    """
    found = Counter.objects.filter(pk=pk, active=True, hall__in=halls_served_by(user, at=now()))
    counter = found.select_related("hall", "clerk").first()
    if counter is None:
        raise Missing("没有这个窗口", remedy=GONE)
    return counter


def own_counter(user: User) -> Counter | None:
    """Find the counter the user sits at."""
    return Counter.objects.filter(clerk=user).select_related("hall__organ", "clerk").first()


def required_counter(user: User) -> Counter:
    counter = own_counter(user)
    if counter is None:
        raise Conflict("您还没有在窗口坐下", remedy="请先选一个窗口。")
    return counter


def ticket_for(user: User, guid: UUID) -> Ticket:
    """Return a ticket of today of a hall the user serves.

    Raises Missing.
    """
    found = tickets_with_names().filter(guid=guid, day=today(), hall__in=halls_served_by(user, at=now())).first()
    if found is None:
        raise Missing("没有这个号", remedy=GONE)
    return found


def unserved_for(user: User, guid: UUID) -> Ticket:
    """Return a ticket that a hall the user serves did not serve.

    Raises Missing.
    """
    found = unserved_in_halls(halls_served_by(user, at=now())).filter(guid=guid).first()
    if found is None:
        raise Missing("没有这个没有办到的号", remedy="它可能已经重新取号，或者属于别的大厅。")
    return found


def public_hall(code: str) -> Hall:
    """Return a hall by its code.

    Raises Missing.
    """
    hall = Hall.objects.filter(code=code, active=True).select_related("organ").first()
    if hall is None:
        raise Missing("没有这个大厅", remedy="请检查地址。")
    return hall


def question_for(user: User, pk: int) -> FirstQuestion:
    """Return a question the user has to do with.

    Raises Missing.
    """
    found = questions_visible_to(user, at=now()).filter(pk=pk).first()
    if found is None:
        raise Missing("没有这个首问", remedy="它可能由别人办。")
    return found
