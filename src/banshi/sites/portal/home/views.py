from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from banshi.campaigns.queries import consultations_open
from banshi.core.clock import now, today
from banshi.sites.kit.address import text_in
from banshi.sites.portal.home import queries
from banshi.sites.portal.items.page_cache import kept_page
from banshi.sites.portal.items.version_cache import stamp
from banshi.sites.portal.notices.queries import notices
from banshi.sites.portal.search.results import IN_THE_BOX

HALF_MINUTE = 30


@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    """Show the home page, cached for half a minute.

    It is what most people open, and notices and figures may be that old.
    """
    return kept_page(request, f"home:{stamp()}:{int(now().timestamp()) // HALF_MINUTE}", lambda: _home(request))


def _home(request: HttpRequest) -> HttpResponse:
    audience = "company" if text_in(request.GET, "for") == "company" else "person"
    context = {
        "audience": audience,
        "examples": IN_THE_BOX,
        "popular": queries.popular(on=today(), audience=audience),
        "life_events": queries.life_events(audience),
        "categories": queries.categories(audience),
        "untold": queries.untold(),
        "organs": queries.busiest_organs(),
        "notices": notices()[:5],
        "consultations": consultations_open(today())[:3],
    }
    return render(request, "portal/home.html", context)
