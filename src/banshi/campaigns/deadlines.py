"""Deadlines of a campaign, from owed reports to stages about to end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from banshi.calendar.deadlines import Remaining, remaining
from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import WorkingCalendar
from banshi.campaigns.enums import PhaseKind, ReportedList
from banshi.campaigns.models import Campaign, Entry, HandedIn, Participation, Review, ReviewBody, Stage
from banshi.campaigns.queries import OWED, last_days, report_days, stage_of_round


@dataclass(frozen=True, slots=True)
class ReportDeadlines:
    """Last days of reporting by campaign, batch and round, seen from one day."""

    day: date
    calendar: WorkingCalendar
    last: Mapping[tuple[int, str, int], date]

    def of(self, unit: Participation) -> Remaining | None:
        """Tell when the unit's next report is due.

        After the last planned round, when that was.
        """
        number = min(unit.reported_round + 1, unit.campaign.plan.rounds)
        last = self.last.get((unit.campaign_id, unit.batch, number))
        return remaining(last, on=self.day, calendar=self.calendar) if last else None


def report_deadlines(campaigns: Iterable[Campaign], day: date) -> ReportDeadlines:
    """Compute when reports are due, with as many queries for one campaign as for many."""
    return ReportDeadlines(day, calendar_in_force(), report_days(campaigns))


def review_days(campaigns: Sequence[Campaign]) -> dict[tuple[int, str, int], date]:
    """Return the last day of review, by campaign, batch and round."""
    return last_days(campaigns, PhaseKind.REVIEW)


def reviews_under_way(campaign: Campaign, day: date) -> list[tuple[Stage, Remaining]]:
    """List the stage of review each batch is in, or was in last, with its last day."""
    calendar, newest = calendar_in_force(), dict[str, Stage]()
    codes = [each.code for each in campaign.plan.phases if each.kind == PhaseKind.REVIEW]
    for stage in campaign.stages.filter(phase__in=codes, begins__lte=day).order_by("begins"):
        stage.campaign = campaign
        newest[stage.batch] = stage
    return [(each, remaining(each.ends, on=day, calendar=calendar)) for each in newest.values()]


def review_due(entry: Entry, day: date) -> Remaining | None:
    stages = stage_of_round(entry.campaign, PhaseKind.REVIEW, entry.round, entry.batch)
    return remaining(stages[-1].ends, on=day, calendar=calendar_in_force()) if stages else None


def stages_ending(campaigns: Iterable[Campaign], day: date, within: int) -> list[tuple[Stage, Remaining]]:
    """List stages under way whose last day is at most `within` working days off."""
    known, calendar = {each.pk: each for each in campaigns}, calendar_in_force()
    running = Stage.objects.filter(campaign__in=known, begins__lte=day, ends__gte=day).order_by("ends", "id")
    ending = []
    for stage in running:
        stage.campaign = known[stage.campaign_id]
        if (due := remaining(stage.ends, on=day, calendar=calendar)).left <= within:
            ending.append((stage, due))
    return ending


def stages_to_remind(campaigns: Iterable[Campaign], day: date) -> Iterator[Stage]:
    """List stages whose plan wants those who are behind reminded by now, and nobody was yet."""
    wanted = [each for each in campaigns if each.plan.remind]
    longest = max((each.plan.remind for each in wanted), default=0)
    for stage, due in stages_ending(wanted, day, longest):
        if stage.reminded_on is None and due.left <= stage.campaign.plan.remind:
            yield stage


def units_behind(stage: Stage) -> QuerySet[Participation]:
    """List units that still owe the report of a stage.

    None for other kinds of stages.
    """
    planned, units = stage.planned, stage.campaign.participations.filter(left_at=None)
    if planned.kind != PhaseKind.REPORT:
        return units.none()
    if hands_in_before_the_report(stage):
        given = HandedIn.objects.filter(annex__in=planned.hands_in, round=planned.round).values("participation")
        return (
            units.filter(batch=stage.batch, reported_round__lt=planned.round)
            .exclude(pk__in=given)
            .select_related("organ")
        )
    found = units.filter(batch=stage.batch, reported_round__lt=planned.round, entries__state__in=OWED)
    return found.select_related("organ").distinct()


def hands_in_before_the_report(stage: Stage) -> bool:
    """Tell whether a stage ends with a list, the guides following in a later one of the same round."""
    planned = stage.planned
    same = [
        each for each in stage.campaign.plan.phases if each.kind == PhaseKind.REPORT and each.round == planned.round
    ]
    return bool(planned.hands_in) and same[-1].code != planned.code


@dataclass(frozen=True, slots=True)
class ListOwed:
    """A list a unit has to hand in before its report."""

    unit: Participation
    annex: ReportedList
    due: Remaining


def lists_owed(units: Sequence[Participation], day: date) -> list[ListOwed]:
    """List those that have a last day of their own, what is due first in front."""
    calendar = calendar_in_force()
    stages = Stage.objects.filter(campaign__in={each.campaign_id for each in units}) if units else Stage.objects.none()
    found, by_place = list[ListOwed](), dict[tuple[int, str], list[Stage]]()
    campaigns = {each.campaign_id: each.campaign for each in units}
    for stage in stages:
        stage.campaign = campaigns[stage.campaign_id]
        if hands_in_before_the_report(stage):
            by_place.setdefault((stage.campaign_id, stage.batch), []).append(stage)
    for unit in units:
        for stage in by_place.get((unit.campaign_id, unit.batch), ()):
            given = {each.annex for each in unit.handed_in.all() if each.round == stage.planned.round}
            if unit.reported_round < stage.planned.round and stage.begins <= day:
                due = remaining(stage.ends, on=day, calendar=calendar)
                found += [ListOwed(unit, ReportedList(a), due) for a in stage.planned.hands_in if a not in given]
    return sorted(found, key=lambda each: each.due.day)


def bodies_behind(stage: Stage) -> QuerySet[ReviewBody]:
    """List bodies that still owe opinions in a stage of review.

    None for other kinds of stages.
    """
    return stage.campaign.bodies.filter(pk__in=_owed(stage).values("body")).select_related("organ", "campaign")


def opinions_owed(stage: Stage) -> dict[int, int]:
    """Count the opinions each of them owes."""
    return dict(_owed(stage).order_by().values_list("body").annotate(count=Count("pk")))


def _owed(stage: Stage) -> QuerySet[Review]:
    planned = stage.planned
    if planned.kind != PhaseKind.REVIEW:
        return Review.objects.none()
    asked = {"entry__campaign": stage.campaign_id, "entry__batch": stage.batch, "entry__state": "reviewing"}
    return Review.objects.filter(**asked, round=planned.round, verdict="", set_aside="")
