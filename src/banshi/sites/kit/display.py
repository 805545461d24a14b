"""大字 mode: a cookie set by an ordinary link, so that it needs no script and no account."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from banshi.sites.kit.address import text_in

COOKIE = "large"
YEAR = 365 * 24 * 3600


def is_large(request: HttpRequest) -> bool:
    return request.COOKIES.get(COOKIE) == "1"


@require_safe
def switch_size(request: HttpRequest) -> HttpResponse:
    """Switch the size of text (`/display/?large=1&next=/…`)."""
    onward = text_in(request.GET, "next", 2000, otherwise="/")
    safe = url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()})
    response = HttpResponseRedirect(onward if safe else "/")
    if text_in(request.GET, "large") == "1":
        response.set_cookie(COOKIE, "1", max_age=YEAR, samesite="Lax")
    else:
        response.delete_cookie(COOKIE)
    return response
