"""The stream of a hall's calls, for its screens."""

from datetime import datetime
from typing import Any

from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import CHINA, day_of
from banshi.sites.counter.access import public_hall
from banshi.sites.kit.streams import StreamEvent, StreamReading, register
from banshi.window.models import Call
from banshi.window.opening import closed_words
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
    closed = closed_words(hall, at, calendar_in_force())
    state = {"calls": lines, "waiting": waiting_in(hall, day=day).count(), "closed": closed}
    return StreamReading(state, tuple(StreamEvent(each.pk, "call", _line(each)) for each in calls))


def _line(call: Call) -> dict[str, Any]:
    return {
        "ticket": call.ticket.label,
        "counter": call.counter.number,
        "at": call.at.astimezone(CHINA).strftime("%H:%M"),
    }


register(CALLS, read_calls)
