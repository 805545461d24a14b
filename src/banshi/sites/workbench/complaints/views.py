"""诉求: an office's desk, one of them, its acts, and the recorded look at who complained."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banshi.access import allows, roles, roles_with
from banshi.calendar.deadlines import remaining
from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import day_of, now
from banshi.core.errors import BadInput, Missing, Refused
from banshi.feedback import actions
from banshi.feedback.enums import ComplaintKind
from banshi.feedback.models import Complaint
from banshi.feedback.policy import policy
from banshi.feedback.queries import OPEN_COMPLAINTS, alike, code_of_complaint, complaints_visible_to, next_promise
from banshi.feedback.refused_reads import read_complaint
from banshi.sites.kit.downloads import send_stored
from banshi.sites.kit.forms import add_refusal
from banshi.sites.kit.listing.filters import Contains, Equals, Filter, Filters
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.named_choice import organs_of_ones_place_first
from banshi.sites.kit.permissions import Permission, require, require_post
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.kit.templatetags.kit import cn_day
from banshi.sites.workbench.complaints import forms
from banshi.workflow.queries import moves_open_to
from banshi.workflow.versions import state_of, states_of


@dataclass(frozen=True, slots=True)
class ComplaintAct:
    """An act on a complaint, offered while its move is, or in the states named."""

    label: str
    form: type[forms.ComplaintActForm]
    do: Callable[..., Any]
    done: str
    """Says what was done, with the fields of the form."""
    move: str = ""
    states: tuple[str, ...] = ()


ACTS = {
    "accept": ComplaintAct(
        "受理", forms.ComplaintActForm, actions.accept_complaint, "已受理，请在期限以前答复", move="accept"
    ),
    "answer": ComplaintAct(
        "答复",
        forms.AnswerForm,
        actions.answer_complaint,
        "已答复，提的人看得到；不满意的可以要求重新办理",
        move="answer",
    ),
    "transfer": ComplaintAct(
        "转办",
        forms.ComplaintTransferForm,
        actions.transfer_complaint,
        "已转给{to}，提的人看得到；期限不延长",
        move="transfer",
    ),
    "reclass": ComplaintAct(
        "改类型",
        forms.ReclassForm,
        actions.reclass_complaint,
        "已改类型，提的人看得到；期限不延长",
        move="transfer",
    ),
    "join": ComplaintAct(
        "并到相同的", forms.JoinForm, actions.join_complaint, "已并到{leader.number}，一起答复", move="transfer"
    ),
    "separate": ComplaintAct(
        "分开办",
        forms.ComplaintActForm,
        actions.separate_complaint,
        "已分开，单独受理、单独答复，期限不变",
        move="transfer",
    ),
    "gather": ComplaintAct(
        "把相近的并过来",
        forms.GatherForm,
        lambda complaint, *, others, by, at: [
            actions.join_complaint(each, leader=complaint, by=by, at=at) for each in others
        ],
        "已并到这一件，一起受理、一起答复",
        move="transfer",
    ),
    "refuse": ComplaintAct(
        "不予受理", forms.RefuseForm, actions.refuse_complaint, "已不予受理，理由提的人看得到", move="refuse"
    ),
    "publish": ComplaintAct(
        "公开成知识",
        forms.KnowledgeForm,
        actions.publish_answer,
        "已公开，别人写诉求的时候看得到",
        states=("answered", "closed"),
    ),
}


class ComplaintFilters(Filters):
    show = Filter("哪些", options=(("crowd", "待核对的"), ("all", "全部")), every="没有答复的")
    q = Contains("text", "number", label="内容或编号")
    kind = Equals("kind", "类型", options=ComplaintKind.choices)


@login_required
@require_GET
def complaints(request: StaffRequest) -> HttpResponse:
    require_post(request.user)
    filters, at = ComplaintFilters.read(request.GET), now()
    rows = complaints_visible_to(request.user, at=at).filter(filters.condition(), leader=None)
    if filters.show != "all":
        rows = rows.filter(state__in=OPEN_COMPLAINTS)
    if filters.show == "crowd":
        rows = rows.filter(organ=None, state="received", proposal__crowded=True)
    page = Page(rows.annotate(joined=Count("followers")), request.GET, by=("due_rank", "id"))
    calendar, day = calendar_in_force(), day_of(at)
    context = {
        "filters": filters,
        "controls": filters.controls(),
        "page": page,
        "lines": [
            (each, state_of(each), what, remaining(calendar.day_of(rank), on=day, calendar=calendar))
            for each in page.rows
            for what, rank in [next_promise(each)]
        ],
    }
    return render(request, "workbench/complaints/list.html", context)


@login_required
@require_GET
def told(request: StaffRequest, pk: int) -> HttpResponse:
    """Lead from a notice to a complaint, never whom it is about."""
    found = complaints_visible_to(request.user, at=now()).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Missing("没有这件诉求", remedy="它可能已经转给别的单位。请回到“诉求”列表查找。")
    return redirect("workbench:complaint", found.guid)


def _offered(request: StaffRequest, complaint: Complaint) -> dict[str, ComplaintAct]:
    moves = {each.name for each in moves_open_to(request.user, complaint, at=now())}
    if complaint.organ_id is None:
        moves -= {"accept"}
    offered = {name: each for name, each in ACTS.items() if each.move in moves or complaint.state in each.states}
    offered.pop("separate" if complaint.leader_id is None else "gather", None)
    return offered


@login_required
@never_cache
@require_GET
def complaint(request: StaffRequest, guid: UUID) -> HttpResponse:
    one = read_complaint(guid, by=request.user, at=now())
    return render(request, "workbench/complaints/complaint.html", _told(request, one))


def _told(request: StaffRequest, one: Complaint) -> dict[str, Any]:
    calendar, at = calendar_in_force(), now()
    joined = Complaint.objects.filter(Q(leader=one)).order_by("pk")
    near = alike(one, seen_by=request.user, at=at) if one.state in OPEN_COMPLAINTS else []
    # Where nothing is alike, the forms that ask which would be empty.
    acts = {name: each for name, each in _offered(request, one).items() if near or name not in ("join", "gather")}
    return {
        "complaint": one,
        "state": state_of(one),
        "open": one.state in OPEN_COMPLAINTS,
        "class_label": policy().complaint.class_named(one.service_class).label,
        "accept": remaining(calendar.day_of(one.accept_rank), on=day_of(at), calendar=calendar),
        "due": remaining(calendar.day_of(one.due_rank), on=day_of(at), calendar=calendar),
        "joined": joined.count(),
        "files": list(one.files.select_related("file")),
        "alike": near,
        "transfers": list(one.transfer_rows.select_related("source", "to")),
        "reclassings": list(one.reclassings.select_related("source", "to")),
        "protected_as": one.get_protected_as_display(),
        "moves": [(each, states_of("complaint")[each.to].label) for each in one.moves.all()],
        "acts": acts,
        "may_look": allows(request.user, Permission.COMPLAINT_IDENTITY, one, at=at),
        "who_may_look": [roles()[each].label for each in roles_with(Permission.COMPLAINT_IDENTITY)],
        "crumbs": [(reverse("workbench:complaints"), "诉求"), ("", one.number)],
    }


@login_required
@never_cache
@require_GET
def attachment(request: StaffRequest, guid: UUID, file: UUID) -> FileResponse:
    """Send an attachment to whoever may read the complaint."""
    one = read_complaint(guid, by=request.user, at=now())
    found = one.files.filter(guid=file).select_related("file").first()
    if found is None:
        raise Missing("没有这个附件", remedy="请回到诉求页面重新打开。")
    return send_stored(found.file)


@login_required
@never_cache
@require_POST
def reporter(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show who complained, recorded like the refusal of somebody it is about."""
    one = read_complaint(guid, by=request.user, at=now())
    person = actions.look_at_reporter(one, by=request.user, at=now())
    return render(
        request, "workbench/complaints/complaint.html", {**_told(request, one), "person": person, "looked": True}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: StaffRequest, guid: UUID, name: str) -> HttpResponse:
    at = now()
    complaint = read_complaint(guid, by=request.user, at=at)
    if name not in ACTS:
        raise Missing("没有这种办理", remedy="请回到诉求页面，从“办理”里选。")
    if name not in _offered(request, complaint):
        raise Refused(f"现在不能“{ACTS[name].label}”", remedy="状态可能变了，或者不由您办理。请回到诉求页面查看。")
    one = ACTS[name]
    form = one.form(complaint, request.user, at, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            one.do(complaint, **form.cleaned_data, by=request.user, at=at)
            messages.success(request, one.done.format(**form.cleaned_data))
            # Who passed it on, or re-classed it, may not see it any more.
            gone = name in ("transfer", "reclass")
            return redirect("workbench:complaints") if gone else redirect("workbench:complaint", guid)
        except BadInput as wrong:
            add_refusal(form, wrong)
    context = {
        "about": f"{complaint.number} {complaint.text[:80]}",
        "answered": complaint.answer if name == "publish" else "",
        "act": one,
        "form": form,
        "back": reverse("workbench:complaint", args=[guid]),
        "crumbs": [
            (reverse("workbench:complaints"), "诉求"),
            (reverse("workbench:complaint", args=[guid]), complaint.number),
            ("", one.label),
        ],
    }
    return render(request, "workbench/rating/act.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Write down what came by telephone, by letter or at a window."""
    require(request.user, Permission.COMPLAINT_HANDLE)
    form = forms.ComplaintEntryForm(request.POST if request.method == "POST" else None)
    organs_of_ones_place_first(form, request.user)
    if form.is_valid():
        try:
            made = actions.file_complaint(**form.cleaned_data, by=request.user, at=now())
            to = made.organ.called if made.organ else "诉求受理人员"
            last = cn_day(calendar_in_force().day_of(made.due_rank))
            told = f"已登记：{made.number}，查询码{code_of_complaint(made)}，交给{to}，{last}以前答复，请告诉本人"
            messages.success(request, told)
            return redirect("workbench:complaints")
        except BadInput as wrong:
            add_refusal(form, wrong)
    context = {"form": form, "crumbs": [(reverse("workbench:complaints"), "诉求"), ("", "登记")]}
    return render(request, "workbench/complaints/new.html", context, status=422 if form.is_bound else 200)
