"""委托代办: the people one may act for, and the papers by which."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from banshi.core.clock import now
from banshi.core.errors import BadInput, Conflict, Missing
from banshi.core.id_numbers import mask_name
from banshi.people.models import User
from banshi.reception import actions
from banshi.reception.models import Mandate
from banshi.reception.queries import drafts_at_counter, mandates_of, paper_of
from banshi.sites.kit.address import as_day, text_in
from banshi.sites.kit.downloads import send_stored
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest

SHOWN = 200


def mandate_for(user: User, guid: UUID) -> Mandate:
    """Return a mandate one was given.

    Raises Missing.
    """
    found = mandates_of(user).filter(guid=guid).first()
    if found is None:
        raise Missing("没有这份委托", remedy="请回到“代办收件”查看。")
    return found


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mandates(request: StaffRequest) -> HttpResponse:
    """List the people one acts for, and register the consent of another."""
    require(request.user, Permission.CASE_AGENT)
    wrong: BadInput | Conflict | None = None
    if request.method == "POST":
        upload = request.FILES.get("paper")
        try:
            actions.take_mandate(
                name=text_in(request.POST, "name"),
                number=text_in(request.POST, "number"),
                phone=text_in(request.POST, "phone"),
                matters=text_in(request.POST, "matters", 300),
                until=as_day(text_in(request.POST, "until")),
                paper=upload if isinstance(upload, UploadedFile) else None,
                by=request.user,
                at=now(),
            )
            messages.success(request, "委托已经登记，可以替他办事了")
            return redirect("counter:mandates")
        except (BadInput, Conflict) as trouble:
            wrong = trouble
    at = now()
    rows = list(mandates_of(request.user)[:SHOWN])
    context = {
        "open": [each for each in rows if each.ended_at is None and each.until >= at.date()],
        "past": [each for each in rows if each.ended_at is not None or each.until < at.date()],
        "drafts": drafts_at_counter(request.user, at=at)[:20],
        "wrong": wrong,
        "told": {each.field: each.message for each in getattr(wrong, "problems", [])},
        "typed": {each: text_in(request.POST, each, 300) for each in ("name", "number", "phone", "matters", "until")},
    }
    return render(request, "counter/reception/mandates.html", context, status=422 if wrong else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: StaffRequest, guid: UUID) -> HttpResponse:
    one = mandate_for(request.user, guid)
    if request.method != "POST":
        context = {
            "title": f"结束{mask_name(one.person.full_name)}的委托？",
            "what": "结束以后马上不能再替他办事；要再替他办，得请他重新签委托书，重新登记。",
            "action": "结束委托",
            "back": reverse("counter:mandates"),
            "danger": True,
        }
        return render(request, "kit/confirm.html", context)
    actions.end_mandate(one, by=request.user, at=now())
    messages.success(request, "委托已经结束")
    return redirect("counter:mandates")


@login_required
@never_cache
@require_POST
def paper(request: StaffRequest, guid: UUID) -> FileResponse:
    """Send the paper of a mandate."""
    return send_stored(paper_of(mandate_for(request.user, guid)), inline=True)
