"""Receivers of signals of signing in, signing out and changing a password."""

import time

from allauth.account.signals import password_changed
from allauth.account.signals import user_logged_in as signed_in
from allauth.mfa.signals import authenticator_used
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from banshi.core.clock import now
from banshi.people.actions import begin_sign_in, end_sign_in
from banshi.people.models import SignIn, User
from banshi.people.posts import posts_of
from banshi.sites.signin.adapter import client_address
from banshi.sites.signin.middleware import missing_step


@receiver(user_logged_in)
def mark_session(request: HttpRequest, user: User, **_: object) -> None:
    """Stamp the session with the times its limits go by, however one came in."""
    request.session["began"] = request.session["seen"] = int(time.time())
    request.session["staff"] = posts_of(user, now()).exists()
    request.session["ready"] = not missing_step(request.session, user)


@receiver(authenticator_used)
def note_second_factor(request: HttpRequest, user: User, **_: object) -> None:
    """Note that a code was given in this session."""
    request.session["second_factor"] = user.pk


@receiver(signed_in)
def note_sign_in(request: HttpRequest, user: User, **_: object) -> None:
    request.session.save()
    ended = begin_sign_in(
        user,
        session_key=request.session.session_key or "",
        address=client_address(request),
        agent=request.headers.get("User-Agent", ""),
        by=user,
        at=now(),
    )
    if ended:
        messages.info(request, f"您的账号最多同时在{settings.SIGN_INS_AT_ONCE}处登录，最早的一处已退出。")


@receiver(user_logged_out)
def note_leaving(request: HttpRequest, user: User | None, **_: object) -> None:
    """Record a sign-out, once where the limits ended the session before."""
    if user and request.session.session_key:
        end_sign_in(request.session.session_key, ending=SignIn.SignOut.LEFT, by=user, at=now())


@receiver(password_changed)
def password_is_ones_own(request: HttpRequest, user: User, **_: object) -> None:
    messages.success(request, "密码已修改")
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
