"""投诉和咨询: written, shown once more with class, receiver and last day, sent, followed, judged."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from banshi.access import Visitor
from banshi.calendar.queries import calendar_in_force
from banshi.catalog.models import Item
from banshi.core.clock import day_of, now
from banshi.core.errors import BadInput, Missing, TooOften
from banshi.core.plain_text import as_printed
from banshi.feedback.actions import attach_to_complaint, confirm_complaint, file_complaint, reopen_complaint
from banshi.feedback.complaint_routing import propose
from banshi.feedback.enums import ComplaintKind
from banshi.feedback.models import Complaint
from banshi.feedback.policy import policy
from banshi.feedback.queries import (
    OPEN_COMPLAINTS,
    broken_promises,
    code_of_complaint,
    complaint_by_number_and_code,
    complaints_of,
    knowledge_for,
    similar_wishes,
    waits_in_crowd,
)
from banshi.people.models import User
from banshi.sites.kit.address import guid_in, text_in
from banshi.sites.kit.forms import add_refusal
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.asking.forms import ComplaintForm, FollowForm
from banshi.sites.portal.proofs.throttle import count_look_up, count_writing, count_wrong_code, is_crowded
from banshi.supervision.queries import is_found
from banshi.workflow.versions import state_of

LATE_RULES = ("complaint-not-accepted", "complaint-overdue")
FILES_SENT = 30
SENT, SHOWN_FOR = "complaint_sent", timedelta(minutes=30)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    asked = guid_in(request.GET, "item")
    item = (
        Item.objects.select_related("organ__division").filter(guid=asked, listing__isnull=False).first()
        if asked
        else None
    )
    begun = {"kind": text_in(request.GET, "kind", 12) or "complaint", "text": text_in(request.GET, "q")}
    form = ComplaintForm(request.user, request.POST if request.method == "POST" else None, initial=begun)
    context: dict[str, Any] = {"form": form, "item": item}
    if form.is_valid() and "edit" not in request.POST:
        given = {name: value for name, value in form.cleaned_data.items() if name != "website"}
        try:
            if "confirmed" in request.POST:
                crowded = is_crowded(request, "complaint")
                by = request.user if isinstance(request.user, User) else Visitor()
                complaint = file_complaint(**given, item=item, crowded=crowded, by=by, at=now())
                request.session[SENT] = complaint.pk
                return redirect("portal:ask-sent")
            context |= _preview(given, item)
        except BadInput as wrong:
            add_refusal(form, wrong)
    bad = form.is_bound and not context.get("preview") and "edit" not in request.POST
    return render(request, "portal/asking/ask.html", context, status=422 if bad else 200)


def _preview(given: dict[str, Any], item: Item | None) -> dict[str, Any]:
    """Show before it is sent where it will go, until when it is answered, and what was answered before."""
    proposal = propose(given["text"], kind=given["kind"], item=item, case=given.get("case"), at=now())
    limit, calendar = policy().complaint.limit_of(given["kind"]), calendar_in_force()
    return {
        "preview": True,
        "proposal": proposal,
        "kind_label": ComplaintKind(given["kind"]).label,
        "class_label": policy().complaint.class_named(proposal.service_class).label,
        "limit": limit,
        "last": calendar.day_of(calendar.rank_of(day_of(now())) + limit.days),
        "knowledge": knowledge_for(given["text"]),
    }


@require_safe
def alike(request: HttpRequest) -> HttpResponse:
    """Tell while somebody writes what was answered before, and wishes like it."""
    text = text_in(request.GET, "q")
    context = {"knowledge": knowledge_for(text), "wishes": similar_wishes(text) if "wish" in request.GET else []}
    return render(request, "portal/asking/alike.html", context)


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Give number and query code to whoever sent it, in the same session, while nobody else sits there."""
    complaint = Complaint.objects.filter(pk=request.session.get(SENT, 0), received_at__gt=now() - SHOWN_FOR).first()
    if complaint is None:
        raise Missing("没有刚提交的诉求", remedy="有编号和查询码的，请到“查诉求”里查。")
    return render(request, "portal/asking/sent.html", {"code": code_of_complaint(complaint), **_told(complaint)})


