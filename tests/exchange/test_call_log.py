"""The call log can't be altered unnoticed (scenario 19)."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from banshi.core.append_only import lifted
from banshi.exchange.call_log import ANCHORED, CALL, DIGESTED, digest_of, verify_call_log
from banshi.exchange.enums import CallOutcome
from banshi.exchange.models import CallRecord, Grant
from banshi.ledger import record
from banshi.ledger.models import LedgerEntry
from banshi.ledger.recording import digest_of as digest_of_entry
from banshi.ledger.sealing import seal
from tests import factories as make
from tests.cases.hall import moment
from tests.exchange.many_calls import fill
from tests.exchange.office import granted, office
from tests.factories.exchange import logged

pytestmark = pytest.mark.django_db
AT = moment("03-03")
CALLS = 30


def call(grant: Grant, case: int, **more: Any) -> CallRecord:
    return CallRecord(
        at=AT, grant=grant, resource=grant.request.resource, organ=grant.request.organ, clerk="user:1", clerk_name="孙办理",
        purpose="cases.Case:1", purpose_number=f"2026-{case}", kind="verify", outcome=CallOutcome.MATCH, **more,
    )  # fmt: skip


@pytest.fixture
def grant(tmp_path: Path) -> Grant:
    return granted(office(tmp_path), moment("03-02"))


@pytest.fixture(params=["each by its entry", "in one chain", "a chain and then each by its entry"])
def first(request: pytest.FixtureRequest, grant: Grant) -> int:
    """The number of the first of thirty calls, as they are written now, as they were written before, or some of each."""
    chained = {"each by its entry": 0, "in one chain": CALLS}.get(request.param, 10)
    previous = ""
    for number in range(1, chained + 1):
        one = call(grant, number, number=number, previous=previous)
        one.digest = previous = digest_of({each: getattr(one, each) for each in DIGESTED})
        one.save(force_insert=True)
        with transaction.atomic():
            record(CALL, grant, by=make.TESTS, at=AT, facts={"call": number})
    if chained:
        with transaction.atomic():
            record(ANCHORED, grant, by=make.TESTS, at=AT, facts={"number": chained, "digest": previous})
        number_on(chained)
    written = [logged(call(grant, each)).number for each in range(chained, CALLS)]
    return 1 if chained else written[0]


def number_on(last: int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('exchange_callrecord', 'number'), %s)", [last])


def sql(statement: str, table: str = "exchange_callrecord") -> None:
    with lifted(connection, table), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_untouched_log_holds(first: int) -> None:
    verdict = verify_call_log()
    assert (verdict.count, verdict.unsealed, verdict.problem) == (CALLS, CALLS, "")
    assert "还没有封存" in str(verdict)
    seal(at=AT)
    assert verify_call_log().unsealed == 0


@pytest.mark.parametrize(
    ("statement", "number", "words"),
    [
        ("UPDATE exchange_callrecord SET outcome = 'none' WHERE number = {first} + 16", 17, "被改动过"),
        ("UPDATE exchange_callrecord SET clerk_name = '别人' WHERE number >= {first} + 8", 9, "被改动过"),
        ("DELETE FROM exchange_callrecord WHERE number = {first} + 11", 12, "被删去了"),
        ("DELETE FROM exchange_callrecord WHERE number > {first} + 24", 26, "末尾的记录被删去了"),
        ("DELETE FROM exchange_callrecord", 1, "被删去了"),
    ],
)
def test_scenario_19_the_first_broken_entry_is_named(first: int, statement: str, number: int, words: str) -> None:
    sql(statement.format(first=first))
    verdict = verify_call_log()
    assert verdict.number == first + number - 1 and words in verdict.problem


def test_calls_put_in_another_order_are_found(first: int) -> None:
    for old, new in ((first + 7, 1_000_000), (first + 8, first + 7), (1_000_000, first + 8)):
        sql(f"UPDATE exchange_callrecord SET number = {new} WHERE number = {old}")
    verdict = verify_call_log()
    assert verdict.number == first + 7 and "被改动过" in verdict.problem


def test_a_call_put_in_by_itself_is_found(first: int, grant: Grant) -> None:
    one = call(grant, 99, number=first + CALLS)
    one.digest = digest_of({each: getattr(one, each) for each in DIGESTED})
    one.save(force_insert=True)
    verdict = verify_call_log()
    assert verdict.number == first + CALLS and "另外插入" in verdict.problem


def test_a_call_changed_with_its_own_digest_differs_from_the_ledger(first: int) -> None:
    rows = list(CallRecord.objects.all())
    sql("DELETE FROM exchange_callrecord")
    previous = ""
    for row in rows:  # rewritten from the beginning, the chain too
        row.clerk_name, row.previous = "别人", previous if row.previous else ""
        row.digest = previous = digest_of({each: getattr(row, each) for each in DIGESTED})
        row.save(force_insert=True)
    assert "操作记录里的" in verify_call_log().problem


def test_an_entry_changed_with_its_call_is_found(grant: Grant) -> None:
    one = logged(call(grant, 1))
    seal(at=AT)
    sql(f"UPDATE exchange_callrecord SET outcome = 'none' WHERE number = {one.number}")
    one.refresh_from_db()
    entry, digest = LedgerEntry.objects.get(action=CALL), digest_of({each: getattr(one, each) for each in DIGESTED})
    sql(f"UPDATE exchange_callrecord SET digest = '{digest}'")
    entry.facts = {**entry.facts, "digest": digest}
    with lifted(connection, "ledger_ledgerentry"):
        LedgerEntry.objects.filter(pk=entry.pk).update(facts=entry.facts)
    assert "操作记录被改动过" in verify_call_log().problem
    with lifted(connection, "ledger_ledgerentry"):
        LedgerEntry.objects.filter(pk=entry.pk).update(digest=digest_of_entry(entry))
    assert "操作记录不可信" in verify_call_log().problem


def test_a_tail_cut_off_together_with_its_entries_is_missed_by_the_ledger(grant: Grant) -> None:
    for number in range(3):
        last = logged(call(grant, number))
    seal(at=AT)
    newest = LedgerEntry.objects.filter(action=CALL).latest("number")
    sql(f"DELETE FROM exchange_callrecord WHERE number = {last.number}")
    sql(f"DELETE FROM ledger_ledgerentry WHERE number = {newest.number}", "ledger_ledgerentry")
    assert "被删去了" in verify_call_log().problem


def test_the_database_refuses_to_change_it(first: int) -> None:
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_callrecord SET outcome = 'none'")


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE exchange_callrecord SET outcome = 'none' WHERE number = 73111 AND outcome <> 'none'", 73_111),
        ("DELETE FROM exchange_callrecord WHERE number = 99999", 99_999),
    ],
)
def test_scenario_19_among_100_000_calls(grant: Grant, statement: str, number: int) -> None:
    fill(grant, 100_000, entered=True)
    verdict = verify_call_log()
    assert (verdict.count, verdict.problem) == (100_000, "")
    sql(statement)
    assert verify_call_log().number == number
