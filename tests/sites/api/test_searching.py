"""Search over the API finds what the portal finds, with counts."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from banshi.search.index import rebuild

pytestmark = pytest.mark.django_db


@pytest.fixture
def indexed(catalogue: SimpleNamespace) -> SimpleNamespace:
    rebuild()
    return catalogue


def search(client: Client, asked: str) -> Any:
    response = client.get(f"/api/v1/search?{asked}")
    assert response.status_code == 200, response.content.decode()
    return response.json()


def test_plain_words_find_the_item_with_its_facts_and_marks(client: Client, indexed: SimpleNamespace) -> None:
    found = search(client, "q=小学报名")
    assert found["items"][0]["name"] == "小学新生入学报名"
    assert "<mark>" in found["items"][0]["marked"]
    assert found["items"][0]["organ"]["name"] == indexed.item.organ.name


def test_facets_count_and_narrow(client: Client, indexed: SimpleNamespace) -> None:
    found = search(client, "")
    assert found["total"] == 2
    assert found["facets"]["category"] == [{"value": "education", "label": "公共教育", "count": 2}]
    assert search(client, f"organ={indexed.item.organ_id}")["total"] == 1
    assert search(client, "online=false")["total"] == 0


def test_a_place_narrows(client: Client, indexed: SimpleNamespace) -> None:
    place = indexed.item.organ.division_id
    assert search(client, f"division={place}")["total"] == 2
    assert search(client, "division=110000")["total"] == 0


def test_what_would_mean_something_else_is_offered(client: Client, indexed: SimpleNamespace) -> None:
    found = search(client, "q=小雪新生")
    assert {"corrected", "offered"} <= found.keys()
    assert not (found["corrected"] and found["offered"])


def test_what_is_not_in_force_is_not_found(client: Client, indexed: SimpleNamespace) -> None:
    def is_found(name: str) -> bool:
        return name in [item["name"] for item in search(client, f"q={name}")["items"]]

    names = (indexed.item.name, indexed.draft.name, indexed.wrong.name, indexed.gone.name)
    assert [is_found(each) for each in names] == [True, False, False, False]


def test_an_item_taken_down_after_the_index_was_written_is_left_out(client: Client, indexed: SimpleNamespace) -> None:
    before = [item["name"] for item in search(client, "q=小学报名")["items"]]
    indexed.item.listing.delete()
    after = [item["name"] for item in search(client, "q=小学报名")["items"]]
    assert before == ["小学新生入学报名", *after]


def test_without_an_index_names_are_still_found_and_the_reader_is_told(
    client: Client, catalogue: SimpleNamespace
) -> None:
    found = search(client, "q=小学")
    assert [item["name"] for item in found["items"]] == ["小学新生入学报名"]
    assert found["notice"]
