"""Notifications in the site, and which kinds somebody does not want by mail."""

from django.db import models
from django.db.models import Q

from banshi.notifications.links import names, path_of
from banshi.people.models import User


class Notification(models.Model):
    """消息: something one account was told, with the page it is about."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=60, help_text="a code of notifications.kinds.KINDS")
    subject = models.CharField("标题", max_length=200)
    body = models.TextField("内容")
    page = models.CharField(max_length=30, help_text="a name of notifications.links")
    key = models.CharField(max_length=64, blank=True, help_text="of the thing the page is about")
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("user", "-id"), name="notification_of_user"),
            models.Index(fields=("user",), condition=Q(read_at=None), name="notification_unread"),
            models.Index(fields=("created_at",), name="notification_by_age"),
        )

    def __str__(self) -> str:
        return self.subject

    @property
    def path(self) -> str:
        """Of the page it is about.

        Returns "" when there is no such page any more.
        """
        return path_of(self.page, self.key) if self.page in names() else ""


class MutedKind(models.Model):
    """A kind somebody does not want by mail. In the site it is shown all the same."""

    user = models.ForeignKey(User, models.CASCADE, related_name="muted_kinds")
    kind = models.CharField(max_length=60)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "kind"), name="kind_muted_once"),)
