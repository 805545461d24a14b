"""iCalendar files (RFC 5545) of the days a citizen is told."""

from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from banshi.campaigns.queries import consultations_public
from banshi.core.clock import now, today
from banshi.core.errors import Missing
from banshi.sites.kit.downloads import send_bytes
from banshi.sites.portal.items.guide_view import GuideView
from banshi.sites.portal.items.queries import present


@require_safe
def send_done_by(request: HttpRequest, guid: UUID) -> HttpResponse:
    """Send as a calendar the last day for what is accepted today."""
    publication = present(guid)
    accepted = today()
    last = GuideView(publication, on=accepted).done_by
    if last is None:
        raise Missing("这个事项没有能推算的办结日期", remedy="办理时限请看办事指南，或者问办理单位。")
    told = f"按{accepted:%Y年%m月%d日}受理推算。{last.deadline.doubt}"
    return _event(
        f"done-by-{guid}-{accepted}",
        f"{'最早' if last.at_least else '最迟'}这一天办好：{publication.revision.guide.name}",
        last.day,
        "\n".join(text for text in (told, publication.source_note) if text),
        reverse("portal:item", args=[guid]),
    )


@require_safe
def send_closing(request: HttpRequest, guid: UUID) -> HttpResponse:
    """Send as a calendar the day a consultation closes."""
    one = consultations_public(today()).filter(campaign__guid=guid).first()
    if one is None:
        raise Missing("没有这项公示", remedy="它可能还没有开始。")
    address = reverse("portal:consultation", args=[guid])
    return _event(f"consultation-{guid}", f"最后一天提意见：{one.title}", one.closes, one.body, address)


def _event(uid: str, summary: str, day: date, description: str, address: str) -> HttpResponse:
    from icalendar import Calendar, Event  # 8 MB that a process serving pages seldom needs

    event = Event()
    event.add("uid", f"{uid}@banshi")
    event.add("dtstamp", now())
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", description)
    event.add("url", settings.SITE_URL + address)
    event.add("transp", "TRANSPARENT")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//{settings.CITY_NAME or 'banshi'}//政务服务//ZH")
    calendar.add_component(event)
    return send_bytes(calendar.to_ical(), f"{uid.split('-')[0]}.ics")
