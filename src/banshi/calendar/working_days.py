"""Working days: counting and numbering them (行政许可法 §82)."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate

DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingCalendar:
    """Monday to Friday are working days except where `exceptions` say otherwise.

    `known` are the years entered in full.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    known: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def next_working(self, day: date) -> date:
        """Find the first working day on or after `day`."""
        while not self.is_working(day):
            day += DAY
        return day

    def add_working_days(self, start: date, count: int) -> date:
        """Return the `count`-th working day after `start`, which does not count itself.

        0 gives `start`.
        """
        if count < 0:
            raise ValueError("count is negative")
        return self.day_of(self.rank_of(start) + count) if count else start

    def working_days_between(self, start: date, end: date) -> int:
        """Count working days after `start` up to and including `end`.

        Negative when `end` lies before `start`.
        """
        return self.rank_of(end) - self.rank_of(start)

    def rank_of(self, day: date) -> int:
        """Number `day`: how many working days lie from 0001-01-01 up to and including it."""
        position = bisect_right(self._changed, day)
        # Mondays to Fridays from 0001-01-01 (a Monday) up to and including `day`.
        weeks, rest = divmod(day.toordinal(), 7)
        return (weeks * 5 + min(rest, 5)) + (self._shifts[position - 1] if position else 0)

    def day_of(self, rank: int) -> date:
        """Find the working day of that rank, by the week first and then by the few days left."""
        day = date.fromordinal(1) + timedelta(days=rank // 5 * 7)
        while (missing := rank - self.rank_of(day)) > 5:
            day += timedelta(days=missing)
        while self.rank_of(day) >= rank:
            day -= DAY
        while self.rank_of(day) < rank:
            day += DAY
        return day

    @cached_property
    def _changed(self) -> list[date]:
        """Days that differ from the week's rule, in order."""
        return sorted(day for day, working in self.exceptions.items() if working != (day.weekday() < 5))

    @cached_property
    def _shifts(self) -> list[int]:
        """For each of `_changed`: by how much working days up to it differ from weekdays up to it."""
        return list(accumulate(1 if self.exceptions[day] else -1 for day in self._changed))
