"""Batches: whole once, then what changed; a half or repeated one is harmless; both sides count; memory stays."""

import csv
import hashlib
import io
import sqlite3
import tracemalloc
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pytest import MonkeyPatch

from banshi.access import roles
from banshi.connectors.sql_source.connector import SqlSource
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.events.models import Event
from banshi.exchange.actions import (
    answer_correction,
    count_batch,
    dispute_call,
    make_batch,
    make_due_batches,
    revoke_grant,
    subscribe,
    take_batch,
    verify,
)
from banshi.exchange.batch_files import FEED, batch_rows, write_batch
from banshi.exchange.declarations import declared_resources
from banshi.exchange.enums import BatchFormat, BatchKind
from banshi.exchange.models import CallRecord, DataBatch, Grant, Subscription
from banshi.exchange.sources import SourceTrouble
from banshi.files import open_file
from banshi.notifications.models import Notification
from banshi.sites.workbench.sharing.batches import BatchCountForm
from tests import factories as make
from tests.cases.hall import moment
from tests.exchange.office import PEOPLE, Office, case_in_hand, granted, office
from tests.sites.workbench.test_sharing import as_

pytestmark = pytest.mark.django_db
AT = moment("03-03")
IN_BATCH = {text for row in PEOPLE for text in (row[0], row[3])}


@pytest.fixture
def of(tmp_path: Path, monkeypatch: MonkeyPatch) -> Office:
    """A register that says when each row was changed."""
    made = office(tmp_path)
    declared = declared_resources()["GA-RK-001"]
    assert declared.source
    dated = declared.model_copy(update={"source": declared.source.model_copy(update={"updated": "gxsj"})})
    for module in ("actions.batching", "declarations"):
        monkeypatch.setattr(f"banshi.exchange.{module}.declared_resources", lambda: {"GA-RK-001": dated})
    in_register(tmp_path, "ALTER TABLE hjrk ADD COLUMN gxsj text DEFAULT '2026-02-01'")
    return made


@pytest.fixture
def subscription(of: Office) -> Subscription:
    grant = granted(
        of,
        moment("03-02"),
        fields=("name", "address"),
        unmasked=("name", "address"),
        verify_only=False,
        in_batches=True,
    )
    return subscribe(grant, by=of.asker, at=AT)


def in_register(path: Path, statement: str) -> None:
    with sqlite3.connect(path / "police.sqlite3") as register:
        register.execute(statement)


def read(batch: DataBatch | None) -> list[dict[str, str]]:
    assert batch
    with open_file(batch.file) as file:
        return list(csv.DictReader(io.StringIO(file.read().decode())))


def made(subscription: Subscription, **later: float) -> DataBatch | None:
    return make_batch(subscription, by=make.TESTS, at=AT + timedelta(**later))


def test_the_first_batch_is_whole_and_has_the_granted_fields_alone(subscription: Subscription) -> None:
    batch = made(subscription)
    rows = read(batch)
    assert list(rows[0]) == [*FEED, "name", "address"] and {each["cd_operation"] for each in rows} == {"I"}
    assert {each["name"] for each in rows} == {"林小例", "阿依古丽·买买提"}
    assert "530102199003071211" not in str(rows) and batch and (batch.rows, batch.total) == (2, 2)
    assert Event.objects.filter(kind="exchange.batch_made").count() == 1


def test_a_whole_batch_has_the_rows_without_a_date_too(subscription: Subscription, tmp_path: Path) -> None:
    in_register(tmp_path, "UPDATE hjrk SET gxsj = NULL WHERE xm = '林小例'")
    batch = made(subscription)
    assert batch and (batch.rows, batch.total) == (2, 2)


def test_a_count_no_table_can_hold_is_refused() -> None:
    assert set(BatchCountForm({"rows": "9" * 30, "total": "9" * 30}).errors) == {"rows", "total"}


def test_one_grant_that_fits_no_longer_keeps_no_batch_from_others(subscription: Subscription) -> None:
    Grant.objects.update(fields=["name", "gone"])
    assert make_due_batches(by=make.TESTS, at=AT) == 0
    with pytest.raises(Conflict, match="信息项改过"):
        made(subscription)


def test_the_next_brings_what_changed_and_nothing_where_nothing_did(subscription: Subscription, tmp_path: Path) -> None:
    whole = {each["name"]: each["row_guid"] for each in read(made(subscription))}
    assert made(subscription, days=1) is None
    in_register(tmp_path, "UPDATE hjrk SET hjdz = '新址', gxsj = '2026-03-03' WHERE xm = '林小例'")
    batch = made(subscription, days=2)
    changed = {each["name"]: each for each in read(batch) if each["address"] == "新址"}
    assert changed["林小例"]["row_guid"] == whole["林小例"] and changed["林小例"]["cd_operation"] == "U"
    assert batch and (batch.kind, batch.number, batch.cursor_from, batch.cursor_to) == (
        "incremental", 2, "2026-02-01", "2026-03-03"
    )  # fmt: skip


