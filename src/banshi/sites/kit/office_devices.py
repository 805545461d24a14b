"""Devices of the office: a signed cookie remembers which staff accounts a browser was signed in by."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from banshi.people.models import User

COOKIE, DAYS, KEPT = "office", 180, 5
SIGNER = Signer(salt="kit.office_devices")


def staff_of(request: HttpRequest) -> list[int]:
    """List the staff accounts this browser was signed in by, newest first."""
    try:
        told = SIGNER.unsign(request.COOKIES.get(COOKIE, ""))
    except BadSignature:
        return []
    return [int(each) for each in told.split(".") if each.isdecimal()]


def remember_staff(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Mark the browser of somebody who has signed in as staff."""
    known = staff_of(request)
    if known[:1] == [user.pk]:
        return
    told = [user.pk, *(each for each in known if each != user.pk)][:KEPT]
    response.set_cookie(
        COOKIE,
        SIGNER.sign(".".join(map(str, told))),
        max_age=DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
