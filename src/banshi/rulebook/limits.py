"""Limits made comparable: natural days and months in working days, by the calendar of the years that are known.

Nothing here needs the database: workers that examine files start without it.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from django.conf import settings

from banshi.catalog.enums import TimeUnit
from banshi.catalog.guide.document import TimeLimit

if TYPE_CHECKING:
    from banshi.calendar.working_days import WorkingCalendar

HOURS_A_DAY = 8
SHORTEST_MONTH, LONGEST_MONTH = 28, 31
COUNTED_TO = 400
"""Longer stretches than this are reckoned by the week: a holiday more or less says nothing any more."""
HALVES = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)?个?(半)?个?(工作日|小时|天)(半)?(?:内|之内|以内)?")
"""Limits with half units, which the document holds in words (0.5个工作日, 1天半, 2.5小时)."""
TAKEN, GIVEN = 14, 2
"""Working days that long holidays take from such a stretch at most, and that days worked instead give it."""


@dataclass(frozen=True, slots=True)
class NaturalDays:
    """The fewest and the most working days in so many natural days, wherever they begin."""

    counted: tuple[tuple[int, int], ...] = ()

    def within(self, days: int) -> tuple[int, int]:
        if days < len(self.counted):
            return self.counted[days]
        return max(0, days - 2 * -(-days // 7) - TAKEN), min(days, days - 2 * (days // 7) + GIVEN)


def natural_days(calendar: "WorkingCalendar") -> NaturalDays:
    """Convert by the calendar's known years, without any by the week."""
    if not calendar.known:
        return NaturalDays()
    first, last = (year.toordinal() for year in (date(min(calendar.known), 1, 1), date(max(calendar.known), 12, 31)))
    days = (calendar.is_working(date.fromordinal(day)) for day in range(first, last + 1))
    working = list(accumulate(days, initial=0))
    lengths = range(min(COUNTED_TO, len(working) // 2))
    held = ([after - before for before, after in zip(working, working[length:], strict=False)] for length in lengths)
    return NaturalDays(tuple((min(each), max(each)) for each in held))


@cache
def shipped_days() -> NaturalDays:
    """Convert by the arrangements that come with the program.

    Where there is a database, its calendar goes first.
    """
    from banshi.calendar.actions import read_arrangement
    from banshi.calendar.working_days import WorkingCalendar

    files = sorted((settings.DATA / "calendars").glob("cn-*.csv"))
    read = [read_arrangement(path.read_text("utf-8")) for path in files]
    exceptions = {day.day: day.working for each in read for day in each.days}
    return natural_days(WorkingCalendar(exceptions, frozenset(each.year for each in read)))


def in_plain_weeks(limit: TimeLimit, *, at_most: bool) -> float | None:
    """Return the limit in working days of weeks without holidays and without days worked instead."""
    days = (
        limit.value * (LONGEST_MONTH if at_most else SHORTEST_MONTH)
        if limit.value and limit.unit == TimeUnit.MONTH
        else limit.value
    )
    if limit.immediate or days is None or limit.unit not in (TimeUnit.DAY, TimeUnit.MONTH):
        return working_days(limit, NaturalDays(), at_most=at_most)
    weeks, rest = divmod(days, 7)
    return float(5 * weeks + (min(rest, 5) if at_most else max(0, rest - 2)))


def working_days(limit: TimeLimit, natural: NaturalDays, *, at_most: bool) -> float | None:
    """Return the limit in working days.

    Of natural days and months the most, or the fewest, that can lie in them.

    Returns None when the limit has no number.
    """
    if limit.immediate:
        return 0
    if limit.value is None:
        halves = HALVES.fullmatch(limit.text.replace("½", "半"))
        if not halves:
            return None
        amount = float(halves[1] or 0) + 0.5 * bool(halves[2] or halves[4])
        return amount / HOURS_A_DAY if halves[3] == "小时" else amount
    if limit.unit == TimeUnit.WORKING_DAY:
        return float(limit.value)
    if limit.unit == TimeUnit.HOUR:
        return float(limit.value / HOURS_A_DAY)
    month = LONGEST_MONTH if at_most else SHORTEST_MONTH
    days: int = limit.value * month if limit.unit == TimeUnit.MONTH else limit.value
    fewest, most = natural.within(days)
    return most if at_most else fewest
