"""Explanations of due dates: each interval of a clock in words."""

from collections.abc import Iterable
from datetime import date

from banshi.calendar.deadlines import LimitUnit, Stop, due, union, unpostponed_due
from banshi.calendar.working_days import DAY, WorkingCalendar
from banshi.core.clock import chinese_date

UNITS = {LimitUnit.WORKING_DAY: "个工作日", LimitUnit.DAY: "天", LimitUnit.MONTH: "个月"}


def explain_due(
    start: date,
    limit: int,
    unit: LimitUnit | str,
    *,
    calendar: WorkingCalendar,
    extension: int = 0,
    stops: Iterable[Stop] = (),
) -> list[str]:
    """Tell in sentences why `due` of the same arguments is that day, or why there is none yet."""
    unit, stops = LimitUnit(unit), list(union(stops))
    length = f"{limit}{UNITS[unit]}" + (f"，延长{extension}{UNITS[unit]}" if extension else "")
    counted = "，休息日和法定节假日不算" if unit is LimitUnit.WORKING_DAY else "，休息日也算"
    told = [f"{chinese_date(start)}开始，当天不算，从第二天起算", f"期限{length}{counted}"]
    found = due(start, limit, unit, calendar=calendar, extension=extension, stops=stops)
    for stop in stops:
        begin = max(stop.begin, start)
        if found and begin >= found.day:
            break
        if stop.end is None:
            told.append(f"{chinese_date(begin + DAY)}起停止计时，还没有恢复，最后一天要等恢复以后才算得出")
            break
        if stop.end > begin:
            working = calendar.working_days_between(begin, stop.end)
            lost = f"{working}个工作日" if unit is LimitUnit.WORKING_DAY else f"{(stop.end - begin).days}天"
            told.append(f"{chinese_date(begin + DAY)}至{chinese_date(stop.end)}停止计时，这{lost}不算")
    if found is None:
        return told
    if unit is LimitUnit.WORKING_DAY:
        # Days on the way that do not follow the week.
        days = [day for day, works in calendar.exceptions.items() if works != (day.weekday() < 5)]
        odd = [day.weekday() < 5 for day in days if start < day <= found.day]
        free, worked = sum(odd), len(odd) - sum(odd)
        parts = [f"{free}个周一至周五放假" if free else "", f"{worked}个周末上班" if worked else ""]
        told += [f"期间有{'、'.join(filter(None, parts))}"] if odd else []
    plain = unpostponed_due(start, limit, unit, calendar=calendar, extension=extension, stops=stops)
    if plain and plain != found.day:
        told.append(f"{chinese_date(plain)}是休息日，顺延到下一个工作日")
    told.append(f"最后一天是{chinese_date(found.day)}")
    return [*told, found.doubt] if found.doubt else told
