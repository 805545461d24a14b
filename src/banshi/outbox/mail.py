"""Mail channel to staff by SMTP. A mail whose answer was lost may have arrived, so it is not repeated."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
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
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import QuerySet

from banshi.outbox.channels import Answer, AnswerLost, Channel, Connection, DeliveryOutcome, Unavailable
from banshi.outbox.models import Message, Queue
from banshi.people.models import User


def is_on() -> bool:
    """Tell whether the office set a mail server.

    Without one nothing is queued and nothing sent.
    """
    return bool(settings.MAIL_ON)


def reachable() -> QuerySet[User]:
    """Filter those who get mail, having given an address and not said no."""
    return User.objects.filter(is_active=True, mail_wanted=True).exclude(email="")


class SmtpConnection(Connection):
    """A connection to the mail server. One mail at a time, so that a kill leaves one in doubt at most."""

    def __init__(self, backend: BaseEmailBackend) -> None:
        self.backend = backend

    def ready(self, *, at: datetime) -> None:
        """Ask before each: a server that hung up after so many would else leave one in doubt."""
        smtp = getattr(self.backend, "connection", None)
        try:
            if smtp and smtp.noop()[0] != 250:
                raise SMTPException("hung up")
        except OSError as trouble:
            raise Unavailable(_words(trouble)) from trouble

    def check(self, *, at: datetime) -> None:
        self.ready(at=at)

    def send(self, messages: Sequence[Message], *, at: datetime) -> Sequence[Answer]:
        return [self._send(each) for each in messages]

    def _send(self, message: Message) -> Answer:
        address = self.address_of(message)
        if not address:
            return Answer(DeliveryOutcome.UNWANTED, "本人不收邮件了")
        try:
            _letter(message, address, self.text_of(message), self.backend).send()
        except SMTPSenderRefused as trouble:
            raise Unavailable(_words(trouble)) from trouble
        except (SMTPRecipientsRefused, SMTPResponseException, SMTPNotSupportedError, ValueError) as refusal:
            # Read what the server said; an address or text that can't be sent at all is as good as refused.
            if isinstance(refusal, SMTPRecipientsRefused):
                code = min(code for code, _ in refusal.recipients.values())
            else:
                code = int(getattr(refusal, "smtp_code", 0)) or 550
            outcome = DeliveryOutcome.REFUSED if code >= 500 else DeliveryOutcome.LATER
            return Answer(outcome, f"对方的邮件服务器没有收（{code}）")
        except OSError as trouble:
            raise AnswerLost(_words(trouble)) from trouble
        return Answer(DeliveryOutcome.TAKEN)

    def address_of(self, message: Message) -> str:
        """Find the address a message goes to now, "" where it is not wanted."""
        user = reachable().filter(pk=message.recipient_id or 0).first()
        return user.email if user else ""

    def text_of(self, message: Message) -> str:
        return str(message.payload["body"])


class MailChannel(Channel):
    code, label = "mail", "邮件"
    connection = SmtpConnection
    lifetime, kept = timedelta(days=30), timedelta(days=90)

    @property
    def batches(self) -> int:
        return 200

    @contextmanager
    def open(self, queue: Queue, *, at: datetime) -> Iterator[Connection]:
        backend = get_connection()
        try:
            backend.open()
        except OSError as trouble:
            raise Unavailable(_words(trouble)) from trouble
        try:
            yield self.connection(backend)
        finally:
            with suppress(OSError):
                backend.close()


def _letter(message: Message, address: str, text: str, backend: BaseEmailBackend) -> EmailMessage:
    name = f"<{message.pk}.{message.created_at.timestamp():.0f}@{urlsplit(settings.SITE_URL).hostname}>"
    headers = {"Message-ID": name, "Auto-Submitted": "auto-generated"}
    return EmailMessage(message.title, text, to=[address], connection=backend, headers=headers)


def _words(trouble: OSError) -> str:
    match trouble:
        case SMTPAuthenticationError():
            return "邮件服务器不认可账号或密码"
        case SMTPSenderRefused():
            return "邮件服务器不让用这个发件地址"
        case SSLError():
            return "邮件服务器的证书不可信"
    return "邮件服务器连不上"
