"""Lists behind the board's figures, as pages and as workbooks."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banshi.campaigns import actions, progress, queries
from banshi.campaigns.actions import MAY_LEAVE
from banshi.campaigns.coverage import gaps, unexplained
from banshi.campaigns.deadlines import report_deadlines
from banshi.campaigns.models import Campaign, Entry, Participation
from banshi.core.clock import now, today
from banshi.core.errors import Missing
from banshi.documents.workbook import new_workbook, write_table
from banshi.people.models import Organ
from banshi.sites.kit.address import as_guids, as_key, guids_in
from banshi.sites.kit.downloads import send_written
from banshi.sites.kit.listing.filters import tabs
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import posted
from banshi.sites.workbench.campaigns.access import campaign_for, managed_campaign, may_manage, overseen_campaign
from banshi.sites.workbench.campaigns.forms import LeaveForm, RejoinForm
from banshi.sites.workbench.campaigns.listing import (
    ENTRY_HEAD,
    UNIT_HEAD,
    EntryFilters,
    ExplanationFilters,
    UnitFilters,
    entry_lines,
    entry_options,
    place_options,
)
from banshi.workflow.versions import states_of

PAGE = 50
INVITED_AT_ONCE = 3000


# Entries


@login_required
@require_GET
def entries(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Return the entries an address asks for, among those the user may see."""
    found = campaign_for(request.user, guid)
    seen, filters = progress.seen_by(request.user, found, at=now()), EntryFilters.read(request.GET)
    shown = seen.entries.filter(filters.condition()).select_related("item", "participation__organ__division")
    context = {
        "campaign": found,
        "page": Page(shown, request.GET, by=("pk",), size=PAGE),
        "filters": filters,
        "query": filters.as_query(),
        "controls": filters.controls(**entry_options(found, seen.units)),
        "unit": seen.units.filter(pk=as_key(filters.unit)).select_related("organ").first() if filters.unit else None,
        "manages": may_manage(request.user, found),
        "may_choose": ("left",) if filters.state == "left" else MAY_LEAVE,
        "coming_back": filters.state == "left",
    }
    return render(request, "workbench/campaigns/entries.html", context)


@login_required
@require_GET
def entries_sheet(request: StaffRequest, guid: UUID) -> HttpResponseBase:
    found = campaign_for(request.user, guid)
    seen, filters = progress.seen_by(request.user, found, at=now()), EntryFilters.read(request.GET)
    shown = seen.entries.filter(filters.condition()).order_by("participation_id", "pk")
    return _sheet(f"{found}参审事项", ENTRY_HEAD, entry_lines(found, shown))


def _sheet(title: str, head: Sequence[str], lines: Iterable[Sequence[str]]) -> HttpResponseBase:
    def write(file: IO[bytes]) -> None:
        with new_workbook(file) as book:
            write_table(book, title, head, lines, title=title, widths=(6, 20), frozen=2)

    return send_written(write, f"{title}{today():%Y%m%d}.xlsx")


@login_required
@require_POST
def leave_chosen(request: StaffRequest, guid: UUID) -> HttpResponse:
    return _ask_why(request, guid, "workbench:campaign-leave")


@login_required
@require_POST
def rejoin_chosen(request: StaffRequest, guid: UUID) -> HttpResponse:
    return _ask_why(request, guid, "workbench:campaign-rejoin")


def _ask_why(request: StaffRequest, guid: UUID, page: str) -> HttpResponse:
    """Redirect to the page that asks for the reason, so that the form's token stays out of the address."""
    found = managed_campaign(request.user, guid)
    chosen = urlencode([("entry", each) for each in sorted(as_guids(request.POST.getlist("entry")))])
    if not chosen:
        messages.warning(request, "没有选中事项，请先勾选。")
        return redirect("workbench:campaign-entries", found.guid)
    return redirect(f"{reverse(page, args=[guid])}?{chosen}")


