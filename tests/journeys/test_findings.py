"""A clerk sees what is wrong beside what is typed, and accepts a proposal by one click."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests.factories import guide, item, organ, user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(client: Any, live_server: Any, open_page: Callable[..., Page]) -> Page:
    """The editor of a draft that says it is free and payable online, open for its clerk."""
    office = organ("示例县教育局")
    it = item(office, guide("小学入学报名", charged=False, pay_online=True))
    client.force_login(user("clerk", office), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = open_page("/")
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(live_server.url + reverse("workbench:editor", args=[it.guid]) + "?side=findings")
    page.draft = it.revisions.get()  # type: ignore[attr-defined]
    return page


def test_findings_stand_beside_the_field_and_one_click_settles_them(
    editor: Page, picture: Callable[[Page, str], None]
) -> None:
    beside = editor.locator('[data-field="pay_online"] .advice')
    expect(beside).to_contain_text("不收费")
    picture(editor, "editor-advice")
    beside.get_by_role("button", name="采用建议").click()
    expect(beside).to_have_count(0)
    expect(editor.locator("#save-state")).to_contain_text("已保存")
    editor.draft.refresh_from_db()  # type: ignore[attr-defined]
    assert editor.draft.guide.pay_online is False  # type: ignore[attr-defined]


def test_what_is_typed_is_judged_a_moment_later(editor: Page) -> None:
    editor.locator('.guide-row[data-row="r0"] summary').first.click()
    rows = editor.locator('[data-rows="materials"] .guide-row')
    expect(rows.first).to_be_visible()
    name = editor.locator('[name="materials.r0.name"]')
    name.scroll_into_view_if_needed()
    if not name.is_visible():
        rows.first.locator("summary").click()
    name.fill("其他相关证明材料")
    expect(editor.locator('[data-field="materials.r0.name"] .advice')).to_contain_text("说不清")
    expect(rows.first.locator(".advised").first).to_be_visible()
    name.fill("居民户口簿")
    expect(editor.locator('[data-field="materials.r0.name"] .advice')).to_have_count(0)


def test_the_side_leads_to_the_field_and_the_page_is_for_everyone(editor: Page) -> None:
    editor.locator('#side [data-at="pay_online"]').first.click()
    assert editor.evaluate("document.activeElement.closest('[data-field]').dataset.field") == "pay_online"
    violations = Axe().run(editor).response["violations"]
    assert [each["id"] for each in violations] == []
