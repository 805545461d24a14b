from datetime import date, timedelta

from django.db.models import QuerySet, Sum

from banshi.catalog.models import Listing
from banshi.insight.models import ItemViews

MONTH = timedelta(days=30)


def most_viewed(some: QuerySet[Listing], *, until: date, limit: int) -> list[int]:
    """List of some items in force those most looked at in the thirty days before `until`."""
    recent = ItemViews.objects.filter(day__gt=until - MONTH, day__lte=until, item__listing__in=some.order_by())
    counted = recent.values("item").annotate(looks=Sum("count")).order_by("-looks", "item")
    return [row["item"] for row in counted[:limit]]
