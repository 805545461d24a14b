"""The counter's pages: a clerk calls, a kiosk gives numbers, a screen tells them, a phone shows a place in the queue."""

import json
import re
from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.window.hall import MORNING, Town, town

from banshi.core.clock import CHINA, stopped_at
from banshi.notifications.models import Notification
from banshi.search.index import rebuild
from banshi.sites.counter.streams import CALLS
from banshi.sites.kit.streams import reader, stream_address
from banshi.window.actions import close_hall, reopen_hall
from banshi.window.enums import TicketState
from banshi.window.kiosk_address import kiosk_key
from banshi.window.models import FirstQuestion, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def of():
    reader.forget()
    built = town()
    with stopped_at(built.later()):
        yield built


@pytest.fixture
def clerk(of: Town, client: Client) -> Client:
    client.force_login(of.clerks[0])
    return client


def kiosk(client: Client, of: Town, **asked: object):
    address = reverse("counter:kiosk-take", args=[kiosk_key(of.hall)])
    return client.post(address, json.dumps(asked), "application/json", headers={"Accept": "application/json"})


def test_a_clerk_sits_down_calls_serves_and_leaves(of, clerk):
    ticket = of.ticket()
    assert "1号窗口" in clerk.get("/counter/").content.decode()
    clerk.post(reverse("counter:sit", args=[of.counters[0].pk]))
    assert "1人在等您这里的业务" in clerk.get("/counter/").content.decode()
    clerk.post(reverse("counter:act", args=["next"]))
    page = clerk.get("/counter/").content.decode()
    assert "A001" in page and "人来了，开始办理" in page
    clerk.post(reverse("counter:act", args=["begin"]))
    clerk.post(reverse("counter:act", args=["finish-next"]))
    ticket.refresh_from_db()
    assert ticket.state == TicketState.SERVED
    clerk.post(reverse("counter:act", args=["stand-up"]))
    assert "选窗口坐下" in clerk.get("/counter/").content.decode()


def test_the_counter_is_for_those_who_serve_there(of, client):
    assert client.get("/counter/").status_code == 302
    client.force_login(make.user("clerk"))
    assert client.get("/counter/").status_code == 403
    client.force_login(make.user("window", make.organ(division=make.division("990203", "邻县"))))
    assert client.post(reverse("counter:sit", args=[of.counters[0].pk])).status_code == 404


def test_a_kiosk_gives_a_number_once_and_its_slip_leads_to_a_page(of, client):
    guid = str(uuid4())
    first = kiosk(client, of, guid=guid, skill=of.general.pk, priority="elderly").json()
    again = kiosk(client, of, guid=guid, skill=of.general.pk, priority="elderly").json()
    assert first["label"] == again["label"] == "A001" and "<svg" in first["qr"]
    page = client.get(reverse("counter:ticket", args=[guid])).content.decode()
    assert "前面还有" in page
    client.post(reverse("counter:ticket-leave", args=[guid]))
    assert Ticket.objects.get().state == TicketState.LEFT


def test_a_kiosk_tells_why_there_is_no_number(of, client):
    of.hall.closed_on = of.later().date()
    of.hall.save()
    answer = kiosk(client, of, guid=str(uuid4()), skill=of.general.pk, priority="")
    assert answer.status_code == 409 and "现在不开放" in answer.json()["message"]
    assert kiosk(client, of, skill=of.general.pk).status_code == 422


def test_the_address_of_a_kiosk_ends_when_the_manager_gives_a_new_one(of, client):
    old = reverse("counter:kiosk", args=[kiosk_key(of.hall)])
    assert "综合受理" in client.get(old).content.decode()
    of.hall.kiosk_round += 1
    of.hall.save()
    assert client.get(old).status_code == 404
    assert client.get(reverse("counter:kiosk", args=["center.2~made-up"])).status_code == 404


def test_a_kiosk_without_network_uses_the_numbers_set_aside(of, client):
    address = reverse("counter:kiosk-numbers", args=[kiosk_key(of.hall)])
    numbers = client.post(address).json()["numbers"][str(of.general.pk)]
    taken = of.later().isoformat()
    told = {"guid": str(uuid4()), "skill": of.general.pk, "priority": "", "number": numbers[0], "taken_at": taken}
    with stopped_at(of.later()):
        assert kiosk(client, of, **told).json()["label"] == "A801"
        assert kiosk(client, of, **told).json()["label"] == "A801"
    assert Ticket.objects.count() == 1


def test_a_screen_is_told_each_call_once(of, client):
    address = stream_address(CALLS, "center").here
    silent = client.get(address).content.decode()
    assert "event: call" not in silent and silent.startswith("retry: ")
    of.ticket()
    of.sits()
    of.calls()
    reader.forget()
    told = client.get(address, headers={"Last-Event-ID": "0"}).content.decode()
    assert "event: call" in told and '"ticket": "A001", "counter": 1' in told
    newest = told.rpartition("id: ")[2].partition("\n")[0]
    assert "event: call" not in client.get(address, headers={"Last-Event-ID": newest}).content.decode()


