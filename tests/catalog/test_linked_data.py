import json
from typing import Any

import pytest
from pyshacl import validate
from rdflib import SH, Graph
from tests import factories
from tests.catalog.cpsv_shapes import resource, shacl, violations
from tests.catalog.schema_org_types import wrong_in_schema_org

from banshi.catalog.enums import TimeUnit
from banshi.catalog.guide.document import Fee, Guide, Material, TimeLimit
from banshi.catalog.linked_data import cpsv_ap, duration, price, schema_org
from banshi.catalog.models import LifeEvent, Publication

URL = "https://banshi.example.cn/items/1/"
pytestmark = pytest.mark.django_db


def nodes(publication: Publication) -> dict[str, dict[str, Any]]:
    return {node["@id"]: node for node in cpsv_ap(publication, URL)["@graph"]}


def service(publication: Publication) -> dict[str, Any]:
    return nodes(publication)[f"{URL}#service"]


def published(**more: Any) -> Publication:
    return factories.publication(text=factories.guide(**more))


def test_a_full_guide_meets_the_shapes_of_cpsv_ap() -> None:
    assert violations(cpsv_ap(published(), URL)) == []


def test_a_guide_with_only_a_name_meets_them_too() -> None:
    assert violations(cpsv_ap(factories.publication(text=Guide(name="办事")), URL)) == []


def test_a_guide_with_odd_addresses_fees_and_events_meets_them_too() -> None:
    publication = published(
        online_url="http://例子/办 事？<x>",
        charged=True,
        fees=[Fee(name="工本费", standard="20元/证", basis="x"), Fee(name="检测费", standard="面议", basis="y")],
    )
    event = LifeEvent.objects.create(code="school", name="上学", audience="person")
    event.items.add(publication.item)
    assert violations(cpsv_ap(publication, URL)) == []
    assert service(publication)["cv:isGroupedBy"] == [{"@id": "urn:banshi:life-event:school"}]


def test_the_shapes_do_object_to_what_is_missing() -> None:
    graph = cpsv_ap(published(), URL)
    graph["@graph"] = [{k: v for k, v in node.items() if k != "dct:title"} for node in graph["@graph"]]
    assert any("dct:title: 0 values" in each for each in violations(graph))


def test_what_a_reader_of_rdf_makes_of_it_meets_them_too() -> None:
    def broken(graph: dict[str, Any]) -> set[object]:
        _, report, _ = validate(Graph().parse(data=json.dumps(graph), format="json-ld"), shacl_graph=shacl())
        assert isinstance(report, Graph)
        return set(report.objects(None, SH.resultPath))

    publication = published(charged=True, fees=[Fee(name="工本费", standard="20元/证", basis="x")])
    publication.until = factories.NOON
    graph = cpsv_ap(publication, URL)
    assert broken(graph) == set()
    for kind, key, value in (
        ("cpsv:PublicService", "dct:title", "没有语言"),
        ("cpsv:PublicService", "cv:processingTime", {"@value": "七天", "@type": "xsd:duration"}),
        ("cv:Cost", "cv:hasValue", 20),
        ("cv:Channel", "cv:openingHours", {"@id": f"{URL}#service"}),
        ("time:TemporalEntity", "dct:description", "工作日"),
    ):
        others = [{**node, key: value} if kind in node["@type"] else node for node in graph["@graph"]]
        assert broken({**graph, "@graph": others}) == {resource(key)}


def test_inputs_outputs_channels_and_laws_are_the_guides() -> None:
    publication = published()
    known = nodes(publication)
    made = service(publication)

    def titles(path: str) -> list[str]:
        values = made[path] if isinstance(made[path], list) else [made[path]]
        return [known[each["@id"]]["dct:title"]["@value"] for each in values]

    assert titles("cpsv:hasInput") == ["居民户口簿"]
    assert titles("cpsv:produces") == ["入学通知书"]
    assert titles("cv:hasLegalResource") == ["中华人民共和国义务教育法"]
    assert titles("cv:holdsRequirement") == ["年满六周岁的儿童"]
    assert len(made["cv:hasChannel"]) == 1
    assert made["cv:processingTime"] == {"@type": "xsd:duration", "@value": "P7D"}


def test_a_withdrawn_publication_says_so() -> None:
    publication = published()
    publication.until = factories.NOON
    assert service(publication)["adms:status"]["@id"].endswith("/Withdrawn")


def test_an_example_says_so_in_both() -> None:
    publication = factories.publication(text=factories.guide(), is_example=True)
    assert "示例" in json.dumps(schema_org(publication, URL), ensure_ascii=False)
    assert "示例" in json.dumps(service(publication), ensure_ascii=False)


