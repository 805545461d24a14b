"""大厅: from the kiosk to the counter, a minute without network, an appointment on a phone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests import factories as make
from tests.foreign import citizen
from tests.window.hall import Town, town

from banshi.core.clock import now
from banshi.people.models import User
from banshi.sites.kit.streams import reader
from banshi.window.actions import call_next, open_counter
from banshi.window.kiosk_address import kiosk_key
from banshi.window.models import Appointment, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ALWAYS = {each: [["00:00", "12:00"], ["12:01", "23:59"]] for each in ("working", "rest")}
Enter = Callable[..., Page]


@pytest.fixture
def of() -> Iterator[Town]:
    reader.forget()
    built = town()
    built.hall.hours = ALWAYS
    built.hall.save()
    yield built


def faults(page: Page) -> list[Any]:
    return [(each["id"], each["nodes"][0]["html"]) for each in Axe().run(page).response["violations"]]


def test_from_the_kiosk_to_served(of: Town, enter: Enter, picture: Any) -> None:
    kiosk = enter(None)
    kiosk.goto(reverse("counter:kiosk", args=[kiosk_key(of.hall)]))
    assert faults(kiosk) == []
    picture(kiosk, "kiosk")
    kiosk.get_by_label("老年人").check()
    kiosk.get_by_role("button", name="综合受理").click()
    expect(kiosk.get_by_text("A001", exact=True)).to_be_visible()
    assert faults(kiosk) == []
    picture(kiosk, "kiosk-ticket")
    screen = enter(None)
    screen.goto(reverse("counter:screen", args=["center"]))
    phone = enter(None, width=390)
    phone.goto(reverse("counter:ticket", args=[Ticket.objects.get().guid]))
    expect(phone.get_by_text("前面还有")).to_be_visible()
    assert faults(phone) == []
    desk = enter(of.clerks[0])
    desk.goto("/counter/")
    desk.get_by_role("button", name="坐在1号窗口").click()
    assert faults(desk) == []
    desk.get_by_role("button", name="叫下一位").click()
    expect(screen.get_by_role("cell", name="1号窗口")).to_be_visible()
    expect(screen.locator("[data-said]")).to_have_text("请 A 0 0 1 号到 1 号窗口")
    assert faults(screen) == []
    picture(screen, "screen")
    phone.reload()
    expect(phone.get_by_text("正在叫您")).to_be_visible()
    desk.get_by_role("button", name="人来了，开始办理").click()
    picture(desk, "counter")
    desk.get_by_role("button", name="办完", exact=True).click()
    expect(desk.get_by_text("A001号已办完")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("已办完")).to_be_visible()
    assert faults(desk) == []


def test_a_kiosk_without_network_goes_on_and_tells_later(of: Town, enter: Enter) -> None:
    kiosk = enter(None)
    with kiosk.expect_response(lambda answer: answer.url.endswith("/numbers/")):
        kiosk.goto(reverse("counter:kiosk", args=[kiosk_key(of.hall)]))
    kiosk.wait_for_function("Object.keys(JSON.parse(localStorage['kiosk-center'] ?? '{}').numbers ?? {}).length")
    kiosk.context.set_offline(True)
    kiosk.get_by_role("button", name="综合受理").click()
    expect(kiosk.get_by_text("A801", exact=True)).to_be_visible()
    expect(kiosk.get_by_text("网络暂时不通")).to_be_visible()
    assert not Ticket.objects.exists()
    with kiosk.expect_response(lambda answer: answer.url.endswith("/take/") and answer.ok):
        kiosk.context.set_offline(False)
    assert Ticket.objects.get().label == "A801"


def until(page: Page, expression: str) -> None:
    """Wait for something to be true in a page, whose policy allows no eval."""
    page.evaluate(f"async () => {{ while (!(await ({expression}))) await new Promise((go) => setTimeout(go, 50)); }}")


def kept(page: Page) -> None:
    """Wait until the service worker has this page and the files it loads."""
    until(page, "navigator.serviceWorker.controller")
    until(page, "caches.match(location.href)")


@pytest.mark.nightly
def test_a_kiosk_and_a_screen_reloaded_without_network_come_back_and_what_was_given_is_told_later(
    of: Town, enter: Enter
) -> None:
    kiosk = enter(None)
    with kiosk.expect_response(lambda answer: answer.url.endswith("/numbers/")):
        kiosk.goto(reverse("counter:kiosk", args=[kiosk_key(of.hall)]))
    until(kiosk, "Object.keys(JSON.parse(localStorage['kiosk-center'] ?? '{}').numbers ?? {}).length")
    kept(kiosk)
    kiosk.context.set_offline(True)
    kiosk.reload()
    kiosk.get_by_role("button", name="综合受理").click()
    expect(kiosk.get_by_text("A801", exact=True)).to_be_visible()
    kiosk.reload()
    kiosk.get_by_role("button", name="综合受理").click()
    expect(kiosk.get_by_text("A802", exact=True)).to_be_visible()
    assert not Ticket.objects.exists()
    kiosk.context.set_offline(False)
    until(kiosk, "!JSON.parse(localStorage['kiosk-center']).told.length")
    assert sorted(each.label for each in Ticket.objects.all()) == ["A801", "A802"]
    screen = enter(None)
    screen.goto(reverse("counter:screen", args=["center"]))
    kept(screen)
    screen.context.set_offline(True)
    screen.reload()
    expect(screen.get_by_role("heading", name=of.hall.name)).to_be_visible()
    expect(screen.get_by_text("网络不通，正在重新连接")).to_be_visible()
    screen.context.set_offline(False)
    clerk = {"by": of.clerks[0], "at": now()}
    call_next(open_counter(of.counters[0], **clerk), **clerk)
    expect(screen.get_by_role("cell", name="1号窗口")).to_be_visible()


@pytest.mark.nightly
def test_an_answer_to_a_form_is_never_an_old_one_and_a_page_that_ended_is_not_kept(of: Town, enter: Enter) -> None:
    kiosk = enter(None)
    kiosk.goto(reverse("counter:kiosk", args=[kiosk_key(of.hall)]))
    kept(kiosk)
    assert not kiosk.evaluate("caches.match('/hall/results/').then(Boolean)")
    of.hall.kiosk_round += 1
    of.hall.save()
    kiosk.reload()
    expect(kiosk.get_by_text("取号机的地址已经换了")).to_be_visible()
    until(kiosk, "caches.match(location.href).then((found) => !found)")


def test_an_appointment_on_a_phone(of: Town, enter: Enter, picture: Any) -> None:
    person: User = citizen("林小例")
    item = make.publication(of=make.item(of.hall.organ)).item
    phone = enter(person, width=390)
    phone.goto(reverse("portal:item", args=[item.guid]))
    phone.get_by_role("link", name="预约去大厅办").click()
    phone.locator("input[name=when]").first.check()
    assert faults(phone) == []
    picture(phone, "booking")
    phone.get_by_role("button", name="预约", exact=True).click()
    booked = Appointment.objects.get()
    expect(phone.locator("strong", has_text=booked.code)).to_be_visible()
    assert faults(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="取消").click()
    expect(phone.get_by_text("已取消，谢谢您")).to_be_visible()
