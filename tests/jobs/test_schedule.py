import threading
from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st

from banshi.core.clock import CHINA
from banshi.jobs import schedule, tasks
from banshi.jobs.models import ScheduledRun
from banshi.jobs.schedule import ScheduledTask

moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(CHINA))
hourly = ScheduledTask("hourly", "", tasks.anchor_ledger, every=timedelta(hours=1))
nightly = ScheduledTask("nightly", "", tasks.anchor_ledger, at=time(3, 30))


@pytest.fixture
def two_entries(monkeypatch):
    monkeypatch.setattr(schedule, "SCHEDULE", {entry.name: entry for entry in (hourly, nightly)})


@given(moments)
def test_what_is_due_became_so_within_one_period(moment):
    assert timedelta() <= moment - hourly.due(moment) < timedelta(hours=1)
    assert timedelta() <= moment - nightly.due(moment) < timedelta(days=1)
    assert nightly.due(moment).astimezone(CHINA).time() == time(3, 30)


@pytest.mark.django_db
def test_each_due_moment_is_run_once(two_entries, monday):
    assert {run.name for run in schedule.run_due(at=monday)} == {"hourly", "nightly"}
    assert schedule.run_due(at=monday + timedelta(minutes=20)) == []
    assert [run.name for run in schedule.run_due(at=monday + timedelta(hours=1))] == ["hourly"]
    assert DBTaskResult.objects.count() == 3


@pytest.mark.django_db
def test_moments_missed_while_nobody_worked_are_made_up_once(two_entries, monday):
    schedule.run_due(at=monday)
    assert len(schedule.run_due(at=monday + timedelta(days=9))) == 2


@pytest.mark.django_db
def test_the_task_is_told_the_time(two_entries, monday):
    schedule.run_due(at=monday)
    assert {row.args_kwargs["kwargs"]["at"] for row in DBTaskResult.objects.all()} == {monday.isoformat()}


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_one_moment_run_it_once(two_entries, on_disk_database, monday):
    def look():
        schedule.run_due(at=monday)
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ScheduledRun.objects.count() == 2
    assert DBTaskResult.objects.count() == 2


def test_an_entry_needs_one_rhythm_and_says_it_in_words():
    with pytest.raises(ValueError):
        schedule.schedule("bad", "", tasks.anchor_ledger)
    assert hourly.rhythm == "每1小时"
    assert nightly.rhythm == "每天03:30"


def test_the_house_has_its_own_entries_with_words():
    assert {"anchor_ledger", "verify_ledger", "clear_away"} <= set(schedule.SCHEDULE)
    assert all(entry.words for entry in schedule.SCHEDULE.values())
