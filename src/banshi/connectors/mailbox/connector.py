"""A mailbox by IMAP4rev1, read with the standard library. Letters stay in the box, marked as read once they are kept."""

import imaplib
import re
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

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
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
NOT_PLAIN = re.compile(r"[^\x20-\x7e]+|&")


def in_utf7(folder: str) -> str:
    """Write the name of a folder as a quoted string in modified UTF-7 (RFC 3501, 5.1.3)."""

    def shifted(run: re.Match[str]) -> str:
        letters = "" if run[0] == "&" else b64encode(run[0].encode("utf-16-be"), b"+,").decode().rstrip("=")
        return f"&{letters}-"

    plain = NOT_PLAIN.sub(shifted, folder).replace("\\", r"\\").replace('"', r"\"")
    return f'"{plain}"'


class SignedInMailbox:
    def __init__(self, line: imaplib.IMAP4) -> None:
        self.line = line

    def unread(self) -> Iterator[tuple[str, IncomingLetter]]:
        for place in b" ".join(each for each in self._asked("SEARCH", "UNSEEN") if isinstance(each, bytes)).split():
            told = b" ".join(each for each in self._asked("FETCH", place.decode(), "(RFC822.SIZE)") if each)
            size = SIZE.search(told)
            large = bool(size and int(size[1]) > LARGEST)
            part = f"(BODY.PEEK[]<0.{HEADERS_AND_TEXT}>)" if large else "(BODY.PEEK[])"
            # Among what is said may be news of other letters, which carry no literal. Without one it is gone meanwhile.
            literals = [each[1] for each in self._asked("FETCH", place.decode(), part) if isinstance(each, tuple)]
            if literals:
                yield place.decode(), read_letter(literals[0], cut=large)

    def done(self, place: str) -> None:
        self._asked("STORE", place, "+FLAGS.SILENT", r"(\Seen)")

    def _asked(self, command: str, *words: str) -> list[Any]:
        """Give one UID command, and return what was said, or raise Unavailable where the server says no."""
        try:
            outcome, said = self.line.uid(command, *words)
        except TROUBLE as trouble:
            raise Unavailable("邮箱的连接断了") from trouble
        if outcome != "OK":
            raise Unavailable(f"邮箱的服务器不肯做 {command}，请看账号能不能把信标成已读")
        return said


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
            except UnicodeError as trouble:
                raise Unavailable("邮箱的账号、密码只能有英文字母、数字和符号（RFC 3501）") from trouble
            try:
                there = line.select(in_utf7(to.folder))[0] == "OK"
            except TROUBLE as trouble:
                raise Unavailable(f"邮箱里的文件夹“{to.folder}”只能看、不能标成已读") from trouble
            if not there:
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
