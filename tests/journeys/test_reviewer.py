"""A reviewer at the desk, and an expert on a phone, in a real browser."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns
from tests.journeys.conftest import fits
from tests.processes import DEADLINE

from banshi.campaigns import actions
from banshi.campaigns.models import Entry, Review

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def entries() -> list[Entry]:
    unit = campaigns.opened("two-rounds", items=3, division=make.division("9901", "示例市", 3))
    found = campaigns.reported(unit)
    campaigns.at_desk(unit.campaign)
    return found


@pytest.fixture
def desk(client: Any, live_server: Any, open_page: Callable[..., Page], entries: list[Entry]) -> Iterator[Page]:
    """The queue; at the end the page is left as people leave it, and what it sends then has arrived."""
    reviewer = campaigns.reviewer_of(campaigns.lead_of(entries[0]))
    client.force_login(reviewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = open_page("/", width=1440)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(live_server.url + reverse("workbench:desk"))
    yield page
    for _ in range(2):
        page.goto(live_server.url + reverse("workbench:desk"))
        page.wait_for_load_state("networkidle")


def opened(page: Page, entry: Entry) -> None:
    """The item's page is there, and has said that somebody looks."""
    expect(page.locator("h1")).to_have_text(entry.item.name)
    expect(page.locator(".claimed")).to_contain_text("您在看这一项")


def test_from_the_queue_by_keyboard_to_the_next_item(
    desk: Page, entries: list[Entry], is_accessible: Callable[[Page], None], picture: Callable[[Page, str], None]
) -> None:
    is_accessible(desk)
    picture(desk, "desk-queue")
    desk.locator("tr[data-row]").first.focus()
    desk.keyboard.press("Enter")
    opened(desk, entries[0])
    is_accessible(desk)
    desk.keyboard.press("j")
    opened(desk, entries[1])
    desk.keyboard.press("k")
    opened(desk, entries[0])
    desk.get_by_role("button", name="各条都没有问题").click()
    picture(desk, "desk-entry")
    desk.get_by_role("button", name="提出意见，看下一项").click()
    opened(desk, entries[1])
    expect(desk.locator("#notices")).to_contain_text("还有2项待审")
    assert Review.objects.get(entry=entries[0], body__code="lead").verdict == "agree"


def test_what_was_typed_is_there_again_and_goes_once_it_is_given(desk: Page, entries: list[Entry]) -> None:
    address = desk.url.rstrip("/") + f"/entries/{entries[0].guid}/"
    desk.goto(address)
    expect(desk.locator(".claimed")).to_be_visible()
    desk.locator('input[name="answer-lawful"][value="no"]').check()
    desk.locator('textarea[name="text-lawful"]').fill("没有写到条款")
    desk.reload()
    expect(desk.locator("[data-kept-note]")).to_contain_text("已恢复")
    expect(desk.locator('textarea[name="text-lawful"]')).to_have_value("没有写到条款")
    for name in ("materials", "proofs", "process", "simplified", "purchase"):
        desk.locator(f'input[name="answer-{name}"][value="yes"]').check()
    desk.locator('input[name="verdict"][value="change"]').check()
    desk.get_by_role("button", name="提出意见，看下一项").click()
    expect(desk.locator("#notices")).to_contain_text("需修改")
    opened(desk, entries[1])
    assert desk.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('desk:')).length") == 0


def test_who_only_looked_leaves_it_free(desk: Page, entries: list[Entry]) -> None:
    queue = desk.url
    desk.goto(queue.rstrip("/") + f"/entries/{entries[0].guid}/")
    expect(desk.locator(".claimed")).to_be_visible()
    desk.goto(queue)
    until = time.monotonic() + DEADLINE
    while "没人在看" not in desk.locator("tr[data-row]").first.inner_text():
        assert time.monotonic() < until
        desk.reload()  # what a page sends when it is left may arrive after the next one is asked for


def test_an_expert_reads_and_writes_on_a_phone(
    open_page: Callable[..., Page],
    entries: list[Entry],
    is_accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    legal = entries[0].campaign.bodies.get(code="legal")
    until = campaigns.FINAL.replace(year=2099)
    _, secret = actions.invite_expert(legal, name="钱教授", until=until, entries=entries[:1], by=TESTS, at=NOON)
    page = open_page(reverse("portal:expert", args=[secret]), width=390)
    is_accessible(page)
    assert fits(page)
    page.get_by_label("都没有").check()
    page.get_by_role("button", name="申报，开始看事项").click()
    is_accessible(page)
    page.get_by_role("link", name=entries[0].item.name).click()
    assert fits(page)
    is_accessible(page)
    picture(page, "expert-entry")
    page.get_by_role("button", name="各条都没有问题").click()
    page.locator("#opinion-note").fill("依据充分，同意保留")
    page.get_by_role("button", name="提交论证意见").click()
    expect(page.locator("main")).to_contain_text("都提了意见，谢谢您")
