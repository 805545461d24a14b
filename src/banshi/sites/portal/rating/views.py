"""评价: opened by the code on the ticket, the receipt or the message, also on the tablet of a counter."""

import re
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from banshi.access import Visitor
from banshi.core.clock import now
from banshi.core.errors import BadInput, BanshiError, Missing
from banshi.feedback.actions import RatingDevice, rate, rate_again
from banshi.feedback.enums import BAD_GRADES
from banshi.feedback.models import BadRating, Rating, RatingInvitation
from banshi.feedback.queries import invitation_by_code
from banshi.people.models import User
from banshi.sites.kit.address import text_in
from banshi.sites.kit.forms import add_refusal
from banshi.sites.kit.office_devices import staff_of
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.proofs.throttle import count_writing
from banshi.sites.portal.rating.forms import AgainForm, RateForm, RatingCodeForm
from banshi.workflow.versions import state_of

TABLET = re.compile(r"[\w.~-]{1,100}$")
"""The key of a tablet, which goes back to its own page for the next person."""
AN_HOUR = 300
"""Of one network: the tablets of a hall share an address."""


def _invitation(request: HttpRequest, code: str) -> RatingInvitation:
    found = invitation_by_code(code)
    if found is None:
        count_writing(request, "rate-code", AN_HOUR)
        raise Missing("没有这个评价码", remedy="请核对号票或凭证上的评价码。")
    return found


def _device(request: HttpRequest) -> RatingDevice:
    """Tell a browser by what it says of itself, and the staff it was signed in by."""
    signs = f"{get_adapter(request).get_client_ip(request)} {request.headers.get('User-Agent', '')}"
    return RatingDevice(signs, staff_of(request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    form = RatingCodeForm(request.POST or None)
    if form.is_valid():
        try:
            return redirect("portal:rate", _invitation(request, form.cleaned_data["code"]).code)
        except Missing as missing:
            form.add_error("code", missing.message)
    return render(request, "portal/rating/ask.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, code: str) -> HttpResponse:
    """Take one rating of one service, or show what became of it."""
    invitation = _invitation(request, code)
    given = Rating.objects.filter(invitation=invitation).first()
    signed_in, tablet = isinstance(request.user, User), text_in(request.GET, "tablet")
    tablet = tablet if TABLET.match(tablet) else ""
    begun = {"grade": text_in(request.GET, "grade", 1)}
    form = RateForm(request.POST if request.method == "POST" else None, signed_in=signed_in, initial=begun)
    over = given is None and invitation.expires_at <= now()
    if tablet and over and request.method != "POST":
        return redirect("counter:tablet", tablet)
    if given is not None and (tablet or request.method == "POST"):
        if str(given.grade) != text_in(request.POST, "grade"):  # else a second click
            messages.warning(request, "这次服务已经评价过了，一次服务评价一次，这一次没有再记。")
        return redirect("counter:tablet", tablet) if tablet else redirect("portal:rate", invitation.code)
    if given is None and form.is_valid():
        try:
            count_writing(request, "rate", AN_HOUR)
            by: Any = request.user if signed_in else Visitor()
            made = rate(invitation, **form.cleaned_data, device=_device(request), by=by, at=now())
            if tablet:
                follow = "处理结果请用号票上的评价码查。" if made.grade in BAD_GRADES else ""
                messages.success(request, f"收到您的评价，谢谢。{follow}")
            return redirect("counter:tablet", tablet) if tablet else redirect("portal:rate", invitation.code)
        except BadInput as wrong:
            add_refusal(form, wrong)
        except BanshiError as refused:
            if not tablet:
                raise
            messages.error(request, f"{refused.message}。{refused.remedy}")  # an error's page would lead away
            return redirect("counter:tablet", tablet)
    handling = BadRating.objects.filter(rating=given).first() if given else None
    context = {
        "invitation": invitation,
        "rating": given,
        "handling": handling,
        "state": state_of(handling).label if handling else "",
        "may_again": bool(handling and handling.state in ("answered", "closed") and handling.again_at is None),
        "again": AgainForm(),
        "still_bad": bool(handling and handling.again_grade in BAD_GRADES),
        "form": form,
        "tablet": tablet,
        "over": over,
    }
    bad = form.is_bound and given is None
    page = "portal/rating/tablet.html" if tablet else "portal/rating/rate.html"
    return render(request, page, context, status=422 if bad else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, code: str) -> HttpResponse:
    """Take a second rating of what was put right."""
    invitation = _invitation(request, code)
    form = AgainForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return redirect("portal:rate", invitation.code)
    by, grade = request.user if isinstance(request.user, User) else Visitor(), form.cleaned_data["grade"]
    if not BadRating.objects.filter(rating__invitation=invitation, again_grade=grade).exists():  # else a second click
        rate_again(invitation, grade=grade, device=_device(request), by=by, at=now())
    messages.success(request, "收到您的再评价，谢谢。第一次的评价照样保留。")
    return redirect("portal:rate", invitation.code)


@login_required
@require_safe
def own(request: StaffRequest, pk: int) -> HttpResponse:
    """Lead from a notice to the page of one's own invitation."""
    found = RatingInvitation.objects.filter(pk=pk, citizen=request.user).first() if pk < 2**63 else None
    if found is None:
        raise Missing("没有这次评价", remedy="请到“我的办件”查看。")
    return redirect("portal:rate", found.code)
