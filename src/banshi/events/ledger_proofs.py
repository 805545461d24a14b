"""Proof for the ledger that its end was not cut off: the acts of the newest events have entries."""

from collections.abc import Iterator

from banshi.core.clock import CHINA
from banshi.events.models import Event
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import prove_whole

NEWEST = 1000


@prove_whole
def acts_without_entries() -> Iterator[str]:
    """Tell of moments and actors of events without an entry, as both are of one transaction."""
    told = set(Event.objects.order_by("-id").values_list("at", "actor")[:NEWEST])
    moments = {at for at, _ in told}
    recorded = set(LedgerEntry.objects.filter(at__in=moments).order_by().values_list("at", "actor").distinct())
    if lost := sorted(told - recorded):
        at, actor = lost[0]
        yield f"{actor}在{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}办的事没有记录：末尾的记录被截去"
