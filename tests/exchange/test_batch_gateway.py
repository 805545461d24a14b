"""Batches by the gateway: listed after a cursor, streamed under a signature, cut off when revoked, counted, deleted in time."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import Message
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser

from banshi.connectors.models import Webhook
from banshi.connectors.test_server import Loopback, ReceivedRequest, Reply
from banshi.connectors.webhook.actions import set_webhook
from banshi.connectors.webhook.channel import signature
from banshi.core.clock import stopped_at
from banshi.core.errors import Missing, Refused
from banshi.core.models import StoredFile
from banshi.events.sequencing import sequence
from banshi.exchange.actions import make_batch, parts_in_force, remove_old_batches, revoke_grant, subscribe, take_batch
from banshi.exchange.call_log import verify_call_log
from banshi.exchange.client import CallRefused, Gateway
from banshi.exchange.models import CallRecord, DataBatch, Grant, Subscription
from banshi.exchange.policy import exchange_policy
from banshi.exchange.signatures import BadSignature
from banshi.exchange.tasks import remove_data_batches
from banshi.ledger.models import LedgerEntry
from banshi.outbox.delivery import deliver
from banshi.outbox.models import Message as Pushed
from tests import factories as make
from tests.cases.hall import moment
from tests.exchange.office import granted, office
from tests.exchange.test_gateway import AT, PRIVATE, System, last, system_of

pytestmark = pytest.mark.django_db
CODE = "GA-RK-001"
LATER = AT + timedelta(days=1)


class Answer(io.BytesIO):
    """An answer of the site as urllib gives it."""

    def __init__(self, response: Any, spoilt: bool) -> None:
        body = b"".join(response.streaming_content) if response.streaming else response.content
        super().__init__(body[:-1] if spoilt else body)
        self.status, self.headers = response.status_code, Message()
        for name, value in response.items():
            self.headers[name] = value


class Wire:
    """urllib's opener, put straight to the site."""

    spoilt = False

    def open(self, request: Any, timeout: float) -> Answer:
        parts = urlsplit(request.full_url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        headers = {name: str(value) for name, value in request.header_items()}
        response = Browser().generic(request.get_method(), path, request.data or b"", headers=headers)
        answer = Answer(response, self.spoilt)
        if answer.status >= 400:
            raise HTTPError(request.full_url, answer.status, "", answer.headers, answer)
        return answer


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    made = Wire()
    monkeypatch.setattr("banshi.exchange.client.build_opener", lambda *_: made)
    monkeypatch.setattr("banshi.exchange.client.time.time", lambda: AT.timestamp())
    with stopped_at(AT):
        yield made


@pytest.fixture
def system(tmp_path: Path) -> System:
    of = office(tmp_path)
    fields = {"fields": ("name", "address"), "unmasked": ("name",), "verify_only": False, "in_batches": True}
    return system_of(of, granted(of, moment("03-02"), **fields), at=moment("03-01"), until=moment("12-31"))


@pytest.fixture
def batch(system: System) -> DataBatch:
    made = make_batch(subscribe(system.grant, by=system.of.asker, at=AT), by=make.TESTS, at=AT)
    assert made
    return made


@pytest.fixture
def gateway(system: System, wire: Wire) -> Gateway:
    return Gateway.with_private_key("http://testserver", system.key.keyid, PRIVATE.private_bytes_raw())


def of(system: System, **more: Any) -> dict[str, Any]:
    return {"clerk": "夜间同步", "grant": system.grant.pk, **more}


@contextmanager
def refused(status: int, words: str) -> Iterator[None]:
    with pytest.raises(CallRefused, match=words) as told:
        yield
    assert told.value.problem["status"] == status


def test_a_system_lists_takes_and_counts_what_it_was_granted(
    system: System, batch: DataBatch, gateway: Gateway
) -> None:
    [told] = gateway.batches(CODE, **of(system))["batches"]
    DataBatch.objects.update(sha256="")  # as batches were made before their digest was kept
    file = io.BytesIO()
    assert gateway.take_batch(CODE, told["number"], file, **of(system)) == told["file"]["size"] == len(file.getvalue())
    head, *rows = file.getvalue().decode().splitlines()
    assert head.endswith("name,address") and len(rows) == told["rows"] == 2 and "林小例" in file.getvalue().decode()
    call = last()
    assert (call.kind, call.outcome, call.rows) == ("batch", "answered", 2)
    assert call.clerk == f"{system.client.ledger_id}/夜间同步" and "夜间同步" in call.clerk_name
    assert gateway.count_batch(CODE, 1, rows=2, total=2, **of(system))["differs"] is False
    assert gateway.batches(CODE, **of(system, after=1)) == {"batches": [], "more": False}
    assert gateway.count_batch(CODE, 1, rows=1, **of(system))["differs"] is True
    assert Subscription.objects.get().whole_wanted, "the next is whole"


def test_a_system_is_told_what_its_grant_gives(system: System, gateway: Gateway) -> None:
    told = gateway.describe(CODE, **of(system))
    assert (told["fields"], told["masked"]) == (["name", "address"], ["address"])
    assert (told["verify_only"], told["in_batches"], told["rows"]) == (False, True, None)


def test_pages_of_batches_go_on_after_the_newest_number(
    system: System, batch: DataBatch, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("banshi.exchange.actions.answering.BATCHES_AT_ONCE", 1)
    make_batch(batch.subscription, by=make.TESTS, at=LATER)
    first = gateway.batches(CODE, **of(system))
    assert ([each["number"] for each in first["batches"]], first["more"]) == ([1], True)
    second = gateway.batches(CODE, **of(system, after=1))
    assert ([each["number"] for each in second["batches"]], second["more"]) == ([2], False)


def test_a_file_that_did_not_come_whole_is_not_taken_for_one(
    system: System, batch: DataBatch, gateway: Gateway, wire: Wire
) -> None:
    gateway.batches(CODE, **of(system))
    wire.spoilt = True
    with pytest.raises(BadSignature, match="whole"):
        gateway.take_batch(CODE, 1, io.BytesIO(), **of(system))


def test_what_is_revoked_while_it_streams_does_not_leave_whole(
    system: System, batch: DataBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("banshi.exchange.actions.batching.PART", 16)
    parts = parts_in_force(take_batch(batch, by=system.of.asker, at=AT), clock=lambda: AT)
    assert len(next(parts)) == len(next(parts)) == 16
    revoke_grant(system.grant, reason="用错了地方", by=system.of.steward, at=AT)
    with pytest.raises(Refused, match="收回"):
        next(parts)
    cut = last()
    assert (cut.kind, cut.outcome, cut.clerk) == ("batch", "refused", system.of.asker.ledger_id)
    assert cut.purpose_number == f"订阅{batch.subscription_id}第1批，送出{32 / batch.file.size:.0%}以后停止"
    entry = LedgerEntry.objects.filter(action="exchange.take_batch").latest("pk")
    assert (entry.facts["sent"], entry.facts["size"], entry.facts["call"]) == (32, batch.file.size, cut.number)
    assert not verify_call_log().problem
    Grant.objects.update(revoked_at=None, revoke_reason="")
    late = parts_in_force(batch, clock=lambda: moment("2028-01-01"))
    with pytest.raises(Refused, match="到期"):
        next(late)


def test_others_and_what_ended_get_no_batch(system: System, batch: DataBatch, gateway: Gateway) -> None:
    with refused(404, "没有这一批"):
        gateway.take_batch(CODE, 7, io.BytesIO(), **of(system))
    with refused(404, "没有这个资源的这项授权"):
        gateway.batches(CODE, **of(system, grant=system.grant.pk + 1))
    with refused(404, "没有这个资源的这项授权"):
        gateway.describe("GA-RK-999", **of(system))
    revoke_grant(system.grant, reason="停用", by=system.of.steward, at=AT)
    for asked in (
        lambda: gateway.batches(CODE, **of(system)),
        lambda: gateway.take_batch(CODE, 1, io.BytesIO(), **of(system)),
    ):
        with refused(403, "收回"):
            asked()
    assert set(CallRecord.objects.values_list("outcome", flat=True)) == {"refused"}
    assert CallRecord.objects.count() == 5


def test_a_system_without_the_scope_takes_and_reads_nothing(system: System, batch: DataBatch, gateway: Gateway) -> None:
    type(system.client).objects.update(permissions=["item.view"])
    for asked in (
        lambda: gateway.describe(CODE, **of(system)),
        lambda: gateway.batches(CODE, **of(system)),
        lambda: gateway.take_batch(CODE, 1, io.BytesIO(), **of(system)),
        lambda: gateway.count_batch(CODE, 1, rows=1, **of(system)),
    ):
        with refused(403, "没有"):
            asked()


@pytest.mark.parametrize("body", [b'{"rows": -1}', b'{"rows": 1, "more": 1}', b"[", b'{"rows": 1e30}'])
def test_a_count_that_is_none_is_refused(
    system: System, batch: DataBatch, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    gateway.batches(CODE, **of(system))
    written = SimpleNamespace(dumps=lambda *_, **__: body.decode(), loads=json.loads)
    monkeypatch.setattr("banshi.exchange.client.json", written)
    with refused(422, "读不懂"):
        gateway.count_batch(CODE, 1, rows=1, **of(system))


def test_files_go_in_time_and_at_once_when_the_grant_ends(system: System, batch: DataBatch) -> None:
    kept = timedelta(days=exchange_policy().batches.keep_days)
    Subscription.objects.update(whole_wanted=False)
    assert remove_old_batches(by=make.TESTS, at=AT + kept) == 0
    assert remove_data_batches.func((AT + kept + timedelta(seconds=1)).isoformat()) == 1
    gone = DataBatch.objects.get()
    assert (gone.file, gone.rows) == (None, 2) and gone.removed_at and not StoredFile.objects.exists()
    assert Subscription.objects.get().whole_wanted, "nobody took it, so the next is whole"
    assert LedgerEntry.objects.filter(action="exchange.remove_batch").count() == 1
    with pytest.raises(Missing, match="按期删除"):
        take_batch(gone, by=system.of.asker, at=AT)
    again = make_batch(gone.subscription, by=make.TESTS, at=LATER)
    assert again and again.file
    take_batch(again, by=system.of.asker, at=LATER)
    revoke_grant(system.grant, reason="停用", by=system.of.steward, at=LATER)
    assert remove_old_batches(by=make.TESTS, at=LATER) == 1


def test_what_a_batch_without_its_file_says_by_the_gateway(system: System, batch: DataBatch, gateway: Gateway) -> None:
    remove_old_batches(by=make.TESTS, at=AT + timedelta(days=100))
    assert gateway.batches(CODE, **of(system))["batches"][0]["file"] is None
    with refused(404, "按期删除"):
        gateway.take_batch(CODE, 1, io.BytesIO(), **of(system))


class Hooked(Loopback):
    """The system's address for what is pushed, away at first."""

    def answer(self, asked: ReceivedRequest) -> Reply:
        return 200, {}


def test_a_batch_is_pushed_signed_again_until_taken_with_what_the_gateway_asks_for(system: System) -> None:
    with Hooked(troubles=[503]) as theirs:
        secret = set_webhook(system.client, url=theirs.address, by=make.TESTS, at=AT)
        hook = Webhook.objects.get()
        make_batch(subscribe(system.grant, by=system.of.asker, at=AT), by=make.TESTS, at=AT)
        sequence()
        deliver(hook, at=AT)
        assert hook.messages.get().state == Pushed.State.WAITING
        deliver(hook, at=AT + timedelta(hours=1))
    away, taken = [each for each in theirs.asked if each.json()["kind"] != "ping"]
    told = taken.json()
    assert told["kind"] == "exchange.batch_made"
    assert told["data"] == {
        "batch_kind": "full", "rows": 2, "differs": False, "resource": CODE, "number": 1, "grant": system.grant.pk
    }  # fmt: skip
    assert away.headers["webhook-id"] == taken.headers["webhook-id"] == told["guid"]
    moment_ = int(taken.headers["webhook-timestamp"])
    assert taken.headers["webhook-signature"] == signature(secret, told["guid"], moment_, taken.body)
    assert hook.messages.get().state == Pushed.State.SENT and "林小例" not in str(told)


def test_a_system_is_told_that_its_grant_was_revoked(system: System, gateway: Gateway) -> None:
    """By what is pushed to it, and when it asks."""
    assert gateway.describe(CODE, **of(system))["state"] == "in_force"
    with Hooked() as theirs:
        set_webhook(system.client, url=theirs.address, by=make.TESTS, at=AT)
        revoke_grant(system.grant, reason="用错了地方", by=system.of.steward, at=AT)
        sequence()
        deliver(Webhook.objects.get(), at=AT)
    [told] = [each.json() for each in theirs.asked if each.json()["kind"] == "exchange.revoked"]
    assert told["data"] == {"resource": CODE, "grant": system.grant.pk} and told["grant"] == str(system.grant.pk)
    assert gateway.describe(CODE, **of(system))["state"] == "revoked"
