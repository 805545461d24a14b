"""A corrected day of the past moves the clocks that began behind it, once; a day to come moves none."""

from datetime import date, timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from banshi.calendar.actions import clear_calendar_days, set_calendar_days
from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions import (
    accept,
    agree_to_deferral,
    close_stop,
    end_unsupplied,
    offer_deferral,
    open_stop,
    recount_cases,
)
from banshi.cases.models import CaseClock, CaseTask
from banshi.catalog.enums import Necessity
from banshi.catalog.guide.document import Material
from banshi.events.models import Event
from banshi.ledger import System
from banshi.ledger.models import LedgerEntry
from tests import factories as make
from tests.cases.hall import a_guide, accepted, fresh, hall, moment, submitted
from tests.cases.test_scenarios import due

pytestmark = pytest.mark.django_db
CLOCKS = System("clocks")
LATER = moment("03-20")


def correct(*days: str) -> None:
    set_calendar_days([moment(each).date() for each in days], working=False, name="补记", by=make.TESTS, at=LATER)


def queued() -> list[list[str]]:
    return [each.args_kwargs["args"] for each in DBTaskResult.objects.filter(task_path__endswith="recount_corrected")]


def test_a_clock_that_began_behind_it_keeps_its_day() -> None:
    of = hall(days=20)
    case = accepted(of, moment("03-16"))
    before, step = due(case), case.tasks.get(ending="")
    own = due(step)
    correct("03-05")
    assert due(fresh(case)) != before, "until it is counted anew"
    assert [each[0] for each in queued()] == ["2026-03-05"]
    assert recount_cases(date(2026, 3, 5), by=CLOCKS, at=LATER) == 1
    assert (due(fresh(case)), due(CaseTask.objects.get(pk=step.pk))) == (before, own)
    assert {due(each) for each in CaseClock.objects.filter(case=case, ended_on=None)} == {before}


def test_counted_once_and_told_once() -> None:
    of = hall(days=20)
    accepted(of, moment("03-16"))
    correct("03-05")
    events = Event.objects.filter(kind="cases.clock_set").count()
    assert [recount_cases(date(2026, 3, 5), by=CLOCKS, at=LATER) for _ in range(3)] == [1, 0, 0]
    assert Event.objects.filter(kind="cases.clock_set").count() == events + 1
    assert LedgerEntry.objects.filter(action="cases.recount").count() == 1


def test_the_last_day_of_a_paper_that_comes_later_stays_the_day_that_was_told() -> None:
    later = Material(name="场地平面图", necessity=Necessity.LATER)
    of = hall(a_guide(materials=[Material(name="申请书"), later]))
    case = submitted(of, moment("03-16"), positions=[0])
    [promise] = offer_deferral(case, positions=[1], until=date(2026, 3, 31), by=of.window, at=moment("03-16"))
    agree_to_deferral(case, by=of.citizen, at=moment("03-16"))
    accept(case, by=of.window, at=moment("03-16"))
    correct("03-05")
    recount_cases(date(2026, 3, 5), by=CLOCKS, at=LATER)
    promise.refresh_from_db()
    assert calendar_in_force().day_of(promise.last_rank) == date(2026, 3, 31)
    assert end_unsupplied(by=CLOCKS, at=moment("03-31", 23)) == 0
    assert end_unsupplied(by=CLOCKS, at=moment("04-01")) == 1


def test_a_stop_that_lost_a_day_is_counted_anew() -> None:
    of = hall(days=20)
    case = accepted(of, moment("03-02"))
    stop = open_stop(case, procedure="听证", expected_days=5, by=of.handler, at=moment("03-03"))
    close_stop(stop, words="办完", by=of.handler, at=moment("03-10"))
    before = due(fresh(case))
    correct("03-05")
    recount_cases(date(2026, 3, 5), by=CLOCKS, at=LATER)
    assert due(fresh(case)) == before, "a day that did not count anyway is one of rest"


def test_a_day_within_a_running_clock_moves_its_day_by_itself() -> None:
    of = hall(days=20)
    case = accepted(of, moment("03-02"))
    last = moment(due(case)).date()
    correct("03-05")
    assert not queued()
    assert moment(due(fresh(case))).date() == last + timedelta(days=1)


def test_days_to_come_touch_no_row() -> None:
    of = hall(days=20)
    case = accepted(of, moment("03-16"))
    rank = case.due_rank
    correct("03-23", "12-31")
    clear_calendar_days([moment("12-31").date()], by=make.TESTS, at=LATER)
    assert not queued()
    assert fresh(case).due_rank == rank
