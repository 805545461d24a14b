from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from banshi.campaigns.queries import consultations_of_organ
from banshi.catalog.models import Category, LifeEvent
from banshi.core.clock import today
from banshi.core.errors import Missing
from banshi.core.json_types import JsonObject
from banshi.people.models import Organ
from banshi.search.suggesting import suggest
from banshi.sites.kit.address import text_in
from banshi.sites.kit.listing.pages import Page
from banshi.sites.portal.search import queries
from banshi.sites.portal.search.results import EXAMPLES, SearchRequest, results_of


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    asked = SearchRequest.read(request.GET)
    if not asked.text and not asked.filters:
        return redirect("portal:home")
    context = {"asked": asked, "results": results_of(asked), "q": asked.text, "examples": EXAMPLES}
    return render(request, "portal/results.html", context)


@require_safe
def show_suggestions(request: HttpRequest) -> HttpResponse:
    text = text_in(request.GET, "q", 100)
    response = render(request, "portal/suggestions.html", {"suggestions": suggest(text) if text else []})
    response["Cache-Control"] = "public, max-age=60"
    return response


@require_safe
def show_category(request: HttpRequest, code: str) -> HttpResponse:
    category = Category.objects.filter(pk=code).first()
    if category is None:
        raise Missing("没有这个类别", remedy="请从首页的类别里选。")
    return render(
        request,
        "portal/category.html",
        {"category": category, **_list(request, queries.in_category(code), f"category.{code}")},
    )


@require_safe
def show_life_event(request: HttpRequest, code: str) -> HttpResponse:
    event = LifeEvent.objects.filter(pk=code).first()
    if event is None:
        raise Missing("没有这个主题", remedy="请从首页的主题里选。")
    return render(request, "portal/life_event.html", {"event": event, "stages": queries.by_stage(event)})


@require_safe
def list_organs(request: HttpRequest) -> HttpResponse:
    chosen = queries.division_called(text_in(request.GET, "division")) or queries.top_division()
    line, text = queries.ancestors(chosen) if chosen else [], text_in(request.GET, "q", 60)
    context = {
        "chosen": chosen,
        "line": line,
        "below": chosen.children.all() if chosen else [],
        "elsewhere": queries.elsewhere(line),
        "asked": text,
        "narrowed": chosen and "division" in request.GET,
        "organs": queries.organs_in(chosen, text) if chosen else [],
    }
    return render(request, "portal/organs.html", context)


@require_safe
def show_organ(request: HttpRequest, number: int) -> HttpResponse:
    organ = Organ.objects.filter(pk=number, active=True).select_related("division", "superior").first()
    if organ is None:
        raise Missing("没有这个单位", remedy="请到“找部门”里按地方查找。")
    return render(
        request,
        "portal/organ.html",
        {
            "organ": organ,
            "consultations": consultations_of_organ(organ, today()),
            **_list(request, queries.of_organ(organ), f"organ.{number}"),
        },
    )


def _list(request: HttpRequest, some: Any, about: str) -> JsonObject:
    """Narrow a list by the address: for whom, online only."""
    # Paged by key set.
    audience = text_in(request.GET, "audience")
    audience = audience if audience in ("person", "company", "untold") else ""
    online = text_in(request.GET, "online") == "1"
    narrowed = queries.narrowed(some, audience=audience, online=online)
    page: Page = Page(narrowed, request.GET, by=queries.ORDER)
    counts = queries.counted(narrowed, f"{about}.{audience}.{online}")
    return {"page": page, "rows": page.rows, "audience": audience, "online": online, "counts": counts}
