"""An organ with open cases is not closed before somebody has taken them over."""

import pytest

from banshi.cases.actions import finish_task, hand_over_cases
from banshi.core.errors import Conflict
from banshi.people.actions.organs import close_organ
from banshi.people.models import Post
from tests import factories as make
from tests.cases.hall import accepted, fresh, hall, moment, open_tasks

pytestmark = pytest.mark.django_db
MONDAY = moment("03-02")


def test_it_hands_over_first() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    Post.objects.filter(organ=of.bureau).update(until=MONDAY.date())
    with pytest.raises(Conflict, match="还有1件办件没有办完"):
        close_organ(of.bureau, reason="机构改革", by=make.TESTS, at=MONDAY)
    heir = make.organ("示例县自然资源局")
    assert hand_over_cases(of.bureau, to=heir, reason="机构改革方案", by=make.TESTS, at=MONDAY) == 1
    assert not close_organ(of.bureau, reason="机构改革", by=make.TESTS, at=MONDAY).active
    case = fresh(case)
    assert case.organ == heir
    [task] = open_tasks(case)
    assert finish_task(task, by=make.user("handler", heir), at=MONDAY)
