"""Figures of a 通报: how far everything is, which units have reported what was due, and what goes wrong."""

from datetime import date

from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce

from banshi.campaigns.enums import ENDING
from banshi.campaigns.models import Campaign
from banshi.campaigns.queries import board, report_days, units_overdue, units_without_contacts
from banshi.core.json_types import JsonObject
from banshi.rulebook.enums import Severity
from banshi.rulebook.models import FlawFound
from banshi.workflow.versions import states_of

RANKED = 500


def content_of(campaign: Campaign, day: date) -> dict[str, object]:
    """Draw up the content as it stands on a day: `totals`, `batches`, `ranking`, `overdue`, `nameless`, `problems`."""
    rows, labels = board(campaign), states_of("entry")
    states: dict[str, int] = {}
    for row in rows:
        for state, count in row.states.items():
            states[state] = states.get(state, 0) + count
    # Units with what must be changed, the most first.
    staying = campaign.entries.exclude(state__in=("left", "ended")).exclude(disposition__in=ENDING)
    items = staying.values("item")
    found = FlawFound.objects.filter(item__in=items, newest=True, retention=None, severity=Severity.MUST)
    counted = found.order_by().values("organ__name").annotate(count=Count("*")).order_by("-count")[:20]
    problems = [{"unit": row["organ__name"], "count": row["count"]} for row in counted]
    return {
        "day": day.isoformat(),
        "totals": {labels[state].label: count for state, count in states.items()},
        "batches": [
            {"label": row.label, "units": row.units, "reported": row.reported, "entries": row.entries} for row in rows
        ],
        "ranking": _ranking(campaign, day),
        "by_report": True,  # earlier ones counted what reviewers had passed
        "overdue": [str(each) for each in units_overdue(campaign, day).order_by("organ_id")[:RANKED]],
        "nameless": [str(each) for each in units_without_contacts(campaign)[:RANKED]],
        "problems": problems,
    }


def _ranking(campaign: Campaign, day: date) -> list[dict[str, object]]:
    """Rank units whose report was due or is in, those in time before late ones."""
    due = due_rounds(campaign, day)
    units = (
        campaign.participations.filter(left_at=None)
        .select_related("organ")
        .annotate(
            entries_count=Count("entries", filter=~Q(entries__state="left")),
            reported=Count("entries", filter=Q(entries__round__gt=0) & ~Q(entries__state="left")),
            late=Coalesce(Max("reports__late_days", filter=Q(reports__recalled_at=None)), 0),
        )
    )
    told: list[JsonObject] = [
        {
            "unit": str(each),
            "entries": each.entries_count,
            "done": each.reported,
            "percent": round(100 * each.reported / each.entries_count) if each.entries_count else 0,
            "round": each.reported_round,
            "late_days": each.late,
        }
        for each in units.iterator(1000)
        if each.reported_round or due.get(each.batch, 0)
    ]
    return sorted(told, key=lambda row: (-row["round"], row["late_days"], -row["percent"], row["unit"]))[:RANKED]


def due_rounds(campaign: Campaign, day: date) -> dict[str, int]:
    """Return by batch the newest round whose last day of reporting is over."""
    over: dict[str, int] = {}
    for (_, batch, number), last in report_days([campaign]).items():
        if last < day:
            over[batch] = max(number, over.get(batch, 0))
    return over
