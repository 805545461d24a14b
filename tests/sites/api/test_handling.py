"""Applications and cases by token: a person's own, and an organ's for its system."""

import json
from base64 import b64encode
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader
from tests import factories as make
from tests.cases.hall import (
    ANSWERS,
    Hall,
    a_guide,
    accepted,
    committed,
    examined,
    fresh,
    hall,
    later,
    open_tasks,
    submitted,
)
from tests.uploads.pictures import photo

from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions import accept, decide, finish_task
from banshi.cases.models import Application, Case, CaseMaterial
from banshi.catalog.guide.document import AskedWhen, DeclaredField, Material
from banshi.clients.actions import register_system
from banshi.clients.scopes import scopes_of_systems
from banshi.core.clock import now, today
from banshi.events.sequencing import sequence
from banshi.files import open_file
from banshi.forms import FieldKind
from banshi.ledger.models import LedgerEntry
from banshi.people.enums import CitizenKind
from banshi.people.models import Identity, Organ, User

pytestmark = pytest.mark.django_db
ALL = ["case.view", "case.personal", "case.accept", "case.handle", "case.decide", "case.deliver"]


@pytest.fixture
def of() -> Hall:
    return hall()


def system_of(organ: Organ, scopes: list[str] = ALL) -> "Asking":
    client, secret = register_system(organ, name=f"系统{organ.pk}", permissions=scopes, by=make.TESTS, at=make.NOON)
    credentials = b64encode(f"{client.client_id}:{secret}".encode()).decode()
    browser = Client()
    told = browser.post(
        "/oauth/token/", {"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {credentials}"}
    ).json()
    return Asking({"Authorization": f"Bearer {told['access_token']}"}, browser)


class Asking:
    """Asks with a token or a session, and reads JSON."""

    def __init__(self, headers: dict[str, str], browser: Client) -> None:
        self.headers, self.browser = headers, browser

    def get(self, address: str, status: int = 200) -> Any:
        return self._read(self.browser.get(f"/api/v1{address}", headers=self.headers), status)

    def post(self, address: str, body: Any = None, status: int = 201, method: str = "post", **more: str) -> Any:
        sent = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        answer = getattr(self.browser, method)(f"/api/v1{address}", headers={**self.headers, **more}, **sent)
        return self._read(answer, status)

    def upload(self, address: str, *files: Any, status: int = 201, **more: str) -> Any:
        answer = self.browser.post(f"/api/v1{address}", {"files": files}, headers={**self.headers, **more})
        return self._read(answer, status)

    def _read(self, answer: Any, status: int) -> Any:
        assert answer.status_code == status, (answer.status_code, answer.content.decode())
        return answer.json()


def person(who: User) -> Asking:
    browser = Client()
    browser.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return Asking({}, browser)


def test_a_system_brings_a_case_to_its_end(of: Hall) -> None:
    case, us = submitted(of, now()), system_of(of.bureau)
    [told] = us.get("/cases")["cases"]
    assert (told["number"], told["state"], told["applicant"]) == (case.number, "received", case.applicant_masked)
    assert us.post(f"/cases/{case.number}/acts", {"act": "accept"})["name"] == "受理"
    [task] = us.get("/tasks")["tasks"]
    assert us.post(f"/tasks/{task['id']}/finish", {"words": "符合条件"}, 200)["ending"] == "done"
    assert us.post(f"/cases/{case.number}/acts", {"act": "grant"})["kind"] == "grant"
    us.post(f"/cases/{case.number}/acts", {"act": "deliver", "way": "post"})
    assert us.get(f"/cases/{case.number}")["state"] == "delivered"
    acts = us.get(f"/cases/{case.number}/acts")["acts"]
    assert [each["kind"] for each in acts] == ["receive", "accept", "grant", "deliver"]
    assert acts[0]["by"] == "申请人" and "系统" in acts[1]["by"]
    assert LedgerEntry.objects.filter(action="cases.accept", actor__startswith="client:").count() == 1


