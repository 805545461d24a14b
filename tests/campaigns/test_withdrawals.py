"""退出本次清理 and back: items and whole units, with a reason; their texts go back to their owner."""

from datetime import timedelta

import pytest

from banshi.campaigns import actions, queries
from banshi.campaigns.models import EntryMove
from banshi.catalog.actions import cancel_item
from banshi.catalog.models import Revision
from banshi.core.clock import now
from banshi.core.errors import BadInput, Conflict
from banshi.ledger.models import LedgerEntry
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns

pytestmark = pytest.mark.django_db


def test_an_item_under_review_leaves_and_can_be_changed_again():
    unit = campaigns.opened(items=2)
    gone, stays = campaigns.reported(unit)
    assert actions.leave_entries([gone], reason="职责划转", by=TESTS, at=NOON) == 1
    gone.refresh_from_db()
    stays.refresh_from_db()
    assert (gone.state, stays.state) == ("left", "reviewing")
    assert make.draft(gone.item).state == Revision.State.DRAFT
    assert EntryMove.objects.filter(name="leave", note="职责划转").count() == 1
    assert LedgerEntry.objects.get(action="campaigns.leave").facts["digest"] == gone.text.digest


def test_it_is_on_nobodys_desk_and_in_nobodys_list_of_disputes():
    unit = campaigns.opened()
    [entry] = campaigns.reported(unit)
    entry = campaigns.summed_up(campaigns.judged(entry, "oppose"), "dispute", question="是否保留")
    assert queries.open_disputes(unit.campaign).count() == 1
    actions.leave_entries([entry], reason="另行办理", by=TESTS, at=NOON)
    reviewer = campaigns.reviewer_of(campaigns.lead_of(entry))
    assert queries.open_disputes(unit.campaign).count() == 0
    assert not queries.desk_of(reviewer, unit.campaign, at=now()).exists()


def test_leaving_says_why():
    unit = campaigns.opened()
    with pytest.raises(BadInput, match="原因"):
        actions.leave_entries(list(unit.entries.all()), reason=" ", by=TESTS, at=NOON)


def test_what_is_decided_stays():
    unit = campaigns.opened()
    campaigns.agreed(unit)
    [entry] = campaigns.decided(unit.campaign)
    with pytest.raises(Conflict):
        actions.leave_entries([entry], reason="不办了", by=TESTS, at=NOON)


def test_a_unit_leaves_with_what_is_not_decided_and_is_asked_for_nothing_more():
    unit = campaigns.opened(items=2)
    unit = actions.leave_campaign(unit, reason="机构撤销", by=TESTS, at=NOON)
    assert set(unit.entries.values_list("state", flat=True)) == {"left"}
    late = campaigns.during(unit.campaign, "publish").date()
    assert not queries.units_overdue(unit.campaign, late).exists()
    with pytest.raises(Conflict, match="已经退出"):
        actions.leave_campaign(unit, reason="再退", by=TESTS, at=NOON)
    with pytest.raises(Conflict, match="已经退出"):
        actions.gather_items(unit, by=TESTS, at=NOON)


def test_a_unit_that_left_is_not_ranked_in_a_bulletin():
    unit = campaigns.opened()
    gone = campaigns.unit(unit.campaign)
    actions.leave_campaign(gone, reason="机构撤销", by=TESTS, at=NOON)
    due = campaigns.during(unit.campaign, "publish")  # every report's last day is over
    made = actions.draw_up_bulletin(unit.campaign, by=TESTS, at=due)
    assert [row["unit"] for row in made.content["ranking"]] == [str(unit)]


def test_nothing_leaves_a_campaign_that_is_over():
    unit = campaigns.opened()
    actions.stop_campaign(unit.campaign, reason="方案调整", by=TESTS, at=NOON)
    unit.refresh_from_db()
    with pytest.raises(Conflict, match="已经结束"):
        actions.leave_entries(list(unit.entries.select_related("campaign")), reason="退", by=TESTS, at=NOON)


def test_a_unit_added_late_reports_late():
    first = campaigns.opened()
    late = campaigns.handed_in(campaigns.unit(first.campaign))
    moment = campaigns.during(first.campaign, "review")
    report = actions.sign_report(late, by=campaigns.head_of(late.organ), at=moment)
    assert report.late_days == 1


