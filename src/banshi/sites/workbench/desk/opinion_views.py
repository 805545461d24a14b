"""Reviewers' acts on an item's page, an opinion, the sum, or a conflict of interest."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from banshi.campaigns.actions import declare_recusal, give_review, sum_up
from banshi.campaigns.enums import Conclusion, Disposition, Verdict
from banshi.campaigns.queries import waiting
from banshi.core.clock import now
from banshi.core.errors import BadInput, Missing
from banshi.sites.kit.address import as_key, text_in
from banshi.sites.kit.opinion import typed_in
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import posted
from banshi.sites.workbench.desk.access import DeskContext, seat_at
from banshi.sites.workbench.desk.forms import RecusalForm
from banshi.sites.workbench.desk.listing import DeskFilters, next_of, reviews_shown
from banshi.sites.workbench.desk.views import page

LONGEST_SAID = 10_000


@login_required
@require_POST
def give(request: StaffRequest, guid: UUID) -> HttpResponse:
    seat = seat_at(request.user, guid)
    review = seat.desk.filter(entry=seat.entry, pk=as_key(request.POST.get("review", ""))).first()
    if review is None:
        raise Missing("审核台上没有这一项", remedy="它可能已被撤回。请回到审核台从列表里选。")
    typed = typed_in(review, request.POST)
    onward = _next(request, seat)
    try:
        given = give_review(
            review,
            verdict=typed.verdict,
            disposition=typed.disposition,
            answers=typed.answers,
            note=typed.note,
            digest=text_in(request.POST, "digest"),
            by=request.user,
            at=now(),
        )
    except BadInput as wrong:
        return page(request, seat, typed=typed_in(review, request.POST, wrong.problems))
    return _go_on(
        request, seat, onward, f"已代表{given.body}对“{seat.entry}”提出意见：{Verdict(given.verdict).label}。"
    )


def _next(request: StaffRequest, seat: DeskContext) -> UUID | None:
    """Find the next item, worked out before, while this one is still in the list."""
    shown = reviews_shown(seat.desk, DeskFilters.read(request.GET), user=request.user, at=now())
    return next_of(shown, seat.review)


def _go_on(request: StaffRequest, seat: DeskContext, onward: UUID | None, happened: str) -> HttpResponse:
    """Go on to the next item, telling what happened and what is left."""
    left = waiting(seat.desk).count()
    seat.entry.refresh_from_db()
    ready = (
        "各家意见都已提出，可以汇总。"
        if seat.leads and not seat.entry.waiting and seat.entry.state == "reviewing"
        else ""
    )
    messages.success(request, f"{happened}{ready}" + (f"还有{left}项待审。" if left else "您的待审事项都审完了。"))
    query = DeskFilters.read(request.GET).as_query()
    place = reverse("workbench:desk-entry", args=[onward]) if onward else reverse("workbench:desk")
    return redirect(f"{place}?{query}" if query else place)


@login_required
@require_POST
def conclude(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Sum up (汇总) in one consolidated list, or reopen what has passed."""
    seat = seat_at(request.user, guid)
    onward = _next(request, seat)
    sent = {
        name: text_in(request.POST, name, LONGEST_SAID)
        for name in ("conclusion", "disposition", "asks", "aside", "question")
    }
    try:
        if sent["conclusion"] not in Conclusion.values or sent["disposition"] not in Disposition.values:
            raise BadInput("汇总还没写完")
        sum_up(
            seat.entry,
            conclusion=sent["conclusion"],
            disposition=sent["disposition"],
            asks=sent["asks"].splitlines(),
            aside=sent["aside"],
            question=sent["question"],
            digest=text_in(request.POST, "digest"),
            reopen=text_in(request.POST, "reopen") == "1",
            body=seat.entry.campaign.bodies.get(code=seat.entry.lead),
            by=request.user,
            at=now(),
        )
    except BadInput as wrong:
        missing = seat.entry.reviews.filter(pk__in=request.POST.getlist("missing")).select_related("body__organ")
        return page(request, seat, summed={**sent, "problems": wrong.problems, "missing": missing})
    label = Conclusion(sent["conclusion"]).label
    return _go_on(request, seat, onward, f"“{seat.entry}”已汇总：{label}。")


@login_required
@require_http_methods(["GET", "POST"])
def recuse(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Recuse the user (回避), whose desk the unit's items leave."""
    require(request.user, Permission.REVIEW_GIVE)
    entry = seat_at(request.user, guid).entry
    form = RecusalForm(posted(request))
    unit = entry.participation.organ
    if not form.is_valid():
        context = {
            "form": form,
            "entry": entry,
            "unit": unit,
            "title": f"对“{unit}”申报回避",
            "action": "申报回避",
            "danger": True,
            "back": reverse("workbench:desk-entry", args=[guid]),
        }
        return render(request, "workbench/desk/recuse.html", context, status=422 if form.is_bound else 200)
    user = request.user
    declare_recusal(entry.campaign, user, organ=unit, reason=form.cleaned_data["reason"], by=user, at=now())
    messages.success(request, f"已记下回避。“{unit}”的事项不再到您的审核台，由本单位其他同事审核。")
    return redirect("workbench:desk")
