"""上门服务: orders, the route of a day, and its checklists, which go on without network."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.cases.sealing import opened
from banshi.catalog.models import Item
from banshi.catalog.queries import in_force
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Conflict, Missing, Problem
from banshi.core.id_numbers import plain_number
from banshi.people.actions import register_at_counter
from banshi.people.enums import CitizenKind
from banshi.people.models import User
from banshi.people.queries import names_of
from banshi.reception import actions
from banshi.reception.actions.visits import VISIT
from banshi.reception.enums import DayHalf
from banshi.reception.models import HomeVisit
from banshi.reception.queries import home_items, visits_on
from banshi.sites.kit.address import as_day, text_in
from banshi.sites.kit.offline import kept_offline
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest

TYPED = ("name", "number", "phone", "address", "note", "on", "half", "item")


def _stops(request: StaffRequest, day: date) -> list[dict[str, object]]:
    """Open the visits of a day with what to bring and to mind."""
    stops, visits = [], list(visits_on(request.user, day, at=now()))
    names = names_of(each.person for each in visits)
    for each in visits:
        publication = in_force(each.item)
        told = {**opened(each.content_sealed, purpose=VISIT), "name": names[each.person_id]}
        materials = publication.revision.guide.materials if publication else []
        stops.append({"visit": each, "told": told, "materials": [m for m in materials if not m.shared]})
    return stops


def _item_chosen(user: User, guid: str, at: datetime) -> Item:
    found = next((each for each in home_items(user, at=at) if str(each.guid) == guid), None)
    if found is None:
        raise BadInput("没有选事项", [Problem("请选要上门办的事项", field="item")])
    return found


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def visits(request: StaffRequest) -> HttpResponse:
    """List the visits of a day, order one, put them in their order."""
    require(request.user, Permission.CASE_RECEIVE)
    at, wrong = now(), None
    typed = {each: text_in(request.POST, each, 300) for each in TYPED}
    if request.method == "POST":
        try:
            chosen = _item_chosen(request.user, typed["item"], at)
            person = register_at_counter(
                kind=CitizenKind.PERSON,
                name=typed["name"],
                number=plain_number(typed["number"]),
                phone=typed["phone"],
                by=request.user,
                at=at,
            ).user
            visit = actions.order_visit(
                chosen,
                person=person,
                address=typed["address"],
                phone=typed["phone"],
                on=as_day(typed["on"]) or date.min,
                half=typed["half"],
                note=typed["note"],
                by=request.user,
                at=at,
            )
            messages.success(request, "上门服务已经预约")
            return redirect(f"{request.path}?day={visit.wanted_on.isoformat()}")
        except (BadInput, Conflict) as trouble:
            wrong = trouble
    day = as_day(text_in(request.GET, "day")) or today()
    context = {
        "day": day,
        "stops": _stops(request, day),
        "items": home_items(request.user, at=at),
        "halves": DayHalf.choices,
        "typed": typed,
        "wrong": wrong,
        "told": {each.field: each.message for each in getattr(wrong, "problems", [])},
    }
    return render(request, "counter/reception/visits.html", context, status=422 if wrong else 200)


@login_required
@never_cache
@require_safe
@kept_offline
def route(request: StaffRequest) -> HttpResponse:
    """Show the checklists of a day on one page, opened before one leaves and ticked wherever one is."""
    require(request.user, Permission.CASE_RECEIVE)
    day = as_day(text_in(request.GET, "day")) or today()
    return render(request, "counter/reception/route.html", {"day": day, "stops": _stops(request, day)})


@login_required
@require_POST
def act(request: StaffRequest, guid: UUID, act: str) -> HttpResponse:
    """Move a visit earlier in the route, end it, or cancel it."""
    found = HomeVisit.objects.filter(guid=guid).first()
    same_day = list(visits_on(request.user, found.wanted_on, at=now())) if found else []
    visit = next((each for each in same_day if each.guid == guid), None)
    if visit is None:
        raise Missing("没有这次上门", remedy="它可能属于别的单位，或者已经取消。")
    who: dict[str, Any] = {"by": request.user, "at": now()}
    if act == "earlier":
        place = same_day.index(visit)
        same_day.insert(max(0, place - 1), same_day.pop(place))
        actions.plan_route(same_day, **who)
    elif act == "done":
        actions.finish_visit(visit, **who)
    elif act == "cancel":
        actions.cancel_visit(visit, **who)
    else:
        raise Missing("没有这个操作")
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"state": act})
    return redirect(f"/counter/visits/?day={visit.wanted_on.isoformat()}")
