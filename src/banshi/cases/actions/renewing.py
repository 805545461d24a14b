"""Licences applied for anew in time: no decision before the old one ends is a renewal (行政许可法 第五十条)."""

from datetime import date, datetime

from banshi.access import Allowed, Permission, authorize
from banshi.calendar.deadlines import same_day_of_month
from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions.recording import locked
from banshi.cases.actions.stages import begin_delivery
from banshi.cases.enums import ActKind
from banshi.cases.models import Case, CaseOutcome
from banshi.cases.policy import policy
from banshi.core.clock import day_of
from banshi.core.unit_of_work import unit_of_work
from banshi.ledger import Actor

UNDECIDED = ("received", "supplementing", "handling", "stopped", "suspended")


def renew_overdue(*, by: Actor, at: datetime) -> int:
    """Grant (视为准予延续) each renewal applied for in time and not decided when the licence ended, once.

    How many.
    """
    by = authorize(by, Permission.AUTOMATIC, at=at)
    ended = Case.objects.filter(application__renews__valid_until__lt=day_of(at), state__in=UNDECIDED).order_by("id")
    return sum(_renew(each, by=by, at=at) for each in ended.values_list("pk", flat=True).iterator())


@unit_of_work()
def _renew(key: int, *, by: Allowed, at: datetime) -> bool:
    """Grant unless somebody has decided meanwhile, or it came too late."""
    (case, at), calendar = locked(Case(pk=key), at=at), calendar_in_force()
    old = case.application.renews
    if case.state not in UNDECIDED or old is None or old.valid_until is None:
        return False
    before = calendar.working_days_between(day_of(case.received_at), old.valid_until)
    if before < policy().renewal.apply_before:
        return False
    content = {"words": f"有效期至{old.valid_until}的许可已按时申请延续，期满前没有作出决定，视为准予延续"}
    begin_delivery(
        case,
        "grant_silently",
        ActKind.GRANT_SILENTLY,
        granted=True,
        deemed=True,
        valid_until=renewed_until(old),
        effective_on=old.valid_until,
        calendar=calendar,
        content=content,
        paper={"decision": content["words"]},
        by=by,
        at=at,
    )
    return True


def renewed_until(old: CaseOutcome) -> date | None:
    """Add the months the old one was valid for.

    None where they can't be told.
    """
    if old.valid_until is None:
        return None
    began = day_of(old.decided_at)
    months = (old.valid_until.year - began.year) * 12 + old.valid_until.month - began.month
    return same_day_of_month(old.valid_until, months) if months > 0 else None
