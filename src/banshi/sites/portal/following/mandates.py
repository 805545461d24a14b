"""委托: who may act for me, what I let them do, and ending it at any moment."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from banshi.core.clock import day_of, now
from banshi.core.errors import Missing
from banshi.reception.actions import end_mandate
from banshi.reception.models import Mandate
from banshi.reception.queries import mandates_given_by, paper_of
from banshi.sites.kit.downloads import send_stored
from banshi.sites.kit.staff import StaffRequest


def _own(request: StaffRequest, guid: UUID) -> Mandate:
    found = mandates_given_by(request.user).filter(guid=guid).first()
    if found is None:
        raise Missing("没有这份委托", remedy="请到“谁能替我办事”查看。")
    return found


@login_required
@never_cache
@require_safe
def mandates(request: StaffRequest) -> HttpResponse:
    """List who may act for one now, and who could before."""
    at: datetime = now()
    rows = list(mandates_given_by(request.user)[:100])
    running = [each for each in rows if each.ended_at is None and each.until >= day_of(at)]
    context = {"running": running, "past": [each for each in rows if each not in running]}
    return render(request, "portal/following/mandates.html", context)


@login_required
@require_POST
def end(request: StaffRequest, guid: UUID) -> HttpResponse:
    one = end_mandate(_own(request, guid), by=request.user, at=now())
    messages.success(request, f"委托已经结束，{one.agent}不能再替您办事。他以前办的仍然有效，可以在“我的办件”里看。")
    return redirect("portal:mandates")


@login_required
@never_cache
@require_safe
def paper(request: StaffRequest, guid: UUID) -> FileResponse:
    """Send the paper one signed."""
    return send_stored(paper_of(_own(request, guid)), inline=True)
