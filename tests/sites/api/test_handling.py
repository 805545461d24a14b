"""Applications and cases by token: a person's own, and an organ's for its system."""

import json
from base64 import b64encode
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from tests import factories as make
from tests.cases.hall import ANSWERS, Hall, a_guide, accepted, fresh, hall, open_tasks, submitted

from banshi.cases.models import Application
from banshi.catalog.guide.document import AskedWhen, DeclaredField
from banshi.clients.actions import register_system
from banshi.core.clock import now
from banshi.events.sequencing import sequence
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
