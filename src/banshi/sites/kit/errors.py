"""Turns the errors of core.errors into pages, once, for every site that shows pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from banshi.core.errors import BadInput, BanshiError, Conflict, Missing, Refused
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
    response = render(request, "kit/errors/fragment.html", context, status=error.status)
    response["HX-Retarget"], response["HX-Reswap"] = "#notices", "innerHTML"
    return response


def is_staff_page(request: HttpRequest) -> bool:
    return request.path.startswith(("/work/", "/console/")) and request.user.is_authenticated
