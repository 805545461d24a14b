from datetime import timedelta
from itertools import pairwise
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.at_once import at_once
from tests.ledger.acts import write, write_one
from tests.processes import DEADLINE

from banshi.ledger import sealing
from banshi.ledger.models import Block, LedgerEntry
from banshi.ledger.sealing import not_sealed, ranges_of, seal
from banshi.ledger.verification import verify


@pytest.mark.django_db
class TestSealing:
    def test_each_entry_goes_into_one_block_and_blocks_follow_each_other(self, monday):
        write(2, monday)
        assert seal(at=monday) == 2
        write(1, monday)
        assert seal(at=monday) == 1
        first, second = Block.objects.all()
        assert (first.number, first.count, second.number, second.count) == (1, 2, 2, 1)
        assert second.previous == first.digest

    def test_with_nothing_to_seal_there_is_no_block(self, monday):
        assert seal(at=monday) == 0
        assert not Block.objects.exists()

    def test_many_entries_are_sealed_in_blocks_of_bounded_size(self, monday, monkeypatch):
        monkeypatch.setattr(sealing, "BLOCK", 4)
        write(10, monday)
        assert seal(at=monday) == 10
        assert list(Block.objects.values_list("count", flat=True)) == [4, 4, 2]

    def test_what_waits_is_counted_with_the_moment_of_the_oldest(self, monday):
        write(1, monday)
        seal(at=monday)
        assert (not_sealed().count, not_sealed().oldest) == (0, None)
        write(2, monday + timedelta(seconds=9))
        write(1, monday + timedelta(seconds=5))
        assert (not_sealed().count, not_sealed().oldest) == (3, monday + timedelta(seconds=5))


@given(st.sets(st.integers(1, 60), min_size=1).map(sorted))
def test_ranges_name_the_same_numbers(numbers):
    ranges = ranges_of(numbers)
    assert [n for first, last in ranges for n in range(first, last + 1)] == numbers
    assert all(one[1] + 1 < other[0] for one, other in pairwise(ranges))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """On PostgreSQL, where transactions run beside each other."""

    def test_an_entry_committed_late_is_sealed_in_a_later_block_whatever_its_number(self, monday):
        begun, may_end, numbers = Event(), Event(), {}

        def long_act():
            with transaction.atomic():
                numbers["long"] = write_one(monday).number
                begun.set()
                may_end.wait(DEADLINE)
            connection.close()

        thread = Thread(target=long_act)
        thread.start()
        assert begun.wait(DEADLINE)
        (quick,) = write(1, monday)
        assert numbers["long"] < quick.number
        assert seal(at=monday) == 1
        assert seal(at=monday) == 0
        may_end.set()
        thread.join()
        assert not_sealed().count == 1
        assert seal(at=monday) == 1
        blocks = dict(LedgerEntry.objects.values_list("number", "block"))
        assert blocks == {quick.number: 1, numbers["long"]: 2}
        assert verify().holds

    def test_numbers_of_acts_undone_are_no_gap(self, monday):
        write(1, monday)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            write_one(monday)
            1 / 0  # noqa: B018
        write(1, monday)
        assert seal(at=monday) == 2
        assert Block.objects.get().members == ranges_of(list(LedgerEntry.objects.values_list("number", flat=True)))
        assert verify().holds

    def test_four_sealers_beside_six_writers_seal_each_entry_once(self, monday, monkeypatch):
        monkeypatch.setattr(sealing, "BLOCK", 7)

        def work(number):
            for n in range(25):
                if number < 6:
                    write(1 + n % 3, monday, start=number * 100 + n)
                else:
                    seal(at=monday)

        at_once(work, people=10)
        seal(at=monday)
        assert LedgerEntry.objects.count() == 6 * 49
        assert not_sealed().count == 0
        assert sum(Block.objects.values_list("count", flat=True)) == 6 * 49
        assert list(Block.objects.values_list("number", flat=True)) == list(range(1, Block.objects.count() + 1))
        assert verify().holds


@pytest.mark.django_db(transaction=True)
def test_concurrent_appenders_lose_nothing(on_disk_database, monday):
    at_once(lambda number: [write(1, monday, start=number * 100 + n) for n in range(25)], people=6)
    assert seal(at=monday) == 150
    assert verify().count == 150
    assert verify().holds