def test_a_row_dated_ahead_hides_no_change_that_comes_before_it(
    of: Office, subscription: Subscription, tmp_path: Path
) -> None:
    """A clock of the source that was off, or a wrong date in one row."""
    in_register(tmp_path, "UPDATE hjrk SET gxsj = '2099-01-01' WHERE xm = '林小例'")
    assert len(read(made(subscription))) == 2
    in_register(tmp_path, "UPDATE hjrk SET hjdz = '新址', gxsj = '2026-03-04' WHERE xm <> '林小例'")
    assert "新址" in {each["address"] for each in read(made(subscription, days=1))}
    in_register(tmp_path, "UPDATE hjrk SET gxsj = '2026-03-05' WHERE xm = '林小例'")
    assert made(subscription, days=2) is not None and made(subscription, days=3) is None


SAMPLE = ("data_steward", "handler", "data_manager")


@pytest.mark.parametrize("names", [SAMPLE, pytest.param(tuple(sorted(roles())), marks=pytest.mark.nightly)])
def test_a_batch_opens_to_the_organ_it_was_granted_and_shows_its_columns_alone(
    of: Office, subscription: Subscription, names: tuple[str, ...]
) -> None:
    """Every role of the owner, of the organ that asked and of another: its page, and what a POST gives."""
    batch = made(subscription)
    assert batch
    request, beyond = subscription.grant.request, {text for row in PEOPLE for text in (row[1], row[2], row[4])}
    given: dict[tuple[str, str], str] = {}
    for role in names:
        for organ in (of.police, of.of.bureau, make.organ()):
            browser = as_(make.user(role, organ))
            page = browser.get(f"/work/data/requests/{request.pk}/").content.decode()
            assert not [each for each in IN_BATCH | beyond if each in page], (role, organ)
            answer: Any = browser.post(f"/work/data/batches/{batch.pk}/file/")
            text = b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
            assert not [each for each in beyond if each in text], (role, organ)
            if any(each in text for each in IN_BATCH):
                given[role, organ.name] = text
    assert {organ for _, organ in given} == {of.of.bureau.name} and ("data_steward", of.of.bureau.name) in given
    assert all(next(csv.reader(io.StringIO(text))) == [*FEED, "name", "address"] for text in given.values())
    assert CallRecord.objects.filter(kind="batch", outcome="answered").count() == len(given)


def test_half_a_batch_is_never_seen_and_the_next_turn_makes_it_whole(
    subscription: Subscription, monkeypatch: MonkeyPatch
) -> None:
    whole = SqlSource.stream

    def breaks(self: SqlSource, bulk: Any) -> Iterator[Sequence[Any]]:
        yield from list(whole(self, bulk))[:1]
        raise SourceTrouble("对方的数据库现在连不上")

    monkeypatch.setattr(SqlSource, "stream", breaks)
    with pytest.raises(Conflict, match="没有做成"):
        made(subscription)
    assert make_due_batches(by=make.TESTS, at=AT) == 0 and not DataBatch.objects.exists()
    monkeypatch.setattr(SqlSource, "stream", whole)
    assert make_due_batches(by=make.TESTS, at=AT + timedelta(hours=1)) == 1
    assert make_due_batches(by=make.TESTS, at=AT + timedelta(hours=2)) == 0
    assert DataBatch.objects.get().rows == 2


def test_a_batch_is_on_record_before_it_is_given_and_both_sides_count(subscription: Subscription, of: Office) -> None:
    batch = made(subscription)
    assert batch
    with pytest.raises(Conflict, match="还没有取走"):
        count_batch(batch, rows=2, by=of.asker, at=AT)
    take_batch(batch, by=of.asker, at=AT)
    again = take_batch(batch, by=of.asker, at=AT + timedelta(hours=1))
    assert again.taken_at == AT and [each.rows for each in CallRecord.objects.filter(kind="batch")] == [2, 2]
    assert not count_batch(batch, rows=2, total=2, by=of.asker, at=AT).differs
    assert made(subscription, days=1) is None
    assert count_batch(batch, rows=1, by=of.asker, at=AT).differs
    following = made(subscription, days=1)
    assert following and (following.kind, following.rows) == ("full", 2)


def test_what_was_revoked_or_never_granted_in_batches_is_not_given(subscription: Subscription, of: Office) -> None:
    batch = made(subscription)
    assert batch
    revoke_grant(subscription.grant, reason="用错了地方", by=of.steward, at=AT)
    with pytest.raises(Refused, match="收回"):
        take_batch(batch, by=of.asker, at=AT)
    assert make_due_batches(by=make.TESTS, at=AT + timedelta(days=2)) == 0
    with pytest.raises(Refused, match="不能整批取"):
        subscribe(granted(of, AT, verify_only=False), by=of.asker, at=AT)
    with pytest.raises(BadInput, match="只能核验"):
        granted(of, AT, in_batches=True)


