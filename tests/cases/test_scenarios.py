"""The acceptance scenarios of handling, with their dates."""

from datetime import date
from typing import Any

import pytest

from banshi.calendar.actions import load_arrangement, read_arrangement
from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions import (
    Wanted,
    accept,
    accept_overdue,
    agree_to_deferral,
    attach_material,
    check_promise,
    close_stop,
    commit,
    decide,
    end_unsupplied,
    extend,
    offer_deferral,
    open_stop,
    renew_overdue,
    repair_credit,
    request_supplement,
    revoke_outcome,
    start_application,
    submit,
    supply,
    terminate,
)
from banshi.cases.clocks import day_in_words, due_on
from banshi.cases.models import Case, CaseClock, CaseTask, CreditEntry
from banshi.cases.queries import bad_credit_of
from banshi.cases.sealing import CONTENT, opened
from banshi.cases.tasks import run_clocks
from banshi.catalog.enums import StepKind, TimeUnit
from banshi.catalog.guide.document import Material, SpecialProcedure, Step, TimeLimit
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.events.models import Event
from banshi.events.sequencing import sequence
from banshi.ledger import System
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from banshi.papers.queries import papers_about
from banshi.supervision.examining import catch_up
from banshi.supervision.lights import light_of
from banshi.supervision.models import Irregularity
from tests import factories as make
from tests.cases.hall import (
    Hall,
    a_guide,
    accepted,
    examined,
    filled,
    fresh,
    granted,
    hall,
    later,
    moment,
    open_tasks,
    submitted,
)

pytestmark = pytest.mark.django_db
CLOCKS = System("clocks")


def due(of: Case | CaseClock | CaseTask) -> str:
    last = due_on(of, calendar=calendar_in_force())
    return last.isoformat() if last else ""


def joint_hall(organs: int, days: int = 45) -> Hall:
    others = [make.organ() for _ in range(organs)]
    steps = [
        Step(name=f"审查{n}", kind=StepKind.EXAMINE, actor=each.name, group="并联审查") for n, each in enumerate(others)
    ]
    of = hall(a_guide(days=days, steps=[Step(name="受理", kind=StepKind.ACCEPT), *steps]))
    of.others = others
    return of


class TestSilence:
    """F1, 行政许可法 32: nothing said for five working days accepts, from the day of receipt."""

    @pytest.mark.parametrize("runs", ["09-25", "09-29"])
    def test_the_clock_accepts_as_of_receipt_however_late_it_runs(self, runs: str) -> None:
        of = hall()
        case = submitted(of, moment("09-18"))
        assert due(case) == "2026-09-24"
        assert accept_overdue(by=CLOCKS, at=moment("09-24", 23, 59)) == 0
        assert [accept_overdue(by=CLOCKS, at=moment(runs, 0, 5)) for _ in range(3)] == [1, 0, 0]
        case = fresh(case)
        assert (case.state, case.accepted_on, due(case)) == ("handling", date(2026, 9, 18), "2026-10-22")
        [act] = case.acts.filter(kind="accept_silently")
        assert act.effective_on == date(2026, 9, 18)
        assert "第三十二条" in act.basis
        told = Notification.objects.filter(user=of.citizen, body__contains="视为受理")
        assert told.count() == 1
        paper = papers_about(case.number).get(kind="acceptance")
        assert paper.facts["accepted_on"] == "2026年9月18日" and "逾期未告知" in paper.facts["reason"]
        with pytest.raises(Conflict, match="已视为受理，不能再要求补正"):
            request_supplement(case, wanted=[Wanted("缺一页", 0)], by=of.window, at=moment("09-29"))

    def test_the_office_that_comes_too_late_only_finds_it_accepted(self) -> None:
        of = hall()
        case = submitted(of, moment("09-18"))
        with pytest.raises(Conflict, match="已视为受理"):
            request_supplement(case, wanted=[Wanted("缺一页", 0)], by=of.window, at=moment("09-25"))
        case = fresh(case)
        assert (case.state, case.accepted_on, due(case)) == ("handling", date(2026, 9, 18), "2026-10-22")
        assert Event.objects.filter(kind="cases.act_refused").count() == 1
        again = accept(submitted(of, moment("09-18")), by=of.window, at=moment("09-28"))
        assert (again.accepted_on, due(again)) == (date(2026, 9, 18), "2026-10-22")

    def test_all_clocks_run_in_one_task(self) -> None:
        of = hall()
        submitted(of, moment("09-18"))
        done = run_clocks.func(moment("09-25", 0, 5).isoformat())
        assert done == {"accepted": 1, "ended": 0, "renewed": 0, "discarded": 0}


