"""Branches side by side: the last to end goes the join, exactly once, and nobody sees an error."""

import pytest
from tests import factories as make
from tests.at_once import at_once
from tests.factories import NOON, TESTS
from tests.workflow.permits import Permit, PermitMove, PermitTask, examining, filed

from banshi.core.errors import BadInput, Conflict, Refused
from banshi.workflow.actions import finish_branch, move

pytestmark = pytest.mark.usefixtures("permits")


def tasks(permit: Permit, **of: str) -> list[PermitTask]:
    return list(PermitTask.objects.filter(subject=permit, **of).order_by("id"))


def eight() -> list[PermitTask]:
    return [PermitTask(code=f"organ-{n}", label=f"单位{n}审查", organ=make.organ()) for n in range(8)]


class TestBranches:
    def test_the_move_into_their_state_opens_those_of_the_definition(self) -> None:
        assert [each.label for each in tasks(examining())] == ["消防审查", "食品审查", "场地审查"]

    def test_or_those_that_are_named_then(self) -> None:
        permit, organ = filed(), make.organ()
        move(permit, "accept", branches=[PermitTask(code="a", label="甲审查", organ=organ)], by=TESTS, at=NOON)
        [task] = tasks(permit)
        assert (task.label, task.organ, task.round, task.opened_at) == ("甲审查", organ, 1, NOON)

    def test_the_whole_waits_for_the_last(self) -> None:
        permit = examining()
        first, second, third = tasks(permit)
        assert not finish_branch(second, by=TESTS, at=NOON)
        assert not finish_branch(first, by=TESTS, at=NOON)
        permit.refresh_from_db()
        assert permit.state == "examining"
        assert finish_branch(third, note="合格", by=TESTS, at=NOON)
        permit.refresh_from_db()
        assert permit.state == "deciding"
        joined = permit.moves.get(name="examined")
        assert (joined.source, joined.to, joined.note) == ("examining", "deciding", "并联审查各支都已办完")

    def test_each_is_ended_by_its_own_organ(self) -> None:
        permit = filed()
        move(permit, "accept", branches=eight(), by=TESTS, at=NOON)
        mine, other = tasks(permit)[:2]
        reviewer = make.user("reviewer", mine.organ)
        other.organ.division = make.division("990103", "邻县")
        other.organ.save()
        finish_branch(mine, by=reviewer, at=NOON)
        with pytest.raises(Refused, match="审核意见"):
            finish_branch(other, by=reviewer, at=NOON)
        assert PermitTask.objects.get(pk=mine.pk).actor_name == reviewer.ledger_name

    def test_ended_twice_the_second_is_told(self) -> None:
        task = tasks(examining())[0]
        finish_branch(task, by=TESTS, at=NOON)
        with pytest.raises(Conflict, match="“消防审查”已经办结"):
            finish_branch(task, by=TESTS, at=NOON)

    def test_when_the_whole_leaves_before_they_are_dropped(self) -> None:
        permit = examining()
        done, *rest = tasks(permit)
        finish_branch(done, by=TESTS, at=NOON)
        move(permit, "withdraw", by=TESTS, at=NOON)
        assert [each.ending for each in tasks(permit)] == ["done", "dropped", "dropped"]
        with pytest.raises(Conflict, match="不再需要"):
            finish_branch(rest[0], by=TESTS, at=NOON)

    def test_a_second_round_counts_only_its_own(self) -> None:
        permit = examining()
        for task in tasks(permit):
            finish_branch(task, by=TESTS, at=NOON)
        permit.refresh_from_db()
        move(permit, "examine_again", by=TESTS, at=NOON)
        again = tasks(permit, ending="")
        assert [each.round for each in again] == [2, 2, 2]
        assert [finish_branch(each, by=TESTS, at=NOON) for each in again] == [False, False, True]

    def test_the_same_branch_twice_is_refused(self) -> None:
        twice = [PermitTask(code="a", label="甲"), PermitTask(code="a", label="乙")]
        with pytest.raises(BadInput, match="写了两次"):
            move(filed(), "accept", branches=twice, by=TESTS, at=NOON)


def joined_once(times: int) -> None:
    """Eight organs end their branches of one permit at the same moment, again and again."""
    for _ in range(times):
        permit = filed()
        move(permit, "accept", branches=eight(), by=TESTS, at=NOON)
        theirs = tasks(permit)
        last = at_once(lambda n, theirs=theirs: finish_branch(theirs[n], by=TESTS, at=NOON))  # type: ignore[misc]
        assert sorted(last) == [False] * 7 + [True]
        permit.refresh_from_db()
        assert permit.state == "deciding"
        assert PermitMove.objects.filter(subject=permit, name="examined").count() == 1


def test_eight_at_once_join_exactly_once_and_nobody_sees_an_error() -> None:
    joined_once(50)


@pytest.mark.nightly
def test_eight_at_once_join_exactly_once_two_hundred_times() -> None:
    joined_once(200)


def test_while_one_withdraws_the_whole_the_last_branch_joins_or_is_told() -> None:
    for _ in range(20):
        permit = filed()
        move(permit, "accept", branches=eight()[:1], by=TESTS, at=NOON)
        [task] = tasks(permit)

        def act(n: int, task: PermitTask = task, permit: Permit = permit) -> object:
            return finish_branch(task, by=TESTS, at=NOON) if n else move(permit, "withdraw", by=TESTS, at=NOON)

        _, ended = at_once(act, people=2)
        assert ended is True or isinstance(ended, Conflict)
        permit.refresh_from_db()
        assert permit.state == "withdrawn"
        assert permit.moves.filter(name="examined").count() == (ended is True)
