"""A company with several people: its account names handlers, sees who did what, and withdraws them at once."""

from typing import Any

import pytest
from django.test import Client

from banshi.cases.actions import (
    Wanted,
    attach_material,
    name_handler,
    pass_to_colleague,
    request_supplement,
    save_answers,
    start_for_company,
    submit,
    withdraw,
    withdraw_handler,
)
from banshi.cases.models import Application, Case
from banshi.cases.queries import applications_of, cases_of
from banshi.cases.sealing import ANSWERS, opened
from banshi.catalog.enums import Audience
from banshi.core.clock import stopped_at
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.core.id_numbers import USCC_ALPHABET, uscc_is_valid
from banshi.notifications.models import Notification
from banshi.people.actions import register_citizen
from banshi.people.models import User
from tests import factories as make
from tests.cases.hall import a_guide, hall, moment

pytestmark = pytest.mark.django_db
MONDAY = moment("03-02")
MEI, LAN = "530102199003071211", "990100198808080025"


def registered(name: str, number: str, kind: str = "person") -> User:
    user = make.user(full_name=name)
    register_citizen(user, kind=kind, name=name, number=number, phone="13800138000", by=user, at=MONDAY)
    return user


@pytest.fixture
def of() -> Any:
    return hall(a_guide(audience=[Audience.COMPANY]))


@pytest.fixture
def company() -> User:
    return registered("示例水务有限公司", valid_code(), "company")


def valid_code() -> str:
    """A code whose check digits are right."""
    return next(code for sign in USCC_ALPHABET if uscc_is_valid(code := f"91530100MA6K1W2X3{sign}"))


@pytest.fixture
def mei(company: User) -> User:
    person = registered("王小美", MEI)
    name_handler(company, account=person.username, name="王小美", by=company, at=MONDAY)
    return person


def handed_in(of: Any, company: User, person: User) -> Case:
    draft = start_for_company(of.item, company, by=person, at=MONDAY)
    draft = save_answers(draft, {"phone": "13800138000"}, by=person, at=MONDAY)
    for position in range(len(of.guide.materials)):
        attach_material(draft, position, None, source="测试", by=person, at=MONDAY)
    return submit(draft, key=draft.key, by=person, at=MONDAY)


def test_a_handler_applies_in_the_companys_name_and_each_act_says_who_it_was(of: Any, company: User, mei: User) -> None:
    case = handed_in(of, company, mei)
    answers = opened(case.application.answers_sealed, purpose=ANSWERS)
    assert answers["company_name"] == "示例水务有限公司"
    assert answers["agent_name"] == "王小美"
    assert (case.applicant, case.agent) == (company, mei)
    assert "王*美" in case.acts.get().by_name
    assert list(cases_of(company)) == list(cases_of(mei)) == [case]
    withdraw(case, words="不办了", by=company, at=MONDAY)
    assert case.acts.get(kind="withdraw").by_name == "申请人"


def test_only_a_company_names_and_only_whom_it_knows(of: Any, company: User) -> None:
    person, other = registered("王小美", MEI), registered("林小例", LAN)
    for account, name in ((person.username, "林小例"), ("nobody", "王小美"), (company.username, "示例水务有限公司")):
        with pytest.raises(BadInput, match="对不上"):
            name_handler(company, account=account, name=name, by=company, at=MONDAY)
    with pytest.raises(Refused):
        name_handler(company, account=person.username, name="王小美", by=person, at=MONDAY)
    with pytest.raises(Conflict, match="只有单位账号"):
        name_handler(other, account=person.username, name="王小美", by=other, at=MONDAY)
    with pytest.raises(Refused, match="没有被这家单位指定"):
        start_for_company(of.item, company, by=person, at=MONDAY)
    assert not Application.objects.exists()


def test_who_is_withdrawn_sees_and_does_nothing_more_and_the_company_has_it_all(
    of: Any, company: User, mei: User
) -> None:
    case, draft = handed_in(of, company, mei), start_for_company(of.item, company, by=mei, at=MONDAY)
    withdraw_handler(company.handlers.get(), by=company, at=MONDAY)
    with pytest.raises(Conflict, match="已经收回"):
        withdraw_handler(company.handlers.get(), by=company, at=MONDAY)
    assert not cases_of(mei).exists() and not applications_of(mei).exists()
    with pytest.raises(Refused):
        save_answers(draft, {"phone": "13900139000"}, by=mei, at=MONDAY)
    with pytest.raises(Refused):
        withdraw(case, words="x", by=mei, at=MONDAY)
    assert list(cases_of(company)) == [case]
    assert "王*美" in case.acts.get(kind="receive").by_name, "what was done stays said"