class TestSupplement:
    """F2, 行政许可法 32(四): asked for once, everything."""

    def test_what_was_visible_at_first_is_not_asked_for_later(self) -> None:
        of = hall(materials=[Material(name=each) for each in "甲乙丙"])
        case = submitted(of, moment("02-10"))
        case = request_supplement(
            case, wanted=[Wanted("不清楚", 0), Wanted("没有盖章", 1)], by=of.window, at=moment("02-12")
        )
        assert (case.state, case.due_rank) == ("supplementing", None)
        for position in (0, 1):
            attach_material(case.application, position, None, source="重拍", by=of.citizen, at=moment("02-25"))
        case = supply(case, by=of.citizen, at=moment("02-25"))
        with pytest.raises(Conflict, match="补正只能要求一次：“丙”第一次就看得到"):
            request_supplement(case, wanted=[Wanted("缺一页", 2)], by=of.window, at=moment("02-26"))
        [attempt] = Event.objects.filter(kind="cases.act_refused")
        assert attempt.data["act"] == "ask_supplement"
        assert LedgerEntry.objects.filter(action="cases.refuse_act").count() == 1
        sequence()
        catch_up()
        assert Irregularity.objects.get(rule="second-supplement").case == case
        case = accept(case, by=of.window, at=moment("02-26"))
        assert (case.accepted_on, due(case)) == (date(2026, 2, 25), "2026-03-24")

    def test_what_came_new_may_be_asked_for_again(self) -> None:
        of = hall()
        case = request_supplement(
            submitted(of, moment("03-02")), wanted=[Wanted("不清楚", 0)], by=of.window, at=moment("03-03")
        )
        attach_material(case.application, 0, None, source="重拍", by=of.citizen, at=moment("03-04"))
        case = supply(case, by=of.citizen, at=moment("03-04"))
        case = request_supplement(case, wanted=[Wanted("还是不清楚", 0)], by=of.window, at=moment("03-05"))
        assert case.state == "supplementing"

    def test_what_was_supplied_on_the_day_of_receipt_is_accepted_as_of_that_day(self) -> None:
        of = hall()
        case = submitted(of, moment("03-02", 9))
        case = request_supplement(case, wanted=[Wanted("不清楚", 0)], by=of.window, at=moment("03-02", 10))
        attach_material(case.application, 0, None, source="重拍", by=of.citizen, at=moment("03-02", 11))
        case = supply(case, by=of.citizen, at=moment("03-02", 11))
        case = accept(case, by=of.window, at=moment("03-05"))
        assert (case.accepted_on, due(case)) == (date(2026, 3, 2), "2026-03-30")

    def test_all_of_it_has_to_come(self) -> None:
        of = hall()
        case = submitted(of, moment("03-02"))
        case = request_supplement(case, wanted=[Wanted("a", 0), Wanted("b", 1)], by=of.window, at=moment("03-03"))
        attach_material(case.application, 0, None, source="重拍", by=of.citizen, at=moment("03-04"))
        with pytest.raises(BadInput, match="还没有交齐") as refused:
            supply(case, by=of.citizen, at=moment("03-04"))
        assert [each.message for each in refused.value.problems] == ["还没有补交“水资源论证报告”"]

    def test_what_was_asked_for_may_come_until_its_last_day(self) -> None:
        of = hall()
        case = submitted(of, moment("03-02"))
        saturday = date(2026, 3, 14)
        request_supplement(case, wanted=[Wanted("不清楚", 0)], until=saturday, by=of.window, at=moment("03-03"))
        for day in ("03-03", "03-16"):
            with pytest.raises(Conflict, match="可以补正到2026年3月16日，现在不能终止"):
                terminate(case, reason="没有补正", by=of.head, at=moment(day, 17))
        assert terminate(case, reason="没有补正", by=of.head, at=moment("03-17")).state == "terminated"


