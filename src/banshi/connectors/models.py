"""Outlets: where what is published goes besides our own portal, and what was sent to each."""

from django.db import models
from django.db.models import Q

from banshi.catalog.models import Change, Item
from banshi.core.ids import new_guid


class Outlet(models.Model):
    """发布渠道. `position` is its cursor in the change feed: changes up to there have their delivery row."""

    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    name = models.CharField("名称", max_length=60, unique=True)
    kind = models.CharField("种类", max_length=30, help_text="a key of connectors.kinds.KINDS")
    place = models.JSONField("地址和设置", default=dict, help_text="the kind's Place; nothing secret")
    secrets_sealed = models.BinaryField("密钥", default=bytes, help_text="the kind's Secrets, encrypted")
    position = models.BigIntegerField(default=0, help_text="number of the last Change laid out")
    first_until = models.BigIntegerField("初始化到", help_text="up to this Change only what still stands is sent")
    paused_at = models.DateTimeField("暂停", null=True, blank=True)
    ended_at = models.DateTimeField("停用", null=True, blank=True)
    failures = models.PositiveIntegerField("连续失败", default=0)
    trouble = models.CharField("最近的故障", max_length=300, blank=True)
    next_at = models.DateTimeField("下次再试", null=True, blank=True)
    checked_at = models.DateTimeField("最近检查", null=True, blank=True)
    last_success_at = models.DateTimeField("最近送达", null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One change on its way to one outlet. The change's GUID is the key by which the other side knows it again."""

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        DELIVERED = "delivered", "已送达"
        REFUSED = "refused", "未送达"
        SKIPPED = "skipped", "已跳过"
        SUPERSEDED = "superseded", "已被代替"

    outlet = models.ForeignKey(Outlet, models.PROTECT, related_name="deliveries")
    change = models.ForeignKey(Change, models.CASCADE, related_name="deliveries")
    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.WAITING)
    sent = models.PositiveIntegerField("发送次数", default=0, help_text="counted before sending, so that a kill shows")
    setbacks = models.PositiveIntegerField("未成次数", default=0, help_text="of its own, not of the outlet being away")
    next_at = models.DateTimeField("下次再试", null=True, blank=True)
    reason = models.CharField("原因", max_length=500, blank=True)
    receipt = models.CharField("对方的编号", max_length=200, blank=True)
    settled_at = models.DateTimeField("结束", null=True, blank=True)

    class Meta:
        ordering = ("outlet_id", "-change_id")
        constraints = (
            models.UniqueConstraint(fields=("outlet", "change"), name="delivery_once_per_outlet_and_change"),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None) | (~Q(state="waiting") & Q(settled_at__isnull=False)),
                name="delivery_settled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("refused", "skipped")) | ~Q(reason=""), name="delivery_not_made_has_reason"
            ),
        )
        indexes = (
            models.Index(fields=("outlet", "state", "change"), name="delivery_by_state"),
            models.Index(fields=("outlet", "item", "change"), name="delivery_by_item"),
        )