def test_search_engines_read_a_government_service() -> None:
    publication = published()
    made = schema_org(publication, URL)
    assert made["@type"] == "GovernmentService"
    assert made["name"] == publication.item.name
    assert made["provider"]["name"] == publication.item.organ.name
    assert made["offers"] == [{"@type": "Offer", "price": 0, "priceCurrency": "CNY", "description": "不收费"}]
    assert made["availableChannel"][0]["serviceLocation"]["address"] == "示例路1号2楼6号窗口"
    assert made["subjectOf"][1]["mainEntity"][0]["name"].startswith("户口在外地能报名吗")


@pytest.mark.parametrize(
    "text",
    [
        factories.guide(),
        Guide(name="办事"),
        factories.guide(
            online_url="http://例子/办 事？<x>",
            charged=True,
            fees=[Fee(name="工本费", standard="20元/证", basis="x"), Fee(name="检测费", standard="面议", basis="y")],
            promised_limit=TimeLimit(value=4, unit=TimeUnit.HOUR),
        ),
    ],
    ids=["full", "only a name", "odd"],
)
def test_the_vocabulary_of_schema_org_knows_all_we_say(text: Guide) -> None:
    assert list(wrong_in_schema_org(schema_org(factories.publication(text=text), URL))) == []


def test_what_it_does_not_know_is_told() -> None:
    made = schema_org(published(), URL)
    made["fee"], made["url"], made["areaServed"] = "0", "办事", {"@type": "Place", "name": "示例县"}
    made["availableChannel"][0]["processingTime"] = "七天"
    made["offers"][0]["price"] = "免费"
    assert set(wrong_in_schema_org(made)) == {
        "GovernmentService: fee is unknown",
        "GovernmentService: url is no URL",
        "GovernmentService: areaServed is no AdministrativeArea",
        "ServiceChannel: processingTime is no Duration",
        "Offer: price is no Number",
    }


def test_addresses_are_written_as_uris() -> None:
    made = schema_org(published(online_url="http://例子/办 事？<x>"), URL)
    [address] = [each["serviceUrl"] for each in made["availableChannel"] if "serviceUrl" in each]
    assert address == "http://%E4%BE%8B%E5%AD%90/%E5%8A%9E%20%E4%BA%8B%EF%BC%9F%3Cx%3E"


def test_nothing_empty_is_said() -> None:
    made = schema_org(factories.publication(text=Guide(name="办事")), URL)
    assert "" not in made.values() and [] not in made.values() and None not in made.values()


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (TimeLimit(value=3), "P3D"),
        (TimeLimit(value=5), "P7D"),
        (TimeLimit(value=22), "P30D"),
        (TimeLimit(value=7, unit=TimeUnit.DAY), "P7D"),
        (TimeLimit(value=2, unit=TimeUnit.MONTH), "P2M"),
        (TimeLimit(value=4, unit=TimeUnit.HOUR), "PT4H"),
        (TimeLimit(immediate=True), "P0D"),
        (TimeLimit(text="未规定"), ""),
    ],
)
def test_limits_as_iso_8601(limit: TimeLimit, expected: str) -> None:
    assert duration(limit) == expected


@pytest.mark.parametrize(
    ("standard", "amount"), [("20元/证", 20.0), ("0.5 元", 0.5), ("按件收取20元", None), ("", None)]
)
def test_amounts_are_read_only_where_they_are_plain(standard: str, amount: float | None) -> None:
    assert price(Fee(name="费", standard=standard)) == amount


def test_nobody_is_told_to_bring_what_need_not_be_brought() -> None:
    publication = published()
    spared = "不用提交，由政府部门共享查询：不动产权证书"
    assert spared in [text["@value"] for text in service(publication)["dct:description"]]
    told = schema_org(publication, URL)["subjectOf"][0]
    assert [each["name"] for each in told["supply"]] == ["居民户口簿"]
    assert [each["name"] for each in told["step"]] == ["受理", "审核", "发放入学通知书"]


def test_what_a_commitment_replaces_leaves_as_such() -> None:
    publication = published(materials=[Material(name="收入证明", commitment_ok=True)])
    evidence = next(node for node in nodes(publication).values() if node["@type"] == "cv:Evidence")
    assert "签一份书面承诺就能办" in evidence["dct:description"]["@value"]


def test_a_guide_whose_materials_are_all_shared_meets_the_shapes() -> None:
    publication = published(materials=[Material(name="专利证书", shared=True)])
    assert violations(cpsv_ap(publication, URL)) == []
    assert "cpsv:hasInput" not in service(publication)
