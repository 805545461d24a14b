"""A secret that is renewed by a button pressed twice, one press after the other, is renewed once and told."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from lxml import html
from tests import factories as make
from tests.factories import NOON, TESTS
from tests.test_leaks import signed_in
from tests.window.hall import town

from banshi.clients.actions import register_system
from banshi.clients.models import Client
from banshi.connectors.models import Webhook
from banshi.connectors.webhook.actions import set_webhook
from banshi.core.errors import Conflict
from banshi.exchange.actions import register_key
from banshi.ledger.models import LedgerEntry
from banshi.people.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("menu_without_figures")]


@pytest.fixture
def who() -> User:
    return make.user("admin", make.organ())


def a_system(who: User) -> Client:
    organ = who.posts.get(role="admin").organ
    return register_system(organ, name="审批系统", permissions=["item.view", "exchange.use"], by=TESTS, at=NOON)[0]


def pressed_twice(browser: Browser, address: str, *, of: str = "", **typed: str) -> None:
    """Send what the form to `address` on the page `of` would send, with what is `typed`, and the same again."""
    forms = html.fromstring(browser.get(of or address).content.decode()).forms
    form = next(each for each in forms if each.method == "POST" and (each.action or address) == address)
    sent: dict[str, Any] = dict(form.form_values()) | typed
    for _ in range(2):
        browser.post(address, sent)


def entries(action: str) -> int:
    return LedgerEntry.objects.filter(action=action).count()


def test_a_password(who: User) -> None:
    clerk, browser = make.user("clerk", make.organ()), signed_in(who)
    pressed_twice(browser, reverse("console:person-password", args=[clerk.pk]))
    assert entries("people.reset_password") == 1
    page = browser.get(reverse("console:person", args=[clerk.pk])).content.decode()
    assert "刚刚重设过，这一次没有再设" in page
    clerk.refresh_from_db()
    shown = [each.text_content().strip() for each in html.fromstring(page).iter("code", "strong", "b")]
    assert any(clerk.check_password(each) for each in shown)


def test_a_system_s_secret(who: User) -> None:
    one, browser = a_system(who), signed_in(who)
    pressed_twice(browser, reverse("console:client-secret", args=[one.pk]))
    assert entries("clients.renew_secret") == 1
    assert "刚刚换过，这一次没有再换" in browser.get(reverse("console:client", args=[one.pk])).content.decode()


def test_where_cases_are_pushed_to(who: User) -> None:
    one, browser = a_system(who), signed_in(who)
    set_webhook(one, url="https://example.com/a", by=TESTS, at=NOON)
    before = entries("connectors.set_webhook")
    page = reverse("console:client-webhook", args=[one.pk])
    pressed_twice(browser, page, url="https://example.com/b")
    assert entries("connectors.set_webhook") == before + 1
    assert "whsec_" not in browser.get(reverse("console:client", args=[one.pk])).content.decode(), "only the address"
    pressed_twice(browser, page, new_secret="on")
    assert entries("connectors.set_webhook") == before + 2
    assert "whsec_" in browser.get(reverse("console:client", args=[one.pk])).content.decode()
    assert Webhook.objects.count() == 1


def test_the_address_of_a_kiosk(who: User) -> None:
    hall, browser = town().hall, signed_in(who)
    hall.organ = who.posts.get(role="admin").organ
    hall.save()
    page = reverse("console:hall", args=[hall.pk])
    pressed_twice(browser, reverse("console:hall-kiosk", args=[hall.pk]), of=page)
    assert entries("window.renew_kiosk_address") == 1


def test_a_key_to_sign_with(who: User) -> None:
    one, until = a_system(who), NOON + timedelta(days=90)
    register_key(one, algorithm="hmac-sha256", until=until, by=TESTS, at=NOON)
    with pytest.raises(Conflict, match="刚刚登记过"):
        register_key(one, algorithm="hmac-sha256", until=until, by=TESTS, at=NOON + timedelta(seconds=1))
    register_key(one, algorithm="hmac-sha256", until=until, by=TESTS, at=NOON + timedelta(minutes=1))
