"""月度通报 and 年度报告: drafts that follow the data, and those issued, which never change."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from banshi.core.clock import now, today
from banshi.core.errors import Conflict, Missing
from banshi.documents.official import Official
from banshi.documents.official_files import as_docx, as_pdf
from banshi.people.models import Organ
from banshi.sites.kit.address import key_in
from banshi.sites.kit.downloads import send_bytes, send_stored
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.supervision.actions.bulletins import issue_bulletin
from banshi.supervision.bulletin_printing import written
from banshi.supervision.bulletins import figures_of, paper_of
from banshi.supervision.models import SupervisionBulletin
from banshi.supervision.periods import Period
from banshi.supervision.queries import bulletins_visible_to, reporting_organ

PRINTERS = {"pdf": as_pdf, "docx": as_docx}


@login_required
@require_safe
def bulletins(request: StaffRequest) -> HttpResponse:
    """List bulletins issued, and the months that wait for one."""
    require(request.user, Permission.SUPERVISION_VIEW)
    issued = list(bulletins_visible_to(request.user, at=now()))
    organ = reporting_organ(request.user, at=now())
    there = {each.period for each in issued if organ is None or each.organ_id == organ.pk}
    month = Period.month_of(today())
    drafts = [
        each for each in (*reversed(month.months), Period(month.year), Period(month.year - 1)) if str(each) not in there
    ]
    context = {"issued": [(each, Period.read(each.period)) for each in issued], "drafts": drafts, "today": today()}
    return render(request, "oversight/bulletins/bulletins.html", context)


@login_required
@require_safe
def bulletin(request: StaffRequest, period: str) -> HttpResponse:
    """Show a bulletin, as it was issued or as it would be now."""
    of, issued, paper = _paper(request, period)
    context: dict[str, Any] = {
        "period": of,
        "issued": issued,
        "paper": paper,
        "of": f"?organ={issued.organ_id}" if issued else "",
        "may_issue": issued is None and of.until <= today() and reporting_organ(request.user, at=now()) is not None,
        "crumbs": [(reverse("oversight:bulletins"), "通报"), ("", of.label)],
    }
    return render(request, "oversight/bulletins/bulletin.html", context)


@login_required
@require_safe
def download(request: StaffRequest, period: str, kind: str) -> HttpResponseBase:
    """Send the file of an issued bulletin, or a draft printed as it would be now."""
    if kind not in PRINTERS:
        raise Missing("没有这种格式", remedy="请下载 PDF 或 Word。")
    of, issued, paper = _paper(request, period)
    if issued is None:
        return send_bytes(PRINTERS[kind](paper), f"{of.label}通报（草稿）.{kind}")
    stored = getattr(issued, kind)
    if stored is None:
        raise Conflict("还在排版", remedy="请过一两分钟再下载。")
    return send_stored(stored)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: StaffRequest, period: str) -> HttpResponse:
    """Ask once, and issue."""
    organ = reporting_organ(request.user, at=now())
    of = Period.read(period)
    if of is None or organ is None:
        raise Missing("没有这份通报", remedy="请回到“通报”查看。")
    if request.method == "POST":
        made = issue_bulletin(organ, of, by=request.user, at=now())
        messages.success(request, f"已发布{made.number}，文件正在排版。")
        return redirect("oversight:bulletin", period)
    context = {
        "title": f"发布{of.label}的通报",
        "what": "数据就此固定，以后的变动不影响这一份；发布以后不能修改、不能重发。",
        "action": "发布",
        "back": reverse("oversight:bulletin", args=[period]),
    }
    return render(request, "kit/confirm.html", context)


def _paper(request: StaffRequest, period: str) -> tuple[Period, SupervisionBulletin | None, Official]:
    """Find what was issued for a period, else write the draft of what one supervises."""
    require(request.user, Permission.SUPERVISION_VIEW)
    of = Period.read(period)
    if of is None or of.first > today():
        raise Missing("没有这份通报", remedy="请回到“通报”查看。")
    reporting, asked = reporting_organ(request.user, at=now()), key_in(request.GET, "organ")
    there = bulletins_visible_to(request.user, at=now()).filter(period=str(of))
    # Several organs may each issue one of the same period: that which was asked for, else one's own.
    if asked or reporting:
        there = there.filter(organ=asked or reporting)
    issued = there.first()
    if issued:
        return of, issued, written(issued)
    if asked and (reporting is None or asked != reporting.pk):
        raise Missing("没有这份通报", remedy="请回到“通报”查看。")
    organs = organs_where(request.user, Permission.SUPERVISION_VIEW)
    organ = reporting or organs.order_by("pk").first() or Organ()
    figures = figures_of(organs, of, at=now())
    paper = paper_of(figures, organ=organ.name, number="", on=today(), is_draft=True, is_example=organ.is_example)
    return of, None, paper
