"""The page of an outage sends what was typed again, by itself or when asked, unless one says no: in a browser."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import RequestFactory
from playwright.sync_api import Page, expect

from banshi.core.outages import DatabaseBusy
from banshi.sites.kit import errors

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPED = {"words": "第一行\n<第二行>", "submit": "1"}


@pytest.fixture
def busy(live_server: Any, enter: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Page]:
    """The page as it is answered while the database is locked."""

    def shown(seconds: int) -> Page:
        monkeypatch.setattr(errors, "RETRY_SECONDS", seconds)
        request = RequestFactory().post("/notices/", TYPED)
        answer = errors.outage_page(request, DatabaseBusy("数据库正忙，没有保存", remedy="请过一会儿再试。"))
        page = enter(None)
        page.clock.install()
        page.route("**/busy/", lambda route: route.fulfill(body=answer.content, content_type="text/html"))
        page.goto("/busy/")
        return page

    return shown


def test_it_is_sent_again_by_itself(busy: Callable[[int], Page]) -> None:
    page = busy(2)
    with page.expect_request(lambda asked: asked.method == "POST") as sent:
        expect(page.get_by_text("秒后自动再试")).to_be_visible()
        page.clock.run_for(2_000)
    told = parse_qs(sent.value.post_data or "")
    assert {name: values[0].replace("\r\n", "\n") for name, values in told.items()} == TYPED


def test_unless_one_says_no_and_then_when_asked(busy: Callable[[int], Page]) -> None:
    page = busy(60)
    page.get_by_role("button", name="先不试").click()
    expect(page.get_by_text("秒后自动再试")).to_be_hidden()
    with page.expect_request(lambda asked: asked.method == "POST"):
        page.get_by_role("button", name="再试一次").click()
