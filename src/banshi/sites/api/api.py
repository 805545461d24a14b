"""The API /api/v1: the catalogue for everybody, applications and cases by token, described by its OpenAPI document."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from banshi.core.errors import BanshiError
from banshi.sites.api import (
    applying,
    appointments,
    bundle_receptions,
    bundles,
    caller,
    catalogue,
    changes,
    counter,
    hall,
    handling,
    home_visits,
    mandates,
    reference_data,
    searching,
)
from banshi.sites.api.errors import from_404, from_accident, from_http, from_validation, told
from banshi.sites.api.responses import Json, PerMinute, PublicApi, refuse_unknown

DESCRIPTION = """政务服务事项目录、办事指南、搜索与变动，只读、免登录，可跨域读取；申请和办件要令牌。

出错时一律返回 RFC 9457 的 application/problem+json。每个回答带强 ETag，带 If-None-Match 再问，没变就答 304。
列表翻页：把回答里的 next 作为下次的 after。"""

api = PublicApi(
    title="办事 公开接口",
    version=settings.VERSION,
    description=DESCRIPTION,
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    renderer=Json(),
    throttle=[PerMinute()],
)
api.add_decorator(refuse_unknown, mode="operation")
api.add_router("", catalogue.router)
api.add_router("", searching.router)
api.add_router("", reference_data.router)
api.add_router("", changes.router)
api.add_router("", caller.router)
api.add_router("", applying.open_router)
api.add_router("", applying.router)
api.add_router("", bundles.open_router)
api.add_router("", bundles.router)
api.add_router("", handling.router)
api.add_router("", hall.open_router)
api.add_router("", hall.router)
api.add_router("", appointments.open_router)
api.add_router("", appointments.router)
api.add_router("", counter.router)
api.add_router("", bundle_receptions.router)
api.add_router("", mandates.router)
api.add_router("", home_visits.router)


@api.exception_handler(BanshiError)
def on_error(request: HttpRequest, error: BanshiError) -> HttpResponse:
    return told(request, error)


@api.exception_handler(ValidationError)
def on_bad_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return told(request, from_validation(request, error))


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return told(request, from_http(request, error))


@api.exception_handler(Http404)
def on_no_address(request: HttpRequest, error: Http404) -> HttpResponse:
    return told(request, from_404(request, error))


@api.exception_handler(Exception)
def on_accident(request: HttpRequest, error: Exception) -> HttpResponse:
    return told(request, from_accident(request, error))
