"""Reads of queues and their messages."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from banshi.outbox.channels import CHANNELS, Channel
from banshi.outbox.models import Message, Queue

State = Message.State
UNDER_WAY = (State.WAITING, State.SENDING)
DEAD = (State.FAILED, State.IN_DOUBT)
"""Dead letters: whether they are sent again is for a person to say."""


def due(at: datetime) -> Q:
    """Select what is due, of queues and of messages alike."""
    return Q(next_at=None) | Q(next_at__lte=at)


def queues_due(at: datetime) -> Q:
    return due(at) & Q(ended_at=None, paused_at=None)


def queues_with_work(channel: Channel, at: datetime) -> QuerySet[Queue]:
    """List those due that have something to write or to send, or that a killed worker left in the middle."""
    waiting = Message.objects.filter(due(at), queue=OuterRef("pk"), state=State.WAITING)
    left = Message.objects.filter(queue=OuterRef("pk"), state=State.SENDING)
    behind = Q(pk__in=channel.backlogged().values("pk"))
    return channel.queues().filter(queues_due(at) & (Exists(waiting) | Exists(left) | behind))


def messages_due(queue: Queue, at: datetime) -> QuerySet[Message]:
    """List messages due, oldest first.

    Of each group only the first under way, so that its messages arrive in their order.
    """
    earlier = Message.objects.filter(
        queue=queue, group=OuterRef("group"), state__in=UNDER_WAY, position__lt=OuterRef("position")
    ).exclude(group="")
    waiting = Message.objects.filter(due(at), ~Exists(earlier), queue=queue, state=State.WAITING)
    return waiting.order_by("position", "id")


def queues() -> QuerySet[Queue]:
    """List all not ended, with counts of messages: `waiting` and `dead`."""
    theirs = Message.objects.filter(queue=OuterRef("pk"))
    return Queue.objects.filter(ended_at=None).annotate(
        waiting=count_of(theirs.filter(state__in=UNDER_WAY)), dead=count_of(theirs.filter(state__in=DEAD))
    )


def count_of(rows: QuerySet[Model]) -> Coalesce:
    """Count the rows of a correlated subquery."""
    alone = rows.order_by().values(all=Value(1)).annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(alone, output_field=IntegerField()), 0)


def messages() -> QuerySet[Message]:
    """List messages of queues not ended, newest first."""
    found = Message.objects.filter(queue__ended_at=None).select_related("queue", "recipient")
    return found.order_by("-id")


def counts_by_state(messages: QuerySet[Message]) -> dict[str, int]:
    return dict(messages.order_by().values_list("state").annotate(count=Count("pk")))


def dead_letters() -> QuerySet[Message]:
    return Message.objects.filter(state__in=DEAD, queue__ended_at=None)


def held_up(channel: str, at: datetime) -> tuple[int, str]:
    """Count messages that wait for longer than two hours, with the first one's reason."""
    long = Message.objects.filter(
        queue__channel=channel, state=State.WAITING, created_at__lt=at - timedelta(hours=2)
    ).select_related("queue")
    first = long.order_by("position", "id").first()
    return (long.count(), first.last_error or first.queue.last_error or "还没有轮到") if first else (0, "")


def queues_long_away() -> QuerySet[Queue]:
    """List those that have failed so often that their waits are the longest there are."""
    tries = int(settings.DELIVERY_LONGEST_WAIT / settings.DELIVERY_FIRST_WAIT).bit_length()
    return Queue.objects.filter(failures__gt=tries, ended_at=None, paused_at=None)


def all_with_work(at: datetime) -> list[int]:
    return [pk for channel in CHANNELS.values() for pk in queues_with_work(channel, at).values_list("pk", flat=True)]