def test_screens_share_one_reading(of, client, django_assert_num_queries):
    address = stream_address(CALLS, "center").here
    client.get(address)
    with django_assert_num_queries(0):
        for _ in range(20):
            client.get(address)


def test_the_page_of_a_counter_asks_the_same_however_many_wait(of, clerk, django_assert_num_queries):
    clerk.post(reverse("counter:sit", args=[of.counters[0].pk]))
    for _ in range(15):
        of.ticket()
    with django_assert_num_queries(12):
        clerk.get("/counter/")


def test_a_question_is_recorded_referred_and_answered(of, clerk, client):
    told = {"hall": of.hall.pk, "text": "孩子的医保在哪里办", "contact": ""}
    page = clerk.post(reverse("counter:question-new"), told, follow=True).content.decode()
    assert "由您负责到答复" in page
    question = FirstQuestion.objects.get()
    clerk.post(reverse("counter:question-refer", args=[question.pk]), {"to": of.clerks[1].pk, "words": "请您办"})
    assert "已转交，等接收" in clerk.get(reverse("counter:questions")).content.decode()
    other = Client()
    other.force_login(of.clerks[1])
    assert "接收以后由您负责" in other.get(reverse("counter:question", args=[question.pk])).content.decode()
    other.post(reverse("counter:question-take", args=[question.pk]))
    other.post(reverse("counter:question-answer", args=[question.pk]), {"answer": "已带到3号窗口"})
    question.refresh_from_db()
    assert question.state == "answered"
    assert "已带到3号窗口" in clerk.get(reverse("counter:question", args=[question.pk])).content.decode()


def test_an_appointment_becomes_a_ticket_at_the_kiosk(of, client):
    booked = of.appointment()
    with stopped_at(booked.booked_at.replace(day=24, hour=9)):
        answer = kiosk(client, of, code=booked.code, priority="")
        assert answer.json()["label"] == "A001"
        assert kiosk(client, of, code=booked.code).status_code == 422


def test_the_same_button_pressed_twice_ends_nobody_who_was_not_served(of, clerk):
    first, second = of.ticket(), of.ticket()
    clerk.post(reverse("counter:sit", args=[of.counters[0].pk]))
    clerk.post(reverse("counter:act", args=["next"]))
    clerk.post(reverse("counter:act", args=["begin"]))
    assert f'name="ticket" value="{first.guid}"' in clerk.get("/counter/").content.decode()
    answers = [clerk.post(reverse("counter:act", args=["finish-next"]), {"ticket": first.guid}) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 409]
    second.refresh_from_db()
    assert second.state == TicketState.CALLED


def test_whom_a_closed_hall_did_not_serve_goes_first_when_coming_again(of, clerk):
    waiting = of.ticket()
    close_hall(of.hall, by=of.manager, at=of.later())
    reopen_hall(of.hall, by=of.manager, at=of.later())
    ordinary = of.ticket()
    clerk.post(reverse("counter:sit", args=[of.counters[0].pk]))
    address = reverse("counter:again", args=[waiting.guid])
    assert address in clerk.get("/counter/").content.decode()
    assert clerk.post(address).status_code == 302
    assert Ticket.objects.get(instead_of=waiting).order_at < ordinary.order_at
    assert clerk.post(address).status_code == 404, "once"
    assert address not in clerk.get("/counter/").content.decode()


def test_a_closed_hall_says_so_at_the_kiosk_on_the_screen_and_at_the_desk(of, clerk):
    of.ticket()
    clerk.post(reverse("counter:sit", args=[of.counters[0].pk]))
    kiosk, screen = f"/hall/kiosk/{kiosk_key(of.hall)}/", f"/hall/{of.hall.code}/screen/"
    places = [(Client(), kiosk), (Client(), screen), (clerk, "/counter/")]
    for who, address in places:
        assert "提前闭厅" not in who.get(address).content.decode()
    close_hall(of.hall, by=of.manager, at=of.later())
    reader.forget()
    for who, address in places:
        shown = who.get(address).content.decode()
        assert "今天已经提前闭厅" in shown, address
        assert address == "/counter/" or "没有办到的号下次来最先办。下次开放：" in shown
    assert "data-say-at-start hidden" in Client().get(kiosk).content.decode()


def test_a_number_of_another_hall_is_not_changed(of, client):
    waiting = of.ticket()
    close_hall(of.hall, by=of.manager, at=of.later())
    client.force_login(make.user("window", make.organ(division=make.division("990203", "邻县"))))
    assert client.post(reverse("counter:again", args=[waiting.guid])).status_code == 404


