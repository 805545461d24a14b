"""Killed in the middle of publishing a campaign, again and again: nobody sees half of it, and in the end it is there once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PIECES, ITEMS = 4, 8

PREPARE = f"""
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
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
"""

WORK = f"""
import django; django.setup()
from banshi.core.clock import now
from banshi.jobs import workers
from banshi.campaigns.actions import deciding
put_in_force, deciding.AT_ONCE = deciding._put_in_force, {ITEMS // PIECES}
def piece_by_piece(*group):
    put_in_force(*group)
    print("piece", flush=True)
    input()
deciding._put_in_force = piece_by_piece
workers.run_worker(now)
"""
"""A worker as in an office, but that after each piece it waits for us."""

LOOK = """
import django; django.setup()
from banshi.catalog.models import Change, Listing, Publication, Revision
from banshi.ledger.verification import verify
from banshi.ledger.models import LedgerEntry
from banshi.campaigns.models import Campaign, Entry
from django_tasks_db.models import DBTaskResult
new = Publication.objects.filter(number=2)
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
)
"""


def start(code: str, home: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "BANSHI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "banshi.config.settings"}
    environment.pop("DATABASE_URL", None)
    root = str(Path(__file__).parents[2])
    environment["PYTHONPATH"] = f"{root}:{root}/src"
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=home, stdin=pipe, stdout=pipe, text=True)


def said(code: str, home: Path) -> list[str]:
    process = start(code, home)
    words, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    return words.split()


@contextmanager
def worker(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Killed at the end, without a word."""
    process = start(WORK, home)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def after_pieces(process: subprocess.Popen[str], count: int) -> None:
    """Let it publish so many pieces, and stop before it goes on."""
    assert process.stdin
    assert process.stdout
    for done in range(count):
        if done:
            print(file=process.stdin, flush=True)
        assert process.stdout.readline() == "piece\n"


def test_killed_twice_in_the_middle_nothing_is_seen_of_it_and_the_third_time_all_of_it_once(tmp_path: Path) -> None:
    said(PREPARE, tmp_path)
    nothing = ["publishing", "decided", *"00000", str(ITEMS), "True"]
    for pieces in (1, PIECES):
        with worker(tmp_path) as process:
            after_pieces(process, pieces)
            assert said(LOOK, tmp_path) == [*nothing, "RUNNING"]
        assert said(LOOK, tmp_path) == [*nothing, "RUNNING"]
    with worker(tmp_path) as process:
        after_pieces(process, PIECES)
        assert process.stdin
        print(file=process.stdin, flush=True)
        seen = said(LOOK, tmp_path)
        while seen == [*nothing, "RUNNING"] or seen[-1] == "RUNNING":
            seen = said(LOOK, tmp_path)
    assert seen == ["finished", "published", *[str(ITEMS)] * 6, "True", "SUCCESSFUL"]


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
