"""Actions on one's own notifications."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.ledger import Actor, record
from banshi.notifications.kinds import KINDS
from banshi.notifications.models import MutedKind
from banshi.notifications.queries import unread_of
from banshi.people.actions import set_mail
from banshi.people.models import User


@transaction.atomic
def choose_mail(user: User, *, email: str, wanted: bool, kinds: Collection[str], by: Actor, at: datetime) -> User:
    """Choose where one's mail goes, whether any does, and of which kinds."""
    by = authorize(by, Permission.ACCOUNT_OWN, user, at=at)
    changed = set_mail(user, email=email, wanted=wanted, by=by, at=at)
    before = set(MutedKind.objects.filter(user=user).values_list("kind", flat=True))
    muted = set(KINDS) - set(kinds)
    MutedKind.objects.filter(user=user, kind__in=before - muted).delete()
    MutedKind.objects.bulk_create([MutedKind(user=user, kind=each) for each in sorted(muted - before)])
    if muted != before:
        record("notifications.choose_mail", user, by=by, at=at, facts={"muted": sorted(muted)})
    return changed


@transaction.atomic
def read_all(user: User, *, by: Actor, at: datetime) -> int:
    """Take note of everything one was told.

    Returns how many.
    """
    by = authorize(by, Permission.ACCOUNT_OWN, user, at=at)
    count = unread_of(user).update(read_at=at)
    if count:
        record("notifications.read_all", user, by=by, at=at, facts={"count": count})
    return count
