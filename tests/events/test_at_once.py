"""Transactions beside each other, on PostgreSQL: no consumer misses what commits late."""

from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from tests.at_once import at_once
from tests.events.test_events import NOTED, note, organs_may_be_noted, taken  # noqa: F401
from tests.factories import NOON, TESTS, draft, item, organ
from tests.processes import DEADLINE

from banshi.catalog.actions import publish, publish_many
from banshi.catalog.models import Change, Publication
from banshi.catalog.queries import changes_after
from banshi.events import Occurrence, emit_many
from banshi.events.consuming import consume, events_after, follow
from banshi.events.models import Event
from banshi.events.sequencing import sequence

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def in_a_transaction(work: Any) -> Any:
    """Begin it in another connection; calling the answer lets it commit."""
    begun, may_end = Signal(), Signal()

    def run() -> None:
        with transaction.atomic():
            work()
            begun.set()
            assert may_end.wait(DEADLINE)
        connection.close()

    thread = Thread(target=run)
    thread.start()
    assert begun.wait(DEADLINE)

    def commit() -> None:
        may_end.set()
        thread.join()

    return commit


def test_what_commits_late_is_not_skipped_though_it_was_written_first() -> None:
    where = organ()
    commit = in_a_transaction(lambda: note("early, long", subject=where))
    with transaction.atomic():
        note("late, quick", subject=where)
    sequence()
    assert taken("one") == ["late, quick"]
    commit()
    assert taken("one") == []
    sequence()
    assert taken("one") == ["early, long"]
    first, second = Event.objects.order_by("id")
    assert (first.number, second.number) == (2, 1)


def test_events_of_an_act_stand_together_though_two_acts_were_written_in_turns() -> None:
    where = organ()

    def three(name: str) -> None:
        emit_many(NOTED, [Occurrence(where, {"text": f"{name}{n}"}) for n in range(3)], by=TESTS, at=NOON)

    with transaction.atomic():
        three("a")
        commit = in_a_transaction(lambda: three("b"))
        three("c")
    commit()
    sequence()
    assert "".join(taken("one")) == "a0a1a2b0b1b2c0c1c2"


def test_a_reader_beside_eight_writers_reads_each_event_once() -> None:
    where, seen, over = organ(), [], Signal()

    def read() -> None:
        last = False
        while not last:
            last = over.is_set()
            sequence()
            while got := taken("reader", batch_size=7):
                seen.extend(got)
        connection.close()

    reader = Thread(target=read)
    reader.start()

    def write(writer: int) -> None:
        for n in range(20):
            with transaction.atomic():
                emit_many(
                    NOTED, [Occurrence(where, {"text": f"{writer}-{n}-{k}"}) for k in range(3)], by=TESTS, at=NOON
                )

    at_once(write)
    over.set()
    reader.join()
    assert len(seen) == 8 * 20 * 3
    assert len(set(seen)) == len(seen)
    for writer in range(8):
        mine = [each for each in seen if each.startswith(f"{writer}-")]
        assert mine == [f"{writer}-{n}-{k}" for n in range(20) for k in range(3)]
    assert list(events_after(0).values_list("number", flat=True)) == list(range(1, 481))


def test_one_consumer_in_two_processes_takes_turns() -> None:
    assert taken("one") == []
    where = organ()
    with transaction.atomic():
        note("a", subject=where)
    sequence()
    got: list[Any] = []

    def other() -> None:
        with consume("one") as events:
            got.append(events)
        connection.close()

    with consume("one") as events:
        assert events is not None
        assert [each.data["text"] for each in events] == ["a"]
        thread = Thread(target=other)
        thread.start()
        thread.join(60)
    assert got == [None], "it neither waited nor got them too"


def test_a_publication_waits_for_none_that_is_under_way() -> None:
    long, quick = [draft(item()) for _ in range(3)], draft(item())
    commit = in_a_transaction(lambda: publish_many(long, by=TESTS, at=NOON))
    publish(quick, by=TESTS, at=NOON)
    assert [each.item for each in Change.objects.all()] == [quick.item]
    reached = Change.objects.latest("number").number
    commit()
    told = changes_after(reached)
    assert [each.item for each in told] == [each.item for each in long]
    assert {each.batch for each in told} == {f"{NOON:%Y%m%d}-{reached + 1:09d}"}


def test_a_feed_found_busy_is_completed_by_whoever_is_busy_or_by_the_worker() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            from banshi.events.sequencing import LOCK

            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        at_once(lambda n: publish(draft(item()), by=TESTS, at=NOON), people=2)
        assert not Change.objects.exists()
    follow()
    assert Change.objects.count() == Publication.objects.count() == 2


def test_the_feed_follows_killed_publishers() -> None:
    """The process ended between its commit and its feed."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "run_and_clear_commit_hooks", lambda self: self.run_on_commit.clear())
        publish(draft(item()), by=TESTS, at=NOON)
    assert not Change.objects.exists()
    follow()
    assert Change.objects.count() == 1
