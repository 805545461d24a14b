"""Runs of the schedule."""

from django.db import models


class ScheduledRun(models.Model):
    """One due moment of an entry of the schedule. Being unique, it keeps two workers from running it twice."""

    name = models.CharField(max_length=60)
    due = models.DateTimeField()
    task = models.UUIDField(help_text="key of the task's row (django_tasks_db)")
    started_at = models.DateTimeField()

    class Meta:
        ordering = ("-due", "name")
        constraints = (models.UniqueConstraint(fields=("name", "due"), name="scheduled_once_when_due"),)
