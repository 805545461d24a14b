"""A bundle at the counter: a couple without a phone does four offices' business with one form and one signature."""

import pytest

from banshi.bundles.actions import publish_bundle, submit_bundle
from banshi.bundles.models import BundleSubmission
from banshi.bundles.queries import cases_of, reading_of, submissions_of
from banshi.bundles.sealing import opened_answers
from banshi.cases.models import Case, Promise
from banshi.catalog.actions import cancel_item
from banshi.catalog.enums import Audience, Necessity
from banshi.catalog.guide.document import Material
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.events.consuming import follow
from banshi.events.models import Event
from banshi.ledger.models import LedgerEntry
from banshi.people.models import User
from banshi.reception.actions import (
    agree_by_signature,
    attach_bundle_scan,
    begin_bundle_reception,
    end_mandate,
    give_mandate,
    give_up_bundle,
    hand_in_bundle,
    keep_bundle_typed,
)
from banshi.reception.models import BundleReception
from banshi.reception.queries import bundle_drafts_at_counter, bundle_receptions_visible_to
from tests import factories as make
from tests.bundles.family import (
    ANSWERS,
    BORN,
    ID_CARD,
    MONDAY,
    MOTHER,
    NAME,
    Family,
    a_definition,
    a_guide,
    case_of,
    decided,
    family,
    guides,
)
from tests.cases.hall import LONG_AGO, moment
from tests.reception.counter import a_photo, person_before, signature

pytestmark = pytest.mark.django_db
EVERY = object()


def mother_before(clerk: User) -> User:
    return person_before(clerk, MONDAY, name="王小美", number=MOTHER)


def signed(of: Family, clerk: User, originals: object = EVERY, **more: object) -> BundleReception:
    """Typed, every original seen, and signed for."""
    person = more.pop("person", None) or mother_before(clerk)
    reception = begin_bundle_reception(of.version, person=person, by=clerk, at=MONDAY, **more)  # type: ignore[arg-type]
    reception = keep_bundle_typed(reception, answers=ANSWERS, by=clerk, at=MONDAY)
    asked = reading_of(reception.submission).materials.asked
    seen = {each.slug for each in asked} if originals is EVERY else originals
    reception = keep_bundle_typed(reception, answers={}, originals=seen, by=clerk, at=MONDAY)  # type: ignore[arg-type]
    return agree_by_signature(reception, signature(), by=clerk, at=MONDAY)


def test_one_form_and_one_signature_for_every_office() -> None:
    of = family()
    clerk = of.window("birth")
    submission = hand_in_bundle(signed(of, clerk), by=clerk, at=MONDAY)
    cases = list(cases_of(submission))
    assert [(each.item.name, each.state, each.agent) for each in cases] == [
        ("出生证签发", "received", None),
        ("生育津贴", "received", None),
    ]
    assert {each.application.channel for each in cases} == {"window"}
    assert {each.trust for case in cases for each in case.application.materials.all()} == {"B"}
    assert not cases[0].applicant.has_usable_password()
    told = LedgerEntry.objects.get(action="reception.hand_in_bundle")
    assert (told.actor_name, told.facts["bundle"]) == (clerk.full_name, submission.pk)
    assert Event.objects.get(kind="reception.bundle_received").data["agent"] is False
    decided(of, submission, "birth", moment("03-04"))
    follow()
    assert case_of(submission, "hukou").application.channel == "window"


def test_the_card_has_filled_in_who_it_is() -> None:
    of = family()
    clerk = of.window("birth")
    reception = begin_bundle_reception(of.version, person=mother_before(clerk), by=clerk, at=MONDAY)
    known = opened_answers(reception.submission)
    assert (known["applicant_name"], known["applicant_number"]) == ("王小美", MOTHER)
    assert list(bundle_drafts_at_counter(clerk, at=MONDAY)) == [reception]
    give_up_bundle(reception, by=clerk, at=MONDAY)
    assert not bundle_drafts_at_counter(clerk, at=MONDAY).exists()


