"""The last day of a supplement or of a promised paper: told before it comes and once it is over, once each."""

from datetime import date

import pytest

from banshi.cases.actions import (
    Wanted,
    accept,
    agree_to_deferral,
    attach_material,
    deem_withdrawn,
    offer_deferral,
    refuse_to_accept,
    request_supplement,
    supply,
    tell_last_days,
    terminate,
)
from banshi.cases.models import Case
from banshi.cases.tasks import mind_last_days
from banshi.catalog.enums import ItemKind
from banshi.catalog.guide.document import Material
from banshi.core.errors import BadInput, Conflict
from banshi.ledger import System
from banshi.notifications.models import Notification
from tests.cases.hall import Hall, accepted, fresh, hall, later, moment, submitted

pytestmark = pytest.mark.django_db
MONDAY = moment("03-02")
CLOCK = System("clocks")


def told(case: Case) -> list[str]:
    found = Notification.objects.filter(kind="cases.last_day", key=str(case.pk)).order_by("pk")
    assert {each.user_id for each in found} <= {case.applicant_id}
    return [f"{each.subject} {each.body}" for each in found]


def test_who_has_to_supplement_is_reminded_and_told_when_it_is_over_once_each() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    request_supplement(case, wanted=[Wanted("看不清", 0)], by=of.window, at=MONDAY)  # until 3月23日, a Monday
    for day in ("03-03", "03-17"):
        assert tell_last_days(by=CLOCK, at=moment(day)) == 0
    for day in ("03-18", "03-18", "03-19", "03-23"):
        tell_last_days(by=CLOCK, at=moment(day))
    [soon] = told(case)
    assert (
        "补正快到期了：取水许可" in soon
        and "最后一天是2026年3月23日；到期没有补正的，承办单位可以终止办理或者不予受理" in soon
    )
    for day in ("03-24", "03-24", "03-25", "05-06"):
        mind_last_days.func(moment(day).isoformat())
    _, over = told(case)
    assert "补正过期了" in over and "可以终止办理" in over and "现在补齐仍然收" in over
    assert fresh(case).state == "supplementing"  # nothing ends by itself


def test_a_worker_that_was_away_tells_only_what_is_still_true() -> None:
    of = hall()
    case, other = submitted(of, MONDAY), submitted(of, MONDAY)
    for each in (case, other):
        request_supplement(each, wanted=[Wanted("看不清", 0)], by=of.window, at=MONDAY)
    attach_material(other.application, 0, None, source="测试", by=of.citizen, at=moment("03-20"))
    supply(other, by=of.citizen, at=moment("03-20"))
    assert tell_last_days(by=CLOCK, at=moment("04-10")) == 1
    assert [each.split()[0] for each in told(case)] == ["补正过期了：取水许可"]
    assert told(other) == []


def test_a_paper_promised_for_later_is_reminded_of_once() -> None:
    of = hall(materials=[Material(name="申请书"), later("平面图")])
    case = submitted(of, MONDAY, positions=[0])
    offer_deferral(case, positions=[1], until=date(2026, 3, 16), by=of.window, at=MONDAY)
    agree_to_deferral(case, by=of.citizen, at=MONDAY)
    accept(case, by=of.window, at=MONDAY)
    assert [tell_last_days(by=CLOCK, at=moment(day)) for day in ("03-10", "03-11", "03-12", "03-17")] == [0, 1, 0, 0]
    [said] = told(case)
    assert "后补的“平面图”，最后一天是2026年3月16日，到期没有补交的，终止办理" in said.replace("承诺", "", 1)


def test_nobody_else_is_told() -> None:
    accepted(hall(), MONDAY)
    assert tell_last_days(by=CLOCK, at=moment("03-30")) == 0


class TestAfterTheLastDay:
    """行政许可法 does not say what follows when nothing came: the policy lists the acts, the notice tells them."""

    def asked(self, of: Hall) -> Case:
        case = submitted(of, MONDAY)
        return request_supplement(case, wanted=[Wanted("看不清", 0)], by=of.window, at=MONDAY)  # until 3月23日

    def refuse(self, case: Case, of: Hall, day: str) -> Case:
        return refuse_to_accept(case, ground="still_lacking", reason="没有补", by=of.window, at=moment(day))

    def test_a_licence_may_be_refused_once_it_is_over_and_the_notice_said_so(self) -> None:
        of = hall()
        case = self.asked(of)
        told = case.acts.get(kind="ask_supplement").paper.facts
        assert "本机关可以终止办理或者不予受理，法律、法规、规章另有规定的，可以视为撤回申请" in str(told)
        with pytest.raises(Conflict, match="可以补正到2026年3月23日，现在不能不予受理"):
            self.refuse(case, of, "03-23")
        assert self.refuse(case, of, "03-24").state == "refused"

    def test_a_service_is_not_refused_for_it(self) -> None:
        of = hall(kind=ItemKind.SERVICE)
        case = self.asked(of)
        with pytest.raises(Conflict, match="没有告知期满可以不予受理"):
            self.refuse(case, of, "03-24")
        assert terminate(case, reason="没有补", by=of.head, at=moment("03-24")).state == "terminated"

    def test_what_counts_as_withdrawn_needs_the_law_that_says_so(self) -> None:
        of = hall()
        case = self.asked(of)
        with pytest.raises(BadInput, match="明文规定"):
            deem_withdrawn(case, reason="没有补", basis="本局规定", by=of.head, at=moment("03-24"))
        with pytest.raises(Conflict, match="现在不能视为撤回"):
            deem_withdrawn(
                case, reason="没有补", basis="《取水许可和水资源费征收管理条例》第十三条", by=of.head, at=MONDAY
            )
        deem_withdrawn(
            case, reason="没有补", basis="《取水许可和水资源费征收管理条例》第十三条", by=of.head, at=moment("03-24")
        )
        assert fresh(case).state == "lapsed"
        assert case.acts.last().basis == "《取水许可和水资源费征收管理条例》第十三条"

    def test_only_what_the_notice_told_follows_whatever_the_policy_says_later(self) -> None:
        of = hall()
        case = self.asked(of)
        request = case.acts.get(kind="ask_supplement")
        request.facts.pop("lapses")  # as those of before
        request.save()
        with pytest.raises(Conflict, match="通知书没有告知"):
            self.refuse(case, of, "03-24")
