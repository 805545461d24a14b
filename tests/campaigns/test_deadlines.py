"""Last days: what is due, who is behind, who is reminded, once."""

from datetime import datetime, time, timedelta

import pytest

from banshi.campaigns import actions, queries
from banshi.campaigns.deadlines import report_deadlines, stages_ending, stages_to_remind, units_behind
from banshi.campaigns.models import Stage
from banshi.core.clock import CHINA
from banshi.ledger import System
from banshi.ledger.models import LedgerEntry
from banshi.notifications.reminders import REMINDERS, remind
from banshi.notifications.tasks import remind_due
from tests.factories import campaigns

pytestmark = pytest.mark.django_db


def reporting(unit) -> Stage:
    """The last stage of reporting in the first round."""
    stage = unit.campaign.stages.get(phase="guides")
    stage.campaign = unit.campaign
    return stage


@pytest.fixture
def unit():
    return campaigns.opened()


def test_the_days_left_are_working_days(unit):
    last = reporting(unit).ends
    due = report_deadlines([unit.campaign], last - timedelta(days=7)).of(unit)
    assert (due.day, due.left, due.words) == (last, 5, "还有5个工作日")


def test_the_day_itself_is_not_late_and_the_next_day_is(unit):
    last = reporting(unit).ends
    assert report_deadlines([unit.campaign], last).of(unit).words == "今天到期"
    after = report_deadlines([unit.campaign], last + timedelta(days=1)).of(unit)
    assert after.late
    assert "逾期" in after.words


def test_a_unit_is_overdue_after_the_last_phase_of_reporting_not_the_first(unit):
    first = unit.campaign.stages.get(phase="listing")
    assert not queries.units_overdue(unit.campaign, first.ends + timedelta(days=1)).exists()
    assert queries.units_overdue(unit.campaign, reporting(unit).ends + timedelta(days=1)).get() == unit


def test_stages_that_end_soon_are_named(unit):
    last = reporting(unit).ends
    assert [stage.phase for stage, _ in stages_ending([unit.campaign], last, 3)] == ["guides"]
    assert not stages_ending([unit.campaign], reporting(unit).begins - timedelta(days=40), 3)


def test_who_is_behind_is_reminded_once_and_it_stands_in_the_ledger(unit):
    stage = reporting(unit)
    moment = datetime.combine(stage.ends, time(7, 30), CHINA)
    assert list(units_behind(stage)) == [unit]
    assert remind(REMINDERS["campaigns.remind_of_stage"], by=System("remind"), at=moment) == 1
    assert remind(REMINDERS["campaigns.remind_of_stage"], by=System("remind"), at=moment) == 0
    written = LedgerEntry.objects.get(action="campaigns.remind_of_stage")
    assert written.facts["units"] == [unit.pk]


def test_who_has_reported_is_not_behind(unit):
    campaigns.reported(unit)
    assert not units_behind(reporting(unit)).exists()


def test_the_task_reminds_as_many_working_days_before_as_the_plan_says(unit):
    stage = reporting(unit)
    early = datetime.combine(stage.begins - timedelta(days=1), time(7, 30), CHINA)
    remind_due.call(early.isoformat())
    assert Stage.objects.get(pk=stage.pk).reminded_on is None
    remind_due.call(datetime.combine(stage.ends, time(7, 30), CHINA).isoformat())
    assert Stage.objects.get(pk=stage.pk).reminded_on == stage.ends


def test_a_plan_may_want_no_reminders(unit):
    unit.campaign.content["remind"] = 0
    unit.campaign.__dict__.pop("plan", None)
    assert not list(stages_to_remind([unit.campaign], reporting(unit).ends))


def test_moved_dates_are_reminded_of_again(unit):
    stage = reporting(unit)
    moment = datetime.combine(stage.ends, time(7, 30), CHINA)
    remind(REMINDERS["campaigns.remind_of_stage"], by=System("remind"), at=moment)
    actions.move_stage(stage, begins=stage.begins, ends=stage.ends + timedelta(days=7), by=System("x"), at=moment)
    assert Stage.objects.get(pk=stage.pk).reminded_on is None
