"""Papers a unit hands in (目录表, 梳理表, 办事指南, 审核表), of exactly what its head signed (or is to sign)."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from banshi.campaigns.printouts import Handed, guides_handed_in, handed_in, review_forms
from banshi.core.clock import today
from banshi.core.errors import Missing
from banshi.sites.kit.address import text_in
from banshi.sites.kit.downloads import send_bytes, send_written
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.deciding.views import paper
from banshi.sites.workbench.reporting.views import unit_for
from banshi.spreadsheets.exporting import write_directory, write_scrutiny

TABLES = {"directory": ("目录表", write_directory), "scrutiny": ("梳理表", write_scrutiny)}


def _handed(request: StaffRequest, pk: int) -> Handed:
    """Return what is signed, or with `draft=1` in the address, what is to be."""
    # Raises Missing when there is nothing to print.
    found = handed_in(unit_for(request.user, pk), draft=text_in(request.GET, "draft") == "1")
    if not found.lines:
        raise Missing("没有可以打印的事项", remedy="还没有上报的，请从“审签上报”打印送签稿。")
    return found


@login_required
@require_GET
def table(request: StaffRequest, pk: int, form: str) -> HttpResponseBase:
    handed = _handed(request, pk)
    if form not in TABLES:
        raise Missing("没有这种表", remedy="可以打印目录表或梳理表。")
    word, write = TABLES[form]
    title = f"{handed.unit.organ}公共服务事项{word}（{handed.name}）"
    name = f"{word}-{handed.unit.organ}-{handed.name}.xlsx"
    return send_written(lambda file: write(file, handed.lines, title=title), name)


@login_required
@require_GET
def guides(request: StaffRequest, pk: int) -> HttpResponse:
    handed = _handed(request, pk)
    url = settings.SITE_URL + reverse("workbench:report", args=[pk])
    name = f"办事指南-{handed.unit.organ}-{handed.name}.pdf"
    return send_bytes(guides_handed_in(handed, day=today(), url=url), name, inline=True)


@login_required
@require_GET
def forms(request: StaffRequest, pk: int, form: str) -> HttpResponse:
    one = unit_for(request.user, pk)
    return paper(
        review_forms(one, day=today(), draft=text_in(request.GET, "draft") == "1"), f"审核表-{one.organ}", form
    )
