"""What the public is shown before a decision, what it says, and what it hears back."""

from datetime import timedelta

import pytest

from banshi.campaigns import actions, queries
from banshi.campaigns.models import EntryMove
from banshi.catalog.models import Revision
from banshi.core.errors import BadInput, Conflict
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from tests import factories as make
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
    actions.answer_comment(comment, answer="已减到一份", accepted=False, by=TESTS, at=noon_of(open_one))
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


# What is accepted


def accepted(open_one):
    entry = queries.entries_consulted(open_one).get()
    comment = said(open_one, entry=entry)
    actions.answer_comment(comment, answer="减到一份", accepted=True, by=TESTS, at=noon_of(open_one))
    entry.refresh_from_db()
    return entry


def test_an_accepted_comment_opens_the_item_for_its_unit_and_tells_it(open_one):
    clerk = make.user("clerk", open_one.campaign.participations.get().organ)
    entry = accepted(open_one)
    assert entry.state == "returned"
    assert make.draft(entry.item).state == Revision.State.DRAFT
    assert EntryMove.objects.get(subject=entry, name="reopen").note == "采纳公众意见：材料能不能少一份？"
    assert Notification.objects.filter(user=clerk, kind="campaigns.returned").exists()
    assert LedgerEntry.objects.filter(action="campaigns.reopen").count() == 1


def test_it_stays_in_the_running_consultation_with_the_text_that_was_shown(open_one):
    entry = accepted(open_one)
    assert queries.entries_consulted(open_one).get() == entry
    assert queries.entries_consulted(open_one).get().text == entry.text


def test_its_unit_is_not_overdue_for_it(open_one):
    accepted(open_one)
    long_after = noon_of(open_one).date() + timedelta(days=60)
    assert not queries.units_overdue(open_one.campaign, long_after).exists()


def test_an_accepted_comment_on_the_whole_list_opens_the_items_it_is_about(open_one):
    entry = queries.entries_consulted(open_one).get()
    comment, at = said(open_one, "名称都太长"), noon_of(open_one)
    actions.answer_comment(comment, answer="照改", accepted=True, entries=[entry], by=TESTS, at=at)
    entry.refresh_from_db()
    assert entry.state == "returned"
    assert EntryMove.objects.get(subject=entry, name="reopen").note == "采纳公众意见：名称都太长"


def test_what_the_list_lacks_is_handed_on_to_a_unit_which_is_told(open_one):
    unit = open_one.campaign.participations.get()
    clerk = make.user("clerk", unit.organ)
    comment = said(open_one, "公交老年卡没有列")
    actions.answer_comment(comment, answer="补上", accepted=True, unit=unit, by=TESTS, at=noon_of(open_one))
    assert list(unit.comments.all()) == [comment]
    assert Notification.objects.filter(user=clerk, kind="campaigns.comment_handed_on").exists()


def test_nothing_is_accepted_for_nobody_to_do(open_one):
    comment = said(open_one, "公交老年卡没有列")
    with pytest.raises(BadInput, match="由谁去改"):
        actions.answer_comment(comment, answer="补上", accepted=True, by=TESTS, at=noon_of(open_one))
    comment.refresh_from_db()
    assert comment.answered_at is None
    actions.answer_comment(comment, answer="谢谢", accepted=False, by=TESTS, at=noon_of(open_one))


def test_a_comment_that_is_not_accepted_opens_nothing(open_one):
    entry = queries.entries_consulted(open_one).get()
    comment = said(open_one, entry=entry)
    actions.answer_comment(comment, answer="按规定要两份", accepted=False, by=TESTS, at=noon_of(open_one))
    entry.refresh_from_db()
    assert entry.state == "agreed"
