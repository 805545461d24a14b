"""Proof for the ledger that opinions and conclusions of reviewers are still those that acts have recorded."""

from collections.abc import Iterator, Sequence

from banshi.campaigns.actions.reviewing import opinion_digest
from banshi.campaigns.models import Review, Summing
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import prove_texts


@prove_texts("campaigns.give_review")
def differing_reviews(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    keys = {entry.number: int(entry.subject.rpartition(":")[2]) for entry in entries}
    given = Review.objects.prefetch_related("opinions").in_bulk(set(keys.values()))
    for entry in entries:
        review = given.get(keys[entry.number])
        if review is None:
            yield entry, "不在了：审核意见被删去"
        elif opinion_digest(review, list(review.opinions.all())) != entry.facts.get("opinion"):
            yield entry, "被改动过：审核意见与摘要不符"


@prove_texts("campaigns.sum_up")
def differing_summings(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield summings-up that no recorded conclusion of their round bears out. A reopened round is summed up again."""
    keys = {entry.number: int(entry.subject.rpartition(":")[2]) for entry in entries}
    said: dict[tuple[int, int], list[tuple[str, str, list[str]]]] = {}
    for each in Summing.objects.filter(entry__in=keys.values()):
        said.setdefault((each.entry_id, each.round), []).append((each.conclusion, each.disposition, each.asks))
    for entry in entries:
        facts = entry.facts
        known = said.get((keys[entry.number], facts["round"]), [])
        if (facts["conclusion"], facts["disposition"], facts["asks"]) not in known:
            yield entry, "被改动过：汇总意见与记录不符，或被删去"
