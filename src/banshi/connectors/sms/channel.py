"""SMS channel of the outbox. The gateway knows a repeated message by its key, so one in doubt is sent again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings

from banshi.connectors.signed_gateway import SignedGateway
from banshi.connectors.sms.schema import SmsReceipt, SmsReply
from banshi.outbox.channels import Answer, Channel, Connection, DeliveryOutcome, Unavailable
from banshi.outbox.models import Message, Queue
from banshi.people.queries import mobiles_of

AT_ONCE = 50


class SmsConnection(Connection):
    def __init__(self, gateway: SignedGateway) -> None:
        self.gateway = gateway

    def check(self, *, at: datetime) -> None:
        self.gateway.check(at=at)

    def send(self, messages: Sequence[Message], *, at: datetime) -> Sequence[Answer]:
        """Send to the number a person has now."""
        mobiles = mobiles_of([each.recipient_id for each in messages if each.recipient_id])
        rows = [
            {"key": each.key, "phone": mobiles[each.recipient_id], "text": each.payload["text"]}
            for each in messages
            if each.recipient_id in mobiles
        ]
        said = self.gateway.ask("/messages", {"messages": rows}, SmsReply, at=at).messages if rows else []
        answered = {each.key: each for each in said}
        return [_answer(answered.get(each.key), reachable=each.recipient_id in mobiles) for each in messages]


def _answer(said: SmsReceipt | None, *, reachable: bool) -> Answer:
    if not reachable:
        return Answer(DeliveryOutcome.UNWANTED, "没有可用的手机号码")
    if said is None:
        return Answer(DeliveryOutcome.LATER, "对方没有答复这一条")
    if said.accepted:
        return Answer(DeliveryOutcome.TAKEN, receipt=said.number)
    outcome = DeliveryOutcome.LATER if said.later else DeliveryOutcome.REFUSED
    return Answer(outcome, said.reason or "对方没有说明原因")


class SmsChannel(Channel):
    code, label, idempotent = "sms", "短信", True
    lifetime, kept, max_retries = timedelta(days=30), timedelta(days=90), 8

    def batch_size(self, queue: Queue) -> int:
        return AT_ONCE

    @contextmanager
    def open(self, queue: Queue, *, at: datetime) -> Iterator[Connection]:
        if not settings.SMS_ON:
            raise Unavailable("没有设短信网关（BANSHI_SMS_URL）")
        yield SmsConnection(SignedGateway(settings.SMS))
