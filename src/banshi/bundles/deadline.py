"""The last day of a whole bundle, by the critical path over the lawful clocks of its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from banshi.bundles.definition import BundleDefinition, in_order
from banshi.bundles.merging import BundleMember, needed
from banshi.calendar.working_days import WorkingCalendar
from banshi.cases.clocks import clocks_of, count, doubt_of, due_on, limit_in_words
from banshi.cases.enums import ClockKind
from banshi.cases.models import CaseClock
from banshi.cases.policy import policy
from banshi.core.clock import chinese_date


@dataclass(frozen=True, slots=True)
class PartDeadline:
    """From when to when a part takes at most, and in words why."""

    member: BundleMember
    after: BundleMember | None
    begins_on: date
    last: date | None
    doubtful: bool
    why: str


@dataclass(frozen=True, slots=True)
class BundleDeadline:
    """`path` are the parts that decide the last day, the first to begin first. Parts that tell no limit are in `unknown`."""

    last: date | None
    doubtful: bool
    path: tuple[PartDeadline, ...]
    parts: tuple[PartDeadline, ...]

    @property
    def unknown(self) -> list[PartDeadline]:
        return [each for each in self.parts if each.last is None]


def bundle_deadline(
    definition: BundleDefinition,
    members: Sequence[BundleMember],
    *,
    on: date,
    calendar: WorkingCalendar,
    known: Mapping[str, date] | None = None,
) -> BundleDeadline:
    """Count by the critical path.

    `known` are last days of cases that run or have ended.
    """
    by_key, known = {each.key: each for each in members}, known or {}
    told: dict[str, PartDeadline] = {}
    for part in in_order(definition, set(by_key)):
        member = by_key[part.key]
        before = [told[each.part] for each in needed(member, by_key)]
        latest = max(before, key=lambda each: each.last or each.begins_on, default=None)
        begins = max(on, latest.last or latest.begins_on) if latest else on
        told[part.key] = _of_part(member, latest.member if latest else None, begins, known.get(part.key), calendar)
    ends = [each for each in told.values() if each.last]
    last = max(ends, key=lambda each: each.last or on, default=None)
    path: list[PartDeadline] = []
    step = last
    while step:
        path.insert(0, step)
        step = told[step.after.key] if step.after else None
    doubtful = any(each.doubtful for each in path)
    return BundleDeadline(last.last if last else None, doubtful, tuple(path), tuple(told.values()))


def _of_part(
    member: BundleMember, after: BundleMember | None, begins: date, known: date | None, calendar: WorkingCalendar
) -> PartDeadline:
    name = f"“{member.item.name}”"
    since = f"等“{after.item.name}”办好（最晚{chinese_date(begins)}）就开始" if after else f"{chinese_date(begins)}开始"
    if known:
        return PartDeadline(member, after, begins, known, False, f"{name}最晚{chinese_date(known)}。")
    clocks = clocks_of(member.guide, member.item.kind, began_on=begins)
    if not clocks:
        return PartDeadline(member, after, begins, None, False, f"{name}{since}，指南没有写时限。")
    acceptance = CaseClock(kind=ClockKind.ACCEPTANCE, began_on=begins, limit=policy().acceptance.days)
    count(acceptance, (), calendar=calendar)
    accepted = due_on(acceptance, calendar=calendar) or begins
    clock = clocks_of(member.guide, member.item.kind, began_on=accepted)[0]
    count(clock, (), calendar=calendar)
    last, doubtful = due_on(clock, calendar=calendar), doubt_of(clock, calendar=calendar)
    limit = limit_in_words(clock) if clock.limit else "当场办结"
    why = f"{name}{since}，{acceptance.limit}个工作日内受理，受理后{limit}，最晚{chinese_date(last) if last else ''}。"
    return PartDeadline(member, after, begins, last, doubtful, why)
