"""通报 and 限期整改: what is told to all units, and what one must put right by a day."""

import json
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from banshi.access import Permission, authorize
from banshi.campaigns.bulletin import content_of
from banshi.campaigns.models import Bulletin, Campaign, Order, Participation
from banshi.campaigns.notifications import of_order
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.repeats import refuse_repeated
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify_many


@transaction.atomic
def draw_up_bulletin(campaign: Campaign, *, opening: str = "", by: Actor, at: datetime) -> Bulletin:
    """Draw up a 通报 with the figures of the moment, not issued yet."""
    authorize(by, Permission.CAMPAIGN_MANAGE, campaign, at=at)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    last, day = campaign.bulletins.first(), localtime(at).date()
    content = json.loads(json.dumps(content_of(campaign, day)))
    if last and last.issued_at is None and (last.content, last.opening) == (content, opening.strip()):
        raise Conflict(f"第{last.number}期通报已经起草，内容和这一份一样", remedy="请在通报列表里打开它，核对后印发。")
    bulletin = campaign.bulletins.create(
        number=last.number + 1 if last else 1,
        title=f"{campaign.name}进展情况通报（{day.year}年{day.month}月）",
        content=content,
        opening=opening.strip(),
        created_at=at,
    )
    record("campaigns.draw_up_bulletin", bulletin, by=by, at=at, facts={"number": bulletin.number})
    return bulletin


@transaction.atomic
def issue_bulletin(bulletin: Bulletin, *, by: Actor, at: datetime) -> Bulletin:
    """Issue a 通报, which every unit of the campaign reads from now on.

    Its figures stay as they were drawn up.
    """
    authorize(by, Permission.CAMPAIGN_MANAGE, bulletin, at=at)
    issued = Bulletin.objects.filter(pk=bulletin.pk, issued_at=None).update(issued_at=at, issued_by=by.ledger_name)
    if not issued:
        raise Conflict("这一期已经印发")
    bulletin.refresh_from_db()
    record("campaigns.issue_bulletin", bulletin, by=by, at=at, facts={"number": bulletin.number})
    return bulletin


@transaction.atomic
def order_rectification(
    unit: Participation, *, text: str, due: date, bulletin: Bulletin | None = None, by: Actor, at: datetime
) -> Order:
    authorize(by, Permission.CAMPAIGN_MANAGE, unit, at=at)
    problems = [Problem("请写整改要求", field="text")] if not text.strip() else []
    if due < localtime(at).date():
        problems.append(Problem("期限已经过去", field="due"))
    if problems:
        raise BadInput("限期整改没有写全", problems)
    refuse_repeated(
        unit,
        unit.orders.filter(text=text.strip(), due=due, closed_at=None),
        f"同样的限期整改已经发给{unit.organ}了",
        remedy="还没有销号，请在列表里查看。",
    )
    order = unit.orders.create(text=text.strip(), due=due, bulletin=bulletin, at=at)
    told = notify_many([of_order(order, day_of(at))], at=at)
    facts = {"unit": unit.organ_id, "due": due, "mailed": len(told)}
    record("campaigns.order_rectification", order, by=by, at=at, facts=facts)
    return order


@transaction.atomic
def answer_order(order: Order, *, answer: str, by: Actor, at: datetime) -> Order:
    """Answer an order.

    The unit may answer again until it is closed.
    """
    authorize(by, Permission.REPORT_PREPARE, order, at=at)
    if not answer.strip():
        raise BadInput("请写整改情况", [Problem("请写整改情况", field="answer")])
    if not Order.objects.filter(pk=order.pk, closed_at=None).update(answer=answer.strip(), answered_at=at):
        raise Conflict("这一条已经销号")
    order.refresh_from_db()
    record("campaigns.answer_order", order, by=by, at=at, facts={"answer": order.answer[:300]})
    return order


@transaction.atomic
def close_order(order: Order, *, note: str, by: Actor, at: datetime) -> Order:
    """Close an order (销号) after the answer was checked."""
    authorize(by, Permission.CAMPAIGN_MANAGE, order, at=at)
    if not order.answer:
        raise Conflict("单位还没有报整改情况，不能销号")
    if not note.strip():
        raise BadInput("请写销号意见", [Problem("请写核对的情况", field="note")])
    if not Order.objects.filter(pk=order.pk, closed_at=None).update(closed_at=at, closed_note=note.strip()):
        raise Conflict("这一条已经销号")
    order.refresh_from_db()
    record("campaigns.close_order", order, by=by, at=at, facts={"note": order.closed_note})
    return order
