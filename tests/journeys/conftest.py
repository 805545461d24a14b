"""A browser for journeys: Chromium as Debian has it, pictures into BANSHI_SCREENSHOTS, no error in any console."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from banshi.people.models import User

DEADLINE = 120_000  # milliseconds, after which what a page should show is missing, however busy the machine is
expect.set_options(timeout=DEADLINE)


@pytest.fixture
def open_page(chromium: Browser, live_server: Any, settings: Any) -> Iterator[Callable[..., Page]]:
    """`open_page("/", width=390, large=True, scripts=False)`; an error in the console fails the test."""
    settings.SITE_URL = live_server.url
    for each in ("default", "pages"):
        caches[each].clear()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        asked_for = message.page is not None and message.location.get("url") == message.page.url
        if message.type == "error" and not asked_for:  # a page that is itself a 404 may say so
            complaints.append(f"{message.text} {message.location.get('url')}")

    with ExitStack() as contexts:

        def opened(path: str = "/", *, width: int = 1280, large: bool = False, scripts: bool = True) -> Page:
            context = chromium.new_context(
                viewport={"width": width, "height": 844 if width < 600 else 900},
                java_script_enabled=scripts,
                locale="zh-CN",
            )
            context.set_default_timeout(DEADLINE)
            contexts.callback(context.close)
            if large:
                context.add_cookies([{"name": "large", "value": "1", "url": live_server.url}])
            page = context.new_page()
            page.on("console", note)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(live_server.url + path)
            return page

        yield opened
    assert not complaints


@pytest.fixture
def enter(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """A page for a person already signed in (None: nobody), of a width."""
    opened: list[BrowserContext] = []

    def for_person(who: User | None, width: int = 1280, **more: Any) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, base_url=live_server.url, locale="zh-CN", **more
        )
        context.set_default_timeout(DEADLINE)
        opened.append(context)
        if who:
            client = Client()
            client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return context.new_page()

    yield for_person
    for context in opened:
        context.close()


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """`picture(page, "guide")` keeps what is seen when BANSHI_SCREENSHOTS names a folder."""

    def keep(page: Page, name: str, *, full: bool = True) -> None:
        if folder := os.environ.get("BANSHI_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=full)

    return keep


@pytest.fixture
def is_accessible() -> Callable[[Page], None]:
    """Fails with axe's report when a rule of WCAG 2.2 AA, or of good practice, is broken."""

    def check(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return check


staff_widths = pytest.mark.parametrize("width", [1280, pytest.param(390, marks=pytest.mark.nightly)])
"""Pages of staff are examined at a desk's width; each day they have to fit a phone too, nightly axe looks there as well."""
portal_widths = pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.nightly)])
"""Pages of the public are used on a phone; each day they have to fit a desk too, nightly they are used there as well."""


AXE_EVERY = 1 if os.environ.get("BANSHI_TEST_ALL") else 2
"""On a walk over many pages axe takes the most time: each second page each day, nightly all."""


def fits(page: Page) -> bool:
    """Nothing sticks out at the side."""
    return bool(page.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth"))


def fits_everywhere(page: Page) -> bool:
    """Nothing sticks out at the side as it stands, on a phone and at a desk."""
    size = page.viewport_size
    assert size is not None
    fitting = [fits(page)]
    for width, height in ((390, 844), (1280, 900)):
        if width != size["width"]:
            page.set_viewport_size({"width": width, "height": height})
            fitting.append(fits(page))
    page.set_viewport_size(size)
    return all(fitting)
