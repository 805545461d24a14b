"""Questions without an answer, and synonyms added by officials."""

from django.db import models
from django.db.models import Q

from banshi.people.models import User


class Miss(models.Model):
    """A query that found nothing, counted per day. Numbers of persons are masked before they get here."""

    text = models.CharField("问法", max_length=60)
    day = models.DateField("日期")
    count = models.PositiveIntegerField("次数", default=1)
    last_at = models.DateTimeField("最近一次")

    class Meta:
        ordering = ("-last_at",)
        constraints = (models.UniqueConstraint(fields=("text", "day"), name="miss_counted_once_a_day"),)
        indexes = (models.Index(fields=("day",)),)


class Synonym(models.Model):
    """A synonym added at the console, laid over data/vocab/synonyms.csv. Ended ones stay as a record."""

    term = models.CharField("群众的说法", max_length=30)
    means = models.JSONField("也叫", help_text="list of words; a word with a space in it needs all its parts")
    one_way = models.BooleanField("单向", default=False, help_text="only the term finds the others, not the reverse")
    note = models.CharField("说明", max_length=120, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-added_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("term",), condition=Q(ended_at=None), name="one_synonym_in_use_per_term"),
        )

    def __str__(self) -> str:
        return self.term
