from django.db import models

from banshi.catalog.models import Item


class ItemViews(models.Model):
    """How often a guide is looked at: a figure a day and item, nobody's name with it."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item", "day"), name="item_views_once_a_day"),)
        indexes = (models.Index(fields=("day", "item")),)