def test_sensitive_items_are_masked_unless_the_grant_gives_them_plain(of: Office) -> None:
    grant = granted(of, moment("03-02"), fields=("name", "address"), verify_only=False, in_batches=True)
    rows = read(made(subscribe(grant, by=of.asker, at=AT)))
    assert ("林*例", "示例市东样县***") in [(each["name"], each["address"]) for each in rows]


def test_only_rows_of_the_grant_come(of: Office) -> None:
    rows = [{"item": "town", "values": ["例林镇"]}]
    grant = granted(
        of, moment("03-02"), fields=("name",), unmasked=("name",), verify_only=False, in_batches=True, conditions=rows
    )
    batch = made(subscribe(grant, by=of.asker, at=AT))
    assert [each["name"] for each in read(batch)] == ["阿依古丽·买买提"] and batch and batch.total == 1


def test_parquet_has_the_same_rows(subscription: Subscription) -> None:
    Subscription.objects.update(format="parquet")
    batch = made(subscription)
    assert batch
    with open_file(batch.file) as file:
        table = pq.read_table(io.BytesIO(file.read()))
    assert table.column_names == [*FEED, "name", "address"] and table.num_rows == 2


def test_rows_are_named_for_one_organ_alone_and_alike_for_it_each_time() -> None:
    def named(organ: int, number: str) -> str:
        rows = batch_rows([(number, "林")], masks=[None], code="X", organ=organ, batch="1", kind=BatchKind.FULL, at=AT)
        return str(next(rows)[0])

    assert named(1, "530102199003071211") == named(1, "530102199003071211") != named(2, "530102199003071211")
    # What anybody could compute of the number finds nobody.
    for algorithm in ("md5", "sha1", "sha256"):
        for text in ("530102199003071211", "X:530102199003071211", "1:X:530102199003071211"):
            assert hashlib.new(algorithm, text.encode()).hexdigest() != named(1, "530102199003071211")


def test_several_rows_of_one_person_are_told_apart_where_the_source_says_by_what(
    subscription: Subscription, tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    declared = declared_resources()["GA-RK-001"]
    assert declared.source
    several = declared.model_copy(update={"source": declared.source.model_copy(update={"row": "hh"})})
    monkeypatch.setattr("banshi.exchange.actions.batching.declared_resources", lambda: {"GA-RK-001": several})
    in_register(tmp_path, "CREATE TABLE two AS SELECT *, gmsfhm || '-1' AS hh FROM hjrk")
    in_register(tmp_path, "INSERT INTO two SELECT *, gmsfhm || '-2' FROM hjrk")
    in_register(tmp_path, "DROP TABLE hjrk")
    in_register(tmp_path, "ALTER TABLE two RENAME TO hjrk")
    rows = read(made(subscription))
    assert len({each["row_guid"] for each in rows}) == len(rows) == 4


def test_a_row_group_is_bounded_by_its_letters_too(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr("banshi.exchange.batch_files.LETTERS_AT_ONCE", 10_000)
    with (tmp_path / "long.parquet").open("wb") as file:
        rows: Iterator[list[str | None]] = (["g", "b", "I", "t", "长" * 1_000] for _ in range(100))
        assert write_batch(rows, ["name"], file, form=BatchFormat.PARQUET) == 100
    assert pq.ParquetFile(tmp_path / "long.parquet").metadata.num_row_groups == 10


@pytest.mark.parametrize("form", BatchFormat)
def test_memory_does_not_grow_with_the_rows(form: BatchFormat, tmp_path: Path) -> None:
    """Counted in memory the interpreter gave, which a busy machine does not change."""

    def peak(count: int) -> int:
        rows = batch_rows(
            ((str(n), "名" * 20) for n in range(count)),
            masks=[None],
            code="X",
            organ=1,
            batch="1",
            kind=BatchKind.FULL,
            at=AT,
        )
        with (tmp_path / form).open("wb") as file:
            tracemalloc.start()
            assert write_batch(rows, ["name"], file, form=form) == count
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return most

    peak(100)
    small, large = peak(6_000), peak(18_000)
    assert large < 1.5 * small + 300_000


def test_who_keeps_a_copy_is_told_of_what_was_mended(subscription: Subscription, of: Office) -> None:
    batch = made(subscription)
    assert batch
    take_batch(batch, by=of.asker, at=AT)
    case = case_in_hand(of, AT)
    verify(
        subscription.grant,
        kind="case",
        key=case.pk,
        role="申请人",
        claims={"name": "林小例"},
        by=of.of.handler,
        at=AT,
    )
    call = CallRecord.objects.get(kind="verify")
    wrong = dispute_call(call, words="搬家了", by=of.of.citizen, at=AT)
    answer_correction(wrong, result="corrected", words="已改", by=of.steward, at=AT + timedelta(days=1))
    told = Notification.objects.filter(kind="exchange.correction_told", body__contains="整批取过")
    assert of.asker in {each.user for each in told} and not told.filter(body__contains="林小例").exists()
