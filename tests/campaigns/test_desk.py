"""What lies on whose desk: groups, conflicts, claims, deputies, posts that end."""

from datetime import date, timedelta

import pytest

from banshi.campaigns import actions
from banshi.campaigns.enums import Conclusion, Verdict
from banshi.campaigns.models import Review
from banshi.campaigns.queries import claimed_now, desk_of, to_sum_up, waiting
from banshi.core.clock import now
from banshi.core.errors import Conflict, Refused
from banshi.ledger.models import LedgerEntry
from banshi.people.actions import delegate, end_post
from banshi.people.models import User
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns

pytestmark = pytest.mark.django_db


def again(user: User) -> User:
    """As the next request knows them."""
    return User.objects.get(pk=user.pk)


def held(review: Review, at=NOON) -> bool:
    return Review.objects.annotate(held=claimed_now(at)).get(pk=review.pk).held


@pytest.fixture
def unit():
    return campaigns.opened(items=2)


@pytest.fixture
def entry(unit):
    return campaigns.reported(unit)[0]


@pytest.fixture
def review(entry):
    return entry.reviews.get(body__code="lead")


@pytest.fixture
def reviewer(review):
    return campaigns.reviewer_of(review.body)


class TestTheDesk:
    def test_each_body_has_its_own_and_strangers_have_nothing(self, unit, review, reviewer):
        assert {each.body_id for each in desk_of(reviewer, at=now())} == {review.body_id}
        assert desk_of(reviewer, at=now()).count() == 2
        assert not desk_of(make.user("reviewer", make.organ()), at=now()).exists()
        assert not desk_of(make.user("clerk", review.body.organ), at=now()).exists()

    def test_three_questions_tell_what_lies_on_it(self, reviewer, unit, django_assert_num_queries):
        """For which bodies and groups one speaks; which units are others'; then the reviews."""
        make_posts = again(reviewer)
        list(desk_of(make_posts, at=now()))
        with django_assert_num_queries(3):
            list(desk_of(make_posts, unit.campaign, at=now()))

    def test_a_campaign_that_is_over_is_off_the_desk(self, unit, entry, reviewer):
        actions.stop_campaign(unit.campaign, reason="试点结束", by=TESTS, at=NOON)
        assert not desk_of(reviewer, at=now()).exists()

    def test_what_was_judged_by_all_waits_for_the_lead_to_sum_up(self, unit, entry, reviewer):
        joint = campaigns.reviewer_of(entry.reviews.exclude(body__code="lead")[0].body)
        campaigns.judged(entry)
        assert [each.pk for each in to_sum_up(reviewer, unit.campaign, at=now())] == [entry.pk]
        assert not to_sum_up(joint, unit.campaign, at=now()).exists()
        assert entry.pk not in waiting(desk_of(reviewer, at=now())).values_list("entry", flat=True)


class TestGroups:
    """分组分片、条块."""

    def test_members_see_the_units_of_their_place_only(self, unit, entry, review, reviewer):
        other = make.user("reviewer", review.body.organ)
        actions.form_group(review.body, label="东片", members=[reviewer], division_prefix="9901", by=TESTS, at=NOON)
        actions.form_group(review.body, label="西片", members=[other], division_prefix="9902", by=TESTS, at=NOON)
        assert desk_of(reviewer, at=now()).count() == 2
        assert not desk_of(other, at=now()).exists()

    def test_members_see_the_units_of_their_line_only(self, unit, entry, review, reviewer):
        above = make.organ()
        line = actions.form_group(review.body, label="教育线", members=[reviewer], superior=above, by=TESTS, at=NOON)
        assert not desk_of(reviewer, at=now()).exists()
        unit.organ.superior = above
        unit.organ.save()
        assert desk_of(reviewer, at=now()).count() == 2
        unit.organ.superior = None
        unit.organ.save()
        actions.dissolve_group(line, by=TESTS, at=NOON)
        assert desk_of(reviewer, at=now()).count() == 2

    def test_who_is_in_no_group_of_a_grouped_body_has_nothing(self, entry, review, reviewer):
        other = make.user("reviewer", review.body.organ)
        actions.form_group(review.body, label="全部", members=[reviewer], by=TESTS, at=NOON)
        assert desk_of(reviewer, at=now()).exists()
        assert not desk_of(other, at=now()).exists()

    def test_members_of_two_groups_see_each_item_once(self, entry, review, reviewer):
        for label in ("一组", "二组"):
            actions.form_group(review.body, label=label, members=[reviewer], by=TESTS, at=NOON)
        assert desk_of(reviewer, at=now()).count() == 2


class TestRecusal:
    """回避."""

    def test_the_units_items_leave_the_desk_and_what_was_taken_is_free_again(self, unit, review, reviewer):
        actions.claim_review(review, by=reviewer, at=NOON)
        actions.declare_recusal(
            unit.campaign, reviewer, organ=unit.organ, reason="配偶在该单位任职", by=reviewer, at=NOON
        )
        assert not desk_of(reviewer, at=now()).exists()
        assert not held(review)
        with pytest.raises(Refused, match="回避"):
            campaigns.give(review)

    def test_it_holds_for_summing_up_too(self, unit, entry, reviewer):
        entry = campaigns.judged(entry)
        actions.declare_recusal(unit.campaign, reviewer, organ=unit.organ, reason="亲属", by=reviewer, at=NOON)
        assert not to_sum_up(reviewer, unit.campaign, at=now()).exists()
        with pytest.raises(Refused, match="回避"):
            actions.sum_up(
                entry, conclusion="pass", disposition="keep", body=campaigns.lead_of(entry), by=reviewer, at=NOON
            )


