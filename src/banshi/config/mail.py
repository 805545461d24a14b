"""The mail server, read from one address such as smtps://user:password@mail.example.gov.cn."""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SMTP, SUBMISSION, SMTPS = 25, 587, 465


@dataclass(frozen=True, slots=True)
class MailServer:
    """`tls` from the first byte; `starttls` after greeting in the clear."""

    host: str = ""
    port: int = SMTP
    user: str = ""
    password: str = ""
    tls: bool = False
    starttls: bool = False


def mail_server(url: str) -> MailServer:
    """No url is no server. A password goes over smtp:// only after STARTTLS, unless the address ends in ?tls=off."""
    if not url:
        return MailServer()
    try:
        parts = urlsplit(url.strip())
        given_port = parts.port
    except ValueError as wrong:
        raise ImproperlyConfigured("BANSHI_EMAIL_URL: the port is no number") from wrong
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured("BANSHI_EMAIL_URL has to look like smtp://user:password@host:port or smtps://…")
    tls, user = parts.scheme == "smtps", unquote(parts.username or "")
    starttls = not tls and parse_qs(parts.query).get("tls", ["on" if user else "off"])[-1] != "off"
    usual = SMTPS if tls else SUBMISSION if starttls else SMTP
    return MailServer(parts.hostname, given_port or usual, user, unquote(parts.password or ""), tls, starttls)
