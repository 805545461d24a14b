"""Reads of adjustments, and of what rests on laws no longer in force."""

from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet

from banshi.access import Permission
from banshi.adjustments.models import OPEN, Adjustment, AdjustmentOpinion, ExaminingOffice
from banshi.adjustments.permissions import desks_of
from banshi.calendar.deadlines import warned_until
from banshi.calendar.queries import calendar_in_force
from banshi.catalog.models import Item, PublishedBasis
from banshi.law.models import Law, LawChange
from banshi.law.queries import citing, ended_laws
from banshi.people.models import Organ, User
from banshi.people.posts import organs_where

COUNTED = 999
SOON = 3
P = Permission


def adjustments_visible_to(user: User, *, at: datetime) -> QuerySet[Adjustment]:
    """List those of the organs whose items the user may see, and those the user's organ examines."""
    mine = desks_of(user, at)
    seen = Q(item__organ__in=organs_where(user, P.ITEM_VIEW, at)) | Q(examiner__in=mine) | Q(second__in=mine)
    return Adjustment.objects.filter(seen).select_related("item__organ__division", "examiner", "second")


def waiting_for(user: User, *, at: datetime) -> QuerySet[Adjustment]:
    """List adjustments the user can bring on now, the most pressing first."""
    mine = desks_of(user, at)
    own = Q(state__in=("prepared", "returned"), item__organ__in=organs_where(user, P.ADJUST_APPLY, at))
    examine = Q(state__in=("examining", "checking"), examiner__in=mine) | Q(state="second", second__in=mine)
    publish = Q(state="approved", item__organ__in=organs_where(user, P.ITEM_PUBLISH, at))
    return (
        adjustments_visible_to(user, at=at)
        .filter(own | examine | publish)
        .order_by(F("due").asc(nulls_last=True), "id")
    )


def overdue(adjustments: QuerySet[Adjustment], day: date) -> QuerySet[Adjustment]:
    return adjustments.filter(state__in=OPEN, due__lt=day).order_by("due", "id")


def due_soon(day: date) -> QuerySet[Adjustment]:
    """Open ones whose last day is at most three working days off, or over, and of which nobody was told in this state."""
    last = warned_until(day, SOON, calendar=calendar_in_force())
    found = Adjustment.objects.filter(state__in=OPEN, due__lte=last, reminded_on=None)
    return found.select_related("item__organ", "examiner", "second").order_by("due", "id")


def open_adjustment(item: Item) -> Adjustment | None:
    return Adjustment.objects.filter(item=item, state__in=OPEN).select_related("examiner", "second").first()


def opinions_on(adjustment: Adjustment) -> QuerySet[AdjustmentOpinion]:
    return adjustment.opinions.select_related("organ", "by")


def offices() -> QuerySet[ExaminingOffice]:
    return ExaminingOffice.objects.select_related("division", "organ")


# What rests on laws


def bases_on(law: Law, day: date) -> QuerySet[PublishedBasis]:
    """Find the bases in force that name the law."""
    return PublishedBasis.objects.filter(citing([law], day=day))


def items_affected(change: LawChange, organs: QuerySet[Organ]) -> QuerySet[Item]:
    """List items in force, of these organs, that rest on the law changed."""
    named = bases_on(change.law, change.day).values("item")
    return Item.objects.filter(pk__in=named, organ__in=organs).select_related("organ__division")


def ended_bases(day: date) -> QuerySet[PublishedBasis]:
    """Find everything in force that names a law no longer in force."""
    return PublishedBasis.objects.filter(citing(ended_laws(day), day=day))


def items_on_ended_laws(user: User, day: date, *, at: datetime) -> QuerySet[Item]:
    """Find the items, with `under_way`: how many of their adjustments are open."""
    found = Item.objects.filter(pk__in=ended_bases(day).values("item"), organ__in=organs_where(user, P.ITEM_VIEW, at))
    under_way = Count("adjustments", filter=Q(adjustments__state__in=OPEN))
    return found.select_related("organ").annotate(under_way=under_way).order_by("organ_id", "id")


def ended_bases_of(item: Item, day: date) -> list[tuple[PublishedBasis, Law]]:
    """Find the bases of one item in force that rest on ended laws, each with the law."""
    found = []
    rows = list(item.bases.all())
    # Laws that could be meant by any of these rows: most items name none that has ended, and one question tells.
    titles = {row.title.strip("《》").split("（")[0].split("(")[0] for row in rows}
    state = "中华人民共和国"
    named = titles | {state + each for each in titles} | {each.removeprefix(state) for each in titles}
    for law in ended_laws(day).filter(title__in=named) if rows else []:
        found += [(row, law) for row in item.bases.filter(citing([law], day=day))]
    return sorted(found, key=lambda pair: pair[0].position)
