"""取号机: large, touched, read aloud, and without network going on with numbers set aside for it."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from banshi.access import Visitor
from banshi.catalog.guide.plain_language import brief, bring
from banshi.catalog.models import Item
from banshi.catalog.queries import in_force_of
from banshi.core.clock import CHINA, day_of, now
from banshi.core.errors import BadInput
from banshi.documents.qr import qr_svg
from banshi.search.queries import find
from banshi.sites.counter.streams import CALLS, tickets_told
from banshi.sites.counter.tries import count_wrong, require_tries_left
from banshi.sites.kit.address import as_guid, as_key, guid_in, text_in
from banshi.sites.kit.offline import kept_offline
from banshi.sites.kit.streams import stream_address
from banshi.window import actions
from banshi.window.enums import Priority
from banshi.window.kiosk_address import hall_of_kiosk
from banshi.window.models import Hall, Ticket
from banshi.window.queries import expected_wait, waiting_in

SHOWN, BRING, WRONG_CODES = 8, "要带什么", "120/hour"


@require_safe
@never_cache
@kept_offline
def kiosk(request: HttpRequest, key: str) -> HttpResponse:
    hall, at = hall_of_kiosk(key), now()
    context = {
        "hall": hall,
        **tickets_told(hall, at),
        "stream": stream_address(CALLS, hall.code),
        "key": key,
        "skills": hall.skills.filter(active=True),
        "priorities": Priority.choices,
        "waiting": waiting_in(hall, day=day_of(at)).count(),
    }
    return render(request, "counter/kiosk.html", context)


@require_safe
@never_cache
def guide(request: HttpRequest, key: str) -> HttpResponse:
    """Tell in large letters what an item asks for, found in plain words."""
    hall_of_kiosk(key)
    chosen = guid_in(request.GET, "item")
    publication = in_force_of(chosen) if chosen else None
    text = text_in(request.GET, "q", 60)
    context: dict[str, Any] = {"key": key, "text": text}
    if publication:
        told = publication.revision.guide
        address = request.build_absolute_uri(reverse("portal:item", args=[publication.item.guid]))
        context |= {
            "guide": told,
            "brief": [each for each in brief(told) if each[1] and each[0] != BRING],
            "bring": bring(told),
            "qr": qr_svg(address),
        }
    elif text:
        items = Item.objects.in_bulk([each.item_id for each in find(text, per_page=SHOWN).hits])
        context["found"] = list(items.values())
    return render(request, "counter/kiosk_guide.html", context)


@csrf_exempt  # the key in the address is the kiosk's own secret, and no cookie is asked
@require_POST
def take(request: HttpRequest, key: str) -> JsonResponse:
    """Give a ticket, also for an appointment or to who was not served (`code`), or write one that was given without network (`number`, `taken_at`)."""
    hall, at = hall_of_kiosk(key), now()
    asked = _read(request)
    if "code" in asked:
        return JsonResponse(_told(request, _by_code(request, hall, asked, at), at))
    skill = hall.skills.filter(pk=as_key(str(asked.get("skill", ""))), active=True).first()
    guid, priority = as_guid(str(asked.get("guid", ""))), str(asked.get("priority", ""))
    if skill is None or guid is None or priority not in Priority.values:
        raise BadInput("取号的内容不对", remedy="请重新选择业务。")
    if "number" in asked:
        ticket = actions.reconcile_offline(
            skill,
            guid=guid,
            number=as_key(str(asked["number"])),
            taken_at=_moment(asked.get("taken_at"), at),
            priority=priority,
            by=Visitor(),
            at=at,
        )
    else:
        ticket = actions.take_ticket(skill, guid=guid, priority=priority, by=Visitor(), at=at)
    return JsonResponse(_told(request, ticket, at))


def _by_code(request: HttpRequest, hall: Hall, asked: dict[str, Any], at: datetime) -> Ticket:
    """Give the ticket of an appointment, or of whoever was not served."""
    tries: dict[str, str] = {"of": hall.code, "at_most": WRONG_CODES}
    require_tries_left(request, "kiosk-code", **tries)
    code, priority = str(asked["code"])[:8], str(asked.get("priority", ""))
    chosen = priority if priority in Priority.values else Priority.NONE
    who: dict[str, Any] = {"priority": chosen, "by": Visitor(), "at": at}
    try:
        return actions.take_by_code(hall, code, **who)
    except BadInput:
        count_wrong(request, "kiosk-code", **tries)
        raise


@csrf_exempt
@require_POST
def numbers(request: HttpRequest, key: str) -> JsonResponse:
    """Set numbers aside for the time without network."""
    hall, at = hall_of_kiosk(key), now()
    reserved = actions.reserve_offline_numbers(hall, by=Visitor(), at=at)
    return JsonResponse({"day": day_of(at).isoformat(), "numbers": reserved})


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        asked = json.loads(request.body)
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise BadInput("取号的内容读不懂", remedy="请重新选择业务。")
    return asked


def _moment(told: object, otherwise: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(str(told))
        return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).astimezone(CHINA)
    except (ValueError, OverflowError):  # at the ends of the calendar
        return otherwise


def _told(request: HttpRequest, ticket: Ticket, at: datetime) -> dict[str, Any]:
    wait = expected_wait(ticket, at=at)
    address = request.build_absolute_uri(reverse("counter:ticket", args=[ticket.guid]))
    return {
        "label": ticket.label,
        "skill": ticket.skill.name,
        "ahead": wait.ahead,
        "minutes": ticket.foreseen_minutes,
        "address": address,
        "qr": qr_svg(address),
        "at": ticket.taken_at.astimezone(CHINA).strftime("%H:%M"),
    }
