"""倒排, whatever the plan and whatever the calendar."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from banshi.calendar.working_days import WorkingCalendar
from banshi.campaigns.backward_planning import Span, schedule_backwards
from banshi.campaigns.plan import Plan, plan_named, read_plan

LEVELS = [2, 3, 4, 5, 6]
days = st.integers(1, 20)
TOGETHER = ("mobilise", "expert", "legal", "public")


@st.composite
def plans(draw: Any) -> Plan:
    """Any number of batches and rounds, reports in one phase or two, joint phases before, between and after the rounds."""
    data = plan_named("two-reports").model_dump(mode="json")
    cuts = sorted(draw(st.sets(st.sampled_from(LEVELS[1:]), max_size=3)))
    parts = [[level for level in LEVELS if a <= level < b] for a, b in pairwise([2, *cuts, 7])]
    batches = [
        {"code": f"b{n}", "label": f"第{n}批", "levels": part, "ahead": draw(st.integers(0, 30))}
        for n, part in enumerate(parts)
    ]
    kinds = list(_kinds(draw, list(draw(st.permutations(TOGETHER)))))
    phases = [
        {"code": f"p{n}", "label": f"阶段{n}", "kind": kind, "round": number, "days": draw(days)}
        for n, (kind, number) in enumerate(kinds)
    ]
    data["count"] = draw(st.sampled_from(["working", "calendar"]))
    return read_plan({**data, "scope": {**data["scope"], "levels": LEVELS}, "batches": batches, "phases": phases})


def _kinds(draw: Any, together: list[str]) -> Iterator[tuple[str, int]]:
    def some() -> Iterator[tuple[str, int]]:
        while together and draw(st.booleans()):
            yield together.pop(), 0

    yield from some()
    for number in range(1, draw(st.integers(1, 3)) + 1):
        yield from [("report", number)] * draw(st.integers(1, 2))
        yield "review", number
        yield from some()
    yield from (("decide", 0), ("publish", 0))


calendars = st.builds(
    WorkingCalendar,
    st.dictionaries(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.booleans(), max_size=60),
)
finals = st.dates(date(2027, 6, 1), date(2028, 12, 31))
EVERY_DAY = WorkingCalendar({date(2024, 1, 1) + timedelta(n): True for n in range(2200)})
BUSY = WorkingCalendar({date(2027, 1, 1) + timedelta(n): n % 3 == 0 for n in range(700)})


def of_batch(plan: Plan, spans: list[Span], batch: str) -> list[Span]:
    """Everything a batch goes through, in the plan's order."""
    mine = {each.phase: each for each in spans if each.batch in ("", batch)}
    return [mine[phase.code] for phase in plan.phases]


@given(plans(), finals, calendars)
@example(plan_named("two-reports").model_copy(update={"count": "working"}), date(2028, 10, 7), BUSY)
def test_for_any_plan_and_calendar(plan: Plan, final: date, calendar: WorkingCalendar) -> None:
    spans = schedule_backwards(plan, final, calendar)
    calendar = calendar if plan.count == "working" else EVERY_DAY
    assert len(spans) == sum(len(plan.batches) if phase.by_batch else 1 for phase in plan.phases)
    assert all(calendar.is_working(day) for span in spans for day in (span.begins, span.ends))
    for span in spans:
        worked = calendar.working_days_between(span.begins, span.ends) + 1
        assert worked == plan.phase(span.phase).days
    for batch in plan.batches:
        mine = of_batch(plan, spans, batch.code)
        assert all(before.ends < after.begins for before, after in pairwise(mine))
        assert mine[-1].ends <= final
        assert not any(calendar.is_working(day) for day in _between(mine[-1].ends, final))


def _between(last: date, final: date) -> Iterator[date]:
    return (last + timedelta(n) for n in range(1, (final - last).days + 1))


@given(plans(), finals, calendars)
def test_the_last_batch_wastes_no_day_and_others_are_ahead_as_planned(
    plan: Plan, final: date, calendar: WorkingCalendar
) -> None:
    spans = schedule_backwards(plan, final, calendar)
    calendar = calendar if plan.count == "working" else EVERY_DAY
    reviews = [phase.code for phase in plan.phases if phase.by_batch]
    ends = {span.batch: span.ends for span in spans if span.phase == reviews[-1]}
    last = max(ends.values())
    soonest = min(batch.ahead for batch in plan.batches)
    for batch in plan.batches:
        assert calendar.working_days_between(ends[batch.code], last) == batch.ahead - soonest


def test_joint_phases_between_rounds_stand_between_them() -> None:
    data = plan_named("three-rounds").model_dump(mode="json")
    order = ["mobilise", "report-1", "review-1", "experts", "report-2", "review-2", "decide", "publish"]
    data["phases"] = [next(each for each in data["phases"] if each["code"] == code) for code in order]
    plan = read_plan(data)
    spans = schedule_backwards(plan, date(2027, 12, 31), WorkingCalendar())
    for batch in plan.batches:
        assert [each.phase for each in sorted(of_batch(plan, spans, batch.code), key=lambda s: s.begins)] == order
