"""A request id on every log line of a request and in its answer."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bound_contextvars

from banshi.core.ids import new_guid

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestId:
    """Middleware: take the id a reverse proxy of ours gave, else make one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
        key = given if _GIVEN.fullmatch(given) else new_guid().hex
        with bound_contextvars(request_id=key):
            response = self.get_response(request)
        response[HEADER] = key
        return response
