"""An upper tier issues, the offices below claim, follow or keep their own, and propose what they made themselves."""

from datetime import timedelta
from typing import Any

import pytest
from tests import factories as make
from tests.factories import NOON, TESTS

from banshi.catalog.actions import save_draft, start_draft
from banshi.catalog.guide.document import Guide, Material
from banshi.catalog.models import Item, ReferenceItem
from banshi.core.clock import now
from banshi.core.errors import BadInput, Conflict
from banshi.ledger.models import LedgerEntry
from banshi.registers.actions import (
    accept_proposal,
    claim,
    decline_proposal,
    issue_edition,
    keep_own,
    propose_upward,
    take_from_above,
    withdraw_proposal,
)
from banshi.registers.models import Claim, Divergence, ReferenceEdition
from banshi.registers.queries import comparison, items_behind
from banshi.registers.three_way import Standing

pytestmark = pytest.mark.django_db


def issue(reference: ReferenceItem, **elements: Any) -> ReferenceEdition:
    return issue_edition(reference, guide=Guide(**elements), document="示政发〔2026〕1号", by=TESTS, at=NOON)


def local(**elements: Any) -> Item:
    return make.item(text=make.guide("小学入学报名", **elements))


def standings(item: Item) -> dict[str, Standing]:
    found = comparison(item)
    return {each.name: each.standing for each in found.elements} if found else {}


def rewrite(item: Item, **elements: Any) -> None:
    draft = start_draft(item, by=TESTS, at=NOON)
    guide = Guide.model_validate({**draft.content, **elements})
    save_draft(draft, guide=guide, stamp=draft.stamp, by=TESTS, at=NOON)


@pytest.fixture
def reference() -> ReferenceItem:
    return make.reference()


@pytest.fixture
def claimed(reference: ReferenceItem) -> Item:
    """Took over the first edition, which unifies two elements; one of them it words in its own way."""
    issue(reference, summary="统一的说明", visits=1)
    it = local(summary="统一的说明", visits=2)
    return claim(it, reference=reference, by=TESTS, at=NOON)


def test_a_claim_keeps_which_edition_it_was_made_at(claimed: Item, reference: ReferenceItem) -> None:
    issue(reference, summary="新的说明", visits=1)
    assert Claim.objects.get(item=claimed).edition.number == 1
    claim(claimed, reference=reference, by=TESTS, at=NOON)
    assert Claim.objects.get(item=claimed).edition.number == 2


def test_the_public_code_follows_a_claim_with_the_next_version(reference: ReferenceItem) -> None:
    it = make.published_item("小学入学报名")
    before = it.base_code
    claim(it, reference=reference, by=TESTS, at=NOON)
    assert Item.objects.get(pk=it.pk).base_code == before != reference.base_code
    make.publication(of=it)
    assert Item.objects.get(pk=it.pk).base_code == reference.base_code
    claim(it, reference=None, by=TESTS, at=NOON)
    assert Item.objects.get(pk=it.pk).base_code == reference.base_code
    make.publication(of=it)
    assert Item.objects.get(pk=it.pk).base_code == ""


def test_the_code_of_what_nobody_published_follows_at_once(reference: ReferenceItem) -> None:
    assert claim(local(), reference=reference, by=TESTS, at=NOON).base_code == reference.base_code


def test_giving_a_claim_back_ends_it(claimed: Item) -> None:
    claim(claimed, reference=None, by=TESTS, at=NOON)
    assert not Claim.objects.exists()
    assert comparison(claimed) is None


def test_inherited_and_overridden_are_told_apart_and_not_flagged(claimed: Item) -> None:
    assert standings(claimed) == {"summary": Standing.INHERITED, "visits": Standing.OVERRIDDEN}


def test_a_change_above_flags_what_it_changed_only(claimed: Item, reference: ReferenceItem) -> None:
    issue(reference, summary="新的说明", visits=1)
    assert standings(claimed) == {"summary": Standing.BEHIND, "visits": Standing.OVERRIDDEN}
    issue(reference, summary="新的说明", visits=0)
    assert standings(claimed)["visits"] is Standing.DIVERGED


