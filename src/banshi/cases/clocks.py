"""Clocks of cases: due ranks in place of days, so that a change of the calendar touches no row."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from banshi.calendar.deadlines import LimitUnit, Remaining, Stop, due_rank, remaining, unpostponed_due
from banshi.calendar.explanations import UNITS, explain_due
from banshi.calendar.working_days import WorkingCalendar
from banshi.cases.enums import ClockKind
from banshi.cases.models import Case, CaseClock, CaseTask, ClockStop
from banshi.cases.policy import policy
from banshi.catalog.enums import ItemKind, TimeUnit
from banshi.catalog.guide.document import Guide, TimeLimit
from banshi.core.clock import chinese_date

HOURS = 24
DAYS_OF_A_MONTH = 30
Counted = CaseClock | CaseTask


def counted(limit: TimeLimit) -> tuple[int, TimeUnit] | None:
    """Return a limit as whole units a clock counts in.

    None where the guide gives no number.
    """
    if limit.immediate:
        return 0, TimeUnit.WORKING_DAY
    if limit.value is None:
        return None
    if limit.unit == TimeUnit.HOUR:
        return -(-limit.value // HOURS), TimeUnit.DAY
    return limit.value, TimeUnit(limit.unit)


def clocks_of(guide: Guide, item_kind: str, *, began_on: date) -> list[CaseClock]:
    """Make the clocks that begin with acceptance: what was promised, and what the law allows at most."""
    promised, statutory = counted(guide.promised_limit), counted(guide.statutory_limit)
    if statutory is None and item_kind == ItemKind.LICENCE:
        statutory = policy().statutory.days, TimeUnit.WORKING_DAY
    limits = ((ClockKind.PROMISED, promised), (ClockKind.STATUTORY, statutory))
    return [CaseClock(kind=kind, began_on=began_on, limit=of[0], unit=of[1]) for kind, of in limits if of is not None]


def spans(stops: Iterable[ClockStop]) -> list[Stop]:
    """Read stops as the office counts them, half-open unless it says otherwise."""
    make = Stop.inclusive if policy().stops.inclusive else Stop
    return [make(each.began_on, each.ended_on) for each in stops]


def count(clock: Counted, stops: Iterable[Stop], *, calendar: WorkingCalendar) -> None:
    """Set when a clock is due: a rank, a day, or neither while a stop is open."""
    if clock.limit is None:
        return
    extension = getattr(clock, "extension", 0)
    if clock.limit + extension == 0:
        clock.due_rank = calendar.rank_of(calendar.next_working(clock.began_on))
    elif clock.unit == TimeUnit.WORKING_DAY:
        clock.due_rank = due_rank(clock.began_on, clock.limit, calendar=calendar, extension=extension, stops=stops)
    else:
        unit = LimitUnit(clock.unit)
        clock.due_day = unpostponed_due(
            clock.began_on, clock.limit, unit, calendar=calendar, extension=extension, stops=stops
        )


def main_due(clocks: Iterable[CaseClock]) -> dict[str, Any]:
    """Return the fields of a case that say until when: what was promised before what the law allows at most."""
    running = {each.kind: each for each in clocks if each.ended_on is None}
    order = (ClockKind.ACCEPTANCE, ClockKind.PROMISED, ClockKind.STATUTORY, ClockKind.DELIVERY)
    main = next((running[kind] for kind in order if kind in running), None)
    if main is None:
        return {"due_kind": "", "due_rank": None, "due_day": None, "due_limit": None}
    days = (main.limit + main.extension) * (DAYS_OF_A_MONTH if main.unit == TimeUnit.MONTH else 1)
    return {"due_kind": main.kind, "due_rank": main.due_rank, "due_day": main.due_day, "due_limit": days}


def due_on(clock: Case | Counted, *, calendar: WorkingCalendar) -> date | None:
    """Return the last day, by the calendar as it is now.

    None while the clock stands still, and where nothing is due.
    """
    if clock.due_rank is not None:
        return calendar.day_of(clock.due_rank)
    return calendar.next_working(clock.due_day) if clock.due_day else None


def is_over(clock: Case | Counted, *, on: date, calendar: WorkingCalendar) -> bool:
    """Tell whether the last day has gone by."""
    last = due_on(clock, calendar=calendar)
    return last is not None and last < on


def left_of(clock: Case | Counted, *, on: date, calendar: WorkingCalendar) -> Remaining | None:
    last = due_on(clock, calendar=calendar)
    return remaining(last, on=on, calendar=calendar) if last else None


def timing_of(case: Case, decided_on: date, *, calendar: WorkingCalendar) -> dict[str, int]:
    """Measure a decision against what is due, in the days of its limit."""
    last = due_on(case, calendar=calendar)
    if last is None:
        return {}
    working = case.due_rank is not None
    left = calendar.working_days_between(decided_on, last) if working else (last - decided_on).days
    promised = case.due_limit or 0
    return {"left": left, "used": max(promised - left, 0), "promised": promised}


def doubtful_years(clock: CaseClock, *, calendar: WorkingCalendar) -> list[int]:
    """List years on the way that are not arranged yet, by which the last day may still move."""
    last = due_on(clock, calendar=calendar)
    years = range(clock.began_on.year, last.year + 1) if last else ()
    return [each for each in years if each not in calendar.known]


def doubt_of(clock: CaseClock, *, calendar: WorkingCalendar) -> bool:
    """Tell whether the day may still move."""
    return bool(doubtful_years(clock, calendar=calendar))


def day_in_words(clock: CaseClock, *, calendar: WorkingCalendar) -> str:
    """Write the last day for a paper, and that it may move where a year on the way is not arranged yet."""
    last = due_on(clock, calendar=calendar)
    if last is None:
        return ""
    years = "、".join(f"{each}年" for each in doubtful_years(clock, calendar=calendar))
    return f"{chinese_date(last)}（{years}的放假安排公布后可能推后）" if years else chinese_date(last)


def limit_in_words(clock: CaseClock) -> str:
    return f"{clock.limit + clock.extension}{UNITS[LimitUnit(clock.unit)]}" if clock.limit else "当场办结"


def explanation(clock: CaseClock, stops: Iterable[ClockStop], *, calendar: WorkingCalendar) -> list[str]:
    """Explain in sentences why a clock ends on its day."""
    return explain_due(
        clock.began_on,
        clock.limit,
        LimitUnit(clock.unit),
        calendar=calendar,
        extension=clock.extension,
        stops=spans(stops),
    )
