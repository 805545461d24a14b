"""一件事 on the portal: one guide page, one form, one checklist, one submission, one progress."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import factories as make
from tests.bundles.family import (
    ANSWERS,
    BORN,
    ID_CARD,
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
from tests.cases.test_handlers import LAN, registered, valid_code
from tests.sites.portal.test_applying import person, photograph

from banshi.bundles.actions import publish_bundle, save_bundle_answers, submit_bundle
from banshi.bundles.models import BundlePart, BundleSubmission
from banshi.bundles.queries import cases_of, reading_of
from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions import agree_to_deferral, name_handler, offer_deferral, withdraw_handler
from banshi.cases.sealing import ANSWERS as OF_CASE
from banshi.cases.sealing import opened
from banshi.catalog.actions import cancel_item
from banshi.catalog.enums import Audience, Necessity
from banshi.catalog.guide.document import Material
from banshi.core.clock import day_of, now
from banshi.events.consuming import follow
from banshi.rulebook.models import CommitmentForm

pytestmark = pytest.mark.django_db
BUDGETS = {"guide": 6, "page": 4, "materials": 5, "check": 9, "progress": 5}


@pytest.fixture
def of() -> Family:
    town = family()
    town.mother = person()
    return town


@pytest.fixture
def mother(of: Family, client: Client) -> Client:
    client.force_login(of.mother, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def begun(mother: Client) -> BundleSubmission:
    mother.post("/bundles/newborn/", {"ask_insured": "交了"})
    return BundleSubmission.objects.latest("id")


def filled(mother: Client) -> BundleSubmission:
    """Page by page, then every paper."""
    submission = begun(mother)
    for step in range(1, 6):
        page = mother.get(f"/bundle/{submission.guid}/{step}/")
        if page.status_code == 200:
            answer = {key: ANSWERS.get(key, "") for key in page.context["asked"].split()}
            mother.post(f"/bundle/{submission.guid}/{step}/", {**answer, "asked": page.context["asked"]})
    submission.refresh_from_db()
    for each in reading_of(submission).materials.asked:
        mother.post(f"/bundle/{submission.guid}/materials/{each.slug}/", {"files": photograph()})
    return submission


def test_a_paper_may_be_promised_instead_and_brought_after_all(of: Family, mother: Client) -> None:
    papers = [ID_CARD, Material(name="签发登记表", commitment_ok=True, basis="示例条例第三条")]
    make.publication(of.items["birth"], a_guide("出生证签发", form_fields=[NAME, BORN], materials=papers), at=LONG_AGO)
    submission = begun(mother)
    paper = next(each for each in reading_of(submission).materials.asked if each.proof == "签发登记表")
    address = f"/bundle/{submission.guid}/materials/"
    CommitmentForm.objects.create(
        item=of.items["birth"],
        material="签发登记表",
        basis_title="示例条例",
        basis_articles="第三条",
        content="新生儿由本人所生",
        way="书面",
        liability="不实的，撤销出生证",
        verification="可以查询分娩记录",
        check_share=20,
        check_days=7,
        check_method="与分娩记录比对",
        check_by="医务科",
        at=LONG_AGO,
    )
    told = mother.get(address).content.decode()
    assert "示例条例第三条" in told
    assert all(each in told for each in ("新生儿由本人所生", "不实的，撤销出生证", "与分娩记录比对，7个工作日内"))
    unread = mother.post(f"{address}{paper.slug}/", {"act": "commit"})
    assert unread.status_code == 422
    assert "请先看完承诺书" in unread.content.decode()
    mother.post(f"{address}{paper.slug}/", {"act": "commit", "read": "1"})
    assert "已承诺" in mother.get(address).content.decode()
    assert mother.get(f"{address}{paper.slug}/file/").status_code == 404
    mother.post(f"{address}{paper.slug}/", {"act": "remove"})
    mother.post(f"{address}{paper.slug}/", {"files": photograph()})
    assert submission.materials.get(replaced_at=None).file is not None


def test_a_paper_given_before_is_offered_again_and_copied(of: Family, mother: Client) -> None:
    sent(mother)
    again = begun(mother)
    address = f"/bundle/{again.guid}/materials/"
    offered = mother.get(address).context["rows"]
    card = next((paper, earlier) for paper, _, _, earlier, *_ in offered if paper.proof == "居民身份证")
    assert [each.name for each in card[1]] == ["居民身份证"]
    mother.post(f"{address}{card[0].slug}/", {"act": "earlier", "material": card[1][0].pk})
    given = again.materials.get(replaced_at=None)
    assert given.file.digest == card[1][0].file.digest
    assert (given.file.pk, given.file.purpose) != (card[1][0].file.pk, "case")
    wrong = mother.post(f"{address}{card[0].slug}/", {"act": "earlier", "material": "999"})
    assert wrong.status_code == 422


def test_what_may_come_later_is_said_and_not_asked_for(of: Family, mother: Client) -> None:
    papers = [ID_CARD, Material(name="签发登记表", necessity=Necessity.LATER)]
    make.publication(of.items["birth"], a_guide("出生证签发", form_fields=[NAME, BORN], materials=papers), at=LONG_AGO)
    submission = filled(mother)
    submission.materials.filter(proof="签发登记表").delete()
    assert "容缺受理" in mother.get(f"/bundle/{submission.guid}/materials/").content.decode()
    mother.post(f"/bundle/{submission.guid}/check/", {"true": "1", "key": str(submission.key)})
    case = case_of(submission, "birth")
    until = calendar_in_force().next_working(day_of(now()) + timedelta(days=2))
    offer_deferral(case, positions=[1], until=until, by=of.window("birth"), at=now())
    assert "签发登记表" in mother.get(f"/my/cases/{case.pk}/").content.decode()
    assert agree_to_deferral(case, by=of.mother, at=now()).state == "received"


def test_a_company_does_it_through_whom_it_has_named(of: Family, client: Client) -> None:
    company, handler = registered("示例水务有限公司", valid_code(), "company"), registered("林小例", LAN)
    for key, text in guides().items():
        make.publication(of.items[key], text.model_copy(update={"audience": [Audience.COMPANY]}), at=LONG_AGO)
    publish_bundle(a_definition(party="company", same=[]), by=make.TESTS, at=now())
    named = name_handler(company, account=handler.username, name="林小例", by=company, at=now())
    client.force_login(handler)
    assert f"替{company}办" in client.get("/bundles/newborn/").content.decode()
    first = client.post("/bundles/newborn/", {"company": company.pk}).headers["Location"]
    submission = BundleSubmission.objects.get()
    assert (submission.owner, submission.agent) == (company, handler)
    assert reading_of(submission).answers["company_name"] == "示例水务有限公司"
    assert client.get(first).status_code == 302
    withdraw_handler(named, by=company, at=now())
    assert client.get(first).status_code == 404
    assert client.post("/bundles/newborn/", {"company": company.pk}).status_code == 403


def for_companies(of: Family, *keys: str) -> None:
    for key in keys:
        both = guides()[key].model_copy(update={"audience": [Audience.PERSON, Audience.COMPANY]})
        make.publication(of.items[key], both, at=LONG_AGO)


def test_a_company_is_asked_its_name_and_code_for_what_companies_apply_for(of: Family, client: Client) -> None:
    for_companies(of, "birth", "allowance")
    company = person("示例水务有限公司", valid_code(), "company")
    client.force_login(company, backend="allauth.account.auth_backends.AuthenticationBackend")
    shown = client.get("/bundles/newborn/").content.decode()
    assert "下面这些只由个人申请" in shown and "本地还没有公布" not in shown
    submission = filled(client)
    reading = reading_of(submission)
    asked = {each.key for each in reading.visible}
    assert {"company_name", "company_code"} <= asked and not asked & {"applicant_name", "applicant_number"}
    assert (reading.answers["company_name"], reading.answers["company_code"]) == (str(company), valid_code())
    acting = {"agent_name": "林小例", "agent_number": LAN, **{key: ANSWERS[key] for key in ("birth__born_on", "phone")}}
    save_bundle_answers(submission, acting, by=company, at=now())
    assert valid_code() in client.get(f"/bundle/{submission.guid}/check/").content.decode()
    client.post(f"/bundle/{submission.guid}/check/", {"true": "1", "key": str(submission.key)})
    cases = list(cases_of(submission))
    assert [each.item.name for each in cases] == ["出生证签发", "生育津贴"]
    told = opened(cases[0].application.answers_sealed, purpose=OF_CASE)
    assert (told["applying_as"], told["company_code"]) == ("为单位办", valid_code())


def test_a_company_is_told_that_persons_apply_and_begins_nothing(of: Family, client: Client) -> None:
    company = person("示例水务有限公司", valid_code(), "company")
    client.force_login(company, backend="allauth.account.auth_backends.AuthenticationBackend")
    shown = client.get("/bundles/newborn/").content.decode()
    assert "这件事由个人办理，您登录的是单位账号" in shown and "开始一起办" not in shown
    refused = client.post("/bundles/newborn/", {"ask_insured": "交了"})
    assert refused.status_code == 409 and "由个人办理" in refused.content.decode()
    assert not BundleSubmission.objects.exists()


def test_what_is_registered_is_filled_in_although_no_part_applies_before_the_questions(
    of: Family, mother: Client, client: Client
) -> None:
    every = [
        {**each.model_dump(), "when": {"question": "insured", "values": ["交了"]}} for each in a_definition().parts
    ]
    publish_bundle(a_definition(parts=every), by=make.TESTS, at=now())
    mother.post("/bundles/newborn/")
    submission = BundleSubmission.objects.get()
    assert not reading_of(submission).members
    save_bundle_answers(submission, {"ask_insured": "交了"}, by=of.mother, at=now())
    assert reading_of(BundleSubmission.objects.get()).answers["applicant_number"] == ANSWERS["applicant_number"]


def test_whom_a_company_has_named_does_for_it_what_persons_do_too(of: Family, client: Client) -> None:
    for_companies(of, "birth", "allowance")
    company, handler = registered("示例水务有限公司", valid_code(), "company"), registered("林小例", LAN)
    name_handler(company, account=handler.username, name="林小例", by=company, at=now())
    client.force_login(handler)
    assert f"替{company}办" in client.get("/bundles/newborn/").content.decode()
    client.post("/bundles/newborn/", {"company": company.pk})
    answers = reading_of(BundleSubmission.objects.get()).answers
    assert answers["company_code"] == valid_code() and answers["agent_name"] == "林小例"


def sent(mother: Client) -> BundleSubmission:
    submission = filled(mother)
    mother.post(f"/bundle/{submission.guid}/check/", {"true": "1", "key": str(submission.key)})
    submission.refresh_from_db()
    return submission


def test_the_guide_page_tells_which_office_gets_what_until_when_and_what_is_spared(of: Family, client: Client) -> None:
    text = client.get("/bundles/newborn/", {"ask_insured": "交了"}).content.decode()
    assert "按您的回答，一起办4项" in text
    assert "等“出生证签发”办好以后自动开始" in text
    assert len(re.findall(r"<th scope=\"row\">\s*居民身份证", text)) == 1
    assert "一项一项办" in text
    assert "全部办好" in text
    assert "按您的回答，一起办3项" in client.get("/bundles/newborn/", {"ask_insured": "没有交"}).content.decode()


def test_begun_without_an_account_it_leads_to_sign_in(of: Family, client: Client) -> None:
    assert client.post("/bundles/newborn/").url == "/accounts/login/?next=/bundles/newborn/"


def test_from_the_guide_to_one_progress_page(of: Family, mother: Client) -> None:
    submission = sent(mother)
    text = mother.get(f"/my/bundles/{submission.pk}/?sent=1").content.decode()
    assert "已经提交，各单位都收到了" in text
    assert "办好以后，系统替您提交给" in text
    assert BundlePart.objects.exclude(application=None).count() == 2


def test_what_is_registered_is_filled_in_and_the_situation_is_kept(of: Family, mother: Client) -> None:
    submission = begun(mother)
    answers = reading_of(submission).answers
    assert answers["ask_insured"] == "交了"
    assert answers["applicant_name"] == "王小美"


def test_what_lacks_leads_to_its_place(of: Family, mother: Client) -> None:
    submission = begun(mother)
    page = mother.post(f"/bundle/{submission.guid}/check/", {"true": "1"})
    assert page.status_code == 422
    assert "请填写“孩子的姓名”" in page.content.decode()
    slug = reading_of(submission).materials.asked[0].slug
    assert f"/bundle/{submission.guid}/materials/#m{slug}" in page.content.decode()


def test_an_item_that_ends_while_one_fills_in_is_told_before_and_after(of: Family, mother: Client) -> None:
    submission = filled(mother)
    cancel_item(of.items["allowance"], note="不再办", by=make.TESTS, at=now())
    check = f"/bundle/{submission.guid}/check/"
    assert "“生育津贴”在您填写期间暂停或取消了，这次不办" in mother.get(check).content.decode()
    mother.post(check, {"true": "1", "key": str(submission.key)})
    assert "提交的时候，这个事项已经暂停或取消" in mother.get(f"/my/bundles/{submission.pk}/").content.decode()


def test_a_refused_part_is_said_plainly_beside_those_that_go_on(of: Family, mother: Client) -> None:
    submission = sent(mother)
    decided(of, submission, "birth", moment("12-01"), granted=False)
    follow()
    text = mother.get(f"/my/bundles/{submission.pk}/").content.decode()
    assert "要先有“出生证签发”的结果，那一项没有办成。其他各项不受影响" in text


def test_while_the_scanner_is_away_the_list_says_so_beside_the_paper(
    of: Family, mother: Client, settings: Any, tmp_path: Any
) -> None:
    settings.CLAMD = f"unix:{tmp_path}/clamd"
    submission = begun(mother)
    slug = reading_of(submission).materials.asked[0].slug
    answer = mother.post(f"/bundle/{submission.guid}/materials/{slug}/", {"files": photograph()})
    said = answer.content.decode()
    assert answer.status_code == 503 and "现在不能检查文件有没有病毒" in said and f'id="m{slug}"' in said


def test_a_stranger_finds_nothing(of: Family, mother: Client) -> None:
    submission = sent(mother)
    stranger = Client()
    stranger.force_login(
        person("李四", "530102199003071238"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    for path in (f"/my/bundles/{submission.pk}/", f"/bundle/{submission.guid}/", f"/bundle/{submission.guid}/check/"):
        assert stranger.get(path).status_code == 404
        assert Client().get(path).status_code == 302


def test_pages_ask_a_known_number_of_questions(of: Family, mother: Client) -> None:
    submission = filled(mother)

    def asked(path: str, **query: Any) -> int:
        mother.get(path, query)
        with CaptureQueriesContext(connection) as queries:
            assert mother.get(path, query).status_code == 200
        return len([each for each in queries.captured_queries if "session" not in each["sql"]])

    counts = {
        "guide": asked("/bundles/newborn/", ask_insured="交了"),
        "page": asked(f"/bundle/{submission.guid}/1/"),
        "materials": asked(f"/bundle/{submission.guid}/materials/"),
        "check": asked(f"/bundle/{submission.guid}/check/"),
    }
    submit_bundle(submission, key=submission.key, by=of.mother, at=now())
    counts["progress"] = asked(f"/my/bundles/{submission.pk}/")
    assert counts == BUDGETS
