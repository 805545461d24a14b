"""From draft to in force and out again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories import NOON, TESTS, draft, guide, item, organ, publication, published_item, user

from banshi.catalog.actions import (
    cancel_item,
    discard_draft,
    merge_items,
    publish,
    publish_many,
    restore_version,
    resume_item,
    save_draft,
    split_item,
    start_draft,
    suspend_item,
    withdraw,
)
from banshi.catalog.actions.drafts import content_digest
from banshi.catalog.guide.differences import differences
from banshi.catalog.guide.document import Guide, Material
from banshi.catalog.models import Change, Item, Listing, Publication, PublishedMaterial, PublishedStep, Revision
from banshi.catalog.queries import in_force, items_visible_to, listings, public_publications, publication_on
from banshi.catalog.signals import catalogue_changed
from banshi.core.clock import now
from banshi.core.errors import BadInput, Conflict
from banshi.ledger.models import LedgerEntry
from banshi.ledger.verification import verify

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


def test_a_new_item_has_one_draft_and_is_not_public() -> None:
    new = item()
    assert new.revisions.get().state == Revision.State.DRAFT
    assert not listings().exists()


def test_saving_keeps_what_was_typed() -> None:
    revision = draft()
    save_draft(revision, guide=guide("新名称"), stamp=revision.stamp, by=TESTS, at=LATER)
    assert Revision.objects.get(pk=revision.pk).guide.name == "新名称"


def test_an_unpublished_items_name_follows_its_draft() -> None:
    revision = draft()
    save_draft(revision, guide=guide("新名称"), stamp=revision.stamp, by=TESTS, at=LATER)
    assert Item.objects.get().name == "新名称"


def test_saving_without_a_change_is_in_nobodys_way() -> None:
    revision, mine = draft(), draft(Item.objects.get())
    before = LedgerEntry.objects.count()
    same = save_draft(revision, guide=revision.guide, stamp=1, by=TESTS, at=LATER)
    assert (same.stamp, LedgerEntry.objects.count()) == (1, before)
    assert save_draft(mine, guide=guide("乙写的"), stamp=1, by=TESTS, at=LATER).stamp == 2
    with pytest.raises(Conflict):  # what was unchanged then is no longer the newest
        save_draft(revision, guide=revision.guide, stamp=1, by=TESTS, at=LATER)


def test_the_second_of_two_who_save_is_told_and_the_first_keeps() -> None:
    revision, mine = draft(), draft(Item.objects.get())
    save_draft(
        revision, guide=guide("甲写的"), stamp=1, by=user("clerk", Item.objects.get().organ, full_name="李甲"), at=LATER
    )
    with pytest.raises(Conflict, match="李甲"):
        save_draft(mine, guide=guide("乙写的"), stamp=1, by=TESTS, at=LATER)
    assert Revision.objects.get(pk=revision.pk).guide.name == "甲写的"


def test_publishing_writes_everything_that_is_read() -> None:
    done = publication(text=guide("小学入学"))
    row = Listing.objects.get()
    assert (row.name, row.limit_words, row.fee_words, row.visits, row.online) == (
        "小学入学",
        "5个工作日内",
        "不收费",
        1,
        True,
    )
    assert list(PublishedMaterial.objects.values_list("name", "shared")) == [
        ("居民户口簿", False),
        ("不动产权证书", True),
    ]
    assert done.revision.digest == content_digest(done.revision.content)
    assert Change.objects.get().operation == "I"
    assert LedgerEntry.objects.filter(action="catalog.publish", subject=f"catalog.Item:{done.item_id}").count() == 1


def test_a_second_version_replaces_the_first_without_a_gap() -> None:
    first = publication()
    second = publication(first.item, guide(materials=[Material(name="身份证")]), at=LATER)
    first.refresh_from_db()
    assert (first.until, first.ending, second.since, second.number) == (LATER, "replaced", LATER, 2)
    assert PublishedMaterial.objects.get().name == "身份证"
    assert [each.operation for each in Change.objects.all()] == ["I", "U"]


def test_what_was_in_force_on_a_day_is_known() -> None:
    first = publication()
    second = publication(first.item, guide("新"), at=LATER)
    assert publication_on(first.item, NOON) == first
    assert publication_on(first.item, LATER) == second
    assert publication_on(first.item, NOON - timedelta(seconds=1)) is None


def test_the_database_itself_allows_one_in_force() -> None:
    done = publication()
    revision = draft(done.item)
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(item=done.item, revision=revision, number=2, since=NOON, approved_by="x")


def test_publishing_many_is_all_or_nothing() -> None:
    good, nameless = draft(), draft(item(text=Guide()))
    with pytest.raises(BadInput, match="事项名称"):
        publish_many([good, nameless], by=TESTS, at=NOON)
    assert not Publication.objects.exists()
    assert not Change.objects.exists()


def test_a_draft_changed_since_it_was_looked_at_is_not_published() -> None:
    seen = draft()
    save_draft(Revision.objects.get(), guide=guide("改过"), stamp=1, by=TESTS, at=LATER)
    with pytest.raises(Conflict, match="刚有变动"):
        publish(seen, by=TESTS, at=LATER)


def test_many_published_at_once_share_a_batch(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    drafts = [draft() for _ in range(5)]
    with django_assert_max_num_queries(36):
        publish_many(drafts, by=TESTS, at=NOON)
    assert Change.objects.values("batch").distinct().count() == 1
    assert Listing.objects.count() == 5


def test_a_new_version_costs_so_many_statements(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    """With the savepoints a test's own transaction adds: two for each action."""
    standing = published_item()
    with django_assert_num_queries(5):
        opened = start_draft(standing, by=TESTS, at=LATER)
    said = opened.guide
    said.summary = "改过"
    with django_assert_num_queries(4):
        saved = save_draft(opened, guide=said, stamp=1, by=TESTS, at=LATER)
    of_the_feed = 13 + (connection.vendor == "postgresql")
    with django_assert_num_queries(10 + of_the_feed):
        publish(saved, by=TESTS, at=LATER)


