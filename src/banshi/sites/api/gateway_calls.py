"""The gateway's way in: who calls it signs, and has no session, cookie or page."""

from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, get_urlconf, resolve

from banshi.core.errors import BanshiError
from banshi.sites.api.errors import told

GATEWAY = "/exchange/v1/"
PATHS_KEPT = 512


@lru_cache(PATHS_KEPT)
def _resolved(path: str, addresses: str | None) -> ResolverMatch:
    """Find what answers at a path once: systems ask for few resources, over and over."""
    return resolve(path, addresses)


class GatewayCalls:
    """Middleware: answer calls of the gateway past what serves pages, and uncompressed, as they were signed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(GATEWAY):
            return self.get_response(request)
        try:
            match = request.resolver_match = _resolved(request.path_info, get_urlconf())
        except Resolver404:
            return self.get_response(request)
        try:
            response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        except BanshiError as error:
            response = told(request, error)
        if isinstance(response, HttpResponse):
            response["Content-Length"] = str(len(response.content))
        return response