class TestStops:
    """F5, 行政许可法 45: a closed list, or what the guide cites a law for."""

    @pytest.mark.parametrize("basis", ["", "本局办事规程", "《示例局关于公示的通知》"])
    def test_publicity_without_a_law_stops_nothing(self, basis: str) -> None:
        of = hall(special_procedures=[SpecialProcedure(name="公示", basis=basis)])
        case = accepted(of, moment("03-02"))
        with pytest.raises(Conflict, match="“公示”不能停止计时"):
            open_stop(case, procedure="公示", expected_days=5, by=of.handler, at=moment("03-03"))
        assert fresh(case).state == "handling"

    def test_with_a_cited_law_it_does_and_the_act_cites_it(self) -> None:
        law = "《城市房地产开发经营管理条例》第九条"
        of = hall(special_procedures=[SpecialProcedure(name="公示", basis=law)])
        case = accepted(of, moment("03-02"))
        stop = open_stop(case, procedure="公示", expected_days=5, by=of.handler, at=moment("03-03"))
        assert stop.act.basis == law
        assert stop.act.paper.facts["basis"] == [law]
        case = fresh(case)
        assert (case.state, case.due_rank) == ("stopped", None)

    def test_the_list_of_the_law_needs_no_row_in_the_guide(self) -> None:
        of = hall()
        case = accepted(of, moment("03-02"))
        stop = open_stop(case, procedure="听证", expected_days=20, by=of.handler, at=moment("03-03"))
        assert "第四十五条" in stop.act.basis
        assert stop.act.facts["expected_days"] == 20


class TestExtension:
    """F6, 行政许可法 26, 42: once, in time, by the head; of joint handling by the government."""

    def test_joint_handling_is_extended_by_the_government_alone(self) -> None:
        of = joint_hall(5)
        case = accepted(of, moment("08-31"))
        assert (case.joint, due(case)) == (True, "2026-11-06")
        with pytest.raises(Refused, match="代表本级人民政府"):
            extend(case, reason="材料多", by=of.head, at=moment("10-20"))
        mayor = make.user("government", make.organ("示例县人民政府"))
        case = extend(case, reason="材料多", by=mayor, at=moment("10-20"))
        assert due(case) == "2026-11-27"

    def test_a_promise_that_is_broken_stays_broken(self) -> None:
        of = hall(promised_limit=TimeLimit(value=5), statutory_limit=TimeLimit(value=20))
        case = accepted(of, moment("04-13"))
        before = {each.kind: due(each) for each in case.clocks.filter(ended_on=None)}
        assert before == {"promised": "2026-04-20", "statutory": "2026-05-13"}
        case = extend(case, reason="复杂", days=5, by=of.head, at=moment("04-21"))
        after = {each.kind: due(each) for each in case.clocks.filter(ended_on=None)}
        assert after == {"promised": "2026-04-20", "statutory": "2026-05-20"}
        assert light_of(case, on=date(2026, 4, 21), calendar=calendar_in_force()) == "red"
        facts = papers_about(case.number).get(kind="extension").facts
        assert (facts["due_on"], facts["new_due_on"]) == ("2026年5月13日", "2026年5月20日")

    def test_one_unit_is_extended_by_its_head_once_and_in_time(self) -> None:
        of = hall()
        case = accepted(of, moment("04-27"))
        with pytest.raises(Refused, match="批准本单位办件延长期限"):
            extend(case, reason="复杂", by=of.handler, at=moment("05-20"))
        with pytest.raises(BadInput, match="最多延长10个工作日"):
            extend(case, reason="复杂", days=11, by=of.head, at=moment("05-20"))
        case = extend(case, reason="复杂", by=of.head, at=moment("05-27", 17))
        assert due(case) == "2026-06-10"
        with pytest.raises(Conflict, match="已经延长过一次"):
            extend(case, reason="复杂", by=of.head, at=moment("05-28"))

    def test_after_its_last_day_it_is_too_late(self) -> None:
        of = hall()
        case = accepted(of, moment("04-27"))
        with pytest.raises(Conflict, match="期限已经过了"):
            extend(case, reason="复杂", by=of.head, at=moment("05-28"))


