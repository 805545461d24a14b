"""The reference catalogue on its pages: issued, compared, followed or not, proposed for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories import NOON, TESTS, division, guide, item, organ, reference, user
from tests.factories import registers as lines
from tests.sites.workbench.conftest import People

from banshi.catalog.models import Item, ReferenceItem
from banshi.people.models import Organ, User
from banshi.registers.actions import claim
from banshi.registers.models import Claim, Divergence, Proposal, ReferenceEdition

SignIn = Callable[[User], Client]


@pytest.fixture
def organizer(people: People) -> User:
    return user("organizer", people.bureau, full_name="孙编办")


@pytest.fixture
def issued(db: None) -> ReferenceItem:
    it = reference()
    lines.edition(it, summary="统一的说明", visits=1)
    return it


@pytest.fixture
def behind(people: People, issued: ReferenceItem) -> Item:
    """Took the first edition over; since then two elements changed above."""
    it = item(people.bureau, guide("小学入学报名", summary="统一的说明", visits=2))
    claim(it, reference=issued, by=TESTS, at=NOON)
    lines.edition(issued, summary="新的说明", visits=0)
    return it


def text_of(response: Any) -> str:
    return response.content.decode()  # type: ignore[no-any-return]


def at(name: str, *keys: Any) -> str:
    return reverse(f"workbench:{name}", args=keys)


def choice(name: str) -> dict[str, Any]:
    return {"element": name, "edition": ReferenceEdition.objects.order_by("-number")[0].pk}


def test_claiming_on_the_page_keeps_the_edition(people: People, issued: ReferenceItem, signed_in: SignIn) -> None:
    it = item(people.bureau)
    signed_in(people.clerk).post(at("claim", it.guid), {"reference": issued.base_code})
    assert Claim.objects.get(item=it).edition.number == 1


def test_the_list_says_what_another_item_of_the_office_answers_to(
    people: People, issued: ReferenceItem, signed_in: SignIn
) -> None:
    taken, it = item(people.bureau, guide("先认领的事项")), item(people.bureau)
    claim(taken, reference=issued, by=TESTS, at=NOON)
    page = text_of(signed_in(people.clerk).get(at("claim", it.guid) + f"?q={issued.name}"))
    assert "本单位已认领" in page
    assert "先认领的事项" in page


def test_the_page_shows_element_by_element_what_is_to_be_decided(
    people: People, behind: Item, signed_in: SignIn
) -> None:
    response = signed_in(people.clerk).get(at("reference-compare", behind.guid))
    assert [(each.name, each.flagged) for each in response.context["shown"]] == [("summary", True), ("visits", True)]
    assert '<ins class="diff">' in text_of(response)
    assert signed_in(people.stranger).get(at("reference-compare", behind.guid)).status_code == 404


def test_one_click_takes_the_new_value(people: People, behind: Item, signed_in: SignIn) -> None:
    client = signed_in(people.clerk)
    client.post(at("reference-take", behind.guid), choice("summary"))
    assert behind.revisions.get(state="draft").guide.summary == "新的说明"
    shown = client.get(at("reference-compare", behind.guid)).context["shown"]
    assert [each.name for each in shown if each.flagged] == ["visits"]


def test_keeping_ones_own_needs_a_reason_and_shows_it(people: People, behind: Item, signed_in: SignIn) -> None:
    client = signed_in(people.clerk)
    assert client.post(at("reference-keep", behind.guid), {**choice("visits"), "reason": " "}).status_code == 422
    assert not Divergence.objects.exists()
    client.post(at("reference-keep", behind.guid), {**choice("visits"), "reason": "系统还没接通"})
    assert "系统还没接通" in text_of(client.get(at("reference-compare", behind.guid)))


def test_a_page_left_open_while_another_edition_came_changes_nothing(
    people: People, behind: Item, issued: ReferenceItem, signed_in: SignIn
) -> None:
    old = choice("summary")
    lines.edition(issued, summary="第三版", visits=0)
    answer = signed_in(people.clerk).post(at("reference-take", behind.guid), old)
    assert answer.status_code == 409
    assert behind.revisions.get(state="draft").guide.summary == "统一的说明"


def test_who_only_reads_decides_nothing(people: People, behind: Item, organizer: User, signed_in: SignIn) -> None:
    client = signed_in(organizer)
    assert "采用新的" not in text_of(client.get(at("reference-compare", behind.guid)))
    assert client.post(at("reference-take", behind.guid), choice("summary")).status_code == 403


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_of_changes_costs_the_same_however_long(
    many: int, people: People, behind: Item, issued: ReferenceItem, signed_in: SignIn
) -> None:
    first = ReferenceEdition.objects.get(reference=issued, number=1)
    for _ in range(many - 1):
        it = item(people.bureau, guide(summary="统一的说明"))
        claim(it, reference=issued, by=TESTS, at=NOON)
        Claim.objects.filter(item=it).update(edition=first)
    client = signed_in(people.clerk)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(at("references-changed"))
    assert len(response.context["rows"]) == many
    assert len(asked) == 9, "\n".join(each["sql"][:120] for each in asked.captured_queries)


def test_what_is_to_be_decided_stands_on_the_home_page_until_it_is(
    people: People, behind: Item, signed_in: SignIn
) -> None:
    client = signed_in(people.clerk)
    home = text_of(client.get("/work/"))
    assert "参考目录改了，等您决定的（1项）" in home and at("reference-compare", behind.guid) in home
    client.post(at("reference-take", behind.guid), choice("summary"))
    client.post(at("reference-keep", behind.guid), {**choice("visits"), "reason": "要交验原件"})
    assert "参考目录改了" not in text_of(client.get("/work/"))


def test_nobody_elses_changes_stand_on_ones_home_page(people: People, behind: Item, signed_in: SignIn) -> None:
    for who in (people.stranger, people.stranger_publisher):
        assert "参考目录改了" not in text_of(signed_in(who).get("/work/"))


# Which units keep what


@pytest.fixture
def next_door(people: People) -> Organ:
    """Of the same work as the bureau, seen by the county's organizer, without a claim."""
    return organ("示例镇教育局", division=division("990102100", "示例镇"))


