"""An organ with open cases is not closed before somebody has taken them over."""

import pytest
from django.test import Client

from banshi.cases.actions import finish_task, hand_over_cases, withdraw
from banshi.cases.ledger_proofs import differing_acts
from banshi.catalog.enums import StepKind
from banshi.catalog.guide.document import Step
from banshi.core.errors import Conflict
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from banshi.people.actions.organs import close_organ
from banshi.people.models import Post
from tests import factories as make
from tests.cases.hall import accepted, fresh, hall, moment, open_tasks, submitted

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


def test_applicants_are_told_who_goes_on_and_read_it_in_their_story() -> None:
    of = hall()
    case, ended = accepted(of, MONDAY), withdraw(submitted(of, MONDAY), by=of.citizen, at=MONDAY)
    heir = make.organ("示例县自然资源局")
    hand_over_cases(of.bureau, to=heir, reason="机构改革方案", by=make.TESTS, at=MONDAY)
    said = Notification.objects.filter(user=of.citizen).latest("pk")
    assert said.key == str(case.pk) and f"现在由{heir}接着办" in said.body and "不用重新申请" in said.body
    client = Client()
    client.force_login(of.citizen, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/my/cases/{case.pk}/").content.decode()
    assert "移交承办单位" in page and f"由{heir}接着办。编号、期限和已经办的都不变" in page and "机构改革方案" in page
    assert not ended.acts.filter(kind="transfer").exists()
    entries = list(LedgerEntry.objects.filter(action="cases.transfer"))
    assert entries and list(differing_acts(entries)) == []


def test_the_applicant_of_a_case_in_which_the_organ_had_only_a_step_is_told_too() -> None:
    steps = [
        Step(name="受理", kind=StepKind.ACCEPT),
        Step(name="审查", kind=StepKind.EXAMINE, actor="消防大队"),
        Step(name="决定", kind=StepKind.DECIDE),
    ]
    of = hall(steps=steps)
    fire = make.organ("示例县消防大队", short_name="消防大队")
    case = accepted(of, MONDAY)
    assert [each.organ for each in open_tasks(case)] == [fire]
    assert hand_over_cases(fire, to=make.organ("示例县应急局"), reason="机构改革方案", by=make.TESTS, at=MONDAY) == 0
    assert "示例县应急局接着办" in Notification.objects.filter(user=of.citizen).latest("pk").body


def test_a_step_with_another_organ_keeps_who_leads_through_every_hand_over() -> None:
    steps = [
        Step(name="受理", kind=StepKind.ACCEPT),
        Step(name="消防审查", kind=StepKind.EXAMINE, actor="消防大队", group="联合审查"),
        Step(name="审查", kind=StepKind.EXAMINE, group="联合审查"),
        Step(name="决定", kind=StepKind.DECIDE),
    ]
    of = hall(steps=steps)
    fire, heir = make.organ("示例县消防大队", short_name="消防大队"), make.organ("示例县自然资源局")
    case = accepted(of, MONDAY)

    def leads() -> list[object]:
        return [each.lead for each in open_tasks(case)]

    assert leads() == [of.bureau, None]
    hand_over_cases(of.bureau, to=heir, reason="机构改革方案", by=make.TESTS, at=MONDAY)
    assert leads() == [heir, None]
    hand_over_cases(fire, to=heir, reason="机构改革方案", by=make.TESTS, at=MONDAY)
    assert leads() == [None, None]
    assert {each.organ for each in open_tasks(case)} == {heir}
