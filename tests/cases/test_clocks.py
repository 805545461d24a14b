"""Clocks of cases against the worked examples, and against a count day by day that shares no code with them."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banshi.calendar.actions import read_arrangements
from banshi.calendar.deadlines import Stop
from banshi.calendar.queries import arranged
from banshi.cases.actions import accept_overdue, close_stop, decide, extend, open_stop
from banshi.cases.clocks import count, due_on, explanation
from banshi.cases.models import Case, CaseClock
from banshi.cases.policy import policy
from banshi.ledger import System
from tests.cases.hall import a_guide, accepted, examined, hall, moment, submitted
from tests.cases.test_scenarios import due, joint_hall

DATA = Path(__file__).parent.parent.parent / "data" / "calendars"
YEARS = read_arrangements(DATA)
CALENDAR = arranged({each.day: each.working for year in YEARS for each in year.days}, frozenset(y.year for y in YEARS))


def working(day: date) -> bool:
    """By the files alone."""
    told = {each.day: each.working for year in YEARS for each in year.days}
    return told.get(day, day.weekday() < 5)


def counted_by_hand(start: date, limit: int, stops: list[tuple[date, date | None]]) -> date | None:
    """Walk day by day: the first working day on which `limit` days were used that no stop covers."""
    day, left = start, limit
    while left or (not limit and not working(day)):
        day += timedelta(days=1)
        stopped = [each for each in stops if each[0] < day and (each[1] is None or day <= each[1])]
        if any(end is None for _, end in stopped):
            return None
        if working(day) and not stopped:
            left -= 1
    return day


days = st.dates(date(2024, 1, 1), date(2026, 9, 1))
lengths = st.integers(0, 40)
spans = st.lists(st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 40))), max_size=3)


@settings(max_examples=400)
@given(days, st.integers(1, 45), spans)
def test_a_clock_with_stops_ends_where_a_count_day_by_day_ends(
    start: date, limit: int, told: list[tuple[int, int | None]]
) -> None:
    stops = []
    for after, length in told:
        begin = start + timedelta(days=after)
        stops.append((begin, None if length is None else begin + timedelta(days=length)))
    clock = CaseClock(kind="statutory", began_on=start, limit=limit)
    count(clock, [Stop(*each) for each in stops], calendar=CALENDAR)
    assert due_on(clock, calendar=CALENDAR) == counted_by_hand(start, limit, stops)


W = {
    "W1": ("02-11", 5, [], None, "02-25"),
    "W1b": ("02-11", 20, [], None, "03-17"),
    "W2": ("02-14", 1, [], None, "02-24"),
    "W3": ("02-18", 20, [], None, "03-20"),
    "W5": ("04-27", 20, [], None, "05-27"),
    "W5b": ("04-27", 20, [], "05-20", "06-10"),
    "W6": ("09-14", 20, [], None, "10-16"),
    "W6b": ("09-14", 20, [("鉴定", "09-21", "09-30")], None, "10-26"),
    "W7": ("04-20", 20, [("听证", "04-28", "05-11")], None, "05-29"),
    "W7b": ("04-20", 20, [("听证", "04-28", "05-11")], "05-20", "06-12"),
    "W8": ("03-02", 20, [("检验", "03-09", "03-20"), ("检测", "03-16", "03-27")], None, "04-20"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", W)
def test_the_worked_examples(name: str) -> None:
    begin, limit, stops, extended, last = W[name]
    of = hall(days=limit)
    case: Case = accepted(of, moment(begin))
    acts = sorted([(day, "open", what) for what, day, _ in stops] + [(day, "close", what) for what, _, day in stops])
    held = {}
    for day, act, what in acts:
        if act == "open":
            held[what] = open_stop(case, procedure=what, expected_days=10, by=of.handler, at=moment(day))
        else:
            case = close_stop(held[what], by=of.handler, at=moment(day))
    if extended:
        case = extend(case, reason="复杂", by=of.head, at=moment(extended))
    assert due(case) == f"2026-{last}"
    clock = case.clocks.get(kind="statutory")
    told = explanation(clock, case.stops.all(), calendar=CALENDAR)
    assert told[0].startswith(f"2026年{int(begin[:2])}月{int(begin[3:])}日开始")
    assert told[-1] == f"最后一天是2026年{int(last[:2])}月{int(last[3:])}日"


@pytest.mark.django_db
def test_the_first_day_of_a_stop_may_be_counted_as_stopped(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    text = settings.CASE_POLICY.read_text(encoding="utf-8")
    settings.CASE_POLICY = tmp_path / "policy.toml"
    settings.CASE_POLICY.write_text(text.replace("inclusive = false", "inclusive = true"), encoding="utf-8")
    assert policy().stops.inclusive
    of = hall()
    case = accepted(of, moment("09-14"))
    stop = open_stop(case, procedure="鉴定", expected_days=7, by=of.handler, at=moment("09-21"))
    assert due(close_stop(stop, by=of.handler, at=moment("09-30"))) == "2026-10-27"


@pytest.mark.django_db
def test_papers_that_came_on_a_holiday_are_received_that_day() -> None:
    """W3: the last day to ask for more is a working Saturday."""
    of = hall()
    case = submitted(of, moment("02-18"))
    assert due(case) == "2026-02-28"
    accept_overdue(by=System("clocks"), at=moment("03-01"))
    case.refresh_from_db()
    assert due(case) == "2026-03-20"


@pytest.mark.django_db
def test_joint_handling() -> None:
    """W9."""
    assert due(accepted(joint_hall(2), moment("08-31"))) == "2026-11-06"


@pytest.mark.django_db
def test_what_was_decided_is_delivered_within_ten_days() -> None:
    """W19."""
    of = hall()
    case = examined(of, accepted(of, moment("09-18")), moment("09-24"))
    decide(case, granted=True, by=of.head, at=moment("09-24"))
    case.refresh_from_db()
    assert (case.due_kind, due(case)) == ("delivery", "2026-10-15")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("unit", "value", "last"), [("2", 30, "2026-04-01"), ("3", 1, "2026-04-02"), ("4", 24, "2026-03-03")]
)
def test_natural_days_months_and_hours(unit: str, value: int, last: str) -> None:
    limit = {"value": value, "unit": unit}
    of = hall(a_guide(promised_limit=limit, statutory_limit=limit))
    case = accepted(of, moment("03-02"))
    assert case.due_rank is None
    assert due(case) == last


@pytest.mark.django_db
def test_what_is_done_at_once_is_due_the_same_day() -> None:
    of = hall(a_guide(promised_limit={"immediate": True}))
    assert due(accepted(of, moment("03-02"))) == "2026-03-02"
    assert due(accepted(of, moment("02-18"))) == "2026-02-24"
