"""Letters as they come: RFC 5322 read into text, sender and attachments, whatever is wrong with them."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from html import unescape
from typing import cast

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from banshi.core.crypto import digest
from banshi.feedback.letters import IncomingLetter

TAGS = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.S | re.I)
QUOTED = re.compile(r"^>.*$\n?", re.M)
FILES_AT_MOST = 10


def read_letter(raw: bytes, *, cut: bool = False) -> IncomingLetter:
    """Read one letter, without its attachments where it was `cut`."""
    message = message_from_bytes(raw, policy=policy.default)
    name, sender = parseaddr(_header(message, "From"))
    identity = _header(message, "Message-ID").strip()
    return IncomingLetter(
        key=digest(f"{identity} {sender.lower()}".encode() if identity else raw),
        sender=sender,
        name=name,
        subject=" ".join(_header(message, "Subject").split())[:200],
        text=f"{_text(message)}\n（这封信太大，附件没有收下。）" if cut else _text(message),
        files=[] if cut else _files(message),
        automatic=_is_automatic(message) or "@" not in sender,
    )


def _header(message: EmailMessage, name: str) -> str:
    """Read a header, which may be so broken that it can't be parsed."""
    try:
        return str(message.get(name, "")).replace("\x00", "")
    except (ValueError, IndexError, AttributeError):
        return ""


def _is_automatic(message: EmailMessage) -> bool:
    """Recognise answers of machines and bulk mail (RFC 3834), which are never answered."""
    marked = _header(message, "Auto-Submitted").strip().lower() not in ("", "no")
    bulk = _header(message, "Precedence").strip().lower() in ("bulk", "junk", "list")
    return marked or bulk or "List-Id" in message or _header(message, "Return-Path").strip() == "<>"


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, ValueError):
        text = cast(bytes, part.get_payload(decode=True) or b"").decode("utf-8", "replace")
    if part.get_content_subtype() == "html":
        text = unescape(TAGS.sub(" ", text))
    return QUOTED.sub("", text).replace("\x00", "").replace("\r", "").strip()


def _files(message: EmailMessage) -> list[UploadedFile]:
    found: list[UploadedFile] = []
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content and len(found) < FILES_AT_MOST:
            found.append(SimpleUploadedFile(part.get_filename() or "附件", content, part.get_content_type()))
    return found
