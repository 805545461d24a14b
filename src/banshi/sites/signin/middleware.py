"""Limits on being signed in, and what staff must do before they work."""

import time
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from banshi.access import suspend_permissions
from banshi.core.clock import now
from banshi.core.errors import Refused
from banshi.people.actions import end_sign_in
from banshi.people.models import SignIn, User
from banshi.people.posts import posts_of
from banshi.sites.kit.errors import has_written, is_own_page, typed_page
from banshi.sites.kit.office_devices import remember_staff
from banshi.sites.kit.staff import STAFF_PAGES

Respond = Callable[[HttpRequest], HttpResponse]
NOTE_EVERY = 60


class SignInLimits:
    """End sessions left alone or open too long. Requests without a session cost nothing."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._answered(request)
        if not _loses_what_was_typed(request, response):
            return response
        return _typed_page(request, f"{reverse('account_login')}?{urlencode({'next': reverse('my')})}")

    def _answered(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self._posted_by_nobody(request) or self.respond(request)
        if "began" not in request.session:
            return self._ended_elsewhere(request) or self._posted_by_nobody(request) or self.respond(request)
        if ending := self._over(request):
            _end(request, ending)
            return _to_the_door(request, ending) if request.path.startswith(STAFF_PAGES) else self.respond(request)
        if time.time() - request.session["seen"] > NOTE_EVERY:
            request.session["seen"] = int(time.time())
        return self.respond(request)

    def _ended_elsewhere(self, request: HttpRequest) -> HttpResponse | None:
        """Tell staff at the door that somebody else ended their session."""
        if not request.path.startswith(STAFF_PAGES):
            return None
        ended = (
            SignIn.objects.filter(session_key=request.COOKIES[settings.SESSION_COOKIE_NAME]).exclude(ending="").first()
        )
        return _to_the_door(request, ended.ending) if ended else None

    def _posted_by_nobody(self, request: HttpRequest) -> HttpResponse | None:
        """Keep what was typed on a staff page whose session is gone."""
        lost = request.method == "POST" and request.path.startswith(STAFF_PAGES) and not request.user.is_authenticated
        return _to_the_door(request, SignIn.SignOut.EXPIRED) if lost else None

    def _over(self, request: HttpRequest) -> SignIn.SignOut | None:
        age, idle = time.time() - request.session["began"], time.time() - request.session["seen"]
        staff = request.session["staff"]
        if staff and idle > settings.STAFF_IDLE_SECONDS:
            return SignIn.SignOut.IDLE
        if age > (settings.STAFF_SESSION_SECONDS if staff else settings.CITIZEN_SESSION_SECONDS):
            return SignIn.SignOut.EXPIRED
        return None


class StaffSession:
    """Let posts count only in a session that began as staff's, with an own password and the second factor given in it.

    The second factor is off in demonstrations, which say so on the sign-in page.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.respond(request)
        if self._is_proven(request):
            response = self.respond(request)
            if request.path.startswith(STAFF_PAGES) and isinstance(request.user, User):
                remember_staff(request, response, request.user)
            return response
        request.user = SimpleLazyObject(partial(_suspended, request.user))  # type: ignore[assignment]
        if request.path.startswith(STAFF_PAGES) and (answer := self._challenge(request)):
            return answer
        return self.respond(request)

    def _is_proven(self, request: HttpRequest) -> bool:
        """Tell whether the session remembers a second factor, which ends when a password or factor is taken away."""
        session = request.session
        if session.get("staff") and not session.get("ready") and request.user.is_authenticated:
            session["ready"] = not missing_step(request.session, request.user)
        return bool(session.get("staff") and session.get("ready"))

    def _challenge(self, request: HttpRequest) -> HttpResponse | None:
        """End a session that was nobody's in particular when its person has got a post."""
        if not request.user.is_authenticated:
            return None
        if request.session.get("staff"):
            return _lead(request, missing_step(request.session, request.user), required="1")
        if not posts_of(request.user, now()).exists():
            return None
        _end(request, SignIn.SignOut.APPOINTED)
        return _to_the_door(request, SignIn.SignOut.APPOINTED)


def _suspended(user: Any) -> object:
    suspend_permissions(user)
    return user


def missing_step(session: SessionBase, user: Any) -> str:
    """Name the step of signing in that staff have still to take in this session."""
    if user.must_change_password:
        return "account_change_password"
    if not settings.STAFF_SECOND_FACTOR or session.get("second_factor") == user.pk:
        return ""
    return "mfa_reauthenticate" if is_mfa_enabled(user) else "mfa_activate_totp"


def _end(request: HttpRequest, ending: SignIn.SignOut) -> None:
    if request.user.is_authenticated:
        end_sign_in(request.session.session_key or "", ending=ending, by=request.user, at=now())
    logout(request)


def _to_the_door(request: HttpRequest, ending: str) -> HttpResponse:
    return _lead(request, "account_login", ended=ending)


def _loses_what_was_typed(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell an answer that sends a form of a public page to the door, because its session is over."""
    # A page that keeps what was typed itself answers 303.
    return (
        request.method == "POST"
        and response.status_code == HTTPStatus.FOUND
        and urlsplit(response["Location"]).path == reverse("account_login") != request.path
        and "HX-Request" not in request.headers
        and is_own_page(request)
        and has_written(request)
    )


def _typed_page(request: HttpRequest, door: str) -> HttpResponse:
    gone = Refused("登录已超时，刚才填的还没有提交", remedy="请先在新窗口登录，再回到这一页按一次；内容都在这里。")
    return typed_page(request, gone, door=door)


def _lead(request: HttpRequest, step: str, **words: str) -> HttpResponse:
    """Go to a step of signing in, and back afterwards to the page that was asked for."""
    asked_by_htmx = "HX-Request" in request.headers
    onward = request.get_full_path() if request.method == "GET" and not asked_by_htmx else reverse("workbench:today")
    address = f"{reverse(step)}?{urlencode({**words, 'next': onward})}"
    if request.method == "POST" and request.POST and step == "account_login" and is_own_page(request):
        return _typed_page(request, address)
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if asked_by_htmx else redirect(address)
