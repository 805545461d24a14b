from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from banshi.campaigns.queries import consultations_open
from banshi.core.clock import today
from banshi.core.errors import Missing
from banshi.sites.kit.listing.pages import Page
from banshi.sites.portal.notices.queries import notices

CONSULTATIONS_SHOWN = 10


@require_safe
def list_notices(request: HttpRequest) -> HttpResponse:
    page = Page(notices(), request.GET, by=("-published_at", "-id"))
    context = {"page": page, "consultations": consultations_open(today())[:CONSULTATIONS_SHOWN]}
    return render(request, "portal/notices.html", context)


@require_safe
def show_notice(request: HttpRequest, number: int) -> HttpResponse:
    notice = notices().filter(pk=number).first()
    if notice is None:
        raise Missing("没有这条公告", remedy="它可能已经撤下，请到公告列表里找。")
    return render(request, "portal/notice.html", {"notice": notice})