def test_nothing_is_handed_in_that_was_not_agreed_to_or_that_lacks() -> None:
    of = family()
    clerk = of.window("birth")
    reception = signed(of, clerk, originals=())
    with pytest.raises(BadInput) as refused:
        hand_in_bundle(reception, by=clerk, at=MONDAY)
    assert [each.message for each in refused.value.problems] == ["还没有交“居民身份证”", "还没有交“签发登记表”"]
    keep_bundle_typed(reception, answers={"phone": "13900139000"}, by=clerk, at=MONDAY)
    with pytest.raises(BadInput, match="签名确认以后内容又改过"):
        hand_in_bundle(reception, by=clerk, at=MONDAY)
    assert not Case.objects.exists()


def test_handed_in_twice_it_is_told_with_its_number() -> None:
    of = family()
    clerk = of.window("birth")
    reception = signed(of, clerk)
    submission = hand_in_bundle(reception, by=clerk, at=MONDAY)
    with pytest.raises(Conflict, match=submission.number):
        hand_in_bundle(reception, by=clerk, at=MONDAY)


def test_an_original_unticked_leaves_its_scan_of_lower_trust() -> None:
    of = family()
    clerk = of.window("birth")
    reception = signed(of, clerk, originals=())
    attach_bundle_scan(reception, "签发登记表", [signature()], original_seen=True, by=clerk, at=MONDAY)
    there = reception.submission.materials.filter(replaced_at=None)
    assert there.get().trust == "B"
    keep_bundle_typed(reception, answers={}, originals=(), by=clerk, at=MONDAY)
    assert there.get().trust == "D"
    assert there.get().file


def test_a_stranger_sees_and_goes_on_with_none() -> None:
    of = family()
    clerk, stranger = of.window("birth"), make.user("window", make.organ(division=make.division("990203", "远方县")))
    reception = signed(of, clerk)
    assert not bundle_receptions_visible_to(stranger, at=MONDAY).exists()
    with pytest.raises(Refused):
        hand_in_bundle(reception, by=stranger, at=MONDAY)
    with pytest.raises(Refused):
        submit_bundle(reception.submission, key=reception.submission.key, by=clerk, at=MONDAY)
    with pytest.raises(Refused, match="不能给自己收件"):
        begin_bundle_reception(of.version, person=clerk, by=clerk, at=MONDAY)


def test_what_is_not_for_this_place_is_not_received_here() -> None:
    of = family()
    far = make.organ("邻市政务服务中心", division=make.division("990301", "邻县", 3))
    clerk = make.user("window", far)
    with pytest.raises(Conflict, match="不在邻县的通办范围"):
        begin_bundle_reception(of.version, person=mother_before(clerk), by=clerk, at=MONDAY)
    assert not BundleSubmission.objects.exists()


def test_a_company_is_received_for_what_companies_apply_for() -> None:
    of = family()
    both = guides()["birth"].model_copy(update={"audience": [Audience.PERSON, Audience.COMPANY]})
    clerk = of.window("birth")
    company = person_before(clerk, MONDAY, name="示例水务有限公司", number=make.a_uscc(77), kind="company")
    with pytest.raises(Conflict, match="由个人办理"):
        begin_bundle_reception(of.version, person=company, by=clerk, at=MONDAY)
    make.publication(of.items["birth"], both, at=LONG_AGO)
    reception = begin_bundle_reception(of.version, person=company, by=clerk, at=MONDAY)
    known = opened_answers(reception.submission)
    assert (known["company_name"], known["company_code"]) == ("示例水务有限公司", make.a_uscc(77))
    assert "applicant_name" not in known
    assert [each.item.name for each in reading_of(reception.submission).all_members] == ["出生证签发"]


def test_minor_papers_come_later_as_the_person_promises_at_the_counter() -> None:
    of = family()
    later = Material(name="签发登记表", necessity=Necessity.LATER)
    new = a_guide("出生证签发", form_fields=[NAME, BORN], materials=[ID_CARD, later])
    make.publication(of.items["birth"], new, at=LONG_AGO)
    clerk = of.window("birth")
    reception = begin_bundle_reception(of.version, person=mother_before(clerk), by=clerk, at=MONDAY)
    reception = keep_bundle_typed(reception, answers=ANSWERS, by=clerk, at=MONDAY)
    asked = reading_of(reception.submission).materials.asked
    assert [each.proof for each in asked if each.later] == ["签发登记表"]
    seen = {each.slug for each in asked if not each.later}
    reception = keep_bundle_typed(reception, answers={}, originals=seen, by=clerk, at=MONDAY)
    agree_by_signature(reception, signature(), by=clerk, at=MONDAY)
    submission = hand_in_bundle(reception, then="accept", until=moment("03-06").date(), by=clerk, at=MONDAY)
    promise = Promise.objects.get()
    assert (promise.name, promise.kind) == ("签发登记表", "deferral")
    assert case_of(submission, "birth").state == "handling"
    assert case_of(submission, "allowance").state == "handling"


