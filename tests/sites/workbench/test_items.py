"""Finding, making and looking at items."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories import category, draft, guide, item, organ, publication
from tests.sites.workbench.conftest import People

from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Item, Listing
from banshi.people.models import User
from banshi.sites.workbench.items import views

SignIn = Callable[[User], Client]
ITEMS = "/work/items/"


def shown(client: Client, **asked: str) -> list[str]:
    return [it.name for it in client.get(ITEMS, asked).context["page"].rows]


@pytest.fixture
def three(people: People) -> list[Item]:
    """A bare line, a full draft, and one in force; of one bureau."""
    return [
        item(people.bureau, Guide(name="校车许可"), code="114507210004X", category=None, kind="01"),
        item(people.bureau, guide("小学入学")),
        publication(item(people.bureau, guide("中学入学"), category=category("health", "医疗卫生"))).item,
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["中学入学", "小学入学", "校车许可"]),
        ({"q": "入学"}, ["中学入学", "小学入学"]),
        ({"q": "114507"}, ["校车许可"]),
        ({"category": "health"}, ["中学入学"]),
        ({"category": "none"}, ["校车许可"]),
        ({"kind": "01"}, ["校车许可"]),
        ({"draft": "0"}, ["中学入学"]),
        ({"draft": "1"}, ["小学入学", "校车许可"]),
        ({"state": "suspended"}, []),
        ({"state": "draft"}, ["小学入学", "校车许可"]),
        ({"state": "active"}, ["中学入学"]),
        ({"organ": "999999"}, []),
        ({"organ": "x' or 1"}, []),
    ],
)
def test_the_address_says_what_is_listed(
    asked: dict[str, str], found: list[str], people: People, signed_in: SignIn, three: list[Item]
) -> None:
    assert shown(signed_in(people.clerk), **asked) == found


def test_completeness_is_a_filter(people: People, signed_in: SignIn, three: list[Item]) -> None:
    Item.objects.filter(name="小学入学").update(percent=100)
    assert shown(signed_in(people.clerk), complete="1") == ["小学入学"]
    assert shown(signed_in(people.clerk), complete="0") == ["中学入学", "校车许可"]


def test_a_bare_line_is_less_complete_than_a_guide(three: list[Item]) -> None:
    bare, full, _ = three
    assert 0 < bare.percent < full.percent


def test_pages_follow_the_newest_id_down_and_back(
    people: People, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    names = [item(people.bureau, guide(f"事项{n}")).name for n in range(5)][::-1]
    client = signed_in(people.clerk)
    first = client.get(ITEMS, {"q": "事项"})
    assert [it.name for it in first.context["page"].rows] == names[:2]
    assert first.context["page"].before == ""
    second = client.get(f"{ITEMS}?{first.context['page'].after}")
    assert [it.name for it in second.context["page"].rows] == names[2:4]
    assert "q=" in second.context["page"].after
    last = client.get(f"{ITEMS}?{second.context['page'].after}")
    assert [it.name for it in last.context["page"].rows] == names[4:]
    assert last.context["page"].after == ""
    back = client.get(f"{ITEMS}?{last.context['page'].before}")
    assert [it.name for it in back.context["page"].rows] == names[2:4]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("address", "budget"), [(ITEMS, 7), ("/work/", 26), ("/work/references/", 8)])
def test_lists_ask_the_database_as_often_for_three_rows_as_for_one(
    address: str, budget: int, rows: int, people: People, signed_in: SignIn
) -> None:
    for _ in range(rows):
        publication(item(people.bureau))
        item(organ(superior=people.bureau))
    client = signed_in(people.clerk)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) == budget, "\n".join(each["sql"][:200] for each in asked)


def test_a_row_opens_as_a_part_for_the_side_panel(people: People, signed_in: SignIn, three: list[Item]) -> None:
    page = signed_in(people.clerk).get(reverse("workbench:item", args=[three[0].guid]), headers={"HX-Request": "true"})
    assert "<html" not in page.content.decode()
    assert "校车许可" in page.content.decode()


def test_a_new_item_begins_with_a_draft_open_in_the_editor(people: People, signed_in: SignIn) -> None:
    client = signed_in(people.clerk)
    answer = client.post("/work/items/new/", {"name": "校服补贴", "organ": people.bureau.pk, "kind": "20", "code": ""})
    made = Item.objects.get(name="校服补贴")
    assert answer.url == reverse("workbench:editor", args=[made.guid])
    assert draft(made).author == people.clerk


def test_nobody_makes_items_for_another_bureau(people: People, signed_in: SignIn) -> None:
    answer = signed_in(people.clerk).post(
        "/work/items/new/", {"name": "越权事项", "organ": people.elsewhere.pk, "kind": "20"}
    )
    assert answer.status_code == 422
    assert not Item.objects.filter(name="越权事项").exists()


def test_an_odd_code_is_told_and_a_proposal_can_be_taken(people: People, signed_in: SignIn) -> None:
    uscc = people.bureau.uscc
    broken = uscc[:17] + "4" + "002099010000"
    it = item(people.bureau, code=broken)
    client = signed_in(people.clerk)
    page = client.get(reverse("workbench:item", args=[it.guid]))
    problem = page.context["code"].problems[0]
    assert problem.message in page.content.decode()
    filled = client.get(reverse("workbench:item-identity", args=[it.guid]), {"code": problem.proposal})
    assert problem.proposal in filled.content.decode()
    it.refresh_from_db()
    assert it.code == broken, "looking changes nothing"


CARE = {"code": "002099010000", "kind": "20", "category": "care"}


def test_identity_is_changed_until_the_first_publication(people: People, signed_in: SignIn) -> None:
    it, other = item(people.bureau), category("care", "社会救助")
    signed_in(people.clerk).post(reverse("workbench:item-identity", args=[it.guid]), CARE)
    it.refresh_from_db()
    assert (it.category, it.base_code) == (other, "002099010000")


def test_that_of_a_published_item_leads_to_an_adjustment(people: People, signed_in: SignIn) -> None:
    it, other = publication(item(people.bureau)).item, category("care", "社会救助")
    client, address = signed_in(people.clerk), reverse("workbench:item-identity", args=[it.guid])
    shown = client.get(address)
    assert reverse("workbench:adjust", args=[it.guid]) in shown.content.decode()
    assert client.post(address, CARE).status_code == 409
    assert Listing.objects.get(item=it).category != other
    assert [each.operation for each in it.changes.all()] == ["I"]


def test_an_adjustment_under_way_takes_the_new_identity_and_shows_it(people: People, signed_in: SignIn) -> None:
    it = publication(item(people.bureau)).item
    category("care", "社会救助")
    client = signed_in(people.clerk)
    told = {"kind": "change", "cause": "duty", "cause_day": "2026-11-20", "reason": "职能调整"}
    begun = client.post(reverse("workbench:adjust", args=[it.guid]), told)
    form = client.get(reverse("workbench:item-identity", args=[it.guid]), follow=True)
    page = client.post(form.redirect_chain[-1][0], CARE, follow=True)
    assert page.redirect_chain[-1][0] == begun["Location"]
    assert [(each.label, each.new_text) for each in page.context["found"]] == [
        ("事项编码", "002099010000"),
        ("事项类别", "社会救助"),
    ]
    it.refresh_from_db()
    assert it.category_id == "education"


def test_strangers_change_no_identity(people: People, signed_in: SignIn, three: list[Item]) -> None:
    address = reverse("workbench:item-identity", args=[three[0].guid])
    assert signed_in(people.stranger).post(address, {"code": "1", "kind": "20"}).status_code == 404


def test_the_search_of_the_top_bar_leads_to_the_list(people: People, signed_in: SignIn, three: list[Item]) -> None:
    told = signed_in(people.clerk).get("/work/search/", {"q": "校车"}).content.decode()
    assert "校车许可" in told
    assert reverse("workbench:item", args=[next(it.guid for it in three if it.name == "校车许可")]) in told


def test_chosen_rows_go_to_the_export_without_the_forms_token(
    people: People, signed_in: SignIn, three: list[Item]
) -> None:
    said = {"item": [str(three[0].guid), "no guid"], "csrfmiddlewaretoken": "secret"}
    answer = signed_in(people.clerk).post("/work/items/export/", said)
    assert answer.url == f"{reverse('workbench:export-items')}?item={three[0].guid}"
    assert Client().post("/work/items/export/", said).status_code == 302


@pytest.mark.parametrize("evil", ["9" * 40, "-1", "\x00", "' OR 1=1 --", "%", "<script>alert(1)</script>", "é" * 3000])
def test_nothing_in_the_address_breaks_the_list(
    evil: str, people: People, signed_in: SignIn, three: list[Item]
) -> None:
    client = signed_in(people.clerk)
    for name in ("q", "organ", "category", "state", "kind", "draft", "complete", "after", "before", "dense"):
        answer = client.get(ITEMS, {name: evil})
        assert answer.status_code == 200, name
        assert "<script>alert" not in answer.content.decode()
    for address in ("/work/references/", "/work/notices/", f"/work/items/{three[2].guid}/versions/"):
        for name in ("q", "show", "after", "day"):
            assert client.get(address, {name: evil}).status_code in (200, 403), (address, name)
    assert client.get(f"/work/items/{three[2].guid}/compare/", {"old": evil, "new": "1"}).status_code in (200, 302, 404)


def test_the_procedure_in_force_is_downloaded_from_the_page(
    people: People, signed_in: SignIn, three: list[Item]
) -> None:
    client, published = signed_in(people.clerk), three[2]
    page = client.get(f"/work/items/{published.guid}/").content.decode()
    assert f'href="/api/v1/items/{published.guid}/bpmn" download="中学入学.bpmn"' in page
    assert "/bpmn" not in client.get(f"/work/items/{three[1].guid}/").content.decode()


def test_a_new_draft_is_not_called_in_use_and_its_clerk_deletes_it(people: People, signed_in: SignIn) -> None:
    it = item(people.bureau, guide("测试测试"))
    client, address = signed_in(people.clerk), reverse("workbench:item-delete", args=[it.guid])
    page = client.get(reverse("workbench:item", args=[it.guid])).content.decode()
    assert "草稿" in page
    assert "在用" not in page
    assert address in page
    assert "不能恢复" in client.get(address).content.decode()
    assert signed_in(people.stranger).post(address).status_code == 404
    client.post(address)
    assert not Item.objects.filter(pk=it.pk).exists()


def test_a_published_one_offers_no_deletion(people: People, signed_in: SignIn) -> None:
    it = publication(item(people.bureau)).item
    client, address = signed_in(people.clerk), reverse("workbench:item-delete", args=[it.guid])
    page = client.get(reverse("workbench:item", args=[it.guid])).content.decode()
    assert "在用" in page
    assert address not in page
    assert client.post(address).status_code == 422
    assert Item.objects.filter(pk=it.pk).exists()


def test_what_may_be_a_repetition_is_asked_about_before_it_is_made(people: People, signed_in: SignIn) -> None:
    publication(item(people.bureau, guide("教师资格证书补发、换发")))
    client = signed_in(people.clerk)
    data = {"name": "教师资格证书补换发", "organ": people.bureau.pk, "kind": "20", "category": "", "code": ""}
    asked = client.post("/work/items/new/", data)
    assert asked.status_code == 422
    assert "像是同一事项" in asked.content.decode()
    assert 'value="教师资格证书补换发"' in asked.content.decode(), "what was typed is still there"
    assert not Item.objects.filter(name="教师资格证书补换发").exists()
    client.post("/work/items/new/", {**data, "in_spite": "on"})
    assert Item.objects.filter(name="教师资格证书补换发").exists()


def test_a_code_of_another_is_asked_about(people: People, signed_in: SignIn) -> None:
    theirs, mine = item(people.elsewhere, guide("别家的"), code="A-1"), item(people.bureau, guide("我家的"))
    client, address = signed_in(people.clerk), reverse("workbench:item-identity", args=[mine.guid])
    asked = client.post(address, {"code": "A-1", "kind": "20"})
    assert asked.status_code == 422
    assert theirs.name in asked.content.decode()
    client.post(address, {"code": "A-1", "kind": "20", "in_spite": "on"})
    mine.refresh_from_db()
    assert mine.code == "A-1"
