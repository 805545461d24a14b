"""The one clock. Sites and commands read `now()` and pass it down as `at=`. Nothing below them asks for the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

CHINA = ZoneInfo("Asia/Shanghai")
_stopped: ContextVar[datetime | None] = ContextVar("stopped_clock", default=None)


def now() -> datetime:
    """Return the present moment, aware, in China's time, or as many days ahead as a demonstration lives."""
    return _stopped.get() or datetime.now(CHINA) + settings.AHEAD


def today() -> date:
    return now().date()


def day_of(at: datetime) -> date:
    """Return the day a moment belongs to, in China."""
    return at.astimezone(CHINA).date()


def chinese_date(day: date) -> str:
    """Write a day out (2026年9月1日)."""
    return f"{day.year}年{day.month}月{day.day}日"


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` (tests, demonstrations)."""
    token = _stopped.set(moment)
    try:
        yield
    finally:
        _stopped.reset(token)
