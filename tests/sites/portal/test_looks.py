"""谁看过我的信息: both books in one list, newest first."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import factories as make
from tests.cases.hall import moment
from tests.exchange.office import Office, case_in_hand, granted, office
from tests.exchange.test_verification import asked
from tests.uploads.pictures import photo

from banshi.cases.actions import look_at_applicant, look_at_material, look_at_paper
from banshi.cases.actions.applying import PURPOSE
from banshi.cases.models import Case, CaseMaterial
from banshi.core.errors import Refused
from banshi.exchange.actions import dispute_call, look_at_correction
from banshi.exchange.models import CallRecord
from banshi.files import keep
from banshi.ledger import record
from banshi.papers.queries import papers_about
from banshi.people.actions import register_citizen

pytestmark = pytest.mark.django_db
MONDAY = moment("03-02")
BUDGET = 14
"""Questions for a page, however many looks are on it."""


@pytest.fixture
def of(tmp_path: Path) -> Office:
    return office(tmp_path)


@pytest.fixture
def case(of: Office) -> Case:
    return case_in_hand(of, MONDAY)


def entered(of: Office) -> Client:
    client = Client()
    client.force_login(of.of.citizen, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def read(of: Office, query: str = "") -> str:
    return entered(of).get(f"/my/looks/{query}").content.decode()


def headings(page: str) -> list[str]:
    return ["".join(each.split()) for each in re.findall(r'<h2 class="h5">(.*?)</h2>', page, re.DOTALL)]


def test_looks_of_both_books_stand_in_one_list_newest_first(of: Office, case: Case) -> None:
    bureau, window = of.of.bureau.name, of.of.window
    paper = papers_about(case.number)[0]
    look_at_applicant(case, by=window, at=moment("03-02", 10))
    asked(of, granted(of, MONDAY), case)  # 03-02 at 9 and more, see AT there
    look_at_paper(case, paper, by=window, at=moment("03-09", 11))
    told = {"kind": "person", "name": "林小例", "number": "530102199003071211", "phone": "13800000000"}
    identity = register_citizen(of.of.citizen, **told, by=of.of.citizen, at=MONDAY)
    facts = {"field": "phone", "reason": "窗口核对"}
    for who in (window, of.of.citizen):
        record("people.look_at_identity", identity, by=who, at=moment("03-09", 12), facts=facts)
    page = read(of)
    assert headings(page)[0] == f"{bureau}看了登记的手机号码"
    assert headings(page)[1] == f"{bureau}看了文书{paper.number}"
    assert "核验" in headings(page)[2]
    assert headings(page)[3:] == [f"{bureau}看了身份信息和填写的内容"]
    assert "窗口核对" in page and "郑窗口" in page and f"{case.item.name}（{case.number}）" in page


def test_a_material_is_named(of: Office, case: Case) -> None:
    file = keep(photo(), name="a.jpg", purpose=PURPOSE, organ=of.of.bureau, by=of.of.citizen, at=MONDAY)
    CaseMaterial.objects.filter(application=case.application, position=0).update(file=file)
    [material] = case.application.materials.filter(position=0)
    look_at_material(case, material, by=of.of.handler, at=MONDAY)
    assert headings(read(of)) == [f"{of.of.bureau.name}看了材料“{material.name}”"]


def test_pages_follow_one_another_and_cost_the_same(of: Office, case: Case) -> None:
    grant = granted(of, MONDAY)
    counts = []
    for number in range(15):
        look_at_applicant(case, by=of.of.window, at=moment("03-09") + timedelta(minutes=number))
        if number < 10:
            asked(of, grant, case)
        if number in (0, 14):
            mine = entered(of)
            with CaptureQueriesContext(connection) as queries:
                first = mine.get("/my/looks/").content.decode()
            counts.append(len(queries))
    assert counts[0] == counts[1] <= BUDGET, counts
    assert len(headings(first)) == 20
    [more] = re.findall(r'href="\?(after=[^"]+)"', first)
    second = read(of, f"?{more}")
    assert len(headings(second)) == 5 and all("核验" in each for each in headings(second))
    [back] = re.findall(r'href="\?(before=[^"]+)"', second)
    assert headings(read(of, f"?{back}")) == headings(first)
    assert len(headings(read(of, "?after=nonsense"))) == 20


def test_the_owner_who_opens_what_was_said_to_be_wrong_stands_there_too(of: Office, case: Case) -> None:
    """Name and number are shown to the owner then."""
    asked(of, granted(of, MONDAY), case)
    correction = dispute_call(CallRecord.objects.get(), words="已迁走", by=of.of.citizen, at=moment("03-03"))
    look_at_correction(correction, by=of.steward, at=moment("03-04"))
    [newest, *_] = headings(read(of))
    assert newest == f"{of.police.name}看了说登记不对的话，和说的是谁（姓名、证件号码）"


def test_what_was_refused_again_and_again_on_a_day_is_told_once(of: Office, case: Case) -> None:
    grant = granted(of, MONDAY)
    asked(of, grant, case)
    for at in (*(moment("03-03", 10, minute) for minute in range(25)), moment("03-04")):
        with pytest.raises(Refused, match="超出了授权"):
            asked(of, grant, case, claims={"birth_date": "1990-03-07"}, at=at)
    page = read(of)
    assert len(headings(page)) == 3 and page.count("这一天同样的还有") == 1
    assert "这一天同样的还有24次，都没有得到答案" in page
    assert headings(read(of, "?after=nonsense")) == headings(page)


def test_nobody_else_reads_them(of: Office, case: Case) -> None:
    look_at_applicant(case, by=of.of.window, at=MONDAY)
    client = Client()
    client.force_login(make.user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "还没有人看过" in client.get("/my/looks/").content.decode()
