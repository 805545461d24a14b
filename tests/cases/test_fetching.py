"""免交的材料: the register is asked on receipt, once; the person is asked only for what it did not give."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from banshi.cases.actions import (
    Wanted,
    delete_due_contents,
    export_own_data,
    fetch_shared,
    request_supplement,
    withdraw,
)
from banshi.cases.models import Case, FetchedMaterial
from banshi.cases.queries import askable_shared
from banshi.cases.retention import deletion_plan
from banshi.cases.tasks import fetch_materials
from banshi.catalog.guide.document import DeclaredField, Material
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.exchange.actions import connect_system
from banshi.exchange.models import CallRecord
from banshi.ledger import System
from banshi.ledger.models import LedgerEntry
from tests import factories as make
from tests.cases.hall import a_guide, moment, submitted
from tests.exchange.office import PEOPLE, Office, granted, office, register
from tests.sites.workbench.test_sharing import as_

pytestmark = pytest.mark.django_db
AT = moment("03-03")
BOOK = Material(name="户口簿", shared=True, shared_from="示例市公安局户籍人口登记信息")
ELSEWHERE = Material(name="学历证书", shared=True, shared_from="教育部门的学历信息")
JOB = System("exchange")


@pytest.fixture
def of(tmp_path: Path) -> Office:
    made = office(tmp_path)
    guide = a_guide("入学", materials=[Material(name="申请书"), BOOK, ELSEWHERE])
    made.of.publication = make.publication(make.item(made.of.bureau, guide), at=moment("01-05"))
    return made


@pytest.fixture
def case(of: Office) -> Case:
    return submitted(of.of, moment("03-02"), positions=[0])


def fetched(case: Case, **more: Any) -> FetchedMaterial:
    fetch_shared(case, by=more.pop("by", JOB), at=AT, **more)
    return FetchedMaterial.objects.get()


def test_receipt_enqueues_the_job_which_asks_once(of: Office, case: Case) -> None:
    granted(of, moment("03-02"))
    assert DBTaskResult.objects.filter(task_path__endswith="fetch_materials").count() == 1
    fetch_materials.func(case.pk, AT.isoformat())
    fetch_materials.func(case.pk, AT.isoformat())
    row = FetchedMaterial.objects.get()
    assert (row.name, row.outcome, row.call_id) == ("户口簿", "match", 1)
    call = CallRecord.objects.get()
    assert (call.clerk, call.purpose_number, call.fields, call.person_role) == (
        JOB.ledger_id,
        case.number,
        ["name"],
        "申请人",
    )
    assert LedgerEntry.objects.filter(action="cases.fetch_shared").count() == 1


def test_a_job_killed_before_the_answer_asks_when_it_is_run_again(of: Office, case: Case) -> None:
    granted(of, moment("03-02"))
    FetchedMaterial.objects.create(case=case, position=1, name="户口簿", resource=of.resource, asked_at=AT)
    assert fetched(case).outcome == "match"


def test_of_two_who_ask_at_once_the_one_it_agreed_for_stands(
    of: Office, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*_: Any, **__: Any) -> None:
        FetchedMaterial.objects.update(outcome="match", said="核验一致")
        raise Conflict("今天的次数用完了")

    granted(of, moment("03-02"))
    monkeypatch.setattr("banshi.cases.actions.fetching.verify", meanwhile)
    assert fetched(case).outcome == "match"


def test_a_case_without_such_materials_asks_nobody(of: Office) -> None:
    of.of.publication = make.publication(make.item(of.of.bureau, a_guide("排污")), at=moment("01-05"))
    fetch_shared(submitted(of.of, moment("03-02")), by=JOB, at=AT)
    assert not DBTaskResult.objects.filter(task_path__endswith="fetch_materials").exists()
    assert not FetchedMaterial.objects.exists()


def test_what_agrees_may_not_be_asked_of_anybody(of: Office, case: Case) -> None:
    granted(of, moment("03-02"))
    assert "一致，不用申请人交" in fetched(case).said and askable_shared(case) == set()
    with pytest.raises(BadInput, match="由数据共享取得"):
        request_supplement(case, wanted=[Wanted("交来", 1)], by=of.of.window, at=AT)


def test_it_says_what_was_compared_and_what_the_form_had_nothing_for(of: Office, case: Case) -> None:
    granted(of, moment("03-02"))
    assert fetched(case).said == "按证件号码核对了姓名，一致，不用申请人交；户籍地址申请表里没有，没有核对"


def test_it_says_what_differs(of: Office) -> None:
    question = DeclaredField(key="home", label="户籍地址")
    guide = a_guide("入学", materials=[Material(name="申请书"), BOOK], form_fields=[question])
    of.of.publication = make.publication(make.item(of.of.bureau, guide), at=moment("01-05"))
    granted(of, moment("03-02"))
    row = fetched(submitted(of.of, moment("03-02"), positions=[0], home="别处1号"))
    assert row.said == "按证件号码核对了姓名、户籍地址，户籍地址和登记的不一致，请同申请人核实"


def test_a_grant_that_gives_data_leaves_an_electronic_record_which_the_clerk_and_the_person_see(
    of: Office, case: Case
) -> None:
    """Verified first, taken then: two calls, both shown to the person; what the record says is sealed and masked as granted."""
    granted(of, moment("03-02"), verify_only=False, unmasked=("address",))
    row = fetched(case)
    address = PEOPLE[0][3]
    assert (row.outcome, row.said) == (
        "match",
        "按证件号码核对了姓名，一致，不用申请人交；户籍地址申请表里没有，没有核对；取得了记录（姓名、公民身份号码、户籍地址）",
    )
    assert address.encode() not in bytes(row.record_sealed) and address not in row.said
    assert [(each.kind, each.fields) for each in CallRecord.objects.order_by("number")] == [
        ("verify", ["name"]),
        ("look_up", ["name", "number", "address"]),
    ]
    clerk = as_(of.of.window)
    assert address not in clerk.get(f"/work/cases/{case.pk}/").content.decode()
    assert address in clerk.post(f"/work/cases/{case.pk}/applicant/").content.decode()
    assert LedgerEntry.objects.filter(action="cases.look").count() == 1
    assert as_(make.user("handler", make.organ())).post(f"/work/cases/{case.pk}/applicant/").status_code == 404
    page = as_(case.applicant).get("/my/looks/").content.decode()
    assert "取用“户籍人口登记信息”" in page and "核验“户籍人口登记信息”" in page
    told = export_own_data(case.applicant, by=case.applicant, at=AT)
    assert address in str(told)
    assert askable_shared(case) == set()
    withdraw(case, words="不办了", by=case.applicant, at=AT)
    later = AT + timedelta(days=1096)
    [due] = [each for each in deletion_plan(at=later) if each.count]
    delete_due_contents("not_handled", shown=due.shown, by=make.TESTS, at=later)
    assert not FetchedMaterial.objects.exclude(record_sealed=b"").exists()


def test_data_without_anything_to_compare_are_taken_alone(of: Office, case: Case) -> None:
    granted(of, moment("03-02"), fields=("address",), verify_only=False)
    row = fetched(case)
    assert (row.outcome, row.said) == ("answered", "取得了记录（户籍地址）") and askable_shared(case) == set()
    assert fetch_shared(case, again=True, by=of.of.handler, at=AT) == []


def test_where_something_differs_no_data_are_taken(of: Office, case: Case, tmp_path: Path) -> None:
    granted(of, moment("03-02"), verify_only=False)
    register(f"sqlite:///{tmp_path / 'police.sqlite3'}", [("别人", *PEOPLE[0][1:])])
    row = fetched(case)
    assert (row.outcome, bytes(row.record_sealed)) == ("mismatch", b"") and CallRecord.objects.count() == 1
    assert askable_shared(case) == {1}


def test_the_person_is_told_that_the_software_looked_and_who_answers_by_when(
    of: Office, case: Case, tmp_path: Path, settings: Settings
) -> None:
    """Days come from the policy of the city, on the page of the person and on that of the owner."""
    policy = (
        Path(settings.EXCHANGE_POLICY)
        .read_text(encoding="utf-8")
        .replace("[correction]           # 第二十六条\ndays = 10", "[correction]\ndays = 7")
    )
    (tmp_path / "policy.toml").write_text(policy, encoding="utf-8")
    settings.EXCHANGE_POLICY = tmp_path / "policy.toml"
    granted(of, moment("03-02"))
    fetched(case)
    page = as_(case.applicant).get("/my/looks/").content.decode()
    assert "系统自动核对，没有经过人" in page and "系统（" not in page
    assert "7个工作日" in as_(case.applicant).get("/my/looks/1/dispute/").content.decode()
    owners = as_(of.steward).get("/work/data/corrections/").content.decode()
    assert "7个工作日" in owners and "10个工作日" not in owners
    assert not CallRecord(clerk="user:1").by_software


def test_what_failed_is_said_and_the_person_may_then_be_asked(of: Office, case: Case) -> None:
    granted(of, moment("03-02"))
    away = {"code": "police", "name": "公安人口库", "by": make.TESTS, "at": AT}
    connect_system(of.police, address="sqlite:////nowhere/at/all.sqlite3", **away)
    row = fetched(case)
    assert row.outcome == "failed" and "没有问到公安局" in row.said
    assert askable_shared(case) == {1}
    with pytest.raises(BadInput, match="学历证书"):
        request_supplement(case, wanted=[Wanted("交来", 2)], by=of.of.window, at=AT)
    assert request_supplement(case, wanted=[Wanted("拍照上传", 1)], by=of.of.window, at=AT).state == "supplementing"
    client = Client()
    client.force_login(case.applicant, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "相册或文件</span>" in client.get(reverse("portal:my-case", args=[case.pk])).content.decode()


def test_without_a_grant_nothing_is_asked_and_that_is_said(of: Office, case: Case) -> None:
    assert "还没有取得" in fetched(case).said and not CallRecord.objects.exists()


def test_a_clerk_who_has_it_in_hand_asks_again_until_it_agrees(of: Office, case: Case) -> None:
    fetched(case)
    granted(of, moment("03-02"))
    with pytest.raises(Refused):
        fetched(case, again=True, by=make.user("handler", make.organ()))
    assert fetched(case).outcome == "refused", "not again by itself"
    assert fetched(case, again=True, by=of.of.handler).outcome == "match"
    assert fetch_shared(case, again=True, by=of.of.handler, at=AT) == []
