"""The way of an item through a campaign: reported, judged, summed up, decided, published."""

import pytest

from banshi.campaigns import actions
from banshi.campaigns.actions import Ruling
from banshi.campaigns.enums import Conclusion, Disposition, Outcome, Verdict
from banshi.campaigns.models import Summing
from banshi.catalog.models import Item, Publication, Revision
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.ledger.models import LedgerEntry
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns

pytestmark = pytest.mark.django_db


def published(campaign):
    moment = campaigns.during(campaign, "publish")
    actions.arrange_publication(campaign, on=moment.date(), by=TESTS, at=moment)
    return actions.publish_decided(campaign, by=TESTS, at=moment)


class TestFromReportToPublication:
    def test_what_is_agreed_and_decided_is_in_force(self):
        unit = campaigns.opened(items=2)
        campaigns.agreed(unit)
        campaigns.decided(unit.campaign)
        assert published(unit.campaign) == 2
        unit.campaign.refresh_from_db()
        assert unit.campaign.state == "finished"
        for entry in unit.entries.all():
            assert entry.state == "published"
            assert entry.publication.number == 2
            assert entry.publication.until is None
            assert "第十次常务会议" in entry.publication.reason

    def test_every_step_is_in_the_ledger_with_the_digest_of_what_was_seen(self):
        unit = campaigns.opened()
        [entry] = campaigns.agreed(unit)
        campaigns.decided(unit.campaign)
        digest = entry.text.digest
        for action in ("catalog.submit", "campaigns.give_review", "campaigns.sum_up", "campaigns.rule"):
            assert LedgerEntry.objects.filter(action=action, facts__digest=digest).exists(), action

    def test_a_returned_item_comes_back_in_the_next_round_and_only_it(self):
        unit = campaigns.opened("two-rounds", items=2)
        first, second = (campaigns.judged(each) for each in campaigns.reported(unit))
        campaigns.summed_up(first)
        campaigns.summed_up(second, Conclusion.RETURN, "材料精简到两份")
        draft = second.item.revisions.get(state=Revision.State.DRAFT)
        assert draft.content == second.text.content
        [again] = campaigns.reported(unit, 2)
        assert (again.pk, again.round) == (second.pk, 2)

    def test_cancelled_and_merged_items_end_with_the_same_act(self):
        unit = campaigns.opened(items=3)
        kept, ended, merged = unit.entries.order_by("id")
        actions.set_disposition([ended], disposition="cancel", note="已无此职能", by=TESTS, at=NOON)
        actions.set_disposition([merged], disposition="merge", note="内容相同", target=kept.item, by=TESTS, at=NOON)
        agreed = campaigns.agreed(unit)
        rulings = {each.pk: Ruling(each.disposition) for each in agreed}
        moment = campaigns.during(unit.campaign, "decide")
        actions.record_decision(unit.campaign, rulings, meeting="常务会议", held_on=moment.date(), by=TESTS, at=moment)
        published(unit.campaign)
        states = {each.pk: each.state for each in Item.objects.all()}
        assert [states[each.item_id] for each in (kept, ended, merged)] == ["active", "cancelled", "merged"]
        assert Item.objects.get(pk=merged.item_id).merged_into_id == kept.item_id

    def test_before_its_day_nothing_is_published(self):
        unit = campaigns.opened()
        campaigns.agreed(unit)
        campaigns.decided(unit.campaign)
        moment = campaigns.during(unit.campaign, "decide")
        later = campaigns.during(unit.campaign, "publish")
        actions.arrange_publication(unit.campaign, on=later.date(), by=TESTS, at=moment)
        with pytest.raises(Conflict, match="还没有到公布的日期"):
            actions.publish_decided(unit.campaign, by=TESTS, at=moment)
        assert Publication.objects.filter(number=2).count() == 0


