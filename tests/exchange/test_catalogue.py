"""The catalogue out and in as a workbook, as linked data, and its clock (decree 809 §§13–17)."""

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.test import Client, override_settings
from pyshacl import validate
from rdflib import Graph, URIRef

from banshi.core.errors import BadInput, Conflict
from banshi.events.models import Event
from banshi.exchange.actions import (
    ask_update_extension,
    consent_update_extension,
    import_catalogue,
    publish_resource,
    report_change,
    return_resource,
    submit_resource,
    tell_overdue_updates,
)
from banshi.exchange.catalogue_sheets import ENTRY_HEADS, ITEM_HEADS, read_catalogue, write_catalogue
from banshi.exchange.deadlines import day_of_rank
from banshi.exchange.models import Resource
from banshi.exchange.queries import grants_in_force, updates_overdue
from banshi.notifications.models import Notification
from banshi.people.models import Organ
from banshi.spreadsheets.organ_matching import Owners
from banshi.spreadsheets.workbook_reader import SourceWorkbook, read_bytes
from tests import factories as make
from tests.cases.hall import moment
from tests.exchange.office import Office, granted, office

pytestmark = pytest.mark.django_db
MONDAY = moment("03-02")
FULL = {
    "code": "MZ-DB-001",
    "name": "最低生活保障对象信息",
    "organ": "示例市民政局",
    "category": "社会保障 / 社会救助 / 低保",
    "summary": "在保的最低生活保障对象。",
    "data_format": "数据库",
    "update_cycle": "每月",
    "sharing": "有条件",
    "condition": "核对申请人是否在保时使用",
    "means": "接口",
    "classification": "个人信息",
    "level": "3",
    "open_data": "否",
    "related": "GA-RK-001",
    "duty": "最低生活保障的审核确认",
}
ITEMS = [
    {"code": "MZ-DB-001", "key": "name", "label": "姓名", "kind": "姓名", "level": "3", "personal": "是"},
    {"code": "MZ-DB-001", "key": "illness", "label": "患病情况", "kind": "文字", "level": "4", "personal": "是",
     "sharing": "不予共享", "basis": "《个人信息保护法》第二十八条"},
]  # fmt: skip


@pytest.fixture
def of(tmp_path: Path) -> Office:
    return office(tmp_path)


@pytest.fixture
def civil() -> Organ:
    return make.organ("示例市民政局", short_name="民政局")


def sheet(entries: list[dict[str, str]], items: list[dict[str, str]] | None = None) -> SourceWorkbook:
    """As a department fills it in: a title above, columns as the printed form has them."""
    book = openpyxl.Workbook()
    book.active.title = "资源目录"
    book.active.append(["示例市政务数据资源目录"])
    for name, heads, rows in (("资源目录", ENTRY_HEADS, entries), ("信息项", ITEM_HEADS, items or ITEMS)):
        table: Any = book[name] if name in book.sheetnames else book.create_sheet(name)
        table.append(list(heads.values()))
        for row in rows:
            table.append([row.get(each, "") for each in heads])
    out = io.BytesIO()
    book.save(out)
    return read_bytes(out.getvalue(), name="目录.xlsx")


def owners(*organs: Organ) -> Owners:
    return Owners(list(Organ.objects.all()), allowed={each.pk for each in organs})


def test_an_entry_comes_in_after_a_dry_run_that_writes_nothing(civil: Organ) -> None:
    steward, book = make.user("data_steward", civil), sheet([FULL])
    dry = read_catalogue(book, owners(civil))
    assert (dry.counts, dry.problems, Resource.objects.count()) == ({"new": 1, "changed": 0, "same": 0}, [], 0)
    import_catalogue(book, owners(civil), by=steward, at=MONDAY)
    one = Resource.objects.get()
    assert (one.state, one.sharing, one.level, one.related, one.duty) == (
        "draft", "conditional", 3, ["GA-RK-001"], "最低生活保障的审核确认"
    )  # fmt: skip
    assert one.refused_items == {"illness"} and one.labels == {"name": "姓名", "illness": "患病情况"}


