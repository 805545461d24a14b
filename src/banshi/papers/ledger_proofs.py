"""Proof for the ledger that papers are still those that were issued."""

import json
from collections.abc import Iterator, Sequence

from banshi.core.crypto import digest
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import key_of, prove_texts
from banshi.papers.models import Paper


@prove_texts("papers.issue")
def differing_papers(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    kept = Paper.objects.in_bulk([key_of(each) for each in entries])
    for entry in entries:
        paper, facts = kept.get(key_of(entry)), entry.facts
        if paper is None:
            yield entry, "不在了：文书被删去"
        elif (paper.number, paper.facts_digest) != (facts["number"], facts["facts"]):
            yield entry, "被改动过：文书的文号或摘要与记录不符"
        elif digest(json.dumps(paper.facts, ensure_ascii=False, sort_keys=True).encode()) != paper.facts_digest:
            yield entry, "被改动过：文书的内容与摘要不符"
