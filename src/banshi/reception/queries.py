"""Reads of reception: what is under way at one's counters, who may act for whom, who answers for which time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Count, Q, QuerySet, When

from banshi.access import Permission
from banshi.bundles.queries import number_of_bundle
from banshi.calendar.queries import calendar_in_force
from banshi.cases.clocks import clocks_of, count, due_on
from banshi.cases.models import Case
from banshi.cases.policy import policy
from banshi.cases.steps import guide_of
from banshi.catalog.enums import Reach
from banshi.catalog.models import Item
from banshi.catalog.queries import public_publications
from banshi.core.clock import day_of
from banshi.core.errors import Missing
from banshi.core.models import StoredFile
from banshi.people.models import Organ, User
from banshi.people.posts import Anyone, organs_where, posts_giving
from banshi.reception.enums import DayHalf, VisitState
from banshi.reception.models import BundleReception, HomeVisit, Mandate, Reception

ITEMS_AT_MOST = 300
OFTEN_WITHIN, OFTEN_SHOWN = timedelta(days=60), 8
CITY, PROVINCE, COUNTY = 4, 2, 6
"""Digits of a division's code that places of one city, province, county share."""


def receptions_visible_to(user: Anyone, *, at: datetime) -> QuerySet[Reception]:
    """List receptions of the offices one receives for, and those one makes as an agent."""
    offices = Q(organ__in=organs_where(user, Permission.CASE_RECEIVE, at), mandate=None)
    rows = Reception.objects.filter(offices | Q(mandate__agent=user))
    related = ("organ__division", "person", "clerk", "mandate", "application__publication__revision")
    return rows.select_related(*related, "application__publication__item__organ__division", "application__owner")


def bundle_receptions_visible_to(user: Anyone, *, at: datetime) -> QuerySet[BundleReception]:
    """List bundles taken in at the offices one receives for, and those one makes as an agent."""
    offices = Q(organ__in=organs_where(user, Permission.CASE_RECEIVE, at), mandate=None)
    rows = BundleReception.objects.filter(offices | Q(mandate__agent=user))
    return rows.select_related(
        "organ__division", "person", "clerk", "mandate", "submission__version", "submission__owner__identity"
    )


def bundle_drafts_at_counter(user: Anyone, *, at: datetime) -> QuerySet[BundleReception]:
    """List bundles that somebody has begun and not handed in, newest first."""
    under_way = bundle_receptions_visible_to(user, at=at).filter(submission__submitted_at=None)
    return under_way.filter(submission__discarded_at=None, submission__expires_at__gt=at)


def drafts_at_counter(user: Anyone, *, at: datetime) -> QuerySet[Reception]:
    """List receptions that somebody has begun and not handed in, newest first."""
    under_way = receptions_visible_to(user, at=at).filter(application__submitted_at=None)
    return under_way.filter(application__discarded_at=None, application__expires_at__gt=at)


def received_as(user: Anyone, number: str, *, at: datetime) -> Reception | BundleReception | None:
    """Find what was handed in here under a number, to print its papers once more."""
    number = number.strip().upper()
    if submission := number_of_bundle(number):
        found = bundle_receptions_visible_to(user, at=at).filter(submission__submitted_at__isnull=False)
        return found.filter(submission=submission).first()
    return receptions_visible_to(user, at=at).filter(application__case__number=number).first()


def often_received(office: Organ, *, at: datetime) -> list[Item]:
    """List the items an office has received most in the last weeks, the most frequent first."""
    rows = Reception.objects.filter(organ=office, began_at__gte=at - OFTEN_WITHIN).order_by()
    counted = rows.values_list("application__publication__item").annotate(many=Count("id")).order_by("-many")
    keys = [item for item, _ in counted[:OFTEN_SHOWN]]
    items = Item.objects.select_related("organ__division").in_bulk(keys)
    return [items[each] for each in keys]


def office_at_counter(user: Anyone, *, at: datetime) -> Organ | None:
    """Return the office one receives for, that of the post that lets one."""
    return next((post.organ for post, _ in posts_giving(user, Permission.CASE_RECEIVE, at)), None)


