"""The ways counter pages reach a hall, a counter, a ticket: what the person at it may serve."""

from uuid import UUID

from django.core.signing import BadSignature, Signer

from banshi.core.clock import now, today
from banshi.core.errors import Conflict, Missing
from banshi.people.models import User
from banshi.window.models import Counter, Hall, Ticket
from banshi.window.queries import halls_served_by, tickets_with_names

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


def public_hall(code: str) -> Hall:
    """Return a hall by its code.

    Raises Missing.
    """
    hall = Hall.objects.filter(code=code, active=True).select_related("organ").first()
    if hall is None:
        raise Missing("没有这个大厅", remedy="请检查地址。")
    return hall


SIGNER = Signer(salt="window.kiosk", sep="~")
"""A kiosk's address carries its hall and round; a new round ends the addresses given before."""


def kiosk_key(hall: Hall) -> str:
    return SIGNER.sign(f"{hall.code}.{hall.kiosk_round}")


def hall_of_kiosk(key: str) -> Hall:
    """Return the hall of a kiosk's address.

    Raises Missing.
    """
    try:
        code, _, given = SIGNER.unsign(key).rpartition(".")
    except BadSignature:
        raise Missing("取号机的地址不对", remedy="请由大厅管理员重新打开取号机页面。") from None
    hall = public_hall(code)
    if str(hall.kiosk_round) != given:
        raise Missing("取号机的地址已经换了", remedy="请由大厅管理员重新打开取号机页面。")
    return hall
