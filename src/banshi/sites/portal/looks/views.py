"""谁看过我的信息: every call about oneself and for one's own matters."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from banshi.cases.queries import cases_of
from banshi.exchange.queries import calls_about
from banshi.ledger import name_of
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.staff import StaffRequest

PAGE = 20
MATTERS = 500


@login_required
@never_cache
@require_safe
def looks(request: StaffRequest) -> HttpResponse:
    matters = [name_of(each) for each in cases_of(request.user).select_related(None).only("pk")[:MATTERS]]
    page = Page(calls_about(request.user, matters=matters), request.GET, by=("-number",), size=PAGE)
    labels = [[each.resource.labels.get(key, key) for key in each.fields] for each in page.rows]
    context = {"page": page, "calls": list(zip(page.rows, labels, strict=True))}
    return render(request, "portal/looks/looks.html", context)
