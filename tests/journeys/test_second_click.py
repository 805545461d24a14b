"""A second click on a button, or a second Enter, while the first is on its way sends nothing: in a browser."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect
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


@pytest.fixture
def filled(enter: Callable[..., Page], organizer: User) -> tuple[Page, list[Route]]:
    """A new notice filled in; what is sent of it is held on its way, as by a slow network."""
    page, held = enter(organizer), list[Route]()
    page.goto(reverse("workbench:notice-new"))
    page.get_by_label("发布单位").select_option(index=1)
    page.get_by_label("标题").fill("停电通知")
    page.get_by_label("正文").fill("周一停电")
    page.route(
        f"**{reverse('workbench:notice-new')}",
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    return page, held


def press_three_times(page: Page, how: str) -> str:
    """Press again and again while the first is held, and tell what the page then says of its button."""
    script = """(how) => {
        const form = document.querySelector('#the-form'), button = form.querySelector('[data-once]');
        const press = () => how === 'click' ? button.click() : form.requestSubmit();
        press();
        setTimeout(press, 100);
        setTimeout(() => { press(); console.log(`pressed, disabled ${button.disabled}`); }, 200);
    }"""
    with page.expect_console_message(lambda said: said.text.startswith("pressed")) as said:
        page.evaluate(script, how)
    return said.value.text


@pytest.mark.parametrize(("how", "disabled"), [("submit", "false"), ("click", "true")])
def test_a_second_press_while_the_first_is_on_its_way_sends_nothing(
    filled: tuple[Page, list[Route]], how: str, disabled: str
) -> None:
    page, held = filled
    assert press_three_times(page, how) == f"pressed, disabled {disabled}"
    assert len(held) == 1
    held[0].continue_()
    expect(page.get_by_text("停电通知").first).to_be_visible()
    assert Notice.objects.count() == 1
