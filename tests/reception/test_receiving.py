"""At the counter: the same form and rules as online, agreed to by the person, and accepted while they wait."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from banshi.cases.models import Application, Case
from banshi.cases.queries import code_of, lacking
from banshi.catalog.enums import Necessity
from banshi.catalog.guide.document import Material
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.core.gateways import gateway_address
from banshi.events.models import Event
from banshi.ledger.models import LedgerEntry
from banshi.outbox.models import Message
from banshi.papers.queries import papers_about
from banshi.people.models import Identity
from banshi.reception.actions import agree_by_code, agree_by_signature, begin_reception, hand_in, keep_typed, send_code
from banshi.reception.queries import (
    drafts_at_counter,
    may_be_received_at,
    receptions_visible_to,
    responsibilities,
)
from tests import factories as make
from tests.at_once import at_once
from tests.cases.hall import ANSWERS, a_guide, hall, moment, open_tasks
from tests.reception.counter import NAME, NUMBER, begun, filled_in, person_before, received, signature

pytestmark = pytest.mark.django_db
MONDAY = moment("03-02")


def test_a_person_without_a_phone_or_an_account_leaves_with_a_receipt() -> None:
    of = hall()
    case = received(of, MONDAY)
    assert case.state == "handling" and case.agent is None and len(code_of(case)) == 8
    assert [(each.kind, each.by_name) for each in case.acts.all()] == [("receive", "郑窗口"), ("accept", "郑窗口")]
    assert {each.kind for each in papers_about(case.number)} == {"receipt", "acceptance"}
    assert {each.trust for each in case.application.materials.all()} == {"B"}
    assert case.applicant.identity.kind == "person" and not case.applicant.has_usable_password()
    told = LedgerEntry.objects.get(action="reception.hand_in").facts
    assert told["case"] == case.pk and told["answers"]
    assert Event.objects.get(kind="reception.received").data["distant"] is False


def test_whoever_came_before_is_the_same_person() -> None:
    of = hall()
    first = person_before(of.window, MONDAY)
    assert person_before(of.window, MONDAY, number=f" {NUMBER.lower()} ") == first
    assert Identity.objects.count() == 1
    with pytest.raises(Conflict, match="登记的姓名是林\\*例"):
        person_before(of.window, MONDAY, name="林大例")


def test_a_number_that_cannot_be_is_told_by_field() -> None:
    of = hall()
    with pytest.raises(BadInput) as told:
        person_before(of.window, MONDAY, number="530102199003071212")
    assert [each.field for each in told.value.problems] == ["number"]


def test_nobody_receives_without_the_post_for_it() -> None:
    of = hall()
    with pytest.raises(Refused, match="窗口收件"):
        person_before(of.handler, MONDAY)
    person = person_before(of.window, MONDAY)
    with pytest.raises(Refused):
        begin_reception(of.item, person=person, by=of.handler, at=MONDAY)
    with pytest.raises(Refused, match="不能给自己收件"):
        begin_reception(of.item, person=of.window, by=of.window, at=MONDAY)


def test_a_stranger_sees_no_reception_and_a_colleague_goes_on_with_it() -> None:
    of = hall()
    reception = begun(of, MONDAY)
    colleague = make.user("window", of.bureau)
    stranger = make.user("window", make.organ(division=make.division("990203", "远方县")))
    assert list(drafts_at_counter(colleague, at=MONDAY)) == [reception]
    assert not receptions_visible_to(stranger, at=MONDAY)
    keep_typed(reception, answers=ANSWERS, by=colleague, at=MONDAY)
    with pytest.raises(Refused):
        keep_typed(reception, answers=ANSWERS, by=stranger, at=MONDAY)


def test_the_rules_of_online_hold_at_the_counter() -> None:
    of = hall()
    reception = begun(of, MONDAY)
    keep_typed(reception, answers={**ANSWERS, "phone": "123"}, originals=[0, 1], by=of.window, at=MONDAY)
    agree_by_signature(reception, signature(), by=of.window, at=MONDAY)
    with pytest.raises(BadInput) as told:
        hand_in(reception, then="accept", by=of.window, at=MONDAY)
    assert [each.field for each in told.value.problems] == ["phone"]
    assert not Case.objects.exists()


def test_nothing_is_handed_in_that_the_person_has_not_agreed_to() -> None:
    of = hall()
    reception = begun(of, MONDAY)
    keep_typed(reception, answers=ANSWERS, originals=[0, 1], by=of.window, at=MONDAY)
    with pytest.raises(BadInput, match="还没有签名"):
        hand_in(reception, then="accept", by=of.window, at=MONDAY)
    agree_by_signature(reception, signature(), by=of.window, at=MONDAY)
    keep_typed(reception, answers={"email": "x@example.cn"}, by=of.window, at=MONDAY)
    with pytest.raises(BadInput, match="签名确认以后内容又改过"):
        hand_in(reception, then="accept", by=of.window, at=MONDAY)


def test_a_signature_is_a_picture() -> None:
    of = hall()
    with pytest.raises(BadInput, match="签名不是图片"):
        agree_by_signature(begun(of, MONDAY), SimpleUploadedFile("a.txt", b"words"), by=of.window, at=MONDAY)


def test_a_code_read_out_from_the_phone_agrees_too(settings: Any) -> None:
    settings.SMS, settings.SMS_ON = gateway_address("https://app:secret@127.0.0.1/sms"), True
    of = hall()
    reception = begun(of, MONDAY)
    keep_typed(reception, answers=ANSWERS, originals=[0, 1], by=of.window, at=MONDAY)
    send_code(reception, by=of.window, at=MONDAY)
    code = Message.objects.get(title="窗口确认的验证码").payload["text"].partition("验证码")[2][:6]
    with pytest.raises(BadInput, match="验证码不对"):
        agree_by_code(reception, "x", by=of.window, at=MONDAY)
    assert agree_by_code(reception, f" {code}", by=of.window, at=MONDAY).agreed_by == "code"
    with pytest.raises(Conflict, match="没有有效的验证码"):
        agree_by_code(reception, code, by=of.window, at=MONDAY)
    assert hand_in(reception, then="accept", by=of.window, at=MONDAY).state == "handling"


def test_a_code_guessed_too_often_or_too_late_is_none(settings: Any) -> None:
    settings.SMS, settings.SMS_ON = gateway_address("https://app:secret@127.0.0.1/sms"), True
    of = hall()
    reception = begun(of, MONDAY)
    send_code(reception, by=of.window, at=MONDAY)
    with pytest.raises(Conflict, match="没有有效的验证码"):
        agree_by_code(reception, "000000", by=of.window, at=moment("03-02", 9, 11))
    for _ in range(5):
        with pytest.raises(BadInput):
            agree_by_code(reception, "no", by=of.window, at=MONDAY)
    with pytest.raises(Conflict, match="没有有效的验证码"):
        agree_by_code(reception, "000000", by=of.window, at=MONDAY)


def test_what_is_missing_is_told_once_on_the_spot() -> None:
    of = hall()
    with pytest.raises(BadInput) as told:
        received(of, MONDAY, originals=[0])
    assert [each.message for each in told.value.problems] == ["还没有交“水资源论证报告”"]
    case = received(of, MONDAY, then="supplement", originals=[0])
    assert case.state == "supplementing"
    assert papers_about(case.number).filter(kind="supplement").exists()


def test_a_minor_paper_may_come_later() -> None:
    minor = Material(name="补充说明", necessity=Necessity.LATER)
    of = hall(a_guide(materials=[Material(name="取水申请书"), minor]))
    reception = filled_in(of, MONDAY, originals=[0])
    with pytest.raises(BadInput, match="补交的最后一天"):
        hand_in(reception, then="defer", by=of.window, at=MONDAY)
    case = hand_in(reception, then="defer", until=moment("03-20").date(), by=of.window, at=MONDAY)
    assert case.state == "handling"
    assert {"offer_deferral", "promise", "accept"} <= {each.kind for each in case.acts.all()}


def test_an_original_unticked_is_no_longer_there() -> None:
    of = hall()
    reception = begun(of, MONDAY)
    keep_typed(reception, answers=ANSWERS, originals=[0, 1], by=of.window, at=MONDAY)
    keep_typed(reception, answers={}, originals=[1], by=of.window, at=MONDAY)
    assert [each.position for each in lacking(Application.objects.get(pk=reception.application_id))] == [0]


def test_handed_in_twice_it_is_told_with_its_number() -> None:
    of = hall()
    reception = filled_in(of, MONDAY)
    case = hand_in(reception, then="accept", by=of.window, at=MONDAY)
    with pytest.raises(Conflict, match=case.number):
        hand_in(reception, then="accept", by=of.window, at=MONDAY)


@pytest.mark.parametrize(
    ("here", "there", "reach", "may"),
    [
        ("530102", "530102", "", True),
        ("530102001", "530102", "", True),
        ("530100", "530102", "local", True),
        ("530102", "530103", "local", False),
        ("530102", "530103", "city", True),
        ("530102", "530302", "city", False),
        ("530102", "530302", "province", True),
        ("530102", "510104", "province", False),
        ("530102", "510104", "provinces", True),
        ("530102", "510104", "nation", True),
    ],
)
def test_an_item_is_received_as_far_as_its_guide_reaches(here: str, there: str, reach: str, may: bool) -> None:
    level = {6: 4, 9: 5}
    places = [
        make.division(code, f"地方{code}", 3 if code.endswith("00") else level[len(code)]) for code in (here, there)
    ]
    receiving, handling = (make.organ(division=each) for each in places)
    assert may_be_received_at(receiving, handling, reach) is may


def test_received_in_one_county_and_handled_in_another() -> None:
    of = hall(a_guide(reach="province"))
    far = make.organ("远方县政务服务中心", division=make.division("990203", "远方县"))
    clerk = make.user("window", far, full_name="钱远方")
    with pytest.raises(Refused, match="由示例县水利局受理"):
        received(of, MONDAY, clerk=clerk)
    with pytest.raises(BadInput, match="还缺材料"):
        received(of, MONDAY, then="supplement", clerk=clerk, originals=[0])
    case = received(of, MONDAY, then="receive", clerk=clerk)
    assert case.state == "received" and case.organ == of.bureau
    assert [each.organ for each in open_tasks(case)] == [of.bureau]
    told = responsibilities(case.application.reception, at=MONDAY)
    assert [(each.part, each.organ.name, each.until and each.until.isoformat()) for each in told] == [
        ("收件", "远方县政务服务中心", "2026-03-02"),
        ("受理", "示例县水利局", "2026-03-09"),
        ("办理", "示例县水利局", "2026-03-30"),
        ("送达", "示例县水利局", None),
    ]


def test_what_is_not_for_everywhere_is_not_received_elsewhere() -> None:
    of = hall()
    clerk = make.user("window", make.organ(division=make.division("990203", "远方县")))
    with pytest.raises(Conflict, match="不在远方县的通办范围"):
        begun(of, MONDAY, clerk)
    assert not Application.objects.exists()


def test_a_company_is_received_by_its_code() -> None:
    of = hall()
    company = person_before(of.window, MONDAY, kind="company", name="示例有限公司", number=make.a_uscc(77))
    assert company.identity.kind == "company"
    assert begin_reception(of.item, person=company, by=of.window, at=MONDAY).person == company


def test_the_name_on_the_card_is_not_shown_to_the_ledger() -> None:
    of = hall()
    person_before(of.window, MONDAY)
    told = LedgerEntry.objects.get(action="people.register_at_counter").facts
    assert NAME not in str(told) and NUMBER not in str(told)


@pytest.mark.django_db(transaction=True)
def test_one_card_at_two_counters_at_once_is_one_person() -> None:
    of = hall()
    clerks = [of.window, make.user("window", of.bureau)]
    people = at_once(lambda which: person_before(clerks[which], MONDAY), people=2)
    assert people[0] == people[1] and Identity.objects.filter(user=people[0]).count() == 1


@pytest.mark.parametrize(
    "typed", ["５３０１０２１９９００３０７１２１１", "530102 19900307 1211", "530102-19900307-1211"]
)
def test_a_number_typed_in_another_way_is_the_same_person(typed: str) -> None:
    of = hall()
    number = "530102199003071211"
    first = person_before(of.window, MONDAY, name="王小美", number=number)
    assert person_before(of.window, MONDAY, name=" 王小美 ", number=typed) == first
