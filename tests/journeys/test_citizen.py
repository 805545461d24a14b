"""A citizen finds a guide by plain words, reads it, ticks what is ready, takes it along; on a phone, with large type, without scripts."""

import io
from types import SimpleNamespace
from unicodedata import normalize

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader
from tests import factories as make
from tests.journeys.conftest import AXE_EVERY, fits, fits_everywhere

from banshi.catalog.actions import suspend_item
from banshi.catalog.guide.document import Guide, Material
from banshi.catalog.models import LifeEvent, Notice
from banshi.core.clock import now
from banshi.insight.models import ItemViews
from banshi.search.index import rebuild

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(transactional_db, settings):
    settings.CITY_NAME = "示例市"
    organ = make.organ("示例县教育局", short_name="县教育局", phone="0000-1234567", address="示例路1号")
    guide = make.guide(
        "义务教育阶段新生入学办理",
        aliases=["孩子上小学", "小学报名"],
        summary="孩子满六岁，报名上小学。",
        materials=[
            Material(name="居民户口簿", issuer="公安机关", copies=1),
            Material(name="无违规记录证明", commitment_ok=True),
            Material(name="不动产权证书", shared=True, shared_from="自然资源局"),
        ],
        online_url="https://apply.example/1",
    )
    item = make.publication(of=make.item(organ, guide)).item
    bare = make.publication(of=make.item(organ, Guide(name="学区信息查询"))).item
    gone = make.published_item("暂停的事项")
    suspend_item(gone, note="大厅改造", by=make.TESTS, at=now())
    LifeEvent.objects.create(
        code="school", name="孩子上学", audience="person", icon="mortarboard", hint="报名、转学"
    ).items.add(item)
    notice = Notice.objects.create(
        title="关于调整办公时间的通知", body="自12月1日起。", organ=organ, published_at=now()
    )
    rebuild()
    return SimpleNamespace(item=item, bare=bare, organ=organ, gone=gone, notice=notice)


@pytest.fixture
def many(city):
    """More results of a search than fit on a page."""
    for number in range(25):
        make.publication(of=make.item(city.organ, make.guide(f"教育补贴申请第{number}号")))
    rebuild()
    return city


def test_a_citizen_finds_a_guide_by_plain_words_reads_ticks_and_prints(city, open_page, picture):
    page = open_page("/", width=390)
    picture(page, "citizen-1-home")
    box = page.get_by_role("combobox", name="您要办什么事")
    box.fill("孩子上小学")
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    picture(page, "citizen-2-suggestions", full=False)
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("找到")
    picture(page, "citizen-3-results")

    page.get_by_role("link", name="义务教育阶段新生入学办理").click()
    card = page.get_by_label("一看就明白")
    for words in ("个人", "示例路1号2楼6号窗口", "5个工作日内", "不收费", "最多跑1次"):
        expect(card).to_contain_text(words)
    picture(page, "citizen-4-guide")

    page.get_by_label("居民户口簿").check()
    expect(page.locator("[data-ticked]")).to_have_text("已准备 1 样，共 2 样")
    page.reload()
    expect(page.get_by_label("居民户口簿")).to_be_checked()
    expect(page.get_by_text("已由自然资源局共享")).to_be_visible()

    page.get_by_text("看流程图").click()
    expect(page.get_by_role("img", name="义务教育阶段新生入学办理的办理流程图")).to_be_visible()
    picture(page, "citizen-5-flow", full=False)

    page.get_by_role("link", name="打印").first.click()
    page.wait_for_url("**/print")
    paper = PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = normalize("NFKC", "".join(sheet.extract_text() for sheet in paper.pages))
    assert "义务教育阶段新生入学办理" in text and "无违规记录证明" in text and len(paper.pages) <= 4
    picture(page, "citizen-6-print")


