"""Writing messages, and what people do with queues and dead letters."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from banshi.access import Permission, authorize
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.json_types import JsonObject
from banshi.ledger import Actor, record
from banshi.outbox.channels import CHANNELS, channel_of
from banshi.outbox.models import Message, Queue
from banshi.outbox.queries import DEAD

State = Message.State
ROWS_AT_ONCE = 500
Q = TypeVar("Q", bound=Queue)


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to write. The same `key` again is the same message. `lifetime`: shorter than the channel's."""

    key: str
    title: str
    payload: JsonObject = field(default_factory=dict)
    recipient: int | None = None
    group: str = ""
    position: int = 0
    lifetime: timedelta | None = None


def queue_named(channel: str) -> Queue:
    """Find or make the one queue of a channel that has a single remote."""
    return Queue.objects.get_or_create(channel=channel, name=CHANNELS[channel].label)[0]


def enqueue(queue: Queue, drafts: Iterable[NewMessage], *, at: datetime) -> None:
    """Write messages, each once.

    Part of an action: both are there or neither.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a message belongs in the transaction of its act")
    lifetime = channel_of(queue).lifetime
    messages = [
        Message(
            queue_id=queue.pk,
            key=each.key,
            group=each.group,
            position=each.position,
            title=" ".join(each.title.split())[:200],
            payload=each.payload,
            recipient_id=each.recipient,
            created_at=at,
            expires_at=at + lasts if (lasts := each.lifetime or lifetime) else None,
        )
        for each in drafts
    ]
    Message.objects.bulk_create(messages, ROWS_AT_ONCE, ignore_conflicts=True)


@transaction.atomic
def resend(message: Message, *, by: Actor, at: datetime) -> Message:
    """Try a dead letter again."""
    by = authorize(by, Permission.OUTLET_MANAGE, at=at)
    if not _revive(Message.objects.filter(pk=message.pk), message.queue, at):
        raise Conflict("这一条已经不是“未送达”", remedy="请刷新页面查看。")
    record("outbox.resend", message.queue, by=by, at=at, facts={"messages": [message.key]})
    message.refresh_from_db()
    return message


@transaction.atomic
def resend_failed(queue: Queue, *, by: Actor, at: datetime) -> int:
    """Try all again that were refused, as after a setting was put right.

    Returns how many. Those in doubt are asked one by one.
    """
    by = authorize(by, Permission.OUTLET_MANAGE, at=at)
    failed = queue.messages.filter(state=State.FAILED).order_by("position", "id")
    keys = dict(failed.values_list("pk", "key")[:500])
    count = _revive(Message.objects.filter(pk__in=keys), queue, at)
    if count:
        record("outbox.resend", queue, by=by, at=at, facts={"messages": list(keys.values())})
    return count


def _revive(messages: QuerySet[Message], queue: Queue, at: datetime) -> int:
    lifetime = channel_of(queue).lifetime
    return messages.filter(state__in=DEAD).update(
        state=State.WAITING,
        settled_at=None,
        next_at=None,
        retries=0,
        receipt="",
        expires_at=at + lifetime if lifetime else None,
    )


@transaction.atomic
def skip(message: Message, *, reason: str, by: Actor, at: datetime) -> Message:
    """Give a dead letter up, with the reason on record."""
    by = authorize(by, Permission.OUTLET_MANAGE, at=at)
    if not reason.strip():
        raise BadInput("请写明为什么不再发送", [Problem("请写明为什么不再发送", field="reason")])
    dead, error = Message.objects.filter(pk=message.pk, state__in=DEAD), message.last_error
    if not dead.update(state=State.SKIPPED, settled_at=at, last_error=reason.strip()[:500]):
        raise Conflict("这一条已经不是“未送达”", remedy="请刷新页面查看。")
    facts = {"message": message.key, "reason": reason.strip(), "error": error}
    record("outbox.skip", message.queue, by=by, at=at, facts=facts)
    message.refresh_from_db()
    return message


@transaction.atomic
def pause(queue: Q, *, by: Actor, at: datetime) -> Q:
    """Send nothing for a while.

    Messages are kept.
    """
    by = authorize(by, Permission.OUTLET_MANAGE, at=at)
    return _change_standing(queue, "outbox.pause", {"paused_at": None}, {"paused_at": at}, by=by, at=at)


@transaction.atomic
def resume(queue: Q, *, by: Actor, at: datetime) -> Q:
    by = authorize(by, Permission.OUTLET_MANAGE, at=at)
    becomes = {"paused_at": None, "next_at": None}
    return _change_standing(queue, "outbox.resume", {"paused_at__isnull": False}, becomes, by=by, at=at)


@transaction.atomic
def end(queue: Q, *, by: Actor, at: datetime) -> Q:
    """Send nothing any more.

    What was sent stays on record.
    """
    by = authorize(by, Permission.OUTLET_MANAGE, at=at)
    return _change_standing(queue, "outbox.end", {}, {"ended_at": at}, by=by, at=at)


def _change_standing(queue: Q, action: str, only_if: JsonObject, becomes: JsonObject, *, by: Actor, at: datetime) -> Q:
    if not Queue.objects.filter(pk=queue.pk, ended_at=None, **only_if).update(**becomes):
        raise Conflict(f"“{queue}”的状态刚有变动", remedy="请刷新页面查看。")
    record(action, queue, by=by, at=at, facts={"name": queue.name})
    queue.refresh_from_db()
    return queue
