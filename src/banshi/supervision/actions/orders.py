"""Acts on findings: remind, order, answer, judge, close or censure, each with its paper."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from banshi.access import Allowed, Permission, authorize, roles
from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import chinese_date, day_of
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify
from banshi.notifications.recipients import holders, nearest_holders
from banshi.papers.actions import issue
from banshi.papers.models import Paper
from banshi.people.models import Organ
from banshi.people.posts import current_posts, posts_giving
from banshi.people.queries import account_of
from banshi.supervision.models import Irregularity, SupervisionOrder
from banshi.supervision.notifications import STEP
from banshi.supervision.queries import office_of, orders_to_climb, receiver_of, why_no_order, why_unread, words_of_case
from banshi.supervision.rules import label_of_finding, monitoring_rules
from banshi.supervision.thresholds import order_limits
from banshi.workflow.actions import move_held
from banshi.workflow.transitions import authorize_move


@transaction.atomic
def alert(irregularity: Irregularity, *, words: str, by: Actor, at: datetime) -> Irregularity:
    """Remind (提醒) the organ of a finding, or its superior where nobody in it reads, without asking for an answer."""
    now, by = _held(irregularity, "alert", by=by, at=at)
    check_alert(now, by=by, at=at)
    said = _needed(words, "demand", "请写明要提醒什么")
    move_held([now], "alert", note=said[:500], by=by, at=at)
    receiver = receiver_of(now, sender=office_of(account_of(by), at=at), day=day_of(at))
    assert receiver is not None  # checked before
    if receiver != now.organ:  # who reads it there has to see what it is about
        Irregularity.objects.filter(pk=now.pk).update(answerer=receiver)
    paper = _issue("supervision_alert", now, receiver, {"demand": said}, by=by, at=at)
    return _told(now, "alert", "监察提醒", paper, receiver, "", by=by, at=at)


@transaction.atomic
def give_order(irregularity: Irregularity, *, words: str, due: date, by: Actor, at: datetime) -> SupervisionOrder:
    """Require (督办) the organ to act and to answer by a day.

    An order after one that was not answered well goes a level up, as does the first where nobody in the organ can answer;
    where none is left it is refused.
    """
    move = "order" if irregularity.state in ("found", "alerted") else "order_again"
    now, by = _held(irregularity, move, by=by, at=at)
    check_order(now, by=by, at=at)
    said = _needed(words, "demand", "请写明要求单位做什么")
    calendar, today = calendar_in_force(), day_of(at)
    if not today < due <= calendar.add_working_days(today, order_limits().most_days):
        told = f"答复期限要在明天到{order_limits().most_days}个工作日之间"
        raise BadInput(told, [Problem(told, field="due")], remedy="请改一个日期。")
    return _give(now, move, said, due, by=by, at=at)


def check_order(of: Irregularity, *, by: Actor, at: datetime) -> None:
    """Refuse to order what its rule only reminds of, and where nobody is left who can answer."""
    by = authorize(by, Permission.SUPERVISION_ORDER, of, at=at)
    if why := why_no_order(of, sender=office_of(account_of(by), at=at), day=day_of(at)):
        raise Conflict(f"不能督办：{why}", where=f"JC{of.pk}", remedy="请回到问题页面，按上面的按钮。")


def check_alert(of: Irregularity, *, by: Actor, at: datetime) -> None:
    """Refuse to remind where nobody would read it."""
    by = authorize(by, Permission.SUPERVISION_ORDER, of, at=at)
    if why := why_unread(of, sender=office_of(account_of(by), at=at), day=day_of(at)):
        raise Conflict(f"不能提醒：{why}", where=f"JC{of.pk}", remedy="请回到问题页面，按上面的按钮。")


def _give(now: Irregularity, move: str, words: str, due: date, *, by: Allowed, at: datetime) -> SupervisionOrder:
    """Order what is held, one that follows another a level up."""
    before = now.orders.select_related("organ__superior", "paper__organ").order_by("level").last()
    receiver = receiver_of(now, sender=office_of(account_of(by), at=at), day=day_of(at))
    assert receiver is not None  # checked before
    Irregularity.objects.filter(pk=now.pk).update(answerer=receiver)
    now.answerer = receiver
    move_held([now], move, note=words[:500], by=by, at=at)
    facts = {"demand": words, "answer_by": chinese_date(due)}
    sender = before.paper.organ if before and account_of(by) is None else None
    paper = _issue("supervision_order", now, receiver, facts, by=by, at=at, sender=sender)
    order = SupervisionOrder.objects.create(
        irregularity=now,
        level=before.level + 1 if before else 1,
        organ=receiver,
        words=words,
        due=due,
        ordered_by=account_of(by),
        ordered_at=at,
        paper=paper,
    )
    _told(now, move, "监察督办", paper, receiver, f"请在{chinese_date(due)}以前答复。", by=by, at=at)
    return order


def climb_orders(*, by: Actor, at: datetime) -> int:
    """Order anew, a level up, what nobody has answered for days, each once for the day that has gone, and return how many."""
    by = authorize(by, Permission.AUTOMATIC, at=at)
    keys = orders_to_climb(day_of(at)).order_by("irregularity").values_list("irregularity", flat=True)
    return sum(_climb(key, by=by, at=at) for key in list(keys))


@transaction.atomic
def _climb(key: int, *, by: Allowed, at: datetime) -> bool:
    held = Irregularity.objects.select_for_update(of=("self",)).select_related("organ", "answerer", "item", "case")
    now = held.get(pk=key)
    order = orders_to_climb(day_of(at)).filter(irregularity=now).select_related("organ", "paper").first()
    # Answered, or ordered by somebody else, in between; or for 问责, since nobody above is left.
    if order is None or why_no_order(now, sender=None, day=day_of(at)):
        return False
    allowed = authorize_move([now], "order_again", by=by, at=at)
    due = calendar_in_force().add_working_days(day_of(at), order_limits().answer_days)
    words = f"{order.organ}到{chinese_date(order.due)}没有答复{order.paper.number}，升级督办。原来的要求：{order.words}"
    further = _give(now, "order_again", words[:2000], due, by=allowed, at=at)
    heads = holders([order.organ_id], Permission.SUPERVISION_ANSWER, day_of(at)).get(order.organ_id, set())
    told = heads | _supervising(now, order, at)
    more = f"这次由{further.organ}在{chinese_date(due)}以前答复。"
    notify(STEP, sorted(told), subject=now, context=_context(now, "没有按期答复，已自动升级督办", more), at=at)
    return True


@transaction.atomic
def answer_order(irregularity: Irregularity, *, words: str, by: Actor, at: datetime) -> SupervisionOrder:
    """Answer (答复) the order for the organ."""
    now, by = _held(irregularity, "answer", by=by, at=at)
    said = _needed(words, "answer", "请写明查明的情况和改正的办法")
    order = now.orders.select_related("organ", "paper", "ordered_by").order_by("level").last()
    if order is None:
        raise Conflict("没有要答复的督办", remedy="请刷新页面查看。")
    move_held([now], "answer", note=said[:500], by=by, at=at)
    facts = {"order_number": order.paper.number, "answer": said}
    paper = _issue("supervision_answer", now, order.organ, facts, by=by, at=at, to=order.paper.organ.name)
    order.answer, order.answered_by, order.answered_at, order.answer_paper = said, account_of(by), at, paper
    order.save(update_fields=["answer", "answered_by", "answered_at", "answer_paper"])
    record("supervision.answer", now, by=by, at=at, facts={"order": order.pk, "paper": paper.number})
    told = _supervising(now, order, at)
    notify(STEP, sorted(told), subject=now, context=_context(now, "已答复督办", "请评定。"), at=at)
    return order


def _supervising(of: Irregularity, order: SupervisionOrder, at: datetime) -> set[int]:
    """Find who follows an order: who gave it, or all who supervise there when that person has left or nobody gave it."""
    if order.ordered_by and posts_giving(order.ordered_by, Permission.SUPERVISION_ORDER, at):
        return {order.ordered_by.pk}
    return nearest_holders([of.organ], Permission.SUPERVISION_ORDER, day_of(at))[of.organ_id]


@transaction.atomic
def return_answer(irregularity: Irregularity, *, words: str, by: Actor, at: datetime) -> Irregularity:
    """Send an answer back to be given again, the day to answer by kept."""
    now, by = _held(irregularity, "return_answer", by=by, at=at)
    said = _needed(words, "verdict", "请写明为什么退回")
    move_held([now], "return_answer", note=said[:500], by=by, at=at)
    return _told(now, "return_answer", "答复被退回", None, now.answerer or now.organ, "请重新答复。", by=by, at=at)


@transaction.atomic
def close(irregularity: Irregularity, *, words: str, by: Actor, at: datetime) -> Irregularity:
    """Judge that what was found has been put right, and end it."""
    return _end(irregularity, "close", "监察结案", "supervision_closure", words, by=by, at=at)


@transaction.atomic
def dismiss(irregularity: Irregularity, *, words: str, by: Actor, at: datetime) -> Irregularity:
    """Judge that nothing is wrong with what was found, and end it."""
    return _end(irregularity, "dismiss", "核实无问题", "supervision_closure", words, by=by, at=at)


@transaction.atomic
def censure(irregularity: Irregularity, *, words: str, by: Actor, at: datetime) -> Irregularity:
    """Propose to hold those responsible to account (问责), and end it."""
    return _end(irregularity, "censure", "提出问责建议", "accountability", words, by=by, at=at)


def _end(
    irregularity: Irregularity, move: str, what: str, kind: str, words: str, *, by: Actor, at: datetime
) -> Irregularity:
    now, by = _held(irregularity, move, by=by, at=at)
    said = _needed(words, "verdict", "请写明评定意见")
    move_held([now], move, note=said[:500], by=by, at=at)
    receiver = now.answerer or now.organ
    paper = _issue(kind, now, receiver, {"verdict": said}, by=by, at=at)
    return _told(now, move, what, paper, receiver, "", by=by, at=at)


def _held(irregularity: Irregularity, move: str, *, by: Actor, at: datetime) -> tuple[Irregularity, Allowed]:
    rows = Irregularity.objects.select_for_update(of=("self",))
    now = rows.select_related("organ", "answerer", "item", "case").get(pk=irregularity.pk)
    return now, authorize_move([now], move, by=by, at=at)


def _needed(words: str, field: str, told: str) -> str:
    if not words.strip():
        raise BadInput(told, [Problem(told, field="words")], remedy="写好后再提交。")
    return words.strip()[:2000]


def _issue(
    kind: str,
    of: Irregularity,
    organ: Organ,
    facts: dict[str, Any],
    *,
    by: Allowed,
    at: datetime,
    to: str = "",
    sender: Organ | None = None,
) -> Paper:
    """Issue a paper of the supervising organ (`sender`, where nobody acts for it) to another, or of the organ that answers."""
    rule = monitoring_rules().get(of.rule)
    told: dict[str, Any] = {"problem": label_of_finding(of.rule, of.level), "found_in": words_of_case(of), **facts}
    if kind in ("supervision_alert", "supervision_order", "accountability"):
        told["basis"] = [rule.basis_at(of.level) if rule else "本平台建议"]
    posts = current_posts(account_of(by), at)
    supervising = sender or next(
        (each.organ for each in posts if Permission.SUPERVISION_ORDER in roles()[each.role].permissions), organ
    )
    issuer, recipient = (organ, to) if to else (supervising, organ.name)
    return issue(kind, organ=issuer, recipient=recipient, facts=told, about=f"JC{of.pk}", by=by, at=at)


def _context(of: Irregularity, what: str, more: str) -> dict[str, Any]:
    return {"what": what, "label": label_of_finding(of.rule, of.level), "about": words_of_case(of), "more": more}


def _told(
    of: Irregularity, act: str, what: str, paper: Paper | None, organ: Organ, more: str, *, by: Allowed, at: datetime
) -> Irregularity:
    """Record the act, and tell the heads of the organ."""
    record(f"supervision.{act}", of, by=by, at=at, facts={"paper": paper.number if paper else "", "organ": organ.pk})
    heads = holders([organ.pk], Permission.SUPERVISION_ANSWER, day_of(at)).get(organ.pk, set())
    notify(STEP, sorted(heads), subject=of, context=_context(of, what, more), at=at)
    return of
