"""Channel registry: the ways out of the house, each with one class that knows how its messages leave."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from banshi.core.errors import Missing
from banshi.outbox.models import Message, Queue


class DeliveryOutcome(StrEnum):
    TAKEN = "taken"  # it is there now
    REFUSED = "refused"  # it will not be taken as it is; a person has to look
    LATER = "later"  # not now; the same again may be taken
    UNWANTED = "unwanted"  # nobody wants it any more


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one message. A refusal carries the other side's reason."""

    outcome: DeliveryOutcome
    reason: str = ""
    receipt: str = ""


class Unavailable(Exception):
    """The remote as a whole can't be used now: away, overloaded, or it does not know us. In words for an official."""


class AnswerLost(Unavailable):
    """The line broke after the message had left: it may have arrived."""


class Connection(ABC):
    """A line to one remote. Its methods raise Unavailable."""

    def ready(self, *, at: datetime) -> None:  # noqa: B027
        """Make sure, before each batch is claimed, that the line still stands.

        It costs little.
        """

    @abstractmethod
    def check(self, *, at: datetime) -> None:
        """Ask whether the other side answers and knows us.

        Changes nothing there.
        """

    @abstractmethod
    def send(self, messages: Sequence[Message], *, at: datetime) -> Sequence[Answer]:
        """Give one answer for each message, in order.

        Messages are of different groups.
        """


class Channel(ABC):
    """One way out. `idempotent`: the other side knows a repeated message by its key, so one in doubt is sent again."""

    code: str
    label: str
    idempotent = False
    lifetime: timedelta | None = None
    """How long a message is worth sending; None: always."""
    kept: timedelta | None = None
    """How long one is kept after it was written; None: for good."""
    max_retries: int | None = None
    """After so many failed tries of its own a message has failed; None: when it expires."""

    @abstractmethod
    def open(self, queue: Any, *, at: datetime) -> AbstractContextManager[Connection]:
        """Connect.

        Raises Unavailable.
        """

    def queues(self) -> QuerySet[Queue]:
        return Queue.objects.filter(channel=self.code)

    def batch_size(self, queue: Any) -> int:
        return 1

    @property
    def batches(self) -> int:
        """Return how many messages go in one turn, before other queues have theirs."""
        return int(settings.DELIVERY_BATCHES)

    def backlogged(self) -> QuerySet[Queue]:
        """List queues for which `refill` has something."""
        return self.queues().none()

    def refill(self, queue: Any, *, at: datetime) -> int:
        """Write the next messages of a queue that follows a feed.

        Returns how many.
        """
        return 0

    def settled(  # noqa: B027
        self, queue: Any, sent: Sequence[Message], answers: Sequence[Answer], *, at: datetime
    ) -> None:
        """Take note of what became of a batch, in the transaction that writes it."""


CHANNELS: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    CHANNELS[channel.code] = channel


def channel_of(queue: Queue) -> Channel:
    if queue.channel not in CHANNELS:
        raise Missing("没有这种发送途径")
    return CHANNELS[queue.channel]
