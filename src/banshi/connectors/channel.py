"""The outbox channel of outlets: follows the change feed, hands deliveries to the connector of the outlet's kind.

A change becomes a message once (its GUID is the key), written with the cursor's move. The other side knows a delivery it has
had already by that GUID, so one in doubt is sent again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from banshi.connectors.base import Connector
from banshi.connectors.kinds import connector_of, kind_of
from banshi.connectors.models import Outlet
from banshi.connectors.queries import deliveries_of, newest_change, sent_out, standing
from banshi.ledger import System, record
from banshi.outbox.actions import NewMessage, enqueue
from banshi.outbox.channels import Answer, Channel, Connection, DeliveryOutcome
from banshi.outbox.models import Message, Queue


class OutletConnection(Connection):
    def __init__(self, outlet: Outlet, connector: Connector) -> None:
        self.outlet, self.connector = outlet, connector

    def check(self, *, at: datetime) -> None:
        self.connector.check(at=at)

    def send(self, messages: Sequence[Message], *, at: datetime) -> Sequence[Answer]:
        return self.connector.deliver(deliveries_of(self.outlet, messages), at=at)


class OutletChannel(Channel):
    code, label, idempotent = "outlet", "发布渠道", True

    @property
    def max_retries(self) -> int:  # type: ignore[override]
        return int(settings.DELIVERY_SETBACKS)

    def queues(self) -> QuerySet[Queue]:
        return Outlet.objects.all()

    def batch_size(self, queue: Outlet) -> int:
        return kind_of(queue).at_once

    @contextmanager
    def open(self, queue: Outlet, *, at: datetime) -> Iterator[Connection]:
        yield OutletConnection(queue, connector_of(queue))

    def backlogged(self) -> QuerySet[Queue]:
        return Outlet.objects.filter(position__lt=newest_change())

    @transaction.atomic
    def refill(self, queue: Outlet, *, at: datetime) -> int:
        """Write the next changes and move the cursor.

        Only so many wait at a time, the feed keeps the rest.
        """
        current = Outlet.objects.select_for_update(of=("self",)).get(pk=queue.pk)
        room = settings.DELIVERY_WINDOW - current.messages.filter(state=Message.State.WAITING).count()
        if room <= 0:
            return 0
        begins = current.position < current.first_until
        until = current.first_until if begins else max(newest_change(), current.position)
        changes = sent_out().filter(number__gt=current.position, number__lte=until).order_by("number")
        wanted = standing(changes, until) if begins else changes
        chosen = list(wanted.values_list("number", "guid", "item_id", "item__name")[:room])
        drafts = (
            NewMessage(str(guid), name or "（未命名事项）", group=str(item), position=number)
            for number, guid, item, name in chosen
        )
        enqueue(current, drafts, at=at)
        position = chosen[-1][0] if len(chosen) == room else until
        if position != current.position:
            Outlet.objects.filter(pk=queue.pk).update(position=position)
        return len(chosen)

    def settled(self, queue: Outlet, sent: Sequence[Message], answers: Sequence[Answer], *, at: datetime) -> None:
        outcomes = [answer.outcome for answer in answers]
        facts = {"first": sent[0].position, "last": sent[-1].position}
        facts |= {
            outcome: outcomes.count(outcome)
            for outcome in (DeliveryOutcome.TAKEN, DeliveryOutcome.REFUSED, DeliveryOutcome.LATER)
        }
        record("connectors.deliver", queue, by=System("deliver"), at=at, facts=facts)
