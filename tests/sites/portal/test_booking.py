"""预约 on the public site: half-days with their places, one's own appointments, the calendar file."""

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from tests import factories as make
from tests.foreign import citizen
from tests.window.hall import Town, town

from banshi.core.clock import stopped_at
from banshi.window.enums import AppointmentState
from banshi.window.models import Appointment

pytestmark = pytest.mark.django_db
MORNING = {"hall": "center", "when": "2026-11-24 am"}


@pytest.fixture
def of():
    built = town()
    with stopped_at(built.later()):
        yield built


@pytest.fixture
def address(of: Town) -> str:
    item = make.publication(of=make.item(of.hall.organ)).item
    return reverse("portal:book", args=[item.guid])


@pytest.fixture
def person(client: Client):
    who = citizen("林小例")
    client.force_login(who)
    return who


def test_a_citizen_books_sees_the_code_takes_the_calendar_file_and_cancels(client, address, person):
    page = client.get(address).content.decode()
    assert "2026年11月24日" in page and "2 个空位" in page
    assert client.post(address, MORNING).headers["Location"] == "/my/appointments/"
    booked = Appointment.objects.get()
    own = client.get("/my/appointments/").content.decode()
    assert booked.code in own and "加到日历" in own
    file = client.get(reverse("portal:appointment-event", args=[booked.guid])).content
    event = Calendar.from_ical(file).walk("VEVENT")[0]
    assert event["dtstart"].dt.isoformat() == "2026-11-24T09:00:00+08:00" and booked.code in event["description"]
    client.post(reverse("portal:appointment-cancel", args=[booked.guid]))
    booked.refresh_from_db()
    assert booked.state == AppointmentState.CANCELLED
    assert client.get(reverse("portal:appointment-event", args=[booked.guid])).status_code == 404


def test_a_full_half_day_is_refused_or_waited_for(client, address, person):
    for _ in range(2):
        other = Client()
        other.force_login(citizen("别人"))
        other.post(address, MORNING)
    assert "约满，可候补" in client.get(address).content.decode()
    refused = client.post(address, MORNING)
    assert refused.status_code == 409 and "已经约满" in refused.content.decode()
    client.post(address, {**MORNING, "wait": "1"})
    assert Appointment.objects.get(person=person).state == AppointmentState.QUEUED


def test_who_is_not_signed_in_is_asked_to(client, address):
    assert "登录后预约" in client.get(address).content.decode()
    assert "/accounts/login/" in client.post(address, MORNING).headers["Location"]


def test_without_a_hall_the_page_says_where_to_go(client, of, address):
    of.hall.active = False
    of.hall.save()
    page = client.get(address).content.decode()
    assert "没有接受网上预约的大厅" in page and "示例县政务服务中心" in page


def test_nobody_sees_or_cancels_anothers_appointment(client, address, person):
    client.post(address, MORNING)
    booked = Appointment.objects.get()
    assert booked.code in client.get("/my/appointments/").content.decode()
    other = Client()
    other.force_login(citizen("别人"))
    assert booked.code not in other.get("/my/appointments/").content.decode()
    assert other.post(reverse("portal:appointment-cancel", args=[booked.guid])).status_code == 404
    assert other.post(address, {"when": "x"}).status_code == 422


def test_the_page_asks_the_same_however_many_days_it_shows(client, address, person, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        client.get(address)