class TestReporting:
    def test_without_contacts_or_summary_it_is_refused_with_both_named(self):
        unit = campaigns.opened()
        unit.named_at, unit.progress = None, ""
        unit.save()
        with pytest.raises(BadInput) as refused:
            campaigns.reported(unit)
        contacts, summary = (each.message for each in refused.value.problems)
        assert "分管领导、牵头科室和经办人员" in contacts
        assert "工作小结" in summary

    def test_what_must_be_changed_is_answered_first(self):
        unit = campaigns.opened(findings=True)
        item = unit.entries.get().item
        bad = make.guide(item.name, bases=[])
        draft = make.draft(item)
        from banshi.catalog.actions import save_draft

        save_draft(draft, guide=bad, stamp=draft.stamp, by=TESTS, at=NOON)
        with pytest.raises(BadInput, match="必改"):
            campaigns.reported(unit)
        assert unit.entries.get().state == "preparing"

    def test_not_before_the_stage_begins(self):
        unit = campaigns.opened()
        with pytest.raises(Conflict, match="还没到"):
            actions.sign_report(unit, by=campaigns.head_of(unit.organ), at=NOON)

    def test_a_late_report_is_taken_and_says_how_late(self):
        unit = campaigns.opened()
        moment = campaigns.during(unit.campaign, "review")
        report = actions.sign_report(unit, by=campaigns.head_of(unit.organ), at=moment)
        assert report.late_days == 1

    def test_frozen_texts_cannot_be_edited(self):
        unit = campaigns.opened()
        [entry] = campaigns.reported(unit)
        with pytest.raises(Conflict, match="正在审核"):
            make.draft(entry.item)

    def test_it_can_be_recalled_until_somebody_has_taken_it_up(self):
        unit = campaigns.opened()
        [entry] = campaigns.reported(unit)
        report = unit.reports.get()
        actions.recall_report(report, reason="写错了", by=campaigns.head_of(unit.organ), at=NOON)
        unit.refresh_from_db()
        entry.refresh_from_db()
        assert (entry.state, entry.round, unit.reported_round) == ("preparing", 0, 0)
        [entry] = campaigns.reported(unit)
        review = entry.reviews.all()[0]
        actions.claim_review(review, by=campaigns.reviewer_of(review.body), at=NOON)
        with pytest.raises(Conflict, match="不能撤回"):
            actions.recall_report(unit.reports.all()[0], reason="再改", by=campaigns.head_of(unit.organ), at=NOON)


