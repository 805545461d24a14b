"""The baselines, served by the same server through the same middleware: an empty answer, and a bare list of the rows."""

import hashlib
import json

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
def register(request: HttpRequest) -> HttpResponse:
    """Ask the benchmark's register as the gateway does, by the same adapter, with nothing around it."""
    number = json.loads(request.body)["person"]["number"]
    look = Look("hjrk", ("xm", "gmsfhm", "hjdz"), {"gmsfhm": number}, {}, 3.0, 200)
    address = f"sqlite:///{settings.HOME}/register.sqlite3"
    return JsonResponse({"rows": source_at("sql", address).look_up(look)})


@csrf_exempt
def service(request: HttpRequest) -> HttpResponse:
    """Answer as an organ's own service would: its caller known by a bearer token, one row of rights, one row of log."""
    token = hashlib.sha256(request.headers["Authorization"].removeprefix("Bearer ").encode()).hexdigest()
    number = json.loads(request.body)["person"]["number"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT caller FROM bench_rights WHERE token = %s AND resource = %s", [token, "hjrk"])
        [caller] = cursor.fetchone()
    look = Look("hjrk", ("xm", "gmsfhm", "hjdz"), {"gmsfhm": number}, {}, 3.0, 200)
    rows = source_at("sql", f"sqlite:///{settings.HOME}/register.sqlite3").look_up(look)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_log (at, caller, number) VALUES (%s, %s, %s)", [now().isoformat(), caller, number]
        )
    return JsonResponse({"rows": rows})


urlpatterns = [
    path("bench/empty", empty),
    path("bench/list", bare_list),
    path("exchange/v1/direct", register),  # past what serves pages, as the gateway
    path("exchange/v1/service", service),
    path("", include("banshi.config.urls")),
]
