"""Several people at the same moment. Real transactions on PostgreSQL; SQLite lets one writer in at a time anyway."""

import pytest
from tests.at_once import at_once
from tests.factories import NOON, TESTS, draft, guide, item, publication

from banshi.catalog.actions import publish, save_draft, start_draft
from banshi.catalog.models import Change, Publication, Revision
from banshi.core.errors import Conflict
from banshi.ledger.verification import verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_of_eight_who_save_one_draft_one_succeeds_and_seven_are_told() -> None:
    revision = draft()
    results = at_once(lambda n: save_draft(Revision.objects.get(), guide=guide(f"第{n}人"), stamp=1, by=TESTS, at=NOON))
    assert sum(isinstance(each, Conflict) for each in results) == 7
    assert Revision.objects.get(pk=revision.pk).stamp == 2


def test_a_draft_published_by_eight_at_once_is_published_once() -> None:
    seen = draft()
    results = at_once(lambda n: publish(Revision.objects.get(pk=seen.pk), by=TESTS, at=NOON))
    assert sum(isinstance(each, Publication) for each in results) == 1
    assert Change.objects.count() == 1


def test_eight_who_start_a_draft_get_the_same_one() -> None:
    done = publication()
    results = at_once(lambda n: start_draft(done.item, by=TESTS, at=NOON).pk)
    assert len(set(results)) == 1


def test_changes_are_numbered_in_the_order_of_commits_and_the_ledger_holds() -> None:
    drafts = [draft(item()) for _ in range(24)]
    at_once(lambda n: [publish(each, by=TESTS, at=NOON) for each in drafts[n::8]])
    assert Change.objects.count() == 24
    assert Change.objects.values("batch").distinct().count() == 24
    assert verify().holds
