"""Daily page views of guides, without anybody's name."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, QuerySet, Sum

from banshi.catalog.models import Item, Listing

MONTH = timedelta(days=30)


class ItemViews(models.Model):
    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item", "day"), name="item_views_once_a_day"),)
        indexes = (models.Index(fields=("day", "item")),)


def count_view(item_id: int, *, on: date) -> None:
    """One more look. No act of anybody's, so no ledger."""
    if not ItemViews.objects.filter(item_id=item_id, day=on).update(count=F("count") + 1):
        row, new = ItemViews.objects.get_or_create(item_id=item_id, day=on, defaults={"count": 1})
        if not new:
            ItemViews.objects.filter(pk=row.pk).update(count=F("count") + 1)


def most_viewed(some: QuerySet[Listing], *, until: date, limit: int) -> list[int]:
    """Of some items in force, those most looked at in the thirty days before `until`."""
    recent = ItemViews.objects.filter(day__gt=until - MONTH, day__lte=until, item__listing__in=some.order_by())
    counted = recent.values("item").annotate(looks=Sum("count")).order_by("-looks", "item")
    return [row["item"] for row in counted[:limit]]
