"""Counting open cases anew after a past day of the working calendar was corrected."""

from datetime import date, datetime

from django.db import transaction

from banshi.access import Allowed, Permission, authorize
from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions.recording import counted_anew, keep_counted, locked, set_due
from banshi.cases.clocks import main_due
from banshi.cases.enums import ActKind, PromiseKind
from banshi.cases.models import Case, Promise
from banshi.cases.queries import OPEN, cases_counted_from
from banshi.jobs.progress import ProgressReport
from banshi.ledger import Actor, record


def recount_cases(first: date, *, report: ProgressReport | None = None, by: Actor, at: datetime) -> int:
    """Count anew the open cases whose clocks count from `first` or later.

    How many have moved. Run again it finds them counted.
    """
    by = authorize(by, Permission.AUTOMATIC, at=at)
    keys = list(cases_counted_from(first).order_by("id").values_list("pk", flat=True))
    moved = 0
    for done, key in enumerate(keys, 1):
        moved += _recount_case(key, by=by, at=at)
        if report:
            report(done, len(keys), "正在按改过的日历重新计算期限")
    return moved


@transaction.atomic
def _recount_case(key: int, *, by: Allowed, at: datetime) -> bool:
    """Count one under its lock, and tell of it only when a clock has moved."""
    case, at = locked(Case(pk=key), at=at)
    if case.state not in OPEN:
        return False
    before = case.due_rank, case.due_day
    running = counted_anew(case, case.stops.all(), calendar=calendar_in_force())
    promises = _recount_promises(case)
    if running.moved:
        set_due(case, main_due(running.clocks), by=by, at=at)
        keep_counted(case, running)
        facts = {"before": before[0], "due_rank": case.due_rank}
        record("cases.recount", case, by=by, at=at, facts=facts)
    return running.moved or promises


def _recount_promises(case: Case) -> bool:
    """Number anew the last days of papers that come later (容缺), which were told as days, and tell whether any has moved."""
    told = {
        position: act.facts["until"]
        for act in case.acts.filter(kind=ActKind.OFFER_DEFERRAL)
        for position in act.facts["positions"]
    }
    calendar, moved = calendar_in_force(), []
    for each in case.application.promises.filter(kind=PromiseKind.DEFERRAL, ending=""):
        rank = calendar.rank_of(calendar.next_working(date.fromisoformat(told[each.position])))
        if rank != each.last_rank:
            each.last_rank = rank
            moved.append(each)
    Promise.objects.bulk_update(moved, ["last_rank"])
    return bool(moved)
