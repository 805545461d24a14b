"""Errors of the domain become pages with a status, what happened, where, and a next door."""

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from tests import factories as make

from banshi.core.errors import BadInput, BanshiError, Conflict, Missing, Problem, Refused
from banshi.sites.kit.errors import ErrorPages, error_page


def asked(path="/", *, user=None, **headers):
    request = RequestFactory().get(path, headers=headers)
    request.user = user or AnonymousUser()
    return request


@pytest.mark.parametrize(
    ("error", "status"), [(Refused, 403), (Missing, 404), (Conflict, 409), (BadInput, 422), (BanshiError, 400)]
)
def test_each_error_has_its_status_and_says_what_where_and_what_to_do(error, status):
    response = error_page(asked(), error("表格打不开", where="目录.xlsx", remedy="请另存后再传。"))
    page = response.content.decode()
    assert response.status_code == status
    assert "表格打不开" in page and "目录.xlsx" in page and "请另存后再传。" in page


def test_citizens_are_shown_the_way_back_to_search():
    assert 'href="tel:12345"' in error_page(asked(), Missing("没有这个事项")).content.decode()


def test_staff_stay_in_the_frame_of_their_work(db):
    page = error_page(asked("/work/items/", user=make.user("clerk")), Refused("您没有权限")).content.decode()
    assert "staff-menu" in page and "您没有权限" in page


def test_a_refusal_costs_no_counting_for_the_menu(client, db, django_assert_num_queries):
    """Session, person, posts, item: no figure beside an entry is asked for."""
    client.force_login(make.user("publisher"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    nothing = "/work/items/00000000-0000-7000-8000-000000000000/"
    with django_assert_num_queries(4):
        response = client.get(nothing)
    assert response.status_code == 404
    assert "审核台" not in response.content.decode() and "动态调整" in response.content.decode()


@pytest.mark.parametrize(
    ("sent", "kept"), [({"task": ["123", "124"]}, False), ({"task": "123", "words": "请尽快核对"}, True)]
)
def test_what_was_written_is_there_again_and_ticked_rows_lead_back_to_their_list(db, sent, kept):
    request = RequestFactory().post(
        "/work/cases/accept/", sent, headers={"referer": "http://testserver/work/cases/?show=unit"}
    )
    request.user = make.user("clerk")
    page = error_page(request, Conflict("别人刚改过")).content.decode()
    assert ("您填的内容都在这里" in page and "请尽快核对" in page and "改好再提交" in page) == kept
    assert 'href="http://testserver/work/cases/?show=unit"' in page


def test_nobody_is_led_back_to_another_site():
    page = error_page(asked(referer="https://elsewhere.example/work/"), Missing("没有这个事项")).content.decode()
    assert "elsewhere" not in page and "返回刚才的页面" not in page


def test_what_is_too_large_to_be_read_says_so_and_leads_back(client):
    announced = {"CONTENT_LENGTH": str(300 * 1024 * 1024), "HTTP_REFERER": "http://testserver/my/cases/7/"}
    answer = client.post("/my/cases/7/materials/0/", **announced)
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "一次上传了300MB" in page and 'href="http://testserver/my/cases/7/"' in page


def test_htmx_gets_a_fragment_for_the_place_of_notices():
    response = error_page(asked(**{"HX-Request": "true"}), Conflict("别人刚改过", remedy="请刷新。"))
    assert response["HX-Retarget"] == "#notices"
    assert "<html" not in response.content.decode() and "请刷新。" in response.content.decode()


def test_every_problem_is_listed_up_to_fifty():
    problems = [Problem("重复", where=f"Sheet1!B{row}") for row in range(60)]
    page = error_page(asked(), BadInput("有60处要改", problems)).content.decode()
    assert "Sheet1!B49" in page and "Sheet1!B50" not in page and "还有 10 处" in page


def test_script_in_an_error_is_shown_as_text():
    page = error_page(asked(), Missing("<script>alert(1)</script>")).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_other_exceptions_are_left_to_django():
    assert ErrorPages(lambda request: None).process_exception(asked(), ValueError("x")) is None


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_the_plain_error_pages_render(name):
    from django.template.loader import render_to_string

    page = render_to_string(name, request=None if name == "500.html" else asked())
    assert "<h1>" in page and ('href="/"' in page)
