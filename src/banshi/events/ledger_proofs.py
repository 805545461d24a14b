"""Proof for the ledger of the events: each batch of them by its digest, and of the newest acts that they have entries."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC

from banshi.core.clock import CHINA
from banshi.core.crypto import digest
from banshi.events.consuming import consume, follower, is_behind
from banshi.events.models import Event
from banshi.ledger import System, record
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import prove_texts, prove_whole

CONSUMER = "ledger.events"
SEALED = "events.seal"
NEWEST = 1000


@follower
def record_events() -> None:
    """Record the digest of each batch of numbered events in the ledger, which chains it."""
    while is_behind(CONSUMER):
        with consume(CONSUMER) as events:
            if events is None:
                return
            batch = list(events)
            facts = {"first": batch[0].number, "last": batch[-1].number, "digest": digest_of_events(batch)}
            record(SEALED, batch[-1], by=System("events"), at=batch[-1].at, facts=facts)


def digest_of_events(events: Iterable[Event]) -> str:
    """Digest every column of events."""
    lines = [
        [
            *(each.number, str(each.guid), str(each.act), each.kind, each.at.astimezone(UTC).isoformat()),
            *(each.actor, each.actor_kind, each.subject_type, each.subject_id, each.organ_id, each.item_id, each.data),
        ]
        for each in events
    ]
    return digest(json.dumps(lines, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


@prove_texts(SEALED)
def differing_events(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield batches that are not as they were recorded."""
    for entry in entries:
        first, last = entry.facts["first"], entry.facts["last"]
        present = Event.objects.filter(number__gte=first, number__lte=last).order_by("number")
        if digest_of_events(present.iterator(NEWEST)) != entry.facts["digest"]:
            yield entry, f"被改动过：第{first}至{last}号事件与摘要不符，有的被改动、插入或删去过"


@prove_whole
def acts_without_entries() -> Iterator[str]:
    """Tell of moments and actors of events without an entry, as both are of one transaction."""
    told = set(Event.objects.order_by("-id").values_list("at", "actor")[:NEWEST])
    moments = {at for at, _ in told}
    recorded = set(LedgerEntry.objects.filter(at__in=moments).order_by().values_list("at", "actor").distinct())
    if lost := sorted(told - recorded):
        at, actor = lost[0]
        yield f"{actor}在{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}办的事没有记录：末尾的记录被截去"
