"""Several reviewers at the same moment, each thread with a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from banshi.campaigns import actions
from banshi.campaigns.models import Entry, Report, Review, Summing
from banshi.core.errors import BanshiError, Conflict
from banshi.ledger.verification import verify
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_disk_database")]


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each thread got: a result, or the refusal it met."""

    def one(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except BanshiError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


@pytest.fixture
def entry(on_disk_database: None) -> Entry:
    return campaigns.reported(campaigns.opened())[0]


def refused(results: list[Any]) -> int:
    return sum(isinstance(each, Conflict) for each in results)


def test_of_two_reviewers_of_one_body_one_has_it(entry):
    review = entry.reviews.get(body__code="lead")
    one, two = campaigns.reviewer_of(review.body), make.user("reviewer", review.body.organ)
    results = at_once(*(lambda who=who: actions.claim_review(review, by=who, at=NOON) for who in (one, two)))
    assert refused(results) == 1
    assert Review.objects.get(pk=review.pk).claimed_by in (one, two)


def test_of_the_same_opinion_sent_eight_times_one_is_kept(entry):
    review = entry.reviews.get(body__code="lead")
    before = Entry.objects.get(pk=entry.pk).waiting
    results = at_once(*[lambda: campaigns.give(Review.objects.get(pk=review.pk))] * 8)
    assert refused(results) == 7
    assert Entry.objects.get(pk=entry.pk).waiting == before - 1
    assert verify().holds


def test_all_bodies_at_once_leave_nothing_waiting(entry):
    reviews = list(entry.reviews.all())
    results = at_once(*(lambda key=each.pk: campaigns.give(Review.objects.get(pk=key)) for each in reviews))
    assert refused(results) == 0
    assert Entry.objects.get(pk=entry.pk).waiting == 0


def test_an_opinion_while_the_unit_recalls_one_of_both_happens(entry):
    review, head = entry.reviews.get(body__code="lead"), campaigns.head_of(entry.participation.organ)
    results = at_once(
        lambda: campaigns.give(Review.objects.select_related("entry__text").get(pk=review.pk)),
        lambda: actions.recall_report(Report.objects.get(), reason="写错了", by=head, at=NOON),
    )
    entry.refresh_from_db()
    assert sum(isinstance(each, Conflict | Review.DoesNotExist) for each in results) == 1
    if entry.state == "preparing":
        assert not Review.objects.exists()
    else:
        assert Review.objects.get(pk=review.pk).verdict == "agree"


def test_of_two_who_sum_up_one_does(entry):
    entry = campaigns.judged(entry)
    work = lambda: actions.sum_up(  # noqa: E731
        entry, conclusion="pass", disposition="keep", body=campaigns.lead_of(entry), by=TESTS, at=NOON
    )
    results = at_once(work, work)
    assert sum(isinstance(each, BanshiError) for each in results) == 1
    assert Summing.objects.count() == 1
