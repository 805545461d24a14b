"""Surveys of the whole catalogue."""

from django.db import models
from django.db.models import F, Q


class Survey(models.Model):
    """全目录对照: everything in force looked at as a whole, as it was when the survey was made. See `catalogue_survey`."""

    compared_with = models.DateField("和哪一天比", null=True, blank=True)
    task = models.CharField(max_length=64, blank=True, help_text="key of its background task")
    paper = models.JSONField(default=dict, help_text="the Statement as plain data")
    by = models.CharField(max_length=150)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gte=F("started_at")), name="survey_ends_after_it_begins"
            ),
        )
