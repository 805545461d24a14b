"""Planning backwards (倒排): from the final day to each phase of each batch, over working days."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from banshi.calendar.working_days import WorkingCalendar
from banshi.campaigns.plan import Plan


@dataclass(frozen=True, slots=True)
class Span:
    """The days, first and last included, of a batch ("" = all together) in a phase."""

    phase: str
    batch: str
    begins: date
    ends: date


def schedule_backwards(plan: Plan, final: date, calendar: WorkingCalendar) -> list[Span]:
    """Each phase ends the working day before the next begins. The last ends on `final`, or the working day before it.

    Batches go through reports and reviews for themselves, each `ahead` working days before the last one; what is held
    for all at once waits for the last batch, and is over before the first goes on.
    """
    spans, end = list[Span](), _working_on_or_before(calendar, final)
    for by_batch, phases in reversed([(key, list(some)) for key, some in groupby(plan.phases, lambda p: p.by_batch)]):
        ways = [(each.code, each.ahead) for each in plan.batches] if by_batch else [("", 0)]
        for batch, ahead in ways:
            ends = _minus(calendar, end, ahead)
            for phase in reversed(phases):
                begins = _minus(calendar, ends, phase.days - 1)
                spans.append(Span(phase.code, batch, begins, ends))
                ends = _day_before(calendar, begins)
        end = _day_before(calendar, min(each.begins for each in spans))
    return sorted(spans, key=lambda each: (each.begins, each.ends))


def _day_before(calendar: WorkingCalendar, day: date) -> date:
    return _minus(calendar, day, 1)


def _minus(calendar: WorkingCalendar, day: date, count: int) -> date:
    """Return the `count`-th working day before a working day."""
    for _ in range(count):
        day = _working_on_or_before(calendar, date.fromordinal(day.toordinal() - 1))
    return day


def _working_on_or_before(calendar: WorkingCalendar, day: date) -> date:
    while not calendar.is_working(day):
        day = date.fromordinal(day.toordinal() - 1)
    return day
