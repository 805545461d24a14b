"""The change feed: what an upper platform receives."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from tests import factories as make

from banshi.catalog.actions import publish_many, start_draft
from banshi.catalog.models import Change

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> Any:
    response = client.get(f"/api/v1{address}")
    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200, body.decode()
    return json.loads(body)


def test_each_change_comes_exactly_once_and_in_order(client: Client, catalogue: SimpleNamespace) -> None:
    received, after, more = [], 0, True
    while more:
        page = read(client, f"/changes?limit=2&after={after}")
        received += page["changes"]
        after, more = page["next"], page["more"]
    assert [change["number"] for change in received] == list(
        Change.objects.order_by("number").values_list("number", flat=True)
    )
    assert [change["operation"] for change in received] == ["I", "U", "I", "D", "I", "D", "I"]


def test_a_reader_that_has_everything_is_told_to_ask_from_the_same_place(
    client: Client, catalogue: SimpleNamespace
) -> None:
    end = read(client, "/changes")["next"]
    assert read(client, f"/changes?after={end}") == {"changes": [], "next": end, "more": False}


def test_what_happens_between_two_pages_is_not_missed(client: Client, catalogue: SimpleNamespace) -> None:
    end = read(client, "/changes")["next"]
    later = make.published_item("后来公布的")
    assert [change["item"] for change in read(client, f"/changes?after={end}")["changes"]] == [str(later.guid)]


def test_one_act_is_one_batch_and_can_be_downloaded_whole(client: Client, db: None) -> None:
    drafts = [start_draft(make.item(), by=make.TESTS, at=make.NOON) for _ in range(3)]
    publish_many(drafts, by=make.TESTS, at=make.NOON)
    make.published_item()
    first, second = read(client, "/changes/batches")["batches"]
    assert (first["changes"], second["changes"]) == (3, 1)
    whole = client.get(first["download"])
    assert "attachment" in whole["Content-Disposition"]
    rows = json.loads(b"".join(whole.streaming_content))
    assert [row["number"] for row in rows] == list(range(first["first"], first["last"] + 1))
    assert read(client, f"/changes/batches?after={first['last']}")["batches"] == [second]


def test_rows_carry_the_names_of_the_exchange_table(client: Client, catalogue: SimpleNamespace) -> None:
    row = read(client, "/changes?format=c0111")["changes"][1]
    assert {
        "row_guid": str(catalogue.item.guid),
        "cd_operation": "U",
        "cd_time": "2026-11-25 12:00:00",
        "task_name": "小学新生入学报名",
        "task_state": "1",
        "task_version": "2",
        "task_type": "20",
        "server_type": "1",
        "promise_day": "5",
        "promise_type": "1",
        "limit_scene_num": "1",
        "is_online": "1",
        "dept_name": catalogue.item.organ.name,
        "plan_effective_date": "2026-11-25 12:00:00",
        "plan_cancel_date": "",
    }.items() <= row.items()


def test_a_row_of_something_taken_down_carries_no_guide(client: Client, catalogue: SimpleNamespace) -> None:
    rows = [row for row in read(client, "/changes?format=c0111")["changes"] if row["cd_operation"] == "D"]
    assert rows and all("accept_condition" not in row for row in rows)


def test_a_guide_published_in_error_is_not_handed_on(client: Client, catalogue: SimpleNamespace) -> None:
    rows = read(client, "/changes?format=c0111")["changes"]
    wrong = [row for row in rows if row["row_guid"] == str(catalogue.wrong.guid)]
    assert wrong and all("by_law" not in row for row in wrong)


def test_a_replaced_version_keeps_what_it_said(client: Client, catalogue: SimpleNamespace) -> None:
    first = read(client, "/changes?format=c0111")["changes"][0]
    assert first["task_version"] == "1"
    assert first["plan_cancel_date"] == f"{make.NOON + timedelta(days=2):%Y-%m-%d %H:%M:%S}"
