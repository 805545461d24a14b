"""大厅 in the console: seen, changed, closed early, by who manages it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.window.hall import Town, town

from banshi.core.clock import stopped_at
from banshi.window.models import Hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def of():
    built = town()
    with stopped_at(built.later()):
        yield built


@pytest.fixture
def manager(of: Town, client: Client) -> Client:
    client.force_login(of.manager)
    return client


def test_a_manager_sees_the_day_and_how_well_waits_were_foreseen(of, manager):
    of.ticket()
    of.sits()
    of.calls()
    page = manager.get(reverse("console:hall", args=[of.hall.pk])).content.decode()
    assert "1个，等候0人，正在办1人" in page
    assert "（1次）" in page and "/hall/kiosk/center.1~" in page


def test_a_manager_changes_hours_counters_and_places(of, manager):
    address = reverse("console:hall-change", args=[of.hall.pk])
    told = {
        "name": "新大厅",
        "address": "示例路3号",
        "working": "8:30-12:00，14:00-18:00",
        "rest": "",
        "aids": "轮椅、老花镜",
    }
    assert manager.post(address, told).status_code == 302
    of.hall.refresh_from_db()
    assert of.hall.hours == {"working": [["08:30", "12:00"], ["14:00", "18:00"]], "rest": []}
    assert of.hall.aids == ["轮椅", "老花镜"]
    wrong = manager.post(address, {**told, "working": "早上到晚上"})
    assert wrong.status_code == 422 and "读不懂这个时间" in wrong.content.decode()
    manager.post(
        reverse("console:hall-counter", args=[of.hall.pk]), {"number": 8, "skills": [of.social.pk], "active": "on"}
    )
    assert of.hall.counters.get(number=8).active
    manager.post(reverse("console:hall-places", args=[of.hall.pk, of.social.pk]), {"morning": 5, "afternoon": 6})
    of.social.refresh_from_db()
    assert (of.social.morning_places, of.social.afternoon_places) == (5, 6)


def test_a_manager_closes_early_after_being_told_who_waits(of, manager):
    of.ticket()
    address = reverse("console:hall-close", args=[of.hall.pk])
    assert "现在有1人在等" in manager.get(address).content.decode()
    manager.post(address)
    of.hall.refresh_from_db()
    assert of.hall.closed_on
    manager.post(reverse("console:hall-reopen", args=[of.hall.pk]))
    of.hall.refresh_from_db()
    assert of.hall.closed_on is None


def test_a_hall_is_set_from_a_file(settings, client):
    office = make.organ("示例市政务服务管理局")
    make.organ("示例市教育局")
    client.force_login(make.user("hall_manager", office))
    file = SimpleUploadedFile("hall.toml", (settings.DATA / "halls" / "example.toml").read_bytes())
    assert client.post(reverse("console:hall-load"), {"file": file}).status_code == 302
    assert Hall.objects.get().counters.count() == 5


def test_a_clerk_and_a_manager_elsewhere_see_none_of_it(of, client):
    client.force_login(of.clerks[0])
    assert client.get(reverse("console:halls")).status_code == 403
    client.force_login(make.user("hall_manager", make.organ(division=make.division("990203", "邻县"))))
    assert client.get(reverse("console:hall", args=[of.hall.pk])).status_code == 404
