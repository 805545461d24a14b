"""Several people of a campaign at the same moment, on PostgreSQL; SQLite lets one writer in at a time anyway."""

from datetime import timedelta
from typing import Any

import pytest

from banshi.campaigns import actions
from banshi.campaigns.actions import Ruling
from banshi.campaigns.models import Decision, Entry, Opinion, Report, Review, Summing
from banshi.catalog.models import Change, Publication
from banshi.core.errors import BanshiError, Conflict
from banshi.ledger.models import LedgerEntry
from banshi.ledger.verification import verify
from tests import factories as make
from tests.at_once import at_once
from tests.factories import NOON, TESTS, campaigns

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def told(results: list[Any]) -> list[BanshiError]:
    return [each for each in results if isinstance(each, BanshiError)]


def test_of_six_reviewers_of_one_body_one_gives_and_five_are_told() -> None:
    unit = campaigns.opened()
    [entry] = campaigns.reported(unit)
    review = entry.reviews.get(body__code="lead")
    people = [make.user("reviewer", review.body.organ) for _ in range(6)]
    results = at_once(lambda n: give(review.pk, people[n]), 6)
    refusals = told(results)
    assert len(refusals) == 5
    assert all(isinstance(each, Conflict) and "已经代表" in str(each) for each in refusals)
    entry.refresh_from_db()
    assert entry.waiting == entry.reviews.count() - 1
    assert Opinion.objects.count() == len(campaigns.answers(review))
    assert LedgerEntry.objects.filter(action="campaigns.give_review").count() == 1


def give(review: int, by: Any) -> Review:
    found = Review.objects.get(pk=review)
    at = campaigns.during(found.entry.campaign, "review")
    asked, digest = campaigns.answers(found), found.entry.text.digest if found.entry.text else ""
    more = {"answers": asked, "digest": digest, "by": by, "at": at}
    return actions.give_review(found, verdict="agree", disposition="keep", **more)


def test_all_bodies_at_once_leave_nothing_to_wait_for() -> None:
    unit = campaigns.opened(items=2)
    for entry in campaigns.reported(unit):
        reviews = list(entry.reviews.select_related("body__organ"))
        assert not told(at_once(lambda n, r=reviews: give(r[n].pk, campaigns.reviewer_of(r[n].body)), len(reviews)))
        entry.refresh_from_db()
        assert entry.waiting == 0
    assert verify().holds


def test_one_opinion_and_bulk_agreement_to_the_same_items_do_not_both_count() -> None:
    unit = campaigns.opened(items=5)
    campaigns.reported(unit)
    body = unit.campaign.bodies.get(code="lead")
    people = [make.user("reviewer", body.organ) for _ in range(4)]
    keys = list(Review.objects.filter(body=body).order_by("entry").values_list("pk", flat=True))

    def work(number: int) -> Any:
        if number % 2:
            return give(keys[2], people[number])
        reviews = Review.objects.filter(pk__in=keys).select_related("entry__text", "body__campaign")
        at = campaigns.during(unit.campaign, "review")
        return actions.agree_to_many([(r, r.entry.text.digest) for r in reviews], by=people[number], at=at)

    assert len(told(at_once(work, 4))) == 3
    for entry in unit.entries.all():
        given = entry.reviews.exclude(verdict="").count()
        assert given <= 1
        assert entry.waiting == entry.reviews.count() - given


@pytest.mark.parametrize("again", range(3))
def test_an_opinion_while_the_unit_recalls_wins_or_loses_wholly(again: int) -> None:
    unit = campaigns.opened(items=2)
    first, _ = campaigns.reported(unit)
    report, head = unit.reports.get(), make.user("head", unit.organ)
    review = first.reviews.get(body__code="lead")
    reviewer = campaigns.reviewer_of(review.body)

    def work(number: int) -> Any:
        if number:
            return give(review.pk, reviewer)
        return actions.recall_report(report, reason="写错了", by=head, at=NOON)

    recalled, given = at_once(work, 2)
    assert isinstance(recalled, Conflict) != isinstance(given, Conflict)
    first.refresh_from_db()
    if isinstance(given, Conflict):
        assert (first.state, first.waiting, Review.objects.count()) == ("preparing", 0, 0)
    else:
        assert (first.state, first.waiting) == ("reviewing", first.reviews.count() - 1)


