"""Several people at the same moment: joins, numbers, claims, one submission pressed many times."""

from contextlib import suppress

import pytest
from django.db import transaction

from banshi.cases.actions import accept_overdue, claim, finish_task, submit
from banshi.cases.actions.applying import next_serial
from banshi.cases.models import Case, CaseTask
from banshi.catalog.enums import StepKind
from banshi.core.errors import BanshiError, Conflict
from banshi.events.models import Event
from banshi.ledger import System
from banshi.papers.models import Paper
from tests import factories as make
from tests.at_once import at_once
from tests.cases.hall import accepted, filled, fresh, hall, moment, open_tasks, submitted
from tests.cases.test_scenarios import joint_hall

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MONDAY = moment("03-02")


def joined(rounds: int) -> None:
    """F7: eight organs finish together; the next step opens once, nobody is told of an error, each has its own time."""
    of = joint_hall(8)
    handlers = [make.user("handler", each) for each in of.others]
    for _ in range(rounds):
        case = accepted(of, MONDAY)
        tasks = open_tasks(case)
        moments = [moment("03-03", 9, number) for number in range(8)]
        got = at_once(lambda n, t=tasks, m=moments: finish_task(t[n], by=handlers[n], at=m[n]))  # type: ignore[misc]
        assert sorted(got) == [False] * 7 + [True]
        [deciding] = open_tasks(case)
        assert (deciding.kind, fresh(case).stage) == (StepKind.DECIDE, 2)
        ended = {each.organ_id: each.ended_at for each in CaseTask.objects.filter(case=case, stage=1)}
        assert ended == {each.pk: when for each, when in zip(of.others, moments, strict=True)}


def test_eight_organs_finish_at_once_and_the_next_step_opens_once() -> None:
    joined(5)


@pytest.mark.nightly
def test_and_so_it_is_200_times() -> None:
    joined(200)


def numbered(each: int) -> None:
    """32 writers hand in `each` applications; no number is left out or given twice."""
    of = hall()
    drafts = [[filled(of, MONDAY) for _ in range(each)] for _ in range(32)]

    def send(writer: int) -> list[int]:
        return [submit(one, key=one.key, by=of.citizen, at=MONDAY).serial for one in drafts[writer]]

    serials = [serial for some in at_once(send, people=32) for serial in some]
    assert sorted(serials) == list(range(1, 32 * each + 1))
    assert Case.objects.values("number").distinct().count() == 32 * each


def test_32_writers_take_no_number_twice() -> None:
    numbered(2)


@pytest.mark.nightly
def test_and_so_it_is_with_thirty_each() -> None:
    numbered(30)


class Undone(Exception):
    """The act failed after its number was taken."""


@pytest.mark.nightly
def test_32_writers_take_a_thousand_numbers_each_and_those_of_acts_undone_are_given_again() -> None:
    organ = hall().bureau

    def take(writer: int) -> list[int]:
        mine = []
        for turn in range(1000):
            with transaction.atomic():
                mine.append(next_serial(organ, 2026))
            if turn % 10 == writer % 10:
                with suppress(Undone), transaction.atomic():
                    next_serial(organ, 2026)
                    raise Undone
        return mine

    serials = [serial for some in at_once(take, people=32) for serial in some]
    assert sorted(serials) == list(range(1, 32_001))


def test_pressed_fifty_times_it_is_one_case_and_one_receipt() -> None:
    """F9."""
    of = hall()
    draft = filled(of, MONDAY)
    got = at_once(lambda _: submit(draft, key=draft.key, by=of.citizen, at=MONDAY).number, people=50)
    assert set(got) == {Case.objects.get().number}
    assert Paper.objects.filter(kind="receipt").count() == 1
    assert Event.objects.filter(kind="cases.acted").count() == 1


def test_two_officials_take_one_task_and_the_second_is_told_who_has_it() -> None:
    of = hall()
    [task] = open_tasks(accepted(of, MONDAY))
    people = [make.user("handler", of.bureau, full_name=f"甲{n}") for n in range(2)]
    got = at_once(lambda n: claim(task, by=people[n], at=MONDAY).assignee, people=2)
    [refused] = [each for each in got if isinstance(each, BanshiError)]
    [has_it] = [each for each in got if not isinstance(each, BanshiError)]
    assert isinstance(refused, Conflict)
    assert f"正由{has_it}办理" in refused.message


def test_clocks_that_run_at_once_accept_once() -> None:
    of = hall()
    cases = [submitted(of, moment("09-18")) for _ in range(3)]
    done = at_once(lambda _: accept_overdue(by=System("clocks"), at=moment("09-25", 0, 5)), people=4)
    assert sum(done) == 3
    assert all(each.acts.filter(kind="accept_silently").count() == 1 for each in cases)
