"""Checks of supervision that need more than an event tells."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from banshi.cases.enums import ActKind, ClockKind
from banshi.cases.models import Case, CaseAct
from banshi.cases.sealing import CONTENT, opened
from banshi.events.models import Event
from banshi.exchange.enums import CallKind, CallOutcome
from banshi.exchange.gateway import EXTERNAL
from banshi.exchange.models import CallRecord
from banshi.fees.models import FeeOrder
from banshi.supervision.models import Irregularity
from banshi.supervision.rules import check

DECISIONS = (ActKind.GRANT, ActKind.GRANT_SILENTLY, ActKind.DENY)
MINUTES_OF_A_HANDLED_CASE = timedelta(minutes=10)


def acts_of(events: Sequence[Event], *kinds: ActKind) -> Iterator[tuple[Event, CaseAct]]:
    """Match events with their acts, by case, kind and moment."""
    asked = [each for each in events if each.data.get("act") in kinds]
    if not asked:
        return
    acts = CaseAct.objects.filter(case__in={each.subject_id for each in asked}, kind__in=kinds).select_related("case")
    known = {(act.case_id, act.kind, act.at): act for act in acts}
    for each in asked:
        if act := known.get((each.subject_id, each.data["act"], each.at)):
            yield each, act


@check("refused-without-reason", "cases.acted")
def refused_without_reason(events: Sequence[Event]) -> Iterator[Event]:
    for event, act in acts_of(events, ActKind.DENY, ActKind.REFUSE_TO_ACCEPT):
        deleted = act.case.contents_deleted_at and not act.content_sealed
        if not deleted and not str(opened(act.content_sealed, purpose=CONTENT).get("words", "")).strip():
            yield event


@check("procedure-without-paper", "cases.acted")
def procedure_without_paper(events: Sequence[Event]) -> Iterator[Event]:
    yield from (event for event, act in acts_of(events, ActKind.OPEN_STOP) if act.paper_id is None)


@check("handled-outside", "cases.acted")
def handled_outside(events: Sequence[Event]) -> Iterator[Event]:
    """Find decisions minutes after receipt of what the guide does not promise at once."""
    acted = list(acts_of(events, ActKind.GRANT, ActKind.DENY))
    cases = {act.case_id for _, act in acted}
    at_once = set(
        Case.objects.filter(pk__in=cases, clocks__kind=ClockKind.PROMISED, clocks__limit=0).values_list("pk", flat=True)
    )
    for event, act in acted:
        if act.case_id not in at_once and act.at - act.case.received_at < MINUTES_OF_A_HANDLED_CASE:
            yield event


@check("decided-late", "cases.acted")
def decided_late(events: Sequence[Event]) -> Iterator[Event]:
    """Find decisions after the last day that no morning's warning met, since the case was still open in none."""
    late = [each for each in events if each.data.get("act") in DECISIONS and (each.data.get("left") or 0) < 0]
    if not late:
        return
    red = Irregularity.objects.filter(rule="case-overdue", level="red", case__in={each.subject_id for each in late})
    warned = set(red.values_list("case", flat=True))
    yield from (each for each in late if each.subject_id not in warned)


@check("looked-without-case", "exchange.called")
def looked_without_case(events: Sequence[Event]) -> Iterator[Event]:
    """Find looks at shared data that were for no case, or for one that had ended.

    A registered system names a matter of its own, and batches are of a subscription.
    """
    calls = CallRecord.objects.in_bulk([each.data["call"] for each in events])
    label, keys = Case._meta.label, {each.pk: each.purpose.partition(":") for each in calls.values()}
    cases = Case.objects.in_bulk([int(key) for name, _, key in keys.values() if name == label and key.isdecimal()])
    for each in events:
        call = calls.get(each.data["call"])
        if call is None or call.outcome == CallOutcome.REFUSED:
            continue
        name, _, key = keys[call.pk]
        if name == EXTERNAL or call.kind == CallKind.BATCH:
            continue
        case = cases.get(int(key)) if name == label and key.isdecimal() else None
        if case is None or (case.ended_at and case.ended_at < call.at):
            yield each


@check("charged-without-basis", "fees.charged")
def charged_without_basis(events: Sequence[Event]) -> Iterator[Event]:
    orders = FeeOrder.objects.in_bulk([each.subject_id for each in events])
    for each in events:
        order = orders.get(each.subject_id)
        if order and any(not str(line.get("basis", "")).strip() for line in order.lines):
            yield each
