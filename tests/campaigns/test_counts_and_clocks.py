"""Counts that are never wrong whatever people do, and clocks that go backwards."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from banshi.campaigns import actions
from banshi.campaigns.enums import BodyRole
from banshi.campaigns.models import Entry, Participation, Review
from banshi.core.errors import BanshiError, Conflict
from banshi.ledger.verification import verify
from tests.at_once import at_once
from tests.factories import NOON, TESTS, campaigns
from tests.work import daily

pytestmark = pytest.mark.django_db

COUNTED = (BodyRole.LEAD, BodyRole.JOINT)


def still_wanted(entry: Entry) -> int:
    """What `waiting` must be, counted from the reviews themselves."""
    if entry.state != "reviewing":
        return entry.waiting
    open_ones = entry.reviews.filter(round=entry.round, verdict="", set_aside="", invitation=None)
    return sum(each.body.planned.role in COUNTED for each in open_ones)


def steps(unit: Participation, chance: random.Random) -> list[Callable[[], object]]:
    """What somebody might do next; much of it at the wrong time."""
    entry = chance.choice(list(unit.entries.select_related("text", "campaign", "participation")))
    reviews = list(Review.objects.filter(entry=entry).select_related("body__organ", "entry__text"))
    late = campaigns.during(entry.campaign, "publish")
    fresh = Participation.objects.get(pk=unit.pk)
    found: list[Callable[[], object]] = [lambda: campaigns.reported(fresh, min(2, unit.reported_round + 1))] * 2
    if report := unit.reports.first():
        head = campaigns.head_of(unit.organ)
        found.append(lambda: actions.recall_report(report, reason="再改", by=head, at=NOON))
    if entry.lead:
        found += [lambda: campaigns.summed_up(entry), lambda: campaigns.summed_up(entry, "return", "压缩期限")]
        found.append(lambda: passed_without(entry, late))
        found.append(lambda: campaigns.summed_up(entry, "return", "重新打开", reopen=entry.state == "agreed"))
    for each in reviews:
        found += [partial(campaigns.give, each), partial(agree_in_bulk, each)]
    return found


def passed_without(entry: Entry, at: datetime) -> Entry:
    more = {"aside": "催办未答复", "body": campaigns.lead_of(entry), "by": TESTS, "at": at}
    return actions.sum_up(entry, conclusion="pass", disposition="keep", **more)


def agree_in_bulk(review: Review) -> int:
    digest = review.entry.text.digest if review.entry.text else ""
    at = campaigns.during(review.entry.campaign, "review", review.round, review.entry.batch)
    return actions.agree_to_many([(review, digest)], by=campaigns.reviewer_of(review.body), at=at)


@pytest.mark.parametrize("seed", daily(range(4), 2))
def test_whatever_people_do_in_whatever_order_waiting_is_what_the_reviews_say(seed: int) -> None:
    chance, done = random.Random(seed), 0
    unit = campaigns.opened("two-rounds", items=2)
    for _ in range(60):
        unit.refresh_from_db()
        try:
            chance.choice(steps(unit, chance))()
            done += 1
        except BanshiError:
            pass
        for entry in unit.entries.all():
            assert entry.waiting == still_wanted(entry)
    assert done >= 5
    assert verify().holds


class TestSentTwiceAtTheSameMoment:
    """On SQLite too; more of it in test_at_once, and on PostgreSQL in test_many_at_once."""

    pytestmark = pytest.mark.django_db(transaction=True)

    def test_a_report_is_one_report(self, on_disk_database: None) -> None:
        unit = campaigns.opened(items=2)
        head, at = campaigns.head_of(unit.organ), campaigns.during(unit.campaign, "report")
        results = at_once(lambda n: actions.sign_report(unit, by=head, at=at), 3)
        assert sum(isinstance(each, BanshiError) for each in results) == 2
        assert unit.reports.count() == 1


class TestClocks:
    def test_an_opinion_is_taken_from_the_first_minute_of_the_first_day_in_china(self) -> None:
        unit = campaigns.opened()
        [entry] = campaigns.reported(unit)
        first = campaigns.during(unit.campaign, "review").date()
        review = entry.reviews.all()[0]
        midnight = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(hours=8)
        with pytest.raises(Conflict, match="开始"):
            given_at(review, midnight - timedelta(seconds=1))
        assert given_at(review, midnight).verdict == "agree"

    def test_a_clock_put_back_over_the_end_of_a_stage_asks_for_all_opinions_again(self) -> None:
        unit = campaigns.opened(items=2)
        first, second = campaigns.reported(unit)
        after, before = campaigns.during(unit.campaign, "publish"), campaigns.during(unit.campaign, "review")
        more = {"conclusion": "pass", "disposition": "keep", "aside": "催办未答复", "by": TESTS}
        actions.sum_up(first, body=campaigns.lead_of(first), at=after, **more)
        with pytest.raises(Conflict, match="还有单位没有提意见"):
            actions.sum_up(second, body=campaigns.lead_of(second), at=before, **more)
        first.refresh_from_db()
        assert first.state == "agreed"

    def test_a_report_signed_by_a_clock_put_back_is_not_late_and_none_before_the_stage(self) -> None:
        unit = campaigns.opened()
        head, begins = campaigns.head_of(unit.organ), campaigns.during(unit.campaign, "report")
        with pytest.raises(Conflict, match="还没到"):
            actions.sign_report(unit, by=head, at=begins - timedelta(days=1))
        assert actions.sign_report(unit, by=head, at=begins).late_days == 0

    def test_what_was_taken_by_a_clock_ahead_stays_taken(self) -> None:
        unit = campaigns.opened()
        [entry] = campaigns.reported(unit)
        review, at = entry.reviews.all()[0], campaigns.during(unit.campaign, "review")
        holder = campaigns.reviewer_of(review.body)
        actions.claim_review(review, by=holder, at=at + timedelta(hours=1))
        assert given_at(review, at).given_by == holder.ledger_name

    def test_published_by_a_clock_put_back_before_the_day_is_refused(self) -> None:
        unit = campaigns.opened()
        campaigns.agreed(unit)
        campaigns.decided(unit.campaign)
        day = campaigns.during(unit.campaign, "publish")
        actions.arrange_publication(unit.campaign, on=day.date(), by=TESTS, at=day)
        with pytest.raises(Conflict, match="还没有到公布的日期"):
            actions.publish_decided(unit.campaign, by=TESTS, at=day - timedelta(days=1))
        assert actions.publish_decided(unit.campaign, by=TESTS, at=day) == 1

    def test_the_chain_of_the_ledger_does_not_depend_on_the_clock(self) -> None:
        unit = campaigns.opened()
        actions.write_summary(unit, progress="一", problems="", suggestions="", by=TESTS, at=NOON + timedelta(days=9))
        actions.write_summary(unit, progress="二", problems="", suggestions="", by=TESTS, at=NOON - timedelta(days=9))
        assert verify().holds


def given_at(review: Review, at: datetime) -> Review:
    return actions.give_review(
        review,
        verdict="agree",
        disposition="keep",
        answers=campaigns.answers(review),
        digest=review.entry.text.digest if review.entry.text else "",
        by=campaigns.reviewer_of(review.body),
        at=at,
    )
