"""Public registers.

中介服务 and 承揽机构名录: what an approval may ask one to commission, and among whom one chooses oneself. 可转移职能: what organs hand
over to social organisations, and to whom.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from banshi.core.clock import today
from banshi.core.errors import Missing
from banshi.registers.queries import agencies_on, offers_on, services_public, transfers_public
from banshi.sites.kit.listing.filters import ContainsWords, Equals, Filters
from banshi.sites.kit.listing.pages import Page

PUBLIC_STATES = {"agreed": "可以承接", "transferred": "已有组织承接", "taken_back": "已收回"}


class ServiceListFilters(Filters):
    q = ContainsWords("name", "approval", "organ__name", "organ__short_name")


class OfferFilters(Filters):
    q = ContainsWords("agency__name", "agency__uscc")


class AgencyListFilters(Filters):
    q = ContainsWords("name", "uscc")


class TransferListFilters(Filters):
    q = ContainsWords("function", "receiver", "organ__name", "organ__short_name")
    state = Equals("state", options=[*PUBLIC_STATES.items()])


@require_safe
def list_services(request: HttpRequest) -> HttpResponse:
    filters = ServiceListFilters.read(request.GET)
    page = Page(services_public(today()).filter(filters.condition()), request.GET, by=("name", "id"))
    return render(request, "portal/intermediaries.html", {"page": page, "asked": filters.q})


@require_safe
def show_service(request: HttpRequest, number: int) -> HttpResponse:
    service = services_public(today()).filter(pk=number).first()
    if service is None:
        raise Missing("没有这项中介服务", remedy="它可能已经清理：清理了的，任何单位都不得再要求。")
    filters = OfferFilters.read(request.GET)
    page = Page(offers_on(today()).filter(filters.condition(), service=service), request.GET, by=("id",))
    return render(request, "portal/intermediary.html", {"service": service, "page": page, "asked": filters.q})


@require_safe
def list_agencies(request: HttpRequest) -> HttpResponse:
    filters = AgencyListFilters.read(request.GET)
    page = Page(agencies_on(today()).filter(filters.condition()), request.GET, by=("name", "id"))
    return render(request, "portal/agencies.html", {"page": page, "asked": filters.q})


@require_safe
def list_transfers(request: HttpRequest) -> HttpResponse:
    filters = TransferListFilters.read(request.GET)
    page = Page(transfers_public().filter(filters.condition()), request.GET, by=("function", "id"))
    context = {"page": page, "asked": filters.q, "state": filters.state, "states": PUBLIC_STATES}
    return render(request, "portal/transfers.html", context)
