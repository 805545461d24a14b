"""The examiners' side: an opinion on what was seen, and what follows from it."""

from datetime import datetime

from django.db import transaction

from banshi.adjustments.actions.publishing import carry_out, restore_before
from banshi.adjustments.actions.transition import go, locked, seen_of
from banshi.adjustments.enums import Verdict
from banshi.adjustments.models import Adjustment, AdjustmentOpinion
from banshi.adjustments.permissions import desk_of, flow_moves
from banshi.catalog.actions import drop_texts, return_texts
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.core.ledger import Actor
from banshi.people.models import User

MOVES = {
    Verdict.AGREE: ("pass_on", "approve", "approve_at_once"),
    Verdict.RETURN: ("send_back",),
    Verdict.REFUSE: ("refuse",),
    Verdict.CONFIRM: ("confirm",),
    Verdict.UNDO: ("undo",),
}
WITH_REASON = (Verdict.RETURN, Verdict.REFUSE, Verdict.UNDO)


def verdicts_for(adjustment: Adjustment) -> list[Verdict]:
    """What an examiner can say now."""
    names = {each.name for each in flow_moves(adjustment)}
    return [verdict for verdict, moves in MOVES.items() if names & set(moves)]


@transaction.atomic
def give_opinion(
    adjustment: Adjustment, *, verdict: str, words: str = "", seen: str, by: Actor, at: datetime
) -> Adjustment:
    """`seen` is the digest of the text the examiner read; Conflict when another lies there now."""
    now = locked(adjustment)
    said = Verdict(verdict)
    _check(now, said, words, seen, by)
    name = _move(now, said)
    desk, text = desk_of(now), now.text
    assert desk is not None
    person = by if isinstance(by, User) else None
    AdjustmentOpinion.objects.create(adjustment=now, organ=desk, verdict=said, words=words, seen=seen, by=person, at=at)
    go(now, name, note=words, by=by, at=at)
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


def _check(adjustment: Adjustment, said: Verdict, words: str, seen: str, by: Actor) -> None:
    if said in WITH_REASON and not words.strip():
        raise BadInput(f"{said.label}要写明理由", remedy="申请单位会看到这段话。")
    if seen != seen_of(adjustment):
        raise Conflict("您看过以后内容又变了，意见没有记下", remedy="请刷新页面，按现在的内容再提意见。")
    if adjustment.applied_by_id and adjustment.applied_by_id == getattr(by, "pk", None):
        raise Refused("不能审核自己提交的调整", remedy="请由别的审核人办理。")


def _move(adjustment: Adjustment, said: Verdict) -> str:
    open_moves = {each.name for each in flow_moves(adjustment)}
    name = next((each for each in MOVES[said] if each in open_moves), "")
    if not name:
        raise Conflict(f"现在不能“{said.label}”", remedy="可能刚有人办过，请刷新页面查看。")
    return name
