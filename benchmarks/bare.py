"""The baselines, served by the same server through the same middleware: an empty answer, and a bare list of the rows."""

import hashlib
import json
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from banshi.catalog.models import Listing
from banshi.core.clock import now
from banshi.exchange.sources import Look
from banshi.exchange.sources.base import source_at


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def bare_list(request: HttpRequest) -> HttpResponse:
    """As a first sketch would do it: 25 rows by offset, every column, `JsonResponse`."""
    start = int(request.GET.get("offset", 0))
    return JsonResponse(
        list(Listing.objects.select_related("organ", "category").values()[start : start + 25]), safe=False
    )


@csrf_exempt
def direct(request: HttpRequest, register: str) -> HttpResponse:
    """Ask a benchmark's register as the gateway does, by the same adapter, with nothing around it."""
    return JsonResponse({"rows": _rows_of(register, json.loads(request.body)["person"]["number"])})


@csrf_exempt
def service(request: HttpRequest, register: str) -> HttpResponse:
    """Answer as an organ's own service would: its caller known by a bearer token, one row of rights, one row of log."""
    token = hashlib.sha256(request.headers["Authorization"].removeprefix("Bearer ").encode()).hexdigest()
    number = json.loads(request.body)["person"]["number"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT caller FROM bench_rights WHERE token = %s AND resource = %s", [token, "hjrk"])
        [caller] = cursor.fetchone()
    rows = _rows_of(register, number)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_log (at, caller, number) VALUES (%s, %s, %s)", [now().isoformat(), caller, number]
        )
    return JsonResponse({"rows": rows})


def _rows_of(register: str, number: str) -> list[dict[str, Any]]:
    look = Look("hjrk", ("xm", "gmsfhm", "hjdz"), {"gmsfhm": number}, {}, 3.0, 200)
    return source_at("sql", _registers()[register]).look_up(look)


@cache
def _registers() -> dict[str, str]:
    """Addresses by the kind of database, as the benchmark wrote them down."""
    return dict(json.loads((settings.HOME / "registers.json").read_text()))


urlpatterns = [
    path("bench/empty", empty),
    path("bench/list", bare_list),
    path("exchange/v1/direct/<str:register>", direct),  # past what serves pages, as the gateway
    path("exchange/v1/service/<str:register>", service),
    path("", include("banshi.config.urls")),
]
