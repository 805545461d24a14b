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


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("assured_date", "2026-9-1", "service: assured_date is 2026-9-1"),
        ("last_modified", "2026-09-01T08:00:00", "service: last_modified is 2026-09-01T08:00:00"),
        ("id", "A", "service: id is A"),
        ("url", "办事", "service: url is 办事"),
        ("email", "banshi", "service: email is banshi"),
        ("fees", "不收费", "service: fees is unknown"),
        ("addresses", [], "service: addresses is unknown"),
        ("languages/code", "中文", "language: code is 中文"),
        ("phones/type", "座机", "phone: type is 座机"),
        ("service_areas/extent_type", "text", "service_area: extent_type without extent"),
        ("service_at_locations/schedules/freq", "DAILY", "schedule: freq is DAILY"),
        ("service_at_locations/schedules/opens_at", "9点", "schedule: opens_at is 9点"),
        ("service_at_locations/schedules/count", "3", "schedule: count is a str"),
        ("service_at_locations/location/addresses/country", "China", "address: country is China"),
        ("attributes/taxonomy_term/parent_id", "1", "taxonomy_term: parent_id is 1"),
        ("cost_options/currency", "CNY", "cost_option: currency without amount"),
    ],
)
def test_the_check_objects_to_each_form(path: str, value: object, said: str) -> None:
    service = made(charged=True, fees=[Fee(name="检测费", standard="面议", basis="y")])
    node: Any = service
    *way, key = path.split("/")
    for step in way:
        node = node[step][0] if isinstance(node[step], list) else node[step]
    node[key] = value
    assert wrong_in_service(service) == [said]


def test_no_extent_is_told_in_a_format_where_none_is_given() -> None:
    [area] = made()["service_areas"]
    assert set(area) == {"id", "service_id", "name"}


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