def may_be_received_at(here: Organ, handled_by: Organ, reach: str) -> bool:
    """Tell whether an item may be handed in here (通办范围).

    Offices of one county, and those of a division above, always receive; others as far as the guide reaches.
    """
    mine, theirs = here.division_id, handled_by.division_id
    if mine[:COUNTY] == theirs[:COUNTY] or theirs.startswith(here.division.prefix):
        return True
    shared = {Reach.CITY: CITY, Reach.PROVINCE: PROVINCE, Reach.PROVINCES: 0, Reach.NATION: 0}.get(
        Reach(reach or "local")
    )
    return shared is not None and mine[:shared] == theirs[:shared]


def is_distant(here: Organ, handled_by: Organ) -> bool:
    """Tell whether it is received in one county and handled in another (收受分离)."""
    same = here.division_id[:COUNTY] == handled_by.division_id[:COUNTY]
    return not same and not handled_by.division_id.startswith(here.division.prefix)


@dataclass(frozen=True, slots=True)
class Responsibility:
    """A part of the time, with the office that answers for it."""

    part: str
    organ: Organ
    until: date | None
    words: str


def responsibilities(reception: Reception, *, at: datetime) -> list[Responsibility]:
    """Tell who answers for which time, by the guide before it is handed in and by the clocks after."""
    calendar, day = calendar_in_force(), day_of(at)
    publication = reception.application.publication
    item = publication.item
    case = Case.objects.filter(application=reception.application_id).first()
    received = case.complete_on if case else day
    accept_by = calendar.add_working_days(received, policy().acceptance.days)
    accepted = (case.accepted_on if case else None) or received
    clocks = clocks_of(guide_of(publication), item.kind, began_on=accepted)
    for each in clocks:
        count(each, (), calendar=calendar)
    last = min((known for each in clocks if (known := due_on(each, calendar=calendar))), default=None)
    return [
        Responsibility("收件", reception.organ, received, "当场核对材料、出收件凭证，收下的材料当日转交"),
        Responsibility(
            "受理", item.organ, accept_by, f"收件后{policy().acceptance.days}个工作日内，不告知补正的视为受理"
        ),
        Responsibility("办理", item.organ, last, "从受理起算，停表和延长另外告知"),
        Responsibility("送达", item.organ, None, f"决定后{policy().delivery.days}个工作日内，按约定的方式送达"),
    ]


def mandates_in_force(agent: Any, *, at: datetime) -> QuerySet[Mandate]:
    """List the people one may act for now."""
    day = day_of(at)
    held = Mandate.objects.filter(agent=agent, ended_at=None, since__lte=day, until__gte=day)
    return held.select_related("person__identity", "organ")


def mandates_of(agent: Any) -> QuerySet[Mandate]:
    """List all mandates one was ever given, with who gave them."""
    return Mandate.objects.filter(agent=agent).select_related("person__identity", "paper")


def mandates_given_by(person: User) -> QuerySet[Mandate]:
    """List all mandates one ever gave, the newest first."""
    return Mandate.objects.filter(person=person).select_related("agent", "organ", "paper").order_by("-id")


def paper_of(mandate: Mandate) -> StoredFile:
    """Return the paper as it was signed, until its time is over."""
    if mandate.paper is None:
        raise Missing("委托书保存到期，已经删除", remedy="谁委托谁、从哪天到哪天仍然可以查。")
    return mandate.paper


def visits_visible_to(user: Anyone, *, at: datetime) -> QuerySet[HomeVisit]:
    """List the visits of the offices one receives for."""
    rows = HomeVisit.objects.filter(organ__in=organs_where(user, Permission.CASE_RECEIVE, at))
    return rows.select_related("item", "person", "visitor", "organ", "reception")


def home_items(user: Anyone, *, at: datetime) -> list[Item]:
    """List the items of one's offices whose guides offer to come."""
    organs = organs_where(user, Permission.CASE_RECEIVE, at)
    offered = public_publications().filter(until=None, item__organ__in=organs, revision__content__at_home=True)
    return [each.item for each in offered.select_related("item").order_by("item_id")[:ITEMS_AT_MOST]]


def visits_on(user: Anyone, day: date, *, at: datetime) -> QuerySet[HomeVisit]:
    """List the visits of a day in the order of the route."""
    rows = visits_visible_to(user, at=at).filter(wanted_on=day).exclude(state=VisitState.CANCELLED)
    return rows.order_by(Choice(When(half=DayHalf.MORNING, then=0), default=1), "position", "id")
