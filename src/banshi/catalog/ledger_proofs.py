"""Proof for the ledger that texts of items are still those that acts have recorded."""

from collections.abc import Iterator, Sequence

from banshi.catalog.actions.drafts import content_digest
from banshi.catalog.models import Publication, Revision
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import prove_texts


@prove_texts("catalog.submit", "catalog.return", "catalog.drop", "catalog.publish")
def differing(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield entries whose text changed after it was submitted or published, found by item and digest."""
    subjects = {entry.subject for entry in entries}
    deleted = set(
        LedgerEntry.objects.filter(action="catalog.delete_item", subject__in=subjects).values_list("subject", flat=True)
    )
    entries = [entry for entry in entries if entry.subject not in deleted]
    items = {entry.number: int(entry.subject.rpartition(":")[2]) for entry in entries}
    texts: dict[tuple[int, str], bool] = {}
    kept = Revision.objects.filter(item__in=items.values(), digest__in=[each.facts["digest"] for each in entries])
    for item, digest, content in kept.values_list("item_id", "digest", "content").iterator(100):
        whole = texts.get((item, digest), True)
        texts[item, digest] = whole and content_digest(content) == digest
    publications = Publication.objects.filter(item__in=items.values())
    published = {
        (item, number, digest): identity
        for item, number, digest, identity in publications.values_list(
            "item_id", "number", "revision__digest", "identity"
        )
    }
    for entry in entries:
        item, digest = items[entry.number], entry.facts["digest"]
        if (item, digest) not in texts:
            yield entry, "不在了：指南被删去，或连同摘要被改动过"
        elif not texts[item, digest]:
            yield entry, "被改动过：指南的内容与摘要不符"
        elif entry.action == "catalog.publish" and (item, entry.facts["number"], digest) not in published:
            yield entry, f"不再是公布的第{entry.facts['number']}版：公布记录被删去或换过"
        elif "identity" in entry.facts and entry.facts["identity"] != published[item, entry.facts["number"], digest]:
            yield entry, "被改动过：公布的编码、类型、类别与记录不符"
