"""Lights by organ and by item, and the list behind every figure."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from banshi.calendar.queries import calendar_in_force
from banshi.cases.clocks import left_of
from banshi.core.clock import now, today
from banshi.sites.kit.listing.filters import Contains, Filters, Key, OrganNamed, Where, tabs
from banshi.sites.kit.listing.organs import organ_options
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.oversight.streams import news_address
from banshi.supervision.lights import NO_LIGHT, Light, light_conditions, light_of, open_cases
from banshi.supervision.lights import board as counted

PAGE = 50
BY = {"organ": "按单位", "item": "按事项"}
COLUMNS = {"organ": ("organ", "organ__name", "organ__short_name"), "item": ("item", "item__name")}
LIGHTS = [*Light.choices, (NO_LIGHT, "停表")]


def light_is(light: str) -> Q:
    return light_conditions(today())[light]


class LightFilters(Filters):
    q = Contains("number", "item__name", label="办件编号或事项")
    light = Where(light_is, "灯", options=LIGHTS)
    organ = OrganNamed(label="单位")
    item = Key("item_id")


class BoardFilters(Filters):
    by = Where(lambda _: Q(), options=list(BY.items()), narrows=False)


@login_required
@require_safe
def board(request: StaffRequest) -> HttpResponse:
    """Show the lights of every open case one supervises."""
    require(request.user, Permission.SUPERVISION_VIEW)
    filters = BoardFilters.read(request.GET)
    by = filters.by or "organ"
    cases = open_cases(organs_where(request.user, Permission.SUPERVISION_VIEW))
    rows = [
        {**row, "key": row[COLUMNS[by][0]], "name": row.get("organ__short_name") or row[COLUMNS[by][1]]}
        for row in counted(cases, *COLUMNS[by], day=today())
    ]
    tiles = [(light, sum(row[light] for row in rows)) for light in (*Light.values, NO_LIGHT)]
    context: dict[str, Any] = {"rows": rows[:200], "tiles": tiles, "by": by, "left_out": len(rows) - 200}
    context |= {"tabs": tabs(filters, "by", BY, chosen=by), "at": now(), "stream": news_address()}
    return render(request, "oversight/board/board.html", context)


@login_required
@require_safe
def cases(request: StaffRequest) -> HttpResponse:
    """List the open cases behind a figure of the board, the most pressing first."""
    require(request.user, Permission.SUPERVISION_VIEW)
    filters = LightFilters.read(request.GET)
    organs = organs_where(request.user, Permission.SUPERVISION_VIEW)
    found = open_cases(organs).filter(filters.condition()).select_related("item", "organ")
    page = Page(found, request.GET, by=("id",), size=PAGE)
    calendar, day = calendar_in_force(), today()
    lines = [
        (each, left_of(each, on=day, calendar=calendar), light_of(each, on=day, calendar=calendar))
        for each in page.rows
    ]
    context = {
        "filters": filters,
        "controls": filters.controls(organ=organ_options(organs, filters.organ)),
        "page": page,
        "lines": lines,
    }
    return render(request, "oversight/board/cases.html", context)
