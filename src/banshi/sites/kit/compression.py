"""Compression of responses."""

from django.http.request import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from banshi.core.file_types import MEDIA_TYPES

TEXT = (
    "text/",
    "application/json",
    "application/xml",
    "application/atom+xml",
    "application/x-ndjson",
    MEDIA_TYPES["svg"],
)


class Compression(GZipMiddleware):
    """Compress text with gzip. PDF and Word files are compressed already.

    Django adds random bytes to each compressed response and masks each CSRF token, so that lengths tell nothing (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith(TEXT):
            return super().process_response(request, response)
        return response