def _told(complaint: Complaint) -> dict[str, Any]:
    calendar, first = calendar_in_force(), complaint.leader_id or complaint.pk
    rank = calendar.rank_of(day_of(now()))
    late = [(what, calendar.day_of(due), rank - due) for what, due in broken_promises(complaint, rank=rank)]
    return {
        "complaint": complaint,
        "late": late,
        "supervised": bool(late) and is_found(Complaint(pk=first), rules=LATE_RULES),
        "state": state_of(complaint),
        "class_label": policy().complaint.class_named(complaint.service_class).label,
        "last": calendar.day_of(complaint.due_rank),
        "transfers": list(complaint.transfer_rows.select_related("source", "to")),
        "reclassings": list(complaint.reclassings.select_related("to")),
        "files": list(complaint.files.select_related("file")),
        "reopenings": list(complaint.moves.filter(name="reopen")),
        "waits": complaint.state in OPEN_COMPLAINTS,
        "crowded": waits_in_crowd(complaint),
        "may_attach": complaint.state in OPEN_COMPLAINTS and not waits_in_crowd(complaint),
        "may_judge": complaint.state == "answered",
        "reopen_days": policy().complaint.reopen_days,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Show where a complaint is, and take what its author thinks of the answer, by number and query code."""
    form = FollowForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        number, code = as_printed(form.cleaned_data["number"]), form.cleaned_data["code"]
        try:
            count_look_up(request, "complaint-progress", number)
        except TooOften as refused:
            context = {"form": FollowForm(initial={"number": number}), "refused": refused}
            return render(request, "portal/asking/follow.html", context, status=refused.status)
        complaint = complaint_by_number_and_code(number, code)
        if complaint is None:
            count_wrong_code(request, "complaint-progress", number)
            form.add_error(None, "编号和查询码对不上，请核对。")
        else:
            done, wrong = _judge(request, complaint, code)
            complaint = Complaint.objects.select_related("organ", "item").get(pk=complaint.pk)
            context |= {**_told(complaint), "done": done, "wrong": wrong, "code": code, "number": number}
            return render(request, "portal/asking/follow.html", context, status=422 if wrong else 200)
    return render(request, "portal/asking/follow.html", context, status=422 if form.is_bound else 200)


def _judge(request: HttpRequest, complaint: Complaint, code: str = "") -> tuple[str, BadInput | None]:
    """Do what its author pressed on the page, and say what was done or what was wrong."""
    by, done = request.user if isinstance(request.user, User) else Visitor(), ""
    try:
        if "confirm" in request.POST:
            confirm_complaint(complaint, code=code, by=by, at=now())
            done = "已经办结，谢谢您。"
        elif "attach" in request.POST:
            count_writing(request, "complaint-files", FILES_SENT)
            attach_to_complaint(complaint, request.FILES.getlist("files"), code=code, by=by, at=now())
            done = "附件已经收下，办理的人看得到。"
        elif "reopen" in request.POST:
            reopen_complaint(complaint, words=text_in(request.POST, "words", 500), code=code, by=by, at=now())
            done = "已经要求重新办理，承办单位会再答复一次。"
    except BadInput as wrong:
        return "", wrong
    return done, None


@login_required
@never_cache
@require_safe
def own_complaints(request: StaffRequest) -> HttpResponse:
    page = Page(complaints_of(request.user), request.GET, by=("-id",))
    rank = calendar_in_force().rank_of(day_of(now()))
    rows = [(each, state_of(each).label, broken_promises(each, rank=rank)) for each in page.rows]
    return render(request, "portal/asking/own.html", {"page": page, "rows": rows})


@login_required
@require_safe
def own_told(request: StaffRequest, pk: int) -> HttpResponse:
    """Lead from a notice to the page of one's own complaint."""
    found = complaints_of(request.user).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Missing("没有这件诉求", remedy="请到“我的诉求”里查。")
    return redirect("portal:my-complaint", found.guid)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: StaffRequest, guid: UUID) -> HttpResponse:
    complaint = complaints_of(request.user).filter(guid=guid).first()
    if complaint is None:
        raise Missing("没有这件诉求", remedy="匿名提的，请用编号和查询码查。")
    done, wrong = _judge(request, complaint) if request.method == "POST" else ("", None)
    if request.method == "POST" and wrong is None:
        if done:
            messages.success(request, done)
        return redirect("portal:my-complaint", guid)
    context = {**_told(complaint), "wrong": wrong, "mine": True}
    return render(request, "portal/asking/follow.html", context, status=422 if wrong else 200)