class TestComingBack:
    def test_an_item_is_reported_again_in_the_next_round(self):
        unit = campaigns.opened(items=2)
        gone, _ = campaigns.reported(unit)
        actions.leave_entries([gone], reason="职责划转", by=TESTS, at=NOON)
        assert actions.rejoin_entries([gone], reason="没有划转", by=TESTS, at=NOON) == 1
        gone.refresh_from_db()
        assert gone.state == "preparing"
        unit.refresh_from_db()
        [again] = [each for each in campaigns.reported(unit, 2) if each.pk == gone.pk]
        assert (again.round, again.text.state) == (2, Revision.State.SUBMITTED)
        assert campaigns.summed_up(campaigns.judged(again)).state == "agreed"

    def test_a_dispute_not_settled_can_be_raised_again(self):
        unit = campaigns.opened()
        [entry] = campaigns.reported(unit)
        entry = campaigns.summed_up(campaigns.judged(entry, "oppose"), "dispute", question="是否保留")
        actions.leave_entries([entry], reason="另行办理", by=TESTS, at=NOON)
        actions.rejoin_entries([entry], reason="不另办了", by=TESTS, at=NOON)
        assert LedgerEntry.objects.get(action="campaigns.rejoin").facts["dispute"] == "是否保留"
        unit.refresh_from_db()
        [entry] = campaigns.reported(unit, 2)
        campaigns.summed_up(campaigns.judged(entry, "oppose"), "dispute", question="还是要议")
        assert [each.question for each in queries.open_disputes(unit.campaign)] == ["还是要议"]

    def test_a_unit_comes_back_with_what_left_with_it(self):
        unit = campaigns.opened(items=2)
        alone, together = unit.entries.select_related("campaign").order_by("id")
        actions.leave_entries([alone], reason="职责划转", by=TESTS, at=NOON)
        actions.leave_campaign(unit, reason="机构撤销", by=TESTS, at=NOON + timedelta(hours=1))
        unit = actions.rejoin_campaign(unit, reason="不撤了", by=TESTS, at=NOON + timedelta(hours=2))
        assert (unit.left_at, unit.left_reason) == (None, "")
        assert set(unit.entries.values_list("pk", "state")) == {(alone.pk, "left"), (together.pk, "preparing")}
        late = campaigns.during(unit.campaign, "publish").date()
        assert unit in queries.units_overdue(unit.campaign, late)
        with pytest.raises(Conflict, match="没有退出"):
            actions.rejoin_campaign(unit, reason="再来", by=TESTS, at=NOON)

    def test_coming_back_says_why(self):
        unit = campaigns.opened()
        actions.leave_campaign(unit, reason="机构撤销", by=TESTS, at=NOON)
        with pytest.raises(BadInput, match="原因"):
            actions.rejoin_campaign(unit, reason=" ", by=TESTS, at=NOON)

    def test_an_item_does_not_come_back_without_its_unit(self):
        unit = campaigns.opened()
        actions.leave_campaign(unit, reason="机构撤销", by=TESTS, at=NOON)
        entries = list(unit.entries.select_related("campaign", "item", "participation"))
        with pytest.raises(Conflict, match="已经退出"):
            actions.rejoin_entries(entries, reason="要它", by=TESTS, at=NOON)

    def test_an_item_no_longer_in_use_does_not_come_back(self):
        unit = campaigns.opened()
        [entry] = unit.entries.select_related("campaign", "item")
        actions.leave_entries([entry], reason="取消", by=TESTS, at=NOON)
        cancel_item(entry.item, note="取消", by=TESTS, at=NOON)
        with pytest.raises(Conflict, match="不在用"):
            actions.rejoin_entries([entry], reason="要它", by=TESTS, at=NOON)

    def test_nobody_comes_back_to_what_is_over(self):
        unit = campaigns.opened()
        actions.leave_campaign(unit, reason="机构撤销", by=TESTS, at=NOON)
        actions.stop_campaign(unit.campaign, reason="方案调整", by=TESTS, at=NOON)
        with pytest.raises(Conflict, match="已经结束"):
            actions.rejoin_campaign(unit, reason="再来", by=TESTS, at=NOON)


# Choosing what is listed


def test_only_the_items_chosen_are_listed_and_a_draft_can_be_taken_off_again():
    unit = campaigns.opened()
    wanted, junk = make.item(unit.organ), make.item(unit.organ)
    assert actions.gather_items(unit, items=[wanted], by=TESTS, at=NOON) == 1
    assert not unit.entries.filter(item=junk).exists()
    entry = unit.entries.get(item=wanted)
    assert actions.take_off_list([entry], by=TESTS, at=NOON) == 1
    assert not unit.entries.filter(item=wanted).exists()
    assert LedgerEntry.objects.get(action="campaigns.take_off_list").facts["items"] == [wanted.pk]


def test_what_is_public_or_reported_is_not_taken_off():
    unit = campaigns.opened()
    new = make.item(unit.organ)
    actions.gather_items(unit, by=TESTS, at=NOON)
    public = unit.entries.exclude(item=new).get()
    with pytest.raises(BadInput, match="1项不能撤出") as caught:
        actions.take_off_list(list(unit.entries.all()), by=TESTS, at=NOON)
    assert [each.where for each in caught.value.problems] == [str(public.item)]
    campaigns.reported(unit)
    with pytest.raises(BadInput, match="不能撤出"):
        actions.take_off_list([unit.entries.get(item=new)], by=TESTS, at=NOON)
