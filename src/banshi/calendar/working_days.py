"""Counting days and limits.

- 行政许可法 §82: limits of the administration are counted in working days, without statutory holidays.
- 民法典 §201: the day something begins does not count. §202: months end on the same day of the month, or its last.
- 民法典 §203: a limit that ends on a day of rest ends with the next working day.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

DAY = timedelta(days=1)


class LimitUnit(StrEnum):
    """Units of limits, with the standard's codes (时限单位)."""

    WORKING_DAY = "1"
    DAY = "2"
    MONTH = "3"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a limit, and the years on the way whose arrangement is not entered yet."""

    day: date
    doubtful_years: tuple[int, ...] = ()

    @property
    def doubt(self) -> str:
        """A warning to show beside the day, or ""."""
        if not self.doubtful_years:
            return ""
        years = "、".join(f"{year}年" for year in self.doubtful_years)
        return f"{years}的放假安排还没有录入，暂按周一至周五工作推算，日期可能变动"


@dataclass(frozen=True)
class WorkingCalendar:
    """Monday to Friday are working days except where `exceptions` say otherwise; `known` are the years entered in full."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    known: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def next_working(self, day: date) -> date:
        """`day` itself when it is a working day, else the next that is."""
        while not self.is_working(day):
            day += DAY
        return day

    def add_working_days(self, start: date, count: int) -> date:
        """The `count`-th working day after `start`, which does not count itself; 0 gives `start`."""
        if count < 0:
            raise ValueError("count is negative")
        return self._at(self._rank(start) + count) if count else start

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        return self._rank(end) - self._rank(start)

    def deadline(self, start: date, value: int, unit: LimitUnit | str) -> Deadline:
        """The last day of a limit of `value` units that begins with something happening on `start`."""
        day = self._last_day(start, value, LimitUnit(unit))
        return Deadline(day, self.doubtful_years(start, day))

    def doubtful_years(self, first: date, last: date) -> tuple[int, ...]:
        return tuple(year for year in range(first.year, last.year + 1) if year not in self.known)

    def _last_day(self, start: date, value: int, unit: LimitUnit) -> date:
        if unit is LimitUnit.WORKING_DAY:
            return self.next_working(self.add_working_days(start, value))
        if unit is LimitUnit.DAY:
            return self.next_working(start + value * DAY)
        return self.next_working(same_day_of_month(start, value))

    def _rank(self, day: date) -> int:
        """How many working days lie up to and including `day`, counted from an arbitrary Monday long ago."""
        position = bisect_right(self._changed, day)
        return _weekdays_up_to(day) + (self._shifts[position - 1] if position else 0)

    def _at(self, rank: int) -> date:
        """The working day of that rank: guess by the week, then walk the few days left."""
        day = date.fromordinal(1) + timedelta(days=rank // 5 * 7)
        while (missing := rank - self._rank(day)) > 5:
            day += timedelta(days=missing)
        while self._rank(day) >= rank:
            day -= DAY
        while self._rank(day) < rank:
            day += DAY
        return day

    @cached_property
    def _changed(self) -> list[date]:
        """Days that differ from the week's rule, in order."""
        return sorted(day for day, working in self.exceptions.items() if working != (day.weekday() < 5))

    @cached_property
    def _shifts(self) -> list[int]:
        """For each of `_changed`: by how much working days up to it differ from weekdays up to it."""
        return list(_running_total(1 if self.exceptions[day] else -1 for day in self._changed))


def same_day_of_month(start: date, months: int) -> date:
    """`months` later on the same day of the month, or the month's last day (民法典 §202)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _weekdays_up_to(day: date) -> int:
    """Mondays to Fridays from 0001-01-01 (a Monday) up to and including `day`."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


def _running_total(steps: Iterator[int]) -> Iterator[int]:
    total = 0
    for step in steps:
        total += step
        yield total
