"""Killed at any point while publishing: after restart everything is there, or nothing of it."""

import os
from pathlib import Path

from tests.processes import installation, said

KILLED = """
import django; django.setup()
import os, signal, sys
from datetime import timedelta
from django.db import connection, transaction
from tests.factories import *
from banshi.catalog.actions import publish_many
from banshi.catalog.models import *
from banshi.events.consuming import follow
from banshi.ledger.models import LedgerEntry
from banshi.ledger.verification import verify

LATER, ITEMS = NOON + timedelta(hours=1), 12

def publish_drafts():
    publish_many(Revision.objects.filter(state="draft"), by=TESTS, at=LATER)

def statements():
    done = []
    def note(execute, *query):
        done.append(query[0])
        return execute(*query)
    with transaction.atomic(), connection.execute_wrapper(note):
        publish_drafts()
        transaction.set_rollback(True)
    return done

def publish_until(last):
    if not os.fork():
        done = []
        def kill_after(execute, *query):
            answer = execute(*query)
            done.append(query)
            if len(done) == last:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer
        with connection.execute_wrapper(kill_after):
            publish_drafts()
        os._exit(0)
    return os.wait()[1]

def look(publications):
    follow()
    live = Publication.objects.filter(until=None)
    assert live.count() == Listing.objects.count() == ITEMS
    assert PublishedMaterial.objects.count() == 2 * ITEMS
    assert Publication.objects.count() == Change.objects.count() == publications
    assert Revision.objects.filter(state="published").count() == publications
    assert LedgerEntry.objects.filter(action="catalog.publish").count() == publications
    assert verify().holds

bureau = organ()
items = [item(bureau) for n in range(ITEMS)]
publish_many([start_draft(each, by=TESTS, at=NOON) for each in items], by=TESTS, at=NOON)
for each in items:
    start_draft(each, by=TESTS, at=LATER)
done = statements()
assert done[0].startswith("SAVEPOINT") and done[-1].startswith("RELEASE")
for last in range(1, len(done), int(sys.argv[1])):  # BEGIN stands for the first, the commit is none
    connection.close()
    assert publish_until(last) == signal.SIGKILL
    look(ITEMS)
publish_drafts()
look(2 * ITEMS)
print(*(each.split()[0] for each in done))
"""
"""Child processes publish a dozen drafts, the first killed after its first statement, the last after its last one."""
EVERY = 1 if os.environ.get("BANSHI_TEST_ALL") else 4
"""Each day one is killed after each fourth statement; nightly after each."""


def test_killed_while_publishing_nothing_is_half_there(tmp_path: Path) -> None:
    statements = said(KILLED, installation(tmp_path / "home"), str(EVERY)).split()
    assert statements.count("INSERT") >= 4