class TestUnknownYear:
    """F12: 不早于 while nobody has arranged the year, and no row is touched when somebody does."""

    def test_the_day_is_doubtful_until_the_notice(self, django_assert_num_queries: Any) -> None:
        of = hall()
        case = accepted(of, moment("12-10"))
        clock = case.clocks.get(kind="statutory")
        assert day_in_words(clock, calendar=calendar_in_force()) == "2027年1月8日（2027年的放假安排公布后可能推后）"
        rows = ["2027-01-01,0,元旦", "2027-01-04,0,元旦"]
        notice = read_arrangement("\n".join(["# 试验用的通知", "day,working,name", *rows]))
        load_arrangement(notice, by=make.TESTS, at=moment("12-20"))
        same = CaseClock.objects.get(pk=clock.pk)
        assert same.due_rank == clock.due_rank
        assert day_in_words(same, calendar=calendar_in_force()) == "2027年1月11日"


class TestDeferral:
    """F13, 容缺: paper, form and last day, within what was promised; not supplied, it is ended."""

    def of(self) -> Hall:
        return hall(days=10, materials=[Material(name="申请书"), later("场地平面图")])

    def test_the_promise_names_it_all_and_ends_within_the_promised_limit(self) -> None:
        of = self.of()
        case = submitted(of, moment("05-06"), positions=[0])
        with pytest.raises(Conflict, match="还缺“场地平面图”"):
            accept(case, by=of.window, at=moment("05-06"))
        with pytest.raises(BadInput, match="最后一天不对") as refused:
            offer_deferral(case, positions=[1], until=date(2026, 5, 20), by=of.window, at=moment("05-06"))
        assert "2026年5月19日" in refused.value.remedy
        offer = {"positions": [1], "until": date(2026, 5, 19), "form": "原件", "by": of.window, "at": moment("05-06")}
        [promise] = offer_deferral(case, **offer)
        assert (promise.name, promise.form) == ("场地平面图", "原件")
        agree_to_deferral(case, by=of.citizen, at=moment("05-06"))
        case = accept(case, by=of.window, at=moment("05-06"))
        assert due(case) == "2026-05-19"
        assert [end_unsupplied(by=CLOCKS, at=moment(day, 0, 5)) for day in ("05-19", "05-22", "05-22")] == [0, 1, 0]
        case = fresh(case)
        assert case.state == "terminated"
        ended = case.acts.get(kind="terminate")
        for told in (
            opened(ended.content_sealed, purpose=CONTENT),
            {"words": ended.paper.facts["reason"], **ended.paper.facts},
        ):
            assert "场地平面图" in told["words"]
            assert "行政复议" in told["remedies"]

    def test_supplied_in_time_the_case_goes_on(self) -> None:
        of = self.of()
        case = submitted(of, moment("05-06"), positions=[0])
        offer_deferral(case, positions=[1], until=date(2026, 5, 15), by=of.window, at=moment("05-06"))
        agree_to_deferral(case, by=of.citizen, at=moment("05-06"))
        case = accept(case, by=of.window, at=moment("05-06"))
        with pytest.raises(Conflict, match="只能补交承诺过的材料"):
            attach_material(case.application, 0, None, source="图", by=of.citizen, at=moment("05-15"))
        attach_material(case.application, 1, None, source="图", by=of.citizen, at=moment("05-15"))
        assert end_unsupplied(by=CLOCKS, at=moment("05-22")) == 0
        assert [each.kind for each in case.acts.all()][-1] == "keep_promise"

    def test_a_last_day_that_is_one_of_rest_is_the_working_day_after_it(self) -> None:
        of = self.of()
        case = submitted(of, moment("05-06"), positions=[0])
        sunday = date(2026, 5, 17)
        [promise] = offer_deferral(case, positions=[1], until=sunday, by=of.window, at=moment("05-06"))
        assert calendar_in_force().day_of(promise.last_rank) == date(2026, 5, 18)
        agree_to_deferral(case, by=of.citizen, at=moment("05-06"))
        accept(case, by=of.window, at=moment("05-06"))
        assert [end_unsupplied(by=CLOCKS, at=moment(day, 0, 5)) for day in ("05-16", "05-18", "05-19")] == [0, 0, 1]

    def test_bad_credit_leaves_the_ordinary_way(self) -> None:
        of = self.of()
        case = submitted(of, moment("05-06"), positions=[0])
        CreditEntry.objects.create(user=of.citizen, ground="承诺不实", entered_at=moment("04-01"))
        with pytest.raises(Refused, match="没有修复的失信记录"):
            offer_deferral(case, positions=[1], until=date(2026, 5, 15), by=of.window, at=moment("05-06"))

    def test_only_what_the_guide_lets_come_later(self) -> None:
        of = self.of()
        case = submitted(of, moment("05-06"), positions=[0])
        with pytest.raises(BadInput, match="只有指南写明"):
            offer_deferral(case, positions=[0], until=date(2026, 5, 15), by=of.window, at=moment("05-06"))


class TestCommitment:
    """告知承诺: instead of a paper, checked afterwards; found false, it is entered and the decision revoked."""

    def test_a_false_commitment_found_later(self) -> None:
        of = hall(materials=[Material(name="申请书"), Material(name="无违法证明", commitment_ok=True)])
        application = filled(of, moment("03-02"), positions=[0])
        promise = commit(application, 1, by=of.citizen, at=moment("03-02"))
        case = submit(application, key=application.key, by=of.citizen, at=moment("03-02"))
        case = examined(of, accept(case, by=of.window, at=moment("03-02")), moment("03-03"))
        outcome = decide(case, granted=True, by=of.head, at=moment("03-03"))
        promise.refresh_from_db()
        assert promise.last_rank == calendar_in_force().rank_of(date(2026, 3, 3)) + 30
        promise = check_promise(promise, true=False, words="向公安机关核实，有记录", by=of.handler, at=moment("03-20"))
        assert promise.ending == "false"
        with pytest.raises(BadInput, match="没有写撤销的依据"):
            revoke_outcome(outcome, reason="承诺不实", basis=" ", by=of.head, at=moment("03-23"))
        basis = "《示例市取水许可办法》第九条"
        outcome = revoke_outcome(outcome, reason="承诺不实", basis=basis, by=of.head, at=moment("03-23"))
        assert case.acts.last().basis == basis
        assert outcome.revoked_at == moment("03-23")
        again = start_application(of.item, by=of.citizen, at=moment("04-01"))
        with pytest.raises(Refused, match="失信记录"):
            commit(again, 1, by=of.citizen, at=moment("04-01"))
        told = Notification.objects.filter(user=of.citizen)
        assert told.filter(body__contains="承诺已经核查").exists()
        checked = case.acts.get(kind="check_promise")
        assert "申请修复信用" in opened(checked.content_sealed, purpose=CONTENT)["remedies"]
        repair_credit(bad_credit_of(case).get(), reason="款项已退回", by=of.head, at=moment("04-02"))
        commit(again, 1, by=of.citizen, at=moment("04-02"))
        assert told.filter(body__contains="失信记录已经修复").exists()
        assert case.acts.filter(kind="repair_credit").exists()

    def test_only_where_the_guide_lets_one(self) -> None:
        of = hall()
        application = filled(of, moment("03-02"), positions=[0])
        with pytest.raises(BadInput, match="不能用承诺代替"):
            commit(application, 1, by=of.citizen, at=moment("03-02"))


