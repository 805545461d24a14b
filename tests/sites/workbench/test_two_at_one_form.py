"""Two people who have the same form open: the second is told once, with what is stored now, and then goes over it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html
from tests import factories as make
from tests.factories import campaigns, registers
from tests.test_leaks import signed_in

from banshi.catalog.actions import publish_notice, remove_notice
from banshi.catalog.models import Notice
from banshi.core.errors import Conflict
from banshi.people.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("menu_without_figures")]


def a_notice(who: User) -> tuple[Any, str, str]:
    at = who.posts.get(role="organizer").organ
    one = publish_notice(organ=at, title="停电", body="周一", by=make.TESTS, at=make.NOON)
    return one, reverse("workbench:notice", args=[one.pk]), "body"


def a_power(who: User) -> tuple[Any, str, str]:
    one = registers.power(who.posts.get(role="organizer").organ)
    return one, reverse("workbench:powers-edit", args=[one.pk]), "name"


def an_organ(who: User) -> tuple[Any, str, str]:
    one = make.organ()
    return one, reverse("console:organ-edit", args=[one.pk]), "phone"


def an_account(who: User) -> tuple[Any, str, str]:
    one = make.user("clerk", who.posts.get(role="organizer").organ)
    return one, reverse("console:person-edit", args=[one.pk]), "phone"


def a_summary(who: User) -> tuple[Any, str, str]:
    unit = campaigns.opened()
    make.post(who, "head", unit.organ)
    return unit, reverse("workbench:report-summary", args=[unit.pk]), "suggestions"


def typed(page: Any, **more: str) -> dict[str, str]:
    [form] = [each for each in html.fromstring(page.content.decode()).forms if each.get("id") == "the-form"]
    sent = {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
    return {**sent, **more}


@pytest.fixture
def who() -> User:
    at = make.organ()
    one = make.user("admin", at)
    for role in ("organizer", "publisher", "clerk"):
        make.post(one, role, at)
    return one


@pytest.mark.parametrize("make_one", [a_notice, a_power, an_organ, an_account, a_summary])
def test_the_second_is_told_what_the_first_has_written_and_may_go_over_it(
    who: User, make_one: Callable[[User], tuple[Any, str, str]]
) -> None:
    one, address, field = make_one(who)
    first, second = signed_in(who), signed_in(who)
    pages = [client.get(address) for client in (first, second)]
    mine, theirs = (typed(page, **{field: words}) for page, words in zip(pages, ("12345", "54321"), strict=True))
    assert first.post(address, mine).status_code == 302
    told = second.post(address, theirs)
    said = told.content.decode()
    assert "有人改过这一条，没有保存" in said and "现在保存的是“12345”" in said and "54321" in said
    one.refresh_from_db()
    assert getattr(one, field) == "12345"
    assert second.post(address, typed(told)).status_code == 302
    one.refresh_from_db()
    assert getattr(one, field) == "54321"


def test_who_alone_changes_it_twice_is_not_stopped(who: User) -> None:
    _, address, field = a_notice(who)
    client: Client = signed_in(who)
    for words in ("周二", "周三"):
        assert client.post(address, typed(client.get(address), **{field: words})).status_code == 302


def test_a_notice_taken_down_meanwhile_is_said_to_be(who: User) -> None:
    one, _, _ = a_notice(who)
    seen = Notice.objects.get()
    remove_notice(one, reason="过期", by=make.TESTS, at=make.NOON)
    with pytest.raises(Conflict, match="刚由别人撤下"):
        remove_notice(seen, reason="过期", by=make.TESTS, at=make.NOON)
