"""Watch for jumps of the machine's clock, each of which becomes an entry."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from banshi.core.clock import CHINA
from banshi.ledger.models import Block, LedgerEntry
from banshi.ledger.recording import System, record

JUMP = timedelta(minutes=1)
CLOCK_JUMPED = "ledger.clock_jumped"
WATCH = System("clock")


@dataclass(slots=True)
class ClockWatch:
    """Comparison of the clock with one that nobody sets (monotonic), and at the start with the newest block."""

    due: datetime | None = None
    ticks: float = 0.0

    def look(self, *, at: datetime, ticks: float | None = None) -> None:
        """Record a jump since the last look."""
        ticks = time.monotonic() if ticks is None else ticks
        if self.due is None:
            newest = Block.objects.order_by("-number").values_list("sealed_at", flat=True).first()
            due = max(newest, at) if newest else at
        else:
            due = self.due + timedelta(seconds=ticks - self.ticks)
        if abs(at - due) > JUMP:
            _record_jump(due, at)
        self.due, self.ticks = at, ticks


@transaction.atomic
def _record_jump(due: datetime, at: datetime) -> None:
    block = Block.objects.order_by("-number").first() or Block(number=0)
    facts = {"due": due, "seconds": round((at - due).total_seconds())}
    record(CLOCK_JUMPED, block, by=WATCH, at=at, facts=facts)


def newest_jump() -> LedgerEntry | None:
    return LedgerEntry.objects.filter(action=CLOCK_JUMPED).order_by("-number").first()


def words_of_jump(entry: LedgerEntry) -> str:
    due = datetime.fromisoformat(entry.facts["due"]).astimezone(CHINA)
    told = entry.at.astimezone(CHINA)
    return f"机器的时钟跳过：应当是{due:%Y-%m-%d %H:%M:%S}，走到了{told:%Y-%m-%d %H:%M:%S}（第{entry.number}条记录）"
