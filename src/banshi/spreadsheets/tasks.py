"""Large files are read and imported in the background; the page shows how far."""

from datetime import datetime

from django_tasks import task
from django_tasks.base import TaskContext

from banshi.jobs.progress import report_of
from banshi.people.models import User
from banshi.spreadsheets import actions
from banshi.spreadsheets.models import ImportBatch
from banshi.spreadsheets.queries import owners_of

# A page waits for less; more goes to the background.
BYTES_AT_ONCE = 400_000


def is_large(batch: ImportBatch) -> bool:
    return batch.file.size > BYTES_AT_ONCE


@task(takes_context=True)
def read_import(context: TaskContext, batch: int, user: int, at: str) -> None:
    found, person = _of(batch, user)
    actions.read_batch(
        found, owners_of(found, person), by=person, at=datetime.fromisoformat(at), report=report_of(context)
    )


@task(takes_context=True)
def apply_import(context: TaskContext, batch: int, user: int, at: str, publish: bool) -> None:
    """Import all or nothing. Run again after a lost worker it either finds nothing written, or all of it and stops."""
    found, person = _of(batch, user)
    if found.state == ImportBatch.State.APPLIED:
        return
    owners = owners_of(found, person)
    actions.apply_batch(
        found, owners, publish=publish, by=person, at=datetime.fromisoformat(at), report=report_of(context)
    )


def _of(batch: int, user: int) -> tuple[ImportBatch, User]:
    return ImportBatch.objects.select_related("file", "division").get(pk=batch), User.objects.get(pk=user)
