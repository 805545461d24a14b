"""Changing the calendar: a whole year from a file, or a day by hand."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from banshi import ledger
from banshi.access import Permission, authorize
from banshi.calendar.models import CalendarDay, CalendarYear
from banshi.calendar.queries import calendar_in_force
from banshi.calendar.signals import corrected
from banshi.calendar.working_days import WorkingCalendar
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, Problem
from banshi.core.ids import new_guid

WORDS = {"1": True, "0": False, "班": True, "休": False}


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A year's arrangement as read from a file: `source` is its first comment line."""

    year: int
    source: str
    days: tuple[CalendarDay, ...]


def read_arrangement(text: str) -> Arrangement:
    """Read `day,working,name` rows (working: 1/0 or 班/休) under comment lines that begin with #.

    Raises BadInput.
    """
    lines = text.splitlines()
    comments = [line.lstrip("# ").strip() for line in lines if line.startswith("#")]
    rows = list(csv.DictReader(line for line in lines if line.strip() and not line.startswith("#")))
    problems: list[Problem] = []
    days = [entry for number, row in enumerate(rows, 1) if (entry := _read_row(row, number, problems))]
    years = {entry.day.year for entry in days}
    if not problems and len(years) != 1:
        problems.append(Problem("一个文件里要有且只有一年的安排", remedy="按年分成几个文件再导入"))
    if problems:
        raise BadInput("放假安排读不懂", problems)
    source = comments[0] if comments else ""
    for entry in days:
        entry.source = source[:200]
    return Arrangement(years.pop(), source[:200], tuple(days))


def read_arrangements(folder: Path) -> list[Arrangement]:
    """Read every cn-*.csv of a folder, oldest first."""
    return [read_arrangement(path.read_text("utf-8")) for path in sorted(folder.glob("cn-*.csv"))]


def _read_row(row: dict[str, str], number: int, problems: list[Problem]) -> CalendarDay | None:
    try:
        return CalendarDay(
            day=date.fromisoformat(row["day"].strip()),
            working=WORDS[row["working"].strip()],
            name=(row.get("name") or "").strip()[:50],
        )
    except (KeyError, ValueError, AttributeError, TypeError):
        problems.append(
            Problem("每行写三样，用半角逗号隔开：日期、1或0、名称，例如 2026-10-01,0,国庆节", where=f"第{number}行数据")
        )
        return None


@transaction.atomic
def load_arrangement(arrangement: Arrangement, *, by: ledger.Actor, at: datetime) -> CalendarYear:
    """Replace all of a year by an arrangement and mark the year complete."""
    authorize(by, Permission.CALENDAR_EDIT, at=at)
    before = calendar_in_force()
    CalendarDay.objects.filter(day__year=arrangement.year).delete()
    CalendarDay.objects.bulk_create(arrangement.days)
    year = _touch(arrangement.year, at, complete=True, source=arrangement.source)
    facts = {"year": arrangement.year, "days": len(arrangement.days), "source": arrangement.source}
    ledger.record("calendar.load_arrangement", year, by=by, at=at, facts=facts)
    _tell_of_correction(before, at)
    return year


def load_arrangements(folder: Path, *, by: ledger.Actor, at: datetime) -> list[CalendarYear]:
    """Load every cn-*.csv of a folder whose year has no entry yet.

    Years changed by hand stay as they are.
    """
    authorize(by, Permission.CALENDAR_EDIT, at=at)
    found = read_arrangements(folder)
    there = set(CalendarYear.objects.values_list("year", flat=True))
    return [load_arrangement(one, by=by, at=at) for one in found if one.year not in there]


@transaction.atomic
def set_calendar_days(
    days: Iterable[date], *, working: bool, name: str, source: str = "", by: ledger.Actor, at: datetime
) -> None:
    """Make days working or days of rest, whatever the week says."""
    authorize(by, Permission.CALENDAR_EDIT, at=at)
    before, chosen = calendar_in_force(), sorted(set(days))
    entries = [CalendarDay(day=day, working=working, name=name, source=source) for day in chosen]
    CalendarDay.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["day"], update_fields=["working", "name", "source"]
    )
    facts = {"days": chosen, "working": working, "name": name, "source": source}
    _record_change("calendar.set_calendar_days", chosen, facts, by, at)
    _tell_of_correction(before, at)


@transaction.atomic
def clear_calendar_days(days: Iterable[date], *, by: ledger.Actor, at: datetime) -> None:
    """Let days follow the week again."""
    authorize(by, Permission.CALENDAR_EDIT, at=at)
    before, chosen = calendar_in_force(), sorted(set(days))
    CalendarDay.objects.filter(day__in=chosen).delete()
    _record_change("calendar.clear_calendar_days", chosen, {"days": chosen}, by, at)
    _tell_of_correction(before, at)


@transaction.atomic
def confirm_calendar_year(number: int, *, complete: bool, source: str, by: ledger.Actor, at: datetime) -> CalendarYear:
    """Say that a year's arrangement has (or has not) been entered in full."""
    authorize(by, Permission.CALENDAR_EDIT, at=at)
    before = calendar_in_force()
    year = _touch(number, at, complete=complete, source=source)
    ledger.record("calendar.confirm_calendar_year", year, by=by, at=at, facts={"complete": complete, "source": source})
    _tell_of_correction(before, at)
    return year


def _record_change(action: str, days: list[date], facts: dict[str, object], by: ledger.Actor, at: datetime) -> None:
    for number in sorted({day.year for day in days}):
        ledger.record(action, _touch(number, at), by=by, at=at, facts=facts)


def _tell_of_correction(before: WorkingCalendar, at: datetime) -> None:
    """Send `corrected` when a day that is not to come any more works otherwise than before."""
    after = calendar_in_force()
    gone = sorted(day for day in {*before.exceptions, *after.exceptions} if day <= day_of(at))
    first = next((day for day in gone if before.is_working(day) != after.is_working(day)), None)
    if first:
        corrected.send(CalendarYear, first=first, at=at)


def _touch(number: int, at: datetime, **values: object) -> CalendarYear:
    year, _ = CalendarYear.objects.update_or_create(
        year=number, defaults={"stamp": new_guid(), "changed_at": at, **values}
    )
    return year
