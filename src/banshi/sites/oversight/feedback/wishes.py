"""许愿 under supervision: how many are asked, owed an answer, late, adopted and realised, by organ."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from banshi.calendar.deadlines import remaining
from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import day_of, now
from banshi.feedback.models import Wish
from banshi.feedback.queries import SHOWN_WISHES, supporters
from banshi.sites.kit.listing.filters import Filters, FlowState, OrganNamed
from banshi.sites.kit.listing.organs import organ_options
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.workflow.versions import state_of, states_of

SHOWN, PAGE = 100, 30


class WishOversightFilters(Filters):
    state = FlowState("wish", "状态", every="要答复、在办的")
    organ = OrganNamed(label="单位")


@login_required
@require_safe
def wishes(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.SUPERVISION_VIEW)
    filters, calendar, day = WishOversightFilters.read(request.GET), calendar_in_force(), day_of(now())
    organs = organs_where(request.user, Permission.SUPERVISION_VIEW)
    seen = Wish.objects.filter(organ__in=organs, state__in=SHOWN_WISHES)
    counts = {each: Count("pk", filter=Q(state=each)) for each in ("open", "owed", "adopted", "realised")}
    counts["other"] = Count("pk", filter=Q(state__in=("existing", "not_now", "not_ours")))
    late = Count("pk", filter=Q(state="owed", due_rank__lt=calendar.rank_of(day)) | Q(late_at__isnull=False))
    by_organ: Any = seen.order_by().values("organ", "organ__name").annotate(**counts, late=late, total=Count("pk"))
    rows = seen.filter(filters.condition()).annotate(supporters=supporters()).select_related("organ", "item")
    if not filters.state:
        rows = rows.filter(state__in=("owed", "adopted"))
    page = Page(rows, request.GET, by=("-id",), size=PAGE)
    states = [(code, state.label) for code, state in states_of("wish").items() if code in SHOWN_WISHES]
    context: dict[str, Any] = {
        "filters": filters,
        "controls": filters.controls(state=states, organ=organ_options(organs, filters.organ)),
        "figures": sorted(by_organ, key=lambda row: (-row["late"], -row["owed"], row["organ__name"]))[:SHOWN],
        "page": page,
        "lines": [
            (
                each,
                state_of(each),
                remaining(calendar.day_of(each.due_rank), on=day, calendar=calendar) if each.state == "owed" else None,
            )
            for each in page.rows
        ],
    }
    return render(request, "oversight/feedback/wishes.html", context)
