"""The board of a campaign along one axis, and the rows behind each of its figures.

Every figure is a count of the list that its address opens: both start from `seen_by`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from banshi.access import Permission
from banshi.campaigns.models import Absence, Campaign, Entry, Participation
from banshi.campaigns.queries import campaigns_overseen_by
from banshi.people.enums import DivisionLevel
from banshi.people.models import Division, User
from banshi.people.posts import organs_where

PAGE = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """A person's view of a campaign. `whole` is all of it."""

    units: QuerySet[Participation]
    entries: QuerySet[Entry]
    whole: bool


def seen_by(user: User, campaign: Campaign, *, at: datetime) -> Seen:
    """Narrow to the units whose items the user may see.

    All for those who oversee the campaign.
    """
    units, entries = campaign.participations.all(), campaign.entries.all()
    if campaigns_overseen_by(user, at=at).filter(pk=campaign.pk).exists():
        return Seen(units, entries, whole=True)
    own = units.filter(organ__in=organs_where(user, Permission.ITEM_VIEW, at))
    return Seen(own, entries.filter(participation__in=own.order_by().values("pk")), whole=False)


def explanations_in(campaign: Campaign) -> QuerySet[Absence]:
    """List units' explanations of entries of the reference catalogue they have not."""
    found = Absence.objects.filter(participation__campaign=campaign)
    return found.select_related("participation__organ", "reference").order_by("id")


@dataclass(frozen=True, slots=True)
class Axis:
    """A grouping of a board's rows. `unit` and `entry` are the columns. Without `unit` there are entries only."""

    code: str
    label: str
    entry: str
    unit: str = ""


AXES = {
    each.code: each
    for each in (
        Axis("batch", "批次", "batch", "batch"),
        Axis("level", "层级", "participation__organ__division__level", "organ__division__level"),
        Axis("division", "区划", "participation__organ__division", "organ__division"),
        Axis("unit", "单位", "participation", "pk"),
        Axis("round", "轮次", "round"),
    )
}
MANY = ("division", "unit")
"""Axes with so many rows that they are shown page by page."""


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One row: `key` is what its figures' addresses ask for."""

    key: str
    label: str
    units: int
    reported: int
    states: dict[str, int]

    @property
    def entries(self) -> int:
        return sum(self.states.values())


def board_along(axis: Axis, campaign: Campaign, seen: Seen, *, after: str = "") -> tuple[list[ProgressRow], str]:
    """Return the lines, and where the next page begins ("": nowhere).

    As many questions however large the campaign.
    """
    keys: list[str | int]
    if axis.code == "batch":
        keys = [each.code for each in campaign.plan.batches]
    elif axis.code == "round":
        keys = list(seen.entries.order_by("round").values_list("round", flat=True).distinct())
    else:
        rows = seen.units.order_by(axis.unit)
        if after and axis.code in MANY:
            rows = rows.filter(**{f"{axis.unit}__gt": after})
        keys = list(rows.values_list(axis.unit, flat=True).distinct()[: PAGE + 1])
    shown, more = keys[:PAGE], len(keys) > PAGE
    counts: dict[str | int, dict[str, int]] = defaultdict(dict)
    asked = seen.entries.filter(**{f"{axis.entry}__in": shown}).order_by()
    for key, state, count in asked.values_list(axis.entry, "state").annotate(count=Count("*")):
        counts[key][state] = count
    told: dict[str | int, tuple[int, int]] = {}
    if axis.unit:
        units: Any = seen.units.filter(**{f"{axis.unit}__in": shown}).order_by().values_list(axis.unit)
        reported = Count("pk", filter=Q(reported_round__gt=0))
        told = {row[0]: row[-2:] for row in units.annotate(count=Count("*"), reported=reported)}
    labels = _labels(axis, campaign, shown)
    lines = [ProgressRow(str(key), labels.get(key, str(key)), *told.get(key, (0, 0)), counts[key]) for key in shown]
    return lines, str(shown[-1]) if more else ""


def _labels(axis: Axis, campaign: Campaign, keys: Sequence[Any]) -> dict[object, str]:
    match axis.code:
        case "batch":
            return {each.code: each.label for each in campaign.plan.batches}
        case "level":
            return {level: DivisionLevel(level).label for level in keys}
        case "division":
            return dict(Division.objects.filter(pk__in=keys).values_list("pk", "name"))
        case "unit":
            named = campaign.participations.filter(pk__in=keys).select_related("organ")
            return {each.pk: str(each.organ) for each in named}
    return {number: round_label(campaign, number) for number in keys}


def round_label(campaign: Campaign, number: int) -> str:
    """Name a round by the plan's phases (第1轮（梳理上报、集中审核）)."""
    if not number:
        return "还没有上报"
    phases = [each.label for each in campaign.plan.phases if each.round == number]
    return f"第{number}轮" + (f"：{'、'.join(phases)}" if phases else "")
