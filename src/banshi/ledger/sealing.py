"""Sealing entries in chained blocks, after their transactions have committed.

Membership is explicit: an entry of a long transaction commits with a lower number than entries sealed before, and goes into a
later block. Unique block numbers and the write-once `block` column make sealing twice impossible, whoever runs it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from django.db import IntegrityError, transaction
from django.db.models import Count, Min

from banshi.core.crypto import digest
from banshi.ledger.models import Block, LedgerEntry

GENESIS = "0" * 64
BLOCK = 1000
"""Entries in a block at most, which bounds memory and how far a break can be narrowed down."""


def seal(*, at: datetime) -> int:
    """Seal every committed entry.

    The number sealed, fewer where another process is sealing at the same time.
    """
    sealed = 0
    while LedgerEntry.objects.filter(block=None).exists():
        try:
            sealed += _seal_block(at)
        except IntegrityError:
            break
    return sealed


@transaction.atomic
def _seal_block(at: datetime) -> int:
    head = Block.objects.order_by("-number").first()
    entries = list(LedgerEntry.objects.filter(block=None).order_by("number")[:BLOCK])
    if not entries:
        return 0
    block = Block(
        number=head.number + 1 if head else 1,
        previous=head.digest if head else GENESIS,
        members=ranges_of([entry.number for entry in entries]),
        count=len(entries),
        sealed_at=at,
    )
    block.digest = block_digest_of(block, entries)
    block.save(force_insert=True)
    if LedgerEntry.objects.filter(pk__in=[e.pk for e in entries], block=None).update(block=block) != len(entries):
        raise IntegrityError("entries were sealed by another process in between")
    return len(entries)


@dataclass(frozen=True, slots=True)
class Unsealed:
    """Entries not sealed yet."""

    count: int
    oldest: datetime | None


def not_sealed() -> Unsealed:
    return Unsealed(**LedgerEntry.objects.filter(block=None).aggregate(count=Count("pk"), oldest=Min("at")))


def block_digest_of(block: Block, entries: Sequence[LedgerEntry]) -> str:
    """Chain a digest over the block's head and the digests of its entries, in the order of their numbers."""
    head = f"{block.previous}\x1f{block.number}\x1f{block.sealed_at.astimezone(UTC).isoformat(timespec='microseconds')}"
    return digest("\x1f".join([head, *(f"{entry.number}:{entry.digest}" for entry in entries)]).encode())


def ranges_of(numbers: Sequence[int]) -> list[list[int]]:
    """Compress ascending numbers to ranges: 1 2 3 7 → [[1, 3], [7, 7]]."""
    breaks = [place for place, (one, next_one) in enumerate(pairwise(numbers), 1) if next_one != one + 1]
    starts, ends = [0, *breaks], [*breaks, len(numbers)]
    return [[numbers[start], numbers[end - 1]] for start, end in zip(starts, ends, strict=True)]
