"""Proof for the ledger that examiners' opinions are still those that acts have recorded."""

from collections.abc import Iterator, Sequence

from banshi.adjustments.actions.examining import digest_of_opinion
from banshi.adjustments.models import AdjustmentOpinion
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import key_of, prove_texts


@prove_texts("adjustments.give_opinion")
def differing_opinions(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    kept = AdjustmentOpinion.objects.in_bulk([key_of(each) for each in entries])
    for entry in entries:
        opinion = kept.get(key_of(entry))
        if opinion is None:
            yield entry, "不在了：动态调整的审核意见被删去"
        elif digest_of_opinion(opinion) != entry.facts["opinion"]:
            yield entry, "被改动过：动态调整的审核意见与摘要不符"
