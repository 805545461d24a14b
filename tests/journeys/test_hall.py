"""大厅: from the kiosk to the counter, a minute without network, an appointment on a phone."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests import factories as make
from tests.foreign import citizen
from tests.journeys.conftest import fits
from tests.window.hall import Town, town

from banshi.access import Visitor
from banshi.core.clock import now
from banshi.people.models import User
from banshi.sites.kit import streams
from banshi.sites.kit.streams import reader
from banshi.window.actions import call_next, close_hall, open_counter, reopen_hall, set_places, take_ticket
from banshi.window.kiosk_address import kiosk_key
from banshi.window.models import Appointment, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ALWAYS = {each: [["00:00", "12:00"], ["12:01", "23:59"]] for each in ("working", "rest")}
RECONCILED = 5_000
"""Milliseconds after which a kiosk looks again."""
Enter = Callable[..., Page]


@pytest.fixture
def of(monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A hall whose pages come again five times as soon as in service."""
    monkeypatch.setattr(streams, "RETRY_MILLISECONDS", 300)
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
    kiosk.clock.install()
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
        kiosk.clock.fast_forward(RECONCILED)
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


def test_an_open_kiosk_notices_that_the_hall_closes_and_opens_again(of: Town, enter: Enter, picture: Any) -> None:
    kiosk = enter(None)
    kiosk.goto(reverse("counter:kiosk", args=[kiosk_key(of.hall)]))
    queue = kiosk.get_by_role("button", name="综合受理")
    expect(queue).to_be_visible()
    take_ticket(of.general, by=Visitor(), at=now())
    expect(kiosk.get_by_text("现在有1人在等")).to_be_visible()
    close_hall(of.hall, by=of.manager, at=now())
    expect(kiosk.get_by_text("今天已经提前闭厅，没有办到的号下次来最先办")).to_be_visible()
    expect(queue).to_be_hidden()
    expect(kiosk.get_by_label("输入6位预约码")).to_be_hidden()
    expect(kiosk.get_by_role("link", name="查办事指南")).to_be_visible()
    assert faults(kiosk) == []
    picture(kiosk, "kiosk-closed")
    kiosk.context.set_offline(True)
    expect(kiosk.locator("[data-no-tickets]")).to_be_visible()
    reopen_hall(of.hall, by=of.manager, at=now())
    kiosk.context.set_offline(False)
    expect(queue).to_be_visible()


def test_a_kiosk_without_network_gives_no_number_outside_the_hours_it_was_told(of: Town, enter: Enter) -> None:
    kiosk = enter(None)
    kiosk.clock.install()
    with kiosk.expect_response(lambda answer: answer.url.endswith("/numbers/")):
        kiosk.goto(reverse("counter:kiosk", args=[kiosk_key(of.hall)]))
    until(kiosk, "JSON.parse(localStorage['kiosk-center'] ?? '{}').hours?.length")
    kiosk.context.set_offline(True)
    kiosk.clock.set_system_time(now() + timedelta(days=1))
    kiosk.get_by_role("button", name="综合受理").click()
    expect(kiosk.get_by_text("现在不取号").first).to_be_visible()
    assert not kiosk.evaluate("JSON.parse(localStorage['kiosk-center']).told.length")
    kiosk.clock.fast_forward(RECONCILED)
    expect(kiosk.get_by_role("button", name="综合受理")).to_be_hidden()


def test_who_waits_for_an_appointment_on_a_phone_is_told_and_takes_it_or_lets_it_go(
    of: Town, enter: Enter, picture: Any
) -> None:
    item = make.publication(of=make.item(of.hall.organ)).item
    set_places(of.general, morning=1, afternoon=0, by=of.manager, at=now())
    first, second, third = (enter(citizen(name), width=390) for name in ("林小例", "王小美", "李四"))

    def asks(phone: Page, *, waits: bool) -> None:
        phone.goto(reverse("portal:book", args=[item.guid]))
        phone.locator("input[name=when]").last.check()  # not the half day that is near
        if waits:
            phone.get_by_label("约满了就排候补").check()
        phone.get_by_role("button", name="预约", exact=True).click()

    asks(first, waits=False)
    expect(first.get_by_text("约好了，预约码")).to_be_visible()
    asks(second, waits=True)
    expect(second.get_by_text("您排在第一个")).to_be_visible()
    assert faults(second) == [] and fits(second)
    picture(second, "waiting-list-joined")
    asks(third, waits=True)
    expect(third.get_by_text("前面还有1人")).to_be_visible()

    first.get_by_role("button", name="取消").click()
    expect(first.get_by_text("已取消，谢谢您")).to_be_visible()
    second.goto("/my/messages/")
    expect(second.get_by_text("候补到了，请在").first).to_be_visible()
    second.goto("/my/appointments/")
    expect(second.get_by_text("空出了名额，为您保留到")).to_be_visible()
    assert faults(second) == [] and fits(second)
    picture(second, "waiting-list-told")
    second.get_by_role("button", name="确认，我来").click()
    expect(second.locator("strong", has_text=Appointment.objects.get(state="booked").code)).to_be_visible()

    second.get_by_role("button", name="取消").click()
    third.reload()
    expect(third.get_by_text("空出了名额，为您保留到")).to_be_visible()
    third.get_by_role("button", name="不去了，让给后面的人").click()
    expect(third.get_by_text("已取消，谢谢您")).to_be_visible()
    first.goto(reverse("portal:book", args=[item.guid]))
    expect(first.get_by_text("1 个空位").first).to_be_visible()
