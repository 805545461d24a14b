"""From what was sent to what is given: supplemented once and verified; two offices at once with a stopped clock; silence."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from tests import factories as make
from tests.cases.hall import Hall, a_guide, accepted, committed, examined, fresh, hall, open_tasks, submitted
from tests.journeys.conftest import fits_everywhere
from tests.journeys.keyboard import focused, go, tab_to

from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions import accept, attach_material, decide, supply
from banshi.cases.clocks import due_on
from banshi.cases.models import Case
from banshi.cases.tasks import run_clocks
from banshi.catalog.enums import StepKind
from banshi.catalog.guide.document import Step
from banshi.core.clock import day_of, now
from banshi.papers.queries import papers_about

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def seen(picture: Callable[..., None], is_accessible: Callable[[Page], None]) -> Callable[[Page, str], None]:
    def look(page: Page, name: str) -> None:
        """Each day at the width it is used at, nightly on a phone and at a desk."""
        assert fits_everywhere(page), name
        own = page.viewport_size
        assert own is not None
        for width in (390, 1280) if os.environ.get("BANSHI_TEST_ALL") else (own["width"],):
            page.set_viewport_size({**own, "width": width})
            is_accessible(page)
            picture(page, f"handling-{name}-{width}")
        page.set_viewport_size(own)

    return look


def act(page: Page, case: Case, label: str, **typed: str) -> None:
    """Do one lawful act by its page: from the case, filled in, looked over, confirmed."""
    page.goto(f"/work/cases/{case.pk}/")
    page.get_by_role("link", name=f"{label}…", exact=True).click()
    expect(page.get_by_role("heading", name="办了以后")).to_be_visible()
    for name, text in typed.items():
        field = page.get_by_label(name.replace("_", "")).first
        field.select_option(text) if field.evaluate("each => each.tagName") == "SELECT" else field.fill(text)
    if typed:
        page.get_by_role("button", name="下一步：核对").click()
        expect(page.get_by_role("heading", name="核对一遍")).to_be_visible()
    page.get_by_role("button", name=f"确认{label}").click()
    expect(page.locator(".notice.success")).to_be_visible()


def test_supplemented_once_decided_delivered_and_verified(
    transactional_db: None, enter: Callable[..., Page], seen: Callable[[Page, str], None], tmp_path: Path
) -> None:
    of = hall()
    case = submitted(of, now())
    window, handler, head = enter(of.window), enter(of.handler), enter(of.head)
    citizen = enter(of.citizen, 390)

    window.goto("/work/cases/")
    expect(window.get_by_text(case.number)).to_be_visible()
    seen(window, "1-desk")
    act(window, case, "要求补正", **{"“取水申请书”要补什么": "没有盖章"})
    expect(window.get_by_text("待补正").first).to_be_visible()

    citizen.goto(f"/my/cases/{case.pk}/")
    expect(citizen.get_by_text("没有盖章").first).to_be_visible()
    seen(citizen, "2-asked")
    photograph = tmp_path / "申请书.jpg"
    Image.new("RGB", (900, 1200), "white").save(photograph)
    citizen.locator("input[type=file]").first.set_input_files(str(photograph))
    expect(citizen.get_by_text("已上传")).to_be_visible()
    citizen.get_by_role("button", name="都补齐了，提交").click()
    expect(citizen.get_by_text("要您做的")).to_have_count(0)

    act(window, case, "受理")
    handler.goto(f"/work/cases/{case.pk}/")
    handler.get_by_role("button", name="由我办").click()
    seen(handler, "3-case")
    handler.get_by_role("button", name="看申请人和填写的内容").click()
    expect(handler.get_by_text("这次查看已经记录")).to_be_visible()
    seen(handler, "4-look")
    handler.goto(f"/work/cases/{case.pk}/")
    handler.get_by_role("link", name="办完…").click()
    handler.get_by_role("button", name="办完").click()
    expect(handler.locator(".notice.success")).to_contain_text("转到下一个环节")
    act(head, case, "准予", 决定的内容和说明="符合条件，准予取水。")
    act(window, case, "登记送达", 怎么送达的="window")
    seen(window, "5-delivered")

    citizen.goto(f"/my/cases/{case.pk}/")
    expect(citizen.get_by_text("孙办理").first).to_be_visible()  # who looked
    approval = papers_about(case.number).get(kind="approval")
    expect(citizen.get_by_text(approval.number).first).to_be_visible()
    stranger = enter(None, 390)
    stranger.goto(f"/verify/{approval.code}/")
    expect(stranger.get_by_text("没有撤销")).to_be_visible()
    seen(stranger, "6-verified")


def test_two_offices_side_by_side_with_a_stopped_clock(
    transactional_db: None, enter: Callable[..., Page], seen: Callable[[Page, str], None]
) -> None:
    fire = make.organ("示例县消防救援局")
    steps = [
        Step(name="受理", kind=StepKind.ACCEPT),
        Step(name="消防审查", kind=StepKind.EXAMINE, actor="示例县消防救援局", group="联合审查"),
        Step(name="现场审查", kind=StepKind.EXAMINE, group="联合审查"),
        Step(name="决定", kind=StepKind.DECIDE),
    ]
    of = hall(a_guide(steps=steps))
    case = accepted(of, now())
    fireman, handler = enter(make.user("handler", fire, full_name="马消防")), enter(of.handler)
    before = due_on(case, calendar=calendar_in_force())

    act(handler, case, "启动特别程序", 哪一种程序="专家评审", 大约要几个工作日="10")
    expect(handler.get_by_text("停表中").first).to_be_visible()
    seen(handler, "7-stopped")
    assert due_on(fresh(case), calendar=calendar_in_force()) is None
    act(handler, case, "特别程序结束", 结果="专家同意")
    assert due_on(fresh(case), calendar=calendar_in_force()) == before  # opened and closed on one day

    for page, told in ((fireman, "等同时办的其他单位"), (handler, "转到下一个环节")):
        page.goto("/work/cases/")
        page.get_by_role("link", name=case.item.name).first.click()
        expect(page.get_by_text("联合办理", exact=True)).to_be_visible()
        if page is fireman:
            seen(page, "8-the-other-office")
        page.get_by_role("link", name="办完…").first.click()
        page.get_by_role("button", name="办完").click()
        expect(page.locator(".notice.success")).to_contain_text(told)
    assert [each.kind for each in open_tasks(case)] == [StepKind.DECIDE]


def test_a_false_commitment_found_later_ends_the_decision(
    transactional_db: None, enter: Callable[..., Page], seen: Callable[[Page, str], None]
) -> None:
    of = hall()
    case = Case.objects.get(application=committed(of, now()).application)
    decide(examined(of, accept(case, by=of.window, at=now()), now()), granted=True, by=of.head, at=now())
    approval = papers_about(case.number).get(kind="approval")
    stranger, handler, head, citizen = enter(None, 390), enter(of.handler), enter(of.head), enter(of.citizen, 390)
    stranger.goto(f"/verify/{approval.code}/")
    expect(stranger.get_by_text("没有撤销")).to_be_visible()

    handler.goto(f"/work/cases/{case.pk}/")
    handler.get_by_role("link", name="核查承诺…").click()
    handler.get_by_label("不实").check()
    handler.get_by_label("怎么核查的、查到什么").fill("公安机关回函：没有出具过这份证明")
    seen(handler, "11-checked")
    handler.get_by_role("button", name="下一步：核对").click()
    handler.get_by_role("button", name="确认核查承诺").click()
    expect(handler.locator(".notice.success")).to_be_visible()
    act(head, case, "撤销决定", 理由="承诺的事实不存在", 依据="《示例市告知承诺办法》第十条")
    seen(head, "12-revoked")

    stranger.reload()
    expect(stranger.get_by_text("已经撤销，不再有效")).to_be_visible()
    seen(stranger, "13-verified-revoked")
    citizen.goto(f"/my/cases/{case.pk}/")
    expect(citizen.get_by_text("决定已撤销").first).to_be_visible()
    seen(citizen, "14-revoked-told")


def test_silence_accepts_after_five_days_and_both_sides_are_told(
    transactional_db: None, enter: Callable[..., Page], seen: Callable[[Page, str], None]
) -> None:
    of: Hall = hall()
    received = now() - timedelta(days=20)
    case = submitted(of, received)
    run_clocks.call(at=now().isoformat())
    run_clocks.call(at=now().isoformat())
    assert fresh(case).accepted_on == day_of(received)
    window, citizen = enter(of.window), enter(of.citizen, 390)
    window.goto(f"/work/cases/{case.pk}/")
    expect(window.get_by_text("视为受理").first).to_be_visible()
    seen(window, "9-silence")
    citizen.goto(f"/my/cases/{case.pk}/")
    expect(citizen.get_by_text("视为受理").first).to_be_visible()
    seen(citizen, "10-silence-told")
    assert case.acts.filter(kind="accept_silently").count() == 1


def test_a_desks_keys_work_from_the_moment_it_is_open_but_not_in_a_field(
    transactional_db: None, enter: Callable[..., Page]
) -> None:
    of = hall()
    first, second = submitted(of, now() - timedelta(days=1)), submitted(of, now())
    page = enter(of.window)
    page.goto("/work/cases/")
    for key, case in (("j", first), ("j", second), ("k", first), ("ArrowDown", second)):
        page.keyboard.press(key)
        assert case.number in focused(page)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".crumbs")).to_contain_text(second.number)
    page.goto("/work/cases/")
    field = page.get_by_label("办件编号或事项")
    field.fill("j")
    field.press("k")
    expect(field).to_be_focused()
    page.goto("/work/cases/")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".crumbs")).to_contain_text(first.number)


def test_by_the_keys_alone_from_the_desk_to_the_delivery(transactional_db: None, enter: Callable[..., Page]) -> None:
    of = hall()
    case, another = submitted(of, now() - timedelta(days=1)), submitted(of, now())
    still = {"reduced_motion": "reduce"}  # what shows the focus is there at once
    window, handler, head = enter(of.window, **still), enter(of.handler, **still), enter(of.head, **still)

    def done(page: Page, said: str) -> None:
        """After an act the focus is on what was done."""
        expect(page.locator(".notice.success")).to_be_focused()
        assert said in focused(page)

    def opened(page: Page, which: Case) -> None:
        page.goto("/work/cases/?show=unit")
        tab_to(page, "跳到正文")
        page.keyboard.press("Enter")
        tab_to(page, "取水许可")
        while which.number not in focused(page):
            page.keyboard.press("ArrowDown")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.locator(".crumbs")).to_contain_text(which.number)

    opened(window, case)
    go(window, "要求补正…")
    expect(window.get_by_role("heading", level=1)).to_be_focused()
    tab_to(window, "“取水申请书”要补什么")
    window.keyboard.type("没有盖章")
    go(window, "下一步：核对")
    expect(window.get_by_role("heading", name="核对一遍")).to_be_focused()
    go(window, "返回修改")
    tab_to(window, "“取水申请书”要补什么")
    window.keyboard.press("End")
    window.keyboard.type("，请重印")
    go(window, "下一步：核对")
    assert tab_to(window, "确认要求补正") == 1
    with window.expect_navigation():
        window.keyboard.press("Enter")
    done(window, "补正通知书已经出具")
    assert fresh(case).state == "supplementing"
    window.keyboard.press("j")  # the desk goes with one from act to act
    expect(window.locator(".crumbs")).to_contain_text(another.number)
    attach_material(case.application, 0, None, source="重印", by=of.citizen, at=now())
    supply(case, by=of.citizen, at=now())

    opened(window, case)
    go(window, "受理…")
    go(window, "确认受理")
    done(window, "受理通知书已经出具")
    opened(handler, case)
    go(handler, "由我办")
    done(handler, "由您办理了")
    go(handler, "办完…")
    tab_to(handler, "同意")
    handler.keyboard.press("ArrowDown")
    go(handler, "办完")
    expect(handler.locator("[data-error-summary]")).to_be_focused()
    tab_to(handler, "不同意")
    handler.keyboard.press("ArrowUp")
    tab_to(handler, "说明")
    handler.keyboard.type("现场看过")
    go(handler, "办完")
    done(handler, "转到下一个环节")
    opened(head, case)
    go(head, "准予…")
    tab_to(head, "决定的内容和说明")
    head.keyboard.type("符合条件")
    go(head, "下一步：核对")
    go(head, "确认准予")
    done(head, "准予决定书已经出具")
    opened(window, case)
    go(window, "登记送达…")
    tab_to(window, "怎么送达的")
    window.keyboard.press("ArrowDown")
    go(window, "下一步：核对")
    go(window, "确认登记送达")
    done(window, "送达回证已经出具")
    assert fresh(case).state == "delivered"
    assert fresh(case).acts.get(kind="deliver").facts == {"way": "post"}