def test_changed_above_and_changed_back_asks_nobody(claimed: Item, reference: ReferenceItem) -> None:
    issue(reference, summary="新的说明", visits=1)
    issue(reference, summary="统一的说明", visits=1)
    assert Standing.BEHIND not in standings(claimed).values()


def test_one_click_takes_the_new_value_into_the_draft(claimed: Item, reference: ReferenceItem) -> None:
    new = issue(reference, summary="新的说明", visits=1)
    draft = take_from_above(claimed, element="summary", edition=new, by=TESTS, at=NOON)
    assert draft.guide.summary == "新的说明"
    assert draft.guide.visits == 2
    assert standings(claimed)["summary"] is Standing.FOLLOWED


def test_forms_and_samples_are_every_offices_own(reference: ReferenceItem) -> None:
    """Neither unified nor compared, and they stay when the materials are taken over."""
    form = "00000000-0000-0000-0000-000000000001"
    issue(reference, materials=[Material(name="申请表", template_file="别处的表格")])
    it = claim(local(materials=[Material(name="申请表", template_file=form)]), reference=reference, by=TESTS, at=NOON)
    assert standings(it) == {"materials": Standing.INHERITED}
    new = issue(reference, materials=[Material(name="申请表", copies=2), Material(name="照片")])
    draft = take_from_above(it, element="materials", edition=new, by=TESTS, at=NOON)
    assert [(each.name, each.copies, each.template_file) for each in draft.guide.materials] == [
        ("申请表", 2, form),
        ("照片", None, ""),
    ]
    assert standings(it)["materials"] is Standing.FOLLOWED


def test_changing_it_away_again_is_noticed(claimed: Item, reference: ReferenceItem) -> None:
    """What a stored flag would have forgotten."""
    new = issue(reference, summary="新的说明", visits=1)
    take_from_above(claimed, element="summary", edition=new, by=TESTS, at=NOON)
    rewrite(claimed, summary="又改了")
    assert standings(claimed)["summary"] is Standing.DIVERGED


def test_ones_own_is_kept_with_a_reason_until_it_changes_above_again(claimed: Item, reference: ReferenceItem) -> None:
    second = issue(reference, summary="统一的说明", visits=0)
    keep_own(claimed, element="visits", edition=second, reason="本县没有网办条件", by=TESTS, at=NOON)
    assert standings(claimed)["visits"] is Standing.OVERRIDDEN
    assert Divergence.objects.get().reason == "本县没有网办条件"
    issue(reference, summary="别的改了", visits=0)
    assert standings(claimed)["visits"] is Standing.OVERRIDDEN
    issue(reference, summary="别的改了", visits=3)
    assert standings(claimed)["visits"] is Standing.DIVERGED


def test_reasons_are_given_against_the_newest_edition_only(claimed: Item, reference: ReferenceItem) -> None:
    second = issue(reference, summary="第二版", visits=1)
    issue(reference, summary="第三版", visits=1)
    with pytest.raises(Conflict, match="又有了新版"):
        keep_own(claimed, element="summary", edition=second, reason="不改", by=TESTS, at=NOON)
    with pytest.raises(Conflict, match="又有了新版"):
        take_from_above(claimed, element="summary", edition=second, by=TESTS, at=NOON)


def test_claimed_before_anything_was_issued_everything_issued_since_is_new(reference: ReferenceItem) -> None:
    it = claim(local(summary="自己写的"), reference=reference, by=TESTS, at=NOON)
    issue(reference, summary="统一的说明", quantity_limit="无数量限制")
    assert standings(it) == {"summary": Standing.DIVERGED, "quantity_limit": Standing.BEHIND}


