"""A law is replaced: the clerk gets the prepared change, writes, applies; it is examined, published, and people see it."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests import factories as make
from tests.adjustments.town import Town, brought_to, in_force
from tests.adjustments.town import town as build
from tests.journeys.conftest import AXE_EVERY, fits_everywhere, staff_widths

from banshi.catalog.guide.document import Basis
from banshi.law.models import Law

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(live_server: Any) -> Town:
    return build()


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("BANSHI_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"adjustment-{name}.png", full_page=True)


def test_a_law_is_replaced_and_people_read_the_new_version(town: Town, enter: Callable[..., Page]) -> None:
    item = in_force(town, "学籍证明开具", bases=[Basis(title="学籍管理办法", articles="第八条")])
    Law.objects.create(title="学籍管理办法", doc_no="教令1号", rank="rule")

    page = enter(make.user("organizer", town.establishment, full_name="蒋组织"))
    page.goto("/work/laws/?q=学籍")
    page.get_by_role("link", name="学籍管理办法").click()
    page.get_by_role("link", name="登记变动").click()
    expect(page.locator("main")).to_contain_text("学籍证明开具")
    page.get_by_label("由新法代替：旧的失效，换成新的").check()
    page.get_by_label("从哪一天起").fill("2026-11-20")
    page.get_by_label("新法名称").fill("学籍管理规定")
    page.get_by_label("新法文号").fill("教令9号")
    picture(page, "1-law-replaced")
    page.get_by_role("button", name="登记变动").click()
    expect(page.locator("#notices")).to_contain_text("为1个事项准备好了调整")

    page = enter(town.clerk)
    page.clock.install()
    page.goto("/work/adjustments/")
    picture(page, "2-clerks-list")
    page.get_by_role("link", name="学籍证明开具").click()
    expect(page.locator("ins.diff").filter(has_text="学籍管理规定")).to_be_visible()
    page.get_by_role("link", name="编写指南").click()
    page.locator('[name="bases.r0.articles"]').fill("第十条")
    page.clock.fast_forward(1_300)  # without a stroke, after which the editor saves
    expect(page.locator("#save-state")).to_have_text(re.compile(r"^已保存 \d\d:\d\d$"))
    page.goto("/work/adjustments/")
    page.get_by_role("link", name="学籍证明开具").click()
    picture(page, "3-prepared")
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("#notices")).to_contain_text("示例县委编办审核")

    for who, consent, name in (
        (town.examiner, "同意，转示例县司法局审核", "4"),
        (town.lawyer, "同意，交公布管理员公布", "5"),
    ):
        page = enter(who)
        page.goto("/work/adjustments/")
        page.get_by_role("link", name="学籍证明开具").click()
        expect(page.locator("ins.diff").filter(has_text="第十条")).to_be_visible()
        page.get_by_label(consent).check()
        picture(page, f"{name}-examining")
        page.get_by_role("button", name="提交意见").click()
        expect(page.locator("#notices")).to_contain_text("已同意")

    page = enter(town.publisher)
    page.goto("/work/adjustments/")
    page.get_by_role("link", name="学籍证明开具").click()
    page.get_by_role("button", name="公布").click()
    expect(page.locator("#notices")).to_contain_text("已生效")
    picture(page, "6-published")

    page = enter(None, width=390)
    page.goto(f"/items/{item.guid}/")
    basis = page.get_by_role("region", name="办理依据")
    expect(basis).to_contain_text("《学籍管理规定》（教令9号） 第十条")
    expect(basis).not_to_contain_text("学籍管理办法")
    picture(page, "7-citizen")


@staff_widths
def test_pages_are_accessible_and_fit(width: int, town: Town, enter: Callable[..., Page]) -> None:
    """axe finds nothing on any kind of page, and nothing is wider than the screen."""
    states = [
        brought_to(state, town) for state in ("prepared", "second", "returned", "approved", "checking", "refused")
    ]
    law = Law.objects.create(title="旧办法", rank="rule", in_force_until="2025-01-01")
    flagged = in_force(town, "旧依据", bases=[Basis(title="旧办法")])
    who = make.user("organizer", town.establishment)
    for role, organ in (
        ("clerk", town.bureau),
        ("publisher", town.hall),
        ("admin", town.hall),
        ("reviewer", town.legal),
    ):
        make.post(who, role, organ)
    addresses = [
        *(f"/work/adjustments/{each.pk}/" for each in states),
        f"/work/adjustments/{states[0].pk}/facts/",
        *(f"/work/adjustments/?show={show}" for show in ("mine", "open", "overdue", "ended")),
        "/work/adjustments/publish/",
        f"/work/items/{flagged.guid}/",
        f"/work/items/{flagged.guid}/adjust/",
        "/work/laws/",
        "/work/laws/ended/",
        "/work/laws/import/",
        f"/work/laws/{law.pk}/",
        f"/work/laws/{law.pk}/change/",
        "/console/offices/",
    ]
    page, axe, found = enter(who, width=width), Axe(), []
    for place, address in enumerate(addresses):
        assert page.goto(address).status == 200, address  # type: ignore[union-attr]
        if place % AXE_EVERY == 0:
            result = axe.run(page)
            found += [f"{address}: {each['id']} {each['nodes'][0]['target']}" for each in result.response["violations"]]
        if not fits_everywhere(page):
            found.append(f"{address}: wider than the screen")
    assert found == []