def test_a_system_is_told_that_it_may_not_apply_for_people(of: Hall) -> None:
    refused = system_of(of.bureau).post("/applications", {"item": str(of.item.guid)}, 403)
    assert "只有本人" in refused["detail"]


def test_a_system_of_another_organ_knows_nothing_of_it(of: Hall) -> None:
    case = submitted(of, now())
    task = open_tasks(case)[0]
    them = system_of(make.organ())
    assert them.get("/cases")["cases"] == []
    them.get(f"/cases/{case.number}", 404)
    them.post(f"/cases/{case.number}/acts", {"act": "accept"}, 404)
    them.post(f"/tasks/{task.pk}/finish", {}, 404)
    assert fresh(case).state == "received"


def test_without_the_scope_it_is_refused_and_says_which(of: Hall) -> None:
    case = submitted(of, now())
    us = system_of(of.bureau, ["case.view"])
    told = us.post(f"/cases/{case.number}/acts", {"act": "accept"}, 403)
    assert "受理" in told["detail"] and told["type"] == "/api/v1/docs#refused"
    us.post(f"/cases/{case.number}/applicant", status=403)
    assert "case.view" in system_of(make.organ(), ["item.view"]).get("/cases", 403)["remedy"]


def test_an_act_twice_by_one_key_is_done_once(of: Hall) -> None:
    case, us = submitted(of, now()), system_of(of.bureau)
    key = str(uuid4())
    first = us.post(f"/cases/{case.number}/acts", {"act": "accept"}, **{"Idempotency-Key": key})
    assert us.post(f"/cases/{case.number}/acts", {"act": "accept"}, **{"Idempotency-Key": key}) == first
    us.post(f"/cases/{case.number}/acts", {"act": "grant"}, 422, **{"Idempotency-Key": key})
    us.post(f"/cases/{case.number}/acts", {"act": "accept"}, 409)
    assert case.acts.filter(kind="accept").count() == 1


def test_a_body_called_multipart_that_is_none_is_no_accident(of: Hall) -> None:
    case, us = submitted(of, now()), system_of(of.bureau)
    headers = {**us.headers, "Idempotency-Key": str(uuid4())}
    sent: dict[str, Any] = {"data": json.dumps({"act": "accept"}), "content_type": "multipart/form-data"}
    assert us.browser.post(f"/api/v1/cases/{case.number}/acts", headers=headers, **sent).status_code < 500


def test_what_the_law_does_not_give_is_a_conflict_in_words(of: Hall) -> None:
    case, us = accepted(of, now()), system_of(of.bureau)
    told = us.post(f"/cases/{case.number}/acts", {"act": "grant"}, 409)
    assert "还有环节没有办完" in told["detail"] and told["remedy"]
    told = us.post(f"/cases/{case.number}/acts", {"act": "sing"}, 422)
    assert told["errors"][0]["field"] == "act"


def test_a_look_at_the_applicant_is_recorded(of: Hall) -> None:
    case, us = submitted(of, now(), name="林小例"), system_of(of.bureau)
    assert "林小例" not in json.dumps(us.get("/cases"), ensure_ascii=False)
    seen = us.post(f"/cases/{case.number}/applicant", status=200)
    assert seen["applicant"]["name"] == "林小例"
    assert LedgerEntry.objects.filter(action="cases.look", actor__startswith="client:").count() == 1


def test_events_come_once_in_order_without_anything_personal(of: Hall) -> None:
    case, us = accepted(of, now(), name="林小例"), system_of(of.bureau)
    submitted(hall_elsewhere(), now())
    sequence()
    first = us.get("/case-events?limit=2")
    rest = us.get(f"/case-events?after={first['next']}")
    told = first["events"] + rest["events"]
    assert [each["number"] for each in told] == sorted({each["number"] for each in told})
    assert {each["case"] for each in told} == {case.number}
    assert "林小例" not in json.dumps(told, ensure_ascii=False)
    assert us.get(f"/case-events?after={rest['next']}") == {"events": [], "next": rest["next"]}


