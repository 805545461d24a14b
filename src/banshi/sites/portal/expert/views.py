"""An invited expert's pages, opened by a signed link without an account: declare ties first, read, write an opinion."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from banshi.campaigns.actions import declare_interest, give_expert_opinion
from banshi.campaigns.entry_page import document_of, review_context, rounds_of
from banshi.campaigns.models import Invitation, Review
from banshi.campaigns.queries import invitation_by, opinions_seen_by_expert
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Missing
from banshi.people.models import Organ
from banshi.sites.kit.address import text_in
from banshi.sites.kit.opinion import Typed, blank, typed_in
from banshi.sites.portal.proofs.throttle import count_writing

WRONG_LINKS = 20
OPINIONS = 300
View = Callable[..., HttpResponse]


def by_link(view: View) -> View:
    """Find the invitation, and keep the address with its secret out of caches, search engines and other sites' logs."""

    @never_cache
    @require_http_methods(["GET", "POST"])
    @wraps(view)
    def answer(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        invitation = invitation_by(token.replace("\x00", ""), today())
        if invitation is None:
            count_writing(request, "expert-link", WRONG_LINKS)
            raise Missing("这个链接打不开", remedy="它可能已经到期、收回，或者没有复制完整。请联系邀请您的单位。")
        response = view(request, invitation, token, **more)
        response["Referrer-Policy"] = "same-origin"  # with no-referrer browsers send no origin, and no form is taken
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer


@by_link
def home(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Show first the declaration, then the list."""
    if invitation.declared_at is None:
        return _declaration(request, invitation, token)
    # What is asked, the newest round of each entry.
    asked = invitation.reviews.filter(round=F("entry__round")).select_related(
        "entry__item", "entry__participation__organ"
    )
    reviews = list(asked.order_by("verdict", "id"))
    context = {
        "invitation": invitation,
        "token": token,
        "reviews": reviews,
        "given": sum(bool(each.verdict) for each in reviews),
    }
    return render(request, "portal/expert/list.html", context)


def _declaration(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    units = Organ.objects.filter(participations__entries__invitations=invitation).distinct().order_by("name")
    ties, reason, problems = request.POST.get("ties", ""), request.POST.get("reason", "").replace("\x00", ""), []
    chosen = [each for each in units if str(each.pk) in request.POST.getlist("organ")]
    if request.method == "POST":
        if ties not in ("none", "some"):
            problems = ["请选择有没有利害关系"]
        elif ties == "some" and not chosen:
            problems = ["请选与哪些单位有利害关系"]
        elif ties == "some" and not reason.strip():
            problems = ["请写是什么关系"]
        if not problems:
            declare_interest(
                invitation, organs=chosen if ties == "some" else [], reason=reason, by=invitation, at=now()
            )
            return redirect("portal:expert", token)
    context = {
        "invitation": invitation,
        "units": units,
        "ties": ties,
        "reason": reason,
        "chosen": chosen,
        "problems": problems,
    }
    return render(request, "portal/expert/declare.html", context, status=422 if problems else 200)


@by_link
def entry(request: HttpRequest, invitation: Invitation, token: str, guid: UUID) -> HttpResponse:
    """Show one item to be read and written on."""
    if invitation.declared_at is None:
        return redirect("portal:expert", token)
    asked = invitation.reviews.filter(entry__guid=guid, round=F("entry__round"))
    found = asked.select_related(
        "entry__campaign", "entry__text", "entry__target", "entry__item__organ", "entry__participation__organ__division"
    )
    review = found.first()
    if review is None:
        raise Missing("没有请您论证这一项", remedy="它可能已经退回修改。请回到您的事项列表。")
    if request.method == "POST":
        count_writing(request, "expert-opinion", OPINIONS)
        review.body = invitation.body
        typed = typed_in(review, request.POST)
        try:
            give_expert_opinion(
                review,
                verdict=typed.verdict,
                disposition=typed.disposition,
                answers=typed.answers,
                note=typed.note,
                digest=request.POST.get("digest", ""),
                by=invitation,
                at=now(),
            )
        except BadInput as wrong:
            return _page(request, invitation, token, review, typed_in(review, request.POST, wrong.problems))
        messages.success(request, f"您对“{review.entry.item.name}”的论证意见已提交，谢谢。")
        return redirect("portal:expert", token)
    return _page(request, invitation, token, review)


def _page(
    request: HttpRequest, invitation: Invitation, token: str, review: Review, typed: Typed | None = None
) -> HttpResponse:
    entry = review.entry
    review.body = invitation.body
    context = {
        "invitation": invitation,
        "token": token,
        "review": review,
        "entry": entry,
        "typed": typed or blank(review),
        "document": document_of(entry, text_in(request.GET, "against")),
        "context": review_context(entry, today()),
        "history": rounds_of(entry, opinions_seen_by_expert(invitation, entry), to_expert=True),
        "open": not review.verdict and entry.state in ("reviewing", "agreed"),
        "kept_as": f"desk:expert:{review.pk}:{entry.text.digest[:16] if entry.text else ''}",
    }
    return render(request, "portal/expert/entry.html", context, status=422 if typed else 200)
