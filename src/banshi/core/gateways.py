"""Gateways and mailboxes, each read from one address such as https://app:secret@host/path?sign=hmac-sm3."""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SIGNING = ("hmac-sha256", "hmac-sm3")


@dataclass(frozen=True, slots=True)
class GatewayAddress:
    """Without `address` there is no gateway."""

    address: str = ""
    app: str = ""
    secret: str = ""
    signing: str = SIGNING[0]


def gateway_address(url: str) -> GatewayAddress:
    """Parse an address.

    Raises ValueError, in words, for what is no such address.
    """
    if not url:
        return GatewayAddress()
    parts = urlsplit(url.strip())
    if parts.scheme not in ("https", "http") or not (parts.hostname and parts.username and parts.password):
        raise ValueError("要写成 https://应用:密钥@主机[:端口]/路径[?sign=hmac-sm3]")
    signing = parse_qs(parts.query).get("sign", [SIGNING[0]])[-1]
    if signing not in SIGNING:
        raise ValueError(f"sign 只能写 {'、'.join(SIGNING)}")
    port = f":{parts.port}" if parts.port else ""
    address = f"{parts.scheme}://{parts.hostname}{port}{parts.path.rstrip('/')}"
    return GatewayAddress(address, unquote(parts.username), unquote(parts.password), signing)


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """A folder of a mailbox by IMAP. Without `host` there is none."""

    host: str = ""
    port: int = 993
    user: str = ""
    password: str = ""
    folder: str = "INBOX"
    tls: bool = True


def mailbox_address(url: str) -> MailboxAddress:
    """Parse an address.

    Raises ValueError, in words, for what is no such address.
    """
    if not url:
        return MailboxAddress()
    parts = urlsplit(url.strip())
    tls, host = parts.scheme == "imaps", parts.hostname or ""
    if not (host and parts.username and parts.password) or not (tls or (parts.scheme == "imap" and host in LOOPBACK)):
        raise ValueError("要写成 imaps://账号:密码@主机[:端口]/文件夹；不加密的 imap:// 只能用于本机")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return MailboxAddress(
        host, parts.port or (993 if tls else 143), unquote(parts.username), unquote(parts.password), folder, tls
    )