@login_required
@require_http_methods(["GET", "POST"])
def leave(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Withdraw from this campaign (退出本次清理) the entries the address names."""
    found = managed_campaign(request.user, guid)
    chosen = _chosen(request, found, MAY_LEAVE)
    if not chosen:
        raise Missing("没有可以退出的事项", remedy="已经审定、公布或退出的不能再退出。请回到事项列表重新选择。")
    form = LeaveForm(posted(request))
    if form.is_valid():
        left = actions.leave_entries(chosen, reason=form.cleaned_data["reason"], by=request.user, at=now())
        messages.success(request, f"{left}项已退出本次清理")
        return redirect("workbench:campaign-entries", guid)
    context = {
        "campaign": found,
        "form": form,
        "entries": chosen,
        "title": f"{len(chosen)}项退出本次清理",
        "action": "退出本次清理",
        "danger": True,
        "back": reverse("workbench:campaign-entries", args=[guid]),
    }
    return render(request, "workbench/campaigns/leave.html", context, status=422 if form.is_bound else 200)


def _chosen(request: StaffRequest, found: Campaign, states: Sequence[str]) -> list[Entry]:
    """Return the entries the address names, of those in one of the states."""
    wanted = found.entries.filter(guid__in=guids_in(request.GET, "entry"), state__in=states)
    return list(wanted.select_related("campaign", "item", "participation__organ").order_by("id"))


@login_required
@require_http_methods(["GET", "POST"])
def rejoin(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Take the entries the address names in again (重新列入)."""
    found = managed_campaign(request.user, guid)
    chosen = _chosen(request, found, ("left",))
    if not chosen:
        raise Missing("没有可以重新列入的事项", remedy="只有退出了的可以重新列入。请回到事项列表重新选择。")
    form = RejoinForm(posted(request))
    if form.is_valid():
        back = actions.rejoin_entries(chosen, reason=form.cleaned_data["reason"], by=request.user, at=now())
        messages.success(request, f"{back}项已重新列入，等单位上报。")
        return redirect("workbench:campaign-entries", guid)
    context = {
        "campaign": found,
        "form": form,
        "entries": chosen,
        "title": f"{len(chosen)}项重新列入本次清理",
        "action": "重新列入",
        "back": reverse("workbench:campaign-entries", args=[guid]),
    }
    return render(request, "workbench/campaigns/rejoin.html", context, status=422 if form.is_bound else 200)


# Units


@login_required
@require_http_methods(["GET", "POST"])
def units(request: StaffRequest, guid: UUID) -> HttpResponse:
    """List who takes part, by stage.

    The organizer invites more, also when it has long begun.
    """
    if request.method == "POST":
        return _invite(request, managed_campaign(request.user, guid))
    found = overseen_campaign(request.user, guid)
    filters, day = UnitFilters.read(request.GET), today()
    shown = filters.narrowed(found, found.participations.all(), day).select_related("organ__division")
    page = Page(shown, request.GET, by=("pk",), size=PAGE)
    for each in page.rows:
        each.campaign = found  # one plan read, not one for each row
    deadlines = report_deadlines([found], day)
    owed = found.entries.filter(participation__in=[each.pk for each in page.rows], state__in=queries.OWED)
    open_ones = queries.counted(owed, "participation")
    manages = may_manage(request.user, found)
    candidates = Organ.objects.none()
    if manages and found.state in ("preparing", "running"):
        there = Participation.objects.filter(campaign=found).values("organ")
        organs: Any = queries.organs_in_scope(found)
        candidates = Organ.objects.filter(pk__in=organs.values("pk")).exclude(pk__in=there).select_related("division")
    context = {
        "campaign": found,
        "units": [(each, open_ones.get(each.pk, 0), deadlines.of(each)) for each in page.rows],
        "page": page,
        "filters": filters,
        "query": filters.as_query(),
        "tabs": tabs(UnitFilters(), "show", {"": "全部", **dict(UnitFilters.show.options)}, chosen=filters.show),
        "controls": filters.controls(**place_options(found, found.participations.all())),
        "manages": manages,
        "candidates": candidates[:PAGE],
        "candidates_count": candidates.count(),
    }
    return render(request, "workbench/campaigns/units.html", context)


def _invite(request: StaffRequest, found: Campaign) -> HttpResponse:
    chosen = queries.organs_in_scope(found)
    if request.POST.get("all") != "1":
        chosen = chosen.filter(pk__in=[as_key(each) for each in request.POST.getlist("organ")])
    made = actions.invite_units(found, organs=list(chosen[:INVITED_AT_ONCE]), by=request.user, at=now())
    if made:
        messages.success(request, f"已请{len(made)}个单位参加")
    else:
        messages.warning(request, "没有选中单位，请先勾选。")
    return redirect("workbench:campaign-units", found.guid)


@login_required
@require_GET
def units_sheet(request: StaffRequest, guid: UUID) -> HttpResponseBase:
    """Return the list as shown: all, the overdue (逾期名单), those without contacts …."""
    found = overseen_campaign(request.user, guid)
    filters = UnitFilters.read(request.GET)
    shown = filters.narrowed(found, found.participations.all(), today()).order_by("organ__division_id", "organ_id")
    title = {"overdue": "逾期未报名单", "nameless": "未写明三人名单"}.get(filters.show, "参加单位")
    return _sheet(f"{found}{title}", UNIT_HEAD, _unit_lines(found, shown))


def _unit_lines(found: Campaign, units: QuerySet[Participation]) -> Iterator[tuple[str, ...]]:
    deadlines, batches = report_deadlines([found], today()), {each.code: each.label for each in found.plan.batches}
    owed = queries.counted(found.entries.filter(state__in=queries.OWED), "participation")
    rows = units.select_related("organ__division")
    for place, each in enumerate(rows.iterator(500), 1):
        each.campaign = found
        due = deadlines.of(each) if owed.get(each.pk) and not each.left_at else None
        yield (
            str(place),
            str(each.organ),
            each.organ.division.name,
            batches.get(each.batch, ""),
            each.leader,
            each.section,
            each.clerk,
            each.phone,
            f"第{each.reported_round}轮" if each.reported_round else "未上报",
            due.day.isoformat() if due else "",
            due.words if due else "",
            f"已退出：{each.left_reason}" if each.left_at else "",
        )


def _unit(found: Campaign, pk: int) -> Participation:
    one = found.participations.select_related("organ__division", "campaign").filter(pk=pk).first()
    if one is None:
        raise Missing("这个单位没有参加")
    return one


@login_required
@require_http_methods(["GET", "POST"])
def unit(request: StaffRequest, guid: UUID, pk: int) -> HttpResponse:
    """Show one unit to those who oversee.

    The organizer notes the paper copies that came in.
    """
    if request.method == "POST":
        return _receive(request, _unit(managed_campaign(request.user, guid), pk))
    found = overseen_campaign(request.user, guid)
    one, states = _unit(found, pk), states_of("entry")
    counts = queries.states_of(one)
    owed = sum(counts.get(state, 0) for state in queries.OWED)
    context = {
        "campaign": found,
        "unit": one,
        "batch": next(each.label for each in found.plan.batches if each.code == one.batch),
        "due": report_deadlines([found], today()).of(one) if owed and not one.left_at else None,
        "counts": [(code, states[code].label, counts[code]) for code in states if code in counts],
        "reports": one.reports.select_related("signed_by", "scan"),
        "orders": one.orders.all(),
        "absences": one.absences.select_related("reference")[:PAGE],
        "gaps": gaps(one).count(),
        "unexplained": list(unexplained(one)[:PAGE]),
        "manages": may_manage(request.user, found),
        "under_way": found.state in ("preparing", "running"),
        "today": today(),
    }
    return render(request, "workbench/campaigns/unit.html", context)


def _receive(request: StaffRequest, one: Participation) -> HttpResponse:
    report = one.reports.filter(pk=as_key(request.POST.get("report", "")), recalled_at=None).first()
    if report is None:
        raise Missing("没有这次上报")
    copies = min(as_key(request.POST.get("copies", "")), 99)
    actions.receive_copies(report, copies=copies, by=request.user, at=now())
    messages.success(request, f"已登记收到纸质件{copies}份")
    return redirect("workbench:campaign-unit", one.campaign.guid, one.pk)


@login_required
@require_http_methods(["GET", "POST"])
def leave_unit(request: StaffRequest, guid: UUID, pk: int) -> HttpResponse:
    found = managed_campaign(request.user, guid)
    one = _unit(found, pk)
    form = LeaveForm(posted(request))
    if form.is_valid():
        actions.leave_campaign(one, reason=form.cleaned_data["reason"], by=request.user, at=now())
        messages.success(request, f"{one.organ}已退出本次清理")
        return redirect("workbench:campaign-unit", guid, pk)
    context = {
        "campaign": found,
        "form": form,
        "unit": one,
        "leaving": one.entries.filter(state__in=MAY_LEAVE).count(),
        "staying": one.entries.filter(state__in=("decided", "published", "ended", "refused")).count(),
        "title": f"{one.organ}退出本次清理",
        "action": "退出本次清理",
        "danger": True,
        "back": reverse("workbench:campaign-unit", args=[guid, pk]),
    }
    return render(request, "workbench/campaigns/leave_unit.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def rejoin_unit(request: StaffRequest, guid: UUID, pk: int) -> HttpResponse:
    found = managed_campaign(request.user, guid)
    one = _unit(found, pk)
    if one.left_at is None:
        raise Missing("这个单位没有退出", remedy="它还在参加，不用重新请。")
    form = RejoinForm(posted(request))
    if form.is_valid():
        actions.rejoin_campaign(one, reason=form.cleaned_data["reason"], by=request.user, at=now())
        messages.success(request, f"{one.organ}已重新参加，现在就能看到要上报的事项。")
        return redirect("workbench:campaign-unit", guid, pk)
    context = {
        "campaign": found,
        "form": form,
        "unit": one,
        "coming": len(queries.left_with(one)),
        "title": f"{one.organ}重新参加本次清理",
        "action": "重新参加",
        "back": reverse("workbench:campaign-unit", args=[guid, pk]),
    }
    return render(request, "workbench/campaigns/rejoin_unit.html", context, status=422 if form.is_bound else 200)


# Explanations


@login_required
@require_GET
def explanations(request: StaffRequest, guid: UUID) -> HttpResponse:
    """List units' explanations of reference entries they have not, where 瞒报、漏报 show."""
    found = overseen_campaign(request.user, guid)
    filters = ExplanationFilters.read(request.GET)
    shown = progress.explanations_in(found).filter(filters.condition())
    context = {
        "campaign": found,
        "filters": filters,
        "controls": filters.controls(),
        "unit": _unit(found, as_key(filters.unit)) if filters.unit else None,
        "clear_word": "看全部单位" if filters.unit else "",
        "page": Page(shown, request.GET, by=("pk",), size=PAGE),
    }
    return render(request, "workbench/campaigns/explanations.html", context)
