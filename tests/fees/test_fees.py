"""Fees: only what the guide lists, paid once, receipted once, refunded once."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from banshi.cases.actions import withdraw
from banshi.cases.models import Case
from banshi.catalog.actions import publish, save_draft, start_draft
from banshi.catalog.guide.document import Fee
from banshi.connectors.payment.fake import FakePaymentGateway
from banshi.connectors.signed_gateway import SignedGateway
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.core.gateways import gateway_address
from banshi.events.models import Event
from banshi.fees.actions import begin_payment, charge, confirm_payment, refund, take_payment
from banshi.fees.models import FeeOrder
from banshi.fees.tasks import confirm_payments
from banshi.ledger.verification import verify
from banshi.notifications.models import Notification
from banshi.outbox.channels import Unavailable
from banshi.papers.printing import print_paper
from banshi.papers.queries import papers_about
from tests.cases.hall import Hall, accepted, hall, moment
from tests.factories import NOON, TESTS, organ, user

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, WEDNESDAY = moment("03-02"), moment("03-03"), moment("03-04", 11)
LISTED = [
    Fee(name="考试费", standard="60元/人", basis="川发改价格〔2020〕1号"),
    Fee(name="证书费", standard="5元/证", basis="川财综〔2019〕2号"),
]
BACK = "https://zwfw.example.gov.cn/my/cases/1/"


@pytest.fixture
def of() -> Hall:
    return hall(fees=LISTED)


@pytest.fixture
def case(of: Hall) -> Case:
    return accepted(of, MONDAY)


@pytest.fixture
def gateway(settings: Any) -> Iterator[FakePaymentGateway]:
    with FakePaymentGateway() as fake:
        settings.PAYMENT = gateway_address(fake.url)
        yield fake


def charged(of: Hall, case: Case, **more: Any) -> FeeOrder:
    given = {"amounts": {0: Decimal(60), 1: Decimal("5.50")}, "pay_by": moment("03-20").date(), **more}
    return charge(case, **given, by=of.handler, at=TUESDAY)


def paid(of: Hall, case: Case, gateway: FakePaymentGateway) -> FeeOrder:
    order = charged(of, case)
    begin_payment(order, back=BACK, by=of.citizen, at=TUESDAY)
    gateway.pay(order.number)
    assert confirm_payment(order, by=of.citizen, at=WEDNESDAY)
    order.refresh_from_db()
    return order


def test_what_the_list_names_is_charged_with_a_notice(of: Hall, case: Case) -> None:
    order = charged(of, case)
    assert (order.total, order.state) == (Decimal("65.50"), "due")
    facts = papers_about(case.number).get(kind="fee").facts
    assert facts["fees"][1] == ["证书费", "5元/证", "5.50元", "川财综〔2019〕2号"]
    assert (facts["fee_total"], facts["pay_by"]) == ("65.50元", "2026年3月20日")
    assert Event.objects.get(kind="fees.charged").payload.cents == 6550
    assert "请缴费65.50元" in Notification.objects.filter(kind="fees.told").get().body


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"amounts": {}}, "只能按办事指南的收费项目"),
        ({"amounts": {2: Decimal(1)}}, "只能按办事指南的收费项目"),
        ({"amounts": {0: Decimal(0)}}, "金额不对"),
        ({"amounts": {0: Decimal("-5")}}, "金额不对"),
        ({"amounts": {0: Decimal("1.005")}}, "金额不对"),
        ({"pay_by": moment("03-03").date()}, "缴费期限要晚于今天"),
    ],
)
def test_nothing_else_is_charged(of: Hall, case: Case, more: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        charged(of, case, **more)
    assert not FeeOrder.objects.exists()


def test_where_the_guide_names_no_fee_none_is_charged() -> None:
    free = hall(fees=[])
    with pytest.raises(Conflict, match="不收费"):
        charged(free, accepted(free, MONDAY))


def test_one_order_at_a_time_and_none_when_the_case_is_over(of: Hall, case: Case) -> None:
    charged(of, case)
    with pytest.raises(Conflict, match="没有缴的缴费单"):
        charged(of, case)
    withdraw(case, by=of.citizen, at=TUESDAY)
    with pytest.raises(Conflict, match="已经结束"):
        charged(of, case)


def test_it_is_paid_through_the_gateway_and_receipted_once(of: Hall, case: Case, gateway: FakePaymentGateway) -> None:
    order = charged(of, case)
    address = begin_payment(order, back=BACK, by=of.citizen, at=TUESDAY)
    assert address == f"{gateway.address}/cashier/{order.number}"
    assert gateway.orders == {order.number: "65.50"}
    assert not confirm_payment(order, by=of.citizen, at=TUESDAY)
    gateway.pay(order.number)
    assert confirm_payment(order, by=of.citizen, at=WEDNESDAY)
    assert confirm_payment(order, by=of.citizen, at=WEDNESDAY)
    order.refresh_from_db()
    assert (order.state, order.payment_number) == ("paid", "4200000000")
    receipt = papers_about(case.number).get(kind="fee_receipt")
    assert receipt.facts["paid_on"] == "2026年3月4日10时00分"
    assert print_paper(receipt, at=WEDNESDAY).size > 0
    assert begin_payment(order, back=BACK, by=of.citizen, at=WEDNESDAY) == "", "nothing is paid twice"
    assert verify().holds


def test_who_paid_and_never_came_back_gets_the_receipt_too(of: Hall, case: Case, gateway: FakePaymentGateway) -> None:
    order = charged(of, case)
    begin_payment(order, back=BACK, by=of.citizen, at=TUESDAY)
    gateway.pay(order.number)
    assert confirm_payments.func(WEDNESDAY.isoformat()) == 1
    assert confirm_payments.func(WEDNESDAY.isoformat()) == 0
    order.refresh_from_db()
    assert order.state == "paid"


def test_at_the_window_the_number_of_the_bill_is_written(of: Hall, case: Case) -> None:
    order = charged(of, case)
    with pytest.raises(BadInput, match="票据号"):
        take_payment(order, number=" ", by=of.window, at=WEDNESDAY)
    take_payment(order, number="NO 00123", by=of.window, at=WEDNESDAY)
    assert papers_about(case.number).get(kind="fee_receipt").facts["payment_number"] == "NO 00123"


def test_who_has_paid_online_is_not_charged_again_at_the_window(
    of: Hall, case: Case, gateway: FakePaymentGateway
) -> None:
    order = charged(of, case)
    begin_payment(order, back=BACK, by=of.citizen, at=TUESDAY)
    gateway.pay(order.number)
    order.refresh_from_db()
    with pytest.raises(Conflict, match="网上已经缴过，不用再收"):
        take_payment(order, number="NO1", by=of.window, at=WEDNESDAY)
    order.refresh_from_db()
    assert (order.state, order.payment_number, order.at_window) == ("paid", "4200000000", False)
    assert papers_about(case.number).filter(kind="fee_receipt").count() == 1


def test_what_is_paid_online_after_the_window_is_returned_once_and_said(
    of: Hall, case: Case, gateway: FakePaymentGateway
) -> None:
    order = charged(of, case)
    begin_payment(order, back=BACK, by=of.citizen, at=TUESDAY)
    order.refresh_from_db()
    gateway.troubles = [503]  # away while the window asks: who stands there can pay all the same
    take_payment(order, number="NO1", by=of.window, at=TUESDAY)
    confirm_payments.func(TUESDAY.isoformat())
    assert gateway.refunded == {}
    gateway.pay(order.number)
    for _ in range(2):
        assert confirm_payments.func(WEDNESDAY.isoformat()) == 0
    assert gateway.refunded == {order.number: "65.50"}
    order.refresh_from_db()
    assert (order.state, order.payment_number, order.returned_at) == ("paid", "NO1", WEDNESDAY)
    [told] = Notification.objects.filter(kind="fees.told", body__contains="网上重复缴的65.50元已经退还")
    assert told.user == of.citizen
    assert papers_about(case.number).get(kind="refund").facts["payment_number"] == "4200000000"
    gateway.refuses = True  # what was paid in cash is given back at the window
    assert refund(order, reason="缺考", by=of.head, at=WEDNESDAY).state == "refunded"
    assert verify().holds


def test_a_guide_whose_fees_change_meanwhile_changes_nothing_in_the_case(of: Hall, case: Case) -> None:
    order = charged(of, case)
    draft = start_draft(of.item, by=TESTS, at=TUESDAY)
    dearer = of.guide.model_copy(update={"fees": [Fee(name="资料费", standard="900元", basis="某办法")]})
    publish(save_draft(draft, guide=dearer, stamp=draft.stamp, by=TESTS, at=TUESDAY), by=TESTS, at=TUESDAY)
    order.refresh_from_db()
    assert [each["name"] for each in order.lines] == ["考试费", "证书费"]
    take_payment(order, number="NO1", by=of.window, at=WEDNESDAY)
    again = charge(case, amounts={0: Decimal(60)}, pay_by=moment("03-20").date(), by=of.handler, at=WEDNESDAY)
    assert again.lines[0]["name"] == "考试费", "by the guide the case began with"


def test_a_refund_goes_back_the_way_it_came_once(of: Hall, case: Case, gateway: FakePaymentGateway) -> None:
    order = paid(of, case, gateway)
    with pytest.raises(BadInput, match="退费的原因"):
        refund(order, reason="", by=of.head, at=WEDNESDAY)
    refund(order, reason="缺考", by=of.head, at=WEDNESDAY)
    assert gateway.refunded == {order.number: "65.50"}
    assert papers_about(case.number).get(kind="refund").facts["reason"] == "缺考"
    order.refresh_from_db()
    with pytest.raises(Conflict, match="已退费，不能退费"):
        refund(order, reason="再退", by=of.head, at=WEDNESDAY)


def test_a_refund_the_gateway_refuses_changes_nothing(of: Hall, case: Case, gateway: FakePaymentGateway) -> None:
    order = paid(of, case, gateway)
    gateway.refuses = True
    with pytest.raises(Conflict, match="账户已注销"):
        refund(order, reason="缺考", by=of.head, at=WEDNESDAY)
    order.refresh_from_db()
    assert order.state == "paid"


def test_while_the_gateway_is_away_nothing_is_lost(
    of: Hall, case: Case, gateway: FakePaymentGateway, settings: Any
) -> None:
    order = charged(of, case)
    gateway.troubles = [503]
    with pytest.raises(Conflict, match="没有扣款"):
        begin_payment(order, back=BACK, by=of.citizen, at=TUESDAY)
    settings.PAYMENT = gateway_address("")
    with pytest.raises(Conflict, match="没有开通网上缴费"):
        begin_payment(order, back=BACK, by=of.citizen, at=TUESDAY)
    order.refresh_from_db()
    assert (order.state, order.begun_at) == ("due", None)


def test_each_does_only_what_is_theirs(of: Hall, case: Case, gateway: FakePaymentGateway) -> None:
    order = charged(of, case)
    with pytest.raises(Refused):
        charge(case, amounts={0: Decimal(1)}, pay_by=moment("03-20").date(), by=user(), at=TUESDAY)
    with pytest.raises(Refused):
        begin_payment(order, back=BACK, by=user(), at=TUESDAY)
    with pytest.raises(Refused):
        take_payment(order, number="1", by=of.citizen, at=TUESDAY)
    with pytest.raises(Refused):
        refund(order, reason="想退", by=of.citizen, at=TUESDAY)


def test_the_gateway_is_checked_without_an_order(gateway: FakePaymentGateway, settings: Any) -> None:
    SignedGateway(settings.PAYMENT).check(at=NOON)
    assert gateway.orders == {}
    with pytest.raises(Unavailable, match="不认可我方的密钥"):
        SignedGateway(gateway_address(gateway.url.replace("tests", "nobody"))).check(at=NOON)


def test_what_is_over_can_still_be_refunded(of: Hall, gateway: FakePaymentGateway) -> None:
    case = accepted(of, MONDAY)
    order = paid(of, case, gateway)
    withdraw(case, by=of.citizen, at=WEDNESDAY)
    assert refund(order, reason="撤回申请", by=of.head, at=WEDNESDAY).state == "refunded"


def signed_in(who: Any) -> Client:
    client = Client()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_an_official_charges_takes_and_gives_back_on_the_page(of: Hall, case: Case) -> None:
    client, address = signed_in(of.handler), reverse("workbench:case-fees", args=[case.pk])
    assert "川发改价格〔2020〕1号" not in client.get(address).content.decode()
    wrong = client.post(address, {"fee0": "0", "pay_by": "2099-01-01"})
    assert wrong.status_code == 422
    assert client.post(address, {"fee0": "60", "pay_by": "2020-01-01"}).status_code == 422
    assert client.post(address, {"fee0": "60", "pay_by": "2099-01-01"}).status_code == 302
    order = FeeOrder.objects.get()
    take = reverse("workbench:case-fee-take", args=[case.pk, order.pk])
    window = signed_in(of.window)
    assert window.post(take, {"number": ""}).status_code == 422
    assert window.post(take, {"number": "NO1"}).status_code == 302
    head, refund_page = signed_in(of.head), reverse("workbench:case-fee-refund", args=[case.pk, order.pk])
    assert "退还60.00元" in head.get(refund_page).content.decode()
    assert head.post(refund_page, {"reason": "缺考"}).status_code == 302
    assert "缺考" in client.get(address).content.decode()
    assert signed_in(user("handler", organ())).get(address).status_code == 404


def test_the_applicant_pays_on_the_page_of_the_case(of: Hall, case: Case, gateway: FakePaymentGateway) -> None:
    order = charged(of, case)
    client, home = signed_in(of.citizen), reverse("portal:my-case", args=[case.pk])
    assert "请缴费65.50元" in client.get(home).content.decode()
    pay = reverse("portal:my-case-pay", args=[case.pk, order.pk])
    assert f"{gateway.address}/cashier/{order.number}" in client.post(pay).content.decode()
    assert "还没有收到" in client.post(pay, {"paid": "1"}, follow=True).content.decode()
    gateway.pay(order.number)
    said = client.post(pay, {"paid": "1"}, follow=True).content.decode()
    assert "已经收到缴费" in said and papers_about(case.number).get(kind="fee_receipt").number in said
    assert signed_in(user()).post(pay).status_code == 404


def test_who_has_paid_in_one_tab_is_not_led_to_pay_again_in_another(
    of: Hall, case: Case, gateway: FakePaymentGateway
) -> None:
    order = charged(of, case)
    client, pay = signed_in(of.citizen), reverse("portal:my-case-pay", args=[case.pk, order.pk])
    client.post(pay)
    gateway.pay(order.number)
    for _ in range(2):  # before we have heard of it, and after
        said = client.post(pay, follow=True).content.decode()
        assert "已经缴过了，不用再缴" in said and "/cashier/" not in said
    assert papers_about(case.number).filter(kind="fee_receipt").count() == 1


def test_the_applicant_is_told_what_a_gateway_that_is_away_means_and_none_of_its_addresses(
    of: Hall, case: Case, gateway: FakePaymentGateway, settings: Any
) -> None:
    order = charged(of, case)
    client, pay = signed_in(of.citizen), reverse("portal:my-case-pay", args=[case.pk, order.pk])
    settings.PAYMENT = gateway_address("http://banshi:secret@127.0.0.1:1/pay")
    begun, asked = client.post(pay), client.post(pay, {"paid": "1"})
    assert "支付平台现在连不上" in begun.content.decode() and "没有扣款" in begun.content.decode()
    assert "已经缴过的请不要再缴" in asked.content.decode() and "没有扣款" not in asked.content.decode()
    for answer in (begun, asked):
        assert answer.status_code == 409
        assert "127.0.0.1" not in answer.content.decode() and "BANSHI" not in answer.content.decode()


def test_what_ended_without_a_decision_is_no_longer_paid_for(of: Hall, case: Case, gateway: FakePaymentGateway) -> None:
    order = charged(of, case)
    withdraw(case, words="不办了", by=of.citizen, at=TUESDAY)
    page = signed_in(of.citizen).get(reverse("portal:my-case", args=[case.pk])).content.decode()
    assert "请缴费" not in page and "办件已经结束，不用缴" in page
    order.refresh_from_db()
    with pytest.raises(Conflict, match="不用缴费"):
        begin_payment(order, back=BACK, by=of.citizen, at=TUESDAY)
    with pytest.raises(Conflict, match="不用缴费"):
        take_payment(order, number="NO1", by=of.window, at=TUESDAY)


def test_a_demonstration_without_a_gateway_has_a_cashier_that_says_it_takes_no_money(
    of: Hall, case: Case, settings: Any, tmp_path: Path
) -> None:
    order = charged(of, case)
    client = signed_in(of.citizen)
    home, pay, cashier = (
        reverse("portal:my-case", args=[case.pk]),
        *(reverse(f"portal:{name}", args=[case.pk, order.pk]) for name in ("my-case-pay", "demo-cashier")),
    )
    settings.HOME = tmp_path
    assert "还没有开通网上缴费" in client.get(home).content.decode()
    assert client.get(cashier).status_code == client.post(cashier).status_code == 404
    settings.DEMO = True
    assert cashier in client.post(pay).content.decode()
    assert "不收钱" in client.get(cashier).content.decode()
    assert "还没有收到" in client.post(pay, {"paid": "1"}, follow=True).content.decode()
    for _ in range(2):
        client.post(cashier)
    assert "已经收到缴费" in client.post(pay, {"paid": "1"}, follow=True).content.decode()
    assert papers_about(case.number).get(kind="fee_receipt").facts["payment_number"] == f"演示{order.number}"
    assert signed_in(user()).get(cashier).status_code == 404
    order.refresh_from_db()
    refund(order, reason="缺考", by=of.head, at=WEDNESDAY)
    assert "缺考" in client.get(home).content.decode()
