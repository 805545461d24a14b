"""A mailbox by IMAP4rev1, read with the standard library. Letters stay in the box, marked as read once they are kept."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from django.conf import settings

from banshi.connectors.mailbox.schema import read_letter
from banshi.core.gateways import MailboxAddress
from banshi.feedback.letters import IncomingLetter, Opener
from banshi.outbox.channels import Unavailable

SECONDS = 30
LARGEST = 30 * 1024 * 1024
HEADERS_AND_TEXT = 256 * 1024
"""Bytes that are read of a letter larger than the largest."""
TROUBLE = (OSError, imaplib.IMAP4.error)


class SignedInMailbox:
    def __init__(self, line: imaplib.IMAP4) -> None:
        self.line = line

    def unread(self) -> Iterator[tuple[str, IncomingLetter]]:
        for place in self._asked("SEARCH", "UNSEEN").split():
            size = self._asked("FETCH", place.decode(), "(RFC822.SIZE)")
            large = int(size.rpartition(b"RFC822.SIZE ")[2].strip(b") ") or 0) > LARGEST
            part = f"(BODY.PEEK[]<0.{HEADERS_AND_TEXT}>)" if large else "(BODY.PEEK[])"
            yield place.decode(), read_letter(self._asked("FETCH", place.decode(), part))

    def done(self, place: str) -> None:
        self._asked("STORE", place, "+FLAGS", r"(\Seen)")

    def _asked(self, command: str, *words: str) -> bytes:
        """Give one UID command, and return what was said: the letter where one was asked for."""
        try:
            _, said = self.line.uid(command, *words)
        except TROUBLE as trouble:
            raise Unavailable("邮箱的连接断了") from trouble
        first = said[0] if said else None
        return first[1] if isinstance(first, tuple) else first or b""


class Mailbox:
    def __init__(self, address: MailboxAddress) -> None:
        self.address = address

    @contextmanager
    def open(self) -> Iterator[SignedInMailbox]:
        """Sign in to the folder.

        Raises Unavailable.
        """
        to = self.address
        try:
            line = (
                imaplib.IMAP4_SSL(to.host, to.port, ssl_context=ssl.create_default_context(), timeout=SECONDS)
                if to.tls
                else imaplib.IMAP4(to.host, to.port, timeout=SECONDS)
            )
        except TROUBLE as trouble:
            raise Unavailable("邮箱的服务器连不上，或者证书不可信") from trouble
        try:
            try:
                line.login(to.user, to.password)
            except TROUBLE as trouble:
                raise Unavailable("邮箱的服务器不认可账号或密码") from trouble
            if line.select(f'"{to.folder}"')[0] != "OK":
                raise Unavailable(f"邮箱里没有文件夹“{to.folder}”")
            yield SignedInMailbox(line)
        finally:
            with suppress(*TROUBLE):
                line.logout()

    def check(self, *, at: datetime) -> None:
        """Ask whether the server answers, knows us, and has the folder, changing nothing there.

        Raises Unavailable.
        """
        with self.open() as box:
            box.line.noop()


def mailbox_in_settings() -> Opener | None:
    return Mailbox(settings.MAILBOX).open if settings.MAILBOX.host else None
