"""E-mail to staff, for those who are not looking at the site. Nothing is queued and nothing sent unless the office set a server.

What is told is written to the outbox (`Mail`) in the transaction of the act it tells of, so that both are there or neither; the
worker sends it. A mail is marked before it leaves, and one whose answer was lost is not sent again: it may have arrived, and what
it says stands on the page in any case.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from ssl import SSLError
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q, QuerySet
from django.shortcuts import resolve_url
from django.urls import reverse

from banshi.core.backoff import wait_after
from banshi.core.leases import lease
from banshi.people.models import Mail, User

AT_ONCE, ROWS_AT_ONCE = 200, 1000
LASTS, KEPT = timedelta(days=3), timedelta(days=90)
"""How long one is worth sending, and how long it is kept."""
LINES = 20
"""Shown in one mail; the rest is counted."""
SUBJECT = Mail._meta.get_field("subject").max_length
HELLO = "您好："
FOOT = "这封邮件由系统自动发出，请不要回复。不想再收，可以在“我的”页面关闭："
State = Mail.State


@dataclass(frozen=True, slots=True)
class Telling:
    """What one account is told: what is due, until when, how many; nothing a stranger who reads it could use. `link`: a page by
    name, or its path."""

    user: int
    subject: str
    lines: Sequence[str]
    link: str


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence for some people, with the page it is about."""

    users: Iterable[int]
    subject: str
    words: str
    link: str


def tell_of(lines: Iterable[Line], *, subject: str, link: str, at: datetime) -> set[int]:
    """One mail for each person, however many lines are theirs, and who of them gets it. `subject` and `link` are for those
    who have several different ones. Part of an action; as many questions for one person as for thousands."""
    return tell(_gathered(lines, subject, link), at=at) if is_on() else set()


def _gathered(lines: Iterable[Line], subject: str, link: str) -> list[Telling]:
    mine = defaultdict[int, list[Line]](list)
    for line in lines:
        for user in line.users:
            mine[user].append(line)
    return [
        Telling(
            user,
            theirs[0].subject if len({each.subject for each in theirs}) == 1 else subject,
            _shown([each.words for each in theirs]),
            theirs[0].link if len(theirs) == 1 else link,
        )
        for user, theirs in mine.items()
    ]


def _shown(words: list[str]) -> list[str]:
    more = len(words) - LINES
    return [*words[:LINES], f"另有{more}条，请登录查看。"] if more > 0 else words


def is_on() -> bool:
    """Whether the office set a mail server; else nobody need ask whom to tell."""
    return bool(settings.MAIL_ON)


def reachable() -> QuerySet[User]:
    """Who gets mail: whoever gave an address and did not say no."""
    return User.objects.filter(is_active=True, mail_wanted=True).exclude(email="")


def tell(tellings: Iterable[Telling], *, at: datetime) -> set[int]:
    """Queue them, and who of them gets mail. Part of an action."""
    wanted = list(tellings) if is_on() else []
    if not wanted:
        return set()
    there = set(reachable().filter(pk__in={each.user for each in wanted}).values_list("pk", flat=True))
    told = [each for each in wanted if each.user in there]
    Mail.objects.bulk_create([_mail(each, at) for each in told], ROWS_AT_ONCE)
    return {each.user for each in told}


def _mail(telling: Telling, at: datetime) -> Mail:
    body = [
        HELLO,
        *telling.lines,
        "",
        f"请登录办理：{settings.SITE_URL}{resolve_url(telling.link)}",
        "",
        f"{FOOT}{settings.SITE_URL}{reverse('my')}",
    ]
    subject = " ".join(telling.subject.split())[:SUBJECT]
    return Mail(user_id=telling.user, subject=subject, body="\n".join(body), created_at=at)


# Sending


def waiting(at: datetime) -> QuerySet[Mail]:
    return Mail.objects.filter(Q(next_at=None) | Q(next_at__lte=at), state=State.WAITING)


def send_waiting(*, at: datetime) -> int:
    """One turn of the worker: how many were sent. A server that is away is left alone, longer each time."""
    with lease("mail") as ours:
        if not ours:
            return 0
        _drop(Mail.objects.filter(state=State.WAITING, created_at__lt=at - LASTS), "太久没有发出去", at)
        due = list(waiting(at).select_related("user")[:AT_ONCE])
        return _send_all(due, at) if due else 0


