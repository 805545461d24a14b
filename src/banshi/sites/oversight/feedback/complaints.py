"""诉求 under supervision: which organs are late and which pass on (推诿扯皮), and the way of each that was passed on.

No text is shown here, and nothing of what somebody said about the reader.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from banshi.calendar.deadlines import remaining
from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import day_of, now
from banshi.feedback.complaint_figures import complaint_figures
from banshi.feedback.models import Complaint, ComplaintTransfer
from banshi.feedback.queries import OPEN_COMPLAINTS, kept_from, next_promise, within_reach
from banshi.sites.kit.listing.filters import Filter, Filters, OrganNamed, Where
from banshi.sites.kit.listing.organs import organ_options
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.workflow.versions import state_of

SHOWN, PAGE = 100, 30
ALIKE = Count("followers", distinct=True)
SPANS = (("30", "近30天"), ("90", "近90天"), ("365", "近一年"))


def stands(where: str) -> Q:
    """Select complaints by where they stand."""
    rank = calendar_in_force().rank_of(day_of(now()))
    waiting = Q(state__in=OPEN_COMPLAINTS)
    late = waiting & (Q(due_rank__lt=rank) | Q(state="received", accept_rank__lt=rank))
    return {"late": late, "passed": Q(transfers__gte=2), "reopened": Q(reopened__gt=0), "open": waiting, "all": Q()}[
        where
    ]


TILES = (("all", "收到"), ("open", "没有答复"), ("", "正在超期"), ("passed", "转办两次以上"))
STANDS = (("passed", "转办两次以上"), ("reopened", "重新办理的"), ("open", "没有答复的"), ("all", "全部"))


class ComplaintOversightFilters(Filters):
    days = Filter("多久", options=SPANS, every="近90天")
    show = Where(stands, "哪些", options=STANDS, every="正在超期的")
    organ = OrganNamed(label="单位")


@login_required
@require_safe
def complaints(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.SUPERVISION_VIEW)
    filters, at = ComplaintOversightFilters.read(request.GET), now()
    calendar, day, since = calendar_in_force(), day_of(at), at - timedelta(days=int(filters.days or 90))
    organs = organs_where(request.user, Permission.SUPERVISION_VIEW)
    own = kept_from(request.user)
    reached = Complaint.objects.filter(within_reach(request.user, Permission.SUPERVISION_VIEW, at=at)).exclude(own)
    span = {"since": since, "until": at + timedelta(seconds=1)}
    figures = complaint_figures(reached, organs=organs, but=own, rank=calendar.rank_of(day), **span)
    seen = reached.filter(received_at__gte=since, leader=None).filter(
        ComplaintOversightFilters(organ=filters.organ).condition()
    )
    rows = seen.filter(stands(filters.show or "late"))
    counted = seen.aggregate(**{show or "late": Count("pk", filter=stands(show or "late")) for show, _ in TILES})
    ways = Prefetch("transfer_rows", ComplaintTransfer.objects.select_related("source", "to"))
    page = Page(
        rows.annotate(alike=ALIKE).select_related("organ").prefetch_related(ways),
        request.GET,
        by=("due_rank", "id"),
        size=PAGE,
    )
    context: dict[str, Any] = {
        "filters": filters,
        "controls": filters.controls(organ=organ_options(organs, filters.organ)),
        "tiles": [(label, counted[show or "late"], filters.as_query(show=show)) for show, label in TILES],
        "figures": figures[:SHOWN],
        "page": page,
        "lines": [
            (each, list(each.transfer_rows.all()), state_of(each), what, remaining(last, on=day, calendar=calendar))
            for each in page.rows
            for what, rank in [next_promise(each)]
            for last in [calendar.day_of(rank)]
        ],
    }
    return render(request, "oversight/feedback/complaints.html", context)