class TestReviewing:
    def test_nobody_reviews_their_own_organs_items(self):
        unit = campaigns.opened()
        [entry] = campaigns.reported(unit)
        review = entry.reviews.all()[0]
        make.post(campaigns.reviewer_of(review.body), "clerk", unit.organ)
        with pytest.raises(Refused, match="任职"):
            campaigns.give(review)

    def test_the_items_of_a_review_body_are_led_by_another(self):
        campaign = campaigns.campaign()
        lead = campaign.bodies.get(code="lead")
        unit = campaigns.unit(campaign, organ=lead.organ)
        actions.open_campaign(campaign, by=TESTS, at=NOON)
        [entry] = campaigns.reported(unit)
        assert entry.lead != "lead"
        assert not entry.reviews.filter(body=lead).exists()

    def test_an_opinion_on_a_text_that_is_no_longer_the_newest_is_refused(self):
        unit = campaigns.opened()
        [entry] = campaigns.reported(unit)
        review = entry.reviews.all()[0]
        with pytest.raises(Conflict, match="不是最新的"):
            actions.give_review(
                review,
                verdict="agree",
                disposition="keep",
                answers=campaigns.answers(review),
                digest="0" * 64,
                by=campaigns.reviewer_of(review.body),
                at=campaigns.during(unit.campaign, "review"),
            )

    def test_sent_twice_the_second_is_told_and_nothing_is_doubled(self):
        unit = campaigns.opened()
        [entry] = campaigns.reported(unit)
        review = entry.reviews.all()[0]
        campaigns.give(review)
        with pytest.raises(Conflict, match="提过意见"):
            campaigns.give(review)
        entry.refresh_from_db()
        assert entry.waiting == entry.reviews.count() - 1

    def test_what_another_has_taken_is_theirs(self):
        unit = campaigns.opened()
        [entry] = campaigns.reported(unit)
        review = entry.reviews.all()[0]
        actions.claim_review(review, by=campaigns.reviewer_of(review.body), at=NOON)
        with pytest.raises(Conflict, match="已经在审"):
            actions.claim_review(review, by=make.user("reviewer", review.body.organ), at=NOON)

    def test_disagreement_says_why(self):
        unit = campaigns.opened()
        [entry] = campaigns.reported(unit)
        review = entry.reviews.filter(body__code="lead")[0]
        answers = [*campaigns.answers(review)][1:]
        with pytest.raises(BadInput, match="没写完"):
            actions.give_review(
                review,
                verdict=Verdict.CHANGE,
                disposition="change",
                answers=answers,
                digest=entry.text.digest,
                by=campaigns.reviewer_of(review.body),
                at=campaigns.during(unit.campaign, "review"),
            )

    def test_the_lead_waits_for_the_others_until_the_stage_is_over(self):
        unit = campaigns.opened()
        [entry] = campaigns.reported(unit)
        with pytest.raises(Conflict, match="还有单位没有提意见"):
            campaigns.summed_up(entry)
        after = campaigns.during(unit.campaign, "publish")
        with pytest.raises(BadInput, match="到期没有提意见"):
            actions.sum_up(
                entry, conclusion="pass", disposition="keep", body=campaigns.lead_of(entry), by=TESTS, at=after
            )
        passed = actions.sum_up(
            entry,
            conclusion="pass",
            disposition="keep",
            aside="两次催办未答复",
            body=campaigns.lead_of(entry),
            by=TESTS,
            at=after,
        )
        assert passed.state == "agreed"
        assert entry.reviews.exclude(set_aside="").count() == entry.reviews.count()

    def test_many_pass_at_once_only_when_all_agree(self):
        unit = campaigns.opened(items=3)
        entries = [campaigns.judged(each) for each in campaigns.reported(unit)]
        seen = [(each, each.text.digest) for each in entries]
        body = campaigns.lead_of(entries[0])
        assert actions.pass_many(seen[:2], body=body, by=TESTS, at=NOON) == 2
        with pytest.raises(Conflict, match="没有通过任何一项"):
            actions.pass_many([seen[0], seen[2]], body=body, by=TESTS, at=NOON)
        assert Summing.objects.count() == 2

    def test_a_dispute_is_settled_by_the_conference_with_minutes(self):
        unit = campaigns.opened()
        [entry] = campaigns.reported(unit)
        entry = campaigns.summed_up(campaigns.judged(entry, Verdict.OPPOSE), Conclusion.DISPUTE, question="是否保留")
        dispute = entry.disputes.get()
        actions.settle_dispute(
            dispute, outcome=Outcome.AS_UNIT, minutes="会议同意保留", held_on=NOON.date(), by=TESTS, at=NOON
        )
        entry.refresh_from_db()
        assert entry.state == "agreed"


class TestDeciding:
    def test_only_what_passed_is_decided(self):
        unit = campaigns.opened()
        [entry] = campaigns.reported(unit)
        with pytest.raises(Conflict, match="没有审核通过"):
            actions.record_decision(
                unit.campaign, {entry.pk: Ruling("keep")}, meeting="会", held_on=NOON.date(), by=TESTS, at=NOON
            )

    def test_where_the_plan_asks_the_public_and_lawyers_are_heard_first(self):
        unit = campaigns.opened("two-rounds")
        campaigns.agreed(unit)
        with pytest.raises(BadInput) as refused:
            campaigns.decided(unit.campaign)
        assert len(refused.value.problems) == 3

    def test_what_is_not_admitted_is_never_published(self):
        unit = campaigns.opened()
        [entry] = campaigns.agreed(unit)
        moment = campaigns.during(unit.campaign, "decide")
        actions.record_decision(
            unit.campaign,
            {entry.pk: Ruling(Disposition.CHANGE, admitted=False, note="依据不足")},
            meeting="常务会议",
            held_on=moment.date(),
            by=TESTS,
            at=moment,
        )
        entry.refresh_from_db()
        assert entry.state == "refused"
        with pytest.raises(Conflict, match="还没有审定"):
            published(unit.campaign)
