from django.db import models

from banshi.catalog.models import Item


class ItemViews(models.Model):
    """Daily page views of a guide, without anybody's name."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item", "day"), name="item_views_once_a_day"),)
        indexes = (models.Index(fields=("day", "item")),)
