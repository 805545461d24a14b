"""Limits run on through states that share one, begin anew where it changes, and stand still in a pause."""

from datetime import timedelta

import pytest
from tests.factories import NOON, TESTS
from tests.workflow.permits import Permit, PermitTask, examining, filed

from banshi.workflow.actions import finish_branch, move
from banshi.workflow.definition import Limit
from banshi.workflow.limits import running_limit

pytestmark = pytest.mark.usefixtures("permits")
DAY = timedelta(days=1)


def deciding() -> Permit:
    """Accepted on the first day, examined by the second."""
    permit = examining()
    for task in PermitTask.objects.filter(subject=permit):
        finish_branch(task, by=TESTS, at=NOON + DAY)
    permit.refresh_from_db()
    return permit


def test_it_runs_from_the_beginning() -> None:
    running = running_limit(filed(), began_at=NOON - DAY)
    assert running
    assert (running.limit, running.since, running.is_paused) == (Limit(days=5), NOON - DAY, False)


def test_it_begins_anew_where_it_changes_and_goes_on_where_it_does_not() -> None:
    permit = deciding()
    running = running_limit(permit, began_at=NOON - DAY)
    assert running
    assert (running.limit, running.since) == (Limit(days=20), NOON)


def test_it_stands_still_in_a_pause_and_runs_on_after_it() -> None:
    permit = deciding()
    move(permit, "hear", by=TESTS, at=NOON + 2 * DAY)
    running = running_limit(permit, began_at=NOON)
    assert running
    assert running.is_paused
    move(permit, "heard", by=TESTS, at=NOON + 9 * DAY)
    running = running_limit(permit, began_at=NOON)
    assert running
    assert (running.since, running.pauses) == (NOON, ((NOON + 2 * DAY, NOON + 9 * DAY),))
    assert not running.is_paused


def test_what_has_ended_has_none() -> None:
    permit = deciding()
    move(permit, "grant", by=TESTS, at=NOON + 2 * DAY)
    assert running_limit(permit, began_at=NOON) is None
