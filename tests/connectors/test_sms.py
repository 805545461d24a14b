"""Text messages leave by a gateway that knows each by its key, and the number stands nowhere on the way."""

from collections.abc import Iterator

import pytest
from tests import factories as make
from tests.cases.hall import ANSWERS, accepted, hall, moment

from banshi.cases.models import Case
from banshi.connectors.signed_gateway import SignedGateway
from banshi.connectors.sms.fake import FakeSmsGateway
from banshi.core.gateways import gateway_address
from banshi.outbox.actions import queue_named
from banshi.outbox.channels import Unavailable
from banshi.outbox.delivery import deliver
from banshi.outbox.models import Message
from banshi.people.enums import CitizenKind
from banshi.people.models import Identity, User

pytestmark = pytest.mark.django_db
MONDAY, LATER = moment("03-02"), moment("03-02", 10)


@pytest.fixture
def gateway(settings) -> Iterator[FakeSmsGateway]:  # type: ignore[no-untyped-def]
    with FakeSmsGateway() as fake:
        settings.SMS, settings.SMS_ON = gateway_address(fake.url), True
        yield fake


def texted() -> list[Message]:
    return list(Message.objects.filter(queue__channel="sms").order_by("pk"))


def test_an_applicant_is_told_of_each_act_by_text(gateway: FakeSmsGateway) -> None:
    case: Case = accepted(hall(), MONDAY)
    deliver(queue_named("sms"), at=LATER)
    assert [phone for phone, _ in gateway.sent] == ["13800000000"] * 2
    assert gateway.sent[1][1] == f"您办的“取水许可”（{case.number}）：已经受理。"
    assert {each.state for each in texted()} == {"sent"}
    assert not any("13800000000" in str(each.payload) + each.title for each in texted())


def test_the_number_of_ones_identity_is_used_where_the_account_has_none(gateway: FakeSmsGateway) -> None:
    of = hall()
    User.objects.filter(pk=of.citizen.pk).update(phone="")
    sealed = Identity.seal(name="林小例", number=ANSWERS["applicant_number"], phone="13900000000")
    Identity.objects.create(user=of.citizen, kind=CitizenKind.PERSON, **sealed)
    accepted(of, MONDAY)
    deliver(queue_named("sms"), at=LATER)
    assert {phone for phone, _ in gateway.sent} == {"13900000000"}


def test_what_was_sent_and_not_answered_is_not_sent_twice(gateway: FakeSmsGateway) -> None:
    accepted(hall(), MONDAY)
    gateway.troubles = [None]  # the cable is pulled when it has taken effect
    deliver(queue_named("sms"), at=LATER)
    assert {each.state for each in texted()} == {"waiting"}
    deliver(queue_named("sms"), at=moment("03-02", 12))
    assert len(gateway.sent) == 2
    assert {each.state for each in texted()} == {"sent"}


def test_a_number_the_gateway_refuses_is_a_dead_letter_with_its_reason(gateway: FakeSmsGateway) -> None:
    gateway.refused = {"13800000000"}
    accepted(hall(), MONDAY)
    deliver(queue_named("sms"), at=LATER)
    assert {(each.state, each.last_error) for each in texted()} == {("failed", "号码是空号")}


def test_without_a_number_nothing_is_sent_and_without_a_gateway_nothing_is_queued(
    gateway: FakeSmsGateway, settings
) -> None:  # type: ignore[no-untyped-def]
    of = hall()
    accepted(of, MONDAY)
    User.objects.update(phone="")
    deliver(queue_named("sms"), at=LATER)
    assert {each.state for each in texted()} == {"dropped"}
    settings.SMS_ON = False
    accepted(of, MONDAY)
    assert len(texted()) == 2


def test_the_gateway_is_checked_without_sending(gateway: FakeSmsGateway, settings) -> None:  # type: ignore[no-untyped-def]
    SignedGateway(settings.SMS).check(at=make.NOON)
    assert gateway.sent == []
    with pytest.raises(Unavailable, match="不认可我方的密钥"):
        SignedGateway(gateway_address(gateway.url.replace("tests", "nobody"))).check(at=make.NOON)


@pytest.mark.parametrize("url", ["sms.example", "https://host/path", "https://a:b@host/?sign=md5"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(ValueError, match=r"要写成|只能写"):
        gateway_address(url)
