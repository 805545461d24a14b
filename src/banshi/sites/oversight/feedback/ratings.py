"""好差评 under supervision: figures with what is unusual, and bad ratings that are late or not called back."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from banshi.calendar.deadlines import remaining
from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import day_of, now
from banshi.feedback.models import BadRating, RatedPerson
from banshi.feedback.policy import policy
from banshi.feedback.queries import OPEN_BAD_RATINGS, next_contact_or_mending
from banshi.feedback.rating_figures import rating_figures
from banshi.sites.kit.listing.filters import Filter, Filters, OrganNamed, Where, tabs
from banshi.sites.kit.listing.organs import organ_options
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.workflow.versions import state_of

SHOWN, PAGE = 100, 30
BY = {"organ": "按单位", "item": "按事项", "window": "按窗口"}
SPANS = (("30", "近30天"), ("90", "近90天"), ("365", "近一年"))


def stands(where: str) -> Q:
    """Select bad ratings by where they stand."""
    rank = calendar_in_force().rank_of(day_of(now()))
    late = Q(state__in=OPEN_BAD_RATINGS) & ~Q(state__in=("appealed", "answered")) & Q(due_rank__lt=rank)
    late |= Q(state__in=("appealed", "answered"), late_at__isnull=False)
    return {
        "late": late | Q(state="received", contact_rank__lt=rank),
        "open": Q(state__in=OPEN_BAD_RATINGS),
        "answered": Q(state="answered"),
        "appealed": Q(state="appealed"),
        "all": Q(),
    }[where]


TILES = (("all", "收到差评"), ("", "没有办完"), ("late", "超期"), ("answered", "待回访"))
STANDS = (("late", "超期"), ("answered", "待回访"), ("appealed", "申诉中"), ("all", "全部"))


class RatingOversightFilters(Filters):
    by = Filter(options=list(BY.items()), narrows=False)
    days = Filter("多久", options=SPANS, every="近90天")
    show = Where(stands, "哪些差评", options=STANDS, every="没有办完的")
    organ = OrganNamed(label="单位")


@login_required
@require_safe
def ratings(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.SUPERVISION_VIEW)
    filters, at = RatingOversightFilters.read(request.GET), now()
    by, since = filters.by or "organ", at - timedelta(days=int(filters.days or 90))
    organs = organs_where(request.user, Permission.SUPERVISION_VIEW)
    own = RatedPerson.objects.filter(invitation__rating=OuterRef("rating"), user=request.user)
    seen = BadRating.objects.filter(~Exists(own), organ__in=organs, rating__at__gte=since)
    seen = seen.filter(RatingOversightFilters(organ=filters.organ).condition())
    counted = seen.aggregate(**{show or "open": Count("pk", filter=stands(show or "open")) for show, _ in TILES})
    tiles = [(label, counted[show or "open"], filters.as_query(show=show)) for show, label in TILES]
    bad = seen.filter(stands(filters.show or "open"))
    page = Page(bad.select_related("organ", "rating__invitation"), request.GET, by=("due_rank", "id"), size=PAGE)
    calendar, day = calendar_in_force(), day_of(at)
    context: dict[str, Any] = {
        "by": by,
        "least_shown": policy().rating.least_shown,
        "tabs": tabs(filters, "by", BY, chosen=by),
        "filters": filters,
        "controls": filters.controls(organ=organ_options(organs, filters.organ)),
        "tiles": tiles,
        "figures": rating_figures(
            by,
            since=since,
            until=at + timedelta(seconds=1),
            longer=[at - timedelta(days=int(days)) for days, _ in SPANS if at - timedelta(days=int(days)) < since],
            organs=organs,
        )[:SHOWN],
        "page": page,
        "lines": [
            (each, state_of(each), what, remaining(calendar.day_of(rank), on=day, calendar=calendar))
            for each in page.rows
            for what, rank in [next_contact_or_mending(each)]
        ],
    }
    return render(request, "oversight/feedback/ratings.html", context)
