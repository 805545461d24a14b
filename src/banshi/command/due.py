"""`banshi due`: the last day of a limit, and why it is that day."""

import json
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from banshi.command.cli import app, django_ready, has_tables, screen
from banshi.core.json_types import JsonObject

if TYPE_CHECKING:
    from banshi.calendar.deadlines import Stop
    from banshi.calendar.working_days import WorkingCalendar


class Unit(StrEnum):
    WORKING = "working"
    DAY = "day"
    MONTH = "month"


@app.command()
def due(
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="开始那天，它自己不算")],
    limit: Annotated[int, typer.Option(min=0, help="期限多长")],
    unit: Annotated[Unit, typer.Option(help="working 工作日，day 天，month 月")] = Unit.WORKING,
    stop: Annotated[
        list[str] | None,
        typer.Option(help="停止计时的一段，2026-09-21:2026-09-30：从前一天的次日到后一天不算；没有后一天就是还没恢复"),
    ] = None,
    extend: Annotated[int, typer.Option(min=0, help="延长多少，单位相同")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="按JSON输出")] = False,
) -> None:
    """算出期限的最后一天，并逐段说明为什么是这一天。"""
    with django_ready(database=False):
        from banshi.calendar import deadlines
        from banshi.calendar.explanations import explain_due

        calendar, stops = _calendar(), [_stop(text) for text in stop or []]
        code = {Unit.WORKING: "1", Unit.DAY: "2", Unit.MONTH: "3"}[unit]
        try:
            found = deadlines.due(start.date(), limit, code, calendar=calendar, extension=extend, stops=stops)
        except (OverflowError, ValueError) as error:
            raise typer.BadParameter("期限太长，最后一天超出了日历，请改小", param_hint="--limit") from error
        why = explain_due(start.date(), limit, code, calendar=calendar, extension=extend, stops=stops)
        if as_json:
            print(json.dumps({"due": found and found.day.isoformat(), "why": why}, ensure_ascii=False))
            return
        screen.print(found.day.isoformat() if found else "还算不出：计时还停着", highlight=False)
        for line in why:
            screen.print(f"  · {line}", highlight=False, soft_wrap=True)


def _stop(text: str) -> "Stop":
    from banshi.calendar.deadlines import Stop

    begin, _, end = text.partition(":")
    try:
        found = Stop(date.fromisoformat(begin), date.fromisoformat(end) if end else None)
    except ValueError as error:
        raise typer.BadParameter(f"“{text}”读不懂，请写成 2026-09-21:2026-09-30", param_hint="--stop") from error
    if found.end and found.end < found.begin:
        raise typer.BadParameter(f"“{text}”的结束早于开始", param_hint="--stop")
    return found


def _calendar() -> "WorkingCalendar":
    """Take the calendar in force, or the one shipped where nothing is installed."""
    from django.conf import settings

    from banshi.calendar.actions import read_arrangements
    from banshi.calendar.models import CalendarYear
    from banshi.calendar.queries import arranged, calendar_in_force

    database: JsonObject = settings.DATABASES["default"]
    there = "sqlite" not in database["ENGINE"] or Path(database["NAME"]).exists()
    if there and has_tables() and CalendarYear.objects.exists():
        return calendar_in_force()
    shipped = read_arrangements(settings.DATA / "calendars")
    entered = {each.day: each.working for arrangement in shipped for each in arrangement.days}
    return arranged(entered, frozenset(arrangement.year for arrangement in shipped))