@pytest.mark.parametrize(
    ("change", "cell", "words"),
    [
        ({"sharing": "看情况"}, "I3", "不认得这种共享属性"),
        ({"sharing": "不予共享"}, "K3", "要写明依据的法律"),
        ({"condition": "无"}, "J3", "使用的范围和用途"),
        ({"update_cycle": "有空就更新"}, "H3", "不认得这种更新频率"),
        ({"level": "9"}, "N3", "1到4"),
        ({"organ": "示例市公安局"}, "C3", ""),
        ({"name": ""}, "B3", "没有写数据目录名称"),
    ],
)
def test_one_wrong_cell_is_named_and_nothing_comes_in(
    civil: Organ, change: dict[str, str], cell: str, words: str
) -> None:
    make.organ("示例市公安局")
    book = sheet([{**FULL, "code": "MZ-DB-002"}, {**FULL, **change}], [])
    book = sheet([{**FULL, **change}])
    dry = read_catalogue(book, owners(civil))
    assert [(each.cell, words in each.message) for each in dry.errors] == [(cell, True)]
    with pytest.raises(BadInput, match="一行都没有导入"):
        import_catalogue(book, owners(civil), by=make.user("data_steward", civil), at=MONDAY)
    assert not Resource.objects.exists()


@pytest.mark.parametrize(("code", "cells"), [("低保 001", ["A3"]), ("307001/000001", [])])
def test_a_code_is_one_that_an_address_can_hold(civil: Organ, code: str, cells: list[str]) -> None:
    """The gateway and the public catalogue name entries by it."""
    book = sheet([{**FULL, "code": code}], [{**ITEMS[0], "code": code}])
    found = read_catalogue(book, owners(civil)).errors
    assert [each.cell for each in found] == cells and all("不能有空格和汉字" in each.message for each in found)


def test_what_goes_out_comes_in_again_as_no_change(of: Office, civil: Organ) -> None:
    import_catalogue(sheet([FULL]), owners(civil), by=make.user("data_steward", civil), at=MONDAY)
    out = io.BytesIO()
    write_catalogue(Resource.objects.select_related("organ"), out)
    again = read_catalogue(read_bytes(out.getvalue(), name="目录.xlsx"), owners(civil, of.police))
    assert (again.counts, again.problems) == ({"new": 0, "changed": 0, "same": 2}, [])


def test_a_change_of_a_published_entry_waits_while_the_data_go_on_being_used(of: Office, civil: Organ) -> None:
    steward = make.user("data_steward", civil)
    import_catalogue(sheet([FULL]), owners(civil), by=steward, at=MONDAY)
    one = publish_resource(submit_resource(Resource.objects.get(code="MZ-DB-001"), by=steward, at=MONDAY),
                           by=of.authority, at=MONDAY)  # fmt: skip
    import_catalogue(sheet([{**FULL, "summary": "在保的低保对象。"}]), owners(civil), by=steward, at=MONDAY)
    one.refresh_from_db()
    assert (one.state, one.summary, one.proposed) == ("published", FULL["summary"], {"summary": "在保的低保对象。"})
    return_resource(one, reason="摘要写全", by=of.authority, at=MONDAY)
    assert "摘要写全" in Notification.objects.get(user=steward, kind="exchange.resource_told").body
    submit_resource(one, by=steward, at=MONDAY)
    one = publish_resource(one, by=of.authority, at=MONDAY)
    assert (one.summary, one.proposed, one.returned) == ("在保的低保对象。", {}, "")
    with pytest.raises(Conflict):
        submit_resource(one, by=steward, at=MONDAY)


def test_what_the_files_declare_is_not_changed_by_a_sheet(of: Office) -> None:
    out = io.BytesIO()
    write_catalogue([of.resource], out)
    book = openpyxl.load_workbook(io.BytesIO(out.getvalue()))
    book["资源目录"]["F2"] = "别的摘要"
    changed = io.BytesIO()
    book.save(changed)
    found = read_catalogue(read_bytes(changed.getvalue(), name="目录.xlsx"), owners(of.police))
    assert ["信息中心" in each.message for each in found.errors] == [True]


