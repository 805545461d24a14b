"""Figures of complaints by organ: how many came, are late, were passed on and to whom, and how answers were liked."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from banshi.feedback.models import Complaint, ComplaintReclassing, ComplaintTransfer
from banshi.feedback.queries import OPEN_COMPLAINTS
from banshi.people.models import Organ


@dataclass(slots=True)
class ComplaintFigure:
    """Complaints of one organ (None: of none yet) received in a span of time, those joined to one (`alike`) beside it.

    `passed_to` counts what it passed on, by receiver.
    """

    organ: Organ | None
    received: int = 0
    alike: int = 0
    waiting: int = 0
    late: int = 0
    reopened: int = 0
    judged: int = 0
    satisfied: int = 0
    passed_to: dict[str, int] = field(default_factory=dict)
    reclassed: int = 0

    @property
    def passed_on(self) -> int:
        return sum(self.passed_to.values())

    @property
    def satisfied_share(self) -> float | None:
        return self.satisfied / self.judged if self.judged else None


def complaint_figures(
    complaints: "QuerySet[Complaint]",
    *,
    organs: "QuerySet[Organ]",
    but: Exists | None = None,
    rank: int,
    since: datetime,
    until: datetime,
) -> list[ComplaintFigure]:
    """Count complaints by organ, and what organs passed on without those `but` selects, the most first (推诿扯皮)."""
    received = complaints.filter(received_at__gte=since, received_at__lt=until)
    # One of a group counts for all, so that nobody makes many of one by saying it again.
    first = Q(leader=None)
    told, unaccepted = (
        Q(late_at__isnull=False) | Q(again_late_at__isnull=False) | Q(accept_late_at__isnull=False),
        Q(state="received", accept_rank__lt=rank),
    )
    counted = (
        received.order_by()
        .values_list("organ")
        .annotate(
            received=Count("pk", filter=first),
            alike=Count("pk", filter=~first),
            waiting=Count("pk", filter=first & Q(state__in=OPEN_COMPLAINTS)),
            late=Count("pk", filter=first & (told | Q(state__in=OPEN_COMPLAINTS, due_rank__lt=rank) | unaccepted)),
            reopened=Count("pk", filter=Q(reopened__gt=0)),
            judged=Count("pk", filter=Q(satisfied__isnull=False)),
            satisfied=Count("pk", filter=Q(satisfied=True)),
        )
    )
    passes = ComplaintTransfer.objects.filter(source__in=organs, at__gte=since, at__lt=until)
    changes = ComplaintReclassing.objects.filter(source__in=organs, at__gte=since, at__lt=until)
    if but is not None:
        passes = passes.exclude(Exists(Complaint.objects.filter(but, pk=OuterRef("complaint"))))
        changes = changes.exclude(Exists(Complaint.objects.filter(but, pk=OuterRef("complaint"))))
    # Those that joined another are re-classed with it.
    alone = changes.filter(complaint__leader=None).order_by().values_list("source").annotate(count=Count("pk"))
    reclassed = dict(alone)
    passed: dict[int, dict[str, int]] = defaultdict(dict)
    rows = (
        passes.order_by()
        .values_list("source", "to__name", "to__short_name")
        .annotate(count=Count("pk"))
        .order_by("-count", "to__name")
    )
    for source, name, short, count in rows:
        passed[source or 0][short or name] = count
    counts: dict[Any, Any] = {row[0]: row[1:] for row in counted}
    none: Any = (0,) * 7
    some = {None: None, **Organ.objects.in_bulk({*counts, *passed, *reclassed} - {None})}
    rest: Any = {pk: (*counts.get(pk, none), passed.get(pk, {}), reclassed.get(pk, 0)) for pk in some}
    figures = [ComplaintFigure(organ, *rest[pk]) for pk, organ in some.items() if pk or pk in counts]
    return sorted(figures, key=lambda each: (-each.passed_on, -each.late, -each.received, str(each.organ)))
