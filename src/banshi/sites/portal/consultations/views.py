"""公示征求意见: what is planned, what would change, a place to say something, and the answers."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from banshi.access import Visitor
from banshi.campaigns import queries
from banshi.campaigns.actions import comment_on
from banshi.campaigns.models import Consultation, Entry
from banshi.catalog.guide.differences import differences
from banshi.catalog.queries import in_force
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Missing
from banshi.sites.kit.address import text_in
from banshi.sites.kit.listing.pages import Page
from banshi.sites.portal.consultations.forms import CommentForm
from banshi.sites.portal.proofs.throttle import count_writing

SHOWN = 50


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    found = queries.consultations_public(today())[:SHOWN]
    context = {"consultations": found, "today": today(), "receipt": text_in(request.GET, "receipt", 20)}
    if context["receipt"]:
        context["comment"] = queries.comment_by_receipt(str(context["receipt"]))
    return render(request, "portal/consultations.html", context)


def _consultation(guid: UUID) -> Consultation:
    found = queries.consultations_public(today()).filter(campaign__guid=guid).first()
    if found is None:
        raise Missing("没有这项公示", remedy="它可能还没有开始。")
    return found


@require_safe
def consultation(request: HttpRequest, guid: UUID) -> HttpResponse:
    one = _consultation(guid)
    asked = text_in(request.GET, "q", 100)
    entries = queries.entries_consulted(one)
    if asked:
        entries = entries.filter(item__name__icontains=asked)
    context = {
        "consultation": one,
        "open": _is_open(one),
        "asked": asked,
        "page": Page(entries, request.GET, by=("id",)),
        "comments": queries.comments_shown(one).filter(entry=None)[:SHOWN],
    }
    return render(request, "portal/consultation.html", context)


def _is_open(one: Consultation) -> bool:
    return one.opens <= today() <= one.closes


def _entry(one: Consultation, number: UUID) -> Entry:
    found = queries.entries_consulted(one).filter(guid=number).first()
    if found is None:
        raise Missing("这项公示里没有这个事项")
    return found


@require_safe
def planned(request: HttpRequest, guid: UUID, entry: UUID) -> HttpResponse:
    """Show one item as it is planned, beside what is in force."""
    one = _consultation(guid)
    found = _entry(one, entry)
    current, guide = in_force(found.item), found.text.guide if found.text else None
    context = {
        "consultation": one,
        "open": _is_open(one),
        "entry": found,
        "guide": guide,
        "current": current,
        "found": differences(current.revision.guide, guide) if current and guide else [],
        "comments": queries.comments_shown(one, found)[:SHOWN],
    }
    return render(request, "portal/consultation_entry.html", context)


@require_http_methods(["GET", "POST"])
def comment(request: HttpRequest, guid: UUID, entry: UUID | None = None) -> HttpResponse:
    """Take a comment on the whole, or on one item.

    The receipt is shown once. With it the answer is found.
    """
    one = _consultation(guid)
    about = _entry(one, entry) if entry else None
    form = CommentForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        count_writing(request, "comment")
        given = form.cleaned_data
        try:
            said = comment_on(one, text=given["text"], contact=given["contact"], entry=about, by=Visitor(), at=now())
        except BadInput as wrong:
            form.add_error("text", wrong.message)
        else:
            return redirect(f"{reverse('portal:consultations')}?receipt={said.receipt}&sent=1")
    context = {"consultation": one, "entry": about, "form": form, "open": _is_open(one)}
    return render(request, "portal/consultation_comment.html", context, status=422 if form.is_bound else 200)