def test_what_is_no_longer_unified_is_everyones_own(claimed: Item, reference: ReferenceItem) -> None:
    issue(reference, summary="统一的说明")
    assert standings(claimed)["visits"] is Standing.RELEASED
    assert not comparison(claimed).flagged  # type: ignore[union-attr]


def test_what_was_kept_under_another_reference_item_says_nothing_here(claimed: Item, reference: ReferenceItem) -> None:
    second = issue(reference, summary="统一的说明", visits=0)
    keep_own(claimed, element="visits", edition=second, reason="不一样", by=TESTS, at=NOON)
    other = make.reference("另一项", "000505009000")
    issue(other, visits=0)
    claim(claimed, reference=other, by=TESTS, at=NOON)
    issue(other, visits=1)
    assert standings(claimed)["visits"] is Standing.DIVERGED


def test_an_edition_like_the_last_is_not_issued(reference: ReferenceItem) -> None:
    issue(reference, summary="统一的说明")
    with pytest.raises(Conflict, match="完全一样"):
        issue(reference, summary="统一的说明")
    with pytest.raises(Conflict, match="什么都没有写"):
        issue(make.reference("另一项", "000505009000"))


def test_the_ledger_names_what_an_edition_changed(claimed: Item, reference: ReferenceItem) -> None:
    issue(reference, summary="新的说明")
    entry = LedgerEntry.objects.filter(action="registers.issue_edition").last()
    assert entry is not None
    assert entry.facts["changed"] == ["summary", "visits"]


def test_items_behind_are_those_not_claimed_at_the_newest_edition(claimed: Item, reference: ReferenceItem) -> None:
    clerk = make.user("clerk", claimed.organ)
    assert not items_behind(clerk, at=now())
    issue(reference, summary="新的说明", visits=1)
    assert list(items_behind(clerk, at=now())) == [claimed]
    assert not items_behind(make.user("clerk"), at=now())


# Proposed upward


def propose(item: Item, name: str = "老年人助餐点登记") -> Any:
    return propose_upward(item, name=name, category=None, reason="上级目录没有", by=TESTS, at=NOON)


def test_a_self_coded_item_is_proposed_under_a_code_by_rule() -> None:
    first, second = propose(local()), propose(local())
    assert (first.base_code, second.base_code) == ("992090001000", "992090002000")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("助餐", "4到60个字"),
        ("老年人助餐等服务", "笼统"),
        ("老年人助餐点登记。", "标点"),
        ("示例县老年人助餐点登记", "机关名和地名"),
    ],
)
def test_a_name_against_the_rule_is_refused_with_the_reason(name: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        propose(local(), name)


def test_the_rule_refuses_no_name_for_a_place_it_only_sounds_like() -> None:
    assert propose(local(), "特困地区居民救助登记")


def test_what_answers_to_the_catalogue_or_waits_already_is_not_proposed(claimed: Item) -> None:
    with pytest.raises(Conflict, match="已经认领"):
        propose(claimed)
    it = local()
    propose(it)
    with pytest.raises(Conflict, match="正在等答复"):
        propose(it)


def test_accepted_it_is_in_the_catalogue_and_claimed_by_who_proposed_it() -> None:
    it = local()
    proposal = propose(it)
    added = accept_proposal(
        proposal,
        base_code=proposal.base_code,
        name=proposal.name,
        issued_by="示例省委编办",
        answer="同意列入",
        by=TESTS,
        at=NOON + timedelta(days=3),
    )
    it.refresh_from_db()
    assert (it.reference, it.base_code) == (added, "992090001000")
    assert proposal.state == "accepted"


def test_declined_with_a_reason_it_may_be_proposed_again() -> None:
    it = local()
    decline_proposal(propose(it), answer="与“就餐服务”是一件事", by=TESTS, at=NOON)
    again = propose(it)
    withdraw_proposal(again, reason="先改名", by=TESTS, at=NOON)
    with pytest.raises(Conflict, match="单位撤回"):
        decline_proposal(again, answer="不列", by=TESTS, at=NOON)
