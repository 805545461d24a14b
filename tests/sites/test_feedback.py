"""Feedback on its pages: rating by code, the desk of bad ratings, figures; who was rated and strangers see nothing."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.cases.hall import hall, moment, submitted
from tests.feedback.test_ratings import badly_rated, served

from banshi.core.clock import stopped_at
from banshi.feedback.models import BadRating, Rating
from banshi.ledger.models import LedgerEntry
from banshi.people.models import User

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-05-11")


@pytest.fixture(autouse=True)
def on_monday() -> Any:
    with stopped_at(MONDAY):
        yield


def as_(who: User) -> Client:
    client = Client()
    client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[-1])
    session = client.session
    session.update({"staff": True, "ready": True})
    session.save()
    return client


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return str(response.content.decode())


def test_a_code_opens_the_page_and_one_grade_is_enough() -> None:
    of = hall()
    invitation = served(of, window="3号窗口")
    client = Client()
    assert client.post("/rate/", {"code": f" {invitation.code.lower()} "}).url == f"/rate/{invitation.code}/"
    page = f"/rate/{invitation.code}/"
    assert "3号窗口" in text(client.get(page))
    assert "必填" in text(client.post(page, {"words": "写了没选"}), 422)
    assert "写了没选" in text(client.post(page, {"words": "写了没选"}), 422)
    assert client.post(page, {"grade": "1"}).status_code == 302
    assert "已经收到评价：<strong>非常满意" in text(client.get(page))
    assert text(client.post(page, {"grade": "5"})) and Rating.objects.get().grade == 1
    assert "没有这个评价码" in text(client.post("/rate/", {"code": "NONE"}), 422)
    assert client.get("/rate/NONE/").status_code == 404


def test_the_way_of_a_bad_rating_from_the_phone_to_the_second_rating() -> None:
    of = hall()
    invitation = served(of, at=MONDAY)
    page = f"/rate/{invitation.code}/"
    refused = text(Client().post(page, {"grade": "5", "named": "on"}), 422)
    assert "实名评价请留电话" in refused
    given = {
        "grade": "5",
        "tags": ["many_trips"],
        "words": "跑了三趟",
        "named": "on",
        "name": "林",
        "phone": "13800000000",
    }
    assert Client().post(page, given).status_code == 302
    bad = BadRating.objects.get()
    head, desk = as_(of.head), reverse("workbench:bad-ratings")
    assert "取水许可" in text(head.get(desk))
    one = reverse("workbench:bad-rating", args=[bad.pk])
    shown = text(head.get(one))
    assert "跑了三趟" in shown and "13800000000" not in shown and "5月12日" in shown
    assert "13800000000" in text(head.post(f"{one}rater/"))
    assert head.post(f"{one}act/contact/", {"words": "电话核实，属实"}).status_code == 302
    assert "必填" in text(head.post(f"{one}act/settle/", {"outcome": "mended"}), 422)
    assert head.post(f"{one}act/settle/", {"outcome": "mended", "words": "改为一次告知"}).status_code == 302
    told = text(Client().get(page))
    assert "改为一次告知" in told and "再评价一次" in told
    assert Client().post(f"{page}again/", {"grade": "2"}).status_code == 302
    assert head.post(f"{one}act/call-back/", {"satisfied": "yes", "words": "认可"}).status_code == 302
    assert BadRating.objects.get().state == "closed"
    assert head.post(f"{one}act/call-back/", {"satisfied": "yes", "words": "认可"}).status_code == 403
    assert "收到1条，已经处理1条，回访认可1条" in text(Client().get("/ratings/")).replace("\n", "").replace(" ", "")


def test_who_was_rated_sees_no_words_and_is_refused_who_rated() -> None:
    of = hall()
    one = reverse("workbench:bad-rating", args=[badly_rated(of).pk])
    handler = as_(of.handler)
    shown = text(handler.get(one))
    assert "评的是您经办的服务" in shown and "跑了三趟" not in shown and "申诉" in shown
    assert "这次查看已经记录" in text(handler.post(f"{one}rater/"), 403)
    assert LedgerEntry.objects.filter(action="feedback.refuse_look").count() == 1
    assert handler.post(f"{one}act/contact/", {"words": "我来"}).status_code == 403
    assert handler.post(f"{one}act/appeal/", {"words": "没有来办过"}).status_code == 302


def test_strangers_learn_of_no_bad_rating() -> None:
    of = hall()
    one = reverse("workbench:bad-rating", args=[badly_rated(of).pk])
    stranger = as_(make.user("head", make.organ()))
    for address in (one, f"{one}act/contact/"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{one}rater/").status_code == 404
    assert "取水许可" not in text(stranger.get(reverse("workbench:bad-ratings")))
    assert Client().get(one).status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_costs_the_same_with_more_rows(rows: int, django_assert_max_num_queries: Any) -> None:
    of = hall()
    from banshi.access import Visitor
    from banshi.feedback.actions import rate

    for _ in range(rows):
        rate(served(of, make.user(), at=MONDAY), grade=5, by=Visitor(), at=MONDAY)
    client = as_(of.head)
    client.get(reverse("workbench:bad-ratings"))
    with django_assert_max_num_queries(25):
        assert "差评" in text(client.get(reverse("workbench:bad-ratings")))


def test_a_counter_makes_one_code_for_a_case() -> None:
    of = hall()
    case = submitted(of, moment("05-06"))
    window, page = as_(of.window), reverse("workbench:case-rating", args=[case.pk])
    assert "生成评价码" in text(window.get(page))
    window.post(page)
    window.post(page)
    code = case.rating_invitation.code
    assert code in text(window.get(page)) and "<svg" in text(window.get(page))
    own = as_(of.citizen).get(reverse("portal:my-case", args=[case.pk]))
    assert f"/rate/{code}/" in text(own)
    assert as_(of.citizen).get(f"/my/ratings/{case.rating_invitation.pk}/").url == f"/rate/{code}/"
    assert as_(of.head).get(f"/my/ratings/{case.rating_invitation.pk}/").status_code == 404


def test_the_figures_have_three_views() -> None:
    badly_rated(hall())
    for by in ("organ", "item", "window"):
        assert "评价公示" in text(Client().get(f"/ratings/?by={by}&days=365"))
    assert "人数太少，不公布" in text(Client().get("/ratings/"))
