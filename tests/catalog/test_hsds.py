"""Services as HSDS 3 tells them."""

from typing import Any

import pytest
from tests import factories
from tests.catalog.hsds_shapes import wrong_in_service

from banshi.catalog.guide.document import Fee, Guide, Material
from banshi.catalog.hsds import hsds_service
from banshi.catalog.models import Publication

URL = "https://banshi.example.cn/items/1/"
pytestmark = pytest.mark.django_db


def published(**more: Any) -> Publication:
    return factories.publication(text=factories.guide(**more))


def made(**more: Any) -> dict[str, Any]:
    return hsds_service(published(**more), URL)


def test_a_full_guide_is_as_the_specification_wants_it() -> None:
    assert wrong_in_service(made()) == []


def test_a_guide_with_only_a_name_is_too() -> None:
    assert wrong_in_service(hsds_service(factories.publication(text=Guide(name="办事")), URL)) == []


def test_a_guide_with_odd_addresses_and_fees_is_too() -> None:
    service = made(
        online_url="http://例子/办 事？<x>",
        charged=True,
        fees=[Fee(name="工本费", standard="20元/证", basis="x"), Fee(name="检测费", standard="面议", basis="y")],
    )
    assert wrong_in_service(service) == []
    assert [each.get("amount") for each in service["cost_options"]] == [20.0, None]


def test_the_check_does_object() -> None:
    service = made()
    del service["organization"]["description"]
    service["status"] = "open"
    service["kind"] = "x"
    assert set(wrong_in_service(service)) == {
        "organization: no description",
        "service: status is open",
        "service: kind is unknown",
    }


def test_what_need_not_be_brought_is_no_required_document() -> None:
    service = made(materials=[Material(name="申请表"), Material(name="居民户口簿", shared=True)])
    assert [each["document"].split("；")[0] for each in service["required_documents"]] == ["申请表"]
    assert "不用提交，由政府部门共享查询：居民户口簿" in service["description"]


def test_places_hours_and_telephones_are_the_guides() -> None:
    [at] = made()["service_at_locations"]
    [address] = at["location"]["addresses"]
    assert address["address_1"].startswith("示例路1号")
    assert (address["country"], address["postal_code"]) == ("CN", "")
    assert at["schedules"][0]["description"]


def test_an_example_says_so_and_what_is_suspended_is_closed_for_now() -> None:
    publication = factories.publication(text=factories.guide(), is_example=True)
    publication.until, publication.ending = factories.NOON, Publication.Ending.SUSPENDED
    service = hsds_service(publication, URL)
    assert "示例" in service["description"]
    assert service["status"] == "temporarily closed"


def test_identifiers_stay() -> None:
    publication = published()
    assert hsds_service(publication, URL) == hsds_service(publication, URL)
