"""Deadlines against a day-by-day oracle, and against the worked examples of the law of days in 2026."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import NOON

from banshi.calendar import actions
from banshi.calendar.deadlines import LimitUnit, Stop, due, due_rank, remaining, union, used
from banshi.calendar.explanations import explain_due
from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import WorkingCalendar
from banshi.ledger import System

DAY = timedelta(days=1)
days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
calendars = st.builds(WorkingCalendar, st.dictionaries(days, st.booleans(), max_size=60))
spans = st.builds(lambda begin, length: Stop(begin, begin + length * DAY), days, st.integers(0, 40))


def stopped(stops, day):
    return any(each.begin < day and (each.end is None or day <= each.end) for each in stops)


def one_day_after_the_other(calendar, start, limit, stops):
    day = start
    while limit:
        day += DAY
        limit -= calendar.is_working(day) and not stopped(stops, day)
    return day


@given(calendars, days, st.integers(1, 60), st.lists(spans, max_size=5))
def test_working_days_with_stops_are_counted_one_by_one(calendar, start, limit, stops):
    expected = one_day_after_the_other(calendar, start, limit, stops)
    assert due(start, limit, "1", calendar=calendar, stops=stops).day == expected
    assert due(start, limit - 1, "1", calendar=calendar, extension=1, stops=stops).day == expected


@given(calendars, days, st.integers(1, 60), st.lists(spans, max_size=5))
def test_natural_days_with_stops_are_counted_one_by_one_and_end_on_a_working_day(calendar, start, limit, stops):
    day, left = start, limit
    while left:
        day += DAY
        left -= not stopped(stops, day)
    while not calendar.is_working(day):
        day += DAY
    assert due(start, limit, "2", calendar=calendar, stops=stops).day == day


@given(calendars, days, st.integers(1, 60), st.lists(spans, max_size=5))
def test_the_rank_of_a_due_day_finds_the_day(calendar, start, limit, stops):
    rank = due_rank(start, limit, calendar=calendar, stops=stops)
    day = due(start, limit, "1", calendar=calendar, stops=stops).day
    assert (calendar.day_of(rank), calendar.rank_of(day)) == (day, rank)


@given(calendars, days)
def test_ranks_number_working_days_without_a_gap(calendar, day):
    assert calendar.rank_of(day + DAY) - calendar.rank_of(day) == calendar.is_working(day + DAY)
    if calendar.is_working(day):
        assert calendar.day_of(calendar.rank_of(day)) == day


@given(days, st.integers(1, 60), days)
def test_a_kept_rank_moves_with_the_calendar(start, limit, holiday):
    before = WorkingCalendar()
    rank, last = due_rank(start, limit, calendar=before), due(start, limit, "1", calendar=before).day
    after = WorkingCalendar({holiday: False})
    if holiday > start:
        assert after.day_of(rank) == one_day_after_the_other(after, start, limit, [])
        assert (after.day_of(rank) > last) == (start < holiday <= last and before.is_working(holiday))


@given(calendars, days, days, st.lists(spans, max_size=5))
def test_what_a_clock_used_is_counted_one_by_one(calendar, start, on, stops):
    start, on = min(start, on), max(start, on)
    every_day = (start + n * DAY for n in range(1, (on - start).days + 1))
    counted = sum(calendar.is_working(day) and not stopped(stops, day) for day in every_day)
    assert used(start, on, calendar=calendar, stops=stops) == counted


@given(st.lists(spans, max_size=6), days)
def test_merged_stops_stop_the_same_days(stops, day):
    merged = list(union(stops))
    assert stopped(merged, day) == stopped(stops, day)
    assert all(first.end < second.begin for first, second in pairwise(merged))


def test_an_open_stop_leaves_no_due_day_unless_the_limit_was_over_before():
    start, calendar = date(2026, 3, 2), WorkingCalendar()
    assert due(start, 5, "1", calendar=calendar, stops=[Stop(date(2026, 3, 4))]) is None
    assert due_rank(start, 5, calendar=calendar, stops=[Stop(date(2026, 3, 4)), Stop(date(2026, 3, 3))]) is None
    assert due(start, 2, "1", calendar=calendar, stops=[Stop(date(2026, 3, 4))]).day == date(2026, 3, 4)
    assert used(start, date(2026, 3, 31), calendar=calendar, stops=[Stop(date(2026, 3, 4))]) == 2


def test_the_last_day_itself_is_not_late_and_a_holiday_after_it_is():
    friday, calendar = date(2026, 11, 27), WorkingCalendar()
    seen = [remaining(friday, on=friday + n * DAY, calendar=calendar) for n in (-4, 0, 1, 3)]
    assert [each.words for each in seen] == ["还有4个工作日", "今天到期", "逾期1个工作日", "逾期1个工作日"]
    assert [each.late for each in seen] == [False, False, True, True]


@pytest.fixture
def china(db):
    actions.load_arrangements(Path("data/calendars"), by=System("test"), at=NOON)
    return calendar_in_force()


WORKING, NATURAL = LimitUnit.WORKING_DAY, LimitUnit.DAY
EXPERT = ("2026-09-21", "2026-09-30")
HEARING = ("2026-04-28", "2026-05-11")
OVERLAPPING = (("2026-03-09", "2026-03-20"), ("2026-03-16", "2026-03-27"))
EXAMPLES = [
    ("accepted before the spring festival", "2026-02-11", 5, WORKING, 0, (), "2026-02-25"),
    ("with two working Saturdays on the way", "2026-02-11", 20, WORKING, 0, (), "2026-03-17"),
    ("accepted on a working Saturday", "2026-02-14", 1, WORKING, 0, (), "2026-02-24"),
    ("sent in on a holiday, ends on a working Saturday", "2026-02-18", 5, WORKING, 0, (), "2026-02-28"),
    ("sent in on a holiday", "2026-02-18", 20, WORKING, 0, (), "2026-03-20"),
    ("the office may ask for papers until", "2026-09-18", 5, WORKING, 0, (), "2026-09-24"),
    ("deemed accepted as of receipt", "2026-09-18", 20, WORKING, 0, (), "2026-10-22"),
    ("over the holidays of May", "2026-04-27", 20, WORKING, 0, (), "2026-05-27"),
    ("extended", "2026-04-27", 20, WORKING, 10, (), "2026-06-10"),
    ("before experts are asked", "2026-09-14", 20, WORKING, 0, (), "2026-10-16"),
    ("experts asked", "2026-09-14", 20, WORKING, 0, (EXPERT,), "2026-10-26"),
    ("a hearing over a holiday", "2026-04-20", 20, WORKING, 0, (HEARING,), "2026-05-29"),
    ("a hearing, then an extension", "2026-04-20", 20, WORKING, 10, (HEARING,), "2026-06-12"),
    ("two stops that overlap", "2026-03-02", 20, WORKING, 0, OVERLAPPING, "2026-04-20"),
    ("several organs together", "2026-08-31", 45, WORKING, 0, (), "2026-11-06"),
    ("several organs together, extended", "2026-08-31", 45, WORKING, 15, (), "2026-11-27"),
    ("a petition ending on a Sunday that works", "2026-09-05", 15, NATURAL, 0, (), "2026-09-20"),
    ("a petition ending in a holiday", "2026-08-05", 60, NATURAL, 0, (), "2026-10-08"),
    ("a petition, extended from its start", "2026-08-05", 60, NATURAL, 30, (), "2026-11-03"),
    ("an objection within a petition", "2026-04-30", 5, WORKING, 0, (), "2026-05-11"),
    ("a request for data", "2026-09-21", 10, WORKING, 0, (), "2026-10-12"),
    ("a request for data, extended", "2026-09-21", 10, WORKING, 10, (), "2026-10-26"),
    ("data handed over", "2026-10-14", 20, WORKING, 0, (), "2026-11-11"),
    ("data that is open to all", "2026-09-30", 1, WORKING, 0, (), "2026-10-08"),
    ("a correction", "2026-02-13", 10, WORKING, 0, (), "2026-03-05"),
    ("a bad rating: mended", "2026-09-30", 5, WORKING, 0, (), "2026-10-13"),
    ("a bad rating: mended elsewhere", "2026-09-30", 15, WORKING, 0, (), "2026-10-27"),
    ("the hotline: a question", "2026-09-24", 2, WORKING, 0, (), "2026-09-29"),
    ("the hotline: help", "2026-09-24", 10, WORKING, 0, (), "2026-10-15"),
    ("the hotline: a complaint", "2026-09-24", 15, WORKING, 0, (), "2026-10-22"),
    ("information asked for: supplement", "2026-01-30", 7, WORKING, 0, (), "2026-02-10"),
    ("information asked for", "2026-01-30", 20, WORKING, 0, (), "2026-03-05"),
    ("a third party heard", "2026-01-30", 20, WORKING, 0, (("2026-02-04", "2026-02-27"),), "2026-03-23"),
    ("delivery after a decision", "2026-09-24", 10, WORKING, 0, (), "2026-10-15"),
]


@pytest.mark.parametrize(
    ("start", "limit", "unit", "extension", "stops", "last"),
    [pytest.param(*each[1:], id=each[0]) for each in EXAMPLES],
)
def test_a_worked_example_of_2026(china, start, limit, unit, extension, stops, last):
    spans = [Stop(*(date.fromisoformat(each) for each in stop)) for stop in stops]
    found = due(date.fromisoformat(start), limit, unit, calendar=china, extension=extension, stops=spans)
    assert found.day.isoformat() == last


def test_an_inclusive_stop_is_a_day_longer(china):
    stop = Stop.inclusive(date(2026, 9, 21), date(2026, 9, 30))
    assert due(date(2026, 9, 14), 20, WORKING, calendar=china, stops=[stop]).day == date(2026, 10, 27)


@given(calendars, days, st.integers(0, 60), st.lists(spans, max_size=5), st.sampled_from("123"))
def test_the_explanation_ends_with_the_day(calendar, start, limit, stops, unit):
    found = due(start, limit, unit, calendar=calendar, stops=stops)
    told = explain_due(start, limit, unit, calendar=calendar, stops=stops)
    assert any(each == f"最后一天是{found.day.year}年{found.day.month}月{found.day.day}日" for each in told)


def test_a_last_day_of_rest_still_to_come_is_not_today() -> None:
    saturday, sunday = date(2026, 11, 28), date(2026, 11, 29)
    calendar = WorkingCalendar()
    assert remaining(sunday, on=saturday, calendar=calendar).words == "11月29日到期，已没有工作日"
    assert remaining(sunday, on=sunday, calendar=calendar).words == "今天到期"
