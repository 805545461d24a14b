"""Life cycle, versions, references and notices from the workbench."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import NOON, draft, guide, item, publication, reference
from tests.sites.workbench.conftest import People

from banshi.catalog.models import Item, Notice, Publication, ReferenceItem
from banshi.ledger.models import LedgerEntry
from banshi.people.models import User

SignIn = Callable[[User], Client]


@pytest.fixture
def public(people: People) -> Item:
    return publication(item(people.bureau, guide("小学入学报名"))).item


def act(client: Client, it: Item, name: str, **said: str):  # type: ignore[no-untyped-def]
    return client.post(reverse(f"workbench:{name}", args=[it.guid]), said)


def state(it: Item) -> str:
    return Item.objects.get(pk=it.pk).state


@pytest.mark.usefixtures("moving_in")
def test_suspending_says_what_follows_and_resuming_publishes_again(
    people: People, signed_in: SignIn, public: Item
) -> None:
    client = signed_in(people.publisher)
    assert "不再列出" in client.get(reverse("workbench:suspend", args=[public.guid])).content.decode()
    assert act(client, public, "suspend", note="").status_code == 422
    act(client, public, "suspend", note="大厅装修")
    assert state(public) == "suspended"
    assert client.get(reverse("workbench:suspend", args=[public.guid])).status_code == 409
    act(client, public, "resume")
    assert state(public) == "active"
    assert [each.number for each in public.publications.all()] == [2, 1]


@pytest.mark.usefixtures("moving_in")
def test_cancelling_needs_a_reason_and_ends_the_page(people: People, signed_in: SignIn, public: Item) -> None:
    act(signed_in(people.publisher), public, "cancel", note="法规废止")
    assert state(public) == "cancelled"
    assert public.publications.get().ending == Publication.Ending.CANCELLED


@pytest.mark.usefixtures("moving_in")
def test_merging_finds_the_other_item_by_its_name(people: People, signed_in: SignIn, public: Item) -> None:
    client = signed_in(people.publisher)
    unknown = act(client, public, "merge", into="中小学", note="合并")
    assert unknown.status_code == 422
    other = publication(item(people.bureau, guide("中小学入学报名"))).item
    near = act(client, public, "merge", into="中小学入学", note="合并")
    assert "中小学入学报名" in near.content.decode()
    act(client, public, "merge", into=other.name, note="合并办理")
    public.refresh_from_db()
    assert (public.state, public.merged_into) == ("merged", other)


@pytest.mark.usefixtures("moving_in")
def test_merging_into_what_nobody_can_read_is_refused(people: People, signed_in: SignIn, public: Item) -> None:
    item(people.bureau, guide("校服补贴申领"))
    address = f"/work/items/{public.guid}/merge/"
    answer = signed_in(people.publisher).post(address, {"into": "校服补贴申领", "note": "两件事是一件"})
    assert answer.status_code == 422
    assert "还没有公布" in answer.text
    public.refresh_from_db()
    assert public.state == "active"


def test_a_name_written_twice_is_one_new_item(people: People, signed_in: SignIn, public: Item) -> None:
    address = f"/work/items/{public.guid}/split/"
    signed_in(people.publisher).post(address, {"names": "甲报名\n甲报名\n乙报名", "note": "分开办"})
    assert sorted(Item.objects.filter(split_from=public).values_list("name", flat=True)) == ["乙报名", "甲报名"]


def test_splitting_makes_drafts_and_leaves_the_item(people: People, signed_in: SignIn, public: Item) -> None:
    client = signed_in(people.publisher)
    assert act(client, public, "split", names="只有一个", note="拆").status_code == 422
    act(client, public, "split", names="公办小学报名\n民办小学报名", note="分开办")
    assert {it.name for it in public.split_into.all()} == {"公办小学报名", "民办小学报名"}
    assert state(public) == "active"


@pytest.mark.parametrize("name", ["suspend", "cancel", "merge"])
def test_what_people_would_miss_is_examined_first(name: str, people: People, signed_in: SignIn, public: Item) -> None:
    client = signed_in(people.publisher)
    address = reverse(f"workbench:{name}", args=[public.guid])
    assert address not in client.get(reverse("workbench:item", args=[public.guid])).content.decode()
    refused = client.get(address)
    assert (refused.status_code, act(client, public, name, note="大厅装修").status_code) == (403, 403)
    assert "申请" in refused.content.decode()
    assert state(public) == "active"


@pytest.mark.parametrize("ending", ["in_error", "withdrawn"])
def test_withdrawing_takes_the_page_off_and_keeps_the_item(
    ending: str, people: People, signed_in: SignIn, public: Item
) -> None:
    client = signed_in(people.publisher)
    act(client, public, "withdraw", ending=ending, note="写错了收费")
    assert public.publications.get().ending == ending
    assert state(public) == "active"
    assert client.get(reverse("workbench:withdraw", args=[public.guid])).status_code == 409


@pytest.mark.parametrize("name", ["suspend", "cancel", "merge", "split", "withdraw"])
def test_clerks_and_strangers_change_no_life(name: str, people: People, signed_in: SignIn, public: Item) -> None:
    said = {"note": "x", "ending": "in_error", "into": "y", "names": "a\nb"}
    refused = act(signed_in(people.clerk), public, name, **said)
    assert refused.status_code == 403
    assert act(signed_in(people.stranger_publisher), public, name, **said).status_code == 404
    page = signed_in(people.clerk).get(reverse("workbench:item", args=[public.guid])).content.decode()
    assert reverse(f"workbench:{name}", args=[public.guid]) not in page
    assert state(public) == "active"


def test_what_was_in_force_on_a_day(people: People, signed_in: SignIn, public: Item) -> None:
    publication(public, guide("新名称"), at=NOON + timedelta(days=10))
    client = signed_in(people.clerk)
    address = reverse("workbench:versions", args=[public.guid])

    def held(day: str) -> list[int]:
        return [each.number for each in client.get(address, {"day": day}).context["then"]]

    assert held("2026-11-22") == []
    assert held("2026-11-23") == [1]
    assert held("2026-12-03") == [2, 1], "the day one replaced the other"
    assert held("2026-12-20") == [2]
    wrong = client.get(address, {"day": "二月三十日"})
    assert "不是日期" in wrong.content.decode()


def test_any_two_versions_are_compared_older_first(people: People, signed_in: SignIn, public: Item) -> None:
    publication(public, guide("新名称"), at=NOON + timedelta(days=1))
    page = signed_in(people.clerk).get(reverse("workbench:compare", args=[public.guid]), {"old": 2, "new": 1})
    assert (page.context["old"].number, page.context["new"].number) == (1, 2)
    assert page.context["found"][0].old_text == "小学入学报名"


def test_restoring_an_old_version_is_a_new_draft(people: People, signed_in: SignIn, public: Item) -> None:
    publication(public, guide("新名称"), at=NOON + timedelta(days=1))
    client = signed_in(people.clerk)
    address = reverse("workbench:version-restore", args=[public.guid, 1])
    assert signed_in(people.stranger).post(address).status_code == 404
    assert client.post(address).url == reverse("workbench:editor", args=[public.guid])
    restored = draft(public)
    assert (restored.guide.name, restored.number) == ("小学入学报名", 3)
    assert public.publications.filter(until=None).get().number == 2, "nothing changes until it is published"
    assert client.post(address).status_code == 409


def test_a_reference_item_is_claimed_and_given_back(people: People, signed_in: SignIn, public: Item) -> None:
    wanted, other = reference(), reference("教师资格认定", "000105001000")
    client = signed_in(people.clerk)
    page = client.get("/work/references/", {"show": "unclaimed"})
    assert [each.pk for each in page.context["page"].rows] == [other.pk, wanted.pk]
    assert client.get(reverse("workbench:reference", args=[wanted.pk])).context["editions"] == [], "none was issued yet"
    address = reverse("workbench:claim", args=[public.guid])
    assert client.get(address).context["found"] == [(wanted, [])], "the one whose name is alike is proposed"
    assert client.get(address, {"q": "教师"}).context["found"] == [(other, [])]
    client.post(address, {"reference": wanted.base_code})
    public.refresh_from_db()
    assert (public.reference, public.base_code) == (wanted, ""), "its public code changes with its next version"
    page = client.get("/work/references/", {"show": "unclaimed"})
    assert [each.pk for each in page.context["page"].rows] == [other.pk]
    assert public not in page.context["self_coded"]
    client.post(address, {"reference": ""})
    public.refresh_from_db()
    assert public.reference is None
    assert client.post(address, {"reference": "000000000000"}).status_code == 422
    assert signed_in(people.stranger).post(address, {"reference": wanted.base_code}).status_code == 404


def test_the_reference_catalogue_grows_once_per_code(people: People, signed_in: SignIn) -> None:
    said = {"base_code": "002005001000", "name": "学生资助", "kind": "20"}
    client = signed_in(people.publisher)
    client.post("/work/references/new/", said)
    assert client.post("/work/references/new/", said).status_code == 422
    assert client.post("/work/references/new/", {**said, "base_code": "12"}).status_code == 422
    assert ReferenceItem.objects.count() == 1
    assert (
        signed_in(people.clerk).post("/work/references/new/", {**said, "base_code": "002005002000"}).status_code == 403
    )


def test_notices_are_published_changed_and_taken_down(people: People, signed_in: SignIn) -> None:
    client = signed_in(people.publisher)
    client.post("/work/notices/new/", {"organ": people.bureau.pk, "title": "停办公告", "body": "周六停电，停办一天。"})
    notice = Notice.objects.get()
    client.post(reverse("workbench:notice", args=[notice.pk]), {"title": "停办公告", "body": "改到周日。"})
    notice.refresh_from_db()
    assert notice.body == "改到周日。"
    assert (
        signed_in(people.stranger_publisher).post(reverse("workbench:notice-remove", args=[notice.pk])).status_code
        == 404
    )
    client.post(reverse("workbench:notice-remove", args=[notice.pk]), {"reason": "发错了"})
    assert not Notice.objects.exists()
    kept = LedgerEntry.objects.filter(action="catalog.remove_notice").get()
    assert kept.facts["body"] == "改到周日。", "the ledger keeps what was said"


def test_no_notice_in_another_bureaus_name(people: People, signed_in: SignIn) -> None:
    said = {"organ": people.elsewhere.pk, "title": "冒名", "body": "x"}
    assert signed_in(people.publisher).post("/work/notices/new/", said).status_code == 422
    assert signed_in(people.clerk).post("/work/notices/new/", said).status_code == 403
    assert not Notice.objects.exists()
