"""The hall by the API: a system calls for its counters, a person books, a clerk receives and hands out."""

from base64 import b64encode
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests import factories as make
from tests.bundles.family import ANSWERS as OF_BUNDLE
from tests.bundles.family import MONDAY, MOTHER, family
from tests.cases.hall import ANSWERS, a_guide, hall, moment
from tests.foreign import citizen
from tests.handout.test_hand_out import FRIDAY, decided
from tests.reception.counter import A_PIXEL, NAME, NUMBER, PHONE
from tests.sites.api.test_handling import Asking, system_of
from tests.uploads.pictures import photo
from tests.window.hall import MORNING, Town, town

from banshi.core.clock import stopped_at
from banshi.ledger import System
from banshi.reception.models import Mandate
from banshi.window.actions import turn_day
from banshi.window.models import Appointment, Ticket

pytestmark = pytest.mark.django_db
SIGNED = {"way": "signature", "signature": b64encode(A_PIXEL).decode()}


def signed_in(user: object) -> Asking:
    browser = Client()
    browser.force_login(user)
    return Asking({}, browser)


@pytest.fixture
def of():
    built = town()
    with stopped_at(built.later()):
        yield built


def test_a_system_of_the_hall_takes_calls_and_ends_numbers_for_whoever_sits_there(of: Town) -> None:
    system = system_of(of.hall.organ, ["window.serve", "ticket.take"])
    guid = str(uuid4())
    first = system.post("/halls/center/tickets", {"queue": "A", "guid": guid, "priority": "elderly"})
    again = system.post("/halls/center/tickets", {"queue": "A", "guid": guid})
    assert first["label"] == again["label"] == "A001" and first["guid"] == again["guid"] == guid
    open_to_all = Asking({}, Client())
    assert open_to_all.get("/halls/center")["queues"][0]["waiting"] == 1
    assert open_to_all.get(f"/tickets/{guid}")["ahead"] == 0
    counters = system.get("/counters")["counters"]
    address = f"/counters/{counters[0]['id']}/acts"
    assert system.post(address, {"act": "call"}, 409)["title"], "nobody sits there"
    of.sits()
    key = {"Idempotency-Key": "call-1"}
    assert system.post(address, {"act": "call"}, 200, **key)["ticket"] == guid
    assert system.post(address, {"act": "call"}, 200, **key)["ticket"] == guid, "pressed again"
    assert Ticket.objects.get().clerk == of.clerks[0]
    for act, state in [("recall", "called"), ("begin", "serving"), ("finish", "served")]:
        assert system.post(f"/tickets/{guid}/acts", {"act": act}, 200)["state"] == state
    of.ticket()
    second = system.post(address, {"act": "call"}, 200)["ticket"]
    moved = system.post(f"/tickets/{second}/acts", {"act": "transfer", "queue": "B"}, 200)
    assert (moved["state"], moved["queue"]) == ("waiting", "B")


def test_another_organ_finds_neither_counter_nor_number(of: Town) -> None:
    far = make.organ("邻县政务服务管理局", division=make.division("990203", "邻县"))
    other = system_of(far, ["window.serve"])
    number = of.ticket()
    assert other.get("/counters") == {"counters": []}
    assert other.post(f"/counters/{of.counters[0].pk}/acts", {"act": "call"}, 404)
    assert other.post(f"/tickets/{number.guid}/acts", {"act": "skip"}, 404)
    assert other.post("/halls/center/tickets", {"queue": "A"}, 404)
    assert system_of(of.hall.organ, ["case.view"]).get("/counters", 403)["type"].endswith("refused")
    assert Asking({}, Client()).post("/halls/center/tickets", {"queue": "A"}, 401)


