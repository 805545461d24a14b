"""From the shelf to the person: by hand, by express, from a locker; the receipt closes the case."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from banshi.cases.actions import decide
from banshi.cases.models import Case
from banshi.connectors.express.fake import FakeExpressCompany
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.core.gateways import gateway_address
from banshi.handout.actions import (
    Receiver,
    collect,
    collect_from_locker,
    collect_together,
    follow_parcels,
    put_in_locker,
    remind_uncollected,
    send_by_express,
    shelve,
    take_back,
    write_tracking,
)
from banshi.handout.express import ExpressStanding, Waybill
from banshi.handout.models import HandOut
from banshi.handout.queries import hand_outs_visible_to, locker_code_of, to_shelve, waiting, waiting_with
from banshi.handout.tasks import mind_hand_outs
from banshi.ledger import System
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from banshi.papers.queries import papers_about
from tests import factories as make
from tests.cases.hall import ANSWERS, Hall, accepted, examined, fresh, hall, moment
from tests.reception.counter import NAME, NUMBER, signature

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY = moment("03-06"), moment("03-09")
OWN = Receiver(NAME, NUMBER)
SOMEBODY = "530102194501010013"


def decided(of: Hall) -> Case:
    case = examined(of, accepted(of, moment("03-02")), moment("03-05"))
    decide(case, granted=True, by=of.head, at=FRIDAY)
    return fresh(case)


def shelved(of: Hall, at: datetime = FRIDAY) -> HandOut:
    return shelve(decided(of), place="a-03", by=of.window, at=at)


def test_a_result_waits_on_the_shelf_and_is_collected_against_identity_and_signature() -> None:
    of = hall()
    case = decided(of)
    assert list(to_shelve(of.window, at=FRIDAY)) == [case]
    out = shelve(case, place=" a-03 ", by=of.window, at=FRIDAY)
    assert out.place == "A-03" and not to_shelve(of.window, at=FRIDAY)
    assert list(waiting(of.window, at=FRIDAY)) == [out]
    assert Notification.objects.filter(user=of.citizen, kind="handout.collect").count() == 1
    colleague = make.user("window", of.bureau)
    out = collect(out, receiver=OWN, signature=signature(), by=colleague, at=MONDAY)
    assert (out.state, out.as_agent, out.receiver_masked, out.handed_by) == ("done", False, "林*例", colleague)
    assert fresh(case).state == "delivered"
    assert papers_about(case.number).filter(kind="delivery").exists()
    assert "signature" in LedgerEntry.objects.get(action="handout.hand_out").facts


def test_a_result_is_shelved_once_and_only_when_it_is_ready() -> None:
    of = hall()
    with pytest.raises(Conflict, match="还没有可以出件的结果"):
        shelve(accepted(of, moment("03-02")), place="A", by=of.window, at=FRIDAY)
    out = shelved(of)
    with pytest.raises(Conflict, match="已经上架"):
        shelve(out.case, place="B-1", by=of.window, at=FRIDAY)
    with pytest.raises(BadInput, match="架位"):
        shelve(decided(of), place=" ", by=of.window, at=FRIDAY)


@pytest.mark.parametrize(
    ("receiver", "told"),
    [
        (Receiver(NAME, "530102199003071212"), "证件号码不对"),
        (Receiver("林大例", NUMBER), "姓名和申请时的不一样"),
        (Receiver("王大例", SOMEBODY), "领取人不是申请人"),
    ],
)
def test_nobody_else_gets_it(receiver: Receiver, told: str) -> None:
    of = hall()
    out = shelved(of)
    with pytest.raises(BadInput, match=told):
        collect(out, receiver=receiver, signature=signature(), by=of.window, at=MONDAY)
    assert fresh(out.case).state == "decided"


def test_without_a_signature_it_stays() -> None:
    of = hall()
    with pytest.raises(BadInput, match="还没有签名"):
        collect(shelved(of), receiver=OWN, signature=None, by=of.window, at=MONDAY)


def test_somebody_collects_for_another_with_a_paper() -> None:
    of = hall()
    receiver = Receiver("王大例", SOMEBODY, signature())
    out = collect(shelved(of), receiver=receiver, signature=signature(), by=of.window, at=MONDAY)
    assert out.as_agent and out.authority and fresh(out.case).state == "delivered"


def test_collected_once() -> None:
    of = hall()
    out = collect(shelved(of), receiver=OWN, signature=signature(), by=of.window, at=MONDAY)
    with pytest.raises(Conflict, match="已领取"):
        collect(out, receiver=OWN, signature=signature(), by=of.window, at=MONDAY)


def test_a_stranger_sees_and_hands_out_none() -> None:
    of = hall()
    out = shelved(of)
    stranger = make.user("window", make.organ(division=make.division("990203", "远方县")))
    assert not hand_outs_visible_to(stranger, at=MONDAY)
    with pytest.raises(Refused):
        collect(out, receiver=OWN, signature=signature(), by=stranger, at=MONDAY)


def test_the_office_that_received_far_away_hands_out_there() -> None:
    of = hall()
    far = make.organ(division=make.division("990203", "远方县"))
    clerk = make.user("window", far)
    out = shelve(decided(of), place="B-1", organ=far, by=of.window, at=FRIDAY)
    assert list(waiting(clerk, at=MONDAY)) == [out]
    collect(out, receiver=OWN, signature=signature(), by=clerk, at=MONDAY)
    assert fresh(out.case).state == "delivered"


def test_reminders_come_as_often_as_the_policy_says() -> None:
    of = hall()
    shelved(of)  # on Friday; three working days later is Wednesday
    days = ("03-10", "03-11", "03-12", "03-17", "03-18", "03-25", "04-02")
    told = [remind_uncollected(by=make.TESTS, at=moment(each)) for each in days]
    assert told == [0, 1, 0, 0, 1, 1, 0]


def test_a_locker_opens_by_its_code_until_its_hours_are_over() -> None:
    of = hall()
    out = put_in_locker(shelved(of), box="12", by=of.window, at=MONDAY)
    code = locker_code_of(out)
    assert code in Notification.objects.filter(kind="handout.collect").first().body  # type: ignore[union-attr]
    with pytest.raises(BadInput, match="取件码不对"):
        collect_from_locker(out, code="1", by=of.window, at=MONDAY)
    with pytest.raises(Conflict, match="过期"):
        collect_from_locker(out, code=code, by=of.window, at=moment("03-12"))
    other = shelved(of)
    with pytest.raises(Conflict, match="12格里还有"):
        put_in_locker(other, box="12", by=of.window, at=MONDAY)
    out = collect_from_locker(out, code=code, by=of.window, at=MONDAY)
    assert fresh(out.case).state == "delivered" and not locker_code_of(out)


def test_a_box_does_not_open_to_who_tries_one_code_after_another() -> None:
    of = hall()
    out = put_in_locker(shelved(of), box="12", by=of.window, at=MONDAY)
    code = locker_code_of(out)
    for _ in range(5):
        with pytest.raises(BadInput, match="取件码不对"):
            collect_from_locker(out, code="1", by=of.window, at=MONDAY)
    with pytest.raises(Conflict, match="输错"):
        collect_from_locker(out, code=code, by=of.window, at=MONDAY)
    out = put_in_locker(take_back(out, place="A-1", by=of.window, at=MONDAY), box="12", by=of.window, at=MONDAY)
    assert collect_from_locker(out, code=locker_code_of(out), by=of.window, at=MONDAY).state == "done"


def test_what_nobody_took_from_its_box_goes_back_to_the_shelf() -> None:
    of = hall()
    out = take_back(put_in_locker(shelved(of), box="12", by=of.window, at=MONDAY), place="A-1", by=of.window, at=MONDAY)
    assert (out.state, out.place) == ("shelved", "A-1") and not locker_code_of(out)
    assert collect(out, receiver=OWN, signature=signature(), by=of.window, at=MONDAY).state == "done"


@pytest.fixture
def company(settings: Any) -> Iterator[FakeExpressCompany]:
    with FakeExpressCompany() as fake:
        settings.EXPRESS = gateway_address(fake.url)
        yield fake


def test_an_express_company_carries_it_and_its_word_closes_the_case(company: FakeExpressCompany) -> None:
    of = hall()
    out = send_by_express(shelved(of), address="示例县示例镇一组3号", by=of.window, at=MONDAY)
    assert (out.state, out.carrier, out.tracking) == ("sent", "示例快递", "EX0000000001")
    assert company.parcels[out.case.number]["phone"] == ANSWERS["phone"]
    assert follow_parcels(by=make.TESTS, at=moment("03-11")) == 0
    company.deliver(out.tracking, "林小例")
    assert follow_parcels(by=make.TESTS, at=moment("03-12")) == 1
    assert follow_parcels(by=make.TESTS, at=moment("03-12")) == 0
    case = fresh(out.case)
    assert case.state == "delivered" and case.acts.get(kind="deliver").facts["way"] == "post"


def test_a_company_that_refuses_or_is_away_changes_nothing(company: FakeExpressCompany) -> None:
    of = hall()
    out = shelved(of)
    company.refuses = "不送这里"
    with pytest.raises(Conflict, match="不送这里"):
        send_by_express(out, address="示例县", by=of.window, at=MONDAY)
    with pytest.raises(BadInput):
        send_by_express(out, address=" ", by=of.window, at=MONDAY)
    out.refresh_from_db()
    assert out.state == "shelved"


def test_without_a_company_a_number_is_typed_in() -> None:
    of = hall()
    out = shelved(of)
    with pytest.raises(Conflict, match="还没有接通快递公司"):
        send_by_express(out, address="示例县", by=of.window, at=MONDAY)
    out = write_tracking(out, bill=Waybill("邮政", "ab123"), address="示例县", by=of.window, at=MONDAY)
    assert (out.state, out.tracking) == ("sent", "AB123")


def test_what_came_back_is_another_parcel_when_sent_again(company: FakeExpressCompany) -> None:
    of = hall()
    first = send_by_express(shelved(of), address="示例县旧址", by=of.window, at=MONDAY)
    number = first.tracking
    back = take_back(first, place="A-1", by=of.window, at=moment("03-11"))
    assert send_by_express(back, address="示例县新址", by=of.window, at=moment("03-12")).tracking != number


def test_who_waits_longest_is_reminded_however_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banshi.handout.actions.shelving.AT_ONCE", 1)
    of = hall()
    shelved(of)
    shelved(of, at=moment("03-11"))
    assert remind_uncollected(by=make.TESTS, at=moment("03-11")) == 1


def test_a_company_that_is_away_keeps_nobody_from_being_reminded(settings: Any) -> None:
    settings.EXPRESS = gateway_address("http://app:key@127.0.0.1:9")
    of = hall()
    sent, waits = shelved(of), shelved(of)
    write_tracking(sent, bill=Waybill("邮政", "ab123"), address="示例县", by=of.window, at=FRIDAY)
    with pytest.raises(Conflict):
        mind_hand_outs.func(moment("03-11").isoformat())
    waits.refresh_from_db()
    assert waits.reminders == 1


def test_more_parcels_than_one_look_are_followed_and_one_the_company_does_not_know_keeps_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of = hall()
    out = shelved(of)
    write_tracking(out, bill=Waybill("示例快递", "LAST"), address="示例路1号", by=of.window, at=FRIDAY)
    asked: list[str] = []

    class Company:
        def standing(self, tracking: str, *, at: datetime) -> ExpressStanding:
            asked.append(tracking)
            if tracking == "LOST":
                raise Conflict("没有这个单号")
            return ExpressStanding("签收", at if tracking == "LAST" else None, "林小例")

    before = [(0, f"N{number}") for number in range(250)]
    before[3] = (0, "LOST")
    monkeypatch.setattr("banshi.handout.actions.sending.express_gateway", Company)
    monkeypatch.setattr("banshi.handout.actions.sending.parcels_on_their_way", lambda: [*before, (out.pk, "LAST")])
    assert follow_parcels(by=System("handout"), at=MONDAY) == 1
    assert len(asked) == 251 and HandOut.objects.get().state == "done"


def test_results_of_one_person_go_out_with_one_signature_all_or_none() -> None:
    of = hall()
    first, second = shelved(of), shelved(of)
    theirs = waiting_with(first, of.window, at=MONDAY)
    assert list(theirs) == [second]
    with pytest.raises(BadInput, match="领取人不是申请人"):
        other = Receiver("王大例", SOMEBODY)
        collect_together([first, second], receiver=other, signature=signature(), by=of.window, at=MONDAY)
    done = collect_together([first, second], receiver=OWN, signature=signature(), by=of.window, at=MONDAY)
    assert {fresh(each.case).state for each in done} == {"delivered"}
    assert len({each.signature_id for each in done}) == 2, "each goes with its own case"
    assert not waiting_with(first, of.window, at=MONDAY)
    third = shelved(of)
    with pytest.raises(Conflict, match="已领取"):
        collect_together([third, first], receiver=OWN, signature=signature(), by=of.window, at=MONDAY)
    assert fresh(third.case).state == "decided", "all or none"
