"""审核台: the queue, one item, taking it and putting it back."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from banshi.access import allows
from banshi.campaigns.actions import claim_review, release_review
from banshi.campaigns.deadlines import review_due, reviews_under_way
from banshi.campaigns.entry_page import document_of, history_of, proposal_for, review_context
from banshi.campaigns.enums import Conclusion, Disposition, Verdict
from banshi.campaigns.progress import explanations_in
from banshi.campaigns.queries import counted_codes, desk_of
from banshi.catalog.models import Category
from banshi.core.clock import now, today
from banshi.people.enums import DivisionLevel
from banshi.sites.kit.address import text_in
from banshi.sites.kit.listing.filters import tabs
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.opinion import Typed, blank
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.desk.access import DeskContext, campaign_asked, seat_at
from banshi.sites.workbench.desk.listing import (
    PAGE,
    SHOWS,
    DeskFilters,
    counts,
    first_of,
    next_among,
    next_of,
    previous_of,
    reviews_shown,
)

BESIDE = 12
ABSENCES = 20


@login_required
@require_GET
def queue(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.REVIEW_GIVE)
    filters = DeskFilters.read(request.GET)
    campaign, campaigns = campaign_asked(request.user, filters.campaign)
    if campaign is None:
        return render(request, "workbench/desk/none.html")
    desk = desk_of(request.user, campaign, at=now())
    shown = reviews_shown(desk, filters, user=request.user, at=now())
    shown = shown.prefetch_related("body__campaign")  # one plan, read once, not one with each row
    show = filters.show if filters.show in SHOWS else "waiting"
    claimed = [("free", "没人在看"), ("mine", "我在看"), ("others", "别人在看")]
    context = {
        "campaign": campaign,
        "campaigns": campaigns,
        "under_way": reviews_under_way(campaign, today()),
        "filters": filters,
        "show": show,
        "clear": f"?{DeskFilters(campaign=str(campaign.guid), show=show).as_query()}",
        "tabs": tabs(DeskFilters(campaign=filters.campaign), "show", SHOWS, chosen=show, counts=counts(desk)),
        "query": filters.as_query(),
        "page": Page(shown, request.GET, by=("id",), size=PAGE, fetch=first_of),
        "controls": filters.controls(
            round=[(str(each), f"第{each}轮") for each in range(1, campaign.plan.rounds + 1)],
            level=[(str(each.value), str(each.label)) for each in DivisionLevel if each in campaign.plan.scope.levels],
            category=list(Category.objects.values_list("code", "name")),
            disposition=Disposition.choices,
            claimed=claimed if show == "waiting" else [],
            verdict=Verdict.choices if show == "given" else [],
        ),
        "may_arrange": allows(request.user, Permission.REVIEW_ARRANGE, campaign, at=now()),
        "may_choose": show in ("waiting", "sum", "agreed"),
    }
    return render(request, "workbench/desk/queue.html", context)


@login_required
@require_GET
def entry(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show one item: queue | document | what is known of it, and my opinion."""
    require(request.user, Permission.REVIEW_GIVE)
    return page(request, seat_at(request.user, guid))


def page(
    request: StaffRequest, seat: DeskContext, typed: Typed | None = None, summed: dict[str, Any] | None = None
) -> HttpResponse:
    """Return the page of an entry.

    `typed` and `summed` are what was sent and not taken, with what is wrong.
    """
    at, filters = now(), DeskFilters.read(request.GET)
    shown = reviews_shown(seat.desk, filters, user=request.user, at=at)
    following = first_of(shown.filter(pk__gte=seat.review.pk), BESIDE)
    explained = explanations_in(seat.entry.campaign).filter(participation=seat.entry.participation_id)
    absences = list(explained[: ABSENCES + 1])
    context = {
        "seat": seat,
        "entry": seat.entry,
        "due": review_due(seat.entry, today()),
        "review": seat.review,
        "typed": typed or blank(seat.review),
        "document": document_of(seat.entry, text_in(request.GET, "against")),
        "context": review_context(seat.entry, today()),
        "history": history_of(request.user, seat.entry, at=at),
        "absences": absences,
        "absences_shown": ABSENCES,
        "absences_count": f"{len(absences)}项" if len(absences) <= ABSENCES else f"{ABSENCES}项以上",
        "summed": summed or (_proposed(seat) if seat.concludes else None),
        "conclusions": Conclusion.choices,
        "dispositions": Disposition.choices,
        "queue": following,
        "next": next_among(following, seat.review) or next_of(shown, seat.review),
        "previous": previous_of(shown, seat.review),
        "query": filters.as_query(),
        "filters": filters,
        "kept_as": f"desk:{request.user.pk}:{seat.review.pk}:{seat.entry.text.digest[:16] if seat.entry.text else ''}",
        "counted": counted_codes(seat.entry.campaign),
    }
    return render(request, "workbench/desk/entry.html", context, status=422 if typed or summed else 200)


def _proposed(seat: DeskContext) -> dict[str, Any]:
    found = proposal_for(seat.entry)
    reopened = seat.entry.state == "agreed"
    return {
        "conclusion": "" if reopened else found.conclusion,
        "disposition": found.disposition,
        "asks": "" if reopened else "\n".join(found.asks),
        "missing": found.missing if seat.entry.state == "reviewing" else [],
        "problems": [],
    }


@login_required
@require_POST
def claim(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Claim an item (某某在看) when the page opens, or by its button."""
    seat = seat_at(request.user, guid)
    review = claim_review(seat.review, by=request.user, at=now())
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("workbench:desk-entry", guid)
    review.entry = seat.entry
    return render(request, "workbench/desk/claim_part.html", {"review": review, "seat": seat})


@login_required
@require_POST
def release(request: StaffRequest, guid: UUID) -> HttpResponse:
    release_review(seat_at(request.user, guid).review, by=request.user, at=now())
    return redirect("workbench:desk")
