"""Large files are read and imported in the background. The page shows how far."""

from datetime import datetime
from typing import IO

from django.db import transaction
from django_tasks import task
from django_tasks.base import TaskContext

from banshi.jobs.progress import report_of
from banshi.people.models import Division, User
from banshi.spreadsheets import actions
from banshi.spreadsheets.models import ImportBatch
from banshi.spreadsheets.queries import owners_of

# A page waits for less; more goes to the background.
BYTES_AT_ONCE = 400_000


def is_large(batch: ImportBatch) -> bool:
    return batch.file.size > BYTES_AT_ONCE


@transaction.atomic
def start_import(
    file: IO[bytes], *, name: str, division: Division, options: dict[str, object], by: User, at: datetime
) -> ImportBatch:
    """Keep a file that is to be imported and read it."""
    batch = actions.receive_file(file, name=name, division=division, options=options, by=by, at=at)
    start_reading(batch, by=by, at=at)
    return batch


@transaction.atomic
def start_reading(batch: ImportBatch, *, by: User, at: datetime) -> None:
    """Read now or, for a large file, in the background."""
    if is_large(batch):
        result = read_import.enqueue(batch.pk, by.pk, at.isoformat())
        actions.note_task(batch, key=str(result.id), by=by, at=at)
    else:
        actions.read_batch(batch, owners_of(batch, by, at=at), by=by, at=at)


@transaction.atomic
def start_applying(batch: ImportBatch, *, publish: bool, by: User, at: datetime) -> None:
    """Apply now or, for a large file, in the background."""
    if is_large(batch):
        result = apply_import.enqueue(batch.pk, by.pk, at.isoformat(), publish)
        actions.note_task(batch, key=str(result.id), by=by, at=at)
    else:
        actions.apply_batch(batch, owners_of(batch, by, at=at), publish=publish, by=by, at=at)


@task(takes_context=True)
def read_import(context: TaskContext, batch: int, user: int, at: str) -> None:
    found, person = _of(batch, user)
    actions.read_batch(
        found,
        owners_of(found, person, at=datetime.fromisoformat(at)),
        by=person,
        at=datetime.fromisoformat(at),
        report=report_of(context),
    )


@task(takes_context=True)
def apply_import(context: TaskContext, batch: int, user: int, at: str, publish: bool) -> None:
    """Import all or nothing.

    Run again after a lost worker it either finds nothing written, or all of it and stops.
    """
    found, person = _of(batch, user)
    if found.state == ImportBatch.State.APPLIED:
        return
    owners = owners_of(found, person, at=datetime.fromisoformat(at))
    actions.apply_batch(
        found, owners, publish=publish, by=person, at=datetime.fromisoformat(at), report=report_of(context)
    )


def _of(batch: int, user: int) -> tuple[ImportBatch, User]:
    return ImportBatch.objects.select_related("file", "division").get(pk=batch), User.objects.get(pk=user)
