"""One holder at a time, and another when it is gone."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from tests.processes import DEADLINE

from banshi.core import leases
from banshi.core.leases import LeaseLost, lease, release_all_of, this_process
from banshi.core.models import Lease

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def elsewhere(work: Callable[[], bool]) -> bool:
    """From another thread, so with a connection of its own."""
    answers: list[bool] = []

    def run() -> None:
        answers.append(work())
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return answers[0]


def is_free(name: str) -> bool:
    with lease(name) as ours:
        return ours is not None


def expire(name: str) -> None:
    """As if the holder had been silent since long."""
    Lease.objects.filter(name=name).update(expires_at=Now() - timedelta(seconds=1))


def test_one_at_a_time_for_each_name() -> None:
    with lease("work") as ours:
        assert ours
        assert not elsewhere(lambda: is_free("work"))
        assert elsewhere(lambda: is_free("other work"))
    assert elsewhere(lambda: is_free("work"))


def test_of_many_who_ask_at_once_one_gets_it() -> None:
    together, all_asked, got = threading.Barrier(8), threading.Barrier(8), []

    def ask() -> None:
        together.wait()
        with lease("work") as ours:
            got.append(ours)
            all_asked.wait()
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(ours is not None for ours in got) == 1


def test_an_expired_one_is_taken_over_under_a_higher_token() -> None:
    with lease("work") as first:
        expire("work")
        with lease("work") as second:
            assert first
            assert second
            assert second.token > first.token
            assert not elsewhere(lambda: is_free("work"))


def test_whoever_lost_it_cannot_commit_under_it() -> None:
    with lease("work") as first:
        assert first
        with transaction.atomic():
            first.confirm()
        expire("work")
        with lease("work"), transaction.atomic(), pytest.raises(LeaseLost):
            first.confirm()
        assert first.lost.is_set()


def test_letting_go_of_a_lost_one_leaves_it_to_its_new_holder() -> None:
    first = leases._take("work", DAY)
    assert first
    expire("work")
    with lease("work"):
        leases._release(first)
        assert not elsewhere(lambda: is_free("work"))


def test_it_is_renewed_three_times_within_its_life_until_it_is_let_go() -> None:
    class Over(threading.Event):
        pauses: list[float | None] = []

        def wait(self, timeout: float | None = None) -> bool:
            self.pauses.append(timeout)
            return len(self.pauses) == 2

    held, over = leases._take("work", DAY), Over()
    assert held
    soon = timedelta(minutes=1)
    Lease.objects.filter(name="work").update(expires_at=Now() + soon)
    leases._renew(held, over)
    assert over.pauses == [DAY.total_seconds() / 3] * 2
    assert Lease.objects.filter(name="work", expires_at__gt=Now() + 2 * soon).exists()
    assert not held.lost.is_set()


def test_renewing_begins_with_the_lease_and_ends_with_it() -> None:
    with lease("watched"):
        (renewing,) = (each for each in threading.enumerate() if each.name == "lease watched")
    renewing.join(DEADLINE)
    assert not renewing.is_alive()


def test_a_process_that_leaves_frees_what_it_held() -> None:
    with lease("work"):
        release_all_of("somebody else")
        assert not elsewhere(lambda: is_free("work"))
        release_all_of(this_process())
        assert elsewhere(lambda: is_free("work"))


def test_it_is_not_taken_within_a_transaction_that_could_be_rolled_back() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError), lease("work"):
        pass
