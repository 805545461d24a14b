"""Every page of the workbench, as owner, colleague, stranger and anonymous."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import NOON, TESTS, draft, guide, item, publication, reference
from tests.sites.workbench.conftest import People

from banshi.catalog.actions import publish_notice
from banshi.people.models import User

SignIn = Callable[[User], Client]
OF_AN_ITEM = {
    "item": [],
    "editor": [],
    "editor-side": [],
    "editor-chart": [],
    "editor-discard": [],
    "item-identity": [],
    "claim": [],
    "versions": [],
    "version": [1],
}
OF_A_PUBLISHER = {
    "publish": [],
    "suspend": [],
    "cancel": [],
    "merge": [],
    "split": [],
    "withdraw": [],
    "published": [1],
}
OF_EVERYONE = ("today", "items", "item-new", "references")


@pytest.fixture
def shown(people: People):  # type: ignore[no-untyped-def]
    """An item of the bureau with two versions and an open draft."""
    it = publication(item(people.bureau)).item
    publication(it, guide("第二版"), at=NOON + timedelta(days=1))
    draft(it)
    return it


@pytest.mark.parametrize("name", OF_AN_ITEM)
def test_pages_of_an_item_open_for_its_bureau_only(name: str, people: People, signed_in: SignIn, shown) -> None:  # type: ignore[no-untyped-def]
    address = reverse(f"workbench:{name}", args=[shown.guid, *OF_AN_ITEM[name]])
    assert signed_in(people.clerk).get(address).status_code == 200
    assert signed_in(people.colleague).get(address).status_code == 200
    assert signed_in(people.stranger).get(address).status_code == 404
    assert Client().get(address).url.startswith(reverse("account_login"))


@pytest.mark.usefixtures("moving_in")
@pytest.mark.parametrize("name", OF_A_PUBLISHER)
def test_acts_on_an_item_open_for_those_who_may_act(name: str, people: People, signed_in: SignIn, shown) -> None:  # type: ignore[no-untyped-def]
    address = reverse(f"workbench:{name}", args=[shown.guid, *OF_A_PUBLISHER[name]])
    assert signed_in(people.publisher).get(address).status_code == 200
    assert signed_in(people.stranger_publisher).get(address).status_code == 404
    assert Client().get(address).url.startswith(reverse("account_login"))
    if name != "published":
        refused = signed_in(people.clerk).get(address)
        assert refused.status_code == 403
        assert "权限" in refused.content.decode()


@pytest.mark.parametrize("name", OF_EVERYONE)
def test_pages_of_everyone_show_nothing_of_other_bureaus(name: str, people: People, signed_in: SignIn, shown) -> None:  # type: ignore[no-untyped-def]
    address = reverse(f"workbench:{name}")
    assert signed_in(people.clerk).get(address).status_code == 200
    strange = signed_in(people.stranger).get(address)
    assert strange.status_code == 200
    assert shown.name not in strange.content.decode()
    assert Client().get(address).url.startswith(reverse("account_login"))


def test_someone_without_a_post_is_told_whom_to_ask(people: People, signed_in: SignIn) -> None:
    from tests.factories import user

    answer = signed_in(user()).get(reverse("workbench:today"))
    assert answer.status_code == 403
    assert "联系系统管理员" in answer.content.decode()


def test_notices_are_for_those_who_may_write_them(people: People, signed_in: SignIn) -> None:
    notice = publish_notice(organ=people.bureau, title="停电公告", body="周六停电", by=TESTS, at=NOON)
    pages = [reverse("workbench:notices"), reverse("workbench:notice-new")]
    own = [reverse("workbench:notice", args=[notice.pk]), reverse("workbench:notice-remove", args=[notice.pk])]
    for page in pages + own:
        assert signed_in(people.publisher).get(page).status_code == 200
        assert signed_in(people.clerk).get(page).status_code in (403, 404)
        assert Client().get(page).status_code == 302
    for page in own:
        assert signed_in(people.stranger_publisher).get(page).status_code == 404
    assert "停电公告" not in signed_in(people.stranger_publisher).get(pages[0]).content.decode()


def test_the_reference_catalogue_is_added_to_by_its_keepers(people: People, signed_in: SignIn) -> None:
    address = reverse("workbench:reference-new")
    assert signed_in(people.publisher).get(address).status_code == 200
    assert signed_in(people.clerk).get(address).status_code == 403


def test_reading_pages_write_nothing(people: People, signed_in: SignIn, shown) -> None:  # type: ignore[no-untyped-def]
    from banshi.ledger.models import LedgerEntry

    reference()
    before = LedgerEntry.objects.count()
    client = signed_in(people.publisher)
    for names in (OF_AN_ITEM, OF_A_PUBLISHER):
        for name, args in names.items():
            client.get(reverse(f"workbench:{name}", args=[shown.guid, *args]))
    for name in OF_EVERYONE:
        client.get(reverse(f"workbench:{name}"))
    assert LedgerEntry.objects.count() == before
