"""Gateways of other offices, read from one address such as https://app:secret@host/path?sign=hmac-sm3."""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

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
