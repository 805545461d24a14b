"""Publishing from the workbench."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import NOON, draft, guide, item, publication
from tests.sites.workbench.conftest import People

from banshi.catalog.actions import save_draft
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Item, Publication
from banshi.people.models import User

SignIn = Callable[[User], Client]
CHOSEN = "/work/items/publish/"
pytestmark = pytest.mark.usefixtures("moving_in")


@pytest.fixture
def ready(people: People) -> Item:
    return item(people.bureau, guide("小学入学报名"))


def address(it: Item) -> str:
    return reverse("workbench:publish", args=[it.guid])


def test_a_publisher_checks_confirms_once_and_gets_a_receipt(people: People, signed_in: SignIn, ready: Item) -> None:
    client = signed_in(people.publisher)
    shown = client.get(address(ready)).content.decode()
    assert "第一次公布" in shown
    answer = client.post(address(ready), {"stamp": draft(ready).stamp, "reason": "首次公布"}, follow=True)
    public = ready.publications.get()
    assert (public.reason, public.approved_by) == ("首次公布", people.publisher.posts.get().organ.name)
    assert f"/items/{ready.guid}/" in answer.content.decode()
    again = client.post(address(ready), {"stamp": 1})
    assert again.status_code == 409


def test_the_difference_to_what_is_in_force_is_shown_word_by_word(people: People, signed_in: SignIn) -> None:
    it = publication(item(people.bureau)).item
    started = draft(it)
    save_draft(
        started, guide=started.guide.model_copy(update={"undertaker": "南门窗口"}), stamp=1, by=people.clerk, at=NOON
    )
    page = signed_in(people.publisher).get(address(it)).content.decode()
    assert '<ins class="diff">南门窗口</ins>' in page
    assert '<del class="diff">' in page


def test_a_guide_with_gaps_is_not_published_by_anybody(people: People, signed_in: SignIn) -> None:
    it = item(people.bureau, Guide(name="只有名称"))
    client = signed_in(people.publisher)
    page = client.get(address(it)).content.decode()
    assert "现在不能公布" in page
    assert f"/work/items/{it.guid}/edit/" in page, "each gap leads to where it is mended"
    answer = client.post(address(it), {"stamp": 1, "despite_gaps": "on"})
    assert answer.status_code == 422
    batch = client.post(CHOSEN, {"item": [str(it.guid)]}).context["batch"]
    assert batch.ready == []
    assert "还缺" in batch.left[0][1]
    assert not Publication.objects.exists()


def test_a_draft_saved_after_it_was_checked_is_not_published(people: People, signed_in: SignIn, ready: Item) -> None:
    started = draft(ready)
    changed = started.guide.model_copy(update={"summary": "后来又改了一句"})
    save_draft(started, guide=changed, stamp=1, by=people.clerk, at=NOON)
    answer = signed_in(people.publisher).post(address(ready), {"stamp": 1})
    assert answer.status_code == 409
    assert not Publication.objects.exists()


def test_who_may_not_publish_sees_no_button_and_is_refused_with_a_reason(
    people: People, signed_in: SignIn, ready: Item
) -> None:
    clerk = signed_in(people.clerk)
    for name in ("item", "editor"):
        page = clerk.get(reverse(f"workbench:{name}", args=[ready.guid])).content.decode()
        assert address(ready) not in page
    assert (
        CHOSEN not in clerk.get("/work/items/").content.decode()
        or "公布所选" not in clerk.get("/work/items/").content.decode()
    )
    refused = clerk.post(address(ready), {"stamp": 1})
    assert refused.status_code == 403
    assert "公布指南" in refused.content.decode()
    assert signed_in(people.stranger_publisher).post(address(ready), {"stamp": 1}).status_code == 404
    assert clerk.post(CHOSEN, {"item": str(ready.guid), "confirmed": "1"}).status_code == 403
    assert not Publication.objects.exists()


def test_chosen_items_are_counted_before_and_published_together(people: People, signed_in: SignIn, ready: Item) -> None:
    replaced = publication(item(people.bureau)).item
    second = draft(replaced)
    idle = publication(item(people.bureau)).item
    client = signed_in(people.publisher)
    chosen = {"item": [str(it.guid) for it in (ready, replaced, idle)]}
    page = client.post(CHOSEN, chosen)
    batch = page.context["batch"]
    assert (len(batch.ready), batch.new, batch.replacing) == (2, 1, 1)
    assert [(it, why) for it, why in batch.left] == [(idle, "没有草稿，没有要公布的")]
    assert Publication.objects.count() == 2, "showing publishes nothing"
    seen = [f"{d.pk}:{d.stamp}" for _, d in batch.ready]
    done = client.post(CHOSEN, {**chosen, "confirmed": "1", "draft": seen, "reason": "成批公布"})
    assert "已公布2项" in done.content.decode()
    assert Publication.objects.filter(reason="成批公布").count() == 2
    assert second.item.publications.count() == 2


def test_a_batch_seen_before_a_change_is_not_published(people: People, signed_in: SignIn, ready: Item) -> None:
    answer = signed_in(people.publisher).post(CHOSEN, {"item": str(ready.guid), "confirmed": "1", "draft": "1:77"})
    assert answer.status_code == 409
    assert not Publication.objects.exists()


def test_items_of_others_are_not_in_a_batch(people: People, signed_in: SignIn, ready: Item) -> None:
    theirs = item(people.elsewhere)
    page = signed_in(people.publisher).post(CHOSEN, {"item": [str(theirs.guid), "no guid at all"]})
    assert theirs.name not in page.content.decode()
    nothing = signed_in(people.publisher).post(CHOSEN, {"item": "no guid at all"})
    assert nothing.status_code == 422
