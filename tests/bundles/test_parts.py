"""One submission, parallel cases, and dependent ones that the result of another opens."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banshi.bundles.actions import commit_once, go_on_with_parts, publish_bundle, show_present, submit_bundle
from banshi.bundles.actions.applying import unready
from banshi.bundles.deadline import bundle_deadline
from banshi.bundles.models import BundleMaterial, BundleSubmission, BundleVersion
from banshi.bundles.queries import cases_of, progress_of, reading_of, stranded_submissions
from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions import discard_expired, withdraw
from banshi.cases.models import Application, Case, CaseMaterial, CreditEntry, Promise
from banshi.cases.sealing import ANSWERS as OF_CASE
from banshi.cases.sealing import opened
from banshi.catalog.actions import cancel_item
from banshi.catalog.guide.document import DeclaredField, Material, TimeLimit
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.events.consuming import follow
from banshi.ledger import System
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from tests import factories as make
from tests.bundles.family import (
    ANSWERS,
    BORN,
    ID_CARD,
    MONDAY,
    NAME,
    Family,
    a_definition,
    a_guide,
    case_of,
    decided,
    family,
    filled,
    part,
)
from tests.cases.hall import LONG_AGO, moment

pytestmark = pytest.mark.django_db


def sent(of: Family, **answers: str) -> BundleSubmission:
    draft = filled(of, **answers)
    return submit_bundle(draft, key=draft.key, by=of.mother, at=MONDAY)


def test_one_submission_opens_what_waits_for_nothing_side_by_side() -> None:
    submission = sent(family())
    assert [case.item.name for case in cases_of(submission)] == ["出生证签发", "生育津贴"]
    assert [each.part.key for each in progress_of(submission, at=MONDAY).parts if each.part.is_waiting] == [
        "hukou",
        "insurance",
    ]
    assert LedgerEntry.objects.filter(action="bundles.submit_bundle").count() == 1


def test_a_submission_costs_a_known_number_of_statements() -> None:
    of = family()
    first, draft = filled(of), filled(of)
    submit_bundle(first, key=first.key, by=of.mother, at=MONDAY)  # after which the guides are read
    with CaptureQueriesContext(connection) as asked:
        submission = submit_bundle(draft, key=draft.key, by=of.mother, at=MONDAY)
    opened = submission.parts.exclude(opened_at=None).count()
    written = [each["sql"].split()[2].strip('"') for each in asked if each["sql"].startswith("INSERT")]
    assert (opened, len(asked)) == (2, 65)
    assert written.count("ledger_ledgerentry") == written.count("events_event") == 1


def test_what_was_filled_in_once_reaches_every_office_under_its_own_name() -> None:
    submission = sent(family())
    answers = opened(case_of(submission, "birth").application.answers_sealed, purpose=OF_CASE)
    assert answers["newborn_name"] == "王小宝"
    assert answers["applying_as"] == "为自己办"
    assert "employer" not in answers
    assert (
        opened(case_of(submission, "allowance").application.answers_sealed, purpose=OF_CASE)["employer"] == "示例纺织厂"
    )
    handed = CaseMaterial.objects.filter(application__bundle_part__submission=submission).order_by("id")
    assert [each.name for each in handed] == ["居民身份证", "签发登记表", "社会保障卡或身份证"]
    assert len({each.file_id for each in handed if "身份证" in each.name}) == 1


def test_sent_twice_it_is_one_submission() -> None:
    of = family()
    submission = sent(of)
    assert submit_bundle(submission, key=submission.key, by=of.mother, at=MONDAY) == submission
    assert submit_bundle(filled(of), key=submission.key, by=of.mother, at=MONDAY) == submission
    assert Case.objects.count() == 2


def test_a_result_opens_what_waits_for_it_with_the_result_as_its_material() -> None:
    of = family()
    submission = sent(of)
    case = decided(of, submission, "birth", moment("03-04"))
    follow()
    opened_case = case_of(submission, "hukou")
    assert opened_case.application.owner == of.mother
    first = opened_case.application.materials.get(position=0)
    assert first.source.startswith(f"办件{case.number}的结果")
    assert opened(opened_case.application.answers_sealed, purpose=OF_CASE)["newborn_name"] == "王小宝"
    assert part(submission, "insurance").is_waiting
    assert Notification.objects.filter(user=of.mother, kind="bundles.part_opened").count() == 1


def test_however_often_it_is_followed_a_part_is_opened_once() -> None:
    of = family()
    submission = sent(of)
    decided(of, submission, "birth", moment("03-04"))
    for _ in range(3):
        follow()
        go_on_with_parts(submission.pk, by=System("bundles"), at=moment("03-04"))
    assert Application.objects.filter(publication__item=of.items["hukou"]).count() == 1


def test_when_the_last_part_is_open_the_bundle_keeps_nothing_personal_of_its_own() -> None:
    of = family()
    submission = sent(of)
    for key in ("birth", "hukou"):
        decided(of, submission, key, moment("03-04"))
        follow()
    submission.refresh_from_db()
    assert cases_of(submission).count() == 4
    assert bytes(submission.answers_sealed) == b""
    assert not BundleMaterial.objects.exists()


def test_one_part_refused_does_not_sink_the_others_and_is_said() -> None:
    of = family()
    submission = sent(of)
    decided(of, submission, "birth", moment("03-04"), granted=False)
    follow()
    assert part(submission, "hukou").reason == "要先有“出生证签发”的结果，那一项没有办成"
    assert part(submission, "insurance").reason == "要先有“出生登记”的结果，那一项没有办成"
    assert case_of(submission, "allowance").state == "received"
    told = Notification.objects.filter(user=of.mother, kind="bundles.part_dropped")
    assert told.count() == 2
    assert "其他各项照常办理" in told[0].body


def test_a_part_withdrawn_ends_what_waited_for_it() -> None:
    of = family()
    submission = sent(of)
    withdraw(case_of(submission, "birth"), words="不办了", by=of.mother, at=moment("03-03"))
    follow()
    assert not part(submission, "hukou").is_waiting


def test_an_item_cancelled_meanwhile_is_left_out_and_said() -> None:
    of = family()
    draft = filled(of)
    cancel_item(of.items["allowance"], note="不再办", by=make.TESTS, at=MONDAY)
    submission = submit_bundle(draft, key=draft.key, by=of.mother, at=MONDAY)
    assert [case.item.name for case in cases_of(submission)] == ["出生证签发"]
    assert part(submission, "allowance").reason == "提交的时候，这个事项已经暂停或取消"


def test_an_item_cancelled_while_it_waits_is_said_and_the_next_ones_too() -> None:
    of = family()
    submission = sent(of)
    cancel_item(of.items["hukou"], note="不再办", by=make.TESTS, at=MONDAY)
    decided(of, submission, "birth", moment("03-04"))
    follow()
    assert part(submission, "hukou").reason == "轮到它的时候，这个事项已经暂停或取消"
    assert part(submission, "insurance").dropped_at


def test_an_item_changed_meanwhile_is_shown_first() -> None:
    of = family()
    draft = filled(of)
    make.publication(of.items["birth"], a_guide("出生证签发"), at=MONDAY)
    with pytest.raises(Conflict, match="“出生证签发”的办事指南在您填写期间改过"):
        submit_bundle(draft, key=draft.key, by=of.mother, at=MONDAY)
    assert not Case.objects.exists()


def test_a_waiting_part_whose_form_grew_is_left_to_its_owner() -> None:
    of = family()
    submission = sent(of)
    new = a_guide("出生登记", form_fields=[DeclaredField(label="民族", key="nation")], materials=[])
    make.publication(of.items["hukou"], new, at=MONDAY)
    decided(of, submission, "birth", moment("03-04"))
    follow()
    waiting = next(each for each in progress_of(submission, at=MONDAY).parts if each.part.key == "hukou")
    assert waiting.owes_draft
    assert Notification.objects.filter(user=of.mother, kind="bundles.part_needs_owner").count() == 1


def with_the_allowance_first() -> Family:
    """The allowance, which not everybody applies for, is the first to ask when the child was born."""
    parts = {each.key: each.model_dump() for each in a_definition().parts}
    definition = a_definition(parts=[parts["allowance"], parts["birth"], parts["hukou"], parts["insurance"]])
    return family(definition)


def test_a_question_first_asked_by_a_part_that_does_not_apply_reaches_the_others() -> None:
    of = with_the_allowance_first()
    draft = filled(of, ask_insured="没有交", birth__born_on=None, allowance__born_on="2026-02-20")
    submission = submit_bundle(draft, key=draft.key, by=of.mother, at=MONDAY)
    assert answers_of(submission, "birth")["born_on"] == "2026-02-20"
    decided(of, submission, "birth", moment("03-04"))
    follow()
    assert answers_of(submission, "hukou")["born_on"] == "2026-02-20"


def test_what_was_answered_stays_when_the_item_that_asked_first_is_cancelled() -> None:
    of = with_the_allowance_first()
    draft = filled(of, birth__born_on=None, allowance__born_on="2026-02-20")
    cancel_item(of.items["allowance"], note="不再办", by=make.TESTS, at=MONDAY)
    assert not [each.message for each in unready(draft, reading_of(draft))]
    submission = submit_bundle(draft, key=draft.key, by=of.mother, at=MONDAY)
    assert answers_of(submission, "birth")["born_on"] == "2026-02-20"


def test_a_part_goes_on_with_answers_and_result_of_an_item_cancelled_since() -> None:
    of = family()
    paper = Material(name="出生医学证明")
    make.publication(of.items["hukou"], a_guide("出生登记", form_fields=[NAME, BORN], materials=[paper]), at=LONG_AGO)
    submission = sent(of)
    decided(of, submission, "birth", moment("03-04"))
    cancel_item(of.items["birth"], note="并入别的事项", by=make.TESTS, at=moment("03-04"))
    follow()
    assert answers_of(submission, "hukou")["newborn_name"] == "王小宝"
    given = CaseMaterial.objects.get(application__case=case_of(submission, "hukou"))
    assert (given.name, given.trust) == ("出生医学证明", "A")


def answers_of(submission: BundleSubmission, key: str) -> dict[str, str]:
    found: dict[str, str] = opened(case_of(submission, key).application.answers_sealed, purpose=OF_CASE)
    return found


def with_commitment() -> Family:
    """The form of the birth may be promised, the identity card may not."""
    of = family()
    papers = [ID_CARD, Material(name="签发登记表", commitment_ok=True)]
    make.publication(of.items["birth"], a_guide("出生证签发", form_fields=[NAME, BORN], materials=papers), at=LONG_AGO)
    return of


def test_a_commitment_stands_for_the_paper_in_every_part_that_asks_for_it() -> None:
    of = with_commitment()
    draft = filled(of)
    commit_once(draft, "签发登记表", by=of.mother, at=MONDAY)
    submit_bundle(draft, key=draft.key, by=of.mother, at=MONDAY)
    promise = Promise.objects.get()
    assert (promise.application.bundle_part.key, promise.name) == ("birth", "签发登记表")  # type: ignore[attr-defined]
    assert not CaseMaterial.objects.filter(name="签发登记表").exists()


def test_what_the_law_wants_brought_is_not_promised_nor_by_one_with_bad_credit() -> None:
    of = with_commitment()
    draft = filled(of)
    with pytest.raises(BadInput, match="不能用承诺代替"):
        commit_once(draft, "身份证", by=of.mother, at=MONDAY)
    CreditEntry.objects.create(user=of.mother, ground="承诺不实", entered_at=MONDAY)
    with pytest.raises(Refused, match="失信记录"):
        commit_once(draft, "签发登记表", by=of.mother, at=MONDAY)


def test_a_commitment_no_longer_allowed_is_asked_for_as_the_paper_itself() -> None:
    of = with_commitment()
    draft = filled(of)
    commit_once(draft, "签发登记表", by=of.mother, at=MONDAY)
    papers = [ID_CARD, Material(name="签发登记表")]
    make.publication(of.items["birth"], a_guide("出生证签发", form_fields=[NAME, BORN], materials=papers), at=LONG_AGO)
    show_present(draft, by=of.mother, at=MONDAY)
    with pytest.raises(BadInput) as refused:
        submit_bundle(draft, key=draft.key, by=of.mother, at=MONDAY)
    slug = next(each.slug for each in reading_of(draft).materials.asked if each.proof == "签发登记表")
    assert [each.field for each in refused.value.problems] == [f"materials.{slug}"]
    assert "不能再用承诺代替" in refused.value.problems[0].message


def test_a_draft_left_to_its_owner_that_expires_ends_what_waited_for_it() -> None:
    of = family()
    submission = sent(of)
    new = a_guide("出生登记", form_fields=[DeclaredField(label="民族", key="nation")], materials=[])
    make.publication(of.items["hukou"], new, at=MONDAY)
    decided(of, submission, "birth", moment("03-04"))
    follow()
    night = moment("05-30")
    assert list(stranded_submissions()) == []
    discard_expired(by=System("clocks"), at=night)
    assert list(stranded_submissions()) == [submission]
    go_on_with_parts(submission.pk, by=System("clocks"), at=night)
    assert part(submission, "insurance").reason == "要先有“出生登记”的结果，那一项您没有提交，草稿已经删除"
    told = next(each for each in progress_of(submission, at=night).parts if each.part.key == "hukou")
    assert told.part.given_up
    assert not told.owes_draft
    assert list(stranded_submissions()) == []


def test_a_code_that_is_a_page_of_the_builder_is_refused() -> None:
    family()
    with pytest.raises(BadInput) as refused:
        publish_bundle(a_definition(code="load"), by=make.TESTS, at=MONDAY)
    assert refused.value.problems[0].message == "代号“load”系统自己要用"


def test_of_two_who_publish_one_code_at_once_the_second_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    of = family()
    nothing = BundleVersion.objects.none()
    monkeypatch.setattr(BundleVersion.objects, "select_for_update", lambda: nothing)
    with pytest.raises(Conflict, match="别人刚刚公布了"):
        publish_bundle(a_definition(summary="别的"), by=make.TESTS, at=MONDAY)
    assert BundleVersion.objects.get() == of.version


def test_what_lacks_is_named() -> None:
    of = family()
    draft = filled(of, birth__newborn_name="")
    BundleMaterial.objects.filter(proof="签发登记表").delete()
    with pytest.raises(BadInput) as refused:
        submit_bundle(draft, key=draft.key, by=of.mother, at=MONDAY)
    assert [each.message for each in refused.value.problems] == ["请填写“孩子的姓名”", "还没有交“签发登记表”"]


def test_parts_that_wait_for_one_another_are_refused_with_the_circle() -> None:
    family()
    parts = [each.model_dump() for each in a_definition().parts]
    parts[0]["needs"] = ({"part": "insurance"},)
    with pytest.raises(BadInput) as refused:
        publish_bundle(a_definition(parts=parts), by=make.TESTS, at=MONDAY)
    assert refused.value.problems[0].message == "互相等待，谁也开始不了：出生证签发 → 医保参保 → 出生登记 → 出生证签发"


def test_the_answers_decide_what_applies() -> None:
    submission = sent(family(), ask_insured="没有交", allowance__employer="")
    assert [case.item.name for case in cases_of(submission)] == ["出生证签发"]
    assert ANSWERS["ask_insured"] == "交了"


def test_the_last_day_is_the_end_of_the_longest_path() -> None:
    told = progress_of(sent(family()), at=MONDAY).deadline
    assert [each.member.key for each in told.path] == ["birth", "hukou", "insurance"]
    assert str(told.last) == "2026-04-14"
    assert told.path[0].why == "“出生证签发”2026年3月2日开始，5个工作日内受理，受理后5个工作日，最晚2026年3月16日。"


def test_what_is_done_on_the_spot_is_accepted_first() -> None:
    [birth, *_] = progress_of(sent(family()), at=MONDAY).deadline.path
    at_once = birth.member.guide.model_copy(update={"promised_limit": TimeLimit(value=0)})
    member = replace(birth.member, text=replace(birth.member.text, guide=at_once))
    calendar = calendar_in_force()
    told = bundle_deadline(a_definition(), [member], on=MONDAY.date(), calendar=calendar)
    assert told.path[0].why == "“出生证签发”2026年3月2日开始，5个工作日内受理，受理后当场办结，最晚2026年3月9日。"
