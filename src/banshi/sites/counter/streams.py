"""The stream of a hall's calls, for its screens."""

from datetime import datetime
from typing import Any

from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import CHINA, day_of
from banshi.sites.counter.access import public_hall
from banshi.sites.kit.streams import StreamEvent, StreamReading, register
from banshi.window.models import Call, Hall
from banshi.window.opening import closed_words, no_ticket_words, ticket_spans
from banshi.window.queries import last_calls, waiting_in

CALLS = "calls"


def read_calls(code: str, at: datetime) -> StreamReading:
    """Read the newest calls of a hall and how many wait.

    Raises Missing.
    """
    hall, day = public_hall(code), day_of(at)
    calls = last_calls(hall, day=day)[::-1]
    # Each ticket once, where it was called last, the newest first.
    lines = list({each.ticket_id: _line(each) for each in calls}.values())[::-1]
    closed, waiting = closed_words(hall, at, calendar_in_force()), waiting_in(hall, day=day).count()
    state = {"calls": lines, "waiting": waiting, "closed": closed, **tickets_told(hall, at)}
    return StreamReading(state, tuple(StreamEvent(each.pk, "call", _line(each)) for each in calls))


def tickets_told(hall: Hall, at: datetime) -> dict[str, Any]:
    """Tell kiosks why no number is given now, and from when until when numbers are given today, which they keep for a time without network."""
    calendar = calendar_in_force()
    spans = ticket_spans(hall, day_of(at), calendar)
    hours = [[int(moment.timestamp() * 1000) for moment in span] for span in spans]
    return {"no_tickets": no_ticket_words(hall, at, calendar), "hours": hours}


def _line(call: Call) -> dict[str, Any]:
    return {
        "ticket": call.ticket.label,
        "counter": call.counter.number,
        "at": call.at.astimezone(CHINA).strftime("%H:%M"),
    }


register(CALLS, read_calls)
