"""Outlets: where what is published goes besides our own portal."""

from django.db import models

from banshi.clients.models import Client
from banshi.core.ids import new_guid
from banshi.outbox.models import Queue


class Outlet(Queue):
    """发布渠道, a queue of the outbox. `position` is its cursor in the change feed: up to there changes are messages."""

    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    kind = models.CharField("种类", max_length=30, help_text="a key of connectors.kinds.KINDS")
    place = models.JSONField("地址和设置", default=dict, help_text="the kind's Place; nothing secret")
    secrets_sealed = models.BinaryField("密钥", default=bytes, help_text="the kind's Secrets, encrypted")
    position = models.BigIntegerField(default=0, help_text="number of the last Change that is a message")
    first_until = models.BigIntegerField("初始化到", help_text="up to this Change only what still stands is sent")
    checked_at = models.DateTimeField("最近检查", null=True, blank=True)
    created_at = models.DateTimeField()


class Webhook(Queue):
    """推送, a queue of the outbox to the system of an organ. `position` is its cursor in the events."""

    client = models.OneToOneField(Client, models.PROTECT, related_name="webhook", verbose_name="接入应用")
    url = models.CharField("推送地址", max_length=300)
    secret_sealed = models.BinaryField("签名密钥", default=bytes)
    position = models.BigIntegerField(default=0, help_text="number of the last Event that is a message")