def test_an_entry_follows_a_change_in_ten_working_days_or_fifteen_with_consent(of: Office) -> None:
    """Decree 809 §17; the first ten working days after Monday 2026-03-02 end on the 16th."""
    one = report_change(of.resource, what="职责划到民政局", by=of.steward, at=MONDAY)
    assert day_of_rank(one.update_due_rank or 0) == date(2026, 3, 16)
    assert not updates_overdue(on=date(2026, 3, 16)) and list(updates_overdue(on=date(2026, 3, 17))) == [one]
    ask_update_extension(one, reason="要改库", by=of.steward, at=MONDAY)
    one = consent_update_extension(one, by=of.authority, at=MONDAY)
    assert day_of_rank(one.update_due_rank or 0) == date(2026, 3, 23)
    late = moment("03-24")
    assert tell_overdue_updates(by=make.TESTS, at=late) == 1 and tell_overdue_updates(by=make.TESTS, at=late) == 0
    assert Event.objects.filter(kind="exchange.update_overdue").count() == 1
    told = Notification.objects.filter(kind="exchange.resource_told", body__contains="超期")
    assert {each.user for each in told} == {of.steward, of.authority}


def test_who_has_to_update_or_check_an_entry_sees_it_today(of: Office) -> None:
    from tests.sites.workbench.test_sharing import as_

    report_change(of.resource, what="库里加了一列", by=of.steward, at=moment("03-02"))
    page = as_(of.steward).get("/work/").content.decode()
    assert "等您办的数据资源目录" in page and "库里加了一列" in page
    assert "等您办的数据资源目录" not in as_(of.asker).get("/work/").content.decode()


def test_grants_of_an_entry_under_change_stay_in_force(of: Office) -> None:
    grant = granted(of, MONDAY)
    Resource.objects.filter(pk=of.resource.pk).update(proposed={"summary": "新的"}, check_due_rank=1)
    assert grant in grants_in_force(on=MONDAY.date() + timedelta(days=1))


def shapes_broken(data: bytes) -> str:
    graph = Graph().parse(data=data, format="json-ld")
    conforms, _, words = validate(graph, shacl_graph=str(Path(__file__).with_name("dcat_ap.ttl")))
    return "" if conforms else str(words)


@override_settings(CITY_NAME="示例市", SITE_URL="https://banshi.example.cn")
def test_the_public_catalogue_meets_the_shapes_of_dcat_ap_and_holds_no_data(of: Office, civil: Organ) -> None:
    steward = make.user("data_steward", civil)
    secret = {**FULL, "code": "MZ-DB-009", "level": "4", "name": "保密的名册"}
    import_catalogue(sheet([FULL, secret]), owners(civil), by=steward, at=MONDAY)
    for code in ("MZ-DB-001", "MZ-DB-009"):
        Resource.objects.filter(code=code).update(items=of.resource.items)
        publish_resource(
            submit_resource(Resource.objects.get(code=code), by=steward, at=MONDAY), by=of.authority, at=MONDAY
        )
    answer = Client().get("/open-data/resources.jsonld")
    assert answer["Content-Type"] == "application/ld+json" and shapes_broken(answer.content) == ""
    text = answer.content.decode()
    assert "GA-RK-001" in text and "MZ-DB-001" in text
    assert "MZ-DB-009" not in text and "hjrk" not in text and "xm" not in json.dumps(json.loads(text)["@graph"])


AUTHORITY = "http://publications.europa.eu/resource/authority"
CATALOGUE = f"{settings.SITE_URL}/open-data/resources.jsonld"


BREACHES: list[tuple[str, str, Any]] = [
    ("dcat:Dataset", "dct:title", None),
    ("dcat:Catalog", "dct:publisher", None),
    ("dcat:Catalog", "dcat:themeTaxonomy", {"@id": f"{CATALOGUE}#data-category"}),
    ("skos:ConceptScheme", "dct:title", None),
    ("dcat:Dataset", "dcat:theme", {"@id": f"{CATALOGUE}#data-category-%E4%BA%BA%E5%8F%A3"}),
    ("dcat:Dataset", "dct:relation", {"@id": "https://banshi.example.cn/open-data/resources/X"}),
    ("dcat:Dataset", "dct:issued", "今天"),
    ("dcat:Dataset", "dct:accrualPeriodicity", {"@id": f"{AUTHORITY}/frequency/HALF", "@type": "dct:Frequency"}),
    ("dcat:Dataset", "dct:accessRights", {"@id": f"{AUTHORITY}/access-right/X", "@type": "dct:RightsStatement"}),
    ("dcat:Catalog", "dct:language", {"@id": "urn:zh", "@type": "dct:LinguisticSystem"}),
]


