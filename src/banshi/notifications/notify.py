"""Telling people: a notification each in the site, one mail each for everything they are told at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import QuerySet

from banshi.core.ids import new_guid
from banshi.core.prepared import PreparedQuery, insert
from banshi.notifications.kinds import KINDS, NotificationKind, filled
from banshi.notifications.links import address_of
from banshi.notifications.models import MutedKind, Notification
from banshi.outbox.actions import NewMessage, enqueue, queue_named
from banshi.outbox.mail import is_on, reachable
from banshi.people.models import User

LINES = 20
"""Shown in one mail; the rest is counted."""
HELLO = "您好："
FOOT = "这封邮件由系统自动发出，请不要回复。不想再收，可以在“我的”页面关闭："


@dataclass(frozen=True, slots=True)
class NewNotification:
    """Something for some people: what is due, until when, how many. Nothing a stranger who reads it could use."""

    kind: NotificationKind
    recipients: Iterable[int]
    subject: models.Model | None = None
    context: Mapping[str, Any] = field(default_factory=dict)


def notify(
    kind: NotificationKind,
    recipients: Iterable[int],
    *,
    subject: models.Model | None = None,
    context: Mapping[str, object],
    at: datetime,
) -> set[int]:
    """Tell some people of one thing, and answer who of them gets mail.

    Part of an action.
    """
    return notify_many([NewNotification(kind, recipients, subject, context)], at=at)


def notify_many(notices: Iterable[NewNotification], *, at: datetime) -> set[int]:
    """Notify of many things, with as many queries for one person as for thousands."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a notification belongs in the transaction of its act")
    told = [
        Notification(
            user_id=user,
            kind=notice.kind.code,
            subject=filled(notice.kind.subject, notice.context)[:200],
            body=filled(notice.kind.body, notice.context),
            page=notice.kind.page,
            key="" if notice.subject is None else str(notice.subject.pk),
            created_at=at,
        )
        for notice in notices
        for user in sorted(set(notice.recipients))
    ]
    wanted = {each.user_id for each in told}
    there = set(ACTIVE(*wanted) if len(wanted) == 1 else _active(*wanted))
    told = [each for each in told if each.user_id in there]
    if not told:
        return set()
    insert(told)
    if settings.SMS_ON:
        _text(told, at)
    return _mail(told, at) if is_on() else set()


def _active(*users: int) -> QuerySet[User, int]:
    return User.objects.filter(is_active=True, pk__in=users).values_list("pk", flat=True)


ACTIVE = PreparedQuery(_active)


def _text(told: Iterable[Notification], at: datetime) -> None:
    """Queue a text message for each thing that citizens are told on their phones."""
    texts = [
        NewMessage(
            new_guid().hex, each.subject, {"text": each.body}, recipient=each.user_id, lifetime=KINDS[each.kind].lasts
        )
        for each in told
        if KINDS[each.kind].by_sms
    ]
    if texts:
        enqueue(queue_named("sms"), texts, at=at)


def _mail(told: Iterable[Notification], at: datetime) -> set[int]:
    """Queue one mail for each who gets any, and answer who they are."""
    users = {each.user_id for each in told}
    reached = set(reachable().filter(pk__in=users).values_list("pk", flat=True))
    muted = set(MutedKind.objects.filter(user__in=reached).values_list("user_id", "kind"))
    theirs = defaultdict[int, list[Notification]](list)
    for each in told:
        if each.user_id in reached and (each.user_id, each.kind) not in muted:
            theirs[each.user_id].append(each)
    if theirs:
        enqueue(queue_named("mail"), (_letter(user, some) for user, some in theirs.items()), at=at)
    return set(theirs)


def _letter(user: int, told: list[Notification]) -> NewMessage:
    first, several = told[0], KINDS[told[0].kind]
    lines = [each.body for each in told[:LINES]]
    if len(told) > LINES:
        lines.append(f"另有{len(told) - LINES}条，请登录查看。")
    link = address_of(first.page, first.key) if len(told) == 1 else address_of(several.overview)
    subject = first.subject if len({each.subject for each in told}) == 1 else several.digest
    body = [HELLO, *lines, "", f"请登录办理：{link}", "", f"{FOOT}{address_of('account')}"]
    lasts = [KINDS[each.kind].lasts for each in told]
    lifetime = None if None in lasts else max(filter(None, lasts))
    return NewMessage(new_guid().hex, subject, {"body": "\n".join(body)}, recipient=user, lifetime=lifetime)
