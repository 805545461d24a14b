"""Versions that held on a day."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from banshi.catalog.models import Item, Publication
from banshi.catalog.queries import history
from banshi.core.clock import CHINA


def in_force_on(item: Item, day: date) -> QuerySet[Publication]:
    """List versions in force at any time of that day, newest first: two when one replaced another that day."""
    begin = datetime.combine(day, time.min, CHINA)
    end = begin + timedelta(days=1)
    return history(item).filter(Q(until=None) | Q(until__gt=begin), since__lt=end)
