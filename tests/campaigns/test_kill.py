"""Killed in the middle of publishing a campaign, again and again: nobody sees half of it, and in the end it is there once."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import installation, kill, start

PIECES, ITEMS = 4, 8

OFFICE = f"""
import django; django.setup()
from banshi.campaigns import actions
from banshi.campaigns.tasks import publish_campaign
from tests.factories import *
from tests.factories import campaigns
unit = campaigns.opened(items={ITEMS})
campaigns.agreed(unit)
campaigns.decided(unit.campaign)
day = campaigns.during(unit.campaign, "publish")
actions.arrange_publication(unit.campaign, on=day.date(), by=TESTS, at=day)
publish_campaign.enqueue(unit.campaign.pk, day.isoformat())

from banshi.catalog.models import Change, Listing, Publication
from banshi.ledger.verification import verify
from banshi.ledger.models import LedgerEntry
from banshi.campaigns.models import Campaign, Entry
from django_tasks_db.models import DBTaskResult
new = Publication.objects.filter(number=2)
while True:
    input()
    print(
        Campaign.objects.get().state,
        *sorted(set(Entry.objects.values_list("state", flat=True))),
        new.count(),
        new.filter(until=None).count(),
        Listing.objects.filter(publication__number=2).count(),
        Change.objects.filter(publication__number=2).count(),
        LedgerEntry.objects.filter(action="catalog.publish", facts__number=2).count(),
        Publication.objects.filter(until=None).count(),
        verify().holds,
        DBTaskResult.objects.get(task_path__endswith="publish_campaign").status,
        flush=True,
    )
"""
"""Prepares a campaign and tells, whenever it is asked, what everybody sees of it."""

WORK = f"""
import django; django.setup()
from banshi.core.clock import now
from banshi.jobs import workers
from django_tasks.signals import task_finished
from banshi.campaigns.actions import deciding
put_in_force, deciding.AT_ONCE = deciding._put_in_force, {ITEMS // PIECES}
def piece_by_piece(*group):
    put_in_force(*group)
    print("piece", flush=True)
    input()
deciding._put_in_force = piece_by_piece
task_finished.connect(lambda **_: print("finished", flush=True), weak=False)
workers._put_back(lambda running: running, at=now())  # whoever ran a task is dead, and here nobody waits to be sure
workers.run_worker(now)
"""
"""A worker that after each piece, and when the task is finished, tells us; after a piece it waits for our answer."""


@contextmanager
def process_of(code: str, home: Path) -> Iterator[subprocess.Popen[str]]:
    """Killed at the end, without a word."""
    process = start(code, home)
    try:
        yield process
    finally:
        kill(process)


def ask(process: subprocess.Popen[str]) -> str:
    assert process.stdin
    assert process.stdout
    print(file=process.stdin, flush=True)
    return process.stdout.readline()


def after_pieces(process: subprocess.Popen[str], count: int) -> None:
    """Let it publish so many pieces, and stop before it goes on."""
    assert process.stdout
    assert process.stdout.readline() == "piece\n"
    for _ in range(1, count):
        assert ask(process) == "piece\n"


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Callable[[], list[str]]]:
    with process_of(OFFICE, installation(tmp_path / "home")) as office:
        yield lambda: ask(office).split()


@pytest.mark.parametrize("killed", [(PIECES,), pytest.param((1, PIECES), marks=pytest.mark.nightly)])
def test_killed_in_the_middle_nothing_is_seen_of_it_and_the_last_time_all_of_it_once(
    tmp_path: Path, seen: Callable[[], list[str]], killed: tuple[int, ...]
) -> None:
    home, nothing = tmp_path / "home", ["publishing", "decided", *"00000", str(ITEMS), "True"]
    assert seen() == [*nothing, "READY"]
    for pieces in killed:
        with process_of(WORK, home) as worker:
            after_pieces(worker, pieces)
            assert seen() == [*nothing, "RUNNING"]
        assert seen() == [*nothing, "RUNNING"]
    with process_of(WORK, home) as worker:
        after_pieces(worker, PIECES)
        assert ask(worker) == "finished\n"
        assert seen() == ["finished", "published", *[str(ITEMS)] * 6, "True", "SUCCESSFUL"]


@pytest.mark.django_db
def test_what_was_never_published_after_three_kills_is_begun_anew_the_next_night(django_capture_on_commit_callbacks):
    from django_tasks_db.models import DBTaskResult

    from banshi.campaigns import actions
    from banshi.campaigns.tasks import publish_due
    from tests.factories import TESTS, campaigns

    unit = campaigns.opened()
    campaigns.agreed(unit)
    campaigns.decided(unit.campaign)
    day = campaigns.during(unit.campaign, "publish")
    actions.arrange_publication(unit.campaign, on=day.date(), by=TESTS, at=day)
    with django_capture_on_commit_callbacks(execute=True):
        publish_due.func(day.isoformat())
    assert DBTaskResult.objects.filter(task_path__endswith="publish_campaign", status="READY").count() == 1
