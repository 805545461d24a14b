"""Appending to the ledger, in the transaction of the act and without a lock. `sealing` chains entries afterwards."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from banshi.core.crypto import digest
from banshi.core.json_types import JsonObject
from banshi.core.prepared import new
from banshi.core.unit_of_work import append

if TYPE_CHECKING:
    from banshi.ledger.models import LedgerEntry


class Actor(Protocol):
    """Whoever acts: a user, or the system itself."""

    @property
    def ledger_id(self) -> str: ...
    @property
    def ledger_name(self) -> str: ...


class System:
    """The software acting on its own: `System("import")`."""

    PREFIX = "system:"

    def __init__(self, what: str) -> None:
        self.ledger_id, self.ledger_name = f"{self.PREFIX}{what}", f"系统（{what}）"


@dataclass(frozen=True, slots=True)
class Act:
    """Input of `record_many` for one subject."""

    action: str
    subject: models.Model
    facts: JsonObject = field(default_factory=dict)


def record(
    action: str, subject: models.Model, *, by: Actor, at: datetime, facts: JsonObject | None = None
) -> "LedgerEntry":
    """Append one entry.

    Call it inside the transaction of the act.
    """
    return record_many([Act(action, subject, facts or {})], by=by, at=at)[0]


def record_many(acts: Iterable[Act], *, by: Actor, at: datetime) -> "list[LedgerEntry]":
    """Append one entry for each act, in their order."""
    from banshi.ledger.models import LedgerEntry  # this package is imported before models can be

    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the ledger entry belongs in the transaction of its act")
    entries = [entry_of(act, by=by, at=at) for act in acts]
    append(LedgerEntry, entries)
    return entries


def entry_of(act: Act, *, by: Actor, at: datetime) -> "LedgerEntry":
    """Build an entry, for an act that inserts it together with rows of its own."""
    from banshi.ledger.models import LedgerEntry  # this package is imported before models can be

    entry = new(
        LedgerEntry,
        at=at,
        actor=by.ledger_id,
        actor_name=by.ledger_name,
        action=act.action,
        subject=name_of(act.subject),
        facts=json.loads(json.dumps(act.facts, cls=DjangoJSONEncoder)),
    )
    entry.digest = digest_of(entry)
    return entry


def name_of(subject: models.Model) -> str:
    return f"{subject._meta.label}:{subject.pk}"


def digest_of(entry: "LedgerEntry") -> str:
    """Digest of an entry's content.

    Its number is covered by the block.
    """
    parts = [
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.actor_name,
        entry.action,
        entry.subject,
        json.dumps(entry.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    ]
    return digest("\x1f".join(parts).encode())
