import io
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from tests.factories import division, organ, user
from tests.processes import DEADLINE, environment, installation, said

from banshi import ledger
from banshi.calendar.models import CalendarYear
from banshi.core.errors import Missing
from banshi.core.models import Node
from banshi.core.nodes import Heartbeat, signed_on
from banshi.jobs import progress, tasks, workers
from banshi.spreadsheets.actions import receive_file
from banshi.spreadsheets.tasks import read_import


@pytest.fixture
def work_off():
    def work_off():
        worker = workers._worker("test")
        worker.batch = True
        worker.run()

    return work_off


@pytest.mark.django_db(transaction=True)  # a worker looks after its connection itself
class TestProgress:
    def test_a_waiting_task_is_in_the_queue(self, monday):
        seen = progress.progress_of(tasks.verify_ledger.enqueue(at=monday.isoformat()).id)
        assert seen.words == "排队中"
        assert not seen.finished
        assert seen.percent is None

    def test_what_a_task_reports_can_be_seen_from_outside(self, monday):
        key = tasks.verify_ledger.enqueue(at=monday.isoformat()).id
        progress.ProgressReport(key)(30, 120, "正在逐条核对")
        seen = progress.progress_of(key)
        assert (seen.percent, seen.message) == (25, "正在逐条核对")

    def test_reports_in_a_rush_are_written_seldom_but_the_last_always(self, monday):
        key = tasks.verify_ledger.enqueue(at=monday.isoformat()).id
        report = progress.ProgressReport(key)
        for done in range(1, 101):
            report(done, 100)
        assert progress.progress_of(key).done == 100

    def test_a_done_task_gives_its_answer(self, work_off, monday):
        with transaction.atomic():
            ledger.record("test.act", CalendarYear(year=2026), by=ledger.System("test"), at=monday)
        key = tasks.verify_ledger.enqueue(at=monday.isoformat()).id
        work_off()
        seen = progress.progress_of(key)
        assert seen.finished
        assert seen.answer["holds"]
        assert seen.percent == 100

    def test_a_failed_task_says_why(self, work_off):
        key = tasks.anchor_ledger.enqueue(at="不是时间").id
        work_off()
        seen = progress.progress_of(key)
        assert seen.words == "失败"
        assert "ValueError" in seen.trouble

    @pytest.mark.parametrize("key", ["0", "00000000-0000-0000-0000-000000000000"])
    def test_an_unknown_task_is_missing(self, key):
        with pytest.raises(Missing):
            progress.progress_of(key)


@pytest.mark.django_db
class TestLostTasks:
    @pytest.fixture
    def judge(self):
        """A worker that was never cut off from the database."""
        heartbeat = Heartbeat(Node.NodeKind.WORKER)
        heartbeat._unbroken_since -= 3600
        return heartbeat

    @pytest.fixture
    def dead_mans(self, monday):
        """A task claimed by a worker of which nothing is heard."""
        row = DBTaskResult.objects.get(pk=tasks.anchor_ledger.enqueue(at=monday.isoformat()).id)
        row.claim("dead")
        return row

    def test_what_a_dead_worker_held_is_queued_again(self, judge, dead_mans, monday):
        assert workers.put_back_lost(judge, at=monday) == 1
        dead_mans.refresh_from_db()
        assert dead_mans.status == TaskResultStatus.READY
        assert workers.put_back_lost(judge, at=monday) == 0

    def test_after_three_deaths_it_has_failed(self, judge, dead_mans, monday):
        dead_mans.worker_ids = ["dead", "dead", "dead"]
        dead_mans.save()
        workers.put_back_lost(judge, at=monday)
        assert progress.progress_of(str(dead_mans.pk)).words == "失败"

    def test_what_a_living_worker_holds_is_left_alone(self, judge, monday):
        judge.beat()
        row = DBTaskResult.objects.get(pk=tasks.anchor_ledger.enqueue(at=monday.isoformat()).id)
        row.claim(judge.name)
        assert workers.put_back_lost(judge, at=monday) == 0

    def test_who_was_cut_off_itself_judges_nobody(self, judge, dead_mans, monday):
        judge._unbroken_since = judge._last
        assert workers.put_back_lost(judge, at=monday) == 0


@pytest.mark.django_db(transaction=True)
def test_a_machine_with_another_data_folder_takes_over_and_finds_the_uploaded_file(
    files_in_s3, settings, tmp_path, work_off, monday
):
    """The first one received a table, began to read it, and is gone."""
    settings.HOME = tmp_path / "first"
    clerk = user("clerk", organ("示例县教育局"))
    with transaction.atomic():
        batch = receive_file(
            io.BytesIO("事项名称,实施主体\n入学登记,示例县教育局\n".encode()),
            name="目录.csv",
            division=division(),
            options={},
            by=clerk,
            at=monday,
        )
        task = read_import.enqueue(batch.pk, clerk.pk, monday.isoformat())
    with signed_on(Node.NodeKind.WORKER) as first:
        DBTaskResult.objects.get(pk=task.id).claim(first.name)
        first.over.set()
        Node.objects.filter(name=first.name).update(
            name="gone", seen_at=Now() - settings.LEASE_TTL - timedelta(seconds=1)
        )
        DBTaskResult.objects.filter(pk=task.id).update(worker_ids=["gone"])

    settings.HOME = settings.MEDIA_ROOT = tmp_path / "second"
    judge = Heartbeat(Node.NodeKind.WORKER)
    judge.beat()
    judge._unbroken_since -= 3600
    assert workers.put_back_lost(judge, at=monday) == 1
    work_off()
    assert DBTaskResult.objects.get(pk=task.id).status == TaskResultStatus.SUCCESSFUL
    batch.refresh_from_db()
    assert batch.counts["counts"]["new"] == 1


def status_of(home):
    with closing(sqlite3.connect(home / "banshi.sqlite3", timeout=DEADLINE)) as database:
        query = "SELECT status FROM django_tasks_database_dbtaskresult WHERE task_path LIKE '%wait_for_leave'"
        [(status,)] = database.execute(query)
    return status


def wait_until(holds):
    limit = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < limit, "it hangs"
        time.sleep(0.05)


def test_a_task_whose_worker_is_killed_is_run_again_by_the_next(tmp_path):
    home, starts = installation(tmp_path / "home"), tmp_path / "starts"
    said(
        f"import django; django.setup(); from tests.jobs.slow_tasks import *; wait_for_leave.enqueue({str(tmp_path)!r})",
        home,
    )
    command = [sys.executable, "-m", "banshi.command", "worker"]
    short = environment(home, BANSHI_LEASE_SECONDS="2")
    first = subprocess.Popen(command, env=short, stderr=subprocess.DEVNULL)
    wait_until(starts.exists)
    first.kill()
    first.wait()
    second = subprocess.Popen(command, env=short, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: starts.read_text() == "xx")
        assert status_of(home) == "RUNNING"
        (tmp_path / "leave").touch()
        wait_until(lambda: status_of(home) == "SUCCESSFUL")
    finally:
        second.kill()
        second.wait()