def hall_elsewhere() -> Hall:
    item = make.item(make.organ(division=make.division("990103", "邻县")))
    publication = make.publication(item)
    who = make.user(full_name="别人")
    return Hall(item.organ, who, who, who, who, publication)


def test_a_person_applies_and_follows_by_the_api(of: Hall, settings: Any) -> None:
    us = person(of.citizen)
    us.browser.get("/my/")
    form = us.get(f"/items/{of.item.guid}/form")
    assert form["schema"]["$schema"].endswith("2020-12/schema") and form["layout"] and form["digest"]
    draft = us.post("/applications", {"item": str(of.item.guid)})
    us.post(f"/applications/{draft['guid']}", {"answers": {"phone": "13800000000"}}, 200, "patch")
    assert us.get(f"/applications/{draft['guid']}")["answers"] == {"phone": "13800000000"}
    assert us.get("/applications")["applications"][0]["guid"] == draft["guid"]
    stranger = person(make.user())
    stranger.get(f"/applications/{draft['guid']}", 404)
    assert us.post(f"/applications/{draft['guid']}", None, 200, "delete")["guid"] == draft["guid"]
    assert Application.objects.get().discarded_at


def a_photograph(name: str = "IMG_1.jpg") -> Any:
    return photo(name, size=(80, 60))


def test_a_material_is_uploaded_once_joined_and_taken_away(of: Hall) -> None:
    us = person(of.citizen)
    us.browser.get("/my/")
    guid = us.post("/applications", {"item": str(of.item.guid)})["guid"]
    address, key = f"/applications/{guid}/materials/0", {"Idempotency-Key": str(uuid4())}
    told = us.upload(address, a_photograph(), a_photograph("IMG_2.jpg"), **key)
    assert [(each["position"], each["name"]) for each in told["materials"]] == [(0, "取水申请书")]
    assert us.upload(address, a_photograph(), a_photograph("IMG_2.jpg"), **key) == told
    assert "Idempotency-Key" in us.upload(address, a_photograph("else.jpg"), status=422, **key)["detail"]
    [material] = CaseMaterial.objects.all()
    with open_file(material.file) as document:
        assert len(PdfReader(document).pages) == 2
    assert "第几项" in us.upload(f"/applications/{guid}/materials/9", a_photograph(), status=404)["remedy"]
    program = SimpleUploadedFile("a.jpg", b"MZ" + bytes(200))
    assert us.upload(address, program, status=422)["remedy"]
    person(make.user()).upload(address, a_photograph(), status=404)
    assert us.post(address, None, 200, "delete")["materials"] == []


def test_what_a_supplement_asks_for_is_uploaded_and_supplied(of: Hall) -> None:
    case, office, us = submitted(of, now() - timedelta(days=1)), system_of(of.bureau), person(of.citizen)
    asked = {"act": "ask_supplement", "wanted": [{"problem": "没有盖章", "position": 0}]}
    office.post(f"/cases/{case.number}/acts", asked)
    us.browser.get("/my/")
    assert "还没有交齐" in us.post(f"/cases/{case.number}/acts", {"act": "supply"}, 422)["detail"]
    us.upload(f"/applications/{case.application.guid}/materials/0", a_photograph())
    office.post(f"/cases/{case.number}/acts", {"act": "supply"}, 403)
    assert us.post(f"/cases/{case.number}/acts", {"act": "supply"})["by"] == "申请人"
    assert fresh(case).state == "received"


