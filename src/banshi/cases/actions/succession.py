"""An organ that ends: its open cases go to whoever takes over (职能移交), with everything in them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from banshi.access import Allowed, Permission, authorize
from banshi.cases.enums import ActKind
from banshi.cases.events import ACTED
from banshi.cases.models import Case, CaseAct, CaseTask
from banshi.cases.notifications import PROGRESS
from banshi.cases.queries import OPEN, open_work_of
from banshi.cases.sealing import CONTENT, seal
from banshi.core.clock import day_of
from banshi.core.crypto import digest
from banshi.core.errors import BadInput, Conflict
from banshi.events import Occurrence, emit_many
from banshi.ledger import Act, Actor, record_many
from banshi.notifications.notify import NewNotification, notify_many
from banshi.people.closing import before_closing
from banshi.people.models import Organ
from banshi.people.queries import account_of


@before_closing
def refuse_with_open_cases(organ: Organ) -> None:
    """Refuse to close an organ that still has to act in cases."""
    if said := open_work_of(organ):
        raise Conflict(f"{organ}还有{said}没有办完", remedy="请先把它们移交给接手的单位，再停用机构。")


@transaction.atomic
def hand_over_cases(organ: Organ, *, to: Organ, reason: str, by: Actor, at: datetime) -> int:
    """Give all open cases and steps of an organ to another, and tell the applicants.

    How many cases. Numbers, clocks and what was done stay.
    """
    by = authorize(by, Permission.PEOPLE_MANAGE, organ, at=at).also(authorize(by, Permission.PEOPLE_MANAGE, to, at=at))
    if to == organ or not to.active:
        raise BadInput("接手的单位不对", remedy="请选一个在用的单位。")
    if not reason.strip():
        raise BadInput("没有写移交的依据", remedy="请写明机构调整的文件。")
    steps = CaseTask.objects.filter(organ=organ, ending="")
    concerned = Case.objects.filter(Q(organ=organ, state__in=OPEN) | Exists(steps.filter(case=OuterRef("pk"))))
    everything = list(concerned.select_for_update(of=("self",)).select_related("item").order_by("id"))
    cases = [each for each in everything if each.organ_id == organ.pk]
    Case.objects.filter(pk__in=[each.pk for each in cases]).update(organ=to)
    CaseTask.objects.filter(lead=to, organ=organ, ending="").update(lead=None)
    CaseTask.objects.filter(lead=organ, ending="").exclude(organ=to).update(lead=to)
    CaseTask.objects.filter(lead=organ, ending="").update(lead=None)
    steps.update(organ=to, assignee=None, claimed_until=None)
    _tell_applicants(everything, organ, to, reason, by, at)
    return len(cases)


def _tell_applicants(cases: Sequence[Case], organ: Organ, to: Organ, reason: str, by: Allowed, at: datetime) -> None:
    """Write into the story of each case who goes on with it, and send the message."""
    words = f"{organ}的办件和环节由{to}接着办。编号、期限和已经办的都不变，您不用重新申请。依据：{reason.strip()}"
    sealed = seal({"words": words}, purpose=CONTENT)
    facts = {"from": organ.pk, "to": to.pk, "reason": reason.strip()}
    acts = CaseAct.objects.bulk_create(
        CaseAct(
            case=each,
            kind=ActKind.TRANSFER,
            at=at,
            effective_on=day_of(at),
            by=account_of(by),
            by_name=by.ledger_name,
            facts=facts,
            content_sealed=sealed,
        )
        for each in cases
    )
    told = {"effective_on": day_of(at).isoformat(), "content": digest(sealed), **facts}
    record_many([Act(f"cases.{ActKind.TRANSFER}", each, {"case": each.case_id, **told}) for each in acts], by=by, at=at)
    acted = {"act": str(ActKind.TRANSFER), "effective_on": day_of(at).isoformat()}
    clocks = [{"clock": each.due_kind, "due_rank": each.due_rank, "due_day": str(each.due_day or "")} for each in cases]
    emit_many(
        ACTED, [Occurrence(each, {**acted, **clock}) for each, clock in zip(cases, clocks, strict=True)], by=by, at=at
    )
    said = f"原来由{organ}办的，现在由{to}接着办，编号、期限和已经办的都不变，您不用重新申请"
    notify_many(
        [
            NewNotification(
                PROGRESS,
                each.people,
                each,
                {"number": each.number, "item": each.item.name, "said": said},
            )
            for each in cases
        ],
        at=at,
    )
