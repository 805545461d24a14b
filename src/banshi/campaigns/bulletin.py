"""Figures of a 通报: how far everything is, unit by unit, the fastest first, and what goes wrong."""

from datetime import date
from typing import Any

from django.db.models import Count, Q

from banshi.campaigns.models import Campaign
from banshi.campaigns.queries import board, units_overdue, units_without_contacts
from banshi.rulebook.enums import Severity
from banshi.rulebook.models import FlawFound
from banshi.workflow.versions import states_of

DONE = ("agreed", "decided", "published", "ended", "refused")
RANKED = 500


def content_of(campaign: Campaign, day: date) -> dict[str, Any]:
    """As it stands on a day: `totals`, `batches`, `ranking`, `overdue`, `nameless`, `problems`."""
    rows, labels = board(campaign), states_of("entry")
    states: dict[str, int] = {}
    for row in rows:
        for state, count in row.states.items():
            states[state] = states.get(state, 0) + count
    # Units with what must be changed, the most first.
    items = campaign.entries.exclude(state__in=("left", "ended")).values("item")
    found = FlawFound.objects.filter(item__in=items, newest=True, retention=None, severity=Severity.MUST)
    counted = found.order_by().values("organ__name").annotate(count=Count("*")).order_by("-count")[:20]
    problems = [{"unit": row["organ__name"], "count": row["count"]} for row in counted]
    units = (
        campaign.participations.filter(left_at=None)
        .select_related("organ")
        .annotate(
            entries_count=Count("entries", filter=~Q(entries__state="left")),
            done=Count("entries", filter=Q(entries__state__in=DONE)),
        )
    )
    told: list[dict[str, Any]] = [
        {
            "unit": str(each),
            "entries": each.entries_count,
            "done": each.done,
            "percent": 100 * each.done // each.entries_count if each.entries_count else 0,
            "round": each.reported_round,
        }
        for each in units.iterator(1000)
    ]
    return {
        "day": day.isoformat(),
        "totals": {labels[state].label: count for state, count in states.items()},
        "batches": [
            {"label": row.label, "units": row.units, "reported": row.reported, "entries": row.entries} for row in rows
        ],
        "ranking": sorted(told, key=lambda row: (-row["percent"], -row["done"], row["unit"]))[:RANKED],
        "overdue": [str(each) for each in units_overdue(campaign, day).order_by("organ_id")[:RANKED]],
        "nameless": [str(each) for each in units_without_contacts(campaign)[:RANKED]],
        "problems": problems,
    }
