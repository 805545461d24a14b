"""The recount after a correction of the calendar, whenever a running clock counts from behind it."""

from datetime import date, datetime

from django.dispatch import receiver

from banshi.calendar.signals import corrected
from banshi.cases.queries import cases_counted_from
from banshi.cases.tasks import recount_corrected


@receiver(corrected)
def recount_after_correction(*, first: date, at: datetime, **_: object) -> None:
    if cases_counted_from(first).exists():
        recount_corrected.enqueue(first.isoformat(), at.isoformat())
