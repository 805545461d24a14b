"""An organ that ends: its open cases go to whoever takes over (职能移交), with everything in them."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.cases.models import Case, CaseTask
from banshi.cases.queries import OPEN, open_work_of
from banshi.core.errors import BadInput, Conflict
from banshi.ledger import Act, Actor, record_many
from banshi.people.closing import before_closing
from banshi.people.models import Organ


@before_closing
def refuse_with_open_cases(organ: Organ) -> None:
    """Refuse to close an organ that still has to act in cases."""
    if said := open_work_of(organ):
        raise Conflict(f"{organ}还有{said}没有办完", remedy="请先把它们移交给接手的单位，再停用机构。")


@transaction.atomic
def hand_over_cases(organ: Organ, *, to: Organ, reason: str, by: Actor, at: datetime) -> int:
    """Give all open cases and steps of an organ to another.

    How many cases. Numbers, clocks and what was done stay.
    """
    by = authorize(by, Permission.PEOPLE_MANAGE, organ, at=at).also(authorize(by, Permission.PEOPLE_MANAGE, to, at=at))
    if to == organ or not to.active:
        raise BadInput("接手的单位不对", remedy="请选一个在用的单位。")
    if not reason.strip():
        raise BadInput("没有写移交的依据", remedy="请写明机构调整的文件。")
    cases = list(Case.objects.select_for_update(of=("self",)).filter(organ=organ, state__in=OPEN).order_by("id"))
    Case.objects.filter(pk__in=[each.pk for each in cases]).update(organ=to)
    CaseTask.objects.filter(organ=organ, ending="").update(organ=to, assignee=None, claimed_until=None)
    facts = {"from": organ.pk, "to": to.pk, "reason": reason}
    record_many([Act("cases.hand_over_cases", each, facts) for each in cases], by=by, at=at)
    return len(cases)
