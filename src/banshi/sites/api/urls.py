"""/api/: each address of version 1 behind the one front door, and JSON for the ones that don't exist."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, re_path
from django.views.decorators.http import require_GET

from banshi.sites.api.api import api
from banshi.sites.api.docs import send_description, show_docs
from banshi.sites.api.errors import from_404, told
from banshi.sites.api.responses import open_to_all


def no_such_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    return told(request, from_404(request, Http404()))


def show_the_way(request: HttpRequest) -> HttpResponse:
    """Lead browsers to the page that explains the API."""
    if "text/html" in request.headers.get("Accept", ""):
        return redirect("api_docs")
    return no_such_address(request)


def _front_door(patterns: Any) -> Any:
    for pattern in patterns:
        pattern.callback = open_to_all(pattern.callback)
    return patterns


addresses, _, namespace = api.urls

urlpatterns = [
    path("", open_to_all(require_GET(show_the_way))),
    path("v1/", open_to_all(require_GET(show_the_way))),
    path("v1/docs", show_docs, name="api_docs"),
    path("v1/openapi.json", open_to_all(require_GET(send_description)), name="api_description"),
    path("v1/", include((_front_door(addresses), "ninja"), namespace=namespace)),
    re_path(r"^(?P<rest>[\s\S]*)\Z", open_to_all(no_such_address)),
]
