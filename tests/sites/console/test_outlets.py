"""The console's pages on outlets, as the administrator uses them and as nobody else sees them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import factories as make

from banshi.catalog.actions import publish_many, start_draft
from banshi.connectors.actions import add_outlet
from banshi.connectors.models import Outlet
from banshi.connectors.upper_platform.fake import FakeUpperPlatform
from banshi.outbox.delivery import deliver

pytestmark = pytest.mark.django_db
HOME, OUTBOX = "/console/outlets/", "/console/outbox/"


@pytest.fixture
def platform() -> Iterator[FakeUpperPlatform]:
    with FakeUpperPlatform() as fake:
        yield fake


@pytest.fixture
def admin() -> Client:
    return signed_in("admin")


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make.user(role))
    return client


def an_outlet(platform: FakeUpperPlatform, name: str = "省平台") -> Outlet:
    place = {"address": f"{platform.address}/exchange", "app": "banshi"}
    secrets = {"secret": platform.secret}
    return add_outlet(kind="upper_platform", name=name, place=place, secrets=secrets, by=make.TESTS, at=make.NOON)


def with_refused(platform: FakeUpperPlatform, count: int = 1) -> Outlet:
    outlet = an_outlet(platform)
    items = [make.item() for _ in range(count)]
    publish_many([start_draft(each, by=make.TESTS, at=make.NOON) for each in items], by=make.TESTS, at=make.NOON)
    platform.refused = {str(each.guid) for each in items}
    deliver(outlet, at=make.NOON)
    platform.refused = set()
    return outlet


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def after(client: Client, address: str, /, **given: Any) -> str:
    """The page one lands on."""
    response = client.post(address, given, follow=True)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


@pytest.mark.parametrize("page", ["", "new/", "new/wechat/", "{pk}/", "{pk}/edit/", "{pk}/end/"])
@pytest.mark.parametrize("role", ["clerk", "publisher", "supervisor", "leader"])
def test_only_the_administrator_sees_the_pages(
    page: str, role: str, platform: FakeUpperPlatform, admin: Client
) -> None:
    address = HOME + page.format(pk=an_outlet(platform).pk)
    text(admin, address)
    assert signed_in(role).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_with_no_outlet_the_page_says_how_to_begin(admin: Client) -> None:
    page = text(admin, HOME)
    assert "还没有发布渠道" in page and 'href="/console/outlets/new/"' in page


def test_an_outlet_is_added_checked_and_its_secret_never_shown_again(
    platform: FakeUpperPlatform, admin: Client
) -> None:
    given = {"name": "省政务服务网", "address": f"{platform.address}/exchange", "app": "banshi", "signing": "hmac-sm3"}
    page = after(admin, HOME + "new/upper_platform/", **given, secret=platform.secret)
    outlet = Outlet.objects.get()
    assert "已新增" in page and "hmac-sm3" in page
    checked = after(admin, f"{HOME}{outlet.pk}/check/")
    assert "检查通过" in checked
    pages = page + checked + text(admin, f"{HOME}{outlet.pk}/edit/") + text(admin, HOME)
    assert platform.secret not in pages


def test_a_failed_check_says_why(platform: FakeUpperPlatform, admin: Client) -> None:
    outlet = an_outlet(platform)
    platform.secret = "another one"
    assert "检查没有通过：对方不认可我方的密钥" in after(admin, f"{HOME}{outlet.pk}/check/")


def test_what_is_wrong_with_an_outlet_is_told_at_its_field(platform: FakeUpperPlatform, admin: Client) -> None:
    an_outlet(platform, "省平台")
    given = {"app": "banshi", "signing": "hmac-sha256", "secret": "long enough"}
    page = after(admin, HOME + "new/upper_platform/", name="省平台二", address="ftp://x", **given)
    assert "以 https:// 或 http:// 开头" in page and "long enough" not in page
    page = after(admin, HOME + "new/upper_platform/", name="省平台", address="https://example.invalid/x", **given)
    assert "已经有同名的渠道" in page
    assert Outlet.objects.count() == 1


def test_settings_are_changed_and_an_empty_secret_stays_as_it_was(platform: FakeUpperPlatform, admin: Client) -> None:
    outlet = an_outlet(platform)
    given = {"name": "省里", "address": f"{platform.address}/exchange", "app": "banshi", "signing": "hmac-sm3"}
    after(admin, f"{HOME}{outlet.pk}/edit/", **given, secret="")
    outlet.refresh_from_db()
    assert (outlet.name, outlet.place["signing"]) == ("省里", "hmac-sm3")
    assert "检查通过" in after(admin, f"{HOME}{outlet.pk}/check/")


def test_what_was_refused_is_seen_with_its_reason_and_sent_again_or_skipped(
    platform: FakeUpperPlatform, admin: Client
) -> None:
    outlet = with_refused(platform, 2)
    assert "2 条对方没有收下" in text(admin, f"{HOME}{outlet.pk}/")
    page = text(admin, f"{OUTBOX}?queue={outlet.pk}")
    assert "事项编码不符合规范" in page and "重发" in page and "新增" in page
    first, second = outlet.messages.order_by("pk")
    assert "重新排队" in after(admin, f"{OUTBOX}messages/{first.pk}/resend/")
    assert "必填" in after(admin, f"{OUTBOX}messages/{second.pk}/skip/", reason="")
    assert "已跳过" in after(admin, f"{OUTBOX}messages/{second.pk}/skip/", reason="省里不收")
    deliver(outlet, at=make.NOON + timedelta(minutes=1))
    assert list(outlet.messages.order_by("pk").values_list("state", flat=True)) == ["sent", "skipped"]
    assert admin.post(f"{OUTBOX}messages/{first.pk}/resend/").status_code == 409


def test_all_refused_ones_are_sent_again(platform: FakeUpperPlatform, admin: Client) -> None:
    outlet = with_refused(platform, 3)
    assert "3 条重新排队" in after(admin, f"{OUTBOX}queues/{outlet.pk}/resend/")


def test_pausing_and_resuming(platform: FakeUpperPlatform, admin: Client) -> None:
    outlet = an_outlet(platform)
    assert "已暂停" in after(admin, f"{OUTBOX}queues/{outlet.pk}/pause/")
    assert admin.post(f"{OUTBOX}queues/{outlet.pk}/pause/").status_code == 409
    assert "已恢复" in after(admin, f"{OUTBOX}queues/{outlet.pk}/resume/")


def test_an_ended_outlet_is_gone_from_the_pages(platform: FakeUpperPlatform, admin: Client) -> None:
    message = with_refused(platform).messages.get()
    assert "密钥立即删除" in text(admin, f"{HOME}{message.queue_id}/end/")
    assert "还没有发布渠道" in after(admin, f"{HOME}{message.queue_id}/end/")
    assert admin.get(f"{HOME}{message.queue_id}/").status_code == 404
    assert admin.post(f"{OUTBOX}messages/{message.pk}/resend/").status_code == 404
    assert "还没有要发的" in text(admin, OUTBOX)


def test_an_outlet_that_is_away_is_told_with_the_next_try(platform: FakeUpperPlatform, admin: Client) -> None:
    outlet = an_outlet(platform)
    make.published_item()
    platform.troubles = [503] * 5
    deliver(outlet, at=make.NOON)
    for page in (text(admin, HOME), text(admin, f"{HOME}{outlet.pk}/")):
        assert "连不上" in page and "对方暂时不能接收" in page and "12:01" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_one_question_however_long(count: int, platform: FakeUpperPlatform, admin: Client) -> None:
    for number in range(count):
        an_outlet(platform, f"渠道{number}")
    assert len(queries_of(admin, HOME)) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_one_outlet_asks_the_same_however_many_deliveries(
    count: int, platform: FakeUpperPlatform, admin: Client
) -> None:
    outlet = with_refused(platform, count)
    assert len(queries_of(admin, f"{HOME}{outlet.pk}/")) == 2


def queries_of(client: Client, address: str) -> list[str]:
    """Those about outlets and messages, without what every staff page asks."""
    text(client, address)
    with CaptureQueriesContext(connection) as asked:
        text(client, address)
    return [each["sql"] for each in asked if "connectors_" in each["sql"] or "outbox_" in each["sql"]]


def test_the_system_page_warns_of_what_was_refused_and_of_who_stays_away(
    platform: FakeUpperPlatform, admin: Client
) -> None:
    with_refused(platform, 2)
    Outlet.objects.update(failures=9)
    page = text(admin, "/console/running/system/")
    assert "2条变动没有送到发布渠道" in page and "“省平台”一直连不上" in page
