"""A unit in a campaign: contacts, items with what is wanted of them, gaps, summary, the signed report, its papers."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banshi import files
from banshi.campaigns import actions, queries
from banshi.campaigns.actions.campaigns import items_to_add
from banshi.campaigns.annexes import handed_in, rows_of
from banshi.campaigns.coverage import gaps, unexplained
from banshi.campaigns.enums import PhaseKind, ReportedList
from banshi.campaigns.models import Entry, Participation
from banshi.campaigns.signing_blockers import TIME, hindrances, left_out, owed_entries
from banshi.campaigns.summary import proposed_problems, proposed_suggestions, troubles_of
from banshi.catalog.guide.differences import differences
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Missing, Problem
from banshi.people.models import User
from banshi.sites.kit.address import as_guids
from banshi.sites.kit.forms import add_refusal
from banshi.sites.kit.listing.filters import Filters, FlowState, tabs
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, may, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import open_draft, posted
from banshi.sites.workbench.reporting.forms import (
    ContactsForm,
    DispositionForm,
    NothingForm,
    RecallForm,
    ScanForm,
    SummaryForm,
)
from banshi.workflow.versions import states_of

PAGE = 50
GATHERED_AT_ONCE = 500
P = Permission


class UnitEntryFilters(Filters):
    state = FlowState("entry")


def unit_for(user: User, pk: int, permission: Permission = P.ITEM_VIEW) -> Participation:
    """Find a participation of one of the user's own organs.

    Raises Missing, Refused.
    """
    found = queries.participations_visible_to(user, at=now()).filter(pk=pk).first()
    if found is None:
        raise Missing("没有找到这项上报工作", remedy="它可能属于别的单位。请回到“上报”列表查找。")
    if permission is not P.ITEM_VIEW:
        require(user, permission, found.organ)
    return found


@login_required
@require_GET
def units(request: StaffRequest) -> HttpResponse:
    """List every campaign my organs take part in."""
    require(request.user, P.ITEM_VIEW)
    mine = queries.participations_visible_to(request.user, P.REPORT_PREPARE, at=now())
    mine = mine | queries.participations_visible_to(request.user, P.REPORT_SIGN, at=now())
    shown = mine.exclude(campaign__state="preparing").distinct().order_by("-campaign_id", "organ_id")
    return render(request, "workbench/reporting/units.html", {"units": shown[:PAGE], "today": today()})


@login_required
@require_GET
def unit(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the unit's desk, its tasks in order, and its progress."""
    one = unit_for(request.user, pk)
    counts = queries.states_of(one)
    owed = sum(counts.get(state, 0) for state in queries.OWED)
    number = one.reported_round + 1 if owed else max(1, one.reported_round)
    stages = queries.stage_of_round(one.campaign, PhaseKind.REPORT, number, one.batch)
    context = {
        "unit": one,
        "campaign": one.campaign,
        "number": number,
        "stages": stages,
        "counts": [(code, state, counts.get(code, 0)) for code, state in states_of("entry").items()],
        "to_report": owed,
        "returned": [(each, queries.last_asks(each)) for each in queries.returned_entries(one)[:PAGE]],
        "handed_on": one.comments.filter(accepted=True),
        "annexes": [
            (each, handed_in(one, each, number))
            for each in one.campaign.plan.annexes_of(number)
            if each != ReportedList.LIBRARY
        ],
        "earlier_lists": one.handed_in.filter(round__lt=number),
        "gaps": gaps(one).count(),
        "unexplained": unexplained(one).count(),
        "reports": (reports := list(one.reports.select_related("signed_by", "scan"))),
        "newest": next((each.pk for each in reports if each.recalled_at is None), 0),
        "may_sign": may(request.user, P.REPORT_SIGN, one.organ),
        **(
            _against(request.user, one)
            if owed and not one.left_at
            else {"may_prepare": may(request.user, P.REPORT_PREPARE, one.organ)}
        ),
        "done": not owed and one.reported_round > 0,
        "scan": ScanForm(),
        "today": today(),
    }
    return render(request, "workbench/reporting/unit.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def contacts(request: StaffRequest, pk: int) -> HttpResponse:
    one = unit_for(request.user, pk, P.REPORT_PREPARE)
    form = ContactsForm(posted(request), stored={name: getattr(one, name) for name in ContactsForm.base_fields})
    if not form.is_valid():
        return _form(request, one, form, "分管领导、科室和经办人员", "保存")
    actions.name_contacts(one, **form.cleaned_data, by=request.user, at=now())
    messages.success(request, "已保存，组织单位现在能看到")
    return redirect("workbench:report", pk)


@login_required
@require_http_methods(["GET", "POST"])
def summary(request: StaffRequest, pk: int) -> HttpResponse:
    one = unit_for(request.user, pk, P.REPORT_PREPARE)
    stored = {name: getattr(one, name) for name in SummaryForm.base_fields}
    initial = dict(stored)
    if not one.progress:
        troubles = troubles_of(one, today())
        initial |= {
            "progress": queries.proposed_progress(queries.figures_of(one)),
            "problems": one.problems or proposed_problems(troubles),
            "suggestions": one.suggestions or proposed_suggestions(troubles),
        }
    form = SummaryForm(posted(request), stored=stored, initial=initial)
    if not form.is_valid():
        return _form(request, one, form, "工作小结", "保存")
    actions.write_summary(one, **form.cleaned_data, by=request.user, at=now())
    messages.success(request, "工作小结已保存")
    return redirect("workbench:report", pk)


def _form(request: StaffRequest, one: Participation, form: BaseForm, title: str, action: str) -> HttpResponse:
    context = {"unit": one, "form": form, "title": title, "action": action}
    context["back"] = reverse("workbench:report", args=[one.pk])
    return render(request, "workbench/reporting/form.html", context, status=422 if form.is_bound else 200)


@login_required
@require_GET
def entries(request: StaffRequest, pk: int) -> HttpResponse:
    """Return the unit's items in this campaign, each with its disposition."""
    one = unit_for(request.user, pk)
    return _entries(request, one, DispositionForm(unit=one), [])


def _entries(request: StaffRequest, one: Participation, form: DispositionForm, chosen: list[Entry]) -> HttpResponse:
    """Show the list, after a form that was not right with what was ticked, and only that."""
    filters, found = UnitEntryFilters.read(request.GET), queries.entries_of_unit(one)
    if chosen:
        found = found.filter(pk__in=[each.pk for each in chosen])
    counts = queries.states_of(one)
    labels = {"": "全部", **{code: each.label for code, each in states_of("entry").items() if code in counts}}
    context = {
        "unit": one,
        "chosen": {each.pk for each in chosen},
        "page": Page(found.filter(filters.condition()), request.GET, by=("id",), size=PAGE),
        "tabs": tabs(filters, "state", labels, chosen=filters.state),
        "form": form,
        "may_prepare": may(request.user, P.REPORT_PREPARE, one.organ),
    }
    return render(request, "workbench/reporting/entries.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def dispose(request: StaffRequest, pk: int) -> HttpResponse:
    """Set the disposition of the chosen items."""
    one = unit_for(request.user, pk, P.REPORT_PREPARE)
    chosen = list(one.entries.filter(guid__in=as_guids(request.POST.getlist("entry"))))
    form = DispositionForm(request.POST, unit=one)
    if not chosen:
        form.add_error(None, "没有选中事项，请先勾选")
    if not form.is_valid():
        return _entries(request, one, form, chosen)
    try:
        actions.set_disposition(chosen, **form.cleaned_data, by=request.user, at=now())
    except BadInput as wrong:
        add_refusal(form, wrong)
        return _entries(request, one, form, chosen)
    messages.success(request, f"已为{len(chosen)}项写明处置意见")
    return redirect("workbench:report-entries", pk)


@login_required
@require_http_methods(["GET", "POST"])
def gather(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose which of the items that came into being since are to be on the list."""
    one = unit_for(request.user, pk, P.REPORT_PREPARE)
    found = items_to_add(one).order_by("-id")
    if request.method == "GET":
        return render(request, "workbench/reporting/gather.html", {"unit": one, "items": found[:GATHERED_AT_ONCE]})
    chosen = list(found.filter(guid__in=as_guids(request.POST.getlist("item"))))
    added = actions.gather_items(one, items=chosen, by=request.user, at=now())
    messages.success(request, f"新列入{added}项" if added else "没有选中事项，没有列入")
    return redirect("workbench:report-entries", pk)


@login_required
@require_POST
def take_off(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the chosen items off the list again."""
    one = unit_for(request.user, pk, P.REPORT_PREPARE)
    chosen = list(one.entries.filter(guid__in=as_guids(request.POST.getlist("entry"))).select_related("participation"))
    if not chosen:
        raise BadInput("没有选中事项", [Problem("请先勾选事项")])
    count = actions.take_off_list(chosen, by=request.user, at=now())
    messages.success(request, f"已撤出{count}项，草稿还在“事项”里")
    return redirect("workbench:report-entries", pk)


@login_required
@require_GET
def entry(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show one item as its unit sees it, what the reviewers ask, what was changed since."""
    units: Any = queries.participations_visible_to(request.user, at=now())
    found = Entry.objects.filter(guid=guid, participation__in=units.values("pk"))
    one = found.select_related("campaign", "participation__organ", "item__organ", "text", "decision").first()
    if one is None:
        raise Missing("没有找到这个参审事项")
    draft, earlier = open_draft(one.item), queries.previous_text(one)
    context = {
        "entry": one,
        "unit": one.participation,
        "item": one.item,
        "draft": draft,
        "found": differences(one.text.guide, draft.guide) if one.text and draft else [],
        "earlier": earlier,
        "summings": one.summings.order_by("-round", "-id"),
        "accepted": one.comments.filter(accepted=True),
        "opinions": [
            (each, [line for line in each.opinions.all() if not line.agrees])
            for each in queries.opinions_seen(request.user, one, at=now())
        ],
        "criteria": {each.code: each for each in one.campaign.plan.criteria},
        "may_edit": may(request.user, P.ITEM_EDIT, one.item.organ),
    }
    return render(request, "workbench/reporting/entry.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def absences(request: StaffRequest, pk: int) -> HttpResponse:
    """List what counterparts elsewhere offer and this unit does not, each with a reason."""
    one = unit_for(request.user, pk, P.REPORT_PREPARE)
    if request.method == "POST":
        known = {each.pk: each for each in gaps(one)}
        typed = {key: request.POST.get(f"reason-{key}", "").strip()[:300] for key in known}
        reasons = {known[key]: text for key, text in typed.items() if text}
        if not reasons:
            messages.warning(request, "一项原因也没有写，没有保存")
        else:
            count = actions.explain_absences(one, reasons=reasons, by=request.user, at=now())
            messages.success(request, f"已保存{count}项说明" if count else "与原来写的相同，没有改动")
        return redirect("workbench:report-absences", pk)
    told = {each.reference_id: each.reason for each in one.absences.all()}
    rows = [(each, told.get(each.pk, "")) for each in gaps(one)[: PAGE * 4]]
    return render(request, "workbench/reporting/absences.html", {"unit": one, "rows": rows})


@login_required
@require_http_methods(["GET", "POST"])
def annex(request: StaffRequest, pk: int, annex: str) -> HttpResponse:
    """Show a list reported besides the guides, as it stands now and as it was handed in."""
    one = unit_for(request.user, pk)
    if annex not in ReportedList.values:
        raise Missing("没有这张清单")
    wanted, form = ReportedList(annex), NothingForm(posted(request))
    if form.is_valid():
        given = form.cleaned_data["nothing"]
        try:
            kept = actions.hand_in(one, annex=wanted, nothing=given, by=request.user, at=now())
        except BadInput as wrong:
            form.add_error("nothing", wrong.problems[0].message)
        else:
            messages.success(request, f"“{wanted.label}”已报，共{kept.count}项")
            return redirect("workbench:report", pk)
    number = one.reported_round + 1
    kept_lists = [each for each in one.handed_in.order_by("-round") if each.annex == wanted]
    header, *lines = rows_of(one, wanted)
    context = {
        "unit": one,
        "annex": wanted,
        "header": header,
        "lines": lines,
        "handed_in": kept_lists,
        "form": form,
        "register": REGISTERS.get(wanted, ""),
        "may_prepare": may(request.user, P.REPORT_PREPARE, one.organ),
        "wanted_now": wanted in one.campaign.plan.annexes_of(number) and wanted != ReportedList.LIBRARY,
    }
    return render(request, "workbench/reporting/annex.html", context, status=422 if form.is_bound else 200)


REGISTERS = {ReportedList.AGENCIES: "workbench:agencies", ReportedList.TRANSFERS: "workbench:transfers"}
"""Registers from which a list is drawn."""


@login_required
@require_http_methods(["GET", "POST"])
def sign(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the head exactly what is reported, to sign once."""
    one = unit_for(request.user, pk, P.REPORT_SIGN)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            report = actions.sign_report(one, by=request.user, at=now())
        except BadInput as wrong:
            problems = wrong.problems or [Problem(wrong.message)]
        else:
            messages.success(request, f"第{report.round}轮已上报{report.items}项，审核单位现在就能看到。")
            return redirect("workbench:report", pk)
    reported = owed_entries(one)
    found = queries.entries_of_unit(one).filter(pk__in=[each.pk for each in reported]).order_by("id")
    dispositions = Counter(each.get_disposition_display() for each in reported)
    context = {
        "unit": one,
        "campaign": one.campaign,
        "number": one.reported_round + 1,
        "count": found.count(),
        "entries": found[:PAGE],
        "dispositions": "、".join(f"{label}{count}项" for label, count in dispositions.items()),
        **(against := _against(request.user, one)),
        "problems": [] if against["held_up"] else problems,
    }
    return render(request, "workbench/reporting/sign.html", context, status=422 if problems else 200)


def _against(user: User, one: Participation) -> dict[str, Any]:
    """List what hinders the signature, for all who can put it right."""
    held_up = hindrances(one, now())
    return {
        "held_up": held_up[:PAGE],
        "held_up_count": len(held_up),
        "only_time": {each.kind for each in held_up} == {TIME},
        "left_out": left_out(one),
        "may_prepare": may(user, P.REPORT_PREPARE, one.organ),
        "may_edit": may(user, P.ITEM_EDIT, one.organ),
    }


@login_required
@require_http_methods(["GET", "POST"])
def recall(request: StaffRequest, pk: int) -> HttpResponse:
    one = unit_for(request.user, pk, P.REPORT_SIGN)
    report = one.reports.filter(recalled_at=None).first()
    if report is None:
        raise Missing("没有可以撤回的上报")
    form = RecallForm(posted(request))
    if form.is_valid():
        actions.recall_report(report, reason=form.cleaned_data["reason"], by=request.user, at=now())
        messages.success(request, "已撤回，可以修改后重新上报")
        return redirect("workbench:report", pk)
    context = {
        "unit": one,
        "report": report,
        "form": form,
        "title": "撤回上报",
        "action": "撤回",
        "back": reverse("workbench:report", args=[pk]),
    }
    return render(request, "workbench/reporting/recall.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def scan(request: StaffRequest, pk: int, report: int) -> HttpResponse:
    one = unit_for(request.user, pk, P.REPORT_PREPARE)
    found = one.reports.filter(pk=report).first()
    form = ScanForm(request.POST, request.FILES)
    if found is None:
        raise Missing("没有这次上报")
    if not form.is_valid():
        raise BadInput("请选择盖章页的扫描件", [Problem("请选择文件", field="scan")])
    given, by = form.cleaned_data["scan"], request.user
    kept = files.keep(given, name=given.name, purpose="campaigns.scan", organ=one.organ, by=by, at=now())
    actions.attach_scan(found, scan=kept, by=by, at=now())
    messages.success(request, "扫描件已附上")
    return redirect("workbench:report", pk)