def test_the_issuer_sees_who_claims_it_who_writes_otherwise_and_who_does_not(
    behind: Item, issued: ReferenceItem, next_door: Organ, organizer: User, signed_in: SignIn
) -> None:
    client = signed_in(organizer)
    page = text_of(client.get(at("reference-units", issued.pk)))
    assert "1个认领了，1个同类单位没有认领" in page
    assert "<strong>1处</strong>" in page and "到场次数" in page
    claimed = text_of(client.get(at("reference-units", issued.pk), {"show": "claimed"}))
    assert behind.name in claimed and next_door.name not in claimed
    unclaimed = text_of(client.get(at("reference-units", issued.pk), {"show": "unclaimed"}))
    assert next_door.name in unclaimed and behind.name not in unclaimed


def test_of_units_one_does_not_see_nothing_is_told(
    people: People, behind: Item, issued: ReferenceItem, signed_in: SignIn
) -> None:
    page = text_of(signed_in(people.stranger).get(at("reference-units", issued.pk)))
    assert behind.name not in page and people.bureau.name not in page


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_of_units_costs_the_same_however_long(
    many: int, behind: Item, issued: ReferenceItem, organizer: User, signed_in: SignIn
) -> None:
    for number in range(many - 1):
        place = division(f"99010210{number}", f"示例{number}镇")
        claim(item(organ(f"示例{number}镇教育局", division=place)), reference=issued, by=TESTS, at=NOON)
    client = signed_in(organizer)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(at("reference-units", issued.pk))
    assert len(response.context["rows"]) == many
    assert len(asked) == 17, "\n".join(each["sql"][:120] for each in asked.captured_queries)


# Issued


def form(**more: Any) -> dict[str, Any]:
    return {"document": "示政发〔2026〕2号", "note": "改了说明", **more}


def test_an_edition_is_looked_at_before_it_is_issued(organizer: User, issued: ReferenceItem, signed_in: SignIn) -> None:
    client, place = signed_in(organizer), at("reference-issue", issued.pk)
    looked = client.post(place, form(summary="再改的说明", visits="1", act="look"))
    assert [each.label for each in looked.context["found"]] == ["一句话说明"]
    assert issued.editions.count() == 1
    client.post(place, form(summary="再改的说明", visits="1", act="issue"))
    newest = issued.editions.order_by("-number")[0]
    assert (newest.number, newest.content) == (2, {"summary": "再改的说明", "visits": 1})


def test_without_its_document_or_with_what_cannot_be_read_nothing_is_issued(
    organizer: User, issued: ReferenceItem, signed_in: SignIn
) -> None:
    client, place = signed_in(organizer), at("reference-issue", issued.pk)
    assert client.post(place, {"summary": "改", "act": "issue"}).status_code == 422
    assert client.post(place, form(visits="两次", act="issue")).status_code == 422
    assert client.post(place, form(summary="统一的说明", visits="1", act="issue")).status_code == 422
    assert issued.editions.count() == 1


def test_rows_are_added_without_scripts(organizer: User, issued: ReferenceItem, signed_in: SignIn) -> None:
    shown = signed_in(organizer).post(at("reference-issue", issued.pk), form(act="add:materials"))
    assert 'name="materials.-rows"' in text_of(shown)
    assert 'type="file"' not in text_of(shown)


def test_what_is_every_offices_own_is_never_unified(organizer: User, issued: ReferenceItem, signed_in: SignIn) -> None:
    typed = form(summary="改", undertaker="某科", act="issue")
    signed_in(organizer).post(at("reference-issue", issued.pk), typed)
    assert issued.editions.order_by("-number")[0].content == {"summary": "改"}