def test_a_person_books_moves_and_cancels(of: Town) -> None:
    person = citizen("林小例")
    item = make.publication(of=make.item(of.hall.organ)).item
    mine = signed_in(person)
    free = mine.get(f"/items/{item.guid}/appointment-places?hall=center")["half_days"]
    when = [{key: each[key] for key in ("day", "half")} for each in free[1:3]]
    booked = mine.post("/appointments", {"item": str(item.guid), "hall": "center", **when[0]})
    address = f"/appointments/{booked['guid']}"
    assert mine.post("/appointments", {"item": str(item.guid), "hall": "center", **when[0]}, 409)
    moved = mine.post(f"{address}/move", when[1], 200)
    assert moved["code"] == booked["code"] and moved["half"] == when[1]["half"]
    answer = mine.browser.get(f"/api/v1{address}/calendar")
    assert answer["Content-Type"].startswith("text/calendar") and booked["code"] in answer.content.decode()
    assert signed_in(citizen("别人")).get(address, 404)
    assert mine.post(address, method="delete", status=200)["state"] == "cancelled"
    assert Appointment.objects.get().state == "cancelled"
    assert system_of(of.hall.organ, ["window.serve"]).get("/appointments", 403)


def test_a_question_goes_from_hand_to_hand(of: Town) -> None:
    first, second = signed_in(of.clerks[0]), signed_in(of.clerks[1])
    asked = first.post("/questions", {"hall": "center", "text": "医保在哪里办", "contact": "13900000000"})
    assert "13900000000" not in str(asked)
    acts = f"/questions/{asked['id']}/acts"
    referred = first.post(acts, {"act": "refer", "to": of.clerks[1].pk, "words": "请您办"}, 200)
    assert referred["state"] == "referred"
    assert second.post(acts, {"act": "take"}, 200)["state"] == "taken"
    assert second.post(acts, {"act": "answer", "words": "已带到3号窗口"}, 200)["answer"] == "已带到3号窗口"
    assert signed_in(citizen("路人")).get("/questions")["questions"] == []


def test_a_clerk_receives_for_whoever_stands_there() -> None:
    of = hall()
    with stopped_at(moment("03-02")):
        clerk = signed_in(of.window)
        told = {"item": str(of.item.guid), "number": NUMBER, "name": NAME, "phone": PHONE}
        assert clerk.post("/receptions", {**told, "name": "林大例"} | {"number": "530102199003071212"}, 422)["errors"]
        begun = clerk.post("/receptions", told)
        address = f"/receptions/{begun['guid']}"
        kept = clerk.post(
            address, {"answers": ANSWERS, "originals": [*range(len(of.guide.materials))]}, 200, method="patch"
        )
        assert kept["missing"] == [] and not kept["agreed"]
        assert clerk.post(f"{address}/hand-in", {"then": "accept"}, 422)["errors"][0]["field"] == "agreed"
        assert clerk.post(f"{address}/agreement", SIGNED, 200)["agreed"]
        key = {"Idempotency-Key": "hand-in-1"}
        case = clerk.post(f"{address}/hand-in", {"then": "accept"}, **key)
        assert case["state"] == "handling" and case == clerk.post(f"{address}/hand-in", {"then": "accept"}, **key)
        assert signed_in(citizen("路人")).get(address, 404)
        assert system_of(of.bureau, ["case.view"]).get(address, 403)


