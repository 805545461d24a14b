"""The board of lights, as a supervisor, a head, a clerk and nobody see it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests import factories as make
from tests.cases.hall import Hall, accepted, hall, moment

from banshi.core.clock import stopped_at
from banshi.people.models import User
from banshi.sites.oversight.streams import read_news
from banshi.supervision.models import Irregularity
from banshi.supervision.warning import warn

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Hall:
    return hall()


@pytest.fixture
def supervisor(of: Hall) -> User:
    return make.user("supervisor", make.organ("示例县监察办"), full_name="钱监察")


def as_(who: User) -> Client:
    client = Client()
    client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[-1])
    session = client.session
    session.update({"staff": True, "ready": True})
    session.save()
    return client


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def test_every_figure_opens_its_list(of: Hall, supervisor: User) -> None:
    late, early = accepted(of, moment("10-19")), accepted(of, moment("11-20"))
    with stopped_at(moment("11-25")):
        client = as_(supervisor)
        assert f'?organ={of.bureau.pk}&light=red">1</a>' in text(client.get("/oversight/"))
        listed = text(client.get(f"/oversight/cases/?organ={of.bureau.pk}&light=red"))
        assert late.number in listed and early.number not in listed
        assert of.item.name in text(client.get("/oversight/?by=item"))


def test_one_of_too_many_organs_to_choose_among_is_found_by_its_name(
    of: Hall, supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, other = accepted(of, moment("10-19")), make.organ("示例县气象局")
    client, pages = as_(supervisor), ("/oversight/cases/", "/oversight/figures/", "/oversight/findings/")
    assert all('<select class="form-select" id="f-organ"' in _one_line(client.get(each)) for each in pages)
    monkeypatch.setattr("banshi.sites.kit.listing.organs.LISTED", 1)
    for each in pages:
        page = _one_line(client.get(f"{each}?organ={other.pk}"))
        assert 'type="search" id="f-organ" name="organ" value="示例县气象局" placeholder="名称里的字"' in page
    with stopped_at(moment("11-25")):
        assert case.number not in text(client.get("/oversight/cases/?organ=气象"))
        assert case.number in text(client.get(f"/oversight/cases/?organ={of.bureau.name[-3:]}"))
    assert client.get("/oversight/figures/?organ=气象").context["controls"][1].value == "示例县气象局"
    assert client.get("/oversight/figures/?organ=没有的").status_code == 404


def _one_line(response: Any) -> str:
    return " ".join(text(response).split())


def test_a_head_sees_the_own_cases_and_others_none(of: Hall) -> None:
    case = accepted(of, moment("10-19"))
    stranger = make.user("head", make.organ("邻县水利局", division=make.division("990203", "邻县")))
    with stopped_at(moment("11-25")):
        assert case.number in text(as_(of.head).get("/oversight/cases/"))
        assert case.number not in text(as_(stranger).get("/oversight/cases/"))
        assert as_(make.user("clerk", of.bureau)).get("/oversight/").status_code == 403
    assert Client().get("/oversight/").status_code == 302


def test_the_board_asks_as_often_for_many_as_for_one(
    of: Hall, supervisor: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for day in ("10-19", "11-02", "11-20"):
        accepted(of, moment(day))
    with stopped_at(moment("11-25")):
        client = as_(supervisor)
        client.get("/oversight/")
        with django_assert_max_num_queries(20):
            client.get("/oversight/")


def test_the_board_is_told_that_something_is_new_and_shows_it_when_asked(of: Hall, supervisor: User) -> None:
    accepted(of, moment("11-02"))
    before = read_news("all", moment("11-25")).state
    assert 'data-stream-here="/streams/supervision.all' in text(as_(supervisor).get("/oversight/"))
    warn(at=moment("12-01", 7))
    assert read_news("all", moment("12-01")).state != before


def test_overdue_to_order_to_answer_to_closed_by_the_pages_alone(of: Hall, supervisor: User) -> None:
    case = accepted(of, moment("11-02"))
    warn(at=moment("12-01", 7))
    it = Irregularity.objects.get(rule="case-overdue", case=case)
    page = f"/oversight/findings/{it.pk}/"
    with stopped_at(moment("12-01")):
        watcher, head = as_(supervisor), as_(of.head)
        assert case.number in text(watcher.get("/oversight/findings/?level=red&state=found"))
        assert "督办" in text(watcher.get(page)) and f"{page}order/" not in text(head.get(page))
        assert 'value="2026-12-08"' in text(watcher.get(f"{page}order/"))  # as a date field reads it
        assert watcher.post(f"{page}order/", {"words": "", "due": "2026-12-08"}).status_code == 422
        assert watcher.post(f"{page}order/", {"words": "请说明", "due": "2026-12-08"}).status_code == 302
        assert head.post(f"{page}answer/", {"words": "已经决定"}).status_code == 302
        assert watcher.post(f"{page}close/", {"words": "情况属实"}).status_code == 302
        assert "已结案" in text(head.get(page))
        assert as_(of.handler).get(page).status_code in (403, 404)
        assert "《中华人民共和国行政许可法》第四十二条" in text(watcher.get("/oversight/rules/"))
        assert watcher.get(f"{page}nothing/").status_code == 404
