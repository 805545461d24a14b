"""Actions on webhooks. The secret is sealed, told once, and goes into no ledger."""

import base64
import os
from datetime import datetime
from typing import Any

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.clients.models import Client
from banshi.connectors.models import Webhook
from banshi.connectors.webhook.channel import PREFIX, SEAL, WebhookConnection
from banshi.core.crypto import encrypt
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.repeats import hold
from banshi.events.models import Event
from banshi.ledger import Actor, record
from banshi.outbox.channels import Unavailable

SECRET_BYTES = 32


@transaction.atomic
def set_webhook(
    client: Client,
    *,
    url: str,
    new_secret: bool = False,
    instead_of: Webhook | None = None,
    by: Actor,
    at: datetime,
) -> str:
    """Set where what happens to the organ's cases is pushed from now on.

    Returns the secret, which is told only now, or "" where the one there is stays. Refused where somebody has just set
    another than `instead_of`, whose secret would end untold.
    """
    authorize(by, Permission.CLIENT_MANAGE, client, at=at)
    if not client.is_system or client.ended_at:
        raise Conflict("只有在用的单位系统可以接收推送")
    if not url.startswith(("https://", "http://")):
        raise BadInput("推送地址没有保存", [Problem("请填写完整的地址，以 https:// 开头", field="url")])
    hold(client)
    there = Webhook.objects.filter(client=client).first()
    if there and instead_of and bytes(there.secret_sealed) != bytes(instead_of.secret_sealed):
        raise Conflict("推送刚刚设置过", remedy="先设置的那一次给出了新密钥；没有看到的，请刷新页面再设置一次。")
    secret = "" if there and not new_secret else PREFIX + base64.b64encode(os.urandom(SECRET_BYTES)).decode()
    if there and there.url == url and not secret:
        return ""
    kept: dict[str, Any] = {"url": url, "failures": 0, "last_error": "", "next_at": None}
    if secret:
        kept["secret_sealed"] = encrypt(secret, purpose=SEAL)
    newest = Event.objects.filter(number__isnull=False).order_by("-number").values_list("number", flat=True).first()
    begun = {"channel": "webhook", "name": f"{client.name[:40]}（{client.pk}）", "position": newest or 0}
    hook, _ = Webhook.objects.update_or_create(client=client, defaults=kept, create_defaults={**begun, **kept})
    record(
        "connectors.set_webhook",
        hook,
        by=by,
        at=at,
        facts={"client": client.pk, "url": url, "new_secret": bool(secret)},
    )
    return secret


def check_webhook(hook: Webhook, *, by: Actor, at: datetime) -> str:
    """Send a ping.

    The trouble in words, or "".
    """
    authorize(by, Permission.CLIENT_MANAGE, hook.client, at=at)
    try:
        WebhookConnection(hook).check(at=at)
    except Unavailable as trouble:
        return str(trouble)
    return ""
