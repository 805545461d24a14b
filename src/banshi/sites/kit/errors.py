"""Turns the errors of core.errors into pages, once, for every site that shows pages."""

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.views.defaults import server_error

from banshi.core.errors import BadInput, BanshiError, Conflict, Missing, Refused
from banshi.core.outages import DatabaseBusy, DiskFull, outage_of
from banshi.sites.kit.menu import menu_for

TITLES: dict[type[BanshiError], str] = {
    Refused: "您不能这样做",
    Missing: "没有找到",
    Conflict: "情况有变",
    BadInput: "有地方需要改",
    BanshiError: "没有办成",
}


class ErrorPages:
    """Middleware: a BanshiError raised by a view becomes a page, or a fragment when htmx asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return error_page(request, error) if isinstance(error, BanshiError) else None


def error_page(request: HttpRequest, error: BanshiError) -> HttpResponse:
    title = next(TITLES[kind] for kind in type(error).__mro__ if kind in TITLES)
    context = {"error": error, "title": title, "problems": getattr(error, "problems", [])}
    if not request.headers.get("HX-Request"):
        frame = "kit/errors/staff.html" if is_staff_page(request) else "kit/errors/portal.html"
        menu = SimpleLazyObject(lambda: menu_for(request, counted=False))
        return render(request, frame, {**context, "menu": menu}, status=error.status)
    return _fragment(error, request)


def _fragment(error: BanshiError, request: HttpRequest | None) -> HttpResponse:
    context = {"error": error, "problems": getattr(error, "problems", [])}
    response = render(request, "kit/errors/fragment.html", context, status=error.status)
    response["HX-Retarget"], response["HX-Reswap"] = "#notices", "innerHTML"
    return response


def is_staff_page(request: HttpRequest) -> bool:
    return request.path.startswith(("/work/", "/console/")) and request.user.is_authenticated


RETRY_SECONDS = 15
SECRET_WORDS = ("password", "code")
"""In names of fields that are in no page again."""


def accident(request: HttpRequest) -> HttpResponse:
    """Handle errors (`handler500`), telling an outage wherever it was met, and anything else by the page of accidents."""
    error = sys.exc_info()[1]
    outage = outage_of(error) if error else None
    return outage_page(request, outage) if outage else server_error(request)


def outage_page(request: HttpRequest, outage: BanshiError) -> HttpResponse:
    """Build the page without the database.

    What was typed is in it, to be sent again, by itself where nothing can have been written.
    """
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"message": outage.message, "remedy": outage.remedy}, status=outage.status)
    if request.headers.get("HX-Request"):
        return _fragment(outage, None)
    typed = _typed(request)
    context = {
        "error": outage,
        "posting": request.method == "POST",
        "typed": typed,
        "retry": RETRY_SECONDS if isinstance(outage, DatabaseBusy | DiskFull) else None,
        "address": request.get_full_path(),
    }
    return render(None, "kit/errors/outage.html", context, status=outage.status)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """List every field as posted, without what can't be repeated, such as files and passwords."""
    try:
        if request.FILES or any(word in name for name in request.POST for word in SECRET_WORDS):
            return []
        return [(name, value) for name, values in request.POST.lists() for value in values]
    except (OSError, ValueError):
        return []
