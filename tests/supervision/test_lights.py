"""Lights, as scenario 21 tells them: derived from ranks, the same by one query as case by case and day by day."""

from datetime import date, timedelta
from random import Random

import pytest

from banshi.calendar.queries import calendar_in_force
from banshi.cases.models import Case
from banshi.catalog.guide.document import TimeLimit
from banshi.core.clock import day_of
from banshi.people.models import Organ
from banshi.supervision.lights import NO_LIGHT, Light, board, light_conditions, light_of, open_cases
from tests.cases.hall import accepted, hall, moment, stopped

pytestmark = pytest.mark.django_db


def lights_on(day: str) -> dict[str, str]:
    """The light of each case by the query, after comparing it with the one counted case by case."""
    on, calendar = day_of(moment(day)), calendar_in_force()
    found = {
        each.number: light
        for light, condition in light_conditions(on).items()
        for each in open_cases(Organ.objects.all()).filter(condition)
    }
    assert found == {
        each.number: str(light_of(each, on=on, calendar=calendar)) for each in open_cases(Organ.objects.all())
    }
    return found


def test_a_light_turns_with_the_working_days_left() -> None:
    case = accepted(hall(), moment("11-02"))
    assert case.due_limit == 20
    told = {day: lights_on(day)[case.number] for day in ("11-02", "11-23", "11-24", "11-30", "12-01", "12-05")}
    green, yellow, red = Light.GREEN, Light.YELLOW, Light.RED
    assert told == {"11-02": green, "11-23": green, "11-24": yellow, "11-30": yellow, "12-01": red, "12-05": red}


def test_what_stands_still_has_no_light() -> None:
    stop = stopped(hall(), moment("11-02"))
    assert lights_on("12-20") == {stop.case.number: NO_LIGHT}


def test_natural_days_and_days_of_rest() -> None:
    days = TimeLimit(value=30, unit="2")
    case = accepted(hall(promised_limit=days, statutory_limit=days), moment("09-04"))
    assert (str(case.due_day), case.due_limit) == ("2026-10-04", 30)  # a day of rest: the last day is 10-08
    told = {day: lights_on(day)[case.number] for day in ("10-01", "10-02", "10-08", "10-09")}
    assert told == {"10-01": Light.GREEN, "10-02": Light.YELLOW, "10-08": Light.YELLOW, "10-09": Light.RED}


def test_the_board_counts_by_organ() -> None:
    of = hall()
    for day in ("11-02", "11-02", "10-19", "11-20"):
        accepted(of, moment(day))
    [row] = board(open_cases(Organ.objects.all()), "organ", day=day_of(moment("11-25")))
    assert row == {"organ": of.bureau.pk, "red": 1, "yellow": 2, "green": 1, "none": 0, "total": 4}
    assert Case.objects.count() == 4


def test_the_board_of_many_cases_agrees_with_a_count_day_by_day() -> None:
    """Scenario 21, against an oracle that walks from day to day."""
    of, chance = hall(), Random(21)
    cases = [
        accepted(of, moment(f"09-{day:02}")) for day in (1, 2, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18) for _ in range(2)
    ]
    calendar, first = calendar_in_force(), day_of(moment("09-18"))
    last = {}
    for place, case in enumerate(cases):
        limit, due = chance.choice((1, 3, 5, 10, 20, 45)), first + timedelta(days=chance.randrange(-3, 70))
        stands = place % 8 == 0
        due = calendar.next_working(due)
        kept = {"due_limit": limit, "due_rank": None if stands else calendar.rank_of(due), "due_day": None}
        Case.objects.filter(pk=case.pk).update(**kept)
        last[case.pk] = None if stands else (due, limit)

    def counted(on: date) -> dict[str, int]:
        lights: dict[str, int] = dict.fromkeys((*Light.values, NO_LIGHT), 0)
        for told in last.values():
            if told is None:
                lights[NO_LIGHT] += 1
                continue
            due, limit = told
            days = (on + timedelta(days=n) for n in range(1, (due - on).days + 1))
            left = sum(calendar.is_working(each) for each in days)
            near = left <= limit * 0.2 or left <= 1
            lights[Light.RED if due < on else Light.YELLOW if near else Light.GREEN] += 1
        return lights

    seen = set()
    for on in (first + timedelta(days=n) for n in range(75)):
        [row] = board(open_cases(Organ.objects.all()), "organ", day=on)
        assert {name: row[name] for name in counted(on)} == counted(on), on
        seen |= {name for name, count in counted(on).items() if count}
    assert seen == {*Light.values, NO_LIGHT}
