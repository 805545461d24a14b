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
from banshi.ledger.trees import APART, root_of

GENESIS = "0" * 64
SKIPS = (16, 256, 4096, 65_536)
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
    close(block, entries)
    block.save(force_insert=True)
    if LedgerEntry.objects.filter(pk__in=[e.pk for e in entries], block=None).update(block=block) != len(entries):
        raise IntegrityError("entries were sealed by another process in between")
    return len(entries)


def close(block: Block, entries: Sequence[LedgerEntry]) -> None:
    """Compute what a block says of its entries and of blocks further back, and its digest."""
    block.root, block.skips = root_of(members_of(entries)), skips_of(block.number)
    block.digest = block_digest_of(block, entries)


@dataclass(frozen=True, slots=True)
class Unsealed:
    """Entries not sealed yet."""

    count: int
    oldest: datetime | None


def not_sealed() -> Unsealed:
    return Unsealed(**LedgerEntry.objects.filter(block=None).aggregate(count=Count("pk"), oldest=Min("at")))


def block_digest_of(block: Block, entries: Sequence[LedgerEntry]) -> str:
    """Chain a digest over the block's head and the root it states of its entries' digests.

    Blocks of the first versions, which have no root, are digested over the list of these, in the order of their numbers.
    """
    head = [block.previous, str(block.number), block.sealed_at.astimezone(UTC).isoformat(timespec="microseconds")]
    if block.root is None:
        return digest(APART.join([*head, *members_of(entries)]).encode())
    skips = (f"{number}:{told}" for number, told in block.skips or [])
    return digest(APART.join([*head, "root", block.root, *skips]).encode())


def members_of(entries: Sequence[LedgerEntry]) -> list[str]:
    """Name entries as the digest of their block does."""
    return [f"{entry.number}:{entry.digest}" for entry in entries]


def skipped_by(number: int) -> list[int]:
    """List the blocks further back that a block names beside the one before, so that a way over many is short."""
    return [number - step for step in SKIPS if number % step == 0 and number > step]


def skips_of(number: int) -> list[tuple[int, str]]:
    wanted = skipped_by(number)
    return sorted(Block.objects.filter(number__in=wanted).values_list("number", "digest")) if wanted else []


def ranges_of(numbers: Sequence[int]) -> list[list[int]]:
    """Compress ascending numbers to ranges: 1 2 3 7 → [[1, 3], [7, 7]]."""
    breaks = [place for place, (one, next_one) in enumerate(pairwise(numbers), 1) if next_one != one + 1]
    starts, ends = [0, *breaks], [*breaks, len(numbers)]
    return [[numbers[start], numbers[end - 1]] for start, end in zip(starts, ends, strict=True)]
