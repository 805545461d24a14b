"""Proof for the ledger that ratings, complaints, wishes and the answers to them are those acts have recorded."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import OuterRef, Subquery

from banshi.core.crypto import digest
from banshi.feedback.actions.wishes import wish_digest
from banshi.feedback.models import Complaint, ComplaintMove, ComplaintReclassing, KnowledgeEntry, Rating, Wish, WishText
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import key_of, newest_acts, prove_texts

ANSWERS = ("answer", "refuse")


@prove_texts("feedback.rate")
def differing_ratings(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    kept = Rating.objects.in_bulk([key_of(each) for each in entries])
    for entry in entries:
        rating, facts = kept.get(key_of(entry)), entry.facts
        if rating is None:
            yield entry, "不在了：评价被删去"
            continue
        said = {"grade": rating.grade, "channel": rating.channel, "named": rating.named, "tags": rating.tags}
        words = bytes(rating.words_sealed)
        said["words"] = digest(words) if words or facts.get("words") else ""
        if any(said[name] != facts[name] for name in said.keys() & facts.keys()):
            yield entry, "被改动过：评价的满意度、原因或内容与记录不符"


@prove_texts("feedback.file_complaint")
def differing_complaints(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    keys = [key_of(each) for each in entries]
    kept, first = Complaint.objects.in_bulk(keys), dict[int, str]()
    for row in ComplaintReclassing.objects.filter(complaint__in=keys).order_by("pk"):
        first.setdefault(row.complaint_id, row.before)
    for entry in entries:
        complaint, facts = kept.get(key_of(entry)), entry.facts
        if complaint is None:
            yield entry, "不在了：诉求被删去"
        elif (first.get(complaint.pk, complaint.kind), digest(complaint.text.encode())) != (
            facts["what"],
            facts["text"],
        ):
            yield entry, "被改动过：诉求的类型或内容与记录不符"


@prove_texts("feedback.reclass_complaint")
def differing_kinds(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield the newest re-classing of a complaint whose kind, or whose protection, is another now."""
    kept = Complaint.objects.in_bulk([key_of(each) for each in entries])
    newest = newest_acts(entries, "feedback.reclass_complaint")
    for entry in entries:
        one, facts = kept.get(key_of(entry)), entry.facts
        told = one and (one.kind, one.protected_as)
        if newest[entry.subject].number == entry.number and told != (facts["after"], facts["protected_as"]):
            yield entry, "被改动过：诉求的类型或保护与记录不符"


@prove_texts("feedback.answer_complaint", "feedback.refuse_complaint")
def differing_answers(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield answers that read otherwise now, of the complaints not answered again since."""
    moves = ComplaintMove.objects.filter(subject=OuterRef("pk"), name__in=ANSWERS).order_by("-pk")
    together = {entry.number: entry.facts.get("together", [key_of(entry)]) for entry in entries}
    keys = {key for some in together.values() for key in some}
    kept: Any = Complaint.objects.annotate(last=Subquery(moves.values("at")[:1])).in_bulk(keys)
    for entry in entries:
        some = [each for key in together[entry.number] if (each := kept.get(key)) and each.last == entry.at]
        if any(entry.facts.get("answer") not in (None, digest(each.answer.encode())) for each in some):
            yield entry, "被改动过：对诉求的答复与摘要不符"


@prove_texts("feedback.publish_answer")
def differing_knowledge(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield the newest entry of an answer made public that reads otherwise now."""
    kept = KnowledgeEntry.objects.in_bulk([key_of(each) for each in entries])
    newest = newest_acts(entries, "feedback.publish_answer")
    for entry in entries:
        one = kept.get(key_of(entry))
        if one is None:
            yield entry, "不在了：公开的答复被删去"
        elif newest[entry.subject].number == entry.number and digest(one.answer.encode()) != entry.facts["answer"]:
            yield entry, "被改动过：公开的答复与摘要不符"


@prove_texts("feedback.make_wish", "feedback.revise_wish")
def differing_wishes(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    keys = {key_of(each) for each in entries}
    texts = {
        (each.wish_id, wish_digest(each.title, each.text))
        for each in WishText.objects.filter(wish__in=keys).iterator(500)
    }
    for entry in entries:
        if (key_of(entry), entry.facts["text"]) not in texts:
            yield entry, "被改动过：许愿的内容与摘要不符，或被删去"


@prove_texts("feedback.answer_wish")
def differing_wish_answers(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    kept = Wish.objects.in_bulk([key_of(each) for each in entries])
    newest = newest_acts(entries, "feedback.answer_wish")
    for entry in entries:
        wish, facts = kept.get(key_of(entry)), entry.facts
        if wish is None:
            yield entry, "不在了：许愿被删去"
        elif newest[entry.subject].number == entry.number:
            said = (wish.answer_kind, digest(wish.answer.encode()))
            if said != (facts["kind"], facts["answer"]):
                yield entry, "被改动过：对许愿的答复与记录不符"
