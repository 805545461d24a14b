"""Queries of the home page."""

from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from banshi.catalog.models import Category, LifeEvent, Listing
from banshi.catalog.queries import listings
from banshi.insight.queries import most_viewed
from banshi.people.models import Organ

FEWEST_POPULAR = 3
COUNTS_KEPT = 300  # seconds; counting a million listings takes a while


def popular(*, on: date, audience: str = "", limit: int = 6) -> list[Listing]:
    """List the items people, or companies, looked at most this month.

    Nothing until enough was looked at to say so.
    """
    keys = most_viewed(of_audience(Listing.objects.all(), audience), until=on, limit=limit)
    found = listings().in_bulk(keys) if len(keys) >= FEWEST_POPULAR else {}
    return [found[key] for key in keys if key in found]


def categories(audience: str) -> list[tuple[Category, int]]:
    """List categories that hold something for these people, with how many."""
    counts = (
        cache.get_or_set(
            f"home.categories.{audience}",
            lambda: dict(
                of_audience(Listing.objects.exclude(category=None), audience)
                .order_by()
                .values_list("category")
                .annotate(Count("pk"))
            ),
            COUNTS_KEPT,
        )
        or {}
    )
    return [(category, counts[category.pk]) for category in Category.objects.all() if category.pk in counts]


def of_audience(some: QuerySet[Listing, Any], audience: str) -> QuerySet[Listing, Any]:
    asked = {"person": Q(for_person=True), "company": Q(for_company=True), "untold": Q(for_person=None)}
    return some.filter(asked[audience]) if audience else some


def untold() -> int:
    """Count what does not say for whom it is, and so stands under neither."""
    count = cache.get_or_set("home.untold", lambda: of_audience(Listing.objects.all(), "untold").count(), COUNTS_KEPT)
    return count or 0


def life_events(audience: str) -> QuerySet[LifeEvent]:
    return LifeEvent.objects.filter(audience=audience).order_by("position", "code")


def busiest_organs(limit: int = 12) -> list[Organ]:
    """Return the organs that offer most guides."""
    some = Listing.objects.filter(Q(organ__division__level__lte=4), has_guide=True).order_by().values("organ")
    counted = some.annotate(many=Count("pk")).order_by("-many", "organ")[:limit]
    keys = cache.get_or_set("home.organs", lambda: [row["organ"] for row in counted], COUNTS_KEPT) or []
    found = Organ.objects.filter(active=True).in_bulk(keys)
    return [found[key] for key in keys if key in found]