def test_a_colleague_who_may_follow_sees_all_and_acts_on_none(of: Any, company: User, mei: User) -> None:
    case, lan = handed_in(of, company, mei), registered("林小例", LAN)
    name_handler(company, account=lan.username, name="林小例", by=company, at=MONDAY)
    assert not cases_of(lan).exists()
    withdraw_handler(company.handlers.get(handler=lan), by=company, at=MONDAY)
    name_handler(company, account=lan.username, name="林小例", follows=True, by=company, at=MONDAY)
    assert list(cases_of(lan)) == [case]
    with pytest.raises(Refused):
        withdraw(case, words="x", by=lan, at=MONDAY)


def test_by_the_pages(of: Any, company: User) -> None:
    person = registered("王小美", MEI)
    owner, agent = Client(), Client()
    for browser, who in ((owner, company), (agent, person)):
        browser.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert agent.get("/my/handlers/").status_code == 404
    wrong = owner.post("/my/handlers/", {"account": person.username, "name": "王小丽"})
    assert wrong.status_code == 422 and "账号名和姓名对不上" in wrong.content.decode()
    assert "王小丽" in wrong.content.decode(), "what was typed is there"
    assert "替示例水务" not in agent.get(f"/items/{of.item.guid}/apply/").content.decode()
    owner.post("/my/handlers/", {"account": person.username, "name": "王小美"})
    assert "替示例水务有限公司办" in agent.get(f"/items/{of.item.guid}/apply/").content.decode()
    assert agent.post(f"/items/{of.item.guid}/apply/", {"company": company.pk}).status_code == 302
    assert Application.objects.get().agent == person
    assert "王*美" in owner.get("/my/handlers/").content.decode()
    owner.post("/my/handlers/", {"withdraw": company.handlers.get().pk})
    assert Application.objects.get().agent is None
    assert agent.post(f"/items/{of.item.guid}/apply/", {"company": company.pk}).status_code == 403


def test_what_one_began_another_sends_and_whoever_leaves_takes_nothing(of: Any, company: User, mei: User) -> None:
    lan = registered("林小例", LAN)
    draft = start_for_company(of.item, company, by=mei, at=MONDAY)
    with pytest.raises(BadInput, match="没有这位经办人"):
        pass_to_colleague(draft, to=lan, by=mei, at=MONDAY)
    name_handler(company, account=lan.username, name="林小例", by=company, at=MONDAY)
    with pytest.raises(Refused):
        pass_to_colleague(draft, to=lan, by=lan, at=MONDAY)
    save_answers(draft, {"phone": "13800138000"}, by=mei, at=MONDAY)
    with stopped_at(MONDAY):
        browser, page = entered(mei), f"/apply/{draft.guid}/colleague/"
        assert "交给同事办" in browser.get("/my/cases/").content.decode()
        assert "林*例" in browser.get(page).content.decode()
        browser.post(page, {"to": company.handlers.get(handler=lan).pk})
        assert "没有这份申请" in browser.get(page).content.decode()
        assert "替示例水务有限公司办，" in entered(lan).get("/my/cases/").content.decode()
    for position in range(len(of.guide.materials)):
        attach_material(draft, position, None, source="测试", by=lan, at=MONDAY)
    case = submit(draft, key=draft.key, by=lan, at=MONDAY)
    answers = opened(case.application.answers_sealed, purpose=ANSWERS)
    assert (answers["agent_name"], answers["phone"]) == ("林小例", "13800138000")
    withdraw_handler(company.handlers.get(handler=lan), by=company, at=MONDAY)
    pass_to_colleague(case.application, to=mei, by=company, at=MONDAY)
    assert list(cases_of(mei)) == [case] and not cases_of(lan).exists()
    assert "现在由您接着办" in Notification.objects.get(user=mei).body
    withdraw(Case.objects.get(), words="不办了", by=mei, at=MONDAY)
    with pytest.raises(Conflict, match="已经放弃或者结束"):
        pass_to_colleague(case.application, to=mei, by=company, at=MONDAY)


def test_who_only_follows_is_offered_nothing_that_would_be_refused(of: Any, company: User, mei: User) -> None:
    case, lan = handed_in(of, company, mei), registered("林小例", LAN)
    name_handler(company, account=lan.username, name="林小例", follows=True, by=company, at=MONDAY)
    request_supplement(case, wanted=[Wanted("看不清", 0)], by=of.window, at=MONDAY)
    offered = ("都补齐了，提交", "不办了，撤回申请", "相册或文件")
    for who, may in ((mei, True), (company, True), (lan, False)):
        page = entered(who).get(f"/my/cases/{case.pk}/").content.decode()
        assert [each in page for each in offered] == [may] * 3
        assert ("这件事由王*美办，您可以看" in page) is not may


def entered(who: User) -> Client:
    browser = Client()
    browser.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser
