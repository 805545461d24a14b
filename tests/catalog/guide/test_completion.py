"""The day a citizen is told: true, or none."""

from datetime import date
from typing import Any

import pytest
from tests import factories as make

from banshi.calendar.working_days import WorkingCalendar
from banshi.catalog.enums import StepKind, TimeUnit
from banshi.catalog.guide.document import Condition, Faq, Guide, SpecialProcedure, Step, TimeLimit
from banshi.catalog.guide.plain_language import completion, season

MONDAY = date(2026, 11, 23)
YEAR = WorkingCalendar(known=frozenset({2026, 2027}))


def guide(*steps: Step, promised: TimeLimit | None = None, **more: Any) -> Guide:
    return make.guide(steps=list(steps), promised_limit=promised or TimeLimit(value=18), **more)


def step(name: str, days: int | None = None, kind: StepKind = StepKind.EXAMINE, **more: Any) -> Step:
    return Step(name=name, kind=kind, limit=TimeLimit(value=days, **more))


def told(it: Guide, accepted: date = MONDAY, calendar: WorkingCalendar = YEAR) -> str:
    found = completion(it, accepted=accepted, calendar=calendar)
    return f"{found.day.month}-{found.day.day}" + (f" 含{found.included}" if found.included else "") if found else ""


def test_a_plain_limit_is_a_day() -> None:
    assert told(guide(step("审核", 3), promised=TimeLimit(value=5))) == "11-30"


def test_a_public_notice_the_promise_leaves_out_is_added() -> None:
    asked = (step("入户调查", 10), step("公示", 7, StepKind.SPECIAL), step("审核", 5), step("发放", 3))
    assert told(guide(*asked)) == "12-28 含7个工作日公示"


def test_a_public_notice_within_the_promise_is_not_counted_twice() -> None:
    assert told(guide(step("审核", 8), step("公示", 7, StepKind.SPECIAL), promised=TimeLimit(value=15))) == "12-14"


@pytest.mark.parametrize("name", ["公示", "村民讨论公示", "评议公示", "媒体公告", "张榜公布", "异议期"])
def test_a_public_notice_is_known_by_its_name_whatever_its_kind(name: str) -> None:
    assert name in told(guide(step("审核", 18), step(name, 5, StepKind.OTHER)))


def test_natural_days_of_a_notice_are_natural_days() -> None:
    liquidation = guide(step("公示", 20, StepKind.SPECIAL, unit=TimeUnit.DAY), promised=TimeLimit(value=2))
    assert told(liquidation) == "12-15 含20天公示"


def test_a_notice_of_unknown_length_outside_the_promise_gives_no_day() -> None:
    assert told(guide(step("审核", 20), step("公示", None, StepKind.SPECIAL))) == ""


@pytest.mark.parametrize("name", ["轮候配租", "摇号选房", "排队候补"])
def test_a_queue_gives_no_day(name: str) -> None:
    assert told(guide(step("审核", 5), step(name))) == ""


def test_a_waiting_list_told_elsewhere_gives_no_day_but_a_queue_at_the_window_does() -> None:
    assert told(guide(step("审核", 5), notes="房源不足时按轮候顺序安排。")) == ""
    assert told(guide(Step(name="安排入住", limit=TimeLimit(text="按轮候顺序")))) == ""
    assert told(guide(step("审核", 5), notes="来得早不用排队。"))


@pytest.mark.parametrize(
    "sentence",
    [
        "招生日程：5月20日公布片区，6月10日至20日网上登记",
        "每年6月中旬网上登记，以当年公告为准",
        "毕业前一年的9月至10月由学校统一组织",
        "每年3月发通知，以通知为准",
        "每年一次，按当年通知",
        "每年9月1日-10月31日申报",
        "集中受理，错过等下一年",
        "报名时间：6月1日—6月15日",
        "受理时间为每年三月、九月",
        "每年第一季度申报",
        "每年春秋两季受理",
        "每年9月30日前申报",
        "每年只受理两次",
        "请在开学前到学校登记",
    ],
)
def test_a_season_for_applying_gives_no_day_and_is_said(sentence: str) -> None:
    for where in ({"notes": f"{sentence}。"}, {"faqs": [Faq(question="什么时候？", answer=f"{sentence}。")]}):
        it = guide(step("审核", 5), **where)
        assert told(it) == "" and season(it) in sentence and season(it)
    assert season(guide(conditions=[Condition(text=sentence)]))


@pytest.mark.parametrize(
    "sentence",
    [
        "65岁以上老人每年免费体检一次",
        "每年不超过三次",
        "本专科生每年最多2万元",
        "每年签注一次，手机上就能办",
        "工作日9:00至17:00办理",
        "受理时间：周一至周五9:00-17:00",
        "申请之日起3个月内提出",
        "2026年3月1日前申请的按旧办法",
        "每年12月31日前缴清下一年的费用",
        "2025年7月1日至2026年6月30日缴费满一年",
    ],
)
def test_what_happens_each_year_or_covers_a_span_is_no_season(sentence: str) -> None:
    assert season(guide(step("审核", 5), notes=sentence)) == ""


def test_a_year_without_its_arrangement_gives_only_the_earliest_day() -> None:
    found = completion(
        guide(step("审核", 30), promised=TimeLimit(value=30)),
        accepted=date(2026, 11, 27),
        calendar=WorkingCalendar(known=frozenset({2026})),
    )
    assert found is not None and found.at_least and found.deadline.doubtful_years == (2027,)


def test_what_may_be_needed_besides_is_said_and_takes_its_own_time() -> None:
    found = completion(
        guide(step("审核", 5), special_procedures=[SpecialProcedure(name="专家评审", limit=TimeLimit(value=10))]),
        accepted=MONDAY,
        calendar=YEAR,
    )
    assert found is not None and found.beside == "专家评审"
