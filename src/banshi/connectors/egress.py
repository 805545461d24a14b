"""Egress filter: an outlet reaches loopback, link-local and private addresses only in networks the operator lists.

Names are judged by what they resolve to before anything is sent there, and again by the address that answered.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings

from banshi.outbox.channels import Unavailable

_EMBEDDING = [ip_network(each) for each in ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48")]
"""Networks whose addresses end in the IPv4 address they lead to (compatible, translated, NAT64)."""


def refuse_inner(url: str) -> None:
    """Raise Unavailable where any address of the host is an inner one.

    A name nobody knows is left to the call.
    """
    parts = urlsplit(url)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or parts.scheme, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return
    for *_, place in found:
        refuse_address(str(place[0]))


def refuse_address(address: str) -> None:
    if not is_allowed(address):
        raise Unavailable(
            f"{address} 是内部网络的地址，没有发出。要放行的，请系统管理员在 BANSHI_OUTLET_NETWORKS 里列出它的网段"
        )


def is_allowed(address: str) -> bool:
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and int(ip) > 1:
        within = any(ip in network for network in _EMBEDDING)
        ip = ip.ipv4_mapped or ip.sixtofour or (IPv4Address(int(ip) & 0xFFFFFFFF) if within else ip)
    return (ip.is_global and not ip.is_multicast) or any(ip in network for network in settings.OUTLET_NETWORKS)
