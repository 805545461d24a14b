"""A second click on a button, or a second Enter, while the first is on its way sends nothing: in a browser."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Request, expect
from tests import factories as make

from banshi.catalog.models import Notice
from banshi.people.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def organizer() -> User:
    at = make.organ()
    one = make.user("organizer", at)
    make.post(one, "publisher", at)
    return one


def filled(page: Page) -> list[Request]:
    """Fill in a new notice, and note what is sent from now on."""
    page.goto(reverse("workbench:notice-new"))
    page.get_by_label("发布单位").select_option(index=1)
    page.get_by_label("标题").fill("停电通知")
    page.get_by_label("正文").fill("周一停电")
    sent: list[Request] = []
    page.on("request", lambda asked: sent.append(asked) if asked.method == "POST" else None)
    return sent


@pytest.mark.parametrize("press", ["two clicks", "two clicks of a button without data-once", "Enter twice"])
def test_a_second_click_sends_nothing(enter: Callable[..., Page], organizer: User, press: str) -> None:
    page = enter(organizer)
    sent = filled(page)
    button = page.locator("#the-form button[type=submit]")
    if press == "Enter twice":
        page.get_by_label("标题").focus()
        page.evaluate(
            "() => { const form = document.querySelector('#the-form'); form.requestSubmit(); form.requestSubmit(); }"
        )
    else:
        if "without" in press:
            button.evaluate("(each) => delete each.dataset.once")
        button.dblclick()
    expect(page.get_by_text("停电通知").first).to_be_visible()
    assert [each.url.endswith(reverse("workbench:notice-new")) for each in sent] == [True]
    assert Notice.objects.count() == 1


def test_without_scripts_the_site_makes_it_once_and_says_so(enter: Callable[..., Page], organizer: User) -> None:
    page = enter(organizer, java_script_enabled=False)
    sent = filled(page)
    page.locator("#the-form button[type=submit]").dblclick()
    expect(page.get_by_text("停电通知").first).to_be_visible()
    assert len(sent) == 2
    assert Notice.objects.count() == 1
