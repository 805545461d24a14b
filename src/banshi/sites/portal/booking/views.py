"""预约: a half-day at a hall for one item, and one's own appointments."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import now
from banshi.core.errors import BadInput, Conflict, Missing
from banshi.people.models import User
from banshi.people.queries import identity_of
from banshi.sites.kit.address import as_day, text_in
from banshi.sites.kit.downloads import send_bytes
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.applying.drafts import to_sign_in
from banshi.sites.portal.items.queries import present
from banshi.window import actions
from banshi.window.booking import appointments_of, bookable_halls, open_half_days
from banshi.window.enums import AppointmentState, HalfDay
from banshi.window.models import Appointment
from banshi.window.opening import halves_of
from banshi.window.policy import policy


@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, guid: UUID) -> HttpResponse:
    """Show half-days with what is left of each, and book one."""
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
        waits = request.POST.get("wait") == "1"
        made = actions.book(item, hall, day=chosen, half=half, person=user, or_wait=waits, by=user, at=at)
        booked = made.state == AppointmentState.BOOKED
        messages.success(request, f"约好了，预约码{made.code}" if booked else "已排候补，有人取消就按先后补上并通知您")
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
    }
    return render(request, "portal/booking/choose.html", context)


@login_required
@never_cache
@require_safe
def appointments(request: StaffRequest) -> HttpResponse:
    page = Page(appointments_of(request.user).order_by(), request.GET, by=("-id",), size=20)
    return render(request, "portal/booking/appointments.html", {"page": page, "rule": policy().appointment})


def _own(request: StaffRequest, guid: UUID) -> Appointment:
    found = appointments_of(request.user).filter(guid=guid).first()
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
@require_safe
def send_event(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Send an appointment for one's calendar (iCalendar), with an alarm the day before."""
    from datetime import timedelta

    from icalendar import Alarm, Calendar, Event  # 8 MB that a process serving pages seldom needs

    one = _own(request, guid)
    if one.state != AppointmentState.BOOKED:
        raise Missing("这个预约已经不用了", remedy="请到“我的预约”查看。")
    hall = one.slot.skill.hall
    spans: dict[str, tuple[datetime, datetime]] = {
        str(k): v for k, v in halves_of(hall, one.slot.day, calendar_in_force()).items()
    }
    if one.slot.half not in spans:
        raise Missing("大厅这半天不开放", remedy="请另约时间。")
    begins, ends = spans[one.slot.half]
    event = Event()
    event.add("uid", f"appointment-{one.guid}@banshi")
    event.add("dtstamp", now())
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("summary", f"到{hall.name}办“{one.item.name}”")
    event.add("location", hall.address)
    event.add("description", f"预约码{one.code}。来不了请提前取消。")
    event.add("url", settings.SITE_URL + reverse("portal:my-appointments"))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"明天到{hall.name}，预约码{one.code}")
    alarm.add("trigger", timedelta(days=-1))
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//{settings.CITY_NAME or 'banshi'}//政务服务//ZH")
    calendar.add_component(event)
    return send_bytes(calendar.to_ical(), "appointment.ics")