def test_the_shapes_can_be_broken(of: Office) -> None:
    whole = Client().get("/open-data/resources.jsonld").content
    for kind, key, value in BREACHES:
        graph = json.loads(whole)
        for node in graph["@graph"]:
            if kind in node["@type"]:
                node[key] = value
        assert key in shapes_broken(json.dumps(graph).encode()), (kind, key)


def test_a_relation_to_what_is_not_public_is_not_told(of: Office, civil: Organ) -> None:
    steward = make.user("data_steward", civil)
    import_catalogue(
        sheet([FULL, {**FULL, "code": "MZ-DB-009", "level": "4", "name": "保密的名册"}]),
        owners(civil),
        by=steward,
        at=MONDAY,
    )
    for code in ("MZ-DB-001", "MZ-DB-009"):
        Resource.objects.filter(code=code).update(
            items=of.resource.items, related=["MZ-DB-009", "GA-RK-001", "MZ-DB-404"]
        )
        publish_resource(
            submit_resource(Resource.objects.get(code=code), by=steward, at=MONDAY), by=of.authority, at=MONDAY
        )
    text = Client().get("/open-data/resources.jsonld").content.decode()
    assert shapes_broken(text.encode()) == ""
    [one] = [each for each in json.loads(text)["@graph"] if each.get("dct:identifier") == "MZ-DB-001"]
    assert [each["@id"].rsplit("/", 1)[1] for each in one["dct:relation"]] == ["GA-RK-001"]
    assert "MZ-DB-009" not in text and "MZ-DB-404" not in text


@override_settings(CITY_NAME="示例市", SITE_URL="http://testserver")
def test_each_thing_the_public_catalogue_names_is_found_at_its_name(of: Office, civil: Organ) -> None:
    steward = make.user("data_steward", civil)
    import_catalogue(sheet([FULL]), owners(civil), by=steward, at=MONDAY)
    one = Resource.objects.get(code="MZ-DB-001")
    Resource.objects.filter(pk=one.pk).update(items=of.resource.items, related=["GA-RK-001", "MZ-DB-404"])
    publish_resource(submit_resource(one, by=steward, at=MONDAY), by=of.authority, at=MONDAY)
    Resource.objects.filter(pk=one.pk).update(code="MZ/DB 一")
    catalogue = "http://testserver/open-data/resources.jsonld"
    graph = Graph().parse(data=Client().get(catalogue).content, format="json-ld")
    named = {str(each) for each in graph.subjects() if str(each).startswith(("http://testserver", "urn:"))}
    assert any("/open-data/resources/MZ%2FDB%20" in each for each in named)
    for each in named:
        answer = Client().get(each.partition("#")[0], headers={"Accept": "application/ld+json"})
        assert answer.status_code == 200, each
        if answer["Content-Type"] == "application/ld+json":
            assert URIRef(each) in set(Graph().parse(data=answer.content, format="json-ld").subjects()), each


def test_an_entry_answers_as_a_page_or_as_linked_data_and_never_with_data(of: Office) -> None:
    address = "/open-data/resources/GA-RK-001"
    page = Client().get(address, headers={"Accept": "text/html,*/*;q=0.8"})
    assert "户籍人口登记信息" in page.content.decode() and page["Vary"].startswith("Accept")
    linked = Client().get(address, headers={"Accept": "application/ld+json"})
    assert linked["Content-Type"] == "application/ld+json" and shapes_broken(linked.content) == ""
    assert "hjrk" not in page.content.decode() + linked.content.decode()
    Resource.objects.update(level=4)
    assert Client().get(address).status_code == 404
