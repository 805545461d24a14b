"""The mail server, read from one address such as smtps://user:password@mail.example.gov.cn."""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

SMTP, SUBMISSION, SMTPS = 25, 587, 465


@dataclass(frozen=True, slots=True)
class MailServer:
    """`tls` from the first byte. `starttls` after greeting in the clear."""

    host: str = ""
    port: int = SMTP
    user: str = ""
    password: str = ""
    tls: bool = False
    starttls: bool = False


def mail_server(url: str) -> MailServer:
    """Parse a mail server's address, where none is no server.

    A password goes over smtp:// only after STARTTLS, unless the address ends in ?tls=off. Raises ValueError, in words,
    for what is no such address.
    """
    if not url:
        return MailServer()
    try:
        parts = urlsplit(url.strip())
        given_port = parts.port
    except ValueError as wrong:
        raise ValueError("端口不是数字") from wrong
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("要写成 smtp://用户:密码@主机:端口 或 smtps://…")
    tls, user = parts.scheme == "smtps", unquote(parts.username or "")
    starttls = not tls and parse_qs(parts.query).get("tls", ["on" if user else "off"])[-1] != "off"
    usual = SMTPS if tls else SUBMISSION if starttls else SMTP
    return MailServer(parts.hostname, given_port or usual, user, unquote(parts.password or ""), tls, starttls)
