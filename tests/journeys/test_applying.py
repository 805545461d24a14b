"""A mother applies on her phone: from the guide to the number, with photographs, a slip of the finger, and a commitment."""

import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect
from tests import factories as make
from tests.forms import chance
from tests.journeys.conftest import fits_everywhere, portal_widths
from tests.journeys.keyboard import go, reached, tab_to
from tests.sites.portal.test_applying import person, school

from banshi.cases.models import Case
from banshi.cases.sealing import APPLICANT, opened
from banshi.catalog.enums import Audience
from banshi.catalog.guide.document import Material

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def of(transactional_db: None, settings: Any) -> SimpleNamespace:
    settings.CITY_NAME = "示例市"
    publication = make.publication(of=make.item(make.organ("示例县教育局", short_name="教育局"), school()))
    return SimpleNamespace(item=publication.item, mother=person())


@pytest.fixture
def photographs(tmp_path: Path) -> list[str]:
    paths = [tmp_path / f"{name}.jpg" for name in ("户口簿首页", "户口簿孩子页")]
    for path in paths:
        Image.new("RGB", (900, 1200), "white").save(path)
    return [str(path) for path in paths]


@portal_widths
def test_a_mother_applies_on_her_phone(
    of: SimpleNamespace,
    enter: Callable[..., Page],
    picture: Callable[..., None],
    is_accessible: Callable[[Page], None],
    photographs: list[str],
    width: int,
) -> None:
    page = enter(of.mother, width)

    def seen(name: str) -> None:
        assert fits_everywhere(page), name
        is_accessible(page)
        picture(page, f"applying-{width}-{name}")

    def on() -> None:
        page.get_by_role("button", name="下一步").last.click()

    page.goto(f"/items/{of.item.guid}/")
    page.get_by_role("link", name="在线办理").first.click()
    page.get_by_label("符合", exact=True).first.check()
    page.get_by_label("不符合").nth(1).check()
    page.get_by_role("button", name="看看结果").click()
    expect(page.get_by_text("您仍然可以申请")).to_be_visible()
    seen("1-self-check")

    page.get_by_role("button", name="开始办理").click()
    page.get_by_label("为我的未成年孩子办").check()
    child = page.get_by_label("孩子的身份证号")
    expect(child).to_be_visible()  # asked at once, by the server
    expect(page.get_by_text("来自您的实名信息").first).to_be_visible()
    page.get_by_label("孩子的姓名").fill("王小明")
    right = "530102201903071217"
    child.fill(right[:-1] + "1")
    seen("2-who")
    on()
    expect(page.get_by_role("alert")).to_contain_text("身份证号好像有一位写错了")
    expect(child).to_have_value(right[:-1] + "1")
    seen("3-one-digit-off")
    child.fill(right)
    on()
    expect(page.get_by_label("手机号")).to_have_value("13800138000")
    page.go_back()  # to the page that had said what was wrong
    expect(child).to_have_value(right)
    page.go_forward()
    seen("4-contact")
    on()
    page.get_by_label("是", exact=True).check()
    page.get_by_label("房产证号").fill("第20260001号")
    seen("5-questions")
    on()

    seen("6-materials")
    register = page.locator("#m0")
    register.locator(".pick-file input").set_input_files(photographs)
    expect(page.locator("#m0")).to_contain_text("已交")
    page.locator("#m1 summary").click()
    page.get_by_label("我已看完，愿意承诺").check()
    seen("7-commitment")
    page.get_by_role("button", name="签承诺书").click()
    expect(page.locator("#m1")).to_contain_text("已承诺")
    seen("8-materials-ready")
    on()

    expect(page.get_by_text("王小明")).to_be_visible()
    seen("9-check")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("alert")).to_contain_text("请勾选“以上内容属实”")
    page.get_by_label(re.compile("以上内容属实")).check()
    page.get_by_role("button", name="提交申请").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("已经提交")
    seen("10-sent")
    [case] = Case.objects.all()
    expect(page.get_by_text(case.number)).to_be_visible()
    page.goto("/my/cases/")
    expect(page.get_by_text(case.number)).to_be_visible()
    seen("11-mine")


@portal_widths
def test_a_companys_agent_applies_and_follows(
    transactional_db: None,
    enter: Callable[..., Page],
    picture: Callable[..., None],
    is_accessible: Callable[[Page], None],
    photographs: list[str],
    width: int,
) -> None:
    text = make.guide("取水许可", audience=[Audience.COMPANY], materials=[Material(name="取水申请书")])
    item = make.publication(of=make.item(make.organ("示例县水利局", short_name="水利局"), text)).item
    page = enter(person(), width)  # who is not the company

    def seen(name: str) -> None:
        assert fits_everywhere(page), name
        is_accessible(page)
        picture(page, f"company-{width}-{name}")

    def on() -> None:
        page.get_by_role("button", name="下一步").last.click()

    page.goto(f"/items/{item.guid}/apply/")
    page.get_by_role("button", name="开始办理").click()
    page.get_by_label("单位名称").fill("示例市某某有限公司")
    page.get_by_label("统一社会信用代码").fill(chance.credit_code(Random(4)))
    expect(page.get_by_text("来自您的实名信息").first).to_be_visible()  # the agent's own name
    seen("1-who")
    on()
    expect(page.get_by_label("手机号")).to_have_value("13800138000")
    on()
    expect(page.get_by_text("单位授权委托书").first).to_be_visible()
    for place in (0, 1):
        page.locator(f"#m{place} .pick-file input").set_input_files(photographs)
        expect(page.locator(f"#m{place}")).to_contain_text("已交")
    seen("2-materials")
    on()
    page.get_by_label(re.compile("以上内容属实")).check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已经提交")
    [case] = Case.objects.all()
    page.goto("/my/cases/")
    expect(page.get_by_text(case.number)).to_be_visible()
    page.get_by_role("link", name="取水许可").first.click()
    expect(page.get_by_text("已收件，待受理").first).to_be_visible()
    seen("3-followed")
    assert opened(case.applicant_sealed, purpose=APPLICANT)["name"] == "示例市某某有限公司"


