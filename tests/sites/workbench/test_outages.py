"""A full disk and a locked database: told with what was typed, saved once there is room again."""

import re
import sqlite3
from collections.abc import Iterator
from html import unescape

import pytest
from django.db import OperationalError, connection
from django.test import Client
from tests.factories import guide, item
from tests.sites.workbench.conftest import People
from tests.sites.workbench.test_editor import address, form, saved

from banshi.catalog.models import Item
from banshi.core.outages import DatabaseAway, DatabaseBusy, DiskFull, outage_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="fills SQLite's own file"),
]
LONG = "给适龄儿童报名。" * 2000


@pytest.fixture
def it(people: People, on_disk_database: None) -> Item:
    return item(people.bureau, guide("小学入学报名"))


@pytest.fixture
def clerk(people: People, it: Item) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(people.clerk, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get(address(it))
    return client


@pytest.fixture
def full_disk(clerk: Client) -> Iterator[None]:
    pages_at_most(1)
    yield
    pages_at_most(1_000_000)


def pages_at_most(count: int) -> None:
    """SQLite raises a limit below what there is to what there is."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute(f"PRAGMA max_page_count = {count}")


def fields(page: str) -> dict[str, list[str]]:
    """What the page would send."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page, re.DOTALL):
        found.setdefault(name, []).append(unescape(value))
    return found


def test_on_a_full_disk_what_was_typed_stays_in_the_page_and_is_saved_from_it(
    clerk: Client, it: Item, full_disk: None
) -> None:
    answer = clerk.post(address(it), form(it, summary=LONG))
    page = answer.content.decode()
    assert answer.status_code == 507
    assert "磁盘已满，没有保存" in page
    assert "请不要关闭" in page
    assert 'data-retry="15"' in page
    assert saved(it).summary != LONG
    assert clerk.get(address(it)).status_code == 200, "reading goes on"
    pages_at_most(1_000_000)
    assert clerk.post(address(it), fields(page)).status_code == 302
    assert saved(it).summary == LONG


def test_the_editor_is_told_in_its_own_words(clerk: Client, it: Item, full_disk: None) -> None:
    told = clerk.post(address(it), form(it, summary=LONG), HTTP_ACCEPT="application/json")
    assert told.status_code == 507
    assert told.json() == {"message": "服务器的磁盘已满，没有保存", "remedy": "请系统管理员腾出空间后再试。"}


def test_htmx_gets_a_fragment(clerk: Client, it: Item, full_disk: None) -> None:
    told = clerk.post(address(it), form(it, summary=LONG), headers={"HX-Request": "true"})
    assert told.status_code == 507
    assert told["HX-Retarget"] == "#notices"


def test_while_another_has_locked_the_database_it_is_busy(clerk: Client, it: Item) -> None:
    data = form(it, summary=LONG)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(connection.settings_dict["NAME"])
    try:
        other.execute("BEGIN IMMEDIATE")
        answer = clerk.post(address(it), data)
    finally:
        other.close()
    assert answer.status_code == 503
    assert "数据库正忙，没有保存" in answer.content.decode()
    assert fields(answer.content.decode())["summary"] == [LONG]


def test_passwords_are_in_no_page_again(clerk: Client, full_disk: None) -> None:
    typed = {"login": "chen" * 50, "password": "很长的密码"}
    page = Client(raise_request_exception=False).post("/accounts/login/", typed).content.decode()
    assert "很长的密码" not in page


def error(kind: type[Exception], **of_driver: str) -> Exception:
    """As Django wraps what its driver raised."""
    cause = Exception("driver")
    for name, value in of_driver.items():
        setattr(cause, name, value)
    wrapped = kind("wrapped")
    wrapped.__cause__ = cause
    return wrapped


@pytest.mark.parametrize(
    ("accident", "outage"),
    [
        (OSError(28, "No space left on device"), DiskFull),
        (error(OperationalError, sqlstate="53100"), DiskFull),
        (error(OperationalError, sqlstate="55P03"), DatabaseBusy),
        (error(OperationalError, sqlstate="57P01"), DatabaseAway),
        (error(OperationalError), DatabaseAway),
        (error(OperationalError, sqlite_errorname="SQLITE_ERROR"), None),
        (error(ValueError), None),
        (FileNotFoundError(2, "gone"), None),
    ],
)
def test_what_is_an_outage(accident: Exception, outage: type[Exception] | None) -> None:
    found = outage_of(accident)
    assert type(found) is (outage or type(None))
