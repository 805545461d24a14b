"""Code, kind and category of what is published change only by an adjustment, in a new version."""

import pytest

from banshi.adjustments.actions import apply_for, give_opinion, propose_identity, publish_adjustments
from banshi.adjustments.actions.transition import seen_of
from banshi.adjustments.enums import AdjustmentKind, ExaminationVerdict
from banshi.catalog.actions import change_identity, submit_drafts, withdraw
from banshi.catalog.enums import ItemKind
from banshi.catalog.identity import ItemIdentity, identity_of
from banshi.catalog.models import Item, Listing, Publication
from banshi.core.errors import BadInput, Conflict, Refused
from tests import factories as make
from tests.adjustments.town import NOON, Town, fresh, in_force, say, started

V = ExaminationVerdict
PAYMENT = ItemIdentity("", ItemKind.PAYMENT, "education")


def proposed(town: Town, identity: ItemIdentity = PAYMENT):  # type: ignore[no-untyped-def]
    one = started(town)
    propose_identity(one, identity=identity, by=town.clerk, at=NOON)
    draft = one.item.revisions.get(state="draft")
    return apply_for(one, stamp=draft.stamp, by=town.clerk, at=NOON)


def test_what_is_published_is_not_changed_live(town: Town) -> None:
    item = in_force(town)
    with pytest.raises(Refused, match="已经公布过") as caught:
        change_identity(item, code="1", kind=ItemKind.PAYMENT, category=None, by=town.clerk, at=NOON)
    assert "申请调整" in caught.value.remedy
    assert Item.objects.get(pk=item.pk).kind == Listing.objects.get(item=item).kind == ItemKind.SERVICE


def test_what_was_taken_down_is_not_changed_either(town: Town) -> None:
    item = in_force(town)
    withdraw(item.publications.get(), ending="in_error", note="写错了", by=make.TESTS, at=NOON)
    with pytest.raises(Refused, match="已经公布过"):
        change_identity(item, code="1", kind=item.kind, category=None, by=town.clerk, at=NOON)


def test_what_is_with_its_reviewers_waits(town: Town) -> None:
    item = make.item(town.bureau)
    submit_drafts([item.revisions.get()], by=town.clerk, at=NOON)
    with pytest.raises(Conflict, match="正在审核"):
        change_identity(item, code="1", kind=item.kind, category=None, by=town.clerk, at=NOON)


def test_before_its_first_publication_it_is_free(town: Town) -> None:
    item = make.item(town.bureau)
    category = make.category("care", "社会救助")
    change_identity(item, code="1", kind=ItemKind.PAYMENT, category=category, by=town.clerk, at=NOON)
    assert identity_of(Item.objects.get(pk=item.pk)) == ItemIdentity("1", ItemKind.PAYMENT, category.pk)


def test_an_adjustment_carries_it_into_a_new_version(town: Town) -> None:
    category = make.category("care", "社会救助")
    one = proposed(town, ItemIdentity("新编码", ItemKind.PAYMENT, category.pk))
    item = Item.objects.get(pk=one.item_id)
    assert identity_of(item) == PAYMENT._replace(kind=ItemKind.SERVICE)
    assert fresh(one).state == "examining", "never a minor correction"
    say(town, one, V.AGREE)
    say(town, one, V.AGREE)
    assert Item.objects.get(pk=item.pk).kind == Listing.objects.get(item=item).kind == ItemKind.SERVICE
    publish_adjustments([fresh(one)], by=town.publisher, at=NOON)
    listing = Listing.objects.get(item=item)
    assert (listing.kind, listing.category) == (ItemKind.PAYMENT, category)
    assert identity_of(Item.objects.get(pk=item.pk)).code == "新编码"
    second, first = Publication.objects.filter(item=item)
    assert (first.identified.kind, second.identified.kind) == (ItemKind.SERVICE, ItemKind.PAYMENT)
    assert second.number == 2


def test_an_opinion_is_on_the_identity_too(town: Town) -> None:
    one = proposed(town)
    assert seen_of(fresh(one)) != fresh(one).text.digest  # type: ignore[union-attr]
    with pytest.raises(Conflict, match="又变了"):
        give_opinion(
            fresh(one),
            verdict=V.AGREE,
            words="",
            seen=fresh(one).text.digest,  # type: ignore[union-attr]
            by=town.examiner,
            at=NOON,
        )


def test_the_present_one_takes_the_proposal_back(town: Town) -> None:
    one = started(town)
    propose_identity(one, identity=PAYMENT, by=town.clerk, at=NOON)
    propose_identity(one, identity=identity_of(one.item), by=town.clerk, at=NOON)
    assert fresh(one).identity is None
    with pytest.raises(BadInput, match="完全相同"):
        apply_for(one, stamp=one.item.revisions.get(state="draft").stamp, by=town.clerk, at=NOON)


def test_once_submitted_it_stands(town: Town) -> None:
    one = proposed(town)
    with pytest.raises(Conflict, match="已经提交"):
        propose_identity(one, identity=identity_of(one.item), by=town.clerk, at=NOON)


def test_a_new_item_needs_no_proposal(town: Town) -> None:
    one = started(town, AdjustmentKind.ADD)
    with pytest.raises(Conflict, match="不改编码"):
        propose_identity(one, identity=PAYMENT, by=town.clerk, at=NOON)
