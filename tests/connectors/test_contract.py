"""What every kind of outlet must do: against its fake always, and against a real one whose address the environment gives.

    BANSHI_TEST_UPPER_PLATFORM='{"place": {"address": "https://…", "app": "…"}, "secrets": {"secret": "…"}}'

and likewise BANSHI_TEST_WECHAT, BANSHI_TEST_KIOSK. A real one should be a test account: items come and go there.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.factories import NOON, TESTS, guide, publication

from banshi.catalog.actions import withdraw
from banshi.catalog.models import Change
from banshi.connectors.base import Connector, Delivery
from banshi.connectors.kinds import KINDS
from banshi.connectors.kiosk.fake import FakeKioskFolder
from banshi.connectors.upper_platform.fake import FakeUpperPlatform
from banshi.connectors.wechat.fake import FakeOfficialAccount
from banshi.core.clock import now
from banshi.outbox.channels import Answer, DeliveryOutcome, Unavailable

pytestmark = pytest.mark.django_db
Given = dict[str, Any]


def _platform(fake: FakeUpperPlatform) -> Given:
    return {"place": {"address": f"{fake.address}/exchange", "app": fake.app}, "secrets": {"secret": fake.secret}}


def _account(fake: FakeOfficialAccount) -> Given:
    return {"place": {"address": fake.address, "app": fake.app, "cover": "c"}, "secrets": {"secret": fake.secret}}


def _folder(fake: FakeKioskFolder) -> Given:
    return {"place": {"address": f"{fake.address}/kiosk"}, "secrets": {"token": fake.token}}


FAKES: dict[str, tuple[Any, Callable[[Any], Given]]] = {
    "upper_platform": (FakeUpperPlatform, _platform),
    "wechat": (FakeOfficialAccount, _account),
    "kiosk": (FakeKioskFolder, _folder),
}
REAL = {code: os.environ[name] for code in KINDS if (name := f"BANSHI_TEST_{code.upper()}") in os.environ}


@dataclass
class There:
    kind: str
    given: Given

    def connector(self, **secrets: str) -> Connector:
        kind = KINDS[self.kind]
        sealed = kind.secrets.model_validate({**self.given["secrets"], **secrets})
        made: Connector = kind.connector(kind.place.model_validate(self.given["place"]), sealed)
        return made


@pytest.fixture(params=[*((code, "fake") for code in KINDS), *((code, "real") for code in REAL)], ids="-".join)
def there(request: pytest.FixtureRequest) -> Iterator[There]:
    code, which = request.param
    if which == "real":
        yield There(code, json.loads(REAL[code]))
        return
    fake, given = FAKES[code]
    with fake() as server:
        yield There(code, given(server))


def delivery(change: Change, **more: Any) -> Delivery:
    return Delivery(change, change.operation, **more)


def deliver(connector: Connector, *deliveries: Delivery) -> list[Answer]:
    return list(connector.deliver(deliveries, at=now()))


def test_every_kind_has_a_fake_and_says_what_it_is() -> None:
    assert set(FAKES) == set(KINDS)
    assert all(kind.label and kind.what and kind.icon for kind in KINDS.values())


def test_check_is_quiet_when_all_is_well(there: There) -> None:
    there.connector().check(at=now())


def test_check_tells_a_wrong_secret(there: There) -> None:
    name = next(iter(there.given["secrets"]))
    with pytest.raises(Unavailable):
        there.connector(**{name: "not the right secret"}).check(at=now())


def test_nobody_there_is_unavailable(there: There) -> None:
    there.given["place"] = {**there.given["place"], "address": "http://127.0.0.1:9/"}
    with pytest.raises(Unavailable, match="连不上"):
        there.connector().check(at=now())


def test_the_life_of_an_item_is_taken_each_step_once_and_again(there: There) -> None:
    connector = there.connector()
    first = publication(text=guide("渠道联调用事项"))
    made = delivery(Change.objects.latest("number"))
    taken = deliver(connector, made)[0]
    assert taken.outcome is DeliveryOutcome.TAKEN
    repeated = deliver(connector, delivery(made.change, again=True))[0]
    assert (repeated.outcome, repeated.receipt) == (DeliveryOutcome.TAKEN, taken.receipt)
    second = publication(of=first.item, text=guide("渠道联调用事项（改）"))
    changed = deliver(connector, delivery(Change.objects.latest("number"), before=taken.receipt))[0]
    assert changed.outcome is DeliveryOutcome.TAKEN
    withdraw(second, ending="withdrawn", note="联调结束", by=TESTS, at=NOON)
    gone = deliver(connector, delivery(Change.objects.latest("number"), before=changed.receipt))[0]
    assert gone.outcome is DeliveryOutcome.TAKEN


def test_there_is_one_answer_for_each_letter(there: There) -> None:
    changes = [publication().item.changes.get() for _ in range(3)]
    answers = deliver(there.connector(), *map(delivery, changes))
    assert [answer.outcome for answer in answers] == [DeliveryOutcome.TAKEN] * 3
    for change, answer in zip(changes, answers, strict=True):
        deliver(there.connector(), Delivery(change, "D", before=answer.receipt))
