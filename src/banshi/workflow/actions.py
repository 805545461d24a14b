"""The only writer of states."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction

from banshi.core.errors import Conflict
from banshi.ledger import Actor, name_of
from banshi.workflow.definition import Move, Workflow, workflow
from banshi.workflow.models import MoveRecord

ROWS_AT_ONCE = 1000
Subject = TypeVar("Subject", bound=models.Model)


@transaction.atomic(savepoint=False)
def move(subject: Subject, name: str, *, flow: str, by: Actor, at: datetime, note: str = "", **changes: Any) -> Subject:
    """Lock the row, go the move, write its record. `changes` are fields set with the state; the caller writes the ledger."""
    locked = type(subject)._default_manager.select_for_update().get(pk=subject.pk)
    moved = move_held(locked, name, flow=flow, by=by, at=at, note=note, **changes)
    for field in ("state", *changes):
        setattr(subject, field, getattr(moved, field))
    return subject


def move_held(subject: Any, name: str, *, flow: str, by: Actor, at: datetime, note: str = "", **changes: Any) -> Any:
    """`move` within an action that has locked the row, and holds it as it was read then."""
    definition = workflow(flow)
    step = definition.check(name, subject.state)
    _record(definition, step, subject, by, at, note).save()
    for field, value in {"state": step.to, **changes}.items():
        setattr(subject, field, value)
    subject.save(update_fields=["state", *changes])
    return subject


@transaction.atomic
def move_many(
    subjects: Sequence[Subject], name: str, *, flow: str, by: Actor, at: datetime, note: str = "", **changes: Any
) -> Sequence[Subject]:
    """`move` for many of one kind, all or none, with the same changes for each."""
    if not subjects:
        return subjects
    definition, kind = workflow(flow), type(subjects[0])._default_manager
    locked: list[Any] = list(kind.select_for_update(of=("self",)).filter(pk__in=[each.pk for each in subjects]))
    if len(locked) != len(subjects):
        raise Conflict("有的已经不在了，或选了两次", remedy="请刷新页面重新选择。")
    step = definition.move_named(name)
    records = [_record(definition, definition.check(name, each.state), each, by, at, note) for each in locked]
    MoveRecord.objects.bulk_create(records, ROWS_AT_ONCE)
    changes = {"state": step.to, **changes}
    kind.filter(pk__in=[each.pk for each in locked]).update(**changes)
    for subject in subjects:
        for field, value in changes.items():
            setattr(subject, field, value)
    return subjects


def _record(definition: Workflow, step: Move, subject: Any, by: Actor, at: datetime, note: str) -> MoveRecord:
    return MoveRecord(
        workflow=definition.code,
        version=definition.version,
        subject=name_of(subject),
        name=step.name,
        source=subject.state,
        to=step.to,
        at=at,
        actor=by.ledger_id,
        actor_name=by.ledger_name,
        note=note[:500],
    )
