"""The registers in a browser: an office follows a change above, a citizen chooses an agency; no page sticks out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from tests.factories import NOON, TESTS, guide, item, organ, publication, reference, user
from tests.factories import registers as lines
from tests.journeys.conftest import AXE_EVERY, fits_everywhere, portal_widths, staff_widths

from banshi.people.models import User
from banshi.registers.actions import claim, propose_upward

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bureau(live_server: Any) -> dict[str, Any]:
    """An office that took over the first edition of a reference item; since then two elements changed above."""
    own, above = organ("示例县教育局"), reference()
    lines.edition(above, summary="统一的说明", visits=1)
    taken = item(own, guide("小学入学报名", summary="统一的说明", visits=2))
    claim(taken, reference=above, by=TESTS, at=NOON)
    lines.edition(above, summary="新的说明，写明随迁子女", visits=0)
    self_coded = item(own, guide("校服补贴申领"))
    proposal = propose_upward(
        self_coded, name="校服补贴申领", category=None, reason="上级没有", by=TESTS, at=NOON - timedelta(days=1)
    )
    service = lines.service(own)
    return {
        "clerk": user("clerk", own, full_name="陈经办"),
        "organizer": user("organizer", own, full_name="孙编办"),
        "taken": taken,
        "above": above,
        "proposal": proposal,
        "power": lines.power(own, cancelled_on=NOON.date(), cancel_document="关于取消一批许可的决定"),
        "transfer": lines.transfer(self_coded),
        "handed_over": lines.handed_over(lines.transfer(taken, "入学条件核验")),
        "service": service,
        "agency": lines.offer(lines.agency(own), service).agency,
        "purchase": lines.purchase(publication(item(own)).item),
    }


@pytest.fixture
def enter(open_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """A page for somebody already signed in."""

    def entered(who: User, path: str, width: int = 1280) -> Page:
        client = Client()
        client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[-1])
        name = settings.SESSION_COOKIE_NAME
        page = open_page("/", width=width)
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page.goto(live_server.url + path)
        return page

    return entered


def test_an_office_follows_a_change_above_and_keeps_one_of_its_own(
    bureau: dict[str, Any], enter: Callable[..., Page], picture: Callable[..., None]
) -> None:
    page = enter(bureau["clerk"], "/work/references/changed/")
    expect(page.get_by_text("2处")).to_be_visible()
    page.get_by_role("link", name="小学入学报名").click()
    page.get_by_role("button", name="一句话说明采用新的").click()
    expect(page.get_by_text("已按参考目录第2版写进草稿")).to_be_visible()
    page.get_by_label("保留本地写法，理由").fill("系统还没接通，要到场核对")
    page.get_by_role("button", name="到场次数保留本地写法").click()
    expect(page.get_by_text("没有要决定的地方")).to_be_visible()
    expect(page.get_by_text("系统还没接通，要到场核对")).to_be_visible()
    picture(page, "registers-compared")


def test_a_citizen_finds_who_does_it_and_that_the_choice_is_free(
    bureau: dict[str, Any], open_page: Callable[..., Page], picture: Callable[..., None]
) -> None:
    page = open_page("/", width=390)
    page.get_by_role("contentinfo").get_by_role("link", name="中介服务").click()
    page.get_by_label("查一项服务或审批").fill("环评")
    page.get_by_role("button", name="查", exact=True).click()
    page.get_by_role("link", name="环境影响评价").click()
    expect(page.get_by_text("找哪一家由您自己定")).to_be_visible()
    expect(page.get_by_role("heading", name="示例环评公司")).to_be_visible()
    picture(page, "registers-citizen")


@portal_widths
def test_public_pages_are_accessible_and_fit(
    width: int,
    bureau: dict[str, Any],
    open_page: Callable[..., Page],
    is_accessible: Callable[[Page], None],
    picture: Callable[..., None],
) -> None:
    page = open_page("/intermediaries/", width=width)
    for name, path in {
        "services": "/intermediaries/",
        "nothing": "/intermediaries/?q=没有的",
        "agencies": "/intermediaries/agencies/",
        "service": f"/intermediaries/{bureau['service'].pk}/",
        "transfers": "/transfers/",
        "no-transfers": "/transfers/?state=agreed",
    }.items():
        page.goto(urljoin(page.url, path))
        is_accessible(page)
        assert fits_everywhere(page), path
        picture(page, f"public-{name}-{width}")


@pytest.mark.parametrize("width", [320, pytest.param(390, marks=pytest.mark.nightly)])
def test_public_pages_fit_in_large_letters(width: int, bureau: dict[str, Any], open_page: Callable[..., Page]) -> None:
    page = open_page("/intermediaries/", width=width)
    page.context.add_cookies([{"name": "large", "value": "1", "url": urljoin(page.url, "/")}])
    for path in (
        "/intermediaries/",
        "/intermediaries/agencies/",
        f"/intermediaries/{bureau['service'].pk}/",
        "/transfers/",
        "/api/v1/docs",
    ):
        page.goto(urljoin(page.url, path))
        assert page.locator("html.large").count() == 1
        assert fits_everywhere(page), path


@staff_widths
def test_staff_pages_are_accessible_and_fit(
    width: int,
    bureau: dict[str, Any],
    enter: Callable[..., Page],
    is_accessible: Callable[[Page], None],
    picture: Callable[..., None],
) -> None:
    pk = {name: bureau[name].pk for name in ("above", "proposal", "power", "transfer", "service", "agency", "purchase")}
    paths = [
        *(f"{code}/{page}" for code in ("powers", "intermediaries", "agencies", "purchases") for page in ("", "new/")),
        *("transfers/", "powers/import/", "powers/back/", "references/", "references/changed/", "references/import/"),
        *(f"powers/{pk['power']}/", f"transfers/{pk['transfer']}/", f"transfers/{pk['transfer']}/examine/"),
        *(f"intermediaries/{pk['service']}/", f"agencies/{pk['agency']}/", f"agencies/{pk['agency']}/offer/"),
        *(f"purchases/{pk['purchase']}/", f"purchases/{pk['purchase']}/edit/", f"purchases/{pk['purchase']}/remove/"),
        *(f"references/{pk['above']}/", f"references/{pk['above']}/issue/", f"references/{pk['above']}/units/"),
        *(f"items/{bureau['taken'].guid}/", "references/proposals/"),
        *(f"references/proposals/{pk['proposal']}/", f"items/{bureau['taken'].guid}/reference/compare/"),
    ]
    page = enter(bureau["organizer"], "/work/", width)
    for place, path in enumerate(paths):
        address = page.url.split("/work/")[0] + f"/work/{path}"
        assert page.goto(address).status == 200, path  # type: ignore[union-attr]
        if place % AXE_EVERY == 0:
            is_accessible(page)
        assert fits_everywhere(page), path
        picture(page, f"staff-{path.replace('/', '-')}{width}")
