"""调用记录: who asked what, for which case, and what came of it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from banshi.access import Permission
from banshi.core.clock import now
from banshi.exchange.enums import DISPUTABLE, CallOutcome
from banshi.exchange.queries import calls_visible_to
from banshi.sites.kit.listing.filters import Contains, Equals, Filters
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import organs_where, require
from banshi.sites.kit.staff import StaffRequest

PAGE = 50


class CallFilters(Filters):
    case = Equals("purpose_number", "办件编号", kind="search")
    q = Contains("resource__name", "clerk_name", label="资源或经办人")
    outcome = Equals("outcome", "结果")


@login_required
@require_GET
def calls(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.EXCHANGE_VIEW)
    filters = CallFilters.read(request.GET)
    found = calls_visible_to(request.user, at=now()).filter(filters.condition())
    context = {
        "page": Page(found, request.GET, by=("-number",), size=PAGE),
        "own": set(organs_where(request.user, Permission.EXCHANGE_ASK).values_list("pk", flat=True)),
        "disputable": DISPUTABLE,
        "filters": filters,
        "controls": filters.controls(outcome=CallOutcome.choices),
    }
    return render(request, "workbench/sharing/calls.html", context)
