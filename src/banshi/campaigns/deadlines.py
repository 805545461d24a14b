"""Deadlines of a campaign, from owed reports to stages about to end."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from banshi.calendar.deadlines import Remaining, remaining
from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import WorkingCalendar
from banshi.campaigns.enums import PhaseKind
from banshi.campaigns.models import Campaign, Participation, Review, ReviewBody, Stage
from banshi.campaigns.queries import OWED, report_days


@dataclass(frozen=True, slots=True)
class ReportDeadlines:
    """Last days of reporting by campaign, batch and round, seen from one day."""

    day: date
    calendar: WorkingCalendar
    last: Mapping[tuple[int, str, int], date]

    def of(self, unit: Participation) -> Remaining | None:
        """Tell when the unit's next report is due. After the last planned round, when that was."""
        number = min(unit.reported_round + 1, unit.campaign.plan.rounds)
        last = self.last.get((unit.campaign_id, unit.batch, number))
        return remaining(last, on=self.day, calendar=self.calendar) if last else None


def report_deadlines(campaigns: Iterable[Campaign], day: date) -> ReportDeadlines:
    """As many questions for one campaign as for many."""
    return ReportDeadlines(day, calendar_in_force(), report_days(campaigns))


def stages_ending(campaigns: Iterable[Campaign], day: date, within: int) -> list[tuple[Stage, Remaining]]:
    """Stages under way whose last day is at most `within` working days off."""
    known, calendar = {each.pk: each for each in campaigns}, calendar_in_force()
    running = Stage.objects.filter(campaign__in=known, begins__lte=day, ends__gte=day).order_by("ends", "id")
    ending = []
    for stage in running:
        stage.campaign = known[stage.campaign_id]
        if (due := remaining(stage.ends, on=day, calendar=calendar)).left <= within:
            ending.append((stage, due))
    return ending


def stages_to_remind(campaigns: Iterable[Campaign], day: date) -> Iterator[Stage]:
    """Stages whose plan wants those who are behind reminded by now, and nobody was yet."""
    wanted = [each for each in campaigns if each.plan.remind]
    longest = max((each.plan.remind for each in wanted), default=0)
    for stage, due in stages_ending(wanted, day, longest):
        if stage.reminded_on is None and due.left <= stage.campaign.plan.remind:
            yield stage


def units_behind(stage: Stage) -> QuerySet[Participation]:
    """Units that still owe the report of a stage. None for other kinds of stages."""
    planned, units = stage.planned, stage.campaign.participations.filter(left_at=None)
    if planned.kind != PhaseKind.REPORT:
        return units.none()
    found = units.filter(batch=stage.batch, reported_round__lt=planned.round, entries__state__in=OWED)
    return found.select_related("organ").distinct()


def bodies_behind(stage: Stage) -> QuerySet[ReviewBody]:
    """Bodies that still owe opinions in a stage of review. None for other kinds of stages."""
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
