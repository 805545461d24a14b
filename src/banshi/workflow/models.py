"""What moved, when, by whom."""

from django.db import models


class MoveRecord(models.Model):
    """One move of one thing; written only by `actions.move`."""

    workflow = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=120, db_index=True)
    name = models.CharField(max_length=30)
    source = models.CharField(max_length=30)
    to = models.CharField(max_length=30)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    actor_name = models.CharField(max_length=150)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("id",)
