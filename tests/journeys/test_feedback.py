"""Pages of ratings, complaints and wishes: axe finds nothing, nothing is wider than a phone, the way works in a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests import factories as make
from tests.adjustments.town import applied, fresh, say, town
from tests.cases.hall import calendars, hall, moment
from tests.feedback.test_ratings import badly_rated, served
from tests.journeys.conftest import AXE_EVERY, fits_everywhere, portal_widths

from banshi.adjustments.actions import publish_adjustments
from banshi.adjustments.enums import ExaminationVerdict
from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import now
from banshi.events.sequencing import sequence
from banshi.feedback.actions import (
    accept_complaint,
    answer_complaint,
    file_complaint,
    make_wish,
    moderate_wish,
    support_wish,
    transfer_complaint,
)
from banshi.feedback.followers import realise_published_wishes
from banshi.feedback.models import BadRating, Complaint, Wish
from banshi.feedback.policy import policy
from banshi.feedback.queries import code_of_complaint
from banshi.supervision.examining import catch_up

both_widths = pytest.mark.parametrize("width", [390, 1280])
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def seen(is_accessible: Callable[[Page], None], picture: Callable[..., None]) -> Callable[[Page, str], None]:
    def look(page: Page, name: str) -> None:
        assert fits_everywhere(page), name
        is_accessible(page)
        picture(page, f"feedback-{name}")

    return look


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.nightly
@both_widths
def test_a_bad_rating_is_verified_by_somebody_else_put_right_rated_again_and_called_back(
    width: int, enter: Callable[..., Page], seen: Callable[[Page, str], None]
) -> None:
    of, at = hall(), now()
    page = f"/rate/{served(of, at=at, citizen=of.citizen).code}/"
    citizen, rated, head = enter(None, width), enter(of.handler, width), enter(of.head, width)
    citizen.goto(page)
    citizen.locator("input[name=grade][value='5']").check()
    citizen.get_by_label("让跑了多次").check()
    citizen.get_by_label("还想说的").fill("同一份材料跑了三趟")
    citizen.locator("main form button[type=submit]").click()
    expect(citizen.get_by_text("已经收到评价")).to_be_visible()
    bad = BadRating.objects.get()
    one = f"/work/ratings/{bad.guid}/"
    rated.goto(one)
    expect(rated.get_by_text("由别的同事核实")).to_be_visible()
    expect(rated.get_by_text("跑了三趟")).to_have_count(0)
    expect(rated.get_by_role("link", name="联系核实")).to_have_count(0)
    seen(rated, f"own-{width}")
    head.goto(one)
    expect(head.get_by_text("跑了三趟")).to_be_visible()
    seen(head, f"bad-{width}")
    for link, words in (("联系核实", "窗口核实，属实"), ("写处理结果", "改为一次告知")):
        head.get_by_role("link", name=link).click()
        if link == "写处理结果":
            head.locator("input[name=outcome][value=mended]").check()
        head.locator("textarea[name=words]").fill(words)
        press(head, link)
        expect(head.locator(".notice.success")).to_be_visible()
    citizen.goto(page)
    expect(citizen.get_by_text("改为一次告知")).to_be_visible()
    citizen.locator("input[name=grade][value='2']").check()
    seen(citizen, f"again-{width}")
    citizen.locator("main form button[type=submit]").click()
    head.goto(one)
    head.get_by_role("link", name="登记回访").click()
    head.locator("input[name=satisfied][value=yes]").check()
    head.locator("textarea[name=words]").fill("电话回访，认可")
    press(head, "登记回访")
    expect(head.get_by_text("再评价", exact=True)).to_be_visible()
    assert BadRating.objects.get().state == "closed" and BadRating.objects.get().again_grade is not None


@pytest.mark.nightly
@both_widths
def test_a_complaint_passed_twice_keeps_its_first_promise_and_shows_to_supervision(
    width: int, enter: Callable[..., Page], seen: Callable[[Page, str], None]
) -> None:
    of, other = hall(), make.organ("示例县城管局")
    citizen, head = enter(None, width), enter(of.head, width)
    chief = enter(make.user("head", other), width)
    watcher = enter(make.user("supervisor", make.organ("示例县监察办")), width)
    citizen.goto("/ask/")
    citizen.locator("input[name=kind][value=complaint]").check()
    citizen.locator("textarea[name=text]").fill("示例县水利局办取水许可一直没有答复")
    citizen.locator("main form button[type=submit]").click()
    expect(citizen.get_by_role("button", name="确认提交")).to_be_visible()
    seen(citizen, f"preview-{width}")
    press(citizen, "确认提交")
    expect(citizen.get_by_text("已经收到。请记下编号")).to_be_visible()
    complaint = Complaint.objects.get()
    promised = complaint.due_rank
    for page, to in ((head, other), (chief, of.bureau)):
        page.goto(f"/work/complaints/{complaint.guid}/")
        page.get_by_role("link", name="转办").click()
        page.locator("select[name=to]").select_option(str(to.pk))
        page.locator("[name=reason]").fill("不归本单位管")
        seen(page, f"pass-on-{width}")
        press(page, "转办")
        expect(page.locator(".notice.success")).to_be_visible()
    assert Complaint.objects.get().due_rank == promised
    citizen.goto("/ask/follow/")
    citizen.locator("#id_number").fill(complaint.number)
    citizen.locator("#id_code").fill(code_of_complaint(complaint))
    press(citizen, "查进展")
    expect(citizen.get_by_text("转办过2次")).to_be_visible()
    last = calendar_in_force().day_of(promised)
    expect(citizen.get_by_text(f"{last.year}年{last.month}月{last.day}日").first).to_be_visible()
    seen(citizen, f"followed-{width}")
    watcher.goto("/oversight/complaints/?show=passed")
    for source, to in ((of.bureau, other), (other, of.bureau)):
        expect(watcher.get_by_text(f"{source.called} → {to.called}")).to_be_visible()
    seen(watcher, f"passed-{width}")
    sequence()
    catch_up()
    watcher.goto("/oversight/findings/")
    watcher.get_by_role("link", name="诉求又一次转办").click()
    seen(watcher, f"finding-{width}")


@pytest.mark.nightly
@both_widths
def test_a_wish_becomes_an_adjustment_and_an_item_and_all_who_asked_are_told(
    width: int, enter: Callable[..., Page], seen: Callable[[Page, str], None]
) -> None:
    calendars()
    there, at = town(), now()
    author, fan = make.user(date_joined=moment("2025-01-05")), make.user(date_joined=moment("2025-01-05"))
    head_of_bureau, moderator = make.user("head", there.bureau), make.user("feedback", there.bureau)
    citizen, desk = enter(author, width), enter(moderator, width)
    supporter, head = enter(fan, width), enter(head_of_bureau, width)
    citizen.goto("/wishes/new/")
    citizen.get_by_label("希望能办什么事").fill("希望放学后有人看孩子")
    seen(citizen, f"wishing-{width}")
    citizen.locator("main form button[type=submit]").click()
    expect(citizen.get_by_text("收到了。有人审看以后公开")).to_be_visible()
    wish = Wish.objects.get()
    desk.goto(f"/work/wishes/{wish.guid}/")
    desk.get_by_role("link", name="公开", exact=True).click()
    desk.locator("select[name=organ]").select_option(str(there.bureau.pk))
    press(desk, "公开")
    supporter.goto(f"/wishes/{wish.guid}/")
    press(supporter, "我也想要")
    expect(supporter.get_by_text("您已支持")).to_be_visible()
    for _ in range(policy().wish.threshold - 2):
        other = make.user(date_joined=moment("2025-01-05"))
        support_wish(wish, text=wish.texts.get(), by=other, at=at)
    head.goto(f"/work/wishes/{wish.guid}/")
    head.get_by_role("link", name="答复", exact=True).click()
    head.locator("input[name=kind][value=adopted]").check()
    head.locator("textarea[name=answer]").fill("下学期起开课后服务")
    seen(head, f"answering-{width}")
    press(head, "答复")
    adjustment = applied(there, "add")
    head.goto(f"/work/wishes/{wish.guid}/")
    head.get_by_role("link", name="写明由哪个事项实现").click()
    head.locator("select[name=adjustment]").select_option(str(adjustment.pk))
    press(head, "写明由哪个事项实现")
    supporter.goto(f"/wishes/{wish.guid}/")
    seen(supporter, f"on-its-way-{width}")
    for _ in range(2):
        say(there, adjustment, ExaminationVerdict.AGREE)
    publish_adjustments([fresh(adjustment)], by=there.publisher, at=now())
    sequence()
    realise_published_wishes()
    for page in (citizen, supporter):
        page.goto("/my/messages/")
        expect(page.get_by_text("已经实现").first).to_be_visible()
    seen(supporter, f"told-{width}")
    supporter.goto(f"/wishes/{wish.guid}/")
    expect(supporter.get_by_text("已经实现").first).to_be_visible()
    seen(supporter, f"realised-{width}")


@portal_widths
def test_pages_are_accessible_and_fit(width: int, enter: Callable[..., Page], tmp_path: Any) -> None:
    of, at = hall(), now()
    other = make.organ("示例县城管局")
    make.post(of.head, "feedback", of.bureau)
    bad, invitation = badly_rated(of, at=at), served(of, make.user(), at=at)
    answered = file_complaint("complaint", text="取水许可一直没有办好，催了也不回复", item=of.item, by=of.head, at=at)
    transfer_complaint(answered, to=other, reason="不归我们管", by=of.head, at=at)
    chief = make.user("head", other)
    transfer_complaint(answered, to=of.bureau, reason="还是归水利局", by=chief, at=at)
    accept_complaint(answered, by=of.head, at=at)
    answer_complaint(answered, answer="已经办好了，今天送达", by=of.head, at=at)
    waiting = file_complaint("help", text="希望能有人帮忙办一下", organ=of.bureau, by=of.head, at=at)
    author = make.user(date_joined=moment("2025-01-05"))
    wish = make_wish(title="希望周末也能办取水许可", text="平时没有空", by=author, at=at)
    moderate_wish(wish, publish=True, organ=of.bureau, by=of.head, at=at)
    addresses = [
        "/rate/",
        f"/rate/{invitation.code}/",
        f"/rate/{bad.rating.invitation.code}/",
        "/ratings/?by=item",
        "/ask/?kind=consultation",
        "/ask/follow/",
        "/my/complaints/",
        f"/my/complaints/{answered.guid}/",
        "/wishes/",
        "/wishes/new/",
        f"/wishes/{wish.guid}/",
        "/work/ratings/",
        f"/work/ratings/{bad.guid}/",
        f"/work/ratings/{bad.guid}/act/contact/",
        "/work/complaints/",
        "/work/complaints/new/",
        f"/work/complaints/{waiting.guid}/",
        f"/work/complaints/{waiting.guid}/act/transfer/",
        "/work/wishes/",
        f"/work/wishes/{wish.guid}/?state=open",
        "/work/wishes/wanted/",
        "/oversight/ratings/?show=all",
        "/oversight/complaints/?show=passed",
        "/oversight/wishes/",
    ]
    page, axe, found = enter(of.head, width=width), Axe(), []
    for place, address in enumerate(addresses):
        assert page.goto(address).status == 200, address  # type: ignore[union-attr]
        if place % AXE_EVERY == 0:
            result = axe.run(page)
            found += [f"{address}: {each['id']} {each['nodes'][0]['target']}" for each in result.response["violations"]]
        if not fits_everywhere(page):
            found.append(f"{address}: wider than the screen")
    assert found == []
