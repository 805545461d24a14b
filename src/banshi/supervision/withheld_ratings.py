"""Ratings that boards, indicators and bulletins withhold, since few rated or their number could be had by subtraction.

A total is of the organs that are told, so nothing is had from it. A year is the sum of its months, an organ the sum of its items.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from banshi.feedback.events import BAD_RATING_ANSWERED, RATED
from banshi.feedback.policy import policy
from banshi.feedback.suppression import withheld
from banshi.people.models import Organ
from banshi.supervision.measures import events_of, measures
from banshi.supervision.models import MeasureCount
from banshi.supervision.periods import Period

OF_RATINGS = (RATED.code, BAD_RATING_ANSWERED.code)
"""Events that tell who rated, and how, where few did."""
RATED_MEASURE = "rated"


def rating_measures() -> set[str]:
    return {code for code, each in measures().items() if each.event in OF_RATINGS}


def withheld_organs(organs: QuerySet[Organ] | Collection[int], period: Period) -> set[int]:
    """Find the organs whose ratings of a period are withheld: of few, or of a month that would tell another of its year."""
    least, year = policy().rating.least_shown, Period(period.year)
    counted = MeasureCount.objects.filter(organ__in=organs, month__gte=year.first, month__lt=year.until).order_by()
    counted = counted.filter(measure__in=rating_measures())
    rated = counted.filter(measure=RATED_MEASURE)
    if not period.month:
        raters = Coalesce(Sum("amount", filter=Q(measure=RATED_MEASURE)), 0)
        some = counted.values("organ").annotate(raters=raters, events=Sum("amount"))
        return set(some.filter(raters__lt=least).exclude(events=0).values_list("organ", flat=True))
    # Only a month of few makes others of its year withheld.
    of_few = rated.filter(amount__gt=0, amount__lt=least).values("organ")
    months = defaultdict[int, dict[date, int]](dict)
    for organ, month, amount in rated.filter(organ__in=of_few).values_list("organ", "month", "amount"):
        months[organ][month] = amount
    few = {organ for organ, raters in months.items() if period.first in withheld(raters, least=least)}
    this_month = counted.filter(month=period.first)
    enough = this_month.filter(measure=RATED_MEASURE, amount__gte=least).values("organ")
    others = this_month.exclude(measure=RATED_MEASURE).exclude(amount=0).exclude(organ__in=enough)
    return few | set(others.values_list("organ", flat=True))


def withheld_items(organ: Organ, year: Period) -> set[int | None]:
    """Find the items of an organ whose ratings of a year are withheld, None being those of no item."""
    rated = events_of([organ.pk], year).filter(kind=RATED.code).order_by()
    raters = {None: 0, **dict(rated.values_list("item").annotate(Count("pk")))}
    return withheld(raters, least=policy().rating.least_shown)


def without_withheld(found: Mapping[str, int], *, few: bool) -> dict[str, int | None]:
    """Leave out the figures of ratings that are withheld."""
    return {code: None if few and code in rating_measures() else amount for code, amount in found.items()}


def totals(
    found: Mapping[int, Mapping[str, int]], codes: Collection[str], *, few: Collection[int | None]
) -> dict[str, int]:
    """Sum measures over organs or items, those of ratings over such alone as are told."""
    hidden = rating_measures()
    return {
        code: sum(row.get(code, 0) for key, row in found.items() if code not in hidden or key not in few)
        for code in codes
    }
