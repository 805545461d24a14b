"""The queue as its address describes it: whose turn it is, filters, and pages by key set."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict

from banshi.campaigns.models import Review
from banshi.campaigns.queries import claimed_now, waiting
from banshi.rulebook.models import ExaminedRevision, FlawFound
from banshi.sites.workbench.access import as_key, text_in

PAGE = 25
COUNTED = 999
SHOWS = {"waiting": "待审", "sum": "待汇总", "agreed": "审核通过", "given": "已提意见"}
"""What lies where on the desk."""


@dataclass(frozen=True, slots=True)
class DeskFilters:
    """What the address asks for; "" asks for nothing. `campaign` and `show` say which list it is, the rest narrow it."""

    campaign: str = ""
    show: str = ""
    q: str = ""
    unit: str = ""
    round: str = ""
    level: str = ""
    category: str = ""
    disposition: str = ""
    claimed: str = ""
    findings: str = ""
    verdict: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "DeskFilters":
        return cls(**{each.name: text_in(query, each.name)[:100] for each in fields(cls)})

    @property
    def narrows(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self) if each.name not in ("campaign", "show"))

    def as_query(self, **other: str) -> str:
        """The filters as they stand in an address, without empty ones; `other` in place of some."""
        values = {each.name: getattr(self, each.name) for each in fields(self)} | other
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in values.items() if value})
        return query.urlencode()

    def condition(self, user: Any) -> Q:
        wanted = Q()
        if self.q:
            wanted &= Q(entry__item__name__icontains=self.q)
        if self.unit:
            wanted &= Q(entry__participation__organ__name__icontains=self.unit)
        if self.round:
            wanted &= Q(round=as_key(self.round))
        if self.level:
            wanted &= Q(entry__participation__organ__division__level=as_key(self.level))
        if self.category:
            wanted &= Q(entry__item__category=self.category)
        if self.disposition:
            wanted &= Q(entry__disposition=self.disposition)
        if self.verdict:
            wanted &= Q(verdict=self.verdict)
        return wanted & self._claimed(user) & self._found()

    def _claimed(self, user: Any) -> Q:
        match self.claimed:
            case "mine":
                return Q(held=True, claimed_by=user.pk)
            case "others":
                return Q(held=True) & ~Q(claimed_by=user.pk)
            case "free":
                return Q(held=False)
        return Q()

    def _found(self) -> Q:
        """What the last examination found in the text on the desk."""
        examined = Exists(ExaminedRevision.objects.filter(revision=OuterRef("entry__text")))
        flaws = FlawFound.objects.filter(examined__revision=OuterRef("entry__text"), retention=None)
        match self.findings:
            case "must":
                return Q(Exists(flaws.filter(severity="must")))
            case "any":
                return Q(Exists(flaws))
            case "none":
                return Q(examined) & ~Q(Exists(flaws))
            case "unknown":
                return ~Q(examined)
        return Q()


def of_show(reviews: QuerySet[Review], show: str) -> QuerySet[Review]:
    """The user's desk, narrowed to one of its lists."""
    led = reviews.filter(body__code=F("entry__lead"), round=F("entry__round"))
    match show:
        case "sum":
            return led.filter(entry__state="reviewing", entry__waiting=0)
        case "agreed":
            return led.filter(entry__state="agreed")
        case "given":
            return reviews.exclude(verdict="")
    return waiting(reviews)


def reviews_shown(desk: QuerySet[Review], filters: DeskFilters, *, user: Any, at: datetime) -> QuerySet[Review]:
    """What the filters leave of the user's desk in a campaign."""
    listed = of_show(desk, filters.show).annotate(held=claimed_now(at))
    shown = listed.filter(filters.condition(user)).order_by("id")
    return shown.select_related("entry__item__category", "entry__participation__organ__division")


def counts(desk: QuerySet[Review]) -> dict[str, int]:
    """How many lie where; never counts beyond what a tab can show."""
    return {show: of_show(desk.order_by(), show)[:COUNTED].count() for show in SHOWS}


@dataclass(frozen=True, slots=True)
class DeskPage:
    """One page; `before` and `after` are keys to go on from, "" at an end."""

    reviews: list[Review]
    before: str
    after: str


def page_of(reviews: QuerySet[Review], *, after: str = "", before: str = "") -> DeskPage:
    reviews = reviews.prefetch_related("body__campaign")  # one plan, read once, not one with each row
    if mark := as_key(before):
        rows = first_of(reviews.filter(pk__lt=mark).order_by("-id"), PAGE + 1)
        shown, more = rows[:PAGE][::-1], len(rows) > PAGE
        return DeskPage(shown, _key(shown, 0) if more else "", _key(shown, -1))
    mark = as_key(after)
    rows = first_of(reviews.filter(pk__gt=mark) if mark else reviews, PAGE + 1)
    shown, more = rows[:PAGE], len(rows) > PAGE
    return DeskPage(shown, _key(shown, 0) if mark else "", _key(shown, -1) if more else "")


def first_of(reviews: QuerySet[Review], count: int) -> list[Review]:
    """The first so many: which, and then all that is shown of them. In one question of a dozen tables the database
    would put the whole desk together before it takes the first."""
    keys = list(reviews.values_list("pk", flat=True)[:count])
    return list(reviews.filter(pk__in=keys)) if keys else []


def _key(rows: list[Review], place: int) -> str:
    return str(rows[place].pk) if rows else ""


def next_of(reviews: QuerySet[Review], review: Review) -> UUID | None:
    """The entry after it in the list, from the beginning again at the end; not what others have in hand."""
    others = reviews.exclude(pk=review.pk).filter(Q(claimed_by=None) | Q(held=False))
    guids = others.values_list("entry__guid", flat=True)
    return guids.filter(pk__gt=review.pk).first() or guids.first()


def next_among(rows: list[Review], review: Review) -> UUID | None:
    """The same, of rows at hand."""
    free = (each for each in rows if each.pk > review.pk and not (each.claimed_by_id and each.held))  # type: ignore[attr-defined]
    return next((each.entry.guid for each in free), None)


def previous_of(reviews: QuerySet[Review], review: Review) -> UUID | None:
    return reviews.filter(pk__lt=review.pk).order_by("-id").values_list("entry__guid", flat=True).first()