def test_a_clerk_of_the_hall_accepts_for_the_offices_and_leaves_what_lacks() -> None:
    of = family()
    later = Material(name="签发登记表", necessity=Necessity.LATER)
    new = a_guide("出生证签发", form_fields=[NAME, BORN], materials=[ID_CARD, later])
    make.publication(of.items["birth"], new, at=LONG_AGO)
    clerk = of.window("hukou")
    reception = signed(of, clerk, originals=None)
    asked = reading_of(reception.submission).materials.asked
    keep_bundle_typed(
        reception, answers={}, originals={each.slug for each in asked if not each.later}, by=clerk, at=MONDAY
    )
    submission = hand_in_bundle(reception, then="accept", by=clerk, at=MONDAY)
    assert case_of(submission, "birth").state == "received"
    assert case_of(submission, "allowance").state == "handling"


def a_village_agent(of: Family) -> User:
    place = make.division("990102001", "示例镇", 5)
    return make.user("agent", make.organ("示例镇便民服务中心", division=place), full_name="李帮办")


def test_an_agent_hands_in_a_bundle_while_the_mandate_lasts_and_every_act_says_so() -> None:
    of = family()
    agent = a_village_agent(of)
    person = mother_before(agent)
    mandate = give_mandate(
        person, matters="新生儿出生", until=moment("06-30").date(), paper=a_photo(agent, MONDAY), by=agent, at=MONDAY
    )
    reception = signed(of, agent, person=person, mandate=mandate)
    submission = hand_in_bundle(reception, by=agent, at=MONDAY)
    assert {(each.applicant, each.agent) for each in cases_of(submission)} == {(person, agent)}
    assert [each.by_name for each in case_of(submission, "birth").acts.all()] == ["李帮办（代申请人办）"]
    assert list(submissions_of(agent)) == list(submissions_of(person)) == [submission]
    decided(of, submission, "birth", moment("03-04"))
    follow()
    assert case_of(submission, "hukou").agent == agent
    other = signed(of, agent, person=person, mandate=mandate)
    end_mandate(mandate, by=person, at=MONDAY)
    with pytest.raises(Refused, match="委托没有给您"):
        hand_in_bundle(other, by=agent, at=MONDAY)


def test_an_item_cancelled_between_signature_and_hand_in_sinks_no_other() -> None:
    of = family()
    clerk = of.window("birth")
    reception = signed(of, clerk)
    cancel_item(of.items["allowance"], note="不再办", by=make.TESTS, at=MONDAY)
    submission = hand_in_bundle(reception, by=clerk, at=MONDAY)
    assert [each.item.name for each in cases_of(submission)] == ["出生证签发"]
    gone = submission.parts.get(key="allowance")
    assert gone.dropped_at and gone.reason == "提交的时候，这个事项已经暂停或取消"


def test_a_bundle_changed_while_it_is_filled_in_goes_on_as_it_began() -> None:
    of = family()
    clerk = of.window("birth")
    reception = signed(of, clerk)
    fewer = a_definition(parts=[each.model_dump() for each in a_definition().parts if each.key != "allowance"])
    publish_bundle(fewer, by=make.TESTS, at=MONDAY)
    submission = hand_in_bundle(reception, by=clerk, at=MONDAY)
    assert submission.parts.count() == 4 and submission.version == of.version


def test_a_part_that_waits_for_itself_is_refused() -> None:
    family()
    parts = [each.model_dump() for each in a_definition().parts]
    parts[0]["needs"] = ({"part": "birth"},)
    with pytest.raises(BadInput) as refused:
        publish_bundle(a_definition(parts=parts), by=make.TESTS, at=MONDAY)
    assert "出生证签发" in refused.value.problems[0].message
