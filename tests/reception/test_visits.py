"""Visits at home: ordered where the guide offers them, put in a route, done once."""

from typing import Any

import pytest

from banshi.core.errors import BadInput, Conflict, Refused
from banshi.reception.actions import cancel_visit, finish_visit, order_visit, plan_route
from banshi.reception.models import HomeVisit
from banshi.reception.queries import visits_on
from tests import factories as make
from tests.cases.hall import Hall, a_guide, hall, moment
from tests.reception.counter import begun, person_before

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = moment("03-02"), moment("03-03")


def ordered(of: Hall, **more: Any) -> HomeVisit:
    person = more.pop("person", None) or person_before(of.window, MONDAY)
    given = {"address": "示例镇一组3号", "phone": "13800000000", "on": TUESDAY.date(), "half": "morning", **more}
    return order_visit(of.item, person=person, **given, by=of.window, at=MONDAY)


def test_a_visit_is_ordered_routed_and_done() -> None:
    of = hall(a_guide(at_home=True))
    first, second = ordered(of), ordered(of, person=make.user())
    assert list(visits_on(of.window, TUESDAY.date(), at=MONDAY)) == [first, second]
    plan_route([second, first], by=of.window, at=MONDAY)
    assert list(visits_on(of.window, TUESDAY.date(), at=MONDAY)) == [second, first]
    afternoon = ordered(of, half="afternoon")
    assert list(visits_on(of.window, TUESDAY.date(), at=MONDAY)) == [second, first, afternoon]
    cancel_visit(afternoon, by=of.window, at=MONDAY)
    reception = begun(of, TUESDAY, visit=first)
    first.refresh_from_db()
    assert first.reception == reception and first.visitor == of.window
    assert finish_visit(first, by=of.window, at=TUESDAY).state == "done"
    assert finish_visit(first, by=of.window, at=TUESDAY).state == "done"
    with pytest.raises(Conflict, match="已上门"):
        cancel_visit(first, by=of.window, at=TUESDAY)


def test_what_is_not_offered_at_home_is_not_ordered() -> None:
    with pytest.raises(Conflict, match="没有写上门办理"):
        ordered(hall())


def test_what_is_wrong_is_told_field_by_field() -> None:
    of = hall(a_guide(at_home=True))
    with pytest.raises(BadInput) as told:
        ordered(of, address=" ", phone="1", on=moment("03-07").date(), half="night")
    assert [each.field for each in told.value.problems] == ["address", "phone", "on", "half"]


def test_a_stranger_sees_and_does_none() -> None:
    of = hall(a_guide(at_home=True))
    visit = ordered(of)
    stranger = make.user("window", make.organ(division=make.division("990203", "远方县")))
    assert not visits_on(stranger, TUESDAY.date(), at=MONDAY)
    with pytest.raises(Refused):
        finish_visit(visit, by=stranger, at=TUESDAY)


def test_one_half_day_is_ordered_once_for_one_matter() -> None:
    of = hall(a_guide(at_home=True))
    ordered(of)
    with pytest.raises(Conflict, match="已经约了这半天"):
        ordered(of)
    ordered(of, half="afternoon")
