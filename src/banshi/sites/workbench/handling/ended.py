"""已办结: ended cases of one's organs or one's own, as a list and as a workbook."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import IO

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from banshi.cases.models import Case
from banshi.cases.queries import ended_cases
from banshi.core.clock import CHINA, now, today
from banshi.documents.workbook import new_workbook, write_table
from banshi.sites.kit.address import as_day
from banshi.sites.kit.downloads import send_written
from banshi.sites.kit.listing.filters import Contains, Filter, Filters, FlowState, OrganNamed, Tab, Where
from banshi.sites.kit.listing.organs import organ_options
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.handling.listing import TABS
from banshi.workflow.definition import workflow
from banshi.workflow.versions import state_of

LABEL, PAGE, AT_ONCE = "已办结", 50, 500
HEADS = ("办件编号", "事项", "申请人", "承办单位", "结果", "收件", "受理", "决定", "结束")


def _since(text: str) -> Q:
    day = as_day(text)
    return Q(ended_at__gte=datetime.combine(day, time(), CHINA)) if day else Q()


def _until(text: str) -> Q:
    day = as_day(text)
    return Q(ended_at__lt=datetime.combine(day + timedelta(days=1), time(), CHINA)) if day else Q()


class EndedFilters(Filters):
    q = Contains("number", "item__name", label="办件编号或事项")
    whose = Filter("谁办的", options=(("mine", "我办过的"),), every="本单位")
    state = FlowState("case", "结果")
    organ = OrganNamed(label="承办单位")
    since = Where(_since, "结束从", kind="date")
    until = Where(_until, "到", kind="date")


def ended_tab(*, current: bool) -> Tab:
    return Tab(LABEL, reverse("workbench:cases-ended"), current)


def _found(request: StaffRequest, filters: EndedFilters) -> QuerySet[Case]:
    require(request.user, Permission.CASE_VIEW)
    cases = ended_cases(request.user, mine=filters.whose == "mine", at=now())
    return cases.filter(filters.condition())


@login_required
@require_GET
def ended(request: StaffRequest) -> HttpResponse:
    """Show what was ended last first."""
    filters, desks = EndedFilters.read(request.GET), reverse("workbench:cases")
    page = Page(_found(request, filters), request.GET, by=("-ended_at", "-id"), size=PAGE)
    states = [(name, each.label) for name, each in workflow("case").states.items() if each.final]
    organs = organ_options(organs_where(request.user, Permission.CASE_VIEW), filters.organ)
    context = {
        "tabs": [
            *(Tab(label, f"{desks}?show={show}", False) for show, label in TABS.items()),
            ended_tab(current=True),
        ],
        "filters": filters,
        "controls": filters.controls(organ=organs, state=states),
        "page": page,
        "lines": [(each, state_of(each).label) for each in page.rows],
        "query": filters.as_query(),
    }
    return render(request, "workbench/handling/ended.html", context)


@login_required
@require_GET
def ended_workbook(request: StaffRequest) -> FileResponse:
    """Send what the filters leave, with masked names."""
    cases = _found(request, EndedFilters.read(request.GET)).order_by("-ended_at", "-id")

    def write(out: IO[bytes]) -> None:
        with new_workbook(out) as book:
            write_table(book, LABEL, HEADS, _rows(cases))

    return send_written(write, f"{LABEL}的办件{today():%Y%m%d}.xlsx")


def _rows(cases: QuerySet[Case]) -> Iterator[tuple[object, ...]]:
    for each in cases.iterator(AT_ONCE):
        known = each.number, each.item.name, each.applicant_masked, each.organ.name, state_of(each).label
        yield *known, each.received_at, each.accepted_on, each.decided_on, each.ended_at
