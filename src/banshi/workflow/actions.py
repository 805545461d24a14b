"""The only writer of states."""

from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction

from banshi.core.ledger import Actor, name_of
from banshi.workflow.definition import workflow
from banshi.workflow.models import MoveRecord

Subject = TypeVar("Subject", bound=models.Model)


@transaction.atomic
def move(subject: Subject, name: str, *, flow: str, by: Actor, at: datetime, note: str = "", **changes: Any) -> Subject:
    """Lock the row, go the move, write its record. `changes` are fields set with the state; the caller writes the ledger."""
    definition = workflow(flow)
    locked: Any = type(subject)._default_manager.select_for_update().get(pk=subject.pk)
    step = definition.check(name, locked.state)
    MoveRecord.objects.create(
        workflow=flow,
        version=definition.version,
        subject=name_of(subject),
        name=name,
        source=locked.state,
        to=step.to,
        at=at,
        actor=by.ledger_id,
        actor_name=by.ledger_name,
        note=note,
    )
    for field, value in {"state": step.to, **changes}.items():
        setattr(locked, field, value)
        setattr(subject, field, value)
    locked.save(update_fields=["state", *changes])
    return subject
