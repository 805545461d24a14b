"""收件 pages of a bundle: from plain words to the numbers of every office, as a clerk, an agent and a stranger."""

import base64
from typing import Any

import pytest
from django.test import Client
from tests import factories as make
from tests.bundles.family import ANSWERS, BORN, ID_CARD, MOTHER, Family, a_guide, family
from tests.bundles.family import NAME as NAME_OF_CHILD
from tests.reception.counter import A_PIXEL, NAME, NUMBER, bundle_begun, mandated

from banshi.bundles.queries import reading_of
from banshi.cases.models import Case
from banshi.catalog.guide.document import Material
from banshi.core.clock import now
from banshi.notifications.models import Notification
from banshi.people.models import User
from banshi.reception.models import BundleReception

pytestmark = pytest.mark.django_db
SIGNED = "data:image/png;base64," + base64.b64encode(A_PIXEL).decode()
WHO = {"applicant_name": NAME, "applicant_number": NUMBER}
PERSON = "/counter/reception/bundles/newborn/"


@pytest.fixture
def of() -> Family:
    return family()


@pytest.fixture
def clerk(of: Family) -> User:
    return of.window("birth")


@pytest.fixture
def as_clerk(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def page_of(reception: BundleReception) -> str:
    return f"/counter/reception/bundle/{reception.guid}/"


def form_of(reception: BundleReception, **more: Any) -> dict[str, Any]:
    originals = [each.slug for each in reading_of(reception.submission).materials.asked]
    answered = {**ANSWERS, "original": originals, "signature": SIGNED, "act": "accept"}
    return {"asked": " ".join(ANSWERS), **answered, **more}


def test_from_plain_words_to_a_number_of_each_office(of: Family, as_clerk: Client) -> None:
    found = as_clerk.get("/counter/reception/", {"q": "新生儿"}).content.decode()
    assert PERSON in found
    page = as_clerk.post(PERSON, {"number": MOTHER, "name": "王小美"})
    reception = BundleReception.objects.get()
    shown = as_clerk.get(page.headers["Location"]).content.decode()
    assert 'value="王小美"' in shown and "单位交了生育保险吗" in shown
    handed = as_clerk.post(page_of(reception), form_of(reception))
    assert handed.status_code == 302
    told = as_clerk.get(handed.headers["Location"]).content.decode()
    for case in Case.objects.all():
        assert case.number in told and case.state == "handling"
    assert Case.objects.count() == 2 and "等“出生证签发”办好以后自动开始" in told


def test_what_is_done_together_follows_the_answers_as_they_are_given(of: Family, as_clerk: Client, clerk: User) -> None:
    reception = bundle_begun(of, now(), clerk)
    htmx = {"HX-Request": "true"}
    asked = {"asked": "ask_insured"}
    without = as_clerk.post(page_of(reception), {**asked, "ask_insured": "没有交"}, headers=htmx).content.decode()
    insured = as_clerk.post(page_of(reception), {**asked, "ask_insured": "交了"}, headers=htmx).content.decode()
    assert "一起办的3项" in without and "一起办的4项" in insured and "生育津贴" not in without
    assert insured.count("自动转给") == 1, "a result that two offices get is told once"
    assert "<h1" not in insured


def test_a_receipt_is_printed_once_more_by_its_number(
    of: Family, as_clerk: Client, client: Client, clerk: User
) -> None:
    reception = bundle_begun(of, now(), clerk)
    number = reception.submission.number
    search = {"q": number.lower()}
    assert as_clerk.get("/counter/reception/", search).status_code == 200, "not handed in yet"
    as_clerk.post(page_of(reception), form_of(reception))
    assert as_clerk.get("/counter/reception/", search).headers["Location"] == page_of(reception) + "done/"
    assert as_clerk.get("/counter/reception/", {"q": "Y²"}).status_code == 200
    client.force_login(make.user("window", make.organ(division=make.division("990203", "远方县"))))
    assert client.get("/counter/reception/", search).status_code == 200


def test_what_lacks_is_told_and_nothing_typed_is_lost(of: Family, as_clerk: Client, clerk: User) -> None:
    reception = bundle_begun(of, now(), clerk)
    page = as_clerk.post(page_of(reception), form_of(reception, original=[], phone="12"))
    assert page.status_code == 422 and not Case.objects.exists()
    assert 'value="12"' in as_clerk.get(page_of(reception)).content.decode()
    assert "签发登记表" in as_clerk.get(page_of(reception) + "notice/").content.decode()


def test_papers_of_each_office_are_printed_and_an_account_is_opened_and_told(
    of: Family, as_clerk: Client, clerk: User
) -> None:
    reception = bundle_begun(of, now(), clerk)
    as_clerk.post(page_of(reception), form_of(reception))
    done = as_clerk.get(page_of(reception) + "done/")
    paper = done.context["rows"][0][2][0]
    sent = as_clerk.post(f"{page_of(reception)}papers/{paper.pk}/")
    assert b"".join(sent.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert as_clerk.post(f"{page_of(reception)}papers/999/").status_code == 404
    opened = as_clerk.post(page_of(reception) + "account/", {"username": "小美的号"})
    assert "首次密码" in opened.content.decode()
    assert Notification.objects.get(kind="reception.account_opened").user == reception.person


@pytest.mark.parametrize("page", ["", "done/", "notice/"])
def test_strangers_find_nothing_there(of: Family, client: Client, clerk: User, page: str) -> None:
    reception = bundle_begun(of, now(), clerk)
    client.force_login(make.user("window", make.organ(division=make.division("990203", "远方县"))))
    assert client.get(page_of(reception) + page).status_code == 404
    client.force_login(of.mother)
    assert client.get(page_of(reception) + page).status_code == 404
    assert client.get(PERSON).status_code == 403


def test_a_draft_given_up_is_gone_from_the_list(of: Family, as_clerk: Client, clerk: User) -> None:
    reception = bundle_begun(of, now(), clerk)
    assert page_of(reception) in as_clerk.get("/counter/reception/").content.decode()
    as_clerk.post(page_of(reception) + "discard/")
    assert page_of(reception) not in as_clerk.get("/counter/reception/").content.decode()


def test_an_agent_hands_in_for_whoever_gave_a_mandate(of: Family, client: Client) -> None:
    agent = make.user("agent", next(iter(of.organs.values())), full_name="李帮办")
    mandate = mandated(agent, now().replace(month=12, day=31), now())
    client.force_login(agent)
    page = client.post(PERSON, {"mandate": mandate.pk})
    reception = BundleReception.objects.get()
    assert page.headers["Location"] == page_of(reception)
    handed = client.post(page_of(reception), form_of(reception, act="receive", **WHO))
    assert handed.headers["Location"] == page_of(reception) + "done/"
    assert {(each.applicant, each.agent) for each in Case.objects.all()} == {(mandate.person, agent)}


def test_a_guide_changed_while_the_clerk_fills_in_is_shown_and_handed_in_at_the_second_press(
    of: Family, as_clerk: Client, clerk: User
) -> None:
    reception = bundle_begun(of, now(), clerk)
    papers = [ID_CARD, Material(name="新加的")]
    make.publication(of.items["birth"], a_guide("出生证签发", form_fields=[NAME_OF_CHILD, BORN], materials=papers))
    told = as_clerk.post(page_of(reception), form_of(reception))
    assert "的办事指南在您填写期间改过" in told.content.decode() and "新加的" in told.content.decode()
    assert 'value="王小宝"' in told.content.decode() and not Case.objects.exists()
    assert as_clerk.post(page_of(reception), form_of(reception)).status_code == 302
    assert Case.objects.count() == 2
