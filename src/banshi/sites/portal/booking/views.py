"""预约: a half-day at a hall for one item, and one's own appointments."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.core.clock import now
from banshi.core.errors import BadInput, Conflict, Missing
from banshi.people.models import User
from banshi.people.queries import identity_of
from banshi.sites.kit.address import as_day, guid_in, text_in
from banshi.sites.kit.downloads import send_bytes
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.applying.drafts import to_sign_in
from banshi.sites.portal.items.queries import present
from banshi.window import actions
from banshi.window.booking import appointments_of, bookable_halls, open_half_days
from banshi.window.calendar_file import calendar_of
from banshi.window.enums import AppointmentState, HalfDay
from banshi.window.models import Appointment
from banshi.window.policy import policy


@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, guid: UUID) -> HttpResponse:
    """Show half-days with what is left of each, and book one, or move one that is booked."""
    publication, at = present(guid), now()
    item = publication.item
    halls = bookable_halls(item)
    asked = text_in(request.POST if request.method == "POST" else request.GET, "hall")
    hall = next((each for each in halls if each.code == asked), halls[0] if halls else None)
    if request.method == "POST":
        user = request.user
        if not isinstance(user, User):
            return to_sign_in(request)
        if identity_of(user) is None:
            raise Conflict("工作账号不能用来约自己的事", remedy="请退出后，用您个人或单位注册的账号登录再约。")
        day, _, half = text_in(request.POST, "when").partition(" ")
        chosen = as_day(day)
        if hall is None or chosen is None or half not in HalfDay.values:
            raise BadInput("没有选时间", remedy="请选一个半天。")
        if moved := guid_in(request.POST, "move"):
            one = actions.move_appointment(_own(request, moved), day=chosen, half=half, by=user, at=at)
            messages.success(request, f"改好了：{one.slot}，预约码还是{one.code}")
            return redirect("portal:my-appointments")
        waits = request.POST.get("wait") == "1"
        made = actions.book(item, hall, day=chosen, half=half, person=user, or_wait=waits, by=user, at=at)
        booked = made.state == AppointmentState.BOOKED
        messages.success(request, f"约好了，预约码{made.code}" if booked else "已排候补，轮到时通知您来确认")
        return redirect("portal:my-appointments")
    days: dict[object, list[object]] = {}
    for each in open_half_days(item, hall, at=at) if hall else []:
        days.setdefault(each.day, []).append(each)
    context = {
        "item": item,
        "guide": publication.revision.guide,
        "halls": halls,
        "hall": hall,
        "days": days,
        "rule": policy().appointment,
        "move": guid_in(request.GET, "move") or "",
    }
    return render(request, "portal/booking/choose.html", context)


@login_required
@never_cache
@require_safe
def appointments(request: StaffRequest) -> HttpResponse:
    page = Page(appointments_of(request.user).order_by(), request.GET, by=("-id",), size=20)
    return render(request, "portal/booking/appointments.html", {"page": page, "rule": policy().appointment})


def _own(request: HttpRequest, guid: UUID) -> Appointment:
    found = appointments_of(cast(User, request.user)).filter(guid=guid).first()
    if found is None:
        raise Missing("没有这个预约", remedy="请到“我的预约”查看。")
    return found


@login_required
@require_POST
def cancel(request: StaffRequest, guid: UUID) -> HttpResponse:
    actions.cancel_appointment(_own(request, guid), by=request.user, at=now())
    messages.success(request, "已取消，谢谢您把名额让给别人")
    return redirect("portal:my-appointments")


@login_required
@require_POST
def confirm(request: StaffRequest, guid: UUID) -> HttpResponse:
    actions.confirm_appointment(_own(request, guid), by=request.user, at=now())
    messages.success(request, "约好了，到时候请带好材料")
    return redirect("portal:my-appointments")


@login_required
@require_safe
def send_event(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Send an appointment for one's calendar (iCalendar), with an alarm the day before."""
    page = settings.SITE_URL + reverse("portal:my-appointments")
    return send_bytes(calendar_of(_own(request, guid), page=page, at=now()), "appointment.ics")
