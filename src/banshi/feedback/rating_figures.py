"""Published figures of ratings: by organ, item and window, with how many rated and how many were asked."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncHour

from banshi.feedback.enums import BAD_GRADES, Grade
from banshi.feedback.models import BadRating, Rating, RatingInvitation
from banshi.feedback.policy import policy
from banshi.feedback.suppression import withheld
from banshi.people.models import Organ

KEYS = {"organ": ("organ", "organ__name"), "item": ("item", "item__name"), "window": ("window", "window")}
GOOD = (Grade.VERY_GOOD, Grade.GOOD, Grade.FAIR)
FAR_OFF = 3.0
"""Standard errors from the share of all others, beyond which a share is told as unusual."""


@dataclass(slots=True)
class RatingFigure:
    """Ratings of one organ, item or window in a span of time. `remarks` say what is unusual.

    `is_withheld` says that so few rated that one could tell who, or that such few could be had by subtraction from others.
    """

    key: Any
    label: str
    invited: int = 0
    counts: dict[int, int] = field(default_factory=lambda: dict.fromkeys(Grade.values, 0))
    remarks: list[str] = field(default_factory=list)
    is_withheld: bool = False

    @property
    def raters(self) -> int:
        return sum(self.counts.values())

    @property
    def bad(self) -> int:
        return sum(self.counts[each] for each in BAD_GRADES)

    @property
    def good_share(self) -> float | None:
        """Return the share of the three good grades.

        None where it is withheld.
        """
        return None if self.is_withheld else sum(self.counts[each] for each in GOOD) / self.raters

    @property
    def answered_share(self) -> float | None:
        return self.raters / self.invited if self.invited else None


def rating_figures(
    by: str,
    *,
    since: datetime,
    until: datetime,
    longer: Sequence[datetime] = (),
    organs: "QuerySet[Organ] | None" = None,
) -> list[RatingFigure]:
    """Count ratings by `organ`, `item` or `window`, the most rated first and what is withheld last, of some organs or of all.

    `longer` are the beginnings of the other spans that are told, from which this one can be subtracted.
    """
    key, label = KEYS[by]
    ratings = Rating.objects.filter(at__lt=until, counted=True)
    invited = RatingInvitation.objects.filter(invited_at__gte=since, invited_at__lt=until)
    if organs is not None:
        ratings, invited = ratings.filter(organ__in=organs), invited.filter(organ__in=organs)
    few, within = _of_few(ratings, key, since, longer), ratings.filter(at__gte=since)
    found: dict[Any, RatingFigure] = {}
    for of, name, count in _named(invited, key, label).annotate(count=Count("pk")).values_list(key, label, "count"):
        found[of] = RatingFigure(of, name, invited=count)
    rows = _named(within, key, label).values(key, label, "grade").annotate(count=Count("pk"))
    for of, name, grade, count in rows.values_list(key, label, "grade", "count"):
        found.setdefault(of, RatingFigure(of, name)).counts[grade] = count
    for each in found.values():
        each.is_withheld = not each.raters or each.key in few
    _remark(found, within, key)
    # The place of what is withheld would tell how many rated.
    return sorted(found.values(), key=lambda each: (each.is_withheld, each.is_withheld or -each.raters, each.label))


def withheld_organs(*, since: datetime, until: datetime, longer: Sequence[datetime] = ()) -> set[int]:
    """Find the organs whose ratings are withheld."""
    return _of_few(Rating.objects.filter(at__lt=until, counted=True), "organ", since, longer)


def _of_few(ratings: "QuerySet[Rating]", key: str, since: datetime, longer: Sequence[datetime]) -> set[Any]:
    """Find the organs, items or windows whose figures are withheld."""
    # An organ's figure is the sum of its items', of the windows that are its own, and of what belongs to none.
    least = policy().rating.least_shown
    spans = {f"span{place}": Count("pk", filter=Q(at__gte=first)) for place, first in enumerate((since, *longer))}
    by_organ: dict[int, Counter[str]] = defaultdict(Counter)
    by_key: dict[Any, Counter[str]] = defaultdict(Counter)
    parts: dict[int, Counter[Any]] = defaultdict(Counter)
    owners: dict[Any, set[int]] = defaultdict(set)
    for row in ratings.filter(at__gte=min((since, *longer))).order_by().values("organ", key).annotate(**spans):
        counts = {name: row[name] for name in spans}
        by_organ[row["organ"]].update(counts)
        by_key[row[key] or None].update(counts)
        owners[row[key] or None].add(row["organ"])
        parts[row["organ"]][row[key] or None] += counts["span0"]

    def of_few(counts: Counter[str]) -> bool:
        told = counts["span0"]
        return 0 < told < least or any(0 < counts[name] - told < least for name in spans)

    organs = {organ for organ, counts in by_organ.items() if of_few(counts)}
    if key == "organ":
        return organs
    found = {each for each, counts in by_key.items() if of_few(counts)}
    for organ, cells in parts.items():
        own = {each: count for each, count in cells.items() if each is not None and owners[each] == {organ}}
        rest = {None: cells.total() - sum(own.values())}
        found |= own.keys() if organ in organs else withheld({**own, **rest}, least=least, given=found & own.keys())
    return found


def _named(rows: "QuerySet[Any]", key: str, label: str) -> "QuerySet[Any, Any]":
    return rows.exclude(**({key: ""} if key == "window" else {key: None})).order_by().values(key, label)


def _remark(figures: dict[Any, RatingFigure], ratings: "QuerySet[Rating]", key: str) -> None:
    """Mark outliers by a two-proportion z test against all others, and bursts within an hour."""
    rules = policy().rating
    everyone = sum(each.raters for each in figures.values())
    good = {each.key: sum(each.counts[grade] for grade in GOOD) for each in figures.values()}
    for each in figures.values():
        others = everyone - each.raters
        if min(each.raters, others) < rules.outlier_raters:
            continue
        own_share, other_share = good[each.key] / each.raters, (sum(good.values()) - good[each.key]) / others
        pooled = sum(good.values()) / everyone
        error = sqrt(pooled * (1 - pooled) * (1 / each.raters + 1 / others))
        if error and abs(own_share - other_share) > FAR_OFF * error:
            each.remarks.append("明显高于其他，请核实" if own_share > other_share else "明显低于其他")
    hours = ratings.annotate(hour=TruncHour("at")).order_by().values(key, "hour").annotate(count=Count("pk"))
    bursts: dict[Any, int] = defaultdict(int)
    for row in hours.filter(count__gt=rules.burst).values_list(key, "count"):
        bursts[row[0]] = max(bursts[row[0]], row[1])
    for of, count in bursts.items():
        if of in figures and key == "window":
            figures[of].remarks.append(f"一小时内有{count}次评价，请核实")
    same = ratings.exclude(device="").order_by().values(key, "device").annotate(count=Count("pk"))
    for row in same.filter(count__gt=rules.same_device).values_list(key, "count"):
        if row[0] in figures:
            figures[row[0]].remarks.append(f"同一台设备一天评了{row[1]}次，请核实")
    office = ratings.filter(staff_device=True).order_by().values(key).annotate(count=Count("pk"))
    for of, count in office.values_list(key, "count"):
        if of in figures:
            figures[of].remarks.append(f"{count}次来自工作人员用过的设备，请核实")


@dataclass(frozen=True, slots=True)
class BadRatingFigure:
    """Bad ratings of a span of time by what became of them."""

    received: int
    answered: int
    excluded: int
    accepted: int


def bad_rating_figure(*, since: datetime, until: datetime, longer: Sequence[datetime] = ()) -> BadRatingFigure:
    """Count bad ratings of the organs whose figures are told: those of the others could be had by subtraction."""
    few = withheld_organs(since=since, until=until, longer=longer)
    some = BadRating.objects.filter(rating__at__gte=since, rating__at__lt=until).exclude(rating__organ__in=few)
    by_state = dict(some.order_by().values_list("state").annotate(count=Count("pk")))
    return BadRatingFigure(
        received=sum(by_state.values()),
        answered=some.exclude(answered_at=None).count(),
        excluded=by_state.get("excluded", 0),
        accepted=by_state.get("closed", 0),
    )


def tag_counts(*, since: datetime, until: datetime) -> list[tuple[str, int]]:
    """Count the reasons that were picked, by their words.

    Those of fewer ratings than the least are not told, since one could tell who picked them.
    """
    ratings = Rating.objects.filter(at__gte=since, at__lt=until, counted=True).exclude(tags=[])
    counts: dict[str, int] = defaultdict(int)
    for tags, count in ratings.order_by().values_list("tags").annotate(count=Count("pk")):
        for code in tags:
            counts[code] += count
    return sorted(
        (
            (each.label, counts[each.code])
            for each in policy().rating.tags
            if counts[each.code] >= policy().rating.least_shown
        ),
        key=lambda p: -p[1],
    )
