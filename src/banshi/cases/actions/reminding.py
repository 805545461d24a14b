"""The last day of a supplement (补正), or of a paper promised for later: told before it comes and once it is over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from banshi.access import Allowed, Permission, authorize
from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import WorkingCalendar
from banshi.cases.actions.recording import locked
from banshi.cases.enums import PromiseKind
from banshi.cases.models import Case, CaseAct, Promise
from banshi.cases.notifications import LAST_DAY
from banshi.cases.policy import policy
from banshi.cases.queries import lapses_in_words, lapses_of, last_day_of, last_request, supplements_awaited, supply_by
from banshi.cases.steps import guide_of
from banshi.core.clock import chinese_date, day_of
from banshi.core.unit_of_work import unit_of_work
from banshi.ledger import Actor, name_of, record
from banshi.ledger.models import LedgerEntry
from banshi.notifications.notify import notify

SOON, OVER = "cases.remind_last_day", "cases.tell_last_day_over"
"""Acts of the ledger by which each is told once."""


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day for the applicant to bring something, `thing` a request for a supplement or a promise."""

    thing: CaseAct | Promise
    case: int
    day: date


def tell_last_days(*, by: Actor, at: datetime) -> int:
    """Remind each applicant of a last day some working days before it, and tell when that of a supplement is over.

    How many were told, each once of each.
    """
    by, day, calendar = authorize(by, Permission.AUTOMATIC, at=at), day_of(at), calendar_in_force()
    wanted = [
        (OVER if each.day < day else SOON, each)
        for each in (*_supplements(calendar), *_promised(calendar))
        if calendar.working_days_between(day, each.day) <= policy().supplement.remind
    ]
    names = [name_of(each.thing) for _, each in wanted]
    told = set(LedgerEntry.objects.filter(subject__in=names, action__in=(SOON, OVER)).values_list("subject", "action"))
    open_ones = [(action, each) for action, each in wanted if (name_of(each.thing), action) not in told]
    return sum(_tell(action, each, by=by, at=at) for action, each in open_ones)


def _supplements(calendar: WorkingCalendar) -> Iterator[LastDay]:
    for each in supplements_awaited(Case.objects.all()):
        if last := last_day_of(each, calendar=calendar):
            yield LastDay(each, each.case_id, last)


def _promised(calendar: WorkingCalendar) -> Iterator[LastDay]:
    """Find papers promised for later, whose case ends with a message of its own when they do not come."""
    owed = Promise.objects.filter(kind=PromiseKind.DEFERRAL, ending="", application__case__ended_at=None)
    for each in owed.exclude(agreed_at=None).exclude(last_rank=None).select_related("application__case"):
        yield LastDay(each, each.application.case.pk, calendar.day_of(each.last_rank or 0))


@unit_of_work()
def _tell(action: str, wanted: LastDay, *, by: Allowed, at: datetime) -> bool:
    """Tell unless it came meanwhile, or somebody told it."""
    (case, at), thing = locked(Case(pk=wanted.case), at=at), wanted.thing
    if LedgerEntry.objects.filter(subject=name_of(thing), action=action).exists():
        return False
    if isinstance(thing, Promise):
        if action == OVER or case.ended_at or not Promise.objects.filter(pk=thing.pk, ending="").exists():
            return False
        matter, said = (
            "后补的材料快到期了",
            f"承诺后补的“{thing.name}”，最后一天是{chinese_date(wanted.day)}，到期没有补交的，终止办理",
        )
    else:
        request = last_request(case)
        if supply_by(case) is None or request is None or request.pk != thing.pk:
            return False
        matter, said = (
            ("补正过期了", over_in_words(case, wanted.day))
            if action == OVER
            else ("补正快到期了", soon_in_words(case, wanted.day))
        )
    told = {"matter": matter, "number": case.number, "item": case.item.name, "said": said}
    notify(LAST_DAY, case.people, subject=case, context=told, at=at)
    record(action, thing, by=by, at=at, facts={"case": case.pk, "last_day": wanted.day.isoformat()})
    return True


def soon_in_words(case: Case, last: date) -> str:
    follows = lapses_in_words(lapses_of(case))
    return f"要补正的材料还没有交齐，最后一天是{chinese_date(last)}；到期没有补正的，{follows}，以后可以重新申请"


def over_in_words(case: Case, last: date) -> str:
    """Say what may follow when the last day is over, and what can still be done."""
    phone = guide_of(case.publication).consult.phone
    ask = f"打{phone}" if phone else "向承办单位"
    return (
        f"补正的最后一天（{chinese_date(last)}）已经过了，材料没有交齐。{lapses_in_words(lapses_of(case))}，以后可以重新申请；"
        f"还没有这样办的，现在补齐仍然收，会注明晚了几天。有困难的，请{ask}说明"
    )
