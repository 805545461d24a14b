"""What happens to an organ's cases reaches its system, signed, each once, in order, and dead letters are seen."""

from datetime import timedelta
from typing import Any

import pytest
from tests import factories as make
from tests.cases.hall import Hall, accepted, hall, moment, open_tasks, submitted

from banshi.cases.actions import accept, decide, finish_task, withdraw
from banshi.catalog.enums import StepKind
from banshi.catalog.guide.document import Step
from banshi.clients.actions import end_client, register_system
from banshi.connectors.models import Webhook
from banshi.connectors.test_server import Loopback, ReceivedRequest, Reply
from banshi.connectors.webhook.actions import check_webhook, set_webhook
from banshi.connectors.webhook.channel import WebhookChannel, signature
from banshi.core.errors import BadInput
from banshi.events.sequencing import sequence
from banshi.ledger.models import LedgerEntry
from banshi.outbox.delivery import deliver
from banshi.outbox.models import Message
from banshi.outbox.queries import DEAD, queues_with_work

pytestmark = pytest.mark.django_db
AT = moment("03-02")


class System(Loopback):
    """The system of an organ, which takes everything."""

    status = 200

    def answer(self, asked: ReceivedRequest) -> Reply:
        return self.status, {}


@pytest.fixture
def of() -> Hall:
    return hall()


def hooked(of: Hall, address: str) -> tuple[Webhook, str]:
    client, _ = register_system(of.bureau, name="审批系统", permissions=["case.view"], by=make.TESTS, at=make.NOON)
    secret = set_webhook(client, url=address, by=make.TESTS, at=AT)
    return Webhook.objects.get(client=client), secret


def delivered(hook: Webhook, at: Any = AT) -> None:
    sequence()
    deliver(hook, at=at)


def test_what_happens_is_pushed_once_in_order_and_signed(of: Hall) -> None:
    with System() as theirs:
        hook, secret = hooked(of, theirs.address)
        case = accepted(of, AT)
        delivered(hook)
        delivered(hook)
    told = [each.json() for each in theirs.asked]
    assert [each["number"] for each in told] == sorted({each["number"] for each in told})
    assert {each["case"] for each in told} == {case.number}
    assert [each["data"]["act"] for each in told if each["kind"] == "cases.acted"] == ["receive", "accept"]
    for each in theirs.asked:
        sent = {name.lower(): value for name, value in each.headers.items()}
        signed = signature(secret, sent["webhook-id"], int(sent["webhook-timestamp"]), each.body)
        assert sent["webhook-signature"] == signed
        assert sent["webhook-id"] == each.json()["guid"]
    assert "林小例" not in str(told)


def test_one_whose_answer_was_lost_comes_again_under_the_same_id(of: Hall) -> None:
    with System(troubles=[None]) as theirs:
        hook, _ = hooked(of, theirs.address)
        submitted(of, AT)
        delivered(hook)
        delivered(hook, AT + timedelta(hours=2))
    ids = [{name.lower(): value for name, value in each.headers.items()}["webhook-id"] for each in theirs.asked]
    assert ids[0] in ids[1:]
    assert not hook.messages.exclude(state=Message.State.SENT).exists()


def test_what_they_do_not_take_is_a_dead_letter_and_the_rest_goes_on(of: Hall) -> None:
    with System() as theirs:
        theirs.status = 422
        hook, _ = hooked(of, theirs.address)
        submitted(of, AT)
        delivered(hook)
        assert "HTTP 422" in hook.messages.filter(state__in=DEAD)[0].last_error
        theirs.status = 200
        submitted(of, AT)
        delivered(hook)
        assert hook.messages.filter(state=Message.State.SENT).exists()


def test_while_they_are_away_everything_waits(of: Hall) -> None:
    with System(troubles=[503] * 9) as theirs:
        hook, _ = hooked(of, theirs.address)
        submitted(of, AT)
        delivered(hook)
    hook.refresh_from_db()
    assert hook.failures and hook.messages.filter(state=Message.State.WAITING).exists()


def test_another_organs_cases_are_not_pushed(of: Hall) -> None:
    other = make.organ()
    with System() as theirs:
        client, _ = register_system(other, name="别家", permissions=["case.view"], by=make.TESTS, at=make.NOON)
        set_webhook(client, url=theirs.address, by=make.TESTS, at=AT)
        submitted(of, AT)
        delivered(Webhook.objects.get())
    assert theirs.asked == []


def test_a_system_with_a_step_in_anothers_case_hears_what_becomes_of_it_while_it_has_the_step() -> None:
    steps = [
        Step(name="受理", kind=StepKind.ACCEPT),
        Step(name="消防审查", kind=StepKind.EXAMINE, actor="消防大队"),
        Step(name="决定", kind=StepKind.DECIDE),
    ]
    of = hall(steps=steps)
    fire = make.organ("示例县消防大队", short_name="消防大队")
    with System() as theirs:
        client, _ = register_system(fire, name="消防系统", permissions=["case.view"], by=make.TESTS, at=make.NOON)
        set_webhook(client, url=theirs.address, by=make.TESTS, at=AT)
        later = AT + timedelta(hours=1)
        withdrawn, done = (accept(submitted(of, AT), by=of.window, at=later) for _ in range(2))
        withdraw(withdrawn, by=of.citizen, at=AT + timedelta(days=1))
        [task] = open_tasks(done)
        finish_task(task, by=make.user("handler", fire), at=AT + timedelta(days=1))
        decide(done, granted=True, by=of.head, at=AT + timedelta(days=2))
        delivered(Webhook.objects.get(), AT + timedelta(days=3))
    told = [(each.json()["case"], each.json()["data"].get("act")) for each in theirs.asked]
    assert (withdrawn.number, "withdraw") in told
    assert {act for number, act in told if number == done.number} <= {None, "accept"}


def test_an_ended_client_is_pushed_nothing(of: Hall) -> None:
    hook, _ = hooked(of, "https://example.com/hook")
    submitted(of, AT)
    sequence()
    assert hook.pk in queues_with_work(WebhookChannel(), AT).values_list("pk", flat=True)
    end_client(hook.client, by=make.TESTS, at=AT)
    assert not queues_with_work(WebhookChannel(), AT)


def test_the_secret_stands_nowhere_and_a_new_one_replaces_it(of: Hall) -> None:
    hook, secret = hooked(of, "https://example.com/hook")
    assert secret not in str([*LedgerEntry.objects.values_list("facts", flat=True)])
    assert secret.encode() not in bytes(hook.secret_sealed)
    given = {"url": "https://example.com/hook", "new_secret": True}
    assert set_webhook(hook.client, **given, by=make.TESTS, at=AT) not in ("", secret)  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        set_webhook(hook.client, url="nonsense", by=make.TESTS, at=AT)


def test_a_new_address_keeps_the_secret(of: Hall) -> None:
    hook, secret = hooked(of, "https://example.com/hook")
    with System() as theirs:
        assert set_webhook(hook.client, url=theirs.address, by=make.TESTS, at=AT) == ""
        submitted(of, AT)
        delivered(Webhook.objects.get())
    sent = {name.lower(): value for name, value in theirs.asked[0].headers.items()}
    signed = signature(secret, sent["webhook-id"], int(sent["webhook-timestamp"]), theirs.asked[0].body)
    assert sent["webhook-signature"] == signed


def test_a_ping_tells_whether_they_answer(of: Hall) -> None:
    with System(troubles=[401]) as theirs:
        hook, _ = hooked(of, theirs.address)
        assert "不认可" in check_webhook(hook, by=make.TESTS, at=AT)
        assert check_webhook(hook, by=make.TESTS, at=AT) == ""
