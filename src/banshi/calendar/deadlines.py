"""Deadlines: due dates by working days, natural days or months, suspended clocks, days remaining.

- 行政许可法 §45, §82: limits of the administration are counted in working days, and special procedures do not count.
- 民法典 §201: the day something begins does not count. §202: months end on the same day of the month, or its last.
- 民法典 §203: a limit that ends on a day of rest ends with the next working day.

A clock that must survive changes of the calendar keeps the *rank* of its due day (`due_rank`) in place of the day.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from banshi.calendar.working_days import DAY, WorkingCalendar


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
        """Return a warning to show beside the day, or ""."""
        if not self.doubtful_years:
            return ""
        years = "、".join(f"{year}年" for year in self.doubtful_years)
        return f"{years}的放假安排还没有录入，暂按周一至周五工作、法定节假日放假推算，日期可能变动"


@dataclass(frozen=True, slots=True)
class Stop:
    """Days after `begin` up to and including `end` that do not count, the half-open span (begin, end]. Open: no end yet."""

    begin: date
    end: date | None = None

    @classmethod
    def inclusive(cls, begin: date, end: date | None) -> "Stop":
        """Read a span whose first day does not count either."""
        return cls(begin - DAY, end)


def union(stops: Iterable[Stop]) -> Iterator[Stop]:
    """Merge overlapping and touching stops, in order."""
    held: Stop | None = None
    for stop in sorted(stops, key=lambda each: each.begin):
        if held is None:
            held = stop
        elif held.end is not None and stop.begin > held.end:
            yield held
            held = stop
        elif held.end is not None:
            held = Stop(held.begin, None if stop.end is None else max(held.end, stop.end))
    if held:
        yield held


def due(
    start: date,
    limit: int,
    unit: LimitUnit | str,
    *,
    calendar: WorkingCalendar,
    extension: int = 0,
    stops: Iterable[Stop] = (),
) -> Deadline | None:
    """Reckon the last day of a limit that begins with something happening on `start`.

    None while a stop is open.

    An extension of natural days or months is counted from the start, the earlier and safer reading of the law.
    """
    last = unpostponed_due(start, limit, unit, calendar=calendar, extension=extension, stops=stops)
    if last is None:
        return None
    day = calendar.next_working(last)
    return Deadline(day, tuple(year for year in range(start.year, day.year + 1) if year not in calendar.known))


def unpostponed_due(
    start: date,
    limit: int,
    unit: LimitUnit | str,
    *,
    calendar: WorkingCalendar,
    extension: int = 0,
    stops: Iterable[Stop] = (),
) -> date | None:
    """Reckon the last day as `due` does, before one of rest is postponed."""
    unit, length = LimitUnit(unit), limit + extension
    if unit is LimitUnit.WORKING_DAY:
        rank = due_rank(start, length, calendar=calendar, stops=stops)
        return None if rank is None else max(start, calendar.day_of(rank))
    plain = start + length * DAY if unit is LimitUnit.DAY else same_day_of_month(start, length)
    number = _postponed(plain.toordinal(), start, stops, date.toordinal)
    return None if number is None else date.fromordinal(number)


def due_rank(
    start: date, limit: int, *, calendar: WorkingCalendar, extension: int = 0, stops: Iterable[Stop] = ()
) -> int | None:
    """Number the last working day of a limit, as `WorkingCalendar.rank_of` does.

    None while a stop is open.
    """
    return _postponed(calendar.rank_of(start) + limit + extension, start, stops, calendar.rank_of)


def _postponed(last: int, start: date, stops: Iterable[Stop], number: Callable[[date], int]) -> int | None:
    """Move the number of a last day by the days of the stops that begin before it."""
    for stop in union(stops):
        begin = max(stop.begin, start)
        if number(begin) >= last:
            break
        if stop.end is None:
            return None
        last += max(0, number(stop.end) - number(begin))
    return last


def used(start: date, on: date, *, calendar: WorkingCalendar, stops: Iterable[Stop] = ()) -> int:
    """Count the working days of a clock that ran from `start`, up to and including `on`, without its stops."""
    spans = ((max(each.begin, start), on if each.end is None else min(each.end, on)) for each in union(stops))
    stopped = sum(max(0, calendar.working_days_between(begin, end)) for begin, end in spans)
    return calendar.working_days_between(start, on) - stopped


@dataclass(frozen=True, slots=True)
class Remaining:
    """A last day, and how many working days are left. Negative when it is over."""

    day: date
    left: int
    today: bool = True
    """With no working day left: whether the last day is today, or a day of rest still to come."""

    @property
    def late(self) -> bool:
        return self.left < 0

    @property
    def words(self) -> str:
        if self.left == 0:
            return "今天到期" if self.today else f"{self.day.month}月{self.day.day}日到期，已没有工作日"
        return f"还有{self.left}个工作日" if self.left > 0 else f"逾期{-self.left}个工作日"


def remaining(last: date, *, on: date, calendar: WorkingCalendar) -> Remaining:
    """See a last day from the day `on`.

    One that is over is at least one day late, though no working day has passed.
    """
    left = calendar.working_days_between(on, last)
    return Remaining(last, left if on <= last else min(left, -1), on == last)


def warned_until(on: date, within: int, *, calendar: WorkingCalendar) -> date:
    """Find the latest last day that is at most `within` working days off on the day `on`."""
    return calendar.next_working(calendar.add_working_days(on, within))


def same_day_of_month(start: date, months: int) -> date:
    """Add months, ending on the same day or the month's last (民法典 §202)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
