"""What the worker does for outlets: lay out changes, send what is due, note what became of it.

A change is laid out once (a unique row, written with the cursor's move). A letter is marked as sent before it leaves, so
that after a kill it goes out again as one that may have arrived; the other side knows it by the change's GUID.
A whole outlet that is away is left alone for longer and longer; only a letter's own setbacks make it undeliverable.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from banshi.connectors.base import Answer, Connector, DeliveryOutcome, Unavailable
from banshi.connectors.kinds import connector_of, kind_of
from banshi.connectors.models import Delivery, Outlet
from banshi.connectors.queries import deliveries_due, letters_of, newest_change, outlets_due, sent_out, standing
from banshi.core.backoff import wait_after
from banshi.core.leases import lease
from banshi.ledger import Actor, System, record

log = logging.getLogger("banshi.connectors")
BY = System("deliver")
State = Delivery.State
NO_REASON = "对方没有说明原因"


def deliver(outlet: Outlet, *, at: datetime) -> datetime | None:
    """Send what is due, as far as one turn goes. The moment to go on from, when there may be more to send at once."""
    with lease(f"outlet-{outlet.pk}") as ours:
        if not ours:
            return None
        try:
            connector = connector_of(outlet)
        except Unavailable as trouble:
            put_off(outlet, trouble=str(trouble), by=BY, at=at)
            return None
        return _one_turn(outlet, connector, at)


def _one_turn(outlet: Outlet, connector: Connector, at: datetime) -> datetime | None:
    begun, moment = time.monotonic(), at
    for _ in range(settings.DELIVERY_BATCHES):
        current = outlets_due(moment).filter(pk=outlet.pk).first()
        if current is None:
            return None
        laid_out = lay_out(current, by=BY, at=moment)
        if not deliver_batch(current, connector, at=moment) and not laid_out:
            return None
        moment = at + timedelta(seconds=time.monotonic() - begun)
    return moment


# Laying out


@transaction.atomic
def lay_out(outlet: Outlet, *, by: Actor, at: datetime) -> int:
    """Give the next changes their delivery rows and move the cursor; only so many wait at a time, the feed keeps the rest."""
    current = Outlet.objects.select_for_update().get(pk=outlet.pk)
    room = settings.DELIVERY_WINDOW - current.deliveries.filter(state=State.WAITING).count()
    if room <= 0:
        return 0
    changes, position = _next(current, room)
    Delivery.objects.bulk_create(
        [Delivery(outlet=current, change_id=number, item_id=item) for number, item in changes], 500
    )
    if position != current.position:
        Outlet.objects.filter(pk=outlet.pk).update(position=position)
    return len(changes)


def _next(outlet: Outlet, room: int) -> tuple[list[tuple[int, int]], int]:
    """The next changes (number, item), and where the cursor stands after them."""
    begins = outlet.position < outlet.first_until
    until = outlet.first_until if begins else max(newest_change(), outlet.position)
    changes = sent_out().filter(number__gt=outlet.position, number__lte=until).order_by("number")
    wanted = standing(changes, until) if begins else changes
    chosen = list(wanted.values_list("number", "item_id")[:room])
    return chosen, chosen[-1][0] if len(chosen) == room else until


# Sending


def deliver_batch(outlet: Outlet, connector: Connector, *, at: datetime) -> bool:
    """Send the next letters. False: there was nothing, or the outlet can't take any now."""
    chosen = _choose(outlet, at)
    if not chosen:
        return False
    letters = letters_of(outlet, chosen)
    try:
        answers: Sequence[Answer] = connector.deliver(letters, at=at)
    except Exception as trouble:
        words = _words(trouble, outlet)
        if len(chosen) > 1 or _is_away(connector, at):
            put_off(outlet, trouble=words, by=BY, at=at)
            return False
        answers = [Answer(DeliveryOutcome.LATER, words)]
    settle(outlet, chosen, answers, by=BY, at=at)
    return True


def _words(trouble: Exception, outlet: Outlet) -> str:
    if isinstance(trouble, Unavailable):
        return str(trouble)
    log.error("connector of outlet %s stumbled", outlet.pk, exc_info=trouble)
    return "本系统处理这一条时出错，已记入运行日志"


@transaction.atomic
def _choose(outlet: Outlet, at: datetime) -> list[Delivery]:
    """A batch, marked as sent. One that was sent before goes alone: should it be what breaks things, it breaks only itself."""
    due = deliveries_due(outlet, at)
    doubtful = due.filter(sent__gt=0).first()
    chosen = [doubtful] if doubtful else list(due[: kind_of(outlet).at_once])
    Delivery.objects.filter(pk__in=[each.pk for each in chosen]).update(sent=F("sent") + 1)
    for each in chosen:
        each.sent += 1
    return chosen


def _is_away(connector: Connector, at: datetime) -> bool:
    try:
        connector.check(at=at)
    except Unavailable:
        return True
    return False


@transaction.atomic
def put_off(outlet: Outlet, *, trouble: str, by: Actor, at: datetime) -> None:
    """Leave the outlet alone for a while, longer each time; what waits keeps waiting."""
    outlet.failures += 1
    outlet.trouble = trouble[:300]
    outlet.next_at = at + wait_after(outlet.failures)
    outlet.save(update_fields=["failures", "trouble", "next_at"])
    if outlet.failures == 1:
        record("connectors.put_off", outlet, by=by, at=at, facts={"trouble": trouble})


# What became of it


@transaction.atomic
def settle(outlet: Outlet, sent: Sequence[Delivery], answers: Sequence[Answer], *, by: Actor, at: datetime) -> None:
    for delivery, answer in zip(sent, answers, strict=True):
        _note(delivery, answer, at)
    Delivery.objects.bulk_update(sent, ["state", "setbacks", "next_at", "reason", "receipt", "settled_at"], 500)
    taken = [each for each in sent if each.state == State.DELIVERED]
    _supersede(outlet, taken, at)
    outlet.failures, outlet.trouble, outlet.next_at = 0, "", None
    outlet.last_success_at = at if taken else outlet.last_success_at
    outlet.save(update_fields=["failures", "trouble", "next_at", "last_success_at"])
    verdicts = [answer.verdict for answer in answers]
    facts = {"first": sent[0].change_id, "last": sent[-1].change_id} | {v: verdicts.count(v) for v in DeliveryOutcome}
    record("connectors.deliver", outlet, by=by, at=at, facts=facts)


def _note(delivery: Delivery, answer: Answer, at: datetime) -> None:
    delivery.reason, delivery.receipt = answer.reason[:500], answer.receipt[:200] or delivery.receipt
    if answer.verdict is DeliveryOutcome.TAKEN:
        delivery.state, delivery.settled_at, delivery.next_at = State.DELIVERED, at, None
        return
    delivery.setbacks += 1
    delivery.reason = delivery.reason or NO_REASON
    if answer.verdict is DeliveryOutcome.REFUSED or delivery.setbacks >= settings.DELIVERY_SETBACKS:
        delivery.state, delivery.settled_at, delivery.next_at = State.REFUSED, at, None
    else:
        delivery.next_at = at + wait_after(delivery.setbacks)


def _supersede(outlet: Outlet, taken: list[Delivery], at: datetime) -> None:
    """What was refused of an item no longer matters once a later change of it has arrived."""
    newest = {each.item_id: each.change_id for each in taken}
    refused = Delivery.objects.filter(outlet=outlet, state=State.REFUSED, item__in=newest)
    gone = [each.pk for each in refused if each.change_id < newest[each.item_id]]
    if gone:
        Delivery.objects.filter(pk__in=gone).update(state=State.SUPERSEDED, settled_at=at)
