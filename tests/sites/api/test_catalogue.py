"""Reading the catalogue over the API."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from tests import factories as make
from tests.catalog.hsds_shapes import wrong_in_service

pytestmark = pytest.mark.django_db


def read(client: Client, address: str, status: int = 200, **headers: str) -> Any:
    response = client.get(f"/api/v1{address}", headers=headers)
    assert response.status_code == status, response.content.decode()
    return json.loads(response.content) if response.content else None


def names(page: dict[str, Any]) -> list[str]:
    return [item["name"] for item in page["items"]]


def test_only_what_is_in_force_is_listed(client: Client, catalogue: SimpleNamespace) -> None:
    assert names(read(client, "/items")) == ["小学新生入学报名", "新生儿参保登记"]


def test_pages_follow_one_another_without_loss_or_repetition(client: Client, db: None) -> None:
    made = [make.published_item(f"事项{number}").name for number in range(5)]
    first = read(client, "/items?limit=2")
    second = read(client, f"/items?limit=2&after={first['next']}")
    last = read(client, f"/items?limit=2&after={second['next']}")
    assert names(first) + names(second) + names(last) == made
    assert last["next"] is None


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("category=education", True),
        ("category=other", False),
        ("division=99", True),
        ("division=98", False),
        ("audience=person", True),
        ("audience=company", False),
        ("online=true", True),
        ("online=false", False),
        ("level=4", True),
        ("level=3", False),
        ("updated_since=2026-11-23T00:00:00%2B08:00", True),
        ("updated_since=2026-11-24T00:00:00", False),
    ],
)
def test_a_filter_keeps_only_what_it_asks_for(client: Client, db: None, asked: str, found: bool) -> None:
    make.published_item()
    assert bool(read(client, f"/items?{asked}")["items"]) is found


@pytest.mark.parametrize("moment", ["2026-11-23", "0", "1e9", "昨天"])
def test_a_time_must_be_written_out(client: Client, moment: str) -> None:
    told = read(client, f"/items?updated_since={moment}", 422)
    assert "2026-11-23T08:00:00" in told["errors"][0]["detail"]


def test_items_of_an_organ_are_its_own_only(client: Client, db: None) -> None:
    ours, _theirs = make.published_item("我们的"), make.published_item("他们的")
    assert names(read(client, f"/items?organ={ours.organ_id}")) == ["我们的"]


def test_an_item_tells_its_publication_and_where_its_guide_is(client: Client, catalogue: SimpleNamespace) -> None:
    item = read(client, f"/items/{catalogue.item.guid}")
    assert item["version"] == 2
    assert item["publication"]["digest"] == catalogue.newest.revision.digest
    assert item["life_events"] == [{"code": "school", "name": "孩子上学"}]
    assert client.get(item["guide"]).status_code == 200


def test_the_guide_is_the_whole_document_in_force(client: Client, catalogue: SimpleNamespace) -> None:
    answer = read(client, f"/items/{catalogue.item.guid}/guide")
    assert answer["guide"] == catalogue.newest.revision.guide.model_dump(mode="json")


@pytest.mark.parametrize(
    ("day", "version"), [("2026-11-23", 1), ("2026-11-24", 1), ("2026-11-25", 2), ("2030-01-01", 2)]
)
def test_the_guide_in_force_on_a_day(client: Client, catalogue: SimpleNamespace, day: str, version: int) -> None:
    answer = read(client, f"/items/{catalogue.item.guid}/guide?on={day}")
    assert answer["publication"]["version"] == version


def test_no_guide_was_in_force_before_the_first(client: Client, catalogue: SimpleNamespace) -> None:
    told = read(client, f"/items/{catalogue.item.guid}/guide?on=2026-11-22", 404)
    assert told["detail"] == "那一天没有公布的指南"


def test_versions_are_listed_newest_first_and_each_can_be_read(client: Client, catalogue: SimpleNamespace) -> None:
    versions = read(client, f"/items/{catalogue.item.guid}/publications")["publications"]
    assert [(v["version"], v["ending"]) for v in versions] == [(2, ""), (1, "replaced")]
    assert read(client, f"/items/{catalogue.item.guid}/publications/1")["guide"]["name"] == "小学入学报名"


def test_an_item_taken_down_is_gone_but_its_history_answers(client: Client, catalogue: SimpleNamespace) -> None:
    assert "不再公布" in read(client, f"/items/{catalogue.gone.guid}", 410)["detail"]
    assert read(client, f"/items/{catalogue.gone.guid}/guide", 410)["remedy"]
    assert len(read(client, f"/items/{catalogue.gone.guid}/publications")["publications"]) == 1


@pytest.mark.parametrize("which", ["wrong", "draft"])
@pytest.mark.parametrize("part", ["", "/guide", "/guide?on=2026-11-24", "/publications", "/publications/1"])
def test_what_was_never_rightly_public_does_not_exist(
    client: Client, catalogue: SimpleNamespace, which: str, part: str
) -> None:
    item = getattr(catalogue, which)
    told = read(client, f"/items/{item.guid}{part}", 404)
    assert item.name not in json.dumps(told, ensure_ascii=False)


def test_a_draft_on_top_of_a_publication_stays_unseen(client: Client, catalogue: SimpleNamespace) -> None:
    make.start_draft(catalogue.item, by=make.TESTS, at=make.NOON, guide=make.guide("还没公布的改名"))
    for address in (f"/items/{catalogue.item.guid}", f"/items/{catalogue.item.guid}/guide", "/items", "/changes"):
        assert "还没公布的改名" not in json.dumps(read(client, address), ensure_ascii=False)


def test_lists_by_which_items_are_found(client: Client, catalogue: SimpleNamespace) -> None:
    assert {"code": "education", "name": "公共教育", "hint": "", "items": 2} in read(client, "/categories")
    assert [division["code"] for division in read(client, "/divisions")] == ["990102"]
    organ = read(client, "/organs?division=99")["organs"][0]
    assert read(client, f"/organs/{organ['id']}") == organ
    assert read(client, "/life-events")[0]["name"] == "孩子上学"
    assert names(read(client, "/life-events/school")) == ["小学新生入学报名"]
    assert read(client, "/reference-items")["items"][0]["base_code"] == "000505001000"


def test_an_organ_out_of_use_is_not_listed(client: Client, db: None) -> None:
    closed = make.organ("已撤销的局", active=False)
    assert read(client, "/organs")["organs"] == []
    read(client, f"/organs/{closed.pk}", 404)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_asks_the_database_once(client: Client, django_assert_num_queries: Any, rows: int) -> None:
    for _ in range(rows):
        make.published_item()
    with django_assert_num_queries(1):
        read(client, "/items")


@pytest.mark.parametrize("rows", [1, 3])
def test_changes_ask_the_database_once(client: Client, django_assert_num_queries: Any, rows: int) -> None:
    for _ in range(rows):
        make.published_item()
    for address in ("/changes", "/changes?format=c0111", "/changes/batches"):
        with django_assert_num_queries(1):
            read(client, address)


def test_a_guide_asks_the_database_once(
    client: Client, catalogue: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        read(client, f"/items/{catalogue.item.guid}/guide")


def test_what_a_reader_has_already_is_not_sent_again(client: Client, catalogue: SimpleNamespace) -> None:
    address = f"/api/v1/items/{catalogue.item.guid}/guide"
    first = client.get(address)
    assert first["ETag"].startswith('"'), "a strong tag"
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_tag_changes_with_what_is_said_and_only_then(client: Client, catalogue: SimpleNamespace) -> None:
    address = f"/api/v1/items/{catalogue.item.guid}/guide"
    before = client.get(address)["ETag"]
    make.published_item("别的事项")
    assert client.get(address)["ETag"] == before
    make.publication(of=catalogue.item, text=make.guide("又改了"), at=make.NOON + timedelta(days=5))
    assert client.get(address)["ETag"] != before


@pytest.mark.parametrize(("vocabulary", "kind"), [("cpsv-ap", "PublicService"), ("schema.org", "GovernmentService")])
def test_the_guide_as_linked_data(client: Client, catalogue: SimpleNamespace, vocabulary: str, kind: str) -> None:
    linked = read(client, f"/items/{catalogue.item.guid}/linked-data?vocabulary={vocabulary}")
    assert kind in json.dumps(linked)
    assert "小学新生入学报名" in json.dumps(linked, ensure_ascii=False)


def test_the_guide_as_a_service_of_hsds(client: Client, catalogue: SimpleNamespace) -> None:
    service = read(client, f"/items/{catalogue.item.guid}/hsds")
    assert wrong_in_service(service) == []
    assert service["name"] == "小学新生入学报名"
    read(client, f"/items/{UUID(int=1)}/hsds", status=404)


def test_the_steps_leave_as_bpmn(client: Client, catalogue: SimpleNamespace) -> None:
    address = f"/api/v1/items/{catalogue.item.guid}/bpmn"
    response = client.get(address)
    assert response["Content-Type"].startswith("application/xml")
    assert ET.fromstring(response.content.decode()).tag.endswith("}definitions")
    assert "小学新生入学报名" in response.content.decode()
    assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304
    read(client, f"/items/{UUID(int=1)}/bpmn", status=404)
