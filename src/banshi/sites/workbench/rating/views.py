"""差评: the desk, one of them, what may be done, and the recorded look at who rated."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banshi.access import Permission
from banshi.calendar.deadlines import remaining
from banshi.calendar.queries import calendar_in_force
from banshi.cases.sealing import opened
from banshi.core.clock import day_of, now
from banshi.core.errors import BadInput, Missing, Refused
from banshi.feedback import actions
from banshi.feedback.abuse import abuse_in
from banshi.feedback.models import BadRating
from banshi.feedback.policy import policy
from banshi.feedback.queries import OPEN_BAD_RATINGS, bad_ratings_visible_to, handlers_of, next_contact_or_mending
from banshi.feedback.sealing import WORDS
from banshi.sites.kit.forms import add_refusal
from banshi.sites.kit.listing.filters import Filter, Filters, FlowState, OrganNamed
from banshi.sites.kit.listing.organs import organ_options
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import organs_where, require, require_post
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.handling.access import case_for
from banshi.sites.workbench.rating import forms
from banshi.workflow.queries import moves_open_to
from banshi.workflow.versions import state_of, states_of

P = Permission
DESK = (P.RATING_VERIFY, P.RATING_APPEAL, P.RATING_REVIEW)


@dataclass(frozen=True, slots=True)
class RatingAct:
    """An act on a bad rating, offered while one of its moves is."""

    label: str
    moves: tuple[str, ...]
    form: type[forms.SituationForm]
    do: Callable[..., BadRating]


ACTS = {
    "contact": RatingAct("联系核实", ("contact",), forms.ContactForm, actions.contact_rater),
    "settle": RatingAct("写处理结果", ("plan", "explain"), forms.OutcomeForm, actions.settle_bad_rating),
    "mend": RatingAct("登记已经整改", ("mend",), forms.MendForm, actions.settle_bad_rating),
    "call-back": RatingAct("登记回访", ("call_back",), forms.CallBackForm, actions.call_back),
    "appeal": RatingAct("申诉", ("appeal",), forms.AppealForm, actions.appeal_bad_rating),
    "decide": RatingAct("复核申诉", ("exclude", "dismiss"), forms.DecideForm, actions.decide_appeal),
}


class BadRatingFilters(Filters):
    show = Filter("哪些", options=(("all", "全部"),), every="没有办完的")
    state = FlowState("bad_rating", "状态")
    organ = OrganNamed(label="承办单位")


def _bad_rating(request: StaffRequest, guid: UUID) -> Any:
    found = bad_ratings_visible_to(request.user, at=now()).filter(guid=guid).first()
    if found is None:
        raise Missing("没有这条差评", remedy="请回到“差评”列表查找。")
    return found


@login_required
@require_GET
def told(request: StaffRequest, pk: int) -> HttpResponse:
    """Lead from a notice to a bad rating, never whoever was rated, to whom its running number would tell the day."""
    found: Any = bad_ratings_visible_to(request.user, at=now()).filter(pk=pk).first() if pk < 2**63 else None
    if found is None or found.own:
        raise Missing("没有这条差评", remedy="请回到“差评”列表查找。")
    return redirect("workbench:bad-rating", found.guid)


@login_required
@require_GET
def bad_ratings(request: StaffRequest) -> HttpResponse:
    require_post(request.user)
    filters, at = BadRatingFilters.read(request.GET), now()
    rows = bad_ratings_visible_to(request.user, at=at).filter(filters.condition())
    if filters.show != "all" and not filters.state:
        rows = rows.filter(state__in=OPEN_BAD_RATINGS)
    # One's own come last in an order of their own: between others, whose days are shown, their place would tell the day.
    rows = rows.annotate(shown_rank=Case(When(own=True, then=0), default="due_rank"))
    page = Page(rows, request.GET, by=("own", "shown_rank", "guid"))
    calendar, day = calendar_in_force(), day_of(at)
    organs = organ_options(organs_where(request.user, P.RATING_VERIFY), filters.organ)
    states = [(code, state.label) for code, state in states_of("bad_rating").items()]
    context = {
        "filters": filters,
        "controls": filters.controls(state=states, organ=organs),
        "page": page,
        "lines": [
            (each, _called(each), state_of(each), what, remaining(calendar.day_of(rank), on=day, calendar=calendar))
            for each in page.rows
            for what, rank in [next_contact_or_mending(each)]
        ],
    }
    return render(request, "workbench/rating/bad_ratings.html", context)


def _few(bad: Any) -> bool:
    """Tell whether so few could have rated the reader's own work that its name would tell who did."""
    return bool(bad.own and (bad.among or 0) < policy().rating.least_shown)


