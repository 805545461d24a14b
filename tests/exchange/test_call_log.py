"""The call log can't be altered unnoticed (scenario 19)."""

from pathlib import Path

import pytest
from django.db import connection, transaction

from banshi.core.append_only import lifted
from banshi.exchange.actions import anchor_calls
from banshi.exchange.call_log import append, verify_call_log
from banshi.exchange.enums import CallOutcome
from banshi.exchange.models import CallHead, CallRecord
from banshi.ledger import record
from banshi.ledger.models import LedgerEntry
from tests import factories as make
from tests.cases.hall import moment
from tests.exchange.many_calls import fill
from tests.exchange.office import granted, office

pytestmark = pytest.mark.django_db
AT = moment("03-03")


@pytest.fixture
def written(tmp_path: Path) -> int:
    of = office(tmp_path)
    grant = granted(of, moment("03-02"))
    for number in range(30):
        append(
            CallRecord(
                at=AT, grant=grant, resource=of.resource, organ=of.of.bureau, clerk="user:1", clerk_name="孙办理",
                purpose="cases.Case:1", purpose_number=f"2026-{number}", kind="verify", outcome=CallOutcome.MATCH,
            )
        )  # fmt: skip
    return 30


def sql(statement: str) -> None:
    with lifted(connection, "exchange_callrecord"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_untouched_log_holds(written: int) -> None:
    verdict = verify_call_log()
    assert (verdict.count, verdict.problem) == (written, "")


@pytest.mark.parametrize(
    ("statement", "number", "words"),
    [
        ("UPDATE exchange_callrecord SET outcome = 'none' WHERE number = 17", 17, "被改动过"),
        ("UPDATE exchange_callrecord SET clerk_name = '别人' WHERE number >= 9", 9, "被改动过"),
        ("DELETE FROM exchange_callrecord WHERE number = 12", 12, "被删去了"),
        ("DELETE FROM exchange_callrecord WHERE number > 25", 26, "末尾的记录被删去了"),
    ],
)
def test_scenario_19_the_first_broken_entry_is_named(written: int, statement: str, number: int, words: str) -> None:
    sql(statement)
    verdict = verify_call_log()
    assert verdict.number == number and words in verdict.problem


def test_a_call_inserted_after_the_end_is_found(written: int) -> None:
    head = CallHead.objects.get()
    row = CallRecord.objects.get(number=written)
    row.pk = None
    append(row)
    CallHead.objects.update(number=head.number, digest=head.digest)
    verdict = verify_call_log()
    assert verdict.number == written + 1 and "另外插入" in verdict.problem


@pytest.mark.parametrize(("head", "words"), [({"digest": "0" * 64}, "链尾"), ({"number": 0, "digest": ""}, "另外插入")])
def test_a_head_that_was_replaced_is_found(written: int, head: dict[str, object], words: str) -> None:
    CallHead.objects.update(**head)
    assert words in verify_call_log().problem


def test_a_tail_cut_off_together_with_the_head_is_missed_by_the_ledger(written: int) -> None:
    record("exchange.call", CallHead.objects.get(), by=make.TESTS, at=AT, facts={"call": written})
    before = CallRecord.objects.get(number=25)
    sql("DELETE FROM exchange_callrecord WHERE number > 25")
    CallHead.objects.update(number=25, digest=before.digest)
    verdict = verify_call_log()
    assert verdict.number == 26 and "末尾的记录被删去了" in verdict.problem


def test_a_log_rewritten_from_its_beginning_differs_from_the_ledger(written: int) -> None:
    assert anchor_calls(by=make.TESTS, at=AT) == written
    assert (
        anchor_calls(by=make.TESTS, at=AT) == written
        and LedgerEntry.objects.filter(action="exchange.anchor_calls").count() == 1
    )
    rows = list(CallRecord.objects.all())
    sql("DELETE FROM exchange_callrecord")
    CallHead.objects.update(number=0, digest="")
    for row in rows:
        row.clerk_name = "别人"
        append(row)
    assert "留底不同" in verify_call_log().problem


def test_the_database_refuses_to_change_it(written: int) -> None:
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
def test_scenario_19_among_100_000_calls(tmp_path: Path, statement: str, number: int) -> None:
    fill(granted(office(tmp_path), moment("03-02")), 100_000)
    verdict = verify_call_log()
    assert (verdict.count, verdict.problem) == (100_000, "")
    sql(statement)
    assert verify_call_log().number == number
