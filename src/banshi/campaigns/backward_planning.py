"""Planning backwards (倒排): from the final day to each phase of each batch, over the days the plan counts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from banshi.calendar.working_days import DAY, WorkingCalendar
from banshi.campaigns.enums import DayCount
from banshi.campaigns.plan import Phase, Plan


@dataclass(frozen=True, slots=True)
class Span:
    """The days, first and last included, of a batch ("" = all together) in a phase."""

    phase: str
    batch: str
    begins: date
    ends: date


def schedule_backwards(plan: Plan, final: date, calendar: WorkingCalendar) -> list[Span]:
    """Schedule each phase to end the day before the next begins.

    The last ends on `final`, or the day that counts before it.

    Batches go through reports and reviews for themselves, each `ahead` days before the last one; what is held for all
    at once waits for the last batch, and is over before the first goes on. Days are those the plan counts.
    """
    counts: Counts = calendar.is_working if plan.count == DayCount.WORKING else _always
    last = _counted_on_or_before(counts, final)
    spans, end = list[Span](), last
    for by_batch, phases in reversed([(key, list(some)) for key, some in groupby(plan.phases, lambda p: p.by_batch)]):
        if phases[0].before:
            spans += [
                Span(phase.code, batch, _minus(counts, last, begin), _minus(counts, last, until))
                for phase in phases
                for batch, (begin, until) in phase.before.items()
            ]
        else:
            ways = [(each.code, each.ahead) for each in plan.batches] if by_batch else [("", 0)]
            for batch, ahead in ways:
                ends = _minus(counts, end, ahead)
                for block in reversed(_side_by_side(phases)):
                    begins = _minus(counts, ends, max(phase.days for phase in block) - 1)
                    spans += [Span(each.code, batch, begins, _plus(counts, begins, each.days - 1)) for each in block]
                    ends = _minus(counts, begins, 1)
        end = _minus(counts, min(each.begins for each in spans), 1)
    return sorted(spans, key=lambda each: (each.begins, each.ends))


Counts = Callable[[date], bool]


def _always(day: date) -> bool:
    return True


def _side_by_side(phases: list[Phase]) -> list[list[Phase]]:
    """Group phases that begin together into blocks."""
    blocks: list[list[Phase]] = []
    for phase in phases:
        if phase.alongside and blocks:
            blocks[-1].append(phase)
        else:
            blocks.append([phase])
    return blocks


def _minus(counts: Counts, day: date, count: int) -> date:
    """Return the `count`-th day that counts before one that does."""
    for _ in range(count):
        day = _counted_on_or_before(counts, day - DAY)
    return day


def _plus(counts: Counts, day: date, count: int) -> date:
    for _ in range(count):
        day += DAY
        while not counts(day):
            day += DAY
    return day


def _counted_on_or_before(counts: Counts, day: date) -> date:
    while not counts(day):
        day -= DAY
    return day
