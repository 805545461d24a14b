"""Every rule of data/monitoring/rules.toml finds what it is written for, and nothing beside it."""

from typing import Any

import pytest

from banshi.calendar.queries import calendar_in_force
from banshi.cases.enums import ActKind
from banshi.cases.models import CaseAct, Promise
from banshi.core.clock import day_of
from banshi.core.ids import new_guid
from banshi.events.models import Event
from banshi.exchange.models import CallRecord
from banshi.fees.models import FeeOrder
from banshi.supervision.examining import apply
from banshi.supervision.models import Irregularity
from banshi.supervision.rules import monitoring_rules
from banshi.supervision.warning import warn
from tests.cases.hall import Hall, accepted, granted, hall, moment, stopped, submitted
from tests.supervision.test_drawing import promise_drawn

pytestmark = pytest.mark.django_db
NOON = moment("11-05", 12)


def told(of: Hall, number: int, kind: str, subject: int, data: dict[str, Any], what: str = "cases.Case") -> Event:
    return Event.objects.create(
        number=900_000 + number, act=new_guid(), kind=kind, at=NOON, actor="user:1", actor_kind="user",
        subject_type=what, subject_id=subject, organ=of.bureau, item=of.item, data=data,
    )  # fmt: skip


def found() -> set[tuple[str, str]]:
    return set(Irregularity.objects.values_list("rule", "level"))


def test_rules_over_events() -> None:
    of, number = hall(), 0
    expected, beside = set(), []
    for place, (code, rule) in enumerate(each for each in monitoring_rules().items() if each[1].event):
        data = {name: wanted[0] if isinstance(wanted, list) else wanted for name, wanted in rule.where.items()}
        met = []
        for _ in range(max(rule.yellow, rule.red)):
            number += 1
            met.append(told(of, number, rule.event, 100 + place, data))
        number += 1
        beside.append(told(of, number, rule.event, 500 + place, dict.fromkeys(data, "别的")) if data else met[0])
        apply(met[:-1])
        before = found()
        apply(met[::-1])
        level = "red" if rule.red else "yellow"
        assert (code, level) in found() and (code, level) not in before, code
        expected.add(code)
    assert {rule for rule, _ in found()} == expected and len(expected) > 15
    Irregularity.objects.all().delete()
    apply([each for each in beside if each.subject_id >= 500])
    assert not found()


def test_rules_over_clocks() -> None:
    of = hall()
    submitted(of, moment("11-02"))
    accepted(of, moment("11-02"))
    granted(of, moment("11-03"))
    stopped(of, moment("11-02"))
    promise = promise_drawn(of)
    rank = calendar_in_force().rank_of(day_of(NOON))
    Promise.objects.filter(pk=promise.pk).update(last_rank=rank)
    warn(at=moment("11-02", 10))
    early = {rule for rule, level in found() if level == "red"}
    assert not early
    warn(at=moment("12-20"))
    clocks = {code for code, rule in monitoring_rules().items() if rule.clock}
    clocks -= {"order-unanswered", "fault-not-righted"}  # in test_orders and test_drawing
    assert {rule for rule, level in found() if level == "red"} == clocks
    assert Irregularity.objects.get(rule="commitment-unchecked", level="red").due_rank == rank


def test_checks_that_need_more_than_an_event() -> None:
    of = hall()
    stop, case = stopped(of, moment("11-02")), submitted(of, moment("11-03"))
    act = CaseAct.objects.get(case=stop.case, kind=ActKind.OPEN_STOP)
    charges = [
        FeeOrder.objects.create(
            case=each, number=f"F{each.pk}", lines=[{"name": "工本费", "basis": basis}], total=10,
            pay_by=day_of(NOON), charged_at=NOON,
        )
        for each, basis in ((case, "  "), (stop.case, "《示例办法》第一条"))
    ]  # fmt: skip
    looks = [
        CallRecord.objects.create(
            number=number, at=NOON, organ=of.bureau, clerk="user:1", clerk_name="某", purpose=purpose,
            purpose_number="", kind="verify", outcome=outcome, digest="0" * 64,
        )
        for number, (purpose, outcome) in enumerate(
            (
                (f"cases.Case:{case.pk}", "ok"), ("cases.Case:999999", "ok"), ("people.User:1", "refused"),
                ("external:1/甲-1", "ok"),
            ), 1
        )
    ]  # fmt: skip
    events = [told(of, 10 + place, "fees.charged", each.pk, {}, "fees.FeeOrder") for place, each in enumerate(charges)]
    events += [
        told(of, 20 + each.number, "exchange.called", 1, {"call": each.number, "outcome": "ok"}, "exchange.Grant")
        for each in looks
    ]
    events.append(told(of, 30, "cases.acted", stop.case_id, {"act": "open_stop"}))
    events[-1].at = act.at
    apply(events)
    assert found() == {("charged-without-basis", "red"), ("looked-without-case", "red")}
    assert Irregularity.objects.get(rule="looked-without-case").mark == "900022"
    assert Irregularity.objects.get(rule="charged-without-basis").case == case
    CaseAct.objects.filter(pk=act.pk).update(paper=None)
    apply(events)
    assert ("procedure-without-paper", "red") in found()


def test_a_decision_after_its_day_is_found_where_no_morning_warned_of_it() -> None:
    of = hall()
    unseen, seen = submitted(of, moment("11-02")), submitted(of, moment("11-02"))
    Irregularity.objects.create(
        rule="case-overdue", level="red", subject=f"cases.Case:{seen.pk}", mark="red:1", case=seen, organ=of.bureau,
        happened_at=NOON, found_at=NOON,
    )  # fmt: skip
    acts = [(unseen, "grant", -1), (unseen, "deliver", -1), (seen, "grant", -2), (submitted(of, NOON), "deny", 0)]
    events = [
        told(of, place, "cases.acted", case.pk, {"act": act, "left": left})
        for place, (case, act, left) in enumerate(acts)
    ]
    for _ in range(2):
        apply(events)
        assert Irregularity.objects.get(rule="decided-late").case == unseen


def test_the_grounds_that_are_printed_on_letters_name_no_file_of_the_software() -> None:
    grounds = {rule.basis_at(level) for rule in monitoring_rules().values() for level in ("yellow", "red")}
    assert not [each for each in grounds if ".toml" in each or "data/" in each]