def test_what_is_typed_while_the_server_is_asked_stays(of: SimpleNamespace, enter: Callable[..., Page]) -> None:
    """A slow network: the answer comes when one is already typing in the next box."""
    page = enter(of.mother, 390)
    page.goto(f"/items/{of.item.guid}/apply/")
    page.get_by_role("button", name="开始办理").click()
    asked: list[Route] = []
    page.route(re.compile("/apply/"), lambda route: asked.append(route) if is_asked(route) else route.continue_())
    page.get_by_label("为我的未成年孩子办").check()
    while len(asked) < 1:
        page.wait_for_timeout(20)
    asked[0].continue_()
    child = page.get_by_label("孩子的姓名")
    expect(child).to_be_visible()
    page.get_by_label("替别人办").check()
    page.get_by_label("为我的未成年孩子办").check()
    while len(asked) < 3:
        page.wait_for_timeout(20)
    child.click()
    page.keyboard.type("王小明")
    page.keyboard.press("ArrowLeft")
    with page.expect_response(lambda answer: answer.request == asked[2].request):
        asked[2].continue_()
    expect(page.locator("[data-questions] input:focus")).to_have_attribute("name", "child_name")
    asked[1].continue_()  # what was asked before comes last, and is too late
    page.keyboard.type("、")
    expect(child).to_have_value("王小、明")


def is_asked(route: Route) -> bool:
    return route.request.headers.get("hx-request") == "true"


def test_the_form_by_the_keys_alone(of: SimpleNamespace, enter: Callable[..., Page], photographs: list[str]) -> None:
    page = enter(of.mother, 390, reduced_motion="reduce")
    page.goto(f"/items/{of.item.guid}/apply/")
    go(page, "开始办理")
    tab_to(page, "为自己办")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("孩子的姓名")).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("孩子的姓名")).to_have_count(0)
    page.keyboard.press("Space")
    go(page, "下一步")
    tab_to(page, "手机号")
    page.keyboard.press("Control+a")
    page.keyboard.type("1380013")
    go(page, "下一步")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    tab_to(page, "手机号有11位")
    page.keyboard.press("Enter")  # the summary leads to the box
    expect(page.get_by_label("手机号")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("13800138000")
    go(page, "下一步")
    tab_to(page, "是")
    page.keyboard.press("Space")
    expect(page.get_by_label("房产证号")).to_be_visible()
    expect(page.get_by_label("是", exact=True)).to_be_focused()
    go(page, "下一步")  # left empty
    expect(page.locator("[data-error-summary]")).to_be_focused()
    tab_to(page, "请填写“房产证号”")
    page.keyboard.press("Enter")
    expect(page.get_by_label("房产证号")).to_be_focused()
    page.keyboard.type("第1号")
    go(page, "下一步")
    with page.expect_file_chooser() as chosen:
        tab_to(page, "拍照")
        page.keyboard.press("Enter")
    with page.expect_navigation():
        chosen.value.set_files(photographs[0])
    expect(page.locator("#m0")).to_contain_text("已交")
    assert "看看我交的" in reached(page), "the keys go on at the paper that was handed in"
    tab_to(page, "可以签承诺书代替")
    page.keyboard.press("Enter")
    tab_to(page, "我已看完")
    page.keyboard.press("Space")
    go(page, "签承诺书")
    expect(page.locator("#m1")).to_contain_text("已承诺")
    go(page, "下一步")
    go(page, "提交申请")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    tab_to(page, "以上内容属实")
    tab_to(page, "以上内容属实")
    page.keyboard.press("Space")
    go(page, "提交申请")
    expect(page.get_by_role("heading", level=1)).to_have_text("已经提交")
    assert Case.objects.count() == 1


def test_it_goes_without_scripts(
    of: SimpleNamespace, enter: Callable[..., Page], photographs: list[str], picture: Callable[..., None]
) -> None:
    page = enter(of.mother, 390, java_script_enabled=False)
    page.goto(f"/items/{of.item.guid}/apply/")
    page.get_by_role("button", name="开始办理").click()
    for label in ("为自己办", None, "是"):
        if label:
            page.get_by_label(label, exact=True).check()
        page.get_by_role("button", name="下一步").last.click()
    expect(page.get_by_text("按您的回答，还有几项要填")).to_be_visible()
    picture(page, "applying-without-scripts-questions")
    page.get_by_label("房产证号").fill("第1号")
    page.get_by_role("button", name="下一步").last.click()
    for place in (0, 1):
        page.locator(f"#m{place} .pick-file input").set_input_files(photographs[0])
        page.locator(f"#m{place}").get_by_role("button", name="上传").click()
    picture(page, "applying-without-scripts-materials")
    page.get_by_role("button", name="下一步").last.click()
    page.get_by_label(re.compile("以上内容属实")).check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已经提交")
    assert Case.objects.count() == 1
