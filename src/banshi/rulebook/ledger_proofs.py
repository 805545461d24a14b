"""Proof for the ledger that reasons for keeping what a rule objects to, and proofs kept, are those acts have recorded."""

from collections.abc import Iterator, Sequence
from typing import Any

from banshi.catalog.models import Item
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import key_of, newest_acts, prove_texts
from banshi.rulebook.models import ProofKept, Retention


def _ends(entries: Sequence[LedgerEntry], action: str) -> dict[str, Any]:
    return {subject: act.at for subject, act in newest_acts(entries, action).items()}


@prove_texts("rulebook.keep_with_reason")
def differing_retentions(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield entries whose reason reads otherwise now, or whose row is gone without its item."""
    kept, ends = Retention.objects.in_bulk([key_of(each) for each in entries]), _ends(entries, "rulebook.end_retention")
    items = set(Item.objects.filter(pk__in=[each.facts["item"] for each in entries]).values_list("pk", flat=True))
    for entry in entries:
        one, facts = kept.get(key_of(entry)), entry.facts
        if one is None:
            if facts["item"] in items:
                yield entry, "不在了：保留的理由被删去"
            continue
        said = (one.item_id, one.rule, one.reason, one.basis, one.ended_at)
        if said != (facts["item"], facts["rule"], facts["reason"], facts["basis"], ends.get(entry.subject)):
            yield entry, "被改动过：保留的理由或依据与记录不符"


@prove_texts("rulebook.keep_proof")
def differing_proofs(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield entries of the public list of proofs that reads otherwise now.

    Deleted items take their proofs along.
    """
    kept, ends = ProofKept.objects.in_bulk([key_of(each) for each in entries]), _ends(entries, "rulebook.end_proof")
    for entry in entries:
        one, facts = kept.get(key_of(entry)), entry.facts
        if one and (one.name, one.basis, one.until) != (facts["name"], facts["basis"], ends.get(entry.subject)):
            yield entry, "被改动过：保留的证明、依据或期限与记录不符"
