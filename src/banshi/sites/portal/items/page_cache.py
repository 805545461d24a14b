"""Kept pages: a public page is made once for each state of what it shows, then answered from memory.

Only for people not signed in and plain addresses; everyone else gets a page made for them. The key holds everything
the page depends on; what lies outside it (names of organs and categories) is at most `KEPT` seconds old.
"""

import re
from collections.abc import Callable
from gzip import compress, decompress

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.templatetags.static import static

from banshi.sites.kit.display import is_large

KEPT = 300  # seconds
GZIP = re.compile(r"\bgzip\b")
PERSONAL = (settings.SESSION_COOKIE_NAME, "messages")


def kept_page(request: HttpRequest, state: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the page for `state`, from memory or from `make`.

    304 to those who have it.
    """
    if request.META.get("QUERY_STRING") or any(name in request.COOKIES for name in PERSONAL):
        return _marked(make(), "private, no-cache")
    size, styles = "large" if is_large(request) else "normal", static("kit/dist/banshi.css")
    key = f"{settings.VERSION}:{styles}:{state}:{size}"
    etag = f'W/"{key}"'
    if etag in request.headers.get("If-None-Match", ""):
        return _tagged(HttpResponseNotModified(), etag)
    pages = caches["pages"]
    if kept := pages.get(key):
        # Gzip as it is kept where the browser reads it. Such a page holds nothing secret whose length could tell.
        if GZIP.search(request.headers.get("Accept-Encoding", "")):
            return _tagged(HttpResponse(kept, headers={"Content-Encoding": "gzip"}), etag)
        return _tagged(HttpResponse(decompress(kept)), etag)
    response = make()
    pages.set(key, compress(response.content, compresslevel=5, mtime=0), KEPT)
    return _tagged(response, etag)


def _tagged(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    return _marked(response, "public, no-cache")


def _marked(response: HttpResponse, control: str) -> HttpResponse:
    response["Cache-Control"] = control
    response["Vary"] = "Accept-Encoding, Cookie"
    return response
