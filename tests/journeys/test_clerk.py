"""A clerk writes a guide, a publisher publishes it, and people find it: in a browser."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.factories import draft, guide, item, organ, publication, reference, user
from tests.journeys.conftest import AXE_EVERY, fits_everywhere, staff_widths
from tests.processes import DEADLINE

from banshi.catalog.models import Item, Revision

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("moving_in")]
PAUSE = 1_300
"""Milliseconds without a stroke after which the editor saves."""


@pytest.fixture
def bureau(live_server: Any) -> dict[str, Any]:
    """A bureau with a clerk and a publisher, one guide in force and one line that is not."""
    own = organ("示例县教育局")
    reference()
    return {
        "clerk": user("clerk", own, full_name="陈经办"),
        "colleague": user("clerk", own, full_name="李同事"),
        "publisher": user("publisher", own, full_name="周公布"),
        "item": publication(item(own, guide("小学入学报名"))).item,
        "draft": item(own, guide("校服补贴申领")),
    }


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("BANSHI_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"clerk-{name}.png")


def names_of(it: Item, table: str) -> list[str]:
    return [row.name for row in getattr(it.revisions.get(state=Revision.State.DRAFT).guide, table)]


def wait_saved(page: Page) -> None:
    """A while after the last stroke, which on a page with a clock of its own passes at once."""
    page.clock.fast_forward(PAUSE)
    expect(page.locator("#save-state")).to_have_text(re.compile(r"^已保存 \d\d:\d\d$"))


def wait_named(page: Page, it: Item, table: str, names: list[str]) -> None:
    """Until that is what is saved: a row dragged is told of a moment after it is let go."""
    until = time.monotonic() + DEADLINE
    while names_of(it, table) != names:
        assert time.monotonic() < until, names_of(it, table)
        page.clock.fast_forward(PAUSE)
        page.wait_for_timeout(50)
    wait_saved(page)


def test_a_guide_goes_from_the_clerks_desk_to_the_citizens_search(
    bureau: dict[str, Any], enter: Callable[..., Page]
) -> None:
    it = bureau["item"]
    page = enter(bureau["clerk"])
    page.clock.install()
    page.goto("/work/items/")
    page.get_by_role("link", name="小学入学报名").click()
    panel = page.locator("dialog.side-panel")
    expect(panel).to_be_visible()
    picture(page, "1-list-with-panel")
    panel.get_by_role("button", name="编写").click()
    expect(page).to_have_url(re.compile("/edit/$"))

    materials = page.locator('[data-rows="materials"]')
    materials.get_by_role("button", name="加一项").click()
    page.keyboard.type("出生医学证明")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    wait_saved(page)
    assert names_of(it, "materials") == ["出生医学证明", "居民户口簿", "不动产权证书"]
    picture(page, "2-material-added-and-moved")

    chart = page.locator("#flow-chart")
    expect(chart).not_to_contain_text("实地走访")
    steps = page.locator('[data-rows="steps"]')
    steps.get_by_role("button", name="加一项").click()
    page.keyboard.type("实地走访")
    page.keyboard.press("Alt+ArrowUp")
    expect(chart).to_contain_text("实地走访")
    wait_saved(page)
    assert names_of(it, "steps") == ["受理", "审核", "实地走访", "发放入学通知书"]
    chart.scroll_into_view_if_needed()
    picture(page, "3-flow-chart-follows")

    page.get_by_role("link", name="改了什么").click()
    expect(page.locator("#side ins.diff").first).to_be_visible()
    picture(page, "4-difference")
    expect(page.get_by_role("link", name="核对并公布")).to_have_count(0)

    page = enter(bureau["publisher"])
    page.goto(f"/work/items/{it.guid}/")
    page.get_by_role("link", name="核对并公布").click()
    expect(page.get_by_text("公众页面马上显示第2版")).to_be_visible()
    picture(page, "5-check-before-publishing")
    page.get_by_label("这次为什么改").fill("增加出生医学证明")
    page.get_by_role("button", name="公布第2版").click()
    expect(page.get_by_role("heading", name="第2版已公布")).to_be_visible()
    picture(page, "6-published")

    page = enter(None, width=390)
    page.goto("/search?q=出生医学证明")
    page.get_by_role("link", name="小学入学报名").first.click()
    expect(page.locator("main")).to_contain_text("出生医学证明")
    expect(page.locator("main")).to_contain_text("实地走访")
    picture(page, "7-citizen-sees-it")


def test_a_column_that_was_hidden_stays_hidden(bureau: dict[str, Any], enter: Callable[..., Page]) -> None:
    page = enter(bureau["clerk"])
    page.goto("/work/items/")
    column = page.get_by_role("columnheader", name="完整度")
    expect(column).to_be_visible()
    page.locator(".columns summary").focus()
    page.keyboard.press("Enter")
    picture(page, "10-choosing-columns")
    page.get_by_role("checkbox", name="完整度").uncheck()
    expect(column).to_be_hidden()
    page.keyboard.press("Escape")
    page.reload()
    expect(column).to_be_hidden()
    expect(page.locator(".columns summary")).to_have_text("选列（藏了1列）")
    page.locator(".columns summary").click()
    page.get_by_role("checkbox", name="完整度").check()
    expect(column).to_be_visible()


def test_what_is_typed_without_a_network_is_offered_again(bureau: dict[str, Any], enter: Callable[..., Page]) -> None:
    it = bureau["draft"]
    page = enter(bureau["clerk"])
    page.clock.install()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/work/items/{it.guid}/edit/")
    page.route("**/edit/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_label("一句话说明").fill("断网时写的说明")
    page.clock.fast_forward(PAUSE)
    expect(page.locator("#save-state")).to_contain_text("存在这台电脑上")
    fresh = page.context.new_page()
    fresh.goto(f"/work/items/{it.guid}/edit/")
    page.close(run_before_unload=False)
    assert fresh.get_by_label("一句话说明").input_value() != "断网时写的说明"
    fresh.get_by_role("button", name="找回来看").click()
    expect(fresh.get_by_label("一句话说明")).to_have_value("断网时写的说明")
    wait_saved(fresh)
    assert draft(it).guide.summary == "断网时写的说明"


def test_what_a_full_disk_did_not_take_is_told_and_saved_by_itself_later(
    bureau: dict[str, Any], enter: Callable[..., Page]
) -> None:
    it = bureau["draft"]
    page = enter(bureau["clerk"])
    page.clock.install()
    page.goto(f"/work/items/{it.guid}/edit/")
    full = {"message": "服务器的磁盘已满，没有保存", "remedy": "请系统管理员腾出空间后再试。"}
    page.route("**/edit/", lambda route: route.fulfill(status=507, json=full), times=1)
    page.get_by_label("一句话说明").fill("磁盘满时写的说明")
    page.clock.fast_forward(PAUSE)
    expect(page.locator("#save-state")).to_have_text("服务器的磁盘已满，没有保存，内容先存在这台电脑上，会自动再试")
    page.clock.fast_forward(10_000)
    expect(page.locator("#save-state")).to_have_text(re.compile(r"^已保存"))
    assert draft(it).guide.summary == "磁盘满时写的说明"


def test_a_word_for_a_number_is_told_at_the_field_while_the_rest_is_saved(
    bureau: dict[str, Any], enter: Callable[..., Page]
) -> None:
    it = bureau["draft"]
    page = enter(bureau["clerk"])
    page.clock.install()
    page.goto(f"/work/items/{it.guid}/edit/")
    limit = page.locator("#promised_limit-value")
    limit.fill("三天")
    page.get_by_label("承办机构").fill("南门窗口")
    page.clock.fast_forward(PAUSE)
    expect(page.locator('[data-field="promised_limit.value"] .wrong')).to_contain_text("三天")
    assert limit.input_value() == "三天"
    assert draft(it).guide.undertaker == "南门窗口"
    limit.fill("3")
    wait_saved(page)
    expect(page.locator('[data-field="promised_limit.value"] .wrong')).to_have_count(0)
    assert draft(it).guide.promised_limit.value == 3


def test_the_second_of_two_writers_chooses_and_loses_nothing(
    bureau: dict[str, Any], enter: Callable[..., Page]
) -> None:
    it = bureau["draft"]
    first, second = enter(bureau["clerk"]), enter(bureau["colleague"])
    for page in (first, second):
        page.clock.install()
        page.goto(f"/work/items/{it.guid}/edit/")
    second.get_by_label("承办机构").fill("南门窗口")
    wait_saved(second)
    first.get_by_label("一句话说明").fill("新写的说明")
    first.clock.fast_forward(PAUSE)
    first.get_by_role("button", name="对照两份内容").click()
    expect(first.get_by_role("heading", name="两个人改了同一份草稿")).to_be_visible()
    expect(first.locator("body")).to_contain_text("李同事")
    picture(first, "8-two-writers")
    first.get_by_role("button", name="合在一起并保存").click()
    expect(first.get_by_label("承办机构")).to_have_value("南门窗口")
    expect(first.get_by_label("一句话说明")).to_have_value("新写的说明")


def test_a_removed_row_comes_back_and_a_row_is_dragged(bureau: dict[str, Any], enter: Callable[..., Page]) -> None:
    it = bureau["draft"]
    page = enter(bureau["clerk"])
    page.clock.install()
    page.goto(f"/work/items/{it.guid}/edit/")
    materials = page.locator('[data-rows="materials"]')
    materials.get_by_role("button", name="移除").first.click()
    wait_named(page, it, "materials", ["不动产权证书"])
    materials.get_by_role("button", name="撤销移除").click()
    wait_named(page, it, "materials", ["居民户口簿", "不动产权证书"])
    grips = materials.locator("[data-grip]")
    grips.nth(0).drag_to(grips.nth(1), target_position={"x": 4, "y": 20})
    wait_named(page, it, "materials", ["不动产权证书", "居民户口簿"])


def test_a_guide_is_written_without_scripts(bureau: dict[str, Any], enter: Callable[..., Page]) -> None:
    it = bureau["draft"]
    page = enter(bureau["clerk"], java_script_enabled=False)
    page.goto(f"/work/items/{it.guid}/edit/")
    page.locator('[data-rows="materials"]').get_by_role("button", name="加一项").click()
    page.locator('[name="materials.n0.name"]').fill("出生医学证明")
    page.locator("#materials-n0").get_by_role("button", name="上移").click()
    page.locator(".editor-foot button").click()
    assert names_of(it, "materials") == ["居民户口簿", "出生医学证明", "不动产权证书"]
    page.get_by_role("link", name="要改什么").click()
    expect(page.locator("#side")).to_contain_text("出生医学证明")


def test_the_list_is_worked_by_keyboard(bureau: dict[str, Any], enter: Callable[..., Page]) -> None:
    page = enter(bureau["publisher"])
    page.goto("/work/items/")
    rows = page.locator("tbody tr[data-row]")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[data-chosen-bar]")).to_contain_text("已选 1 项")
    page.keyboard.press("Enter")
    expect(page.locator("dialog.side-panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(rows.nth(1).locator("a")).to_be_focused()
    page.get_by_role("button", name="公布所选…").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@staff_widths
def test_staff_pages_are_accessible_and_fit(width: int, bureau: dict[str, Any], enter: Callable[..., Page]) -> None:
    """axe finds nothing on any kind of page, and nothing is wider than the screen."""
    it, started = bureau["item"], bureau["draft"]
    pages = {
        "today": "/work/",
        "items": "/work/items/",
        "nothing": "/work/items/?q=没有这样的",
        "new": "/work/items/new/",
        "item": f"/work/items/{it.guid}/",
        "identity": f"/work/items/{it.guid}/identity/",
        "editor": f"/work/items/{started.guid}/edit/",
        "findings": f"/work/items/{started.guid}/edit/?side=findings",
        "discard": f"/work/items/{started.guid}/edit/discard/",
        "publish": f"/work/items/{started.guid}/publish/",
        "published": f"/work/items/{it.guid}/published/1/",
        "versions": f"/work/items/{it.guid}/versions/?day=2026-11-23",
        "version": f"/work/items/{it.guid}/versions/1/",
        "suspend": f"/work/items/{it.guid}/suspend/",
        "merge": f"/work/items/{it.guid}/merge/",
        "withdraw": f"/work/items/{it.guid}/withdraw/",
        "split": f"/work/items/{it.guid}/split/",
        "references": "/work/references/",
        "reference-new": "/work/references/new/",
        "claim": f"/work/items/{it.guid}/reference/",
        "notices": "/work/notices/",
        "notice-new": "/work/notices/new/",
    }
    page, axe, found = enter(bureau["publisher"], width=width), Axe(), []
    for place, (name, address) in enumerate(pages.items()):
        assert page.goto(address).status == 200, name  # type: ignore[union-attr]
        if place % AXE_EVERY == 0:
            result = axe.run(page)
            found += [f"{name}: {each['id']} {each['nodes'][0]['target']}" for each in result.response["violations"]]
        if not fits_everywhere(page):
            found.append(f"{name}: wider than the screen")
        picture(page, f"{name}-{width}")
    assert found == []
