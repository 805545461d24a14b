"""Tasks that clean-up campaigns have for one person today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet

from banshi.calendar.deadlines import Remaining, remaining
from banshi.calendar.queries import calendar_in_force
from banshi.campaigns import queries
from banshi.campaigns.deadlines import ListOwed, lists_owed, report_deadlines, review_days, stages_ending
from banshi.campaigns.models import Campaign, Comment, Dispute, Entry, Order, Participation, Stage
from banshi.core.clock import now
from banshi.people.models import User
from banshi.sites.kit.permissions import Permission

SHOWN = 8
SOON = 3
"""Stages that end within so many working days are named to the organizer."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A unit's next report: how many items it has yet to report, and how many of them were returned."""

    unit: Participation
    items: int
    returned: int
    due: Remaining | None

    @property
    def number(self) -> int:
        return self.unit.reported_round + 1


def reports_owed(user: User, day: date) -> list[Owed]:
    """List reports of the units one prepares or signs for, soonest due first."""
    mine = queries.participations_visible_to(user, Permission.REPORT_PREPARE, at=now())
    mine = mine | queries.participations_visible_to(user, Permission.REPORT_SIGN, at=now())
    units = list(
        mine.filter(campaign__state="running", left_at=None)
        .filter(entries__state__in=queries.OWED)
        .distinct()
        .order_by("-pk")[: SHOWN * 4]
    )
    deadlines = report_deadlines({each.campaign for each in units}, day)
    counts: dict[int, dict[str, int]] = {each.pk: {} for each in units}
    still_owed = Entry.objects.filter(participation__in=units, state__in=queries.OWED).order_by()
    for unit, state, count in still_owed.values_list("participation", "state").annotate(count=Count("*")):
        counts[unit][state] = count
    # What passed and was opened again since has no day of its own round.
    in_time = set(queries.owed_in_time_of(units)) if units else set()
    owed = [
        Owed(
            each,
            sum(counts[each.pk].values()),
            counts[each.pk].get("returned", 0),
            deadlines.of(each) if each.pk in in_time else None,
        )
        for each in units
    ]
    return sorted(owed, key=lambda each: each.due.day if each.due else date.max)[:SHOWN]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Reviews of a campaign that wait for one person: opinions to give, and entries to sum up."""

    campaign: Campaign
    opinions: int
    to_sum_up: int
    due: Remaining | None


def reviews_waiting(user: User, day: date) -> list[Waiting]:
    """List waiting reviews by campaign, soonest due first.

    The last day is that of the earliest stage of review they belong to.
    """
    desk = queries.desk_of(user, at=now()).order_by()
    wanted = queries.waiting(desk)
    ready = desk.filter(
        entry__state="reviewing", entry__waiting=0, body__code=F("entry__lead"), round=F("entry__round")
    )
    opinions = dict(wanted.values_list("entry__campaign").annotate(count=Count("*")))
    sums = dict(ready.values_list("entry__campaign").annotate(count=Count("*")))
    campaigns = list(Campaign.objects.filter(pk__in={*opinions, *sums}).order_by("-pk")[:SHOWN])
    places: dict[int, set[tuple[str, int]]] = {}
    for rows in (wanted, ready):
        for campaign, batch, number in rows.values_list("entry__campaign", "entry__batch", "round").distinct():
            places.setdefault(campaign, set()).add((batch, number))
    last = review_days(campaigns)
    calendar, found = calendar_in_force(), list[Waiting]()
    for each in campaigns:
        numbers = {(batch, min(number, each.plan.rounds)) for batch, number in places.get(each.pk, ())}
        days = [last[each.pk, batch, number] for batch, number in numbers if (each.pk, batch, number) in last]
        due = remaining(min(days), on=day, calendar=calendar) if days else None
        found.append(Waiting(each, opinions.get(each.pk, 0), sums.get(each.pk, 0), due))
    return sorted(found, key=lambda each: each.due.day if each.due else date.max)


def lists_to_hand_in(user: User, day: date) -> list[ListOwed]:
    mine = queries.participations_visible_to(user, Permission.REPORT_PREPARE, at=now())
    units = mine.filter(campaign__state="running", left_at=None).prefetch_related("handed_in").order_by("-pk")
    return lists_owed(list(units[: SHOWN * 4]), day)[:SHOWN]


def orders_to_answer(user: User, day: date) -> list[tuple[Order, Remaining]]:
    waiting, calendar = (
        queries.orders_of(user, at=now()).filter(closed_at=None, answered_at=None)[:SHOWN],
        calendar_in_force(),
    )
    return [(each, remaining(each.due, on=day, calendar=calendar)) for each in waiting]


@dataclass(frozen=True, slots=True)
class Watched:
    """Open points of one campaign one organizes. Each figure opens its list."""

    campaign: Campaign
    nameless: int
    overdue: int
    comments: int
    disputes: int
    answered: int
    ending: list[tuple[Stage, str, Remaining]]

    def __bool__(self) -> bool:
        return bool(self.nameless or self.overdue or self.comments or self.disputes or self.answered or self.ending)


def watched(user: User, day: date) -> list[Watched]:
    """List watched campaigns, with as many queries for one as for eight."""
    campaigns = list(queries.campaigns_managed_by(user, at=now()).filter(state="running")[:SHOWN])
    if not campaigns:
        return []
    waiting = {
        "nameless": _by_campaign(Participation.objects.filter(named_at=None, left_at=None), "campaign", campaigns),
        "overdue": _by_campaign(queries.units_late(campaigns, day), "campaign", campaigns),
        "comments": _by_campaign(Comment.objects.filter(answered_at=None), "consultation__campaign", campaigns),
        "disputes": _by_campaign(
            Dispute.objects.filter(settled_at=None, entry__state="disputed"), "entry__campaign", campaigns
        ),
        "answered": _by_campaign(
            Order.objects.filter(closed_at=None).exclude(answered_at=None), "participation__campaign", campaigns
        ),
    }
    ending = stages_ending(campaigns, day, SOON)
    rows = [
        Watched(
            campaign=each,
            ending=[(stage, stage.called, due) for stage, due in ending if stage.campaign_id == each.pk],
            **{name: counts.get(each.pk, 0) for name, counts in waiting.items()},
        )
        for each in campaigns
    ]
    return [each for each in rows if each]


def _by_campaign(rows: QuerySet[Any], column: str, campaigns: Sequence[Campaign]) -> dict[int, int]:
    asked = rows.filter(**{f"{column}__in": campaigns}).order_by()
    return dict(asked.values_list(column).annotate(count=Count("*")))