def _send_all(due: list[Mail], at: datetime) -> int:
    sent = 0
    try:
        with get_connection() as line:
            for each in due:
                sent += _send(each, line, at)
    except OSError as trouble:
        again = at + wait_after(due[0].setbacks + 1)
        waiting(at).update(setbacks=F("setbacks") + 1, next_at=again, trouble=_words(trouble))
    return sent


def _send(mail: Mail, line: Any, at: datetime) -> bool:
    """Raises OSError when the line is broken or nothing at all is taken from us."""
    _still_there(line)
    mine = Mail.objects.filter(pk=mail.pk, state=State.WAITING)
    if not reachable().filter(pk=mail.user_id).exists():
        _drop(mine, "本人不收邮件了", at)
        return False
    if not mine.update(state=State.LEAVING):
        return False
    try:
        _message(mail, line).send()
    except SMTPSenderRefused:
        Mail.objects.filter(pk=mail.pk).update(state=State.WAITING)
        raise
    except (SMTPRecipientsRefused, SMTPResponseException, SMTPNotSupportedError, ValueError) as refusal:
        _refused(mail, _code(refusal), at)
        return False
    _settle(mail, State.SENT, "", at)
    return True


def _words(trouble: OSError) -> str:
    match trouble:
        case SMTPAuthenticationError():
            return "邮件服务器不认可账号或密码"
        case SMTPSenderRefused():
            return "邮件服务器不让用这个发件地址"
        case SSLError():
            return "邮件服务器的证书不可信"
    return "邮件服务器连不上"


def _still_there(line: Any) -> None:
    """Ask before each: a server that hung up after so many would else leave one in doubt."""
    smtp = getattr(line, "connection", None)
    if smtp and smtp.noop()[0] != 250:
        raise SMTPException("hung up")


def _message(mail: Mail, line: Any) -> EmailMessage:
    name = f"<{mail.pk}.{mail.created_at.timestamp():.0f}@{urlsplit(settings.SITE_URL).hostname}>"
    headers = {"Message-ID": name, "Auto-Submitted": "auto-generated"}
    return EmailMessage(mail.subject, mail.body, to=[mail.user.email], connection=line, headers=headers)


def _code(refusal: Exception) -> int:
    """What the server said; an address or text that can't be sent at all is as good as refused."""
    if isinstance(refusal, SMTPRecipientsRefused):
        return min(code for code, _ in refusal.recipients.values())
    return int(getattr(refusal, "smtp_code", 0)) or 550


def _refused(mail: Mail, code: int, at: datetime) -> None:
    """“Later” is tried again, for as long as it is worth sending; “never” is not."""
    words = f"对方的邮件服务器没有收（{code}）"
    if code >= 500:
        _settle(mail, State.FAILED, words, at)
        return
    again = at + wait_after(mail.setbacks + 1)
    mine = Mail.objects.filter(pk=mail.pk)
    mine.update(state=State.WAITING, setbacks=F("setbacks") + 1, next_at=again, trouble=words)


def _settle(mail: Mail, state: State, trouble: str, at: datetime) -> None:
    Mail.objects.filter(pk=mail.pk).update(state=state, trouble=trouble, settled_at=at)


def _drop(mails: QuerySet[Mail], why: str, at: datetime) -> None:
    mails.update(state=State.DROPPED, trouble=why, settled_at=at)


# Looking after it


def forget(*, at: datetime) -> int:
    """Old ones go; that they were told stands in the ledger."""
    return Mail.objects.filter(created_at__lt=at - KEPT).delete()[0]


def held_up(at: datetime) -> tuple[int, str]:
    """How many wait since long, and why the first does."""
    long = Mail.objects.filter(state=State.WAITING, created_at__lt=at - timedelta(hours=2))
    first = long.first()
    return (long.count(), first.trouble or "还没有轮到") if first else (0, "")


def undelivered(at: datetime) -> int:
    """How many of the last days did not arrive, or nobody knows."""
    doubtful = Q(state=State.LEAVING, created_at__lt=at - timedelta(minutes=10)) | Q(state=State.FAILED)
    return Mail.objects.filter(doubtful, created_at__gte=at - LASTS).count()