def test_how_to_reach_whoever_asked_is_shown_to_who_has_the_question(of, clerk):
    clerk.post(reverse("counter:question-new"), {"hall": of.hall.pk, "text": "医保在哪里办", "contact": "13900000000"})
    address = reverse("counter:question", args=[FirstQuestion.objects.get().pk])
    assert "13900000000" in clerk.get(address).content.decode()
    other = Client()
    other.force_login(of.manager)
    assert "13900000000" not in other.get(address).content.decode()


def test_a_moment_at_the_end_of_the_calendar_breaks_no_kiosk(of, client):
    asked = {"skill": of.general.pk, "guid": str(uuid4()), "priority": "", "number": 1}
    assert kiosk(client, of, **asked, taken_at="0001-01-01T00:00:00+14:00").status_code == 422


def test_whoever_was_not_served_takes_a_number_that_goes_first_at_the_kiosk(of, client):
    waiting = of.ticket()
    close_hall(of.hall, by=of.manager, at=of.later())
    reopen_hall(of.hall, by=of.manager, at=of.later())
    page = client.get(reverse("counter:ticket", args=[waiting.guid])).content.decode()
    assert waiting.again_code in page
    ordinary = of.ticket()
    given = kiosk(client, of, code=waiting.again_code).json()
    assert given["ahead"] == 0 and Ticket.objects.get(instead_of=waiting).order_at < ordinary.order_at
    assert kiosk(client, of, code=waiting.again_code).status_code == 422, "once"


def test_codes_tried_one_after_another_at_a_kiosk_are_refused_there_and_the_right_ones_do_not_count(of, client):
    booked = of.appointment()
    with stopped_at(booked.booked_at.replace(day=24, hour=9)):
        for guess in range(15):
            assert kiosk(client, of, code=f"{guess:06d}").status_code == 422
        refused = kiosk(client, of, code=booked.code)
        assert refused.status_code == 429 and "导办台" in refused.json()["message"]
        assert kiosk(client, of, guid=str(uuid4()), skill=of.general.pk, priority="").status_code == 200
        elsewhere = Client(REMOTE_ADDR="10.0.0.9")
        assert kiosk(elsewhere, of, code=booked.code).status_code == 200


def test_who_had_booked_and_was_not_served_is_told_when_the_hall_closes(of, client):
    booked = of.appointment()
    with stopped_at(booked.booked_at.replace(day=24, hour=9)):
        kiosk(client, of, code=booked.code, priority="")
        close_hall(of.hall, by=of.manager, at=of.later(24 * 60))
    told = Notification.objects.get(user=booked.person, kind="window.unserved")
    assert Ticket.objects.get().again_code in told.body


def test_the_kiosk_tells_what_to_bring(of, client):
    item = make.publication(of=make.item(of.hall.organ)).item
    rebuild()
    address = reverse("counter:kiosk-guide", args=[kiosk_key(of.hall)])
    assert f"?item={item.guid}" in client.get(address, {"q": item.name}).content.decode()
    page = client.get(address, {"item": str(item.guid)}).content.decode()
    assert "要带的材料" in page and "<svg" in page
    assert client.get(address.replace(kiosk_key(of.hall), "made-up")).status_code == 404


def test_pages_that_come_back_without_network_are_marked_and_their_worker_names_the_files(of, client):
    for page in (reverse("counter:kiosk", args=[kiosk_key(of.hall)]), reverse("counter:screen", args=["center"])):
        assert (
            client.get(page)["X-Kept-Offline"] == "1"
            and 'data-kept-offline="/hall/"' in client.get(page).content.decode()
        )
    assert "X-Kept-Offline" not in client.get("/hall/results/")
    worker = client.get("/offline.js")
    code = worker.content.decode()
    assert worker["Content-Type"].startswith("text/javascript") and worker["Cache-Control"] == "no-cache"
    assert "/static/kit/dist/hall.js" in code and '"version": "' in code


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (12, 30, "现在不开放。下次开放：11月23日 13:30"),
        (16, 50, "今天已经停止取号，17:00闭厅。下次开放：11月24日 09:00"),
    ],
)
def test_an_open_kiosk_is_told_when_numbers_stop(of, client, hour, minute, said):
    page = reverse("counter:kiosk", args=[kiosk_key(of.hall)])
    stream = stream_address(CALLS, "center").here
    open_page = client.get(page).content.decode()
    assert stream in open_page and '"no_tickets": ""' in client.get(stream).content.decode()
    reader.forget()
    with stopped_at(MORNING.replace(hour=hour, minute=minute)):
        told = client.get(stream).content.decode()
        shown = client.get(page).content.decode()
    assert said in told and said in shown
    assert re.search(r'data-step="choose"[^>]*hidden', shown) and not re.search(
        r'data-step="choose"[^>]*hidden', open_page
    )
    hours = json.loads(re.search(r'data-hours="([^"]*)"', shown)[1])
    assert [datetime.fromtimestamp(moment / 1000, CHINA).strftime("%H:%M") for span in hours for moment in span] == [
        "09:00", "12:00", "13:30", "16:45",
    ]  # fmt: skip