def test_the_text_of_an_item_can_be_begun_with(
    people: People, organizer: User, issued: ReferenceItem, signed_in: SignIn
) -> None:
    it = item(people.bureau, guide(summary="本地写得好"))
    shown = signed_in(organizer).get(at("reference-issue", issued.pk), {"item": str(it.guid)})
    assert "本地写得好" in text_of(shown)


def test_a_reference_item_shows_its_editions_and_ones_own_items_only(
    people: People, behind: Item, issued: ReferenceItem, signed_in: SignIn
) -> None:
    place = at("reference", issued.pk)
    assert behind.name in text_of(signed_in(people.clerk).get(place))
    assert behind.name not in text_of(signed_in(people.stranger).get(place))
    assert signed_in(people.clerk).get(at("reference-issue", issued.pk)).status_code == 403


def upload(client: Client, *rows: str) -> Any:
    content = "\n".join(["基本编码,事项名称,一句话说明,承诺时限", *rows]).encode()
    return client.post(at("editions-import"), {"file": SimpleUploadedFile("梳理表.csv", content)})


def test_a_sheet_issues_many_editions_at_once(organizer: User, issued: ReferenceItem, signed_in: SignIn) -> None:
    client = signed_in(organizer)
    place = upload(
        client, f"{issued.base_code},义务教育入学,改过的说明,5个工作日", "992090001000,老年助餐登记,新的一项,"
    ).url
    shown = client.get(place)
    assert [(row.reference.base_code, row.is_new) for row, _ in shown.context["rows"]] == [
        (issued.base_code, False),
        ("992090001000", True),
    ]
    assert ReferenceEdition.objects.count() == 1
    assert client.post(place, {"document": "号", "issued_by": "示例省委编办"}).status_code == 302
    assert ReferenceItem.objects.get(base_code="992090001000").issued_by == "示例省委编办"
    assert issued.editions.order_by("-number")[0].content["summary"] == "改过的说明"
    assert "完全一样" in text_of(client.get(place))


def test_one_wrong_row_and_nothing_is_issued(organizer: User, issued: ReferenceItem, signed_in: SignIn) -> None:
    client = signed_in(organizer)
    place = upload(client, f"{issued.base_code},义务教育入学,改过的说明,", "123,没有编码的,,").url
    shown = text_of(client.get(place))
    assert "<b>A3</b>" in shown
    assert "不是12位的基本编码" in shown
    assert client.post(place, {"document": "号", "issued_by": "编办"}).status_code == 422
    assert ReferenceEdition.objects.count() == 1
    assert signed_in(user("organizer")).get(place).status_code == 404


# Proposed


def test_a_self_coded_item_goes_up_and_comes_back_with_a_code(
    people: People, organizer: User, signed_in: SignIn
) -> None:
    it = item(people.bureau, guide("老年人助餐点登记"))
    clerk = signed_in(people.clerk)
    clerk.post(at("propose", it.guid), {"name": "老年人助餐点登记", "reason": "上级没有"})
    proposal = Proposal.objects.get()
    place = at("proposal", proposal.pk)
    assert clerk.post(place, {"verdict": "accept", "answer": "好"}).status_code == 403
    office = signed_in(organizer)
    assert office.post(place, {"verdict": "accept", "answer": "好"}).status_code == 422
    typed = {"verdict": "accept", "answer": "同意", "name": proposal.name, "base_code": proposal.base_code}
    office.post(place, typed)
    it.refresh_from_db()
    assert it.reference is not None
    assert "已列入参考目录" in text_of(clerk.get(place))


def test_a_name_against_the_rule_comes_back_to_the_form(people: People, signed_in: SignIn) -> None:
    it = item(people.bureau)
    typed = {"name": "助餐等服务", "reason": "上级没有"}
    assert "笼统" in text_of(signed_in(people.clerk).post(at("propose", it.guid), typed))


def test_proposals_are_seen_by_their_office_and_those_who_answer(
    people: People, organizer: User, signed_in: SignIn
) -> None:
    it = item(people.bureau, guide("老年人助餐点登记"))
    signed_in(people.clerk).post(at("propose", it.guid), {"name": it.name, "reason": "上级没有"})
    place = at("proposal", Proposal.objects.get().pk)
    for who, status in ((people.colleague, 200), (organizer, 200), (people.stranger, 404)):
        assert signed_in(who).get(place).status_code == status
        assert (it.name in text_of(signed_in(who).get(at("proposals")))) == (status == 200)
    for state, shown in (("open", True), ("declined", False), ("nonsense", True)):
        assert (it.name in text_of(signed_in(people.clerk).get(at("proposals"), {"state": state}))) == shown
    signed_in(people.clerk).post(at("proposal-withdraw", Proposal.objects.get().pk), {"reason": "再想想"})
    assert Proposal.objects.get().state == "withdrawn"
