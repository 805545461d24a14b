"""At the counter: a known item in twelve key actions; from receipt to hand-out; an agent for an old person; far away."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests import factories as make
from tests.bundles.family import ANSWERS as BUNDLE_ANSWERS
from tests.bundles.family import BORN, ID_CARD, MOTHER, family
from tests.bundles.family import NAME as CHILD
from tests.bundles.family import a_guide as bundle_guide
from tests.cases.hall import Hall, a_guide, examined, hall
from tests.journeys.conftest import fits, fits_everywhere
from tests.journeys.test_hall import kept, until
from tests.reception.card_reader import FakeCardReader
from tests.reception.counter import A_PIXEL, NAME, NUMBER
from tests.sites.counter.test_visits import ordered
from tests.window.hall import town

from banshi.access import Visitor
from banshi.bundles.models import BundleSubmission
from banshi.bundles.queries import cases_of
from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions import decide
from banshi.cases.models import Case
from banshi.catalog.enums import Necessity
from banshi.catalog.guide.document import Material
from banshi.core.clock import day_of, now
from banshi.events.consuming import follow
from banshi.reception.models import Reception
from banshi.search.index import rebuild
from banshi.window.actions import take_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY_ACTIONS_AT_MOST = 12


@pytest.fixture
def seen(picture: Callable[..., None], is_accessible: Callable[[Page], None]) -> Callable[[Page, str], None]:
    def look(page: Page, name: str) -> None:
        assert fits_everywhere(page), name
        is_accessible(page)
        if os.environ.get("BANSHI_TEST_ALL"):
            page.set_viewport_size({"width": 390, "height": 844})
            is_accessible(page)
            page.set_viewport_size({"width": 1280, "height": 900})
        picture(page, f"reception-{name}")

    return look


@pytest.fixture
def reader(settings: Any, live_server: Any) -> Iterator[FakeCardReader]:
    with FakeCardReader(origin=live_server.url, name=NAME, number=NUMBER) as fake:
        settings.CARD_READER = fake.address
        yield fake


@dataclass
class Hands:
    """What a clerk does at the keyboard, counted: a key or chord, a word typed, a name signed."""

    page: Page
    done: list[str] = field(default_factory=list)

    def press(self, key: str) -> None:
        self.done.append(key)
        self.page.keyboard.press(key)

    def write(self, words: str) -> None:
        self.done.append(words)
        self.page.keyboard.type(words)

    def sign(self) -> None:
        self.done.append("签名")
        sign(self.page)


def sign(page: Page) -> None:
    pad = page.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 90)
    page.mouse.up()


def test_a_known_item_takes_no_more_than_twelve_key_actions(
    transactional_db: None, enter: Callable[..., Page], seen: Callable[[Page, str], None], reader: FakeCardReader
) -> None:
    of = hall()
    rebuild()
    page = enter(of.window)
    page.goto("/counter/reception/")
    expect(page.locator("#q")).to_be_focused()
    seen(page, "1-search")
    page.locator("#q").focus()
    hands = Hands(page)
    hands.write(of.item.name)
    hands.press("Enter")
    expect(page.locator("#f-number")).to_be_focused()
    seen(page, "2-person")
    hands.press("Alt+r")
    expect(page.locator("#f-phone")).to_be_focused()
    hands.write("13800000000")
    hands.press("Enter")
    expect(page.get_by_role("heading", name="填表")).to_be_visible()
    expect(page.locator("[name=applicant_number]")).to_have_value(NUMBER)
    seen(page, "3-form")
    hands.press("Alt+a")
    hands.sign()
    page.locator("[name=phone]").focus()
    hands.press("Control+Enter")
    expect(page.get_by_role("heading", name="请告诉申请人")).to_be_visible()
    seen(page, "4-done")
    assert Case.objects.get().state == "handling"
    assert len(hands.done) <= KEY_ACTIONS_AT_MOST, hands.done


def test_from_the_ticket_to_hand_out(
    transactional_db: None, enter: Callable[..., Page], seen: Callable[[Page, str], None]
) -> None:
    of = hall()
    rebuild()
    place = town(of.bureau)
    all_day = {"working": [["00:00", "23:59"]], "rest": [["00:00", "23:59"]]}
    place.hall.hours = all_day
    place.hall.save()
    ticket = take_ticket(place.general, by=Visitor(), at=now())
    page = enter(of.window)
    page.goto("/counter/")
    page.get_by_role("button", name="坐在1号窗口").click()
    page.get_by_role("button", name="下一位").click()
    page.get_by_role("button", name="人来了，开始办理").click()
    page.get_by_role("link", name="收件", exact=True).last.click()
    page.locator("#q").fill(of.item.name)
    page.get_by_role("button", name="找事项").click()
    page.locator("#f-number").fill(NUMBER)
    page.locator("#f-name").fill(NAME)
    page.get_by_role("button", name="开始填").click()
    finish(page, "收件并受理")
    assert Reception.objects.get().ticket == ticket
    page.goto("/counter/")
    page.get_by_role("button", name="办完", exact=True).click()
    case = examined(of, Case.objects.get(), now())
    decide(case, granted=True, by=of.head, at=now())
    page.goto("/counter/hand-out/")
    seen(page, "5-shelves")
    page.get_by_label("架位", exact=False).last.fill("A-03")
    page.get_by_role("button", name="上架").first.click()
    page.get_by_role("link", name=of.item.name).click()
    seen(page, "6-hand-out")
    page.locator("#f-number").fill(NUMBER)
    page.locator("#f-name").fill(NAME)
    sign(page)
    page.get_by_role("button", name="核对身份").click()
    expect(page.locator(".status", has_text="已领取").first).to_be_visible()
    case.refresh_from_db()
    assert case.state == "delivered"


@pytest.mark.nightly
@pytest.mark.parametrize("width", [1280, 390])
def test_a_couple_with_a_new_born_at_the_counter(
    transactional_db: None,
    enter: Callable[..., Page],
    picture: Callable[..., None],
    is_accessible: Callable[[Page], None],
    width: int,
) -> None:
    """By the keyboard alone but for the signature: what applies and is asked follows the answers, one signature for all."""
    of = family()
    rebuild()
    page = enter(of.window("birth"), width)
    hands = Hands(page)

    def seen(name: str) -> None:
        assert fits(page), name
        is_accessible(page)
        picture(page, f"bundle-counter-{width}-{name}")

    page.goto("/counter/reception/")
    hands.write("新生儿")
    hands.press("Enter")
    expect(page.get_by_role("heading", name="一件事：填一次，几家一起办")).to_be_visible()
    seen("1-found")
    page.get_by_role("link", name="新生儿出生一件事").focus()
    hands.press("Enter")
    expect(page.locator("#f-number")).to_be_focused()
    hands.write(MOTHER)
    hands.press("Tab")
    hands.write("王小美")
    seen("2-person")
    hands.press("Enter")
    expect(page.get_by_label("交了", exact=True)).to_be_focused()
    expect(page.get_by_role("heading", name="一起办的3项")).to_be_visible()
    page.locator("[name=original]").first.check()
    page.get_by_label("交了", exact=True).focus()
    hands.press("Space")
    expect(page.get_by_role("heading", name="一起办的4项")).to_be_visible()
    expect(page.locator("[name=original]").first).to_be_checked()
    expect(page.get_by_label("交了", exact=True)).to_be_focused()
    seen("3-decided")
    hands.press("Control+Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    seen("4-lacks")
    for key in ("phone", "birth__newborn_name", "birth__born_on", "allowance__employer"):
        page.locator(f"[name={key}]").fill(BUNDLE_ANSWERS[key])
    hands.press("Alt+a")
    hands.sign()
    page.locator("[name=phone]").focus()
    hands.press("Control+Enter")
    expect(page.get_by_role("heading", name="请告诉申请人")).to_be_visible()
    expect(page.get_by_role("link", name="下一位")).to_be_focused()
    seen("5-done")
    assert {each.state for each in Case.objects.all()} == {"handling"} and Case.objects.count() == 2
    submission = BundleSubmission.objects.get()
    hands.press("Enter")
    expect(page.locator("#q")).to_be_focused()
    hands.write(submission.number)
    hands.press("Enter")
    expect(page.get_by_role("heading", name="请告诉申请人")).to_be_visible()
    decide(cases_of(submission)[0], granted=True, by=of.head("birth"), at=now())
    follow()
    page.reload()
    expect(page.get_by_text("等“出生登记”办好以后自动开始")).to_be_visible()
    assert Case.objects.count() == 3
    seen("6-next-has-begun")


def received(page: Page, of: Hall, act: str = "收件并受理") -> None:
    page.goto(f"/counter/reception/item/{of.item.guid}/")
    page.locator("#f-number").fill(NUMBER)
    page.locator("#f-name").fill(NAME)
    page.get_by_role("button", name="开始填").click()
    finish(page, act)


def finish(page: Page, act: str) -> None:
    page.locator("[name=phone]").fill("13800000000")
    page.get_by_role("button", name="全部原件已核对").click()
    sign(page)
    page.get_by_role("button", name=act, exact=False).first.click()
    expect(page.get_by_role("heading", name="请告诉申请人")).to_be_visible()


def test_accepted_in_one_county_and_handled_in_another(
    transactional_db: None, enter: Callable[..., Page], seen: Callable[[Page, str], None]
) -> None:
    of = hall(a_guide(reach="province"))
    far = make.organ("远方县政务服务中心", division=make.division("990203", "远方县"))
    page, at_home = enter(make.user("window", far)), enter(of.window)
    page.goto(f"/counter/reception/item/{of.item.guid}/")
    expect(page.get_by_text("跨域通办：在这里收件，由示例县水利局受理和办理。")).to_be_visible()
    received(page, of, "收件（Ctrl")
    expect(page.get_by_role("row", name="受理 示例县水利局")).to_be_visible()
    seen(page, "7-far")
    case = Case.objects.get()
    assert case.state == "received"
    at_home.goto(f"/work/cases/{case.pk}/")
    at_home.get_by_role("link", name="受理…", exact=True).click()
    at_home.get_by_role("button", name="确认受理").click()
    expect(at_home.locator(".notice.success")).to_be_visible()


def test_a_village_agent_for_an_old_person(
    transactional_db: None, enter: Callable[..., Page], seen: Callable[[Page, str], None], tmp_path: Path
) -> None:
    of = hall()
    agent = make.user("agent", of.bureau, full_name="李帮办")
    page = enter(agent)
    page.goto("/counter/mandates/")
    for key, words in {"name": NAME, "number": NUMBER, "matters": "办取水许可", "until": f"{now():%Y}-12-31"}.items():
        page.locator(f"#f-{key}").fill(words)
    photograph = tmp_path / "委托书.png"
    photograph.write_bytes(A_PIXEL)
    page.locator("#f-paper").set_input_files(str(photograph))
    page.get_by_role("button", name="登记委托").click()
    expect(page.get_by_text("委托已经登记")).to_be_visible()
    seen(page, "8-mandates")
    page.goto(f"/counter/reception/item/{of.item.guid}/")
    page.get_by_role("button", name="开始填").click()
    finish(page, "收件（Ctrl")
    expect(page.get_by_text("李帮办受")).to_be_visible()
    case = Case.objects.get()
    assert (case.agent, case.state) == (agent, "received")


NO_NETWORK = """
const fetched = window.fetch;
window.fetch = (...asked) => localStorage.getItem("no-network") ? Promise.reject(new TypeError("offline")) : fetched(...asked);
"""
"""A page that has just been loaded again is put offline by the browser a moment late."""


@pytest.mark.nightly
def test_the_checklist_comes_back_without_network_and_tells_later_what_was_done(
    transactional_db: None, enter: Callable[..., Page]
) -> None:
    of = hall(a_guide(at_home=True))
    visit = ordered(of)
    page = enter(of.window, 390)
    page.goto(f"/counter/visits/route/?day={visit.wanted_on:%Y-%m-%d}")
    kept(page)
    page.context.add_init_script(NO_NETWORK)
    page.evaluate("localStorage.setItem('no-network', '1')")
    page.context.set_offline(True)
    page.reload()
    page.get_by_label("取水申请书").check()
    page.get_by_role("button", name="登记已上门").click()
    expect(page.get_by_text("没有网络，已上门的存在这台设备上")).to_be_visible()
    page.reload()
    expect(page.get_by_label("取水申请书")).to_be_checked()
    visit.refresh_from_db()
    assert visit.state == "ordered"
    page.evaluate("localStorage.removeItem('no-network')")
    page.context.set_offline(False)  # sent by the page that was open
    expect(page.get_by_role("button", name="已上门")).to_be_disabled()
    page.reload()
    expect(page.get_by_role("button", name="已上门")).to_be_disabled()
    visit.refresh_from_db()
    assert visit.state == "done"
    route = page.url
    page.locator("form[data-sign-out] button").evaluate("button => button.click()")
    page.wait_for_url(lambda address: address != route)
    until(page, f"caches.match({route!r}).then((found) => !found)")


def test_the_route_is_ticked_without_network(
    transactional_db: None, enter: Callable[..., Page], seen: Callable[[Page, str], None]
) -> None:
    of = hall(a_guide(at_home=True))
    visit = ordered(of)
    page = enter(of.window)
    page.goto(f"/counter/visits/?day={visit.wanted_on:%Y-%m-%d}")
    seen(page, "9-visits")
    page.get_by_role("link", name="出门用的清单").click()
    seen(page, "10-route")
    page.context.set_offline(True)
    page.get_by_label("取水申请书").check()
    page.get_by_role("button", name="登记已上门").click()
    expect(page.get_by_text("没有网络，已上门的存在这台设备上")).to_be_visible()
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("已上门的都送到了")).to_be_visible()
    page.reload()
    expect(page.get_by_label("取水申请书")).to_be_checked()
    visit.refresh_from_db()
    assert visit.state == "done"


def test_a_paper_of_a_bundle_that_lacks_at_the_counter_is_promised_by_a_day(
    transactional_db: None, enter: Callable[..., Page], seen: Callable[[Page, str], None]
) -> None:
    of = family()
    papers = [ID_CARD, Material(name="签发登记表", necessity=Necessity.LATER)]
    make.publication(of.items["birth"], bundle_guide("出生证签发", form_fields=[CHILD, BORN], materials=papers))
    page = enter(of.window("birth"))
    page.goto("/counter/reception/bundles/newborn/")
    page.locator("#f-number").fill(MOTHER)
    page.locator("#f-name").fill("王小美")
    page.get_by_role("button", name="开始填").click()
    page.get_by_label("没有交", exact=True).check()
    for key in ("phone", "birth__newborn_name", "birth__born_on"):
        page.locator(f"[name={key}]").fill(BUNDLE_ANSWERS[key])
    page.get_by_label("居民身份证", exact=False).first.check()
    sign(page)
    page.get_by_label("可以后补的，最后一天").fill("2031-01-08")
    page.get_by_role("button", name="收件并受理").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("补交的最后一天不对")
    expect(page.get_by_label("可以后补的，最后一天")).to_have_value("2031-01-08")
    seen(page, "bundle-later-refused")
    last = calendar_in_force().add_working_days(day_of(now()), 2)
    page.get_by_label("可以后补的，最后一天").fill(last.isoformat())
    page.get_by_role("button", name="收件并受理").click()
    expect(page.get_by_text("要补交“签发登记表”")).to_be_visible()
    seen(page, "bundle-later-done")
    assert Case.objects.get().state == "handling"
