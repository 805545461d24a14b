"""上门服务 pages: ordered, put in a route, ticked off on the way."""

import pytest
from django.test import Client
from tests import factories as make
from tests.cases.hall import Hall, a_guide, hall
from tests.reception.counter import NAME, NUMBER, person_before

from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import now
from banshi.people.models import User
from banshi.reception.actions import order_visit
from banshi.reception.models import HomeVisit, Reception

pytestmark = pytest.mark.django_db
GIVEN = {"number": NUMBER, "name": NAME, "phone": "13800000000", "address": "示例镇一组3号", "half": "morning"}


@pytest.fixture
def of() -> Hall:
    return hall(a_guide(at_home=True))


@pytest.fixture
def as_clerk(of: Hall, client: Client) -> Client:
    client.force_login(of.window)
    return client


def a_day() -> str:
    return calendar_in_force().next_working(now().date()).isoformat()


def ordered(of: Hall, person: User | None = None) -> HomeVisit:
    person = person or person_before(of.window, now())
    given = {"address": "示例镇一组3号", "phone": "13800000000", "on": calendar_in_force().next_working(now().date())}
    return order_visit(of.item, person=person, **given, half="morning", by=of.window, at=now())  # type: ignore[arg-type]


def test_ordered_routed_received_and_done(of: Hall, as_clerk: Client) -> None:
    sent = as_clerk.post("/counter/visits/", {**GIVEN, "item": str(of.item.guid), "on": a_day()})
    page = as_clerk.get(sent.headers["Location"]).content.decode()
    assert "示例镇一组3号" in page and "林*例" in page
    visit = HomeVisit.objects.get()
    route = as_clerk.get(f"/counter/visits/route/?day={a_day()}").content.decode()
    assert "取水申请书" in route and NAME in route  # who goes to the door knows for whom to ask
    given = {"number": NUMBER, "name": NAME}
    as_clerk.post(f"/counter/reception/item/{of.item.guid}/?visit={visit.guid}", given)
    assert Reception.objects.get().visit == visit
    answer = as_clerk.post(f"/counter/visits/{visit.guid}/done/", headers={"accept": "application/json"})
    assert answer.json() == {"state": "done"}
    assert as_clerk.post(f"/counter/visits/{visit.guid}/nothing/").status_code == 404


def test_moved_earlier_and_cancelled(of: Hall, as_clerk: Client) -> None:
    first, second = ordered(of), ordered(of, make.user(full_name="陈小例"))
    as_clerk.post(f"/counter/visits/{second.guid}/earlier/")
    assert [each.pk for each in HomeVisit.objects.all()] == [second.pk, first.pk]
    as_clerk.post(f"/counter/visits/{first.guid}/cancel/")
    assert as_clerk.get(f"/counter/visits/?day={a_day()}").content.decode().count("往前排") == 1


def test_what_is_wrong_is_told_and_what_was_typed_stays(of: Hall, as_clerk: Client) -> None:
    page = as_clerk.post("/counter/visits/", {**GIVEN, "item": str(of.item.guid), "on": "", "phone": "1"})
    assert page.status_code == 422 and "示例镇一组3号" in page.content.decode()
    page = as_clerk.post("/counter/visits/", {**GIVEN, "item": "", "on": a_day()})
    assert page.status_code == 422 and "请选要上门办的事项" in page.content.decode()
    assert "示例镇一组3号" in page.content.decode()


def test_a_stranger_finds_none(of: Hall, client: Client) -> None:
    visit = ordered(of)
    client.force_login(make.user("window", make.organ(division=make.division("990203", "远方县"))))
    assert client.post(f"/counter/visits/{visit.guid}/done/").status_code == 404
    assert "示例镇" not in client.get(f"/counter/visits/?day={a_day()}").content.decode()
