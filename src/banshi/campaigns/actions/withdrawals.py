"""退出本次清理 and back again: items, or a unit with all of them, leave with a reason.

Texts under review go back to their owner.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.campaigns.actions.campaigns import must_be_under_way
from banshi.campaigns.models import Dispute, Entry, Participation
from banshi.campaigns.queries import left_with
from banshi.catalog.actions import return_texts
from banshi.catalog.models import Revision
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.ledger import Act, Actor, record, record_many
from banshi.workflow.actions import move_many
from banshi.workflow.transitions import authorize_move

MAY_LEAVE = ("preparing", "returned", "confirmed", "reviewing", "agreed", "disputed")


@transaction.atomic
def leave_entries(entries: Sequence[Entry], *, reason: str, by: Actor, at: datetime) -> int:
    """Withdraw entries that are not decided.

    A text under review becomes a draft again, free to change outside the campaign.
    """
    if not entries:
        raise BadInput("没有选中事项", [Problem("请先勾选事项")])
    by = authorize_move(entries, "leave", by=by, at=at)
    if not reason.strip():
        raise BadInput("请写退出的原因", [Problem("请写退出的原因", field="reason")])
    found = Entry.objects.select_for_update(of=("self",)).filter(pk__in=[each.pk for each in entries])
    leaving = list(found.select_related("text__item").order_by("id"))
    read = [each.text for each in leaving if each.text and each.text.state == Revision.State.SUBMITTED]
    move_many(leaving, "leave", by=by, at=at, note=reason.strip(), waiting=0)
    return_texts(read, reason=f"退出本次清理：{reason.strip()}", by=by, at=at)
    acts = [
        Act("campaigns.leave", each, {"reason": reason.strip(), "digest": each.text.digest if each.text else ""})
        for each in leaving
    ]
    record_many(acts, by=by, at=at)
    return len(leaving)


@transaction.atomic
def leave_campaign(unit: Participation, *, reason: str, by: Actor, at: datetime) -> Participation:
    """Withdraw the whole unit.

    Whatever of it is not decided leaves.
    """
    authorize(by, Permission.CAMPAIGN_MANAGE, unit, at=at)
    if not reason.strip():
        raise BadInput("请写退出的原因", [Problem("请写退出的原因", field="reason")])
    if not Participation.objects.filter(pk=unit.pk, left_at=None).update(left_at=at, left_reason=reason.strip()):
        raise Conflict("这个单位已经退出了")
    unit.refresh_from_db()
    must_be_under_way(unit.campaign)
    entries = list(unit.entries.filter(state__in=MAY_LEAVE).select_related("campaign"))
    left = leave_entries(entries, reason=reason, by=by, at=at) if entries else 0
    record("campaigns.leave_campaign", unit, by=by, at=at, facts={"reason": unit.left_reason, "entries": left})
    return unit


@transaction.atomic
def rejoin_entries(entries: Sequence[Entry], *, reason: str, by: Actor, at: datetime) -> int:
    """Take entries in again (重新列入), to be reported in the unit's next round.

    A dispute not settled is over with what it was about.
    """
    if not entries:
        raise BadInput("没有选中事项", [Problem("请先勾选事项")])
    by = authorize_move(entries, "rejoin", by=by, at=at)
    if not reason.strip():
        raise BadInput("请写重新列入的原因", [Problem("请写重新列入的原因", field="reason")])
    disputes = dict(Dispute.objects.filter(entry__in=entries, settled_at=None).values_list("entry", "question"))
    Dispute.objects.filter(entry__in=list(disputes), settled_at=None).delete()
    move_many(entries, "rejoin", by=by, at=at, note=reason.strip())
    facts = {"reason": reason.strip()}
    acts = [Act("campaigns.rejoin", each, {**facts, "dispute": disputes.get(each.pk, "")}) for each in entries]
    record_many(acts, by=by, at=at)
    return len(entries)


@transaction.atomic
def rejoin_campaign(unit: Participation, *, reason: str, by: Actor, at: datetime) -> Participation:
    """Return the whole unit, with the items that left when it left.

    Those that left before, each on its own, stay out.
    """
    authorize(by, Permission.CAMPAIGN_MANAGE, unit, at=at)
    if not reason.strip():
        raise BadInput("请写重新参加的原因", [Problem("请写重新参加的原因", field="reason")])
    unit = Participation.objects.select_for_update(of=("self",)).select_related("campaign", "organ").get(pk=unit.pk)
    must_be_under_way(unit.campaign)
    if unit.left_at is None:
        raise Conflict("这个单位没有退出，或已经重新参加了")
    entries = left_with(unit)
    facts = {"reason": reason.strip(), "left": unit.left_reason, "entries": len(entries)}
    unit.left_at, unit.left_reason = None, ""
    unit.save(update_fields=["left_at", "left_reason"])
    for each in entries:
        each.participation, each.campaign = unit, unit.campaign
    if entries:
        rejoin_entries(entries, reason=reason, by=by, at=at)
    record("campaigns.rejoin_campaign", unit, by=by, at=at, facts=facts)
    return unit
