"""The baselines, served by the same server through the same middleware: an empty answer, and a bare list of the rows."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

from banshi.catalog.models import Listing


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def bare_list(request: HttpRequest) -> HttpResponse:
    """As a first sketch would do it: 25 rows by offset, every column, `JsonResponse`."""
    start = int(request.GET.get("offset", 0))
    return JsonResponse(
        list(Listing.objects.select_related("organ", "category").values()[start : start + 25]), safe=False
    )


urlpatterns = [
    path("bench/empty", empty),
    path("bench/list", bare_list),
    path("", include("banshi.config.urls")),
]
