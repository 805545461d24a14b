"""Checks of a campaign's dates: their order, days of rest, years without an arrangement, days that are over."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import pairwise

from banshi.calendar.working_days import WorkingCalendar
from banshi.campaigns.enums import PhaseKind
from banshi.campaigns.models import Stage
from banshi.campaigns.plan import Phase, Plan
from banshi.core.clock import chinese_date
from banshi.core.errors import Problem

LAST = (PhaseKind.DECIDE, PhaseKind.PUBLISH)
"""What comes before them must be over."""


def wrong_order(plan: Plan, stages: Sequence[Stage]) -> list[Problem]:
    """Name the stages that come before one that has to precede them, batch by batch."""
    found = dict[str, Problem]()
    for batch in plan.batches:
        mine = {each.phase: each for each in stages if each.batch in ("", batch.code)}
        way = [(phase, mine[phase.code]) for phase in plan.phases if phase.code in mine]
        for (earlier, first), (later, second) in pairwise(way):
            if _stands(earlier, first, later, second):
                continue
            label = f"{earlier.label}（{batch.label}）" if earlier.by_batch or later.by_batch else earlier.label
            said = f"“{later.label}”{_span(second)}，不能排在“{label}”{_span(first)}前面"
            found.setdefault(said, Problem(said, where=later.label, field=later.code))
    return list(found.values())


def _stands(earlier: Phase, first: Stage, later: Phase, second: Stage) -> bool:
    if later.kind in LAST:
        return second.begins > first.ends
    if later.alongside:
        return second.ends >= first.begins
    return second.begins >= first.begins and second.ends >= first.ends


def _span(stage: Stage) -> str:
    return f"{chinese_date(stage.begins)}至{stage.ends:%-m月%-d日}"


def doubts_of(stages: Collection[Stage], day: date, calendar: WorkingCalendar) -> Iterator[str]:
    """Say what the organizer should know of these dates before the campaign starts."""
    if not stages:
        return
    if next(iter(stages)).campaign.state == "preparing":
        yield from _too_early(stages, day)
    stages = [each for each in stages if each.ends >= day]
    years = sorted({year for each in stages for year in (each.begins.year, each.ends.year)} - calendar.known)
    for year in years:
        yield (
            f"{year}年的放假安排还没有录入：元旦、劳动节、国庆节按假日算，春节、清明、端午、中秋和调休还不知道，"
            "日期可能落在假期里。放假安排公布以后，请系统管理员录入，再来核对。"
        )
    for each in stages:
        if not calendar.is_working(each.ends):
            before = each.ends
            while not calendar.is_working(before):
                before = date.fromordinal(before.toordinal() - 1)
            last = f"{each.ends:%-m月%-d日}"
            yield f"“{each.called}”的最后一天{last}是休息日，最后一个工作日是{before:%-m月%-d日}。"


def _too_early(stages: Collection[Stage], day: date) -> Iterator[str]:
    """Say which stages were over, or begun, before the campaign starts."""
    over = [each for each in stages if each.ends < day]
    if over:
        names = "、".join(each.called for each in over[:3])
        more = f"等{len(over)}个阶段" if len(over) > 3 else ""
        yield f"{names}{more}已经过去：照这个最后日期往前推，时间不够。请换晚一些的最后日期，或逐个改。"
    elif (first := min(each.begins for each in stages)) < day:
        yield f"第一个阶段从{chinese_date(first)}算起，已经开始了。"
