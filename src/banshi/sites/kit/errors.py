"""Turns the errors of core.errors into pages, once, for every site that shows pages."""

import re
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.views.defaults import server_error

from banshi.core.errors import BadInput, BanshiError, Conflict, Missing, Refused
from banshi.core.outages import DatabaseBusy, DiskFull, outage_of
from banshi.sites.kit.forms import with_refusal
from banshi.sites.kit.menu import menu_for
from banshi.sites.kit.staff import STAFF_PAGES

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
        if not isinstance(error, BanshiError):
            return None
        return form_again(request, error) or error_page(request, error)


def form_again(request: HttpRequest, error: BanshiError) -> HttpResponse | None:
    """Make the page of a refused form once more, which tells what was refused beside what was typed.

    Its view is asked again with what was posted, and does nothing, since its form (`PageForm`) is not valid now. None where
    the page has no such form.
    """
    match = request.resolver_match
    asks_for_page = "HX-Request" not in request.headers and not _is_script(request)
    if not isinstance(error, BadInput) or request.method != "POST" or match is None or not asks_for_page:
        return None
    with_refusal(request.POST, error)
    try:
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except BanshiError:
        return None
    if response.status_code in (200, error.status):
        response.status_code = error.status
        return response
    return None


def error_page(request: HttpRequest, error: BanshiError, *, back: str = "") -> HttpResponse:
    """Build the page of an error, which leads to `back`, or to where one came from."""
    title = next(TITLES[kind] for kind in type(error).__mro__ if kind in TITLES)
    context = {"error": error, "title": title, "problems": getattr(error, "problems", []), **_held(request)}
    context["again"] = isinstance(error, BadInput | Conflict) and context["written"]
    context["back"] = back or page_before(request)
    if _is_script(request):
        return JsonResponse({"message": str(error)}, status=error.status)
    if not request.headers.get("HX-Request"):
        frame = "kit/errors/staff.html" if is_staff_page(request) else "kit/errors/portal.html"
        menu = SimpleLazyObject(lambda: menu_for(request, counted=False))
        return render(request, frame, {**context, "menu": menu}, status=error.status)
    return _fragment(error, request)


def _is_script(request: HttpRequest) -> bool:
    """Tell whether a script of ours asks, which shows the sentence itself."""
    return request.headers.get("Accept") == "application/json"


def _fragment(error: BanshiError, request: HttpRequest | None) -> HttpResponse:
    context = {"error": error, "problems": getattr(error, "problems", [])}
    response = render(request, "kit/errors/fragment.html", context, status=error.status)
    response["HX-Retarget"], response["HX-Reswap"] = "#notices", "innerHTML"
    return response


def is_staff_page(request: HttpRequest) -> bool:
    return request.path.startswith(STAFF_PAGES) and request.user.is_authenticated


RETRY_SECONDS = 15
LINE = 60
UNTYPED = re.compile(r"[0-9a-f-]{16,}|.{0,2}|\d{1,10}|\d+:[0-9a-f]*")
"""What a page sends of itself: keys, stamps, choices."""
OF_THE_PAGE = ("asked",)
"""Names under which a page sends words of its own."""


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
    context = {
        "error": outage,
        "posting": request.method == "POST",
        "retry": RETRY_SECONDS if isinstance(outage, DatabaseBusy | DiskFull) and not request.FILES else None,
        **_held(request),
    }
    return render(None, "kit/errors/outage.html", context, status=outage.status)


def typed_page(request: HttpRequest, error: BanshiError, *, door: str = "") -> HttpResponse:
    """Keep what was typed in a page of its own when the session ended over it, to be sent again from there.

    Only what one of our own pages sent is offered for sending, else another site could write it.
    """
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"message": error.message, "remedy": error.remedy}, status=error.status)
    if request.headers.get("HX-Request"):
        return _fragment(error, request)
    context = {"error": error, "title": error.message, "door": door, "again": True, **_held(request)}
    return render(request, "kit/errors/typed_page.html", context, status=error.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Offer what was typed once more, where the page's token is old and not another site's."""
    if not is_own_page(request):
        return render(request, "403_csrf.html", status=403)
    return typed_page(
        request, Refused("这一页放得太久了，还没有提交", remedy="这次没有收下：核对下面的内容，再按一次就可以。")
    )


def is_own_page(request: HttpRequest) -> bool:
    """Tell by the browser's word whether a page of this site sent the form."""
    own = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return request.headers.get("Origin", "") in own


def has_written(request: HttpRequest) -> bool:
    """Tell whether a person wrote something of what was posted."""
    return bool(_held(request)["written"])


def _held(request: HttpRequest) -> dict[str, Any]:
    """List every field as posted, but for passwords and codes, which are in no page again."""
    held: dict[str, Any] = {"address": request.get_full_path(), "files": False, "typed": [], "written": False}
    if request.method != "POST":
        return held
    try:
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
        held["files"] = bool(request.FILES)
    except (OSError, ValueError):
        return held
    if any("password" in name for name, _ in sent) or (
        request.path.startswith("/accounts/") and "code" in request.POST
    ):
        return held
    labels = labels_of(request)
    held["typed"] = [
        (
            name,
            value,
            name not in OF_THE_PAGE and not UNTYPED.fullmatch(value),
            "\n" in value or len(value) > LINE,
            labels.get(name, "您填的"),
        )
        for name, value in sent
        if name != "csrfmiddlewaretoken" and value
    ]
    held["written"] = any(shown for _, _, shown, *_ in held["typed"])
    return held


LABELS: dict[str, Callable[..., dict[str, str]]] = {}
"""Names of addresses whose questions are no Django form, with what labels them by field."""


def labels_of(request: HttpRequest) -> dict[str, str]:
    """Map the fields of the page that was sent to their labels, by the forms of its view's module."""
    match = request.resolver_match
    if match is None:
        return {}
    if labels := LABELS.get(match.view_name):
        return labels(**match.kwargs)
    module = sys.modules.get(match.func.__module__)
    forms = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, BaseForm)]
    return {
        name: str(field.label)
        for form in forms
        for name, field in getattr(form, "base_fields", {}).items()
        if field.label
    }


def page_before(request: HttpRequest) -> str:
    """Return the page of this site from which one came, or ""."""
    before, own = request.headers.get("Referer", ""), f"{request.scheme}://{request.get_host()}/"
    return "" if not before.startswith(own) or before == request.build_absolute_uri() else before