def test_a_system_stops_suspends_and_resumes(of: Hall) -> None:
    case, us = accepted(of, now()), system_of(of.bureau)

    def act(status: int = 201, **asked: Any) -> Any:
        return us.post(f"/cases/{case.number}/acts", asked, status)

    assert "不能停止计时" in act(409, act="open_stop", procedure="开会", days=3)["detail"]
    act(act="open_stop", procedure="听证", days=3)
    assert us.get(f"/cases/{case.number}")["due"] is None
    assert "没有正在进行" in act(409, act="close_stop", procedure="检验")["detail"]
    act(act="close_stop", procedure="听证", words="听证完了")
    [stop] = us.get(f"/cases/{case.number}/stops")["stops"]
    assert stop["procedure"] == "听证" and stop["ended_on"] and stop["expected_days"] == 3
    assert "依据" in act(422, act="suspend", words="等判决")["detail"]
    act(act="suspend", words="等判决", basis="《工伤保险条例》第二十条第三款")
    assert act(act="resume", words="判决生效")["kind"] == "resume"
    assert fresh(case).state == "handling"


def test_an_extension_is_for_the_head_and_no_scope_of_systems(of: Hall) -> None:
    case, us = accepted(of, now()), system_of(of.bureau)
    assert "case.extend" not in scopes_of_systems()
    us.post(f"/cases/{case.number}/acts", {"act": "extend", "words": "复杂"}, 403)


def test_a_paper_comes_later_as_promised() -> None:
    of = hall(a_guide(materials=[Material(name="取水申请书"), later("论证报告")]))
    case, office, us = submitted(of, now(), positions=[0]), system_of(of.bureau), person(of.citizen)
    until = calendar_in_force().add_working_days(today(), 5).isoformat()
    asked = {"act": "offer_deferral", "positions": [1], "until": until}
    assert office.post(f"/cases/{case.number}/acts", {**asked, "until": None}, 422)["remedy"]
    office.post(f"/cases/{case.number}/acts", asked)
    us.browser.get("/my/")
    us.post(f"/cases/{case.number}/acts", {"act": "promise"})
    [told] = us.get(f"/cases/{case.number}/promises")["promises"]
    assert (told["kind"], told["position"], told["last_day"], told["ending"]) == ("deferral", 1, until, "")
    office.post(f"/cases/{case.number}/acts", {"act": "accept"})
    us.upload(f"/applications/{case.application.guid}/materials/1", a_photograph())
    assert us.get(f"/cases/{case.number}/promises")["promises"][0]["ending"] == "kept"


def test_a_false_commitment_is_checked_and_the_decision_revoked(of: Hall) -> None:
    case, us = Case.objects.get(application=committed(of, now()).application), system_of(of.bureau)

    def act(status: int = 201, **asked: Any) -> Any:
        return us.post(f"/cases/{case.number}/acts", asked, status)

    assert "还没有作出决定" in act(409, act="revoke", words="不实")["detail"]
    decide(examined(of, accept(case, by=of.window, at=now()), now()), granted=True, by=of.head, at=now())
    assert "没有写核查结果" in act(422, act="check_promise", position=1)["detail"]
    assert "没有要核查" in act(409, act="check_promise", position=0, holds=True, words="看过")["detail"]
    act(act="check_promise", position=1, holds=False, words="公安回函：没有这份证明")
    act(act="revoke", words="承诺不实", basis="《示例办法》第九条")
    papers = {each["title"]: each["revoked_at"] for each in us.get(f"/cases/{case.number}/papers")["papers"]}
    assert [title for title, revoked in papers.items() if revoked] and us.get(f"/cases/{case.number}/promises")
    assert "撤销过" in act(409, act="revoke", words="再撤")["remedy"]


def test_a_hidden_answer_is_refused_by_its_name() -> None:
    when = AskedWhen(field="house", values=["是"])
    asked = [
        DeclaredField(label="有没有房产", key="house", kind=FieldKind.YES_NO),
        DeclaredField(label="房产证号", key="number", when=when),
    ]
    of = hall(a_guide(form_fields=asked, materials=[]))
    us = person(of.citizen)
    us.browser.get("/my/")
    guid = us.post("/applications", {"item": str(of.item.guid)})["guid"]
    answers = {**ANSWERS, "house": False, "number": "第1号"}
    us.post(f"/applications/{guid}", {"answers": answers}, 200, "patch")
    told = us.post(f"/applications/{guid}/submit", None, 422)
    assert "number" in str(told) and Application.objects.get().submitted_at is None


