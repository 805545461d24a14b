"""Entries to test with."""

from datetime import datetime
from typing import Any

from django.db import transaction

from banshi.calendar.models import CalendarYear
from banshi.ledger import System, record
from banshi.ledger.models import LedgerEntry

YEAR = CalendarYear(year=2026)
TESTS = System("test")


@transaction.atomic
def write(count: int, at: datetime, start: int = 0) -> list[LedgerEntry]:
    return [write_one(at, n=start + n) for n in range(count)]


def write_one(at: datetime, **facts: Any) -> LedgerEntry:
    return record("test.act", YEAR, by=TESTS, at=at, facts=facts)
