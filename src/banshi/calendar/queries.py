"""The calendar in force, kept in memory until somebody changes a year of it."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from uuid import UUID

from banshi.calendar.models import CalendarDay, CalendarYear
from banshi.calendar.statutory_holidays import statutory_holidays
from banshi.calendar.working_days import WorkingCalendar
from banshi.core.prepared import PreparedQuery

# From this month on, the coming year without its arrangement is worth a warning; the State Council issues it by then.
ARRANGEMENT_EXPECTED_MONTH = 11
FORESEEN = range(2025, 2101)
"""Years since the law of 2024-11-10 names thirteen days."""


def calendar_in_force() -> WorkingCalendar:
    """Read the calendar in force.

    The days are read again only after a change (in any process).
    """
    stamps = tuple(STAMPS())
    return _kept(stamps) if stamps else _load()


STAMPS = PreparedQuery(lambda: CalendarYear.objects.values_list("year", "stamp"))


@lru_cache(maxsize=4)
def _kept(stamps: tuple[tuple[int, UUID], ...]) -> WorkingCalendar:
    """Return the calendar as of the stamps."""
    # A change gives a year a new stamp, so what is kept is never stale.
    return _load()


def _load() -> WorkingCalendar:
    known = frozenset(CalendarYear.objects.filter(complete=True).values_list("year", flat=True))
    entered = dict(CalendarDay.objects.values_list("day", "working"))
    return arranged(entered, known)


def arranged(entered: Mapping[date, bool], known: frozenset[int]) -> WorkingCalendar:
    """Complete the days entered by the statutory holidays of years that nobody has arranged yet."""
    return WorkingCalendar(exceptions={**_statutory(known), **entered}, known=known)


@lru_cache(maxsize=4)
def _statutory(known: frozenset[int]) -> dict[date, bool]:
    return {day: False for year in FORESEEN if year not in known for day in statutory_holidays(year)}


def years_without_arrangement(today: date) -> list[int]:
    """List this year and, from November, the next, where the arrangement has not been entered in full."""
    due = [today.year] + ([today.year + 1] if today.month >= ARRANGEMENT_EXPECTED_MONTH else [])
    known = set(CalendarYear.objects.filter(complete=True, year__in=due).values_list("year", flat=True))
    return [year for year in due if year not in known]


def days_of(year: int) -> dict[date, CalendarDay]:
    """List days of `year` with an entry of their own."""
    return {entry.day: entry for entry in CalendarDay.objects.filter(day__year=year)}