def _called(bad: Any) -> str:
    return "您经办的一次服务" if _few(bad) else str(bad.rating.invitation.label)


def _offered(request: StaffRequest, bad: BadRating) -> dict[str, RatingAct]:
    moves = {each.name for each in moves_open_to(request.user, bad, at=now())}
    return {
        name: each
        for name, each in ACTS.items()
        if moves & set(each.moves)
        and not (name == "mend" and "plan" in moves)
        and not (name == "contact" and bad.contacted_at is not None)
    }


@login_required
@never_cache
@require_GET
def bad_rating(request: StaffRequest, guid: UUID) -> HttpResponse:
    return render(request, "workbench/rating/bad_rating.html", _told(request, _bad_rating(request, guid)))


def _told(request: StaffRequest, bad: Any) -> dict[str, Any]:
    """Tell of a bad rating what its reader may know: of one's own work neither the words nor the day, nor which of few."""
    calendar, day = calendar_in_force(), day_of(now())
    tags = {each.code: each.label for each in policy().rating.tags}
    words = "" if bad.own else opened(bad.rating.words_sealed, purpose=WORDS)
    return {
        "bad": bad,
        "called": _called(bad),
        "few": policy().rating.least_shown if _few(bad) else None,
        "state": state_of(bad),
        "contact_by": calendar.day_of(bad.contact_rank) if bad.contact_rank is not None else None,
        "due": remaining(calendar.day_of(bad.due_rank), on=day, calendar=calendar),
        "tags": [] if _few(bad) else [tags[each] for each in bad.rating.tags if each in tags],
        "words": words,
        "abuse": abuse_in(words),
        "moves": [] if bad.own else [(each, states_of("bad_rating")[each.to].label) for each in bad.moves.all()],
        "acts": _offered(request, bad),
        "crumbs": [(reverse("workbench:bad-ratings"), "差评"), ("", str(bad))],
    }


@login_required
@never_cache
@require_POST
def rater(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show who rated, recorded like the refusal of somebody who was rated."""
    bad = _bad_rating(request, guid)
    person = actions.look_at_rater(bad, by=request.user, at=now())
    return render(request, "workbench/rating/bad_rating.html", {**_told(request, bad), "rater": person, "looked": True})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: StaffRequest, guid: UUID, name: str) -> HttpResponse:
    bad = _bad_rating(request, guid)
    if name not in ACTS:
        raise Missing("没有这种办理", remedy="请回到差评页面，从“办理”里选。")
    if name not in _offered(request, bad):
        raise Refused(f"现在不能“{ACTS[name].label}”", remedy="状态可能变了，或者不由您办理。请回到差评页面查看。")
    one = ACTS[name]
    form = one.form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            one.do(bad, **getattr(form, "given", form.cleaned_data), by=request.user, at=now())
            messages.success(request, f"{one.label}：已登记")
            return redirect("workbench:bad-rating", guid)
        except BadInput as wrong:
            add_refusal(form, wrong)
    context = {
        "about": f"{_called(bad)}，{bad.rating.get_grade_display()}",
        "act": one,
        "form": form,
        "back": reverse("workbench:bad-rating", args=[guid]),
        "crumbs": [
            (reverse("workbench:bad-ratings"), "差评"),
            (reverse("workbench:bad-rating", args=[guid]), str(bad)),
            ("", one.label),
        ],
    }
    return render(request, "workbench/rating/act.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask for a rating of a case at the counter, whose code reaches only the person."""
    case = case_for(request.user, pk)
    require(request.user, P.RATING_INVITE)
    asked = getattr(case, "rating_invitation", None)
    if request.method == "POST":
        actions.invite_to_rate(
            case,
            label=case.item.name,
            organ=case.organ,
            item=case.item,
            rated=handlers_of(case),
            citizen=case.applicant,
            channel="window",
            by=request.user,
            at=now(),
        )
        return redirect("workbench:case-rating", pk)
    context = {
        "case": case,
        "invitation": asked,
        "crumbs": [
            (reverse("workbench:cases"), "办件"),
            (reverse("workbench:case", args=[pk]), case.number),
            ("", "请评价"),
        ],
    }
    return render(request, "workbench/rating/invitation.html", context)
