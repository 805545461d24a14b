"""Opening hours of a hall by the working calendar."""

from datetime import date, datetime, time, timedelta

from banshi.calendar.working_days import WorkingCalendar
from banshi.core.clock import CHINA, day_of
from banshi.window.enums import HalfDay
from banshi.window.models import Hall
from banshi.window.policy import policy

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
    return said + opens_again(hall, at, calendar)


def opens_again(hall: Hall, at: datetime, calendar: WorkingCalendar) -> str:
    opens = next_opening(hall, at, calendar)
    return f"下次开放：{opens:%-m月%-d日 %H:%M}。" if opens else "什么时候开放，请看大厅的公告。"


def ticket_spans(hall: Hall, day: date, calendar: WorkingCalendar) -> list[Span]:
    """List when numbers are given on a day: while the hall is open, until shortly before it closes for the day."""
    spans = [] if hall.closed_on == day else spans_of(hall, day, calendar)
    if not spans:
        return []
    last = max(end for _, end in spans) - timedelta(minutes=policy().queue.last_ticket_minutes)
    return [(begin, min(end, last)) for begin, end in spans if begin < last]


def no_ticket_words(hall: Hall, at: datetime, calendar: WorkingCalendar) -> str:
    """Say why no number is given and when one is again.

    Nothing while numbers are given.
    """
    if any(begin <= at < end for begin, end in ticket_spans(hall, day_of(at), calendar)):
        return ""
    if words := closed_words(hall, at, calendar):
        return words
    last = max(end for _, end in spans_of(hall, day_of(at), calendar))
    return f"今天已经停止取号，{last:%H:%M}闭厅。{opens_again(hall, at, calendar)}"
