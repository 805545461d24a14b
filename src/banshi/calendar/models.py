"""Days that differ from the week's rule."""

from django.db import models

from banshi.core.ids import new_guid


class CalendarDay(models.Model):
    """A day that differs from the week's rule: a holiday (法定节假日) or a working weekend day (调休)."""

    day = models.DateField(primary_key=True)
    working = models.BooleanField()
    name = models.CharField(max_length=50, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("day",)


class CalendarYear(models.Model):
    """A year of the calendar: whether its arrangement (放假安排) has been entered in full. Until then days follow the week."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    complete = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)
    stamp = models.UUIDField(
        default=new_guid, help_text="new with every change of the year; readers keep their copy by it"
    )
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("year",)
