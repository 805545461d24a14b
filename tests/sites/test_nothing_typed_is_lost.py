"""Every form of the staff's pages, as a browser would send it: filled in wrongly, or when the session is over. What was typed
comes back."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from lxml import html
from tests import factories as make
from tests.foreign import Foreign
from tests.test_leaks import assert_none, signed_in, targets
from tests.work import sample
from tests.world import built, theirs  # noqa: F401

from banshi.people.models import User
from banshi.sites.kit.permissions import ROLES
from banshi.sites.kit.staff import STAFF_PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("menu_without_figures")]
ORIGIN = "http://testserver"
NOT_SHOWN_AGAIN = {"number", "applicant_number"}
"""Of whoever stands at the counter: read from the card each time, and on no page in full."""
TEXT = {"text", "search", "url", "email", "tel", "date", "number", "month", None}


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it is sent, and the texts somebody typed into it."""

    page: str
    address: str
    sent: dict[str, list[str]]
    typed: list[str]


@pytest.fixture
def everybody(theirs: Foreign) -> User:  # noqa: F811
    """One person in every role of the office whose things there are."""
    who = make.user("admin", theirs.organ)
    for role in ROLES:
        if role != "admin":
            make.post(who, role, theirs.organ)
    return who


def pages(of: Foreign) -> Iterator[str]:
    return (place for place, _ in targets(of) if place.startswith((*STAFF_PAGES, "/my/")))


def forms(client: Client, page: str) -> Iterator[Filled]:
    """The forms of a page that are posted, with something of one's own in each field for text."""
    response = client.get(page)
    if response.status_code != 200 or not response.get("Content-Type", "").startswith("text/html"):
        return
    tree = html.fromstring(response.content.decode())
    for form in tree.forms:
        address = form.get("action") or page
        if (form.get("method") or "get").lower() != "post" or not address.startswith((*STAFF_PAGES, "/my/")):
            continue
        for unsent in form.xpath(".//template | .//fieldset[@disabled] | .//*[@inert]"):
            unsent.drop_tree()  # a row not added yet, or what is only shown
        sent: dict[str, list[str]] = {}
        typed: list[str] = []
        for field in form.inputs:
            if not field.name or field.name == "csrfmiddlewaretoken" or field.get("disabled") is not None:
                continue
            if field.tag == "textarea" or (field.tag == "input" and field.get("type") in TEXT):
                words = f"手填第{len(typed)}处Zq"
                sent.setdefault(field.name, []).append(words)
                if not (page.startswith("/counter/") and field.name in NOT_SHOWN_AGAIN):
                    typed.append(words)
            elif field.tag == "select":
                sent.setdefault(field.name, []).append(str(field.value or ""))
            elif field.get("type") == "hidden" or field.get("checked") is not None:
                sent.setdefault(field.name, []).append(field.get("value") or "on")
        if typed:
            yield Filled(page, address, sent, typed)


def lost(answer: Any, filled: Filled) -> list[str]:
    """The texts that are nowhere on the page that was answered, where anything but a redirect was."""
    if answer.status_code in (204, 302):
        return []
    page = unescape(answer.content.decode())
    return [
        f"{filled.page} → {filled.address}: {answer.status_code} lost {each}"
        for each in filled.typed
        if each not in page
    ]


def test_what_was_typed_comes_back_when_it_is_wrong_and_when_the_session_is_over(
    theirs: Foreign,  # noqa: F811
    everybody: User,
) -> None:
    client, nobody, wrong, tried = signed_in(everybody), Client(), [], 0
    for page in sample(pages(theirs), 2):
        for filled in forms(client, page):
            tried += 1
            shut = nobody.post(filled.address, filled.sent, headers={"origin": ORIGIN})
            nobody.cookies.clear()
            wrong += lost(shut, filled)
            if shut.status_code != 403:
                wrong.append(f"{filled.address} answered {shut.status_code} when the session was over")
            mark = transaction.savepoint()
            answer = client.post(filled.address, filled.sent, headers={"origin": ORIGIN})
            wrong += lost(answer, filled)
            if answer.status_code >= 500:
                wrong.append(f"{filled.address} answered {answer.status_code}")
            transaction.savepoint_rollback(mark)
            if client.session.get("_auth_user_id") != str(everybody.pk):  # a form of their own account may end it
                client.force_login(everybody, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert tried > 30
    assert_none(wrong)


def test_what_a_citizen_wrote_is_kept_where_the_session_ended_meanwhile() -> None:
    written = {"title": "希望周末也能办居住证", "text": "上班的人没有空"}
    address, nobody = reverse("portal:wish-new"), Client()
    kept = nobody.post(address, written, headers={"origin": ORIGIN})
    assert kept.status_code == 403 and "登录已超时，刚才填的还没有提交" in kept.content.decode()
    assert all(words in kept.content.decode() for words in written.values())
    led = f"{reverse('account_login')}?next="
    assert nobody.post(address, {"kind": "a"}, headers={"origin": ORIGIN}).url.startswith(led), "nothing was written"
    assert nobody.post(address, written).url.startswith(led), "another site may have sent it"
    assert nobody.post(address, written, headers={"origin": "https://thief.example"}).url.startswith(led)
