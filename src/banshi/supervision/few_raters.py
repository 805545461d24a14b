"""Ratings that boards, indicators and bulletins withhold, since few rated or their number could be had by subtraction.

A total is of the organs that are told, so nothing is had from it. A year is the sum of its months, an organ the sum of its items.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Count, QuerySet

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


def organs_of_few(organs: QuerySet[Organ] | Collection[int], period: Period) -> set[int]:
    """Find the organs whose ratings of a period are withheld: of few, or of a month that would tell another of its year."""
    least, year = policy().rating.least_shown, Period(period.year)
    raters: dict[int, Counter[date]] = defaultdict(Counter)
    others: dict[int, Counter[date]] = defaultdict(Counter)
    counted = MeasureCount.objects.filter(organ__in=organs, month__gte=year.first, month__lt=year.until)
    counted = counted.filter(measure__in=rating_measures())
    for organ, month, measure, amount in counted.order_by().values_list("organ", "month", "measure", "amount"):
        (raters if measure == RATED_MEASURE else others)[organ][month] += amount
    if not period.month:
        some = {*raters, *others}
        return {each for each in some if raters[each].total() < least and raters[each].total() + others[each].total()}
    month = period.first
    few = {organ for organ, months in raters.items() if month in withheld(months, least=least)}
    return few | {organ for organ, months in others.items() if months[month] and raters[organ][month] < least}


def items_of_few(organ: Organ, year: Period) -> set[int | None]:
    """Find the items of an organ whose ratings of a year are withheld, None being those of no item."""
    rated = events_of([organ.pk], year).filter(kind=RATED.code).order_by()
    raters = {None: 0, **dict(rated.values_list("item").annotate(Count("pk")))}
    return withheld(raters, least=policy().rating.least_shown)


def told_ratings(found: Mapping[str, int], *, few: bool) -> dict[str, int | None]:
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
