"""Jobs that follow: the recount after a correction of the calendar, and the registers asked after receipt."""

from datetime import date, datetime

from django.dispatch import receiver

from banshi.calendar.signals import corrected
from banshi.cases.actions import answer_dispute
from banshi.cases.models import Case
from banshi.cases.queries import cases_counted_from, open_dispute, shared_materials
from banshi.cases.signals import received
from banshi.cases.tasks import fetch_materials, recount_corrected
from banshi.exchange.enums import CorrectionResult
from banshi.exchange.models import Correction
from banshi.exchange.signals import correction_answered
from banshi.ledger import System


@receiver(corrected)
def recount_after_correction(*, first: date, at: datetime, **_: object) -> None:
    if cases_counted_from(first).exists():
        recount_corrected.enqueue(first.isoformat(), at.isoformat())


@receiver(received)
def fetch_what_is_shared(*, case: Case, at: datetime, **_: object) -> None:
    """Enqueue the job in the transaction of receipt, so that it runs if and only if there is a case."""
    if any(material.shared_from for _, material in shared_materials(case)):
        fetch_materials.enqueue(case.pk, at.isoformat())


@receiver(correction_answered)
def tell_the_case(*, correction: Correction, words: str, at: datetime, **rest: object) -> None:
    """Answer in the case what an applicant said was wrong there."""
    label, _, key = correction.matter.partition(":")
    case = Case.objects.filter(pk=key).first() if correction.call_id is None and label == Case._meta.label else None
    if case and open_dispute(case):
        corrected = correction.result == CorrectionResult.CORRECTED
        answer_dispute(case, corrected=corrected, words=words, by=System("exchange"), at=at)
