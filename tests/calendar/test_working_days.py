from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lunar_python import Lunar, Solar
from tests.work import sample

from banshi import ledger
from banshi.calendar import actions
from banshi.calendar.deadlines import LimitUnit, due, same_day_of_month
from banshi.calendar.models import CalendarDay
from banshi.calendar.queries import FORESEEN, calendar_in_force, years_without_arrangement
from banshi.calendar.statutory_holidays import statutory_holidays
from banshi.calendar.working_days import WorkingCalendar
from banshi.core.errors import BadInput
from banshi.ledger.models import LedgerEntry

DAY = timedelta(days=1)
SEEDS = sorted(Path("data/calendars").glob("cn-*.csv"))
WHO = ledger.System("test")

days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
calendars = st.builds(WorkingCalendar, st.dictionaries(days, st.booleans(), max_size=60))


def nth_working_day(calendar, day, count):
    """The oracle: one day after the other."""
    while count:
        day += DAY
        count -= calendar.is_working(day)
    return day


@given(calendars, days, st.integers(0, 120))
def test_adding_working_days_is_counting_them_one_by_one(calendar, start, count):
    assert calendar.add_working_days(start, count) == nth_working_day(calendar, start, count)


@given(calendars, days, days)
def test_days_between_are_those_one_counts_on_the_wall(calendar, start, end):
    first, last = min(start, end), max(start, end)
    counted = sum(calendar.is_working(first + n * DAY) for n in range(1, (last - first).days + 1))
    assert calendar.working_days_between(first, last) == counted
    assert calendar.working_days_between(last, first) == -counted


@given(calendars, days, st.integers(0, 120))
def test_going_on_by_n_working_days_leaves_n_between(calendar, start, count):
    assert calendar.working_days_between(start, calendar.add_working_days(start, count)) == count


@given(calendars, days, st.integers(0, 200), st.sampled_from(LimitUnit))
def test_a_limit_always_ends_on_a_working_day_and_never_early(calendar, start, value, unit):
    end = due(start, value, unit, calendar=calendar).day
    plain = {
        LimitUnit.WORKING_DAY: nth_working_day(calendar, start, value),
        LimitUnit.DAY: start + value * DAY,
        LimitUnit.MONTH: same_day_of_month(start, value),
    }[unit]
    assert calendar.is_working(end)
    assert end >= plain
    assert not any(calendar.is_working(plain + n * DAY) for n in range((end - plain).days))


def test_going_back_is_no_limit():
    with pytest.raises(ValueError):
        WorkingCalendar().add_working_days(date(2026, 1, 1), -1)


