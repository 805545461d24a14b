"""The outbox page: queues of all kinds, dead letters first, what is tried again."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import factories as make

from banshi.outbox.actions import NewMessage, enqueue, queue_named
from banshi.outbox.models import Message, Queue

pytestmark = pytest.mark.django_db
HOME = "/console/outbox/"


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(make.user("admin"))
    return client


def mails(count: int, state: str = "waiting") -> Queue:
    """To one clerk, in a state."""
    clerk, queue = make.user("clerk", email="clerk@example.gov.cn", full_name="李四"), queue_named("mail")
    drafts = (NewMessage(f"{state}{n}", f"催办{n}", {"body": "密"}, recipient=clerk.pk) for n in range(count))
    with transaction.atomic():
        enqueue(queue, drafts, at=make.NOON)
    if state != "waiting":
        about = {"state": state, "last_error": "对方的邮件服务器没有收（550）", "settled_at": make.NOON}
        Message.objects.filter(queue=queue, state="waiting").update(**about)
    return queue


def text(client: Client, address: str = HOME) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


@pytest.mark.parametrize("role", ["clerk", "publisher", "supervisor", "leader"])
def test_only_the_administrator_sees_it(role: str) -> None:
    client = Client()
    assert client.get(HOME).status_code == 302
    client.force_login(make.user(role))
    assert client.get(HOME).status_code == 403


def test_with_nothing_to_send_the_page_says_so(admin: Client) -> None:
    assert "还没有要发的" in text(admin)


def test_what_did_not_arrive_is_shown_first_with_whom_and_why_but_not_its_text(admin: Client) -> None:
    mails(1, "failed")
    mails(1, "in_doubt")
    mails(1)
    page = text(admin)
    assert page.count("给李四") == 2 and "（550）" in page and "未送达" in page and "不知道送到没有" in page
    assert "密" not in page.split("<main")[1].replace("密码", "").replace("密钥", "")
    assert text(admin, f"{HOME}?show=waiting").count("给李四") == 1


def test_a_mail_in_doubt_can_be_sent_again_by_a_person(admin: Client) -> None:
    queue = mails(1, "in_doubt")
    one = queue.messages.get()
    page = admin.post(f"{HOME}messages/{one.pk}/resend/", follow=True).content.decode()
    assert "重新排队" in page
    one.refresh_from_db()
    assert (one.state, one.settled_at) == ("waiting", None)


def test_sending_all_again_leaves_those_in_doubt(admin: Client) -> None:
    queue = mails(2, "failed")
    mails(1, "in_doubt")
    page = admin.post(f"{HOME}queues/{queue.pk}/resend/", follow=True).content.decode()
    assert "2 条重新排队" in page
    assert sorted(queue.messages.values_list("state", flat=True)) == ["in_doubt", "waiting", "waiting"]


def test_a_server_that_is_away_is_told_with_the_next_try(admin: Client) -> None:
    queue = mails(1)
    Queue.objects.filter(pk=queue.pk).update(
        failures=2, last_error="邮件服务器连不上", next_at=make.NOON + timedelta(minutes=2)
    )
    page = text(admin)
    assert "连不上" in page and "12:02" in page


def test_records_go_by_pages(admin: Client) -> None:
    queue = mails(55, "failed")
    assert "下一页" in text(admin)
    last = queue.messages.order_by("-pk")[49].pk
    page = text(admin, f"{HOME}?queue={queue.pk}&before={last}")
    assert page.count("给李四") == 5


@pytest.mark.parametrize("asked", ["queue=x", "queue=999999999999999999999", "show=x", "before=x", "before=-1"])
def test_nonsense_shows_the_page(admin: Client, asked: str) -> None:
    mails(1, "failed")
    assert "给李四" in text(admin, f"{HOME}?{asked}")


@pytest.mark.parametrize("count", [1, 9])
def test_as_many_questions_for_nine_as_for_one(admin: Client, count: int) -> None:
    mails(count, "failed")
    text(admin)
    with CaptureQueriesContext(connection) as asked:
        text(admin)
    assert len([each for each in asked if "outbox_" in each["sql"]]) == 3