def test_rows_of_a_part_that_says_the_same_stay_and_others_are_written_anew() -> None:
    standing = published_item()
    before = [list(model.objects.values_list("pk", flat=True)) for model in (PublishedStep, PublishedMaterial)]
    said = guide("改过", materials=[Material(name="居住证")])
    publish(start_draft(standing, by=TESTS, at=LATER, guide=said), by=TESTS, at=LATER)
    assert list(PublishedStep.objects.values_list("pk", flat=True)) == before[0]
    assert [each.name for each in PublishedMaterial.objects.all()] == ["居住证"]
    assert Listing.objects.get().name == "改过"


def test_rows_taken_away_with_a_withdrawal_come_back_with_the_next_publication() -> None:
    first = publication()
    withdraw(first, ending=Publication.Ending.WITHDRAWN, note="停止办理", by=TESTS, at=LATER)
    assert not PublishedStep.objects.exists()
    publish(start_draft(first.item, by=TESTS, at=LATER), by=TESTS, at=LATER)
    assert PublishedStep.objects.filter(item=first.item).count() == len(first.revision.guide.steps)


def test_those_above_hear_of_it_after_commit(django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    heard = []
    catalogue_changed.connect(lambda **_: heard.append(Listing.objects.count()), weak=False, dispatch_uid="test")
    with django_capture_on_commit_callbacks(execute=True):
        published_item()
    catalogue_changed.disconnect(dispatch_uid="test")
    assert heard == [1]


def test_undo_is_a_new_revision() -> None:
    first = publication(text=guide("旧"))
    publication(first.item, guide("新"), at=LATER)
    first.refresh_from_db()
    restored = restore_version(first, by=TESTS, at=LATER)
    assert (restored.number, restored.guide.name, restored.reason) == (3, "旧", "恢复第1版")


def test_an_old_version_is_not_restored_over_an_open_draft() -> None:
    first = publication()
    start_draft(first.item, by=TESTS, at=NOON)
    with pytest.raises(Conflict, match="没写完的草稿"):
        restore_version(first, by=TESTS, at=NOON)


def test_a_discarded_draft_makes_room_for_another() -> None:
    revision = draft()
    discard_draft(revision, by=TESTS, at=NOON)
    assert start_draft(revision.item, by=TESTS, at=NOON).number == 2


def test_suspended_and_resumed() -> None:
    done = publication()
    suspend_item(done.item, note="系统升级", by=TESTS, at=LATER)
    assert not listings().exists()
    resume_item(Item.objects.get(), by=TESTS, at=LATER)
    assert listings().get().publication.number == 2
    assert [each.operation for each in Change.objects.all()] == ["I", "D", "I"]


def test_an_act_against_people_needs_a_reason() -> None:
    with pytest.raises(BadInput, match="原因"):
        suspend_item(published_item(), note=" ", by=TESTS, at=LATER)
    assert listings().exists()


def test_a_cancelled_item_stays_cancelled() -> None:
    gone = published_item()
    cancel_item(gone, note="法规废止", by=TESTS, at=LATER)
    with pytest.raises(Conflict, match="“取消”"):
        resume_item(Item.objects.get(), by=TESTS, at=LATER)


def test_a_merged_item_leads_to_the_other() -> None:
    one, other = published_item(), published_item()
    merge_items([one], into=other, note="同一件事", by=TESTS, at=LATER)
    merged = Item.objects.get(pk=one.pk)
    assert (merged.state, merged.merged_into) == ("merged", other)
    assert [row.item for row in listings()] == [other]


def test_nothing_is_merged_into_itself() -> None:
    one = published_item()
    with pytest.raises(BadInput):
        merge_items([one], into=one, note="x", by=TESTS, at=LATER)


def test_a_split_item_stays_until_it_is_cancelled() -> None:
    whole = published_item("参保登记")
    parts = split_item(whole, names=["个人参保登记", "单位参保登记"], note="对象不同", by=TESTS, at=LATER)
    assert [each.name for each in parts] == ["个人参保登记", "单位参保登记"]
    assert all(each.split_from == whole for each in parts)
    assert listings().get().item == whole


def test_what_was_published_in_error_is_no_longer_shown_to_anyone() -> None:
    done = publication()
    withdraw(done, ending="in_error", note="写错了地址", by=TESTS, at=LATER)
    assert in_force(done.item) is None
    assert not public_publications().exists()


def test_an_ended_version_is_not_withdrawn_twice() -> None:
    done = publication()
    withdraw(done, ending="withdrawn", note="x", by=TESTS, at=LATER)
    done.refresh_from_db()
    with pytest.raises(Conflict):
        withdraw(done, ending="withdrawn", note="x", by=TESTS, at=LATER)


def test_a_clerk_sees_the_items_of_the_own_organ_only() -> None:
    mine, foreign = organ(), organ()
    own = item(mine)
    item(foreign)
    assert list(items_visible_to(user("clerk", mine), at=now())) == [own]
    assert not items_visible_to(user(), at=now()).exists()


def test_a_clerk_sees_the_items_of_subordinate_organs() -> None:
    bureau = organ()
    below = item(organ(superior=bureau))
    assert list(items_visible_to(user("clerk", bureau), at=now())) == [below]


def test_every_act_stands_in_the_ledger_and_the_chain_holds() -> None:
    done = publication()
    suspend_item(done.item, note="系统升级", by=TESTS, at=LATER)
    actions = list(LedgerEntry.objects.values_list("action", flat=True))
    assert actions == ["catalog.create_item", "catalog.publish", "catalog.suspend_item"]
    assert verify().holds


def test_the_order_in_which_choices_are_ticked_is_no_difference() -> None:
    one, other = (guide("入学", handle_forms=forms) for forms in (["4", "1", "2"], ["1", "2", "4"]))
    assert one == other
    assert differences(one, other) == []
