"""From application to result, as the people on both sides go it."""

import pytest

from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions import accept, decide, deliver, finish_task, submit
from banshi.cases.clocks import due_on
from banshi.cases.models import Case, CaseAct
from banshi.cases.queries import by_number_and_code, cases_of, code_of, desk, story
from banshi.catalog.enums import StepKind
from banshi.catalog.guide.document import Step
from banshi.core.errors import Conflict
from banshi.events.models import Event
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from tests import factories as make
from tests.cases.hall import a_guide, accepted, examined, filled, fresh, hall, moment, open_tasks, submitted

pytestmark = pytest.mark.django_db
MONDAY = moment("03-02")


def test_a_case_from_application_to_result() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    assert (case.state, case.number) == ("received", f"2026-{of.bureau.pk}-000001")
    assert [each.kind for each in open_tasks(case)] == [StepKind.ACCEPT]
    case = accept(case, by=of.window, at=moment("03-03"))
    assert due_on(case, calendar=calendar_in_force()).isoformat() == "2026-03-31"
    [examine] = open_tasks(case)
    assert finish_task(examine, words="符合条件", by=of.handler, at=moment("03-05"))
    outcome = decide(case, granted=True, by=of.head, at=moment("03-06"))
    assert outcome.granted
    case = deliver(case, way="window", by=of.window, at=moment("03-09"))
    assert (case.state, case.due_rank, open_tasks(case)) == ("delivered", None, [])
    assert [each.kind for each in case.acts.all()] == ["receive", "accept", "grant", "deliver"]
    assert LedgerEntry.objects.filter(action="cases.grant").count() == 1
    assert Event.objects.filter(kind="cases.acted", subject_id=case.pk).count() == 4
    assert Notification.objects.filter(user=of.citizen, kind="cases.progress").count() == 4


def test_a_guide_without_steps_gets_the_four_of_the_law() -> None:
    of = hall(steps=[])
    case = accepted(of, MONDAY)
    assert [each.kind for each in story(case, at=MONDAY).plan] == ["accept", "examine", "decide", "deliver"]


def test_branches_run_side_by_side_and_the_last_opens_the_next() -> None:
    fire = make.organ("示例县消防救援局")
    health = make.organ("示例县卫生健康局", short_name="卫健局")
    steps = [
        Step(name="受理", kind=StepKind.ACCEPT),
        Step(name="消防审查", kind=StepKind.EXAMINE, actor="示例县消防救援局", group="联合审查"),
        Step(name="卫生审查", kind=StepKind.EXAMINE, actor="卫健局", group="联合审查"),
        Step(name="决定", kind=StepKind.DECIDE),
    ]
    of = hall(a_guide(steps=steps))
    case = accepted(of, MONDAY)
    assert case.joint
    first, second = open_tasks(case)
    assert [first.organ, second.organ] == [fire, health]
    assert not finish_task(second, by=make.user("handler", health), at=MONDAY)
    assert [each.kind for each in open_tasks(case)] == [StepKind.EXAMINE]
    with pytest.raises(Conflict, match="还有环节没有办完"):
        decide(case, granted=True, by=of.head, at=MONDAY)
    assert finish_task(first, by=make.user("handler", fire), at=MONDAY)
    [task] = open_tasks(case)
    assert (task.kind, task.organ) == (StepKind.DECIDE, of.bureau)


def test_submitted_twice_it_is_one_case() -> None:
    of = hall()
    application = filled(of, MONDAY)
    first = submit(application, key=application.key, by=of.citizen, at=MONDAY)
    assert submit(application, key=application.key, by=of.citizen, at=MONDAY) == first
    again = filled(of, MONDAY)
    assert submit(again, key=application.key, by=of.citizen, at=MONDAY) == first
    assert Case.objects.count() == CaseAct.objects.count() == 1


def test_a_key_that_somebody_else_has_sent_harms_neither() -> None:
    of = hall()
    first = submit(one := filled(of, MONDAY), key=one.key, by=of.citizen, at=MONDAY)
    of.citizen = make.user()
    other = filled(of, MONDAY)
    second = submit(other, key=one.key, by=of.citizen, at=MONDAY)
    assert second != first and second.applicant == of.citizen


def test_one_looks_by_number_and_code() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    assert by_number_and_code(case.number, code_of(case).lower()) == case
    assert by_number_and_code(case.number, "23456789") is None
    assert list(cases_of(of.citizen)) == [case]
    assert not cases_of(make.user())


def test_a_desk_shows_what_one_may_do_next() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    assert [each.case for each in desk(of.window, "unit", at=MONDAY)] == [case]
    case = accept(case, by=of.window, at=MONDAY)
    assert not desk(of.window, "unit", at=MONDAY)
    assert [each.case for each in desk(of.handler, "unit", at=MONDAY)] == [case]
    assert not desk(make.user("handler", make.organ()), "unit", at=MONDAY)
    case = examined(of, case, MONDAY)
    assert [each.kind for each in desk(of.head, "unit", at=MONDAY)] == [StepKind.DECIDE]


def test_the_publication_changes_during_a_case_and_changes_nothing_in_it() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    make.publication(of.item, a_guide(days=1, steps=[Step(name="即办", kind=StepKind.OTHER)]), at=moment("03-04"))
    assert fresh(case).publication == of.publication
    case = examined(of, case, moment("03-05"))
    assert decide(case, granted=True, by=of.head, at=moment("03-06")).granted
