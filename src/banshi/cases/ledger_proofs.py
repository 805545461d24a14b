"""Proof for the ledger that what was said in lawful acts, and what was applied for, are still what acts have recorded."""

from collections.abc import Iterator, Sequence

from banshi.cases.enums import ActKind
from banshi.cases.models import CaseAct
from banshi.core.crypto import digest
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import key_of, prove_texts


@prove_texts(*(f"cases.{kind}" for kind in ActKind.values))
def differing_acts(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    kept = CaseAct.objects.select_related("case__application").in_bulk([key_of(each) for each in entries])
    for entry in entries:
        act = kept.get(key_of(entry))
        if act is None:
            yield entry, "不在了：办件的法定行为被删去"
            continue
        said = digest(bytes(act.content_sealed)) if act.content_sealed else ""
        if not said and act.case.contents_deleted_at:
            said = entry.facts["content"]  # deleted when its time was over, which has an entry of its own
        told = {"case": act.case_id, "effective_on": act.effective_on.isoformat(), "content": said, **act.facts}
        if told != entry.facts or f"cases.{act.kind}" != entry.action or act.at != entry.at:
            yield entry, "被改动过：办件的法定行为与记录不符"
        elif "answers" in act.facts and _changed_since(act):
            yield entry, "被改动过：申请表的内容与提交时不符"


def _changed_since(act: CaseAct) -> bool:
    """Compare what was applied for with the newest act that hands it in, unless it was deleted when its time was over."""
    answers = bytes(act.case.application.answers_sealed)
    later = CaseAct.objects.filter(case=act.case_id, pk__gt=act.pk, facts__has_key="answers")
    return bool(answers) and not later.exists() and digest(answers) != act.facts["answers"]
