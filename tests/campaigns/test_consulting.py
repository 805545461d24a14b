"""What the public is shown before a decision, what it says, and what it hears back."""

from datetime import timedelta

import pytest

from banshi.campaigns import actions, queries
from banshi.core.errors import BadInput, Conflict
from banshi.ledger.models import LedgerEntry
from tests.factories import TESTS, campaigns

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_one():
    unit = campaigns.opened("public-after-review")
    campaigns.agreed(unit)
    return campaigns.showing(unit.campaign)


def noon_of(one):
    return campaigns.during(one.campaign, "public")


def said(one, text="材料能不能少一份？", **more):
    return actions.comment_on(one, text=text, by=TESTS, at=noon_of(one), **more)


def test_what_passed_review_is_shown_with_its_days(open_one):
    assert queries.entries_consulted(open_one).count() == 1
    assert not queries.consultations_public(open_one.opens - timedelta(days=1)).exists()
    assert queries.consultations_public(open_one.opens).get() == open_one


def test_nothing_to_show_is_not_shown():
    unit = campaigns.opened("public-after-review")
    with pytest.raises(BadInput, match="还不能公示"):
        campaigns.showing(unit.campaign)


def test_a_plan_without_a_public_phase_has_none():
    unit = campaigns.opened("concentrated")
    with pytest.raises(Conflict, match="没有公示征求意见"):
        actions.open_consultation(
            unit.campaign,
            title="公示",
            body="",
            opens=campaigns.FINAL,
            closes=campaigns.FINAL,
            by=TESTS,
            at=campaigns.during(unit.campaign, "review"),
        )


def test_a_comment_is_seen_by_all_only_after_somebody_has_read_it(open_one):
    comment = said(open_one)
    assert not queries.comments_shown(open_one).exists()
    actions.show_comment(comment, by=TESTS, at=noon_of(open_one))
    assert queries.comments_shown(open_one).get() == comment


def test_how_to_reach_who_wrote_is_sealed_and_each_look_recorded(open_one):
    comment = said(open_one, contact="13900000000")
    assert b"13900000000" not in bytes(comment.contact_sealed)
    assert actions.look_at_comment_contact(comment, by=TESTS, at=noon_of(open_one)) == "13900000000"
    assert LedgerEntry.objects.filter(action="campaigns.look_at_comment_contact").count() == 1


def test_the_answer_is_found_by_the_receipt(open_one):
    comment = said(open_one)
    actions.answer_comment(comment, answer="已减到一份", accepted=True, by=TESTS, at=noon_of(open_one))
    assert queries.comment_by_receipt(f" {comment.receipt.lower()} ").answer == "已减到一份"


def test_before_and_after_its_days_nobody_can_write(open_one):
    with pytest.raises(Conflict, match="不在征求意见的时间里"):
        actions.comment_on(open_one, text="晚了", by=TESTS, at=noon_of(open_one) + timedelta(days=30))


def test_it_is_closed_after_its_last_day_when_every_comment_is_answered(open_one):
    comment = said(open_one)
    after = noon_of(open_one) + timedelta(days=7)
    with pytest.raises(Conflict, match="还没有结束"):
        actions.close_consultation(open_one, summary="无", by=TESTS, at=noon_of(open_one))
    with pytest.raises(BadInput, match="还有1条意见没有答复"):
        actions.close_consultation(open_one, summary="无", by=TESTS, at=after)
    actions.answer_comment(comment, answer="谢谢", accepted=False, by=TESTS, at=after)
    closed = actions.close_consultation(open_one, summary="收到1条，未采纳", by=TESTS, at=after)
    assert closed.closed_at == after


def test_the_decision_waits_for_it(open_one):
    campaign = open_one.campaign
    with pytest.raises(BadInput) as refused:
        campaigns.decided(campaign)
    assert "公示征求意见还没有结束" in str(refused.value.problems)
    actions.close_consultation(open_one, summary="没有意见", by=TESTS, at=noon_of(open_one) + timedelta(days=7))
    campaign.refresh_from_db()
    assert campaigns.decided(campaign)
