"""Entries of one act: inserted together at its end, or not at all."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.factories import NOON
from tests.ledger.acts import write_one

from banshi.core.unit_of_work import unit_of_work
from banshi.ledger.models import LedgerEntry


def numbers() -> list[int]:
    return [each.facts["n"] for each in LedgerEntry.objects.order_by("number")]


@pytest.mark.django_db
class TestUnitOfWork:
    def test_entries_are_inserted_with_one_statement_at_its_end(self) -> None:
        with CaptureQueriesContext(connection) as asked, unit_of_work():
            for n in range(3):
                write_one(NOON, n=n)
            assert not LedgerEntry.objects.exists()
        assert sum("INSERT" in each["sql"] for each in asked) == 1
        assert numbers() == [0, 1, 2]

    def test_of_an_act_that_fails_nothing_is_left(self) -> None:
        with pytest.raises(ZeroDivisionError), unit_of_work():
            write_one(NOON, n=1)
            1 / 0  # noqa: B018
        with transaction.atomic():
            write_one(NOON, n=2)
        assert numbers() == [2]

    def test_a_part_that_is_rolled_back_takes_its_entries_with_it(self) -> None:
        with unit_of_work():
            write_one(NOON, n=1)
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                write_one(NOON, n=2)
                1 / 0  # noqa: B018
            with pytest.raises(ZeroDivisionError), unit_of_work():
                write_one(NOON, n=3)
                1 / 0  # noqa: B018
            with unit_of_work():
                write_one(NOON, n=4)
            write_one(NOON, n=5)
        assert sorted(numbers()) == [1, 4, 5]

    def test_parts_that_succeed_are_inserted_with_the_whole_and_in_its_order(self) -> None:
        with CaptureQueriesContext(connection) as asked, unit_of_work():
            write_one(NOON, n=1)
            for n in (2, 3):
                with unit_of_work():
                    write_one(NOON, n=n)
            write_one(NOON, n=4)
        assert sum("INSERT" in each["sql"] for each in asked) == 1
        assert numbers() == [1, 2, 3, 4]
