"""预约: free half-days for anyone to read, and the appointments of the person behind the token."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import BaseModel, Field

from banshi.access import Permission
from banshi.core.clock import now
from banshi.core.errors import Missing, Refused
from banshi.people.models import User
from banshi.people.queries import identity_of
from banshi.sites.api import fields
from banshi.sites.api.authentication import AUTHENTICATED, caller
from banshi.sites.api.case_schemas import StrictBody
from banshi.sites.api.errors import COMMON, ProblemDetails
from banshi.sites.api.handling import FAILURES, WRITING, by_permission, item_in_use
from banshi.sites.api.writing import Exposed, idempotent
from banshi.window import actions
from banshi.window.booking import appointments_of, bookable_halls, open_half_days
from banshi.window.calendar_file import calendar_of
from banshi.window.enums import AppointmentState, HalfDay
from banshi.window.models import Appointment, Hall

router = Router(tags=["预约"], auth=AUTHENTICATED)
open_router = Router(tags=["预约"])


class HalfDayOut(BaseModel):
    hall: str = Field(title="大厅代码")
    hall_name: str = Field(title="大厅")
    day: date = Field(title="日期")
    half: HalfDay = Field(title="上午 am，下午 pm")
    begins: datetime = Field(title="从什么时候开放")
    left: int = Field(title="还有几个名额")
    waiting: int = Field(title="几人在排候补")


class HalfDayList(BaseModel):
    half_days: list[HalfDayOut] = Field(title="今后可约的半天")


class AppointmentOut(BaseModel):
    guid: UUID = Field(title="预约的编号")
    item: UUID = Field(title="事项编号")
    item_name: str = Field(title="事项名称")
    hall: str = Field(title="大厅代码")
    hall_name: str = Field(title="大厅")
    address: str = Field(title="地址")
    day: date = Field(title="日期")
    half: HalfDay = Field(title="上午 am，下午 pm")
    code: str = Field(title="预约码")
    state: AppointmentState = Field(title="状态")
    held_until: datetime | None = Field(title="名额保留到，请在这以前确认；别的状态为 null")
    booked_at: datetime = Field(title="预约的时间")


class AppointmentPage(BaseModel):
    appointments: list[AppointmentOut] = Field(title="我的预约")
    next: int | None = Field(None, title="下一页的 after；没有下一页为 null")


class WhenIn(StrictBody):
    day: fields.Day = Field(title="日期")
    half: HalfDay = Field(title="上午 am，下午 pm")


class BookIn(WhenIn):
    item: UUID = Field(title="事项编号")
    hall: fields.Slug = Field(title="大厅代码")
    or_wait: bool = Field(False, title="约满时排候补")


class PlacesAsked(BaseModel):
    hall: fields.Slug | fields.Left = Field(None, description="大厅代码；不写是所有能约的大厅")


@open_router.get(
    "/items/{uuid:guid}/appointment-places",
    response={200: HalfDayList, COMMON: ProblemDetails},
    summary="可约的半天",
)
def list_places(request: HttpRequest, guid: UUID, filters: Query[PlacesAsked]) -> Any:
    """这个事项在各大厅今后可约的半天，还剩几个名额。"""
    item, at = item_in_use(guid), now()
    halls = [each for each in bookable_halls(item) if filters.hall in (None, each.code)]
    return {
        "half_days": [
            {"hall": hall.code, "hall_name": hall.name}
            | {name: getattr(each, name) for name in ("day", "half", "begins", "left", "waiting")}
            for hall in halls
            for each in open_half_days(item, hall, at=at)
        ]
    }


@router.get("/appointments", response={200: AppointmentPage, **FAILURES}, summary="我的预约")
def list_appointments(request: HttpRequest, after: fields.After = 0, limit: fields.Limit = 25) -> Any:
    """先约的在前。"""
    rows = list(_mine(request).filter(pk__gt=after).order_by("pk")[: limit + 1])
    page = rows[:limit]
    return {"appointments": [_out(each) for each in page], "next": page[-1].pk if len(rows) > len(page) else None}


@router.post("/appointments", response={201: AppointmentOut, **WRITING}, summary="预约")
@idempotent
def book(request: HttpRequest, asked: BookIn) -> Status[Any]:
    """约一个半天。约满的答 409，or_wait 为 true 时排候补。"""
    person = _person(request)
    hall = Hall.objects.filter(code=asked.hall, active=True).first()
    if hall is None:
        raise Missing("没有这个大厅", where=asked.hall, remedy="大厅见 /halls。")
    made = actions.book(
        item_in_use(asked.item),
        hall,
        day=asked.day,
        half=asked.half,
        person=person,
        or_wait=asked.or_wait,
        by=caller(request),
        at=now(),
    )
    return Status(201, _out(_found(request, made.guid)))


@router.get("/appointments/{uuid:id}", response={200: AppointmentOut, **FAILURES}, summary="一个预约")
def show_appointment(request: HttpRequest, id: UUID) -> Any:
    return _out(_found(request, id))


@router.post("/appointments/{uuid:id}/move", response={200: AppointmentOut, **WRITING}, summary="改约")
@idempotent
def move(request: HttpRequest, id: UUID, asked: WhenIn) -> Status[Any]:
    """换到另一个半天，预约码不变。那个半天约满的答 409，原来的还在。"""
    return APPOINTMENT.after(actions.move_appointment, request, id, day=asked.day, half=asked.half)


@router.post("/appointments/{uuid:id}/confirm", response={200: AppointmentOut, **WRITING}, summary="确认候补到的名额")
@idempotent
def confirm(request: HttpRequest, id: UUID) -> Status[Any]:
    """候补轮到了，在 held_until 以前确认；过时就给后面的人。"""
    return APPOINTMENT.after(actions.confirm_appointment, request, id)


@router.delete("/appointments/{uuid:id}", response={200: AppointmentOut, **WRITING}, summary="取消预约")
@idempotent
def cancel(request: HttpRequest, id: UUID) -> Status[Any]:
    """取消约好的或排着的，名额给排候补的人。"""
    return APPOINTMENT.after(actions.cancel_appointment, request, id)


@router.get(
    "/appointments/{uuid:id}/calendar",
    response={200: None, **FAILURES},
    summary="预约的日历文件",
    openapi_extra={"responses": {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}},
)
def send_calendar(request: HttpRequest, id: UUID) -> Any:
    """iCalendar（RFC 5545），前一天提醒。"""
    return HttpResponse(calendar_of(_found(request, id), at=now()), content_type="text/calendar; charset=utf-8")


def _person(request: HttpRequest) -> User:
    who = by_permission(request, Permission.APPOINTMENT_BOOK)
    if not isinstance(who, User) or identity_of(who) is None:
        raise Refused("单位的系统和工作账号不能约自己的事", remedy="请用本人的登录，或本人同意的应用。")
    return who


def _mine(request: HttpRequest) -> Any:
    who = by_permission(request, Permission.APPOINTMENT_BOOK)
    return appointments_of(who) if isinstance(who, User) else Appointment.objects.none()


def _found(request: HttpRequest, guid: UUID) -> Appointment:
    found: Appointment | None = _mine(request).filter(guid=guid).first()
    if found is None:
        raise Missing("没有这个预约", where=str(guid), remedy="它可能是别人的。")
    return found


def _out(appointment: Appointment) -> dict[str, Any]:
    slot, hall = appointment.slot, appointment.slot.skill.hall
    kept = ("guid", "code", "state", "booked_at", "held_until")
    return {
        **{name: getattr(appointment, name) for name in kept},
        "item": appointment.item.guid,
        "item_name": appointment.item.name,
        "hall": hall.code,
        "hall_name": hall.name,
        "address": hall.address,
        "day": slot.day,
        "half": slot.half,
    }


APPOINTMENT = Exposed(_found, _out)
