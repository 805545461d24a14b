"""The outbox channel of webhooks: pushes what happens to an organ's cases to its system, signed (Standard Webhooks).

An event becomes a message once, its GUID is the key and the `webhook-id`, by which the other side knows a repeated one. Those
of one case leave in their order.
"""

import base64
import hmac
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from banshi.cases.events import ACTED, CLOCK_SET, TASK_DONE, TASK_OPENED
from banshi.cases.models import Case, CaseTask
from banshi.connectors.http_client import call, new_session
from banshi.connectors.models import Webhook
from banshi.core.crypto import decrypt
from banshi.events.consuming import events_after
from banshi.events.models import Event
from banshi.exchange.events import BATCH_COUNTED, BATCH_MADE, REVOKED
from banshi.exchange.models import DataBatch, Grant
from banshi.outbox.actions import NewMessage, enqueue
from banshi.outbox.channels import Answer, Channel, Connection, DeliveryOutcome, Unavailable
from banshi.outbox.models import Message, Queue

SEAL = "connectors.webhook"
PREFIX = "whsec_"
PUSHED = (ACTED, TASK_OPENED, TASK_DONE, CLOCK_SET, BATCH_MADE, BATCH_COUNTED, REVOKED)
SHARED = {DataBatch._meta.label: ("batch", "数据批次"), Grant._meta.label: ("grant", "共享授权")}
"""What is pushed beside cases: the key of its number, and its name."""
PING = "ping"


def signature(secret: str, key: str, moment: int, body: bytes) -> str:
    """Sign as Standard Webhooks has it: HMAC-SHA256 over id, time and body."""
    signed = b".".join((key.encode(), str(moment).encode(), body))
    key_bytes = base64.b64decode(secret.removeprefix(PREFIX))
    return f"v1,{base64.b64encode(hmac.digest(key_bytes, signed, 'sha256')).decode()}"


class WebhookConnection(Connection):
    def __init__(self, hook: Webhook) -> None:
        self.hook, self.session = hook, new_session()
        self.secret = decrypt(bytes(hook.secret_sealed), purpose=SEAL)

    def check(self, *, at: datetime) -> None:
        refused = self._post(PING, {"kind": PING}, at)
        if refused:
            raise Unavailable(refused)

    def send(self, messages: Sequence[Message], *, at: datetime) -> Sequence[Answer]:
        answers = []
        for each in messages:
            refused = self._post(each.key, each.payload, at)
            answers.append(Answer(DeliveryOutcome.REFUSED if refused else DeliveryOutcome.TAKEN, refused))
        return answers

    def _post(self, key: str, payload: dict[str, object], at: datetime) -> str:
        """Send one, and return why the other side does not take it, or ""."""
        body, moment = json.dumps(payload, ensure_ascii=False).encode(), int(at.timestamp())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": key,
            "webhook-timestamp": str(moment),
            "webhook-signature": signature(self.secret, key, moment, body),
        }
        response = call(self.session, "POST", self.hook.url, data=body, headers=headers)
        return "" if response.status_code < 300 else f"对方没有收下（HTTP {response.status_code}）"


class WebhookChannel(Channel):
    code, label, idempotent = "webhook", "推送给单位的系统", True
    kept = timedelta(days=90)

    @property
    def max_retries(self) -> int:  # type: ignore[override]
        return int(settings.DELIVERY_SETBACKS)

    def queues(self) -> QuerySet[Queue]:
        return Webhook.objects.filter(client__ended_at=None)

    def backlogged(self) -> QuerySet[Queue]:
        newest = Event.objects.filter(number__isnull=False).order_by("-number").values_list("number", flat=True).first()
        return Webhook.objects.filter(client__ended_at=None, position__lt=newest or 0)

    @contextmanager
    def open(self, queue: Webhook, *, at: datetime) -> Iterator[Connection]:
        yield WebhookConnection(queue)

    @transaction.atomic
    def refill(self, queue: Webhook, *, at: datetime) -> int:
        """Write the next events and move the cursor."""
        current = Webhook.objects.select_for_update(of=("self",)).select_related("client").get(pk=queue.pk)
        room = settings.DELIVERY_WINDOW - current.messages.filter(state=Message.State.WAITING).count()
        if room <= 0:
            return 0
        newest = events_after(current.position).order_by("-number").values_list("number", flat=True).first()
        organ = current.client.organ_id
        # What is done about a case reaches a system that has a step in it, so that it hears of a withdrawal or a stop.
        helping = CaseTask.objects.filter(case=OuterRef("subject_id"), organ=organ, opened_at__lte=OuterRef("at"))
        helping = helping.filter(Q(ended_at=None) | Q(ended_at__gte=OuterRef("at")))
        theirs = Q(kind=TASK_OPENED.code, data__organ=organ) | (Q(kind=ACTED.code) & Exists(helping))
        ours = Q(organ=organ) | theirs
        chosen = list(events_after(current.position, PUSHED).filter(ours)[:room])
        numbers = dict(Case.objects.filter(pk__in=[each.subject_id for each in chosen]).values_list("pk", "number"))
        drafts = []
        for each in chosen:
            kind, called = SHARED.get(each.subject_type, ("case", "办件"))
            name = numbers.get(each.subject_id) if kind == "case" else str(each.subject_id)
            if name is None:
                continue
            payload = {"number": each.number, "guid": str(each.guid), "kind": each.kind, "at": each.at.isoformat()}
            drafts.append(
                NewMessage(
                    str(each.guid),
                    f"{called}{name}：{each.declared.label}",
                    payload={**payload, kind: name, "data": each.data},
                    group=name if kind == "case" else f"{kind}:{name}",
                    position=each.number or 0,
                )
            )
        enqueue(current, drafts, at=at)
        position = chosen[-1].number if len(chosen) == room else newest
        if position:
            Webhook.objects.filter(pk=queue.pk).update(position=position)
        return len(drafts)
