"""新生儿出生 on a phone: a mother fills in one form for every office, and follows all of it on one page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from tests import factories as make
from tests.bundles.family import BORN, ID_CARD, NAME, Family, a_guide, decided, family
from tests.cases.hall import LONG_AGO
from tests.journeys.conftest import fits_everywhere, portal_widths
from tests.sites.portal.test_applying import person

from banshi.bundles.models import BundleSubmission
from banshi.bundles.queries import cases_of
from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions import accept, offer_deferral
from banshi.cases.models import Promise
from banshi.catalog.enums import Necessity
from banshi.catalog.guide.document import Material
from banshi.core.clock import day_of, now
from banshi.events.consuming import follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def of(transactional_db: None, settings: Any) -> Family:
    settings.CITY_NAME = "示例市"
    town = family()
    town.mother = person()
    return town


@pytest.fixture
def photograph(tmp_path: Path) -> str:
    path = tmp_path / "照片.jpg"
    Image.new("RGB", (900, 1200), "white").save(path)
    return str(path)


@portal_widths
def test_a_mother_does_four_offices_business_with_one_form(
    of: Family,
    enter: Callable[..., Page],
    picture: Callable[..., None],
    is_accessible: Callable[[Page], None],
    photograph: str,
    width: int,
) -> None:
    page = enter(of.mother, width)

    def seen(name: str) -> None:
        assert fits_everywhere(page), name
        is_accessible(page)
        picture(page, f"bundle-{width}-{name}")

    def on() -> None:
        page.get_by_role("button", name="下一步").last.click()

    page.goto("/bundles/")
    seen("1-list")
    page.get_by_role("link", name="新生儿出生").click()
    page.get_by_label("交了", exact=True).check()
    page.get_by_role("button", name="看我要办哪几项").click()
    expect(page.get_by_role("heading", name="一起办4项")).to_be_visible()
    page.get_by_text("为什么是这一天").click()
    seen("2-guide")

    page.get_by_role("button", name="开始一起办").click()
    expect(page.get_by_role("heading", name="要填的内容")).to_be_visible()  # who she is, is registered
    page.get_by_label("孩子的姓名").fill("王小宝")
    page.get_by_label("孩子的出生日期").fill("2026-11-02")
    page.get_by_label("工作单位").fill("示例纺织厂")
    seen("3-form")
    on()
    for number in range(2):
        page.locator(".pick-file input").nth(number).set_input_files(photograph)
        expect(page.get_by_text(f"已交{number + 1}样，共2样")).to_be_visible()
    seen("4-materials")
    on()
    expect(page.get_by_text("给出证").first.or_(page.get_by_text("给示例县").first)).to_be_visible()
    page.get_by_label("以上内容属实").check()
    seen("5-check")
    page.get_by_role("button", name="一次提交").click()
    expect(page.get_by_text("各单位都收到了")).to_be_visible()
    expect(page.get_by_text("等着", exact=True)).to_have_count(2)
    seen("6-progress")

    submission = BundleSubmission.objects.get()
    assert cases_of(submission).count() == 2
    decided(of, submission, "birth", now(), granted=False)
    follow()
    page.reload()
    expect(page.get_by_text("要先有“出生证签发”的结果，那一项没有办成")).to_be_visible()
    expect(page.get_by_text("其他各项不受影响").first).to_be_visible()
    seen("7-one-refused")


def test_a_paper_that_lacks_is_promised_and_brought_later_on_a_phone(
    of: Family,
    enter: Callable[..., Page],
    picture: Callable[..., None],
    is_accessible: Callable[[Page], None],
    photograph: str,
) -> None:
    later = Material(name="签发登记表", necessity=Necessity.LATER)
    guide = a_guide("出生证签发", form_fields=[NAME, BORN], materials=[ID_CARD, later])
    make.publication(of.items["birth"], guide, at=LONG_AGO)
    page = enter(of.mother, 390)

    def seen(name: str) -> None:
        assert fits_everywhere(page), name
        is_accessible(page)
        picture(page, f"bundle-later-{name}")

    page.goto("/bundles/newborn/")
    page.get_by_label("没有交", exact=True).check()
    page.get_by_role("button", name="看我要办哪几项").click()
    page.get_by_role("button", name="开始一起办").click()
    page.get_by_label("孩子的姓名").fill("王小宝")
    page.get_by_label("孩子的出生日期").fill("2026-11-02")
    page.get_by_role("button", name="下一步").last.click()
    page.locator(".pick-file input").first.set_input_files(photograph)
    expect(page.get_by_text("已交1样，共2样")).to_be_visible()
    expect(page.get_by_text("现在没有，可以先交别的")).to_be_visible()
    seen("1-materials")
    page.get_by_role("button", name="下一步").last.click()
    expect(page.get_by_text("以后补", exact=True)).to_be_visible()
    page.get_by_label("以上内容属实").check()
    page.get_by_role("button", name="一次提交").click()
    expect(page.get_by_text("各单位都收到了")).to_be_visible()

    case = cases_of(BundleSubmission.objects.get()).get(item=of.items["birth"])
    last = calendar_in_force().add_working_days(day_of(now()), 2)
    offer_deferral(case, positions=[1], until=last, by=of.window("birth"), at=now())
    page.reload()
    expect(page.get_by_text("可以先受理，“签发登记表”以后补")).to_be_visible()
    seen("2-offered")
    page.get_by_role("link", name="看一看，答应补交").click()
    expect(page.get_by_role("listitem").filter(has_text="签发登记表").first).to_be_visible()
    seen("3-promise")
    page.get_by_role("button", name="我承诺按时补交").click()
    expect(page.get_by_text("承诺已经记下，请在")).to_be_visible()
    accept(case, by=of.window("birth"), at=now())
    page.goto(f"/my/bundles/{BundleSubmission.objects.get().pk}/")
    expect(page.get_by_text("您答应补交的")).to_be_visible()
    seen("4-owed")
    page.get_by_role("link", name="去补交").click()
    page.get_by_label("相册或文件：签发登记表").set_input_files(photograph)
    expect(page.get_by_text("“签发登记表”收到了")).to_be_visible()
    seen("5-brought")
    page.goto(f"/my/bundles/{BundleSubmission.objects.get().pk}/")
    expect(page.get_by_text("您答应补交的")).to_have_count(0)
    assert Promise.objects.get().ending == "kept"
