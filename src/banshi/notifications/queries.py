"""Reads of what somebody was told."""

from django.db.models import QuerySet

from banshi.notifications.kinds import KINDS, NotificationKind
from banshi.notifications.models import MutedKind, Notification
from banshi.people.models import User


def notifications_of(user: User) -> QuerySet[Notification]:
    """List notifications, newest first."""
    return Notification.objects.filter(user=user)


def unread_of(user: User) -> QuerySet[Notification]:
    return notifications_of(user).filter(read_at=None)


def mailed_kinds(user: User) -> list[NotificationKind]:
    """List those the user did not mute."""
    muted = set(MutedKind.objects.filter(user=user).values_list("kind", flat=True))
    return [kind for code, kind in KINDS.items() if code not in muted]