def test_suggestions_are_used_by_keyboard_alone(city, open_page):
    page = open_page("/")
    box = page.get_by_role("combobox", name="您要办什么事")
    box.press_sequentially("义务教育", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == "option-1"
    box.press("Escape")
    expect(page.get_by_role("option").first).to_be_hidden()
    box.press("Backspace")
    expect(page.get_by_role("option").first).to_be_visible()
    while (
        page.locator("[aria-selected=true]").count() == 0
        or "新生" not in page.locator("[aria-selected=true]").inner_text()
    ):
        box.press("ArrowDown")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("义务教育阶段新生入学办理")


def test_the_first_tab_leads_past_the_head(city, open_page):
    page = open_page(f"/items/{city.item.guid}/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_reading_and_searching_need_no_scripts(city, open_page, picture):
    page = open_page("/", width=390, scripts=False)
    page.get_by_role("combobox", name="您要办什么事").fill("孩子上小学")
    page.get_by_role("button", name="搜索").click()
    picture(page, "no-scripts-results")
    page.get_by_role("link", name="义务教育阶段新生入学办理").click()
    expect(page.get_by_label("一看就明白")).to_contain_text("不收费")
    page.get_by_role("link", name="大字版").click()
    assert "large" in str(page.locator("html").get_attribute("class"))
    page.get_by_text("看流程图").click()
    expect(page.get_by_role("img", name="义务教育阶段新生入学办理的办理流程图")).to_be_visible()


def test_on_a_phone_what_narrows_is_a_sheet_and_beside_the_list_otherwise(many, open_page, picture, is_accessible):
    page = open_page("/search?q=教育", width=390)
    facets, summary = page.locator("details.facets"), page.locator("details.facets > summary")
    expect(facets).not_to_have_attribute("open", "")
    summary.press("Enter")
    expect(page.get_by_role("button", name="项结果")).to_be_focused()
    picture(page, "results-sheet", full=False)
    is_accessible(page)
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    summary.click()
    page.mouse.click(195, 40)  # beside the sheet
    expect(facets).not_to_have_attribute("open", "")
    summary.click()
    facets.get_by_role("link").first.click()
    expect(page.get_by_label("已选条件").get_by_role("link")).to_have_count(1)

    wide = open_page("/search?q=教育")
    expect(wide.locator("details.facets")).to_have_attribute("open", "")
    expect(wide.get_by_role("button", name="项结果")).to_be_hidden()


def test_on_a_phone_the_answers_come_before_what_is_said_about_them(city, open_page):
    page = open_page(f"/items/{city.item.guid}/", width=390)
    top = lambda selector: page.locator(selector).bounding_box()["y"]  # noqa: E731
    assert top("h1") < top(".card-answer") < top(".summary") < top("#bring")
    assert top(".card-answer") < 340
    assert top(".guide-actions") + 56 < 844 < top(".guide-actions") + 90


def test_a_look_at_a_guide_is_counted(city, open_page):
    page = open_page("/organs/")
    with page.expect_response("**/seen") as answered:
        page.goto(page.url.replace("/organs/", f"/items/{city.item.guid}/"))
    assert answered.value.status == 204
    assert ItemViews.objects.get().item == city.item


PAGES = {
    "home": "/",
    "home-company": "/?for=company",
    "results": "/search?q=补贴申请",
    "results-none": "/search?q=火星移民",
    "category": "/categories/education/",
    "life": "/life/school/",
    "organs": "/organs/",
    "organ": "/organs/{organ}/",
    "guide": "/items/{item}/",
    "guide-bare": "/items/{bare}/",
    "guide-suspended": "/items/{gone}/",
    "print": "/items/{item}/print",
    "notice-sheet": "/items/{item}/notice",
    "versions": "/items/{item}/versions/?on=2026-11-23",
    "version": "/items/{item}/versions/1/",
    "compare": "/items/{item}/compare",
    "notices": "/notices/",
    "notice": "/notices/{notice}/",
    "open-data": "/open-data/",
    "proofs": "/proofs/",
    "rulebook": "/rulebook/",
    "api-docs": "/api/v1/docs",
    "missing": "/notices/999/",
}


@pytest.mark.parametrize(
    ("width", "large"),
    [
        (390, True),
        pytest.param(1280, False, marks=pytest.mark.nightly),
        pytest.param(390, False, marks=pytest.mark.nightly),
        pytest.param(1280, True, marks=pytest.mark.nightly),
    ],
)
def test_every_page_is_accessible_and_fits(many, open_page, picture, is_accessible, width, large):
    keys = {
        "item": many.item.guid,
        "bare": many.bare.guid,
        "gone": many.gone.guid,
        "organ": many.organ.pk,
        "notice": many.notice.pk,
    }
    page = open_page("/", width=width, large=large)
    home = page.url.rstrip("/")
    for place, (name, path) in enumerate(PAGES.items()):
        page.goto(home + path.format(**keys))
        picture(page, f"{name}-{width}{'-large' if large else ''}")
        assert fits_everywhere(page), name
        if place % AXE_EVERY == 0:
            is_accessible(page)


def test_what_is_pressed_on_the_portal_is_large_enough(city, open_page):
    page = open_page(f"/items/{city.item.guid}/")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        small = page.eval_on_selector_all(
            ".btn, .head-links a, .downloads a, .search-box input, .checklist label",
            "all => all.filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))",
        )
        assert small == []


def test_pages_fit_every_width_between(many, open_page):
    page = open_page("/")
    home = page.url.rstrip("/")
    for path in ("/", "/search?q=补贴申请", f"/items/{many.item.guid}/"):
        page.goto(home + path)
        for width in (768, 1024, 1440, 1920):
            page.set_viewport_size({"width": width, "height": 844})
            assert fits(page), (path, width)
