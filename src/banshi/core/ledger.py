"""The append-only, hash-chained record of every act (可追溯、可核查)."""

import json
import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from banshi.core.crypto import digest
from banshi.core.models import LedgerEntry

GENESIS = "0" * 64
CHAIN_LOCK = 7_305_813
logger = logging.getLogger("banshi.ledger")


class Actor(Protocol):
    """Whoever acts: a user, or the system itself."""

    @property
    def ledger_id(self) -> str: ...
    @property
    def ledger_name(self) -> str: ...


class System:
    """The software acting on its own: `System("import")`."""

    def __init__(self, what: str) -> None:
        self.ledger_id, self.ledger_name = f"system:{what}", f"系统（{what}）"


@dataclass(frozen=True, slots=True)
class Act:
    """What `record_many` appends for one subject."""

    action: str
    subject: models.Model
    facts: dict[str, Any] = field(default_factory=dict)


def record(
    action: str, subject: models.Model, *, by: Actor, at: datetime, facts: dict[str, Any] | None = None
) -> LedgerEntry:
    """Append one entry. Call it inside the transaction of the act; entries and commits have the same order."""
    return record_many([Act(action, subject, facts or {})], by=by, at=at)[0]


def record_many(acts: Iterable[Act], *, by: Actor, at: datetime) -> list[LedgerEntry]:
    """Append one entry for each act, in their order."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the ledger entry belongs in the transaction of its act")
    entries, previous = [], _held_head() or GENESIS
    for act in acts:
        entry = LedgerEntry(
            at=at,
            actor=by.ledger_id,
            actor_name=by.ledger_name,
            action=act.action,
            subject=name_of(act.subject),
            facts=json.loads(json.dumps(act.facts, cls=DjangoJSONEncoder)),
            previous=previous,
        )
        entry.digest = previous = digest_of(entry)
        entries.append(entry)
    return LedgerEntry.objects.bulk_create(entries, batch_size=500)


def name_of(subject: models.Model) -> str:
    return f"{subject._meta.label}:{subject.pk}"


def digest_of(entry: LedgerEntry) -> str:
    parts = [
        entry.previous,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.actor_name,
        entry.action,
        entry.subject,
        json.dumps(entry.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    ]
    return digest("\x1f".join(parts).encode())


@dataclass(frozen=True, slots=True)
class Anchor:
    """The newest entry as it was seen at a moment, kept outside the database."""

    number: int
    digest: str
    at: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found. `broken`: the first entry that does not follow; `lost`: the first anchor whose entry is gone."""

    count: int
    head: LedgerEntry | None
    broken: LedgerEntry | None = None
    lost: Anchor | None = None
    anchors: int = 0

    @property
    def holds(self) -> bool:
        return self.broken is None and self.lost is None

    def __str__(self) -> str:
        if self.broken:
            return f"第{self.broken.number}条记录与前一条接不上：它或它之前的记录被改动、删除过"
        if self.lost:
            return f"第{self.lost.number}条记录（{self.lost.at}留过底）已不在或被换过：末尾的记录被截去或整体重写过"
        return f"{self.count}条记录前后相接，与{self.anchors}个留底一致"


def verify(progress: Callable[[int], None] = lambda done: None) -> Verdict:
    """Recompute the whole chain and compare it with the anchors.

    Sees: an entry changed, removed from the middle, put in between, or out of order; a tail cut off, or the chain
    rewritten, back to before the newest anchor. Does not see: entries cut off after the newest anchor; a chain rewritten by
    one who can rewrite the anchors too. So keep a copy of the anchors (the log, the backups) on another machine.
    """
    anchors = kept_anchors()
    waiting, previous, entry, count = {anchor.number: anchor for anchor in anchors}, GENESIS, None, 0
    for count, entry in enumerate(LedgerEntry.objects.order_by("number").iterator(2000), 1):
        if entry.previous != previous or entry.digest != digest_of(entry):
            return Verdict(count, entry, broken=entry, anchors=len(anchors))
        anchor = waiting.get(entry.number)
        if anchor and anchor.digest == entry.digest:
            del waiting[entry.number]
        previous = entry.digest
        if count % 2000 == 0:
            progress(count)
    return Verdict(count, entry, lost=min(waiting.values(), key=lambda a: a.number, default=None), anchors=len(anchors))


def anchor(*, at: datetime) -> Anchor | None:
    """Keep the newest entry's digest in BANSHI_HOME/anchors and in the log; None when it is kept already."""
    head = LedgerEntry.objects.order_by("-number").first()
    kept = kept_anchors()
    if head is None or (kept and kept[-1].digest == head.digest):
        return None
    new = Anchor(head.number, head.digest, at.isoformat(timespec="seconds"))
    path = _anchor_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(asdict(new)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    logger.warning("ledger anchor number=%s digest=%s", new.number, new.digest)
    return new


def kept_anchors() -> list[Anchor]:
    path = _anchor_file()
    if not path.exists():
        return []
    return [Anchor(**json.loads(line)) for line in path.read_text().splitlines() if line.endswith("}")]


def _anchor_file() -> Path:
    return Path(settings.LEDGER_ANCHORS)


def _held_head() -> str | None:
    """The newest entry's digest, with the chain held for one appender at a time until commit.

    SQLite's write transaction does that by itself (BEGIN IMMEDIATE). On PostgreSQL two statements go in one round trip;
    the second sees what was committed while the first waited, which one statement of both would not.
    """
    newest = LedgerEntry.objects.order_by("-number").values_list("digest", flat=True)[:1]
    if connection.vendor != "postgresql":
        return newest.first()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({CHAIN_LOCK}); {newest.query}")
        cursor.nextset()
        row = cursor.fetchone()
    return row[0] if row else None
