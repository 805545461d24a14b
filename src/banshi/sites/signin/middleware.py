"""Limits on being signed in, and what staff must do before they work."""

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from banshi.core.clock import now
from banshi.people.actions import end_sign_in
from banshi.people.models import SignIn, User
from banshi.people.permissions import suspend_permissions

Respond = Callable[[HttpRequest], HttpResponse]
NOTE_EVERY = 60
STAFF_PAGES = ("/work/", "/console/")


class SignInLimits:
    """Ends sessions left alone or open too long. Requests without a session cost nothing."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.respond(request)
        if "began" not in request.session:
            return self._ended_elsewhere(request) or self.respond(request)
        if ending := self._over(request):
            return self._end(request, ending)
        if time.time() - request.session["seen"] > NOTE_EVERY:
            request.session["seen"] = int(time.time())
        return self.respond(request)

    def _ended_elsewhere(self, request: HttpRequest) -> HttpResponse | None:
        """Staff whose session somebody else ended are told so at the door."""
        if not request.path.startswith(STAFF_PAGES):
            return None
        ended = (
            SignIn.objects.filter(session_key=request.COOKIES[settings.SESSION_COOKIE_NAME]).exclude(ending="").first()
        )
        return _to_the_door(request, ended.ending) if ended else None

    def _over(self, request: HttpRequest) -> SignIn.Ending | None:
        age, idle = time.time() - request.session["began"], time.time() - request.session["seen"]
        staff = request.session["staff"]
        if staff and idle > settings.STAFF_IDLE_SECONDS:
            return SignIn.Ending.IDLE
        if age > (settings.STAFF_SESSION_SECONDS if staff else settings.CITIZEN_SESSION_SECONDS):
            return SignIn.Ending.EXPIRED
        return None

    def _end(self, request: HttpRequest, ending: SignIn.Ending) -> HttpResponse:
        """Public pages simply go on without the person; staff pages lead to the door, and back afterwards."""
        if request.user.is_authenticated:
            end_sign_in(request.session.session_key or "", ending=ending, by=request.user, at=now())
        logout(request)
        return _to_the_door(request, ending) if request.path.startswith(STAFF_PAGES) else self.respond(request)


def _to_the_door(request: HttpRequest, ending: str) -> HttpResponse:
    asked_by_htmx = "HX-Request" in request.headers
    onward = request.get_full_path() if request.method == "GET" and not asked_by_htmx else "/work/"
    address = f"{reverse('account_login')}?{urlencode({'ended': ending, 'next': onward})}"
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if asked_by_htmx else redirect(address)


class StaffReadiness:
    """Whoever holds a post works only with a password of their own and a second factor; until then the posts give nothing.

    The second factor is off in demonstrations, which say so on the sign-in page.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        lacking = self._lacking(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else ""
        if lacking:
            suspend_permissions(request.user)
        if lacking and request.path.startswith(STAFF_PAGES):
            return redirect(f"{reverse(lacking)}?{urlencode({'required': 1})}")
        return self.respond(request)

    def _lacking(self, request: HttpRequest) -> str:
        """The address of what is still to do; once nothing is, the session remembers."""
        if not request.session.get("staff") or request.session.get("ready") or not request.user.is_authenticated:
            return ""
        if request.user.must_change_password:
            return "account_change_password"
        if not has_second_factor(request.user):
            return "mfa_activate_totp"
        request.session["ready"] = True
        return ""


def has_second_factor(user: User) -> bool:
    """Or need not have one, in a demonstration."""
    return not settings.STAFF_SECOND_FACTOR or bool(is_mfa_enabled(user))
