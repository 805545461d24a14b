"""The examiners' side: an opinion on what was seen, and what follows from it."""

from datetime import datetime

from django.db import transaction

from banshi.adjustments.actions.publishing import carry_out, restore_before
from banshi.adjustments.actions.transition import advance, locked, seen_of
from banshi.adjustments.enums import ExaminationVerdict
from banshi.adjustments.events import EXAMINED
from banshi.adjustments.models import Adjustment, AdjustmentOpinion
from banshi.adjustments.permissions import desk_of
from banshi.catalog.actions import drop_texts, return_texts
from banshi.catalog.actions.drafts import content_digest
from banshi.core.errors import BadInput, Conflict
from banshi.events import emit
from banshi.ledger import Actor, record
from banshi.people.queries import account_of
from banshi.workflow.queries import moves_possible
from banshi.workflow.transitions import authorize_move

MOVES = {
    ExaminationVerdict.AGREE: ("pass_on", "approve", "approve_at_once"),
    ExaminationVerdict.RETURN: ("send_back",),
    ExaminationVerdict.REFUSE: ("refuse",),
    ExaminationVerdict.CONFIRM: ("confirm",),
    ExaminationVerdict.UNDO: ("undo",),
}
WITH_REASON = (ExaminationVerdict.RETURN, ExaminationVerdict.REFUSE, ExaminationVerdict.UNDO)


def verdicts_for(adjustment: Adjustment, at: datetime) -> list[ExaminationVerdict]:
    """List the verdicts an examiner can give now."""
    names = {each.name for each in moves_possible(adjustment, at=at)}
    return [verdict for verdict, moves in MOVES.items() if names & set(moves)]


@transaction.atomic
def give_opinion(
    adjustment: Adjustment, *, verdict: str, words: str = "", seen: str, by: Actor, at: datetime
) -> Adjustment:
    """Give an opinion on the text whose digest is `seen`.

    Raises Conflict when another lies there now.
    """
    now = locked(adjustment)
    said = ExaminationVerdict(verdict)
    possible = {each.name for each in moves_possible(now, at=at)}
    name = next((each for each in MOVES[said] if each in possible), MOVES[said][0])
    by = authorize_move([now], name, by=by, at=at)
    if name not in possible:
        raise Conflict(f"现在不能“{said.label}”", remedy="可能刚有人办过，请刷新页面查看。")
    if said in WITH_REASON and not words.strip():
        raise BadInput(f"{said.label}要写明理由", remedy="申请单位会看到这段话。")
    if seen != seen_of(now):
        raise Conflict("您看过以后内容又变了，意见没有记下", remedy="请刷新页面，按现在的内容再提意见。")
    desk, text = desk_of(now), now.text
    assert desk is not None
    person = account_of(by)
    given = {"organ": desk, "verdict": said, "words": words, "seen": seen, "by": person, "at": at}
    opinion = AdjustmentOpinion.objects.create(adjustment=now, **given)
    facts = {"adjustment": now.pk, "verdict": said, "opinion": digest_of_opinion(opinion)}
    record("adjustments.give_opinion", opinion, by=by, at=at, facts=facts)
    advance(now, name, note=words, by=by, at=at)
    emit(EXAMINED, now, by=by, at=at, verdict=str(said), desk=desk.pk)
    match name:
        case "approve_at_once":
            carry_out([now], by=by, at=at)
        case "send_back" if text:
            return_texts([text], reason=words, by=by, at=at)
        case "refuse" if text:
            drop_texts([text], reason=words, by=by, at=at)
        case "undo" if text:
            restore_before(text, reason=words, by=by, at=at)
    return now


def digest_of_opinion(opinion: AdjustmentOpinion) -> str:
    """Digest of all that an examiner said, kept in the ledger so that it proves the opinion too."""
    said = [opinion.adjustment_id, opinion.organ_id, opinion.verdict, opinion.words, opinion.seen, opinion.by_id]
    return content_digest({"said": said})
