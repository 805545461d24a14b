"""Appending events, in the transaction of the act and without a lock. `sequencing` orders them afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, models, transaction

from banshi.core.ids import new_guid
from banshi.core.json_types import JsonObject
from banshi.core.prepared import new
from banshi.core.unit_of_work import append
from banshi.events.kinds import KINDS, EventKind
from banshi.events.subjects import keys_of
from banshi.ledger import Actor

if TYPE_CHECKING:
    from banshi.events.models import Event


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Input of `emit_many` for one subject."""

    subject: models.Model
    data: JsonObject = field(default_factory=dict)


def emit(kind: EventKind, subject: models.Model, *, by: Actor, at: datetime, **data: object) -> "Event":
    """Append one event.

    Call it inside the transaction of the act. A payload its kind does not declare raises.
    """
    return emit_many(kind, [Occurrence(subject, data)], by=by, at=at)[0]


def emit_many(kind: EventKind, occurrences: Sequence[Occurrence], *, by: Actor, at: datetime) -> "list[Event]":
    """Append one event for each occurrence, in their order.

    The subjects are of one model.
    """
    from banshi.events.models import Event  # this package is imported before models can be

    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the event belongs in the transaction of its act")
    events = _events_of(kind, occurrences, by=by, at=at)
    append(Event, events)
    return events


def event_of(kind: EventKind, subject: models.Model, *, by: Actor, at: datetime, **data: object) -> "Event":
    """Build an event, for an act that inserts it together with rows of its own."""
    return _events_of(kind, [Occurrence(subject, data)], by=by, at=at)[0]


def _events_of(kind: EventKind, occurrences: Sequence[Occurrence], *, by: Actor, at: datetime) -> "list[Event]":
    from banshi.events.models import Event  # this package is imported before models can be

    if KINDS.get(kind.code) is not kind:
        raise LookupError(f"{kind.code} is no declared kind of event")
    if not occurrences:
        return []
    act, label = new_guid(), occurrences[0].subject._meta.label
    return [
        new(
            Event,
            act=act,
            kind=kind.code,
            at=at,
            actor=by.ledger_id,
            actor_kind=by.ledger_id.partition(":")[0],
            subject_type=label,
            subject_id=each.subject.pk,
            organ_id=keys.organ,
            item_id=keys.item,
            data=kind.data.model_validate(each.data, strict=True).model_dump(mode="json"),
        )
        for each, keys in zip(occurrences, keys_of([each.subject for each in occurrences]), strict=True)
    ]
