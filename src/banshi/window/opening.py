"""Opening hours of a hall by the working calendar."""

from datetime import date, datetime, time, timedelta

from banshi.calendar.working_days import WorkingCalendar
from banshi.core.clock import CHINA, day_of
from banshi.window.enums import HalfDay
from banshi.window.models import Hall

NOON = time(12)
"""Spans that begin before it are the morning's."""
DAYS_LOOKED_AHEAD = 40
Span = tuple[datetime, datetime]


def spans_of(hall: Hall, day: date, calendar: WorkingCalendar) -> list[Span]:
    """List when a hall is open on a day, none when it is closed."""
    kind = "working" if calendar.is_working(day) else "rest"
    return [
        (datetime.combine(day, time.fromisoformat(begin), CHINA), datetime.combine(day, time.fromisoformat(end), CHINA))
        for begin, end in hall.hours.get(kind, [])
    ]


def is_open(hall: Hall, at: datetime, calendar: WorkingCalendar) -> bool:
    if hall.closed_on == day_of(at):
        return False
    return any(begin <= at < end for begin, end in spans_of(hall, day_of(at), calendar))


def half_of(begin: datetime) -> HalfDay:
    return HalfDay.MORNING if begin.astimezone(CHINA).time() < NOON else HalfDay.AFTERNOON


def halves_of(hall: Hall, day: date, calendar: WorkingCalendar) -> dict[HalfDay, Span]:
    """Return each half-day on which a hall is open, from its first opening to its last closing."""
    found: dict[HalfDay, Span] = {}
    for begin, end in spans_of(hall, day, calendar):
        half = half_of(begin)
        found[half] = (found[half][0], end) if half in found else (begin, end)
    return found


def next_opening(hall: Hall, at: datetime, calendar: WorkingCalendar) -> datetime | None:
    """Find when a hall opens next, None when not within the days looked ahead."""
    for ahead in range(DAYS_LOOKED_AHEAD):
        day = day_of(at) + timedelta(days=ahead)
        if hall.closed_on == day:
            continue
        for begin, _ in spans_of(hall, day, calendar):
            if begin > at:
                return begin
    return None


def closed_words(hall: Hall, at: datetime, calendar: WorkingCalendar) -> str:
    """Say that a hall is closed and when it opens again.

    Nothing while it is open.
    """
    if is_open(hall, at, calendar):
        return ""
    early = hall.closed_on == day_of(at)
    said = "今天已经提前闭厅，没有办到的号下次来最先办。" if early else "现在不开放。"
    opens = next_opening(hall, at, calendar)
    return f"{said}下次开放：{opens:%-m月%-d日 %H:%M}。" if opens else f"{said}什么时候开放，请看大厅的公告。"
