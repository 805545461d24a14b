"""An appointment for one's calendar (iCalendar, RFC 5545), with an alarm the day before."""

from datetime import datetime, timedelta

from django.conf import settings

from banshi.calendar.queries import calendar_in_force
from banshi.core.errors import Missing
from banshi.window.enums import AppointmentState
from banshi.window.models import Appointment
from banshi.window.opening import halves_of


def calendar_of(appointment: Appointment, *, page: str = "", at: datetime) -> bytes:
    """Write the calendar file of an appointment that is booked.

    Raises Missing.
    """
    from icalendar import Alarm, Calendar, Event  # 8 MB that a process serving pages seldom needs

    if appointment.state != AppointmentState.BOOKED:
        raise Missing("这个预约已经不用了", remedy="请到“我的预约”查看。")
    slot = appointment.slot
    hall = slot.skill.hall
    spans = {str(half): span for half, span in halves_of(hall, slot.day, calendar_in_force()).items()}
    if slot.half not in spans:
        raise Missing("大厅这半天不开放", remedy="请另约时间。")
    begins, ends = spans[slot.half]
    event = Event()
    event.add("uid", f"appointment-{appointment.guid}@banshi")
    event.add("dtstamp", at)
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("summary", f"到{hall.name}办“{appointment.item.name}”")
    event.add("location", hall.address)
    event.add("description", f"预约码{appointment.code}。来不了请提前取消。")
    if page:
        event.add("url", page)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"明天到{hall.name}，预约码{appointment.code}")
    alarm.add("trigger", timedelta(days=-1))
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//{settings.CITY_NAME or 'banshi'}//政务服务//ZH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