def test_a_clerk_receives_a_bundle_with_one_form_and_one_signature_for_every_office() -> None:
    of = family()
    with stopped_at(MONDAY):
        clerk = signed_in(of.window("birth"))
        told = {"bundle": "newborn", "number": MOTHER, "name": "王小美"}
        assert clerk.post("/bundle-receptions", {**told, "number": "530102199003071212"}, 422)["errors"]
        begun = clerk.post("/bundle-receptions", told)
        address = f"/bundle-receptions/{begun['guid']}"
        assert begun["submission"]["answers"]["applicant_name"] == "王小美"
        kept = clerk.post(address, {"answers": OF_BUNDLE}, 200, method="patch")
        slugs = [each["slug"] for each in kept["submission"]["materials"]]
        assert kept["missing"] == slugs and len(slugs) == 2
        kept = clerk.post(address, {"answers": {}, "originals": slugs[:1]}, 200, method="patch")
        assert kept["missing"] == slugs[1:] and not kept["agreed"]
        assert clerk.upload(f"{address}/materials/{slugs[1]}", photo())["missing"] == []
        assert clerk.post(f"{address}/hand-in", {}, 422)["errors"][0]["field"] == "agreed"
        assert clerk.post(f"{address}/agreement", {"way": "signature"}, 422)["errors"][0]["field"] == "signature"
        assert clerk.post(f"{address}/agreement", SIGNED, 200)["agreed"]
        assert clerk.post(f"{address}/hand-in", {"then": "supplement"}, 403)
        key = {"Idempotency-Key": "bundle-1"}
        done = clerk.post(f"{address}/hand-in", {"then": "accept"}, **key)
        assert done == clerk.post(f"{address}/hand-in", {"then": "accept"}, **key)
        states = [each["state"] for each in done["submission"]["parts"]]
        assert states == ["handling", "waiting", "waiting", "handling"]
        assert clerk.post(f"{address}/hand-in", {}, 409), "already received"
        far = signed_in(make.user("window", make.organ(division=make.division("990203", "远方县"))))
        assert far.get(address, 404) and signed_in(citizen("路人")).get(address, 404)
        assert system_of(of.organs["birth"], ["case.view"]).get(address, 403)


def test_an_agent_acts_under_a_mandate_until_the_person_ends_it() -> None:
    of = hall()
    agent = make.user("agent", make.organ())
    with stopped_at(moment("03-02")):
        acting = signed_in(agent)
        given = {"number": NUMBER, "name": NAME, "phone": PHONE, "matters": "申请取水许可", "until": "2026-08-31"}
        lacking = acting.post("/mandates", given, 422)
        assert lacking["errors"][0]["field"] == "paper"
        key = {"Idempotency-Key": "mandate-1"}
        told = given | {"paper": b64encode(A_PIXEL).decode()}
        held = acting.post("/mandates", told, **key)
        assert held == acting.post("/mandates", told, **key) and NUMBER not in str(held)
        assert (held["role"], held["person"], held["until"]) == ("agent", "林*例", "2026-08-31")
        assert acting.get("/mandates")["mandates"] == [held]
        address = f"/mandates/{held['guid']}"
        begun = acting.post(f"{address}/receptions", {"item": str(of.item.guid)})
        reception = f"/receptions/{begun['guid']}"
        originals = [*range(len(of.guide.materials))]
        acting.post(reception, {"answers": ANSWERS, "originals": originals}, 200, method="patch")
        acting.post(f"{reception}/agreement", SIGNED, 200)
        case = acting.post(f"{reception}/hand-in", {})
        assert case["state"] == "received"
        person = signed_in(Mandate.objects.get().person)
        assert person.get(address)["role"] == "person" and person.get("/cases")["cases"][0]["number"] == case["number"]
        assert signed_in(citizen("路人")).get(address, 404)
        signed_in(of.window).post("/mandates", told, 403)
        assert person.post(address, method="delete", status=200)["ended_at"]
        acting.post(f"{address}/receptions", {"item": str(of.item.guid)}, 403)
        acting.post(address, method="delete", status=409)


