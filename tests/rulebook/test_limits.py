"""Natural days and months against working days, by the calendar."""

from datetime import date, timedelta

import pytest

from banshi.calendar.working_days import WorkingCalendar
from banshi.catalog.guide.document import Guide
from banshi.rulebook.limits import NaturalDays, natural_days, shipped_days, working_days

WEEK = [date(2026, 2, 16) + timedelta(days=n) for n in range(5)]


def days(value: int, unit: str) -> tuple[float | None, float | None]:
    limit = Guide.model_validate({"promised_limit": {"value": value, "unit": unit}}).promised_limit
    return tuple(working_days(limit, shipped_days(), at_most=most) for most in (False, True))  # type: ignore[return-value]


def test_seven_days_hold_no_working_day_at_spring_festival_and_up_to_six_before_a_holiday() -> None:
    assert days(7, "2") == (0, 6)


def test_thirty_days_hold_what_the_real_calendar_has() -> None:
    fewest, most = days(30, "2")
    assert (fewest, most) == (16, 23)


def test_working_days_and_hours_are_what_they_are() -> None:
    assert days(5, "1") == (5, 5)
    assert days(4, "4") == (0.5, 0.5)


def test_a_calendar_of_ones_own_is_followed() -> None:
    rest = natural_days(WorkingCalendar(dict.fromkeys(WEEK, False), frozenset({2026})))
    plain = natural_days(WorkingCalendar({}, frozenset({2026})))
    assert (rest.within(7)[0], plain.within(7)[0]) == (0, 5)


@pytest.mark.parametrize("length", [0, 1, 7, 30, 365, 399, 400, 1_000, 10**12])
def test_any_length_is_reckoned_and_the_fewest_is_not_more_than_the_most(length: int) -> None:
    for natural in (shipped_days(), NaturalDays()):
        fewest, most = natural.within(length)
        assert 0 <= fewest <= most <= length
