"""The queue as its address describes it: whose turn it is, and filters."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from banshi.campaigns.models import Review
from banshi.campaigns.queries import claimed_now, waiting
from banshi.people.models import User
from banshi.rulebook.models import ExaminedRevision, FlawFound
from banshi.sites.kit.listing.filters import Contains, Equals, Filter, Filters, Key, Where

PAGE = 25
COUNTED = 999
SHOWS = {"waiting": "待审", "sum": "待汇总", "agreed": "审核通过", "given": "已提意见"}
"""What lies where on the desk."""


def _found(what: str) -> Q:
    """Find the last examination's findings in the text on the desk."""
    examined = Exists(ExaminedRevision.objects.filter(revision=OuterRef("entry__text")))
    flaws = FlawFound.objects.filter(examined__revision=OuterRef("entry__text"), retention=None)
    match what:
        case "must":
            return Q(Exists(flaws.filter(severity="must")))
        case "any":
            return Q(Exists(flaws))
        case "none":
            return Q(examined) & ~Q(Exists(flaws))
    return ~Q(examined)


class DeskFilters(Filters):
    """`campaign` and `show` say which list it is, the rest narrow it."""

    campaign = Filter(narrows=False)
    show = Filter(narrows=False)
    q = Contains("entry__item__name", label="事项名称")
    unit = Contains("entry__participation__organ__name", label="上报单位")
    round = Key("round", "轮次")
    level = Key("entry__participation__organ__division__level", "层级")
    category = Equals("entry__item__category", "类别")
    disposition = Equals("entry__disposition", "单位处置")
    findings = Where(
        _found,
        "规则检查",
        options=[("must", "有必改"), ("any", "有问题"), ("none", "没有问题"), ("unknown", "还没检查")],
    )
    claimed = Filter("谁在看")
    verdict = Equals("verdict", "我们的意见")


def _claimed(how: str, user: User) -> Q:
    match how:
        case "mine":
            return Q(held=True, claimed_by=user.pk)
        case "others":
            return Q(held=True) & ~Q(claimed_by=user.pk)
        case "free":
            return Q(held=False)
    return Q()


def of_show(reviews: QuerySet[Review], show: str) -> QuerySet[Review]:
    """Return the user's desk, narrowed to one of its lists."""
    led = reviews.filter(body__code=F("entry__lead"), round=F("entry__round"))
    match show:
        case "sum":
            return led.filter(entry__state="reviewing", entry__waiting=0)
        case "agreed":
            return led.filter(entry__state="agreed")
        case "given":
            return reviews.exclude(verdict="")
    return waiting(reviews)


def reviews_shown(desk: QuerySet[Review], filters: DeskFilters, *, user: User, at: datetime) -> QuerySet[Review]:
    """Filter the user's desk in a campaign."""
    listed = of_show(desk, filters.show).annotate(held=claimed_now(at))
    shown = listed.filter(filters.condition(), _claimed(filters.claimed, user)).order_by("id")
    return shown.select_related("entry__item__category", "entry__participation__organ__division")


def counts(desk: QuerySet[Review]) -> dict[str, int]:
    """Count the lists, never beyond what a tab can show."""
    return {show: of_show(desk.order_by(), show)[:COUNTED].count() for show in SHOWS}


def first_of(reviews: QuerySet[Review], count: int) -> list[Review]:
    """Find the first so many, and then all that is shown of them.

    One question would join a dozen tables for the whole desk.
    """
    keys = list(reviews.values_list("pk", flat=True)[:count])
    return list(reviews.filter(pk__in=keys)) if keys else []


def next_of(reviews: QuerySet[Review], review: Review) -> UUID | None:
    """Return the entry after it in the list, from the beginning again at the end.

    Not what others have in hand.
    """
    others = reviews.exclude(pk=review.pk).filter(Q(claimed_by=None) | Q(held=False))
    guids = others.values_list("entry__guid", flat=True)
    return guids.filter(pk__gt=review.pk).first() or guids.first()


def next_among(rows: list[Review], review: Review) -> UUID | None:
    """Return the same, of rows at hand."""
    free = (each for each in rows if each.pk > review.pk and not (each.claimed_by_id and each.held))  # type: ignore[attr-defined]
    return next((each.entry.guid for each in free), None)


def previous_of(reviews: QuerySet[Review], review: Review) -> UUID | None:
    return reviews.filter(pk__lt=review.pk).order_by("-id").values_list("entry__guid", flat=True).first()
