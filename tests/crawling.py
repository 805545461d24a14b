"""A crawler: every address a site shows, asked once, with the page that shows it."""

import re
from collections import deque
from collections.abc import Callable
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

from django.http.response import HttpResponseBase
from django.test import Client

HERE = "http://testserver"
SHOWN = re.compile(
    r"""<(?:a|link|img|iframe|form|script|source)\b[^>]*?\s(?:href|src|action|data-suggest)="([^"]*)\""""
)
LISTED = re.compile(r"<loc>([^<]+)</loc>|<link[^>]+href=\"([^\"]+)\"|^Sitemap: (\S+)", re.MULTILINE)
STARTS = ("/", "/robots.txt", "/sitemap.xml", "/api/v1/docs")
FINE = {200, 204, 302, 301, 410}


def crawl(client: Client, asks: Callable[[str], bool] = lambda address: True) -> tuple[set[str], list[str]]:
    """All addresses asked, and a line for each that was not there or broke.

    Filters and pages of lists are asked where a plain page shows them, and no further.
    """
    waiting = deque((start, "") for start in STARTS)
    seen = set(STARTS)
    wrong = []
    while waiting:
        address, shown_on = waiting.popleft()
        response = client.get(address)
        if response.status_code not in FINE:
            wrong.append(f"{response.status_code} {address} (on {shown_on})")
        for found in _shown(response, address):
            if found not in seen and not ("?" in found and "?" in address) and asks(found):
                seen.add(found)
                waiting.append((found, address))
    return seen, wrong


def _shown(response: HttpResponseBase, address: str) -> list[str]:
    """Addresses of this site in what was answered; what was streamed is read to its end."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined,call-overload]
    kind = response.get("Content-Type", "")
    links = [response["Location"]] if response.has_header("Location") else []
    if kind.startswith(("text/html", "application/xml", "text/plain", "application/atom+xml")):
        text = body.decode()
        links += SHOWN.findall(text) if kind.startswith("text/html") else []
        links += [next(filter(None, groups)) for groups in LISTED.findall(text)]
    whole = [urldefrag(urljoin(HERE + address, unescape(link)))[0] for link in links]
    ours = [urlsplit(each) for each in whole if each.startswith((HERE, "http://127.0.0.1:8000"))]
    return [f"{each.path}?{each.query}" if each.query else each.path for each in ours]
