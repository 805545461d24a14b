"""The source of each element travels with it, from the row imported to every output."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags
from tests import factories as make
from tests.factories import NOON, TESTS

from banshi.catalog.actions import publish, restore_version, save_draft, start_draft
from banshi.catalog.enums import StepKind, TimeUnit
from banshi.catalog.flowchart import REFUSAL, SUPPLEMENT
from banshi.catalog.guide.document import Basis, Step, TimeLimit
from banshi.catalog.linked_data import cpsv_ap, schema_org
from banshi.catalog.models import Item, Listing, Publication
from banshi.catalog.printables import guide_sheet, notice
from banshi.catalog.provenance import ALL, edited, provenance_of
from banshi.catalog.queries import public_publications
from banshi.sites.portal.home.queries import categories

pytestmark = pytest.mark.django_db
FROM_A_PAGE = {ALL: "page", "bases": "matched", "category": "matched"}
SAID = ("来自某区公开清单第3行", "办理依据、事项类别由整理者补充，不是原页文字")


def sample(**more: Any) -> Item:
    """An item as read from a public page, its legal basis matched by a collector."""
    more = {"source": "某区公开清单第3行", "provenance": FROM_A_PAGE, **more}
    item = make.item(**{"text": make.guide(bases=[Basis(title="义务教育法")])} | more)
    publish(item.revisions.get(), by=TESTS, at=NOON)
    return item


def in_force(item: Item) -> Publication:
    return item.publications.get(until=None)


def test_what_an_office_writes_is_its_own_and_bears_no_note() -> None:
    publication = make.publication()
    assert publication.revision.provenance == {ALL: "office"}
    assert publication.source_note == ""


def test_every_output_of_a_sample_says_what_is_not_the_pages_own(client: Client) -> None:
    item = sample()
    publication, address = in_force(item), f"/items/{item.guid}"
    outputs = {
        "page": client.get(f"{address}/").content.decode(),
        "print": client.get(f"{address}/print").content.decode(),
        "sheet": guide_sheet(publication, url="https://x.example/").mark_note,
        "notice": notice(publication, url="https://x.example/").mark_note,
        "schema.org": json.dumps(schema_org(publication, "https://x.example/"), ensure_ascii=False),
        "CPSV-AP": json.dumps(cpsv_ap(publication, "https://x.example/"), ensure_ascii=False),
        "api": client.get(f"/api/v1/items/{item.guid}/guide").json()["source_note"],
        "BPMN": client.get(f"/api/v1/items/{item.guid}/bpmn").content.decode(),
        "HSDS": json.dumps(client.get(f"/api/v1/items/{item.guid}/hsds").json(), ensure_ascii=False),
    }
    for output, text in outputs.items():
        for words in SAID:
            assert words in text, output


def test_nobody_vouches_that_a_sample_is_in_force_since_its_import(client: Client) -> None:
    item = sample()
    page = client.get(f"/items/{item.guid}/").content.decode()
    for claim in ("现行有效", "起生效", "批准："):
        assert claim not in page, claim
    assert "是否现行请问当地" in page
    assert "生效" not in guide_sheet(in_force(item), url="https://x.example/").status


def test_open_data_tell_the_source_of_each_row_and_element(client: Client) -> None:
    sample()
    row = json.loads(b"".join(client.get("/open-data/catalogue.json").streaming_content))["items"][0]
    assert (row["资料来源"], row["来源说明"]) == ("公开页面原文", "某区公开清单第3行")
    assert row["provenance"] == FROM_A_PAGE
    table = b"".join(client.get("/open-data/catalogue.csv").streaming_content).decode("utf-8-sig")
    [line] = csv.DictReader(io.StringIO(table))
    assert line["整理者补充的要素"] == row["整理者补充的要素"] != ""
    assert "事项类别" in line["整理者补充的要素"]


def test_no_list_assumes_what_a_page_does_not_say(client: Client) -> None:
    silent, told = make.guide(audience=[], online=None), make.guide(audience=["2"], online=True)
    sample(text=silent), sample(text=told)
    own = make.publication(text=silent.model_copy(update={"name": "本市的事项", "level": ""})).item
    names = ("for_person", "for_company", "online", "level")
    lines = {each["name"]: [each[name] for name in names] for each in client.get("/api/v1/items").json()["items"]}
    assert lines[silent.name] == [None, None, None, ""]
    assert lines[told.name] == [False, True, True, ""]
    assert lines["本市的事项"][:3] == [None, None, None]
    assert client.get(f"/api/v1/items/{own.guid}").json()["for_person"] is None
    table = b"".join(client.get("/open-data/catalogue.csv").streaming_content).decode("utf-8-sig")
    rows = {
        row["事项名称"]: (row["面向个人"], row["面向法人"], row["可网上办理"])
        for row in csv.DictReader(io.StringIO(table))
    }
    assert rows == {silent.name: ("", "", ""), told.name: ("否", "是", "是"), "本市的事项": ("", "", "")}


def test_no_filter_lists_what_a_guide_does_not_say(client: Client) -> None:
    silent, told = make.guide("没说的事", audience=[], online=None, level=""), make.guide("给个人的事", online=False)
    sample(text=silent), make.publication(text=silent.model_copy(update={"name": "没说的本市事项"}))
    make.publication(text=told)

    def names(query: str) -> set[str]:
        return {each["name"] for each in client.get(f"/api/v1/items?{query}").json()["items"]}

    untold = {"没说的事", "没说的本市事项"}
    assert names("audience=person") == names("online=false") == {"给个人的事"}
    assert names("audience=company") == names("online=true") == set()
    assert names("audience=untold") == untold
    assert "没说的事" not in names("level=4")
    assert [each[1] for each in categories("person")] == [1]
    assert not categories("company")
    assert "另有2项没有写明给谁办" in strip_tags(client.get("/").content.decode())


def test_a_sample_is_no_service_to_be_had_and_its_process_invents_no_steps(client: Client) -> None:
    item = sample()
    assert client.get(f"/api/v1/items/{item.guid}/hsds").json()["status"] == "inactive"
    own = make.published_item("本市的事项")
    service = client.get(f"/api/v1/items/{own.guid}/hsds").json()
    assert service["status"] == "active"
    assert not service.get("eligibility_description", "x").startswith("\n")
    text = in_force(item).revision.guide
    process = client.get(f"/api/v1/items/{item.guid}/bpmn").content.decode()
    assert ("没有公布办理流程" in process) == (not text.steps)


def test_lists_mark_samples_and_the_citys_count_leaves_them_out(client: Client) -> None:
    item = sample()
    make.published_item("本市的事项")
    assert "资料样例</span>" in client.get(f"/organs/{item.organ_id}/").content.decode()
    told = " ".join(strip_tags(client.get("/open-data/").content.decode()).split())
    assert "公布的 1 项公共服务事项" in told
    assert "另有 1 项是从别处公开资料整理的样例" in told


def test_an_element_the_office_changed_becomes_its_own_and_the_rest_stays_what_it_was() -> None:
    item = sample()
    draft = start_draft(item, by=make.user("clerk", at=item.organ), at=NOON)
    assert draft.provenance == FROM_A_PAGE
    text = draft.guide.model_copy(update={"bases": [Basis(title="义务教育法", articles="第十二条")]})
    draft = save_draft(draft, guide=text, stamp=draft.stamp, by=make.user("clerk", at=item.organ), at=NOON)
    assert provenance_of(draft.provenance, "bases") == "office"
    assert provenance_of(draft.provenance, "summary") == "page"
    publish(draft, by=TESTS, at=NOON)
    assert "办理依据由本单位改过" in in_force(item).source_note
    assert Listing.objects.get(item=item).provenance == "page"


def test_restoring_a_version_restores_its_sources_too() -> None:
    item = sample()
    first = in_force(item)
    draft = start_draft(item, guide=make.guide(bases=[Basis(title="教育法")]), by=TESTS, at=NOON)
    publish(draft, by=TESTS, at=NOON)
    assert restore_version(first, by=TESTS, at=NOON).provenance == FROM_A_PAGE


@pytest.mark.parametrize("whole", ["page", "composed"])
def test_an_edit_never_turns_what_it_left_alone_into_the_offices(whole: str) -> None:
    after = edited(Item(), {ALL: whole}, {"name": "甲", "notes": "旧"}, {"name": "甲", "summary": "新"})
    assert after == {ALL: whole, "notes": "office", "summary": "office"}


def test_nobody_can_name_an_unknown_source() -> None:
    with pytest.raises(ValueError, match="guessed"):
        provenance_of({ALL: "guessed"}, "fees")
    with pytest.raises(KeyError):
        provenance_of({"fees": "page"}, "steps")


def test_no_paper_or_footer_of_a_sample_tells_people_to_go_by_it(client: Client) -> None:
    item = sample()
    address, publication = f"/items/{item.guid}", in_force(item)
    sheet = guide_sheet(publication, url="https://x.example/")
    told = {
        "page": client.get(f"{address}/").content.decode(),
        "print": client.get(f"{address}/print").content.decode(),
        "notice page": client.get(f"{address}/notice").content.decode(),
        "sheet": sheet.closing,
        "notice": notice(publication, url="https://x.example/").closing,
    }
    for output, text in told.items():
        assert "不能据此办事" in text, output
        for claim in ("请按指南办", "以网上最新公布为准"):
            assert claim not in text, (output, claim)
    assert "告知单位（章）" not in told["notice page"], "nobody here seals another office's notice"
    own = client.get(f"/items/{make.published_item('本市的事项').guid}/").content.decode()
    assert "请按指南办" in own


def test_no_day_is_promised_in_another_offices_name(client: Client) -> None:
    quick = make.guide(promised_limit=TimeLimit(value=3, unit=TimeUnit.WORKING_DAY))
    item = make.item(text=quick, source="某区公开清单第3行", provenance=FROM_A_PAGE)
    publish(item.revisions.get(), by=TESTS, at=NOON)
    page = client.get(f"/items/{item.guid}/").content.decode()
    assert "3个工作日" in page
    assert "今天受理" not in page


def test_the_book_of_a_category_holds_the_citys_own(client: Client) -> None:
    own = make.published_item("本市的事项")
    category = own.category_id
    sample(category=own.category)
    assert client.get(f"/books/category/{category}.pdf").status_code == 200
    assert public_publications().filter(listing__category=category).count() == 2
    Listing.objects.filter(item=own).update(provenance="page")
    assert client.get(f"/books/category/{category}.pdf").status_code == 404


@pytest.mark.parametrize("where", ["page", "print", "sheet", "BPMN"])
def test_no_output_of_a_sample_adds_to_the_process_its_page_tells(client: Client, where: str) -> None:
    steps = [Step(name="受理", kind=StepKind.ACCEPT), Step(name="审核", kind=StepKind.EXAMINE)]

    def told(item: Item) -> str:
        address, publication = f"/items/{item.guid}", in_force(item)
        match where:
            case "sheet":
                return str(guide_sheet(publication, url="https://x.example/").plain())
            case "BPMN":
                return client.get(f"/api/v1{address}/bpmn").content.decode()
        return client.get(f"{address}/{'' if where == 'page' else 'print'}").content.decode()

    page = make.item(text=make.guide(steps=steps), source="某县网页", provenance={ALL: "page"})
    publish(page.revisions.get(), by=TESTS, at=NOON)
    own = make.publication(of=make.item(text=make.guide(steps=steps))).item
    assert SUPPLEMENT in told(own) and "审核" in told(page)
    assert SUPPLEMENT not in told(page) and REFUSAL not in told(page)
