"""State × move × role, from the data files: a move of a case is refused to whoever does not hold its permission there."""

import pytest
from django.db import transaction

from banshi.access import Permission, roles
from banshi.cases.models import Case
from banshi.cases.queries import OPEN, STOPPED
from banshi.core.errors import Refused
from banshi.people.models import User
from banshi.workflow.actions import move
from banshi.workflow.definition import workflow
from tests import factories as make
from tests.cases.hall import Hall, accepted, fresh, hall, moment
from tests.factories import NOON
from tests.work import daily

pytestmark = pytest.mark.django_db
FLOW = workflow("case")


def test_open_and_stopped_states_are_those_of_the_definition() -> None:
    assert set(FLOW.open_states) == set(OPEN)
    assert {code for code, each in FLOW.states.items() if each.pause} == set(STOPPED)


def gone(of: Hall, case: Case, name: str, source: str, by: User) -> str:
    """The state after somebody tried the move, or ""; afterwards all is as it was."""
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state=source)
        try:
            with transaction.atomic():
                move(fresh(case), name, by=by, at=NOON)
            return fresh(case).state
        except Refused as refused:
            assert refused.remedy
            return ""
        finally:
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", daily([each.name for each in FLOW.moves], 3))
def test_who_holds_the_permission_over_it_goes_it_and_nobody_else(name: str) -> None:
    of = hall()
    case, step = accepted(of, moment("03-02")), FLOW.move_named(name)
    permission = Permission(step.permission)
    elsewhere = make.organ(division=make.division("990103", "邻县"))
    for role, described in roles().items():
        held = permission in described.permissions
        for source in step.sources:
            assert gone(of, case, name, source, make.user(role, of.bureau)) == (step.to if held else ""), (role, source)
        assert gone(of, case, name, step.sources[0], make.user(role, elsewhere)) == "", role
    own = permission is Permission.CASE_APPLY
    assert gone(of, case, name, step.sources[0], of.citizen) == (step.to if own else "")
    assert gone(of, case, name, step.sources[0], make.user()) == ""
