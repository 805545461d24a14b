"""Proof for the ledger that reports, opinions, conclusions and decisions are still those that acts have recorded."""

from collections.abc import Iterator, Sequence

from banshi.campaigns.actions.consulting import answer_digest, comment_digest, shown_of
from banshi.campaigns.actions.reviewing import opinion_digest
from banshi.campaigns.models import Comment, Consultation, Decision, Entry, Report, Review, Summing
from banshi.catalog.actions.drafts import content_digest
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import key_of, newest_acts, prove_texts


@prove_texts("campaigns.sign_report")
def differing_reports(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    kept = Report.objects.in_bulk([key_of(each) for each in entries])
    for entry in entries:
        report, facts = kept.get(key_of(entry)), entry.facts
        if report is None:
            yield entry, "不在了：上报被删去"
        elif (report.digest, report.items, report.round) != (facts["digest"], facts["items"], facts["round"]):
            yield entry, "被改动过：上报与记录的摘要、项数或轮次不符"
        elif content_digest(report.summary) != facts["summary"]:
            yield entry, "被改动过：上报的工作小结与摘要不符"


@prove_texts("campaigns.give_review")
def differing_reviews(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    keys = {entry.number: key_of(entry) for entry in entries}
    given = Review.objects.prefetch_related("opinions").in_bulk(set(keys.values()))
    for entry in entries:
        review = given.get(keys[entry.number])
        if review is None:
            yield entry, "不在了：审核意见被删去"
        elif opinion_digest(review, list(review.opinions.all())) != entry.facts.get("opinion"):
            yield entry, "被改动过：审核意见与摘要不符"


@prove_texts("campaigns.sum_up")
def differing_summings(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield summings-up that no recorded conclusion of their round bears out.

    A reopened round is summed up again.
    """
    keys = {entry.number: key_of(entry) for entry in entries}
    said: dict[tuple[int, int], list[tuple[str, str, list[str]]]] = {}
    for each in Summing.objects.filter(entry__in=keys.values()):
        said.setdefault((each.entry_id, each.round), []).append((each.conclusion, each.disposition, each.asks))
    for entry in entries:
        facts = entry.facts
        known = said.get((keys[entry.number], facts["round"]), [])
        if (facts["conclusion"], facts["disposition"], facts["asks"]) not in known:
            yield entry, "被改动过：汇总意见与记录不符，或被删去"


@prove_texts("campaigns.record_decision")
def differing_decisions(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    kept = Decision.objects.select_related("minutes").in_bulk([key_of(each) for each in entries])
    for entry in entries:
        decision, facts = kept.get(key_of(entry)), entry.facts
        if decision is None:
            yield entry, "不在了：审定被删去"
            continue
        minutes = decision.minutes.digest if decision.minutes else ""
        said = (decision.meeting, decision.held_on.isoformat(), decision.doc_no, minutes)
        if said != (facts["meeting"], facts["held_on"], facts["doc_no"], facts["minutes"]):
            yield entry, "被改动过：审定的会议、日期、文号或纪要与记录不符"


@prove_texts("campaigns.rule")
def differing_rulings(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield entries whose result is no longer the one decided, which is for good."""
    keys = [key_of(each) for each in entries]
    said = {
        key: rest
        for key, *rest in Entry.objects.filter(pk__in=keys).values_list("pk", "decision", "final", "final_note")
    }
    for entry in entries:
        facts = entry.facts
        if key_of(entry) not in said:
            yield entry, "不在了：审定过的参审事项被删去"
        elif said[key_of(entry)] != [facts["decision"], facts["final"], facts["note"]]:
            yield entry, "被改动过：审定结果与记录不符"


@prove_texts("campaigns.comment_on")
def differing_comments(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield comments of the public whose words, publicity or answer are not what acts have recorded of them."""
    kept = Comment.objects.in_bulk([key_of(each) for each in entries])
    told = ("campaigns.moderate_comment", "campaigns.answer_comment")
    later = LedgerEntry.objects.filter(subject__in=[each.subject for each in entries], action__in=told)
    last = {(act.subject, act.action): act.facts for act in later.order_by("number")}
    for entry in entries:
        comment = kept.get(key_of(entry))
        moderated, answered = (last.get((entry.subject, action)) for action in told)
        if comment is None:
            yield entry, "不在了：公众意见被删去"
        elif entry.facts.get("digest") not in (None, comment_digest(comment)):
            yield entry, "被改动过：公众意见与摘要不符"
        elif (comment.state, comment.hidden_reason) != (
            (moderated["state"], moderated["reason"]) if moderated else (Comment.State.NEW, "")
        ):
            yield entry, "被改动过：公众意见是否公开与记录不符"
        elif comment.accepted != (answered["accepted"] if answered else None):
            yield entry, "被改动过：公众意见是否采纳与记录不符"
        elif answered and answered.get("answer") not in (None, answer_digest(comment)):
            yield entry, "被改动过：对公众意见的答复与摘要不符"


SHOWN = ("campaigns.open_consultation", "campaigns.extend_consultation", "campaigns.close_consultation")


@prove_texts(*SHOWN)
def differing_consultations(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield the newest entry of a consultation whose days or texts are not what it recorded."""
    kept = Consultation.objects.in_bulk([key_of(each) for each in entries])
    newest = newest_acts(entries, *SHOWN)
    for entry in entries:
        consultation = kept.get(key_of(entry))
        if consultation is None:
            yield entry, "不在了：公示征求意见被删去"
        elif newest[entry.subject].number == entry.number and "digest" in entry.facts:
            present = shown_of(consultation)
            if any(str(present[name]) != entry.facts[name] for name in ("opens", "closes", "digest")):
                yield entry, "被改动过：公示的日期、标题、说明或采纳情况与记录不符"