def test_nobody_applies_under_another_name_than_the_accounts() -> None:
    of = hall(a_guide(materials=[]))
    sealed = Identity.seal(name="林小例", number=ANSWERS["applicant_number"])
    Identity.objects.create(user=of.citizen, kind=CitizenKind.PERSON, **sealed)
    us = person(of.citizen)
    us.browser.get("/my/")
    guid = us.post("/applications", {"item": str(of.item.guid)})["guid"]
    us.post(f"/applications/{guid}", {"answers": {**ANSWERS, "applicant_name": "别人"}}, 200, "patch")
    assert "applicant_name" in str(us.post(f"/applications/{guid}/submit", None, 422))
    us.post(f"/applications/{guid}", {"answers": {"applicant_name": "林小例"}}, 200, "patch")
    assert us.post(f"/applications/{guid}/submit", None)["number"]


def test_a_person_sees_and_withdraws_their_own_case_and_no_other(of: Hall) -> None:
    case, us = submitted(of, now()), person(of.citizen)
    assert [each["number"] for each in us.get("/cases")["cases"]] == [case.number]
    stranger = person(make.user())
    assert stranger.get("/cases")["cases"] == []
    stranger.post(f"/cases/{case.number}/acts", {"act": "withdraw"}, 404)
    us.post(f"/cases/{case.number}/acts", {"act": "accept"}, 403)
    us.post(f"/cases/{case.number}/acts", {"act": "withdraw"})
    assert fresh(case).state == "withdrawn"


def test_writing_by_a_session_needs_the_token_against_forgery(of: Hall) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(of.citizen, backend=settings.AUTHENTICATION_BACKENDS[-1])
    answer = browser.post(
        "/api/v1/applications", json.dumps({"item": str(of.item.guid)}), content_type="application/json"
    )
    assert answer.status_code == 403 and "CSRF" in answer.json()["detail"]


@pytest.mark.parametrize(
    "address", ["/cases", "/tasks", "/applications", "/case-events", "/me", "/cases/2026-1-000001"]
)
def test_nothing_is_told_without_a_token(address: str) -> None:
    answer = Client().get(f"/api/v1{address}")
    assert answer.status_code == 401 and answer["Content-Type"] == "application/problem+json"


CASES = 4
"""Questions a list asks: the token, organs, the calendar's stamp and the cases."""


def test_lists_ask_the_same_number_of_questions_however_long(of: Hall, django_assert_num_queries: Any) -> None:
    submitted(of, now())
    us = system_of(of.bureau)
    us.get("/cases")
    with django_assert_num_queries(CASES):
        us.get("/cases")
    for _ in range(3):
        submitted(of, now())
    with django_assert_num_queries(CASES):
        us.get("/cases")


def test_a_step_is_returned_and_a_correction_answered(of: Hall) -> None:
    case, head = accepted(of, now(), statement="姓名不对"), system_of(of.bureau, [*ALL, "case.assign"])
    act = f"/cases/{case.number}/acts"
    assert "退回到哪个环节" in head.post(act, {"act": "return_step", "words": "漏看了"}, 422)["detail"]
    done = open_tasks(case)[0]
    finish_task(done, by=of.handler, at=now())
    assert head.post(act, {"act": "return_step", "stage": 1, "words": "漏看了"})["kind"] == "return_step"
    assert "没有写登记" in head.post(act, {"act": "answer_dispute", "words": "核对过"}, 422)["detail"]
    assert head.post(act, {"act": "answer_dispute", "holds": False, "words": "和户籍一致"})["kind"] == "answer_dispute"