class TestRenewal:
    """F15, 行政许可法 50: no decision before the licence ends renews it."""

    def renewal(self, of: Hall, day: str) -> Case:
        old = granted(of, moment("2025-10-31"), valid_until=date(2026, 10, 31))
        application = filled(of, moment(day), renews=old)
        case = submit(application, key=application.key, by=of.citizen, at=moment(day))
        accept_overdue(by=CLOCKS, at=moment("10-24"))
        return fresh(case)

    def test_no_decision_in_time_is_a_renewal(self) -> None:
        of = hall()
        case = self.renewal(of, "09-10")
        assert light_of(case, on=date(2026, 10, 31), calendar=calendar_in_force()) == "red"
        assert [renew_overdue(by=CLOCKS, at=moment(day, 0, 5)) for day in ("10-31", "11-01", "11-02")] == [0, 1, 0]
        case = fresh(case)
        assert case.state == "decided"
        assert (case.outcome.granted, case.outcome.deemed, case.outcome.valid_until) == (True, True, date(2027, 10, 31))
        act = case.acts.get(kind="grant_silently")
        assert "第五十条" in act.basis and "视为准予延续" in act.paper.facts["decision"]

    def test_asked_for_too_late_it_is_not(self) -> None:
        of = hall()
        case = self.renewal(of, "10-12")
        assert renew_overdue(by=CLOCKS, at=moment("11-02", 0, 5)) == 0
        assert fresh(case).state == "handling"


def test_a_stop_ends_with_its_procedure_and_tasks_wait() -> None:
    of = hall(promised_limit=TimeLimit(value=10))
    case = accepted(of, moment("03-02"))
    stop = open_stop(case, procedure="鉴定", expected_days=5, by=of.handler, at=moment("03-03"))
    [task] = open_tasks(case)
    assert task.due_rank is None
    case = close_stop(stop, by=of.handler, at=moment("03-10"))
    assert case.state == "handling"
    assert [due_on(each, calendar=calendar_in_force()) for each in open_tasks(case)] == [date(2026, 3, 12)]


def test_a_limit_in_natural_days_is_extended_by_natural_days_and_says_so() -> None:
    of = hall(a_guide(promised_limit=TimeLimit(value=20), statutory_limit=TimeLimit(value=30, unit=TimeUnit.DAY)))
    case = accepted(of, moment("03-02"))
    with pytest.raises(BadInput, match="最多延长10个自然日"):
        extend(case, reason="情况复杂", days=11, by=of.head, at=moment("03-10"))
    assert due(case.clocks.get(kind="statutory")) == "2026-04-01"
    extend(case, reason="情况复杂", days=10, by=of.head, at=moment("03-10"))
    assert due(case.clocks.get(kind="statutory")) == "2026-04-13", "April 11 is a Saturday"
    assert "10个自然日" in str(case.acts.get(kind="extend").paper.facts)


def test_a_limit_in_months_is_not_extended_by_as_many_months() -> None:
    of = hall(a_guide(promised_limit=TimeLimit(value=20), statutory_limit=TimeLimit(value=3, unit=TimeUnit.MONTH)))
    case = accepted(of, moment("03-02"))
    with pytest.raises(Conflict, match="按月计算"):
        extend(case, reason="情况复杂", by=of.head, at=moment("03-10"))
    assert due(case.clocks.get(kind="statutory")) == "2026-06-02"
