"""Planning backwards (倒排): from the final day to each phase of each batch, over working days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from banshi.core.calendar import WorkingCalendar
from banshi.reviews.plan import Phase, Plan


@dataclass(frozen=True, slots=True)
class Span:
    """When a batch ("" = all together) is in a phase; both days count."""

    phase: str
    batch: str
    begins: date
    ends: date


def lay_back(plan: Plan, final: date, calendar: WorkingCalendar) -> list[Span]:
    """Each phase ends the working day before the next begins; the last ends on `final`, or the working day before it.

    Batches go through reports and reviews for themselves, each `ahead` working days before the last one.
    """
    end = _working_on_or_before(calendar, final)
    together = [each for each in plan.phases if not each.by_batch]
    first = next(place for place, each in enumerate(plan.phases) if each.by_batch)
    before = [each for each in together if plan.phases.index(each) < first]
    after = [each for each in together if plan.phases.index(each) >= first]
    spans = list(_back(after, "", end, calendar))
    joined = _day_before(calendar, spans[-1].begins)
    for batch in plan.batches:
        batch_end = _minus(calendar, joined, batch.ahead)
        spans += _back([each for each in plan.phases if each.by_batch], batch.code, batch_end, calendar)
    earliest = min(each.begins for each in spans)
    spans += _back(before, "", _day_before(calendar, earliest), calendar)
    return sorted(spans, key=lambda each: (each.begins, each.ends))


def _back(phases: list[Phase], batch: str, end: date, calendar: WorkingCalendar) -> Iterator[Span]:
    for phase in reversed(phases):
        begins = _minus(calendar, end, phase.days - 1)
        yield Span(phase.code, batch, begins, end)
        end = _day_before(calendar, begins)


def _day_before(calendar: WorkingCalendar, day: date) -> date:
    return _minus(calendar, day, 1)


def _minus(calendar: WorkingCalendar, day: date, count: int) -> date:
    """The `count`-th working day before a working day."""
    for _ in range(count):
        day = _working_on_or_before(calendar, date.fromordinal(day.toordinal() - 1))
    return day


def _working_on_or_before(calendar: WorkingCalendar, day: date) -> date:
    while not calendar.is_working(day):
        day = date.fromordinal(day.toordinal() - 1)
    return day
