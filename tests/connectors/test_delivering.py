"""Nothing lost, nothing sent twice, each item's changes in their order, whatever the other side does."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult
from tests.connectors.conftest import Turn, to_folder, to_platform
from tests.factories import NOON, TESTS, guide, item, publication, published_item, user

from banshi.catalog.actions import publish_many, start_draft, withdraw
from banshi.catalog.identity import identity_of
from banshi.catalog.models import Change, Item
from banshi.connectors.actions import check_outlet, end_outlet
from banshi.connectors.channel import OutletChannel
from banshi.connectors.kiosk.fake import FakeKioskFolder
from banshi.connectors.models import Outlet
from banshi.connectors.upper_platform.fake import FakeUpperPlatform
from banshi.core.backoff import wait_after
from banshi.core.errors import BadInput, Conflict
from banshi.ledger.models import LedgerEntry
from banshi.outbox.actions import pause, resend, resend_failed, resume, skip
from banshi.outbox.models import Message
from banshi.outbox.queries import all_with_work
from banshi.outbox.tasks import deliver_due, deliver_queue

pytestmark = pytest.mark.django_db
State = Message.State


def states(outlet: Outlet) -> list[str]:
    return list(outlet.messages.order_by("position").values_list("state", flat=True))


def of(outlet: Outlet, item: Item) -> Message:
    return outlet.messages.get(group=str(item.pk))


def operations(fake: FakeUpperPlatform) -> list[str]:
    return [operation for _, operation, _ in fake.log]


# What arrives


def test_what_is_published_arrives_with_its_batch_operation_time_and_guid(
    platform: FakeUpperPlatform, turn: Turn
) -> None:
    outlet = to_platform(platform)
    made = published_item("居住证申领")
    change = made.changes.get()
    turn(outlet)
    row = platform.rows[str(made.guid)]
    assert (row["cd_batch"], row["cd_operation"], row["cd_guid"]) == (change.batch, "I", str(change.guid))
    assert row["cd_time"] == "2026-11-23 12:00:00"
    assert row["task_name"] == "居住证申领"
    assert states(outlet) == [State.SENT]
    assert outlet.last_success_at is not None


def test_a_change_and_a_withdrawal_follow_in_order(platform: FakeUpperPlatform, turn: Turn) -> None:
    outlet = to_platform(platform)
    first = publication()
    second = publication(of=first.item, text=guide("改过的"))
    withdraw(second, ending="withdrawn", note="停办", by=TESTS, at=NOON)
    turn(outlet)
    assert operations(platform) == ["I", "U", "D"]
    assert platform.rows == {}


def test_a_new_outlet_first_gets_all_that_is_in_force_once_each_as_new(platform: FakeUpperPlatform, turn: Turn) -> None:
    kept, changed, gone = published_item(), publication(), publication()
    publication(of=changed.item, text=guide("新版"))
    withdraw(gone, ending="withdrawn", note="停办", by=TESTS, at=NOON)
    outlet = to_platform(platform)
    turn(outlet)
    assert sorted(platform.rows) == sorted([str(kept.guid), str(changed.item.guid)])
    assert operations(platform) == ["I", "I"]
    assert platform.rows[str(changed.item.guid)]["task_name"] == "新版"
    publication(of=changed.item, text=guide("再新版"))
    turn(outlet, 1)
    assert operations(platform) == ["I", "I", "U"]


def test_a_change_of_the_code_alone_carries_the_text_in_force(platform: FakeUpperPlatform, turn: Turn) -> None:
    outlet = to_platform(platform)
    made = published_item("居住证申领")
    new = identity_of(made)._replace(code="000505001000")
    publish_many([start_draft(made, by=TESTS, at=NOON)], identities={made.pk: new}, by=TESTS, at=NOON)
    turn(outlet)
    row = platform.rows[str(made.guid)]
    assert (row["cd_operation"], row["task_code"], row["task_name"]) == ("U", "000505001000", "居住证申领")


def test_the_first_delivery_goes_out_window_by_window(platform: FakeUpperPlatform, turn: Turn, settings: Any) -> None:
    settings.DELIVERY_WINDOW = 4
    drafts = [start_draft(item(), by=TESTS, at=NOON) for _ in range(11)]
    publish_many(drafts, by=TESTS, at=NOON)
    outlet = to_platform(platform)
    assert OutletChannel().refill(outlet, at=NOON) == 4
    assert OutletChannel().refill(outlet, at=NOON) == 0
    turn(outlet)
    assert len(platform.log) == 11
    assert max(len(each.json()["rows"]) for each in platform.asked if each.method == "POST") == 4


# When something goes wrong


def test_an_answer_that_was_lost_does_not_make_a_second_effect(platform: FakeUpperPlatform, turn: Turn) -> None:
    outlet = to_platform(platform)
    published_item(), published_item()
    platform.troubles = [None]
    turn(outlet)
    assert states(outlet) == [State.WAITING] * 2
    turn(outlet, 1)
    assert states(outlet) == [State.SENT] * 2
    assert len(platform.log) == 2


def test_an_outlet_that_is_away_is_tried_less_and_less_often_and_nothing_is_given_up(
    platform: FakeUpperPlatform, turn: Turn
) -> None:
    outlet = to_platform(platform)
    published_item()
    platform.troubles = [503] * 30
    waits = []
    minutes = 0.0
    for _ in range(10):
        turn(outlet, minutes)
        assert outlet.next_at
        waits.append((outlet.next_at - NOON).total_seconds() / 60 - minutes)
        minutes = (outlet.next_at - NOON).total_seconds() / 60 + 0.1
    assert [round(each) for each in waits] == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert states(outlet) == [State.WAITING]
    platform.troubles = []
    turn(outlet, minutes)
    assert states(outlet) == [State.SENT]
    assert (outlet.failures, outlet.last_error) == (0, "")


def test_while_it_is_left_alone_nobody_asks_it(platform: FakeUpperPlatform, turn: Turn) -> None:
    outlet = to_platform(platform)
    published_item()
    platform.troubles = [503]
    turn(outlet)
    asked = len(platform.asked)
    turn(outlet, 0.5)
    assert len(platform.asked) == asked
    assert not all_with_work(NOON + timedelta(minutes=0.5))
    assert all_with_work(NOON + timedelta(minutes=2))


def test_one_that_is_down_for_long_holds_up_no_other_and_keeps_few_rows(
    platform: FakeUpperPlatform, folder: FakeKioskFolder, turn: Turn, settings: Any
) -> None:
    settings.DELIVERY_WINDOW = 5
    down, up = to_platform(platform), to_folder(folder)
    platform.troubles = [503] * 100
    for hours in range(12):
        published_item()
        turn(down, 61 * hours), turn(up, 61 * hours)
    assert states(up) == [State.SENT] * 12
    assert states(down) == [State.WAITING] * 5
    platform.troubles = []
    turn(down, 10_000)
    assert [change for _, _, change in platform.log] == [
        str(each) for each in Change.objects.order_by("number").values_list("guid", flat=True)
    ]


def test_a_refused_row_is_kept_with_its_reason_and_the_others_go_through(
    platform: FakeUpperPlatform, turn: Turn
) -> None:
    outlet = to_platform(platform)
    bad, good = published_item(), published_item()
    platform.refused = {str(bad.guid)}
    turn(outlet)
    assert states(outlet) == [State.FAILED, State.SENT]
    assert of(outlet, bad).last_error == "事项编码不符合规范"
    assert list(platform.rows) == [str(good.guid)]


@pytest.mark.parametrize("way", ["unreadable", "crashing"])
def test_a_row_that_breaks_its_batch_breaks_only_itself(
    way: str, platform: FakeUpperPlatform, turn: Turn, settings: Any
) -> None:
    settings.DELIVERY_SETBACKS = 2
    outlet = to_platform(platform)
    items = [published_item() for _ in range(5)]
    setattr(platform, way, {str(items[2].guid)})
    for minutes in (0, 5, 10, 20):
        turn(outlet, minutes)
    assert states(outlet) == [State.SENT] * 2 + [State.FAILED] + [State.SENT] * 2
    assert len(platform.log) == 4


def test_what_is_not_taken_now_is_tried_again_and_later_changes_of_the_item_wait(
    platform: FakeUpperPlatform, turn: Turn
) -> None:
    outlet = to_platform(platform)
    first = publication()
    publication(of=first.item, text=guide("新版"))
    platform.later = {str(first.item.guid)}
    turn(outlet)
    assert states(outlet) == [State.WAITING] * 2
    platform.later = set()
    turn(outlet, 2)
    assert operations(platform) == ["I", "U"]


def test_a_later_change_that_arrives_stands_for_the_refused_one(platform: FakeUpperPlatform, turn: Turn) -> None:
    outlet = to_platform(platform)
    first = publication()
    platform.refused = {str(first.item.guid)}
    turn(outlet)
    platform.refused = set()
    publication(of=first.item, text=guide("改正的"))
    turn(outlet, 1)
    assert states(outlet) == [State.SUPERSEDED, State.SENT]
    assert operations(platform) == ["I"], "the other side has not got it, so it is new there"


def test_a_wrong_secret_is_told_and_nothing_is_given_up(platform: FakeUpperPlatform, turn: Turn) -> None:
    outlet = to_platform(platform)
    published_item()
    platform.secret = "another secret"
    turn(outlet)
    assert "不认可我方的密钥" in outlet.last_error
    assert states(outlet) == [State.WAITING]


def test_a_connector_that_stumbles_is_one_letters_setback(
    platform: FakeUpperPlatform, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    outlet = to_platform(platform)
    bad, good = published_item("坏的"), published_item()
    from banshi.connectors.upper_platform import connector

    def row(change: Change) -> dict[str, str]:
        if change.item_id == bad.pk:
            raise KeyError("surprise")
        return real(change)

    real = connector.exchange_row
    monkeypatch.setattr(connector, "exchange_row", row)
    turn(outlet), turn(outlet, 2)
    assert states(outlet) == [State.WAITING, State.SENT]
    assert "出错" in of(outlet, bad).last_error
    assert list(platform.rows) == [str(good.guid)]


# What people do


def test_a_refused_one_can_be_sent_again_or_skipped_with_a_reason(platform: FakeUpperPlatform, turn: Turn) -> None:
    outlet, admin = to_platform(platform), user("admin")
    one, other = published_item(), published_item()
    platform.refused = {str(one.guid), str(other.guid)}
    turn(outlet)
    platform.refused = set()
    resend(of(outlet, one), by=admin, at=NOON)
    skipped = of(outlet, other)
    with pytest.raises(BadInput):
        skip(skipped, reason=" ", by=admin, at=NOON)
    skip(skipped, reason="省里不收这一类", by=admin, at=NOON)
    turn(outlet, 1)
    assert states(outlet) == [State.SENT, State.SKIPPED]
    with pytest.raises(Conflict):
        resend(skipped, by=admin, at=NOON)
    acts = LedgerEntry.objects.filter(actor=admin.ledger_id).values_list("action", flat=True)
    assert list(acts) == ["outbox.resend", "outbox.skip"]


def test_all_refused_ones_can_be_sent_again_at_once(platform: FakeUpperPlatform, turn: Turn) -> None:
    outlet = to_platform(platform)
    platform.refused = {str(published_item().guid) for _ in range(3)}
    turn(outlet)
    platform.refused = set()
    assert resend_failed(outlet, by=TESTS, at=NOON) == 3
    turn(outlet, 1)
    assert states(outlet) == [State.SENT] * 3


def test_a_paused_outlet_gets_what_it_missed_when_it_is_resumed(platform: FakeUpperPlatform, turn: Turn) -> None:
    outlet = pause(to_platform(platform), by=TESTS, at=NOON)
    published_item()
    turn(outlet)
    assert not platform.asked
    with pytest.raises(Conflict):
        pause(outlet, by=TESTS, at=NOON)
    turn(resume(outlet, by=TESTS, at=NOON))
    assert len(platform.log) == 1


def test_an_ended_outlet_gets_nothing_and_keeps_no_secret(platform: FakeUpperPlatform, turn: Turn) -> None:
    outlet = end_outlet(to_platform(platform), by=TESTS, at=NOON)
    published_item()
    turn(outlet)
    assert not platform.asked
    assert bytes(outlet.secrets_sealed) == b""
    with pytest.raises(Conflict):
        resume(outlet, by=TESTS, at=NOON)


def test_an_outlet_that_answers_again_is_not_left_alone_any_longer(platform: FakeUpperPlatform, turn: Turn) -> None:
    outlet = to_platform(platform)
    published_item()
    platform.troubles = [503, 503, 503]
    turn(outlet)
    assert check_outlet(outlet, by=TESTS, at=NOON) == "对方暂时不能接收（HTTP 503）"
    assert check_outlet(outlet, by=TESTS, at=NOON) == ""
    turn(outlet)
    assert len(platform.log) == 1


def test_the_secret_is_nowhere_to_be_read(platform: FakeUpperPlatform, turn: Turn) -> None:
    outlet = to_platform(platform)
    published_item()
    turn(outlet)
    row = Outlet.objects.filter(pk=outlet.pk).values().get()
    assert platform.secret not in str(row)
    assert not any(platform.secret in str(entry.facts) for entry in LedgerEntry.objects.all())


def test_waits_grow_up_to_the_longest() -> None:
    assert [wait_after(n).total_seconds() for n in (1, 2, 7, 1000)] == [60, 120, 3600, 3600]


@pytest.mark.parametrize("demo", [False, True])
def test_examples_leave_the_house_only_in_a_demonstration(
    demo: bool, platform: FakeUpperPlatform, turn: Turn, settings: Any
) -> None:
    settings.DEMO = demo
    outlet = to_platform(platform)
    publication(of=item(is_example=True))
    real = published_item()
    turn(outlet)
    assert len(platform.rows) == (2 if demo else 1) and str(real.guid) in platform.rows
    assert not all_with_work(NOON)


def test_each_outlet_with_work_gets_a_task_of_its_own(platform: FakeUpperPlatform) -> None:
    busy, paused = to_platform(platform, "甲"), to_platform(platform, "乙")
    pause(paused, by=TESTS, at=NOON)
    assert deliver_due.func(at=NOON.isoformat()) == 0
    published_item()
    assert deliver_due.func(at=NOON.isoformat()) == 1
    deliver_queue.func(queue=busy.pk, at=NOON.isoformat())
    assert len(platform.log) == 1


def test_a_task_that_did_not_get_to_the_end_asks_for_another(platform: FakeUpperPlatform, settings: Any) -> None:
    settings.DELIVERY_BATCHES, settings.DELIVERY_WINDOW = 1, 2
    outlet = to_platform(platform)
    for _ in range(5):
        published_item()
    deliver_queue.func(queue=outlet.pk, at=NOON.isoformat())
    assert len(platform.log) == 2
    assert DBTaskResult.objects.filter(task_path__endswith="deliver_queue").count() == 1


@pytest.mark.parametrize("count", [1, 30])
def test_a_batch_costs_the_same_number_of_queries_however_many_letters(
    count: int, platform: FakeUpperPlatform, turn: Turn
) -> None:
    outlet = to_platform(platform)
    drafts = [start_draft(item(), by=TESTS, at=NOON) for _ in range(count)]
    publish_many(drafts, by=TESTS, at=NOON)
    with CaptureQueriesContext(connection) as asked:
        turn(outlet)
    assert len(platform.log) == count
    assert len(asked) <= 46  # six of them for the lease of the queue and its fencing
