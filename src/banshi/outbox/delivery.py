"""Outbox delivery: one loop for all channels, with backoff, a circuit breaker per queue, expiry and dead letters.

A message is claimed, and its attempt counted, before it leaves. After a kill one of an idempotent channel goes out again under
the same key, any other is in doubt and is not repeated. A remote that is away is left alone for longer and longer; only a
message's own failed tries make it fail.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from banshi.core.backoff import wait_after
from banshi.core.leases import lease
from banshi.ledger import Actor, System, record
from banshi.outbox.channels import Answer, AnswerLost, Channel, Connection, DeliveryOutcome, Unavailable, channel_of
from banshi.outbox.models import Message, Queue
from banshi.outbox.queries import messages_due, queues_due, queues_with_work

log = logging.getLogger("banshi.outbox")
BY = System("deliver")
State = Message.State
TAKEN = (State.SENDING, State.IN_DOUBT)
"""Of a worker that has not settled it yet; in doubt when its lease ran out meanwhile."""
LONGEST_TURN = timedelta(seconds=5)
"""A slow remote leaves the worker to other tasks in between, such as an import somebody waits for."""
NO_REASON = "对方没有说明原因"
IN_DOUBT = "发出以后没有得到答复"
EXPIRED = "太久没有发出去"


def deliver(queue: Queue, *, at: datetime) -> datetime | None:
    """Send what is due, as far as one turn goes.

    The moment to go on from, when there may be more to send at once.
    """
    channel = channel_of(queue)
    with lease(f"outbox-{queue.pk}") as ours:
        if not ours:
            return None
        recover(queue, channel, at=at)
        current = queues_with_work(channel, at).filter(pk=queue.pk).first()
        if current is None:
            return None
        try:
            with channel.open(current, at=at) as connection:
                begun, moment = time.monotonic(), at
                for _ in range(channel.batches):
                    turn = channel.queues().filter(queues_due(moment), pk=current.pk).first()
                    if turn is None or ours.lost.is_set():
                        return None
                    refilled = channel.refill(turn, at=moment)
                    if not deliver_batch(turn, channel, connection, at=moment) and not refilled:
                        return None
                    moment = at + timedelta(seconds=time.monotonic() - begun)
                    if moment - at >= LONGEST_TURN:
                        break
                return moment
        except Unavailable as trouble:
            put_off(current, error=str(trouble), by=BY, at=at)
            return None


@transaction.atomic
def recover(queue: Queue, channel: Channel, *, at: datetime) -> None:
    """Settle what a killed worker left, and drop what is no longer worth sending.

    Call it with the queue's lock.
    """
    left = Message.objects.filter(queue=queue, state=State.SENDING)
    if channel.idempotent:
        left.update(state=State.WAITING)
    else:
        left.update(state=State.IN_DOUBT, last_error=IN_DOUBT, settled_at=at)
    old = Message.objects.filter(queue=queue, state=State.WAITING, expires_at__lt=at)
    old.update(state=State.DROPPED, last_error=EXPIRED, settled_at=at)


def deliver_batch(queue: Queue, channel: Channel, connection: Connection, *, at: datetime) -> bool:
    """Send the next messages.

    False: there was nothing. Raises Unavailable.
    """
    if not messages_due(queue, at).exists():
        return False
    connection.ready(at=at)
    claimed = claim(queue, channel.batch_size(queue), at=at)
    if not claimed:
        return False
    try:
        answers = connection.send(claimed, at=at)
    except Exception as trouble:
        answers = [_blamed(trouble, claimed, channel, connection, at)]
    settle(queue, channel, claimed, answers, at=at)
    return True


def _blamed(
    trouble: Exception, claimed: Sequence[Message], channel: Channel, connection: Connection, at: datetime
) -> Answer:
    """Lay a trouble on the message, when it was alone and the remote answers."""
    # Else on the remote (Unavailable).
    words, left = str(trouble), isinstance(trouble, AnswerLost)
    if not isinstance(trouble, Unavailable):
        log.error("channel %s stumbled", channel.code, exc_info=trouble)
        words, left = "本系统处理这一条时出错，已记入运行日志", True
    if channel.idempotent and len(claimed) == 1 and _answers(connection, at):
        return Answer(DeliveryOutcome.LATER, words)
    mine = Message.objects.filter(pk__in=[each.pk for each in claimed], state=State.SENDING)
    if left and not channel.idempotent:
        mine.update(state=State.IN_DOUBT, last_error=IN_DOUBT, settled_at=at)
    else:
        mine.update(state=State.WAITING)
    raise Unavailable(words) from trouble


def _answers(connection: Connection, at: datetime) -> bool:
    try:
        connection.check(at=at)
    except Unavailable:
        return False
    return True


@transaction.atomic
def claim(queue: Queue, size: int, *, at: datetime) -> list[Message]:
    """Take a batch for oneself.

    One that was sent before goes alone, so that if it breaks things it breaks only itself.
    """
    waiting = messages_due(queue, at).select_for_update(of=("self",), skip_locked=True)
    doubtful = waiting.filter(attempts__gt=0).first()
    claimed = [doubtful] if doubtful else list(waiting[:size])
    Message.objects.filter(pk__in=[each.pk for each in claimed]).update(state=State.SENDING, attempts=F("attempts") + 1)
    for each in claimed:
        each.state, each.attempts = State.SENDING, each.attempts + 1
    return claimed


@transaction.atomic
def put_off(queue: Queue, *, error: str, by: Actor, at: datetime) -> None:
    """Open the circuit breaker: leave the queue alone, longer each time.

    What waits keeps waiting.
    """
    current = Queue.objects.select_for_update().get(pk=queue.pk)
    current.failures, current.last_error = current.failures + 1, error[:300]
    current.next_at = at + wait_after(current.failures)
    current.save(update_fields=["failures", "last_error", "next_at"])
    if current.failures == 1:
        record("outbox.put_off", queue, by=by, at=at, facts={"error": error})


@transaction.atomic
def settle(queue: Queue, channel: Channel, sent: Sequence[Message], answers: Sequence[Answer], *, at: datetime) -> None:
    """Write what became of a batch, and close the circuit breaker: somebody answered.

    The attempt is the fencing token: what another worker has taken over since is left to it.
    """
    ours = Message.objects.select_for_update().filter(pk__in=[each.pk for each in sent], state__in=TAKEN)
    attempts = dict(ours.values_list("pk", "attempts"))
    pairs = [pair for pair in zip(sent, answers, strict=True) if attempts.get(pair[0].pk) == pair[0].attempts]
    if not pairs:
        return
    sent, answers = zip(*pairs, strict=True)
    for message, answer in pairs:
        _note(message, answer, channel, at)
    fields = ["state", "retries", "next_at", "last_error", "receipt", "settled_at"]
    Message.objects.bulk_update(sent, fields, 500)
    taken = [each for each in sent if each.state == State.SENT]
    # Settle what failed of a group once a later message of it has arrived.
    newest = {each.group: each.position for each in taken if each.group}
    if newest:
        failed = Message.objects.filter(queue=queue, state=State.FAILED, group__in=newest)
        gone = [each.pk for each in failed if each.position < newest[each.group]]
        Message.objects.filter(pk__in=gone).update(state=State.SUPERSEDED, settled_at=at)
    success = {"last_success_at": at} if taken else {}
    Queue.objects.filter(pk=queue.pk).update(failures=0, last_error="", next_at=None, **success)
    channel.settled(queue, sent, answers, at=at)


def _note(message: Message, answer: Answer, channel: Channel, at: datetime) -> None:
    message.last_error, message.next_at, message.settled_at = answer.reason[:500], None, at
    message.receipt = answer.receipt[:200] or message.receipt
    if answer.outcome is DeliveryOutcome.TAKEN:
        message.state = State.SENT
        return
    message.last_error = message.last_error or NO_REASON
    if answer.outcome is DeliveryOutcome.UNWANTED:
        message.state = State.DROPPED
        return
    message.retries += 1
    spent = channel.max_retries is not None and message.retries >= channel.max_retries
    if answer.outcome is DeliveryOutcome.REFUSED or spent:
        message.state = State.FAILED
    else:
        message.state, message.settled_at = State.WAITING, None
        message.next_at = at + wait_after(message.retries)