def test_months_end_on_the_same_day_or_the_last_of_the_month():
    assert same_day_of_month(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert same_day_of_month(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert same_day_of_month(date(2026, 11, 15), 3) == date(2027, 2, 15)


@pytest.fixture
def china(db, monday):
    actions.load_arrangements(Path("data/calendars"), by=WHO, at=monday)
    return calendar_in_force()


def test_the_seeded_years_agree_with_chinesecalendar_on_every_day(china):
    first = date(min(china.known), 1, 1)
    every_day = [first + n * DAY for n in range((date(max(china.known), 12, 31) - first).days + 1)]
    assert len(every_day) >= 365
    assert [day for day in every_day if china.is_working(day) != chinese_calendar.is_workday(day)] == []


def test_national_day_of_2026_is_bridged(china):
    assert china.is_working(date(2026, 9, 20))
    assert china.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)


def test_a_year_without_arrangement_makes_the_deadline_doubtful(china):
    sure, doubtful = (due(date(2026, 11, 23), 5, "1", calendar=china), due(date(2026, 12, 28), 10, "1", calendar=china))
    assert sure.doubt == ""
    assert "2027年" in doubtful.doubt


def test_a_change_is_seen_at_once(china, monday):
    sports_day = date(2026, 11, 25)
    actions.set_calendar_days([sports_day], working=False, name="运动会", by=WHO, at=monday)
    assert not calendar_in_force().is_working(sports_day)
    actions.clear_calendar_days([sports_day], by=WHO, at=monday)
    assert calendar_in_force().is_working(sports_day)


def test_the_calendar_in_force_costs_one_query(china, django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar_in_force()


def test_every_change_of_the_calendar_is_in_the_ledger(china, monday):
    before = LedgerEntry.objects.count()
    actions.set_calendar_days([date(2026, 12, 31), date(2027, 1, 1)], working=False, name="元旦", by=WHO, at=monday)
    actions.confirm_calendar_year(2027, complete=True, source="通知", by=WHO, at=monday)
    assert LedgerEntry.objects.count() == before + 3
    assert 2027 in calendar_in_force().known


def test_loading_again_keeps_what_was_changed_by_hand(china, monday):
    actions.set_calendar_days([date(2026, 11, 25)], working=False, name="运动会", by=WHO, at=monday)
    assert actions.load_arrangements(Path("data/calendars"), by=WHO, at=monday) == []
    assert CalendarDay.objects.get(day=date(2026, 11, 25)).name == "运动会"


def test_the_coming_year_is_asked_for_from_november(china):
    assert years_without_arrangement(date(2026, 10, 31)) == []
    assert years_without_arrangement(date(2026, 11, 1)) == [2027]
    assert years_without_arrangement(date(2027, 3, 1)) == [2027]


@pytest.mark.parametrize("row", ["2026-13-01,0，错", "2026-10-01，可能，国庆节", "2026-10-01", "乱写"])
def test_an_unreadable_row_is_named_and_nothing_is_loaded(row):
    with pytest.raises(BadInput) as refusal:
        actions.read_arrangement(f"# 来源\nday,working,name\n2026-10-02,0,国庆节\n{row}\n")
    assert refusal.value.problems[0].where == "第2行数据"


def test_a_file_of_two_years_or_none_is_refused():
    for rows in ("", "2026-10-01,0，国庆节\n2027-10-01,0，国庆节\n"):
        with pytest.raises(BadInput):
            actions.read_arrangement(f"# 来源\nday,working,name\n{rows}")


@given(calendars, days)
def test_the_next_working_day_is_the_first_that_works(calendar, day):
    assume(any(calendar.is_working(day + n * DAY) for n in range(90)))
    found = calendar.next_working(day)
    assert calendar.is_working(found)
    assert not any(calendar.is_working(day + n * DAY) for n in range((found - day).days))


@pytest.mark.django_db
def test_new_years_day_is_free_before_any_arrangement_is_known() -> None:
    calendar = calendar_in_force()
    assert not calendar.is_working(date(2027, 1, 1)) and not calendar.is_working(date(2027, 10, 1))
    assert calendar.is_working(date(2027, 1, 4))
    assert due(date(2026, 11, 27), 30, "1", calendar=calendar).day > date(2027, 1, 7)


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_the_law_names_is_free_in_the_notices_of_its_years(china, year):
    named = statutory_holidays(year)
    assert len(named) == 13
    assert [day for day in named if china.is_working(day)] == []


@pytest.mark.parametrize("year", sample(FORESEEN, 15))
def test_the_days_of_the_moon_and_the_sun_are_those_that_are_reckoned(year: int) -> None:
    def solar(month: int, day: int) -> date:
        return date.fromisoformat(Lunar.fromYmd(year, month, day).getSolar().toYmd())

    terms = Solar.fromYmd(year, 6, 1).getLunar().getJieQiTable()
    spring = [solar(1, 1) + n * DAY for n in (-1, 0, 1, 2)]
    fixed = [date(year, *day) for day in [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]]
    reckoned = {*spring, date.fromisoformat(terms["清明"].toYmd()), solar(5, 5), solar(8, 15)}
    assert set(statutory_holidays(year)) == reckoned | {*fixed}


@pytest.mark.django_db
def test_the_spring_festival_of_a_year_nobody_arranged_is_free() -> None:
    calendar = calendar_in_force()
    assert [day.isoformat() for day in statutory_holidays(2027) if calendar.is_working(day)] == []
    assert due(date(2027, 2, 4), 1, "1", calendar=calendar).day == date(2027, 2, 9)
