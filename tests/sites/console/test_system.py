"""The page 系统: which processes run, on which machines, and what is wrong with them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories import user
from tests.servers import free_port

from banshi.core.leases import lease
from banshi.core.models import Node

pytestmark = pytest.mark.django_db
PAGE = "/console/running/system/"
QUERIES = 22


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(user("admin"))
    return client


def node(host: str, *, silent_for: timedelta = timedelta(), **more: Any) -> Node:
    name = f"{host}-{Node.objects.count()}"
    more = {"kind": "site", "version": "0.1.0", **more}
    return Node.objects.create(
        name=name, host=host, pid=7, home="/srv", started_at=Now(), seen_at=Now() - silent_for, **more
    )


def text(client: Client) -> str:
    response = client.get(PAGE)
    assert response.status_code == 200
    return response.content.decode()


def test_processes_are_shown_with_their_last_heartbeat_and_what_they_hold(admin: Client) -> None:
    node("甲机")
    with lease("clock"), lease("outbox-3"):
        page = text(admin)
    assert "甲机" in page and "运行中" in page
    assert "定时任务的钟" in page and "发送队列 3" in page


def test_a_machine_that_fell_silent_is_told_unless_it_runs_again(admin: Client) -> None:
    node("甲机", silent_for=timedelta(minutes=5))
    assert "甲机 上的网站没有正常停止就没有音信了" in text(admin)
    node("甲机")
    assert "没有正常停止" not in text(admin)


def test_several_machines_are_told_what_they_have_to_share(admin: Client, settings: Any) -> None:
    node("甲机")
    assert "BANSHI_CACHE_URL" not in text(admin)
    node("乙机", version="0.0.9")
    page = text(admin)
    assert "BANSHI_CACHE_URL" in page and "BANSHI_FILES_URL" in page
    assert "版本不同" in page
    settings.CACHE_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert "共享缓存连不上" in text(admin)


def test_as_many_queries_for_many_machines_as_for_one(
    admin: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    node("甲机")
    text(admin)
    with django_assert_num_queries(QUERIES):
        text(admin)
    for number in range(20):
        node(f"机器{number}")
    with django_assert_num_queries(QUERIES):
        text(admin)