def test_a_report_sent_by_four_at_once_is_one_report() -> None:
    unit = campaigns.opened(items=3)
    head, at = campaigns.head_of(unit.organ), campaigns.during(unit.campaign, "report")
    results = at_once(lambda n: actions.sign_report(unit, by=head, at=at), 4)
    assert len(told(results)) == 3
    assert Report.objects.get().items == 3
    assert Review.objects.count() == 3 * unit.campaign.bodies.count()
    assert LedgerEntry.objects.filter(action="catalog.submit").count() == 3


def test_of_four_leads_who_sum_up_one_is_heard() -> None:
    unit = campaigns.opened()
    [entry] = campaigns.reported(unit)
    entry = campaigns.judged(entry)
    ways: list[dict[str, Any]] = [
        {"conclusion": "pass"},
        {"conclusion": "return", "asks": ["材料精简到两份"]},
        {"conclusion": "dispute", "question": "是否保留"},
        {"conclusion": "pass"},
    ]
    body = campaigns.lead_of(entry)
    results = at_once(lambda n: actions.sum_up(entry, **ways[n], disposition="keep", body=body, by=TESTS, at=NOON), 4)
    assert len(told(results)) == 3
    outcome = {"pass": "agreed", "return": "returned", "dispute": "disputed"}
    entry.refresh_from_db()
    assert entry.state == outcome[Summing.objects.get().conclusion]


def test_passing_in_bulk_and_returning_one_of_them_do_not_both_happen() -> None:
    unit = campaigns.opened(items=3)
    entries = [campaigns.judged(each) for each in campaigns.reported(unit)]
    body, seen = campaigns.lead_of(entries[0]), [(each, each.text.digest) for each in entries if each.text]

    def work(number: int) -> Any:
        if number:
            return campaigns.summed_up(entries[1], "return", "压缩期限")
        return actions.pass_many(seen, body=body, by=TESTS, at=NOON)

    assert len(told(at_once(work, 2))) == 1
    assert set(unit.entries.values_list("state", flat=True)) in ({"agreed"}, {"reviewing", "returned"})


def test_a_decision_recorded_by_four_at_once_is_one_decision() -> None:
    unit = campaigns.opened(items=2)
    rulings = {each.pk: Ruling("keep") for each in campaigns.agreed(unit)}
    at = campaigns.during(unit.campaign, "decide")
    more = {"meeting": "常务会议", "held_on": at.date(), "by": TESTS, "at": at}
    results = at_once(lambda n: actions.record_decision(unit.campaign, rulings, **more), 4)
    assert len(told(results)) == 3
    assert Decision.objects.count() == 1
    assert set(Entry.objects.values_list("decision", flat=True)) == {Decision.objects.get().pk}


def test_published_by_four_at_once_everything_is_published_once() -> None:
    unit = campaigns.opened(items=3)
    campaigns.agreed(unit)
    campaigns.decided(unit.campaign)
    at = campaigns.during(unit.campaign, "publish")
    arranged = at_once(lambda n: actions.arrange_publication(unit.campaign, on=at.date(), by=TESTS, at=at), 4)
    assert len(told(arranged)) == 3
    before = Change.objects.count()
    results = at_once(lambda n: actions.publish_decided(unit.campaign, by=TESTS, at=at + timedelta(hours=n)), 4)
    assert len(told(results)) == 3
    assert Change.objects.count() == before + 3
    assert Publication.objects.filter(until=None).count() == 3
    assert verify().holds
