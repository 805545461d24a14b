"""Desks put the most pressing first whatever a limit is counted in, and two signatures are of two people."""

from datetime import date
from typing import Any

import pytest

from banshi.calendar.actions import set_calendar_days
from banshi.cases.actions import (
    Wanted,
    accept,
    attach_material,
    claim,
    close_stop,
    decide,
    extend,
    finish_task,
    open_stop,
    refuse_to_accept,
    request_supplement,
    resume,
    return_to_step,
    supply,
    suspend,
)
from banshi.cases.queries import desk, desk_counts, with_pressing
from banshi.catalog.enums import StepKind, TimeUnit
from banshi.catalog.guide.document import Step, TimeLimit
from banshi.core.errors import Conflict, Refused
from banshi.people.actions import delegate, end_delegation
from tests import factories as make
from tests.cases.hall import Hall, a_guide, accepted, fresh, hall, moment, open_tasks, submitted

pytestmark = pytest.mark.django_db
MONDAY = moment("03-02")


def test_natural_and_working_days_stand_in_the_order_of_their_last_day() -> None:
    of = hall(days=10)

    def case_of(days: int, unit: TimeUnit) -> str:
        item = make.item(of.bureau, a_guide(f"事项{days}{unit}", promised_limit=TimeLimit(value=days, unit=unit)))
        of.publication = make.publication(item, at=MONDAY)
        return accept(submitted(of, MONDAY), by=of.window, at=MONDAY).number

    working, natural, late = case_of(10, TimeUnit.WORKING_DAY), case_of(7, TimeUnit.DAY), case_of(1, TimeUnit.MONTH)
    twenty = case_of(20, TimeUnit.DAY)

    def shown() -> list[str]:
        rows: Any = with_pressing(desk(of.handler, "unit", at=MONDAY))
        return [each.case.number for each in rows.order_by("pressing", "id")]

    assert shown() == [natural, working, twenty, late]
    rest = [date(2026, 3, day) for day in range(4, 14)]
    set_calendar_days(rest, working=False, name="停工", by=make.TESTS, at=MONDAY)
    assert shown() == [natural, twenty, working, late], "ten working days end on the 26th now, twenty days on the 23rd"


def test_open_steps_keep_where_their_case_stands_through_every_act() -> None:
    of = hall()
    case = submitted(of, MONDAY)

    def kept(now: str, tab: str) -> None:
        one = fresh(case)
        for each in open_tasks(one):
            assert (each.case_state, each.case_due_rank, each.case_due_day) == (one.state, one.due_rank, one.due_day)
        assert one.state == now
        others = {
            name: count for name, count in desk_counts(of.head, at=MONDAY).items() if name not in ("today", "overdue")
        }
        assert others == {"mine": 0, "unit": 0, "elsewhere": 0, "stopped": 0, "supplementing": 0, tab: 1}

    kept("received", "unit")
    request_supplement(case, wanted=[Wanted("不清楚", 0)], by=of.window, at=MONDAY)
    kept("supplementing", "supplementing")
    attach_material(case.application, 0, None, source="测试", by=of.citizen, at=MONDAY)
    supply(case, by=of.citizen, at=MONDAY)
    kept("received", "unit")
    accept(case, by=of.window, at=MONDAY)
    kept("handling", "unit")
    stop = open_stop(case, procedure="听证", expected_days=5, by=of.handler, at=MONDAY)
    kept("stopped", "stopped")
    close_stop(stop, by=of.handler, at=MONDAY)
    kept("handling", "unit")
    suspend(case, reason="等待法院判决", basis="《工伤保险条例》第二十条第三款", by=of.head, at=MONDAY)
    kept("suspended", "stopped")
    resume(case, by=of.head, at=MONDAY)
    extend(case, reason="案情复杂", by=of.head, at=MONDAY)
    kept("handling", "unit")


def test_whoever_has_a_step_in_hand_is_not_overtaken() -> None:
    of = hall()
    colleague, other_head = make.user("window", of.bureau), make.user("head", of.bureau)
    case = submitted(of, MONDAY)
    claim(open_tasks(case)[0], by=colleague, at=MONDAY)
    for overtaking in (
        lambda: accept(case, by=of.window, at=MONDAY),
        lambda: request_supplement(case, wanted=[Wanted("不清楚", 0)], by=of.window, at=MONDAY),
        lambda: refuse_to_accept(case, ground="not_needed", reason="不符合条件", by=of.window, at=MONDAY),
    ):
        with pytest.raises(Conflict, match="正由"):
            overtaking()
    accept(case, by=colleague, at=MONDAY)
    finish_task(open_tasks(case)[0], by=of.handler, at=MONDAY)
    claim(open_tasks(case)[0], by=other_head, at=MONDAY)
    with pytest.raises(Conflict, match="正由"):
        decide(case, granted=True, by=of.head, at=MONDAY)
    assert decide(case, granted=True, by=other_head, at=MONDAY).granted


class TestSecondSignature:
    def two_signatures(self) -> Hall:
        return hall(
            steps=[
                Step(name="受理", kind=StepKind.ACCEPT),
                Step(name="审批", kind=StepKind.DECIDE),
                Step(name="签发", kind=StepKind.DECIDE),
                Step(name="送达", kind=StepKind.DELIVER),
            ]
        )

    def test_whoever_signed_first_does_not_sign_again(self) -> None:
        of = self.two_signatures()
        case = accepted(of, MONDAY)
        [first] = open_tasks(case)
        finish_task(first, by=of.head, at=MONDAY)
        for granted in (True, False):
            with pytest.raises(Refused, match="“审批”是您签的，“签发”不能再由您签"):
                decide(case, granted=granted, words="不符合条件", by=of.head, at=MONDAY)
        assert fresh(case).state == "handling"
        other = make.user("head", of.bureau, full_name="吴负责")
        assert decide(case, granted=True, by=other, at=MONDAY).granted

    def test_whoever_stands_in_for_the_first_signer_does_not_sign_second(self) -> None:
        of = self.two_signatures()
        case, deputy = accepted(of, MONDAY), make.user(full_name="代行")
        post, day = of.head.posts.get(), MONDAY.date()
        ended = delegate(post, to=deputy, since=day, until=day, reason="出差", by=of.head, at=MONDAY)
        finish_task(open_tasks(case)[0], by=of.head, at=MONDAY)
        with pytest.raises(Refused, match="代行"):
            decide(case, granted=True, by=deputy, at=MONDAY)
        own = make.user("head", of.bureau)
        delegate(post, to=own, since=day, until=day, reason="出差", by=of.head, at=MONDAY)
        assert decide(case, granted=True, by=own, at=MONDAY).granted  # in a post of their own
        second = accepted(of, MONDAY)
        finish_task(open_tasks(second)[0], by=deputy, at=MONDAY)
        end_delegation(ended, by=of.head, at=moment("03-02", 12))
        with pytest.raises(Refused, match="代行"):
            decide(second, granted=True, by=of.head, at=moment("03-02", 13))

    def test_a_first_signature_that_was_returned_does_not_count(self) -> None:
        of = self.two_signatures()
        case = accepted(of, MONDAY)
        finish_task(open_tasks(case)[0], by=of.head, at=MONDAY)
        other = make.user("head", of.bureau, full_name="吴负责")
        return_to_step(case, stage=1, words="重新审批", by=other, at=MONDAY)
        finish_task(open_tasks(case)[0], by=other, at=MONDAY)
        with pytest.raises(Refused):
            decide(case, granted=True, by=other, at=MONDAY)
        assert decide(case, granted=True, by=of.head, at=MONDAY).granted
