"""The outbox: messages on their way out of the house, in queues."""

from django.db import models
from django.db.models import Q

from banshi.people.models import User


class Queue(models.Model):
    """Messages to one remote, with its circuit breaker. A channel whose remotes have settings extends it."""

    channel = models.CharField("途径", max_length=30, help_text="a code of outbox.channels.CHANNELS")
    name = models.CharField("名称", max_length=60)
    paused_at = models.DateTimeField("暂停", null=True, blank=True)
    ended_at = models.DateTimeField("停用", null=True, blank=True)
    failures = models.PositiveIntegerField("连续失败", default=0)
    last_error = models.CharField("最近的故障", max_length=300, blank=True)
    next_at = models.DateTimeField("下次再试", null=True, blank=True)
    last_success_at = models.DateTimeField("最近送达", null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("channel", "name"), name="queue_name_once_in_its_channel"),)

    def __str__(self) -> str:
        return self.name


class Message(models.Model):
    """Something to send, written in the transaction of the act it tells of."""

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENDING = "sending", "正在发送"
        SENT = "sent", "已送达"
        FAILED = "failed", "未送达"
        IN_DOUBT = "in_doubt", "不知道送到没有"
        SKIPPED = "skipped", "已跳过"
        SUPERSEDED = "superseded", "已被代替"
        DROPPED = "dropped", "不再发送"

    queue = models.ForeignKey(Queue, models.PROTECT, related_name="messages")
    key = models.CharField(max_length=64, help_text="idempotency key")
    group = models.CharField(max_length=64, blank=True, help_text="messages of one group leave in order of `position`")
    position = models.BigIntegerField(default=0)
    title = models.CharField("内容", max_length=200)
    payload = models.JSONField(default=dict, help_text="what the channel sends")
    recipient = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="收件人")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField("发送次数", default=0, help_text="counted before it leaves, so a kill shows")
    retries = models.PositiveIntegerField(default=0, help_text="of its own, not of the remote being away")
    next_at = models.DateTimeField("下次再试", null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="not worth sending after that")
    last_error = models.CharField("原因", max_length=500, blank=True)
    receipt = models.CharField("对方的编号", max_length=200, blank=True)
    created_at = models.DateTimeField("写入时间")
    settled_at = models.DateTimeField("结束", null=True, blank=True)

    class Meta:
        ordering = ("-position", "-id")
        constraints = (
            models.UniqueConstraint(fields=("queue", "key"), name="message_once_in_its_queue"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "sending"), settled_at=None)
                | (~Q(state__in=("waiting", "sending")) & Q(settled_at__isnull=False)),
                name="message_settled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("failed", "in_doubt", "skipped", "dropped")) | ~Q(last_error=""),
                name="message_not_sent_has_reason",
            ),
        )
        indexes = (
            models.Index(fields=("queue", "position", "id"), condition=Q(state="waiting"), name="message_waiting"),
            models.Index(fields=("queue", "state", "-position", "-id"), name="message_by_state"),
            models.Index(fields=("queue", "group", "position"), condition=~Q(group=""), name="message_by_group"),
            models.Index(fields=("created_at",), name="message_by_age"),
        )

    def __str__(self) -> str:
        return self.title