class TestClaims:
    """“某某在看”."""

    def test_taken_put_back_and_taken_by_another(self, review, reviewer):
        other = make.user("reviewer", review.body.organ)
        actions.claim_review(review, by=reviewer, at=NOON)
        actions.release_review(review, by=other, at=NOON)
        assert held(review)
        actions.release_review(review, by=reviewer, at=NOON)
        assert not held(review)
        assert actions.claim_review(review, by=other, at=NOON).claimed_by == other

    def test_one_left_lying_overnight_may_be_taken_by_another(self, review, reviewer):
        other = make.user("reviewer", review.body.organ)
        actions.claim_review(review, by=reviewer, at=NOON)
        assert actions.claim_review(review, by=other, at=NOON + timedelta(hours=20)).claimed_by == other

    def test_only_who_speaks_for_the_body_may_take_it(self, review):
        with pytest.raises(Refused, match="不代表"):
            actions.claim_review(review, by=make.user("reviewer", make.organ()), at=NOON)

    def test_when_a_post_ends_mid_round_its_holders_claims_are_free(self, unit, entry, review, reviewer):
        other = make.user("reviewer", review.body.organ)
        actions.claim_review(review, by=reviewer, at=NOON)
        end_post(reviewer.posts.get(), until=date(2026, 11, 20), by=TESTS, at=NOON)
        gone = again(reviewer)
        assert not held(review)
        assert not desk_of(gone, at=now()).exists()
        with pytest.raises(Refused, match="没有"):
            actions.give_review(review, verdict="agree", disposition="keep", digest=entry.text.digest, by=gone, at=NOON)
        assert actions.claim_review(review, by=other, at=NOON).claimed_by == other

    def test_what_only_somebody_who_left_had_taken_can_be_recalled(self, unit, review, reviewer):
        actions.claim_review(review, by=reviewer, at=NOON)
        end_post(reviewer.posts.get(), until=date(2026, 11, 20), by=TESTS, at=NOON)
        actions.recall_report(unit.reports.get(), reason="写错了", by=campaigns.head_of(unit.organ), at=NOON)
        assert not Review.objects.exists()


class TestDeputies:
    def test_a_deputy_gives_the_bodys_opinion_and_both_names_are_recorded(self, entry, review, reviewer):
        deputy = make.user(full_name="钱代理")
        since, until = date(2026, 11, 1), date(2028, 1, 1)
        given = delegate(
            reviewer.posts.get(), to=deputy, since=since, until=until, reason="外出学习", by=TESTS, at=NOON
        )
        assert desk_of(deputy, at=now()).count() == 2
        actions.claim_review(review, by=deputy, at=NOON)
        assert held(review)
        moment = campaigns.during(entry.campaign, "review")
        told = actions.give_review(
            review,
            verdict=Verdict.AGREE,
            disposition="keep",
            answers=campaigns.answers(review),
            digest=entry.text.digest,
            by=deputy,
            at=moment,
        )
        assert told.given_by == f"钱代理（代{reviewer}）"
        act = LedgerEntry.objects.get(action="campaigns.give_review")
        assert (act.actor_name, act.facts["for_name"]) == ("钱代理", str(reviewer))
        assert given.post_id == reviewer.posts.get().pk

    def test_after_the_delegation_is_over_there_is_nothing_on_their_desk(self, review, reviewer):
        deputy = make.user()
        since, until = date(2026, 11, 1), date(2026, 11, 20)
        delegate(reviewer.posts.get(), to=deputy, since=since, until=until, reason="外出", by=TESTS, at=NOON)
        assert not desk_of(deputy, at=now()).exists()


class TestChangesBetween:
    def test_a_stage_moved_back_while_somebody_writes_is_told(self, unit, entry, review):
        later = campaigns.during(unit.campaign, "review").date() + timedelta(days=3)
        stage = unit.campaign.stages.get(phase__startswith="review", batch=entry.batch)
        actions.move_stage(stage, begins=later, ends=later + timedelta(days=9), by=TESTS, at=NOON)
        moment = NOON.replace(year=later.year, month=later.month, day=later.day) - timedelta(days=1)
        with pytest.raises(Conflict, match="开始"):
            actions.give_review(
                review,
                verdict="agree",
                disposition="keep",
                answers=campaigns.answers(review),
                digest=entry.text.digest,
                by=campaigns.reviewer_of(review.body),
                at=moment,
            )

    def test_an_opinion_on_what_was_recalled_meanwhile_is_told(self, unit, review):
        actions.recall_report(unit.reports.get(), reason="写错了", by=campaigns.head_of(unit.organ), at=NOON)
        with pytest.raises(Conflict, match="撤回"):
            campaigns.give(review)

    def test_many_are_agreed_to_with_the_texts_that_were_shown_or_not_at_all(self, entry, reviewer):
        first, second = waiting(desk_of(reviewer, at=now())).select_related("entry__text").order_by("id")
        moment = campaigns.during(entry.campaign, "review")
        seen = [(first, first.entry.text.digest), (second, "0" * 64)]
        with pytest.raises(Conflict, match="不是最新"):
            actions.agree_to_many(seen, by=reviewer, at=moment)
        assert not Review.objects.exclude(verdict="").exists()
        seen[1] = (second, second.entry.text.digest)
        assert actions.agree_to_many(seen, by=reviewer, at=moment) == 2

    def test_what_has_passed_can_be_opened_again(self, entry):
        entry = campaigns.summed_up(campaigns.judged(entry))
        again = campaigns.summed_up(entry, Conclusion.RETURN, "公示时群众反映材料过多", reopen=True)
        assert again.state == "returned"
        assert entry.summings.count() == 2