def test_visits_are_ordered_routed_received_and_done() -> None:
    of = hall(a_guide(at_home=True))
    with stopped_at(moment("03-02")):
        clerk = signed_in(of.window)
        told = {"item": str(of.item.guid), "number": NUMBER, "name": NAME, "phone": PHONE, "on": "2026-03-03"}
        told |= {"address": "示例镇一组3号", "half": "morning", "note": "请敲门久一点"}
        assert clerk.post("/home-visits", {**told, "address": ""}, 422)["errors"][0]["field"] == "address"
        key = {"Idempotency-Key": "visit-1"}
        first = clerk.post("/home-visits", told, **key)
        assert first == clerk.post("/home-visits", told, **key) and NUMBER not in str(first)
        assert clerk.post("/home-visits", {**told, "address": "示例镇二组8号"}, 409), (
            "the same half-day of the same person"
        )
        neighbour = {"number": "530102194501010013", "name": "王大例", "address": "示例镇二组8号"}
        second = clerk.post("/home-visits", told | neighbour)
        route = clerk.post("/home-visits/route", {"on": "2026-03-03", "order": [second["guid"]]}, 200)
        assert [each["address"] for each in route["home_visits"]] == ["示例镇二组8号", "示例镇一组3号"]
        assert clerk.get("/home-visits?on=2026-03-03") == route
        clerk.post("/home-visits/route", {"on": "2026-03-04", "order": [second["guid"]]}, 404)
        address = f"/home-visits/{first['guid']}"
        begun = clerk.post(f"{address}/reception")
        assert clerk.get(address)["reception"] == begun["guid"]
        assert clerk.post(f"{address}/acts", {"act": "done"}, 200)["state"] == "done"
        assert clerk.post(f"{address}/acts", {"act": "done"}, 200)["state"] == "done"
        clerk.post(f"{address}/acts", {"act": "cancel"}, 409)
        far = signed_in(make.user("window", make.organ(division=make.division("990203", "远方县"))))
        assert far.get(address, 404)
        assert system_of(of.bureau, ["case.view"]).get(address, 403)


def test_a_system_of_the_office_hands_a_result_out() -> None:
    of = hall()
    case = decided(of)
    with stopped_at(FRIDAY):
        system = system_of(of.bureau, ["case.view", "case.deliver"])
        out = system.post(f"/cases/{case.number}/hand-out", {"place": "a-03"})
        assert out["place"] == "A-03" and system.get("/hand-outs")["hand_outs"] == [out]
        acts = f"/hand-outs/{out['id']}/acts"
        assert system.post(acts, {"act": "locker", "box": "b7"}, 200)["state"] == "in_locker"
        assert system.post(acts, {"act": "opened", "code": "1"}, 422)
        assert system.post(acts, {"act": "take_back", "place": "a-04"}, 200)["place"] == "A-04"
        signed = {"act": "collect", "name": NAME, "number": NUMBER, "signature": b64encode(A_PIXEL).decode()}
        done = system.post(acts, signed, 200)
        assert done["state"] == "done" and NUMBER not in str(done)
        assert system.get(f"/cases/{case.number}")["state_name"]
        assert system_of(make.organ("别的单位"), ["case.deliver"]).get(f"/hand-outs/{out['id']}", 404)


def test_a_system_of_the_hall_takes_the_number_of_who_booked_and_of_who_was_not_served(of: Town) -> None:
    system = system_of(of.hall.organ, ["window.serve", "ticket.take"])
    booked, unserved = of.appointment(), of.ticket()
    arrivals = "/halls/center/arrivals"
    assert system.post(arrivals, {"code": booked.code}, 422)["detail"], "another day"
    with stopped_at(MORNING + timedelta(days=1)):
        turn_day(by=System("nightly"), at=MORNING + timedelta(days=1))
        first = system.post(arrivals, {"code": booked.code, "priority": "elderly"})
        assert (first["state"], Ticket.objects.get(guid=first["guid"]).appointment) == ("waiting", booked)
        again = system.post(arrivals, {"code": unserved.again_code})
        assert (again["ahead"], Ticket.objects.get(guid=again["guid"]).instead_of) == (0, unserved)
        assert system.post(arrivals, {"code": unserved.again_code}, 422), "once"
        assert system.post(f"/tickets/{first['guid']}/acts", {"act": "leave"}, 200)["state"] == "left"
    assert system_of(make.organ(division=make.division("990203", "邻县")), ["window.serve"]).post(
        arrivals, {"code": booked.code}, 404
    )
