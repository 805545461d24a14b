"""Public registers.

中介服务 and 承揽机构名录: what an approval may ask one to commission, and among whom one chooses oneself. 可转移职能: what organs hand
over to social organisations, and to whom.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from banshi.core.clock import today
from banshi.core.errors import Missing
from banshi.registers.queries import agencies_on, offers_on, services_public, transfers_public
from banshi.sites.kit.address import text_in
from banshi.sites.kit.listing.pages import Page

PUBLIC_STATES = {"agreed": "可以承接", "transferred": "已有组织承接", "taken_back": "已收回"}


def _asked(request: HttpRequest) -> str:
    return text_in(request.GET, "q", 100)


def _having(rows: QuerySet[Any], text: str, columns: tuple[str, ...]) -> QuerySet[Any]:
    """Every word in one of the columns."""
    for word in text.split():
        some = Q()
        for column in columns:
            some |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(some)
    return rows


@require_safe
def list_services(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    found = _having(services_public(today()), asked, ("name", "approval", "organ__name", "organ__short_name"))
    page: Page = Page(found, request.GET, by=("name", "id"))
    return render(request, "portal/intermediaries.html", {"page": page, "asked": asked})


@require_safe
def show_service(request: HttpRequest, number: int) -> HttpResponse:
    service = services_public(today()).filter(pk=number).first()
    if service is None:
        raise Missing("没有这项中介服务", remedy="它可能已经清理：清理了的，任何单位都不得再要求。")
    asked = _asked(request)
    offers = _having(offers_on(today()).filter(service=service), asked, ("agency__name", "agency__uscc"))
    page: Page = Page(offers, request.GET, by=("id",))
    return render(request, "portal/intermediary.html", {"service": service, "page": page, "asked": asked})


@require_safe
def list_agencies(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    page: Page = Page(_having(agencies_on(today()), asked, ("name", "uscc")), request.GET, by=("name", "id"))
    return render(request, "portal/agencies.html", {"page": page, "asked": asked})


@require_safe
def list_transfers(request: HttpRequest) -> HttpResponse:
    asked, state = _asked(request), text_in(request.GET, "state")
    found = _having(transfers_public(), asked, ("function", "receiver", "organ__name", "organ__short_name"))
    if state in PUBLIC_STATES:
        found = found.filter(state=state)
    page: Page = Page(found, request.GET, by=("function", "id"))
    context = {"page": page, "asked": asked, "state": state, "states": PUBLIC_STATES}
    return render(request, "portal/transfers.html", context)
