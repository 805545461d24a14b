"""Responses of the API, with strong ETags over the very bytes, conditional and open to every site."""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe
from ninja import NinjaAPI
from ninja.renderers import BaseRenderer
from ninja.throttling import BaseThrottle
from pydantic import BaseModel
from pydantic_core import to_json

from banshi.core.crypto import digest
from banshi.core.errors import BadInput, BanshiError, Problem
from banshi.core.rate_limits import seconds_left, within
from banshi.sites.api.errors import told

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
LASTING = "public, max-age=60"
View = Callable[..., HttpResponseBase]


class Json(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return to_json(data)


class PublicApi(NinjaAPI):
    """Every answer passes `create_response`, so what holds for all of them is said there."""

    def create_response(self, request: HttpRequest, data: Any, **more: Any) -> HttpResponse:
        response = super().create_response(request, data, **more)
        return sealed(request, response) if response.status_code == 200 else response


def sealed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Seal with a strong ETag, which is the digest of the bytes.

    304 for whoever has them already.
    """
    response["ETag"] = etag = f'"{digest(response.content)[:32]}"'
    if hasattr(request, "auth"):
        # Told to one caller alone.
        response["Cache-Control"] = "private, no-store"
    response.setdefault("Cache-Control", LASTING)
    modified = parse_http_date_safe(response.get("Last-Modified", ""))
    answer = get_conditional_response(request, etag, modified, response)
    assert isinstance(answer, HttpResponse)
    return answer


def open_to_all(view: View) -> View:
    """Wrap every address, before and after its own view, for methods, NUL characters and cross-origin reading."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if any("\0" in text for text in (request.path, *request.GET, *request.GET.values())):
            error: BanshiError = BadInput("地址里有不允许的字符", where=request.path, remedy="请去掉空字符（%00）。")
            response: HttpResponseBase = told(request, error)
        else:
            response = _as_get(view, request, args, kwargs)
        if response.status_code == 405:
            response = _only(request, response["Allow"])
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After, WWW-Authenticate"
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined]
    return answer


def _as_get(view: View, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponseBase:
    """Answer HEAD as GET, which ninja knows."""
    # The server leaves the body out.
    asked, request.method = request.method, "GET" if request.method == "HEAD" else request.method
    try:
        return view(request, *args, **kwargs)
    finally:
        request.method = asked


def _only(request: HttpRequest, allowed: str) -> HttpResponse:
    """Answer a method the view has not, and OPTIONS, which asks for those it has."""
    has = {each.strip() for each in allowed.split(",")}
    methods = ", ".join([*(each for each in METHODS if each in has or (each == "HEAD" and "GET" in has)), "OPTIONS"])
    if request.method == "OPTIONS":
        asked = {
            "Access-Control-Allow-Methods": methods,
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
        }
        return HttpResponse(status=204, headers={"Allow": methods, **asked})
    error = BanshiError("这个地址不能这样用", where=f"{request.method} {request.path}", remedy=f"请改用 {methods}。")
    error.status = 405
    response = told(request, error)
    response["Allow"] = methods
    return response


def refuse_unknown(view: View) -> View:
    """Refuse unknown parameters, because a mistyped filter would answer everything."""

    @wraps(view)
    def answer(request: HttpRequest, **values: Any) -> HttpResponseBase:
        known = {
            name
            for key, value in values.items()
            for name in (list(type(value).model_fields) if isinstance(value, BaseModel) else [key])
        }
        if unknown := sorted(set(request.GET) - known):
            problems = [Problem("没有这个参数", where=f"参数 {name[:60]}", field=name[:60]) for name in unknown]
            raise BadInput("请求的参数不对", problems, where=request.path, remedy="请按接口说明修改后重试。")
        return view(request, **values)

    return answer


class PerMinute(BaseThrottle):
    """So many requests a minute for one address. 0 counts none."""

    _asked = threading.local()

    def allow_request(self, request: HttpRequest) -> bool:
        limit = settings.API_REQUESTS_PER_MINUTE
        self._asked.of = f"{limit}/minute", "api", str(self.get_ident(request))
        return not limit or within(*self._asked.of)

    def wait(self) -> float:
        return seconds_left(*self._asked.of)
