"""差评处置: verified by somebody else, put right or explained, appealed, called back. No act moves its last days."""

from datetime import datetime
from typing import Any

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.cases.sealing import opened
from banshi.core.crypto import digest
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.events import emit
from banshi.feedback.actions.lateness import SOFTWARE, tell_before_it_ends
from banshi.feedback.enums import BadRatingOutcome
from banshi.feedback.events import BAD_RATING_ANSWERED
from banshi.feedback.models import BadRating, RatedPerson, Rating
from banshi.feedback.notifications import RATING_ANSWERED
from banshi.feedback.refused_reads import refuse_look
from banshi.feedback.sealing import RATER
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify
from banshi.people.queries import account_of
from banshi.workflow.actions import move

MOVES = {
    BadRatingOutcome.MENDED: "mend",
    BadRatingOutcome.PLANNED: "plan",
    BadRatingOutcome.EXPLAINED: "explain",
}


@transaction.atomic
def contact_rater(bad: BadRating, *, words: str, by: Actor, at: datetime) -> BadRating:
    """Begin to verify, having talked to who rated where they gave their name."""
    if BadRating.objects.filter(pk=bad.pk, contacted_at__isnull=False).exists():
        raise Conflict("已经联系核实过了", remedy="请刷新页面，登记核实的结果。")
    return _go(bad, "contact", words, by, at, contacted_at=at, contacted_by=account_of(by))


@transaction.atomic
def settle_bad_rating(bad: BadRating, *, outcome: str, words: str, by: Actor, at: datetime) -> BadRating:
    """Record that it was put right, planned to be, or explained, and tell who gave their name."""
    chosen = BadRatingOutcome(outcome)
    if chosen not in MOVES:
        raise BadInput("不计入统计要经申诉复核", remedy="请提出申诉，由监察的同事复核。")
    changes: dict[str, Any] = {"outcome": chosen, "finding": words.strip()[:2000]}
    if chosen is not BadRatingOutcome.PLANNED:
        changes["answered_at"] = at
    now = _go(bad, MOVES[chosen], words, by, at, **changes)
    emit(BAD_RATING_ANSWERED, now, by=by, at=at, outcome=str(chosen))
    invitation = now.rating.invitation
    if now.rating.named and invitation.citizen_id and chosen is not BadRatingOutcome.PLANNED:
        context = {"label": invitation.label, "code": invitation.code, "said": chosen.label}
        notify(RATING_ANSWERED, [invitation.citizen_id], subject=invitation, context=context, at=at)
    return now


@transaction.atomic
def appeal_bad_rating(bad: BadRating, *, words: str, by: Actor, at: datetime) -> BadRating:
    """Ask for a review of a rating as mistaken or malicious."""
    return _go(bad, "appeal", words, by, at)


@transaction.atomic
def decide_appeal(bad: BadRating, *, upheld: bool, words: str, by: Actor, at: datetime) -> BadRating:
    """Decide an appeal, which takes the rating out of the figures where it is upheld and never out of the record."""
    if not upheld:
        return _go(bad, "dismiss", words, by, at)
    ended = {"outcome": BadRatingOutcome.EXCLUDED, "finding": words.strip()[:2000], "ended_at": at}
    now = _go(bad, "exclude", words, by, at, **ended)
    Rating.objects.filter(pk=now.rating_id).update(counted=False)
    emit(BAD_RATING_ANSWERED, now, by=by, at=at, outcome=str(BadRatingOutcome.EXCLUDED))
    return now


@transaction.atomic
def call_back(bad: BadRating, *, satisfied: bool, words: str, by: Actor, at: datetime) -> BadRating:
    """Record the call back (回访), which closes it or opens it again."""
    if satisfied:
        return _go(bad, "call_back", words, by, at, ended_at=at)
    return _go(bad, "send_back", words, by, at, answered_at=None)


def _go(bad: BadRating, name: str, words: str, by: Actor, at: datetime, **changes: Any) -> BadRating:
    """Move a bad rating with the reason that every act on one needs."""
    now = BadRating.objects.select_related("organ", "rating__invitation").get(pk=bad.pk)
    if not words.strip():
        raise BadInput("没有写情况", remedy="请写明联系、核实、处理的情况或者理由。")
    tell_before_it_ends([now], by=SOFTWARE, at=at)
    move(now, name, note=words.strip(), by=by, at=at, **changes)
    record(f"feedback.bad_rating_{name}", now, by=by, at=at, facts={"words": digest(words.strip().encode())})
    return now


def look_at_rater(bad: BadRating, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Open who rated, recording each look and also the refused try of somebody who was rated."""
    account = account_of(by)
    if account and RatedPerson.objects.filter(invitation__rating=bad.rating_id, user=account).exists():
        refusal = Refused(
            "这条差评评的是您经办的服务，不能查看是谁评的；这次查看已经记录",
            remedy="认为是误评或者恶意的，可以申诉。打击报复评价人的，依规处理。",
        )
        refuse_look(bad, refusal, what="rater", by=by, at=at)
    with transaction.atomic():
        authorize(by, Permission.RATING_IDENTITY, bad, at=at)
        record("feedback.look", bad, by=by, at=at, facts={"what": "rater"})
    found: dict[str, Any] = opened(bad.rating.rater_sealed, purpose=RATER)
    return found
