"""The rule check after an import, so that what it brought stands with its findings."""

from datetime import datetime

from django.dispatch import receiver

from banshi.rulebook.tasks import examine_imported
from banshi.spreadsheets.signals import imported


@receiver(imported)
def examine_after_import(*, batch: int, at: datetime, **_: object) -> None:
    examine_imported.enqueue(batch, at.isoformat())
