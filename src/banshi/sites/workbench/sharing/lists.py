"""责任清单 and 负面清单, read from the catalogue as it stands, and all three lists as workbooks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from banshi.core.clock import CHINA, now, today
from banshi.core.errors import Missing
from banshi.documents.workbook import new_workbook, write_table
from banshi.exchange.lists import duties_of, refused_data
from banshi.exchange.models import Demand
from banshi.exchange.quality import freshness_words
from banshi.exchange.queries import demands_visible_to
from banshi.people.models import User
from banshi.sites.kit.downloads import send_written
from banshi.sites.kit.listing.filters import Tab
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest

TABS = {"demands": "供需对接清单", "duties": "责任清单", "refused": "负面清单"}
ADDRESSES = {"demands": "data_demands", "duties": "data_duties", "refused": "data_refused"}
SHOWN = 500


def list_tabs(chosen: str) -> list[Tab]:
    return [Tab(label, reverse(f"workbench:{ADDRESSES[name]}"), name == chosen) for name, label in TABS.items()]


@login_required
@require_GET
def duties(request: StaffRequest) -> HttpResponse:
    """Show who has to keep what shared, how new it has to be, and whether it is."""
    require(request.user, Permission.EXCHANGE_VIEW)
    rows = list(duties_of(at=now()))
    context = {"tabs": list_tabs("duties"), "rows": rows[:SHOWN], "more": len(rows) > SHOWN}
    return render(request, "workbench/sharing/duties.html", context)


@login_required
@require_GET
def refused(request: StaffRequest) -> HttpResponse:
    """Show what is not shared, and on what law that rests."""
    require(request.user, Permission.EXCHANGE_VIEW)
    rows = list(refused_data())
    context = {"tabs": list_tabs("refused"), "rows": rows[:SHOWN], "more": len(rows) > SHOWN}
    return render(request, "workbench/sharing/refused.html", context)


@dataclass(frozen=True, slots=True)
class ListSheet:
    heads: Sequence[str]
    rows: Callable[[User], Iterator[Sequence[object]]]


def _demand_rows(user: User) -> Iterator[Sequence[object]]:
    for each in demands_visible_to(user, at=now()).iterator(500):
        yield _demand_cells(each)


def _demand_cells(each: Demand) -> Sequence[object]:
    asked: list[Any] = [each.organ.name, each.wanted, each.items, each.scene, each.basis]
    place = [each.item.name if each.item else "", each.provider.name if each.provider else "", each.raised_at]
    answered = [each.get_state_display(), each.resource.code if each.resource else "", each.answer, each.answered_at]
    return [*asked, *place, *answered]


def _duty_rows(user: User) -> Iterator[Sequence[object]]:
    at = now()
    for each in duties_of(at=at):
        one, measure = each.resource, each.measure
        figures: list[object] = [None, None, "", None]
        if measure:
            day = measure.at.astimezone(CHINA).date()
            figures = [measure.rows, measure.duplicates, freshness_words(measure, one.update_cycle, at=at), day]
        base = [one.organ.name, one.duty, one.code, one.name, one.update_cycle, one.means, one.get_sharing_display()]
        yield [*base, each.users, each.demands, each.owed, *figures]


def _refused_rows(user: User) -> Iterator[Sequence[object]]:
    return ([each.organ, each.code, each.resource, each.what, each.basis] for each in refused_data())


SHEETS = {
    "demands": ListSheet(
        (
            *("需求单位", "需要什么数据", "信息项", "用来办什么", "依据", "事项", "责任单位", "提出时间"),
            *("状态", "对接的资源代码", "回应", "回应时间"),
        ),
        _demand_rows,
    ),
    "duties": ListSheet(
        (
            *("责任单位", "职责", "资源代码", "数据目录名称", "更新频率", "共享方式", "共享属性", "几个单位在用"),
            *("对接了几个需求", "还欠什么", "条数", "重复", "新不新", "哪天测的"),
        ),
        _duty_rows,
    ),
    "refused": ListSheet(("提供单位", "资源代码", "数据目录名称", "不予共享的", "依据"), _refused_rows),
}


@login_required
@require_GET
def export(request: StaffRequest, name: str) -> HttpResponseBase:
    require(request.user, Permission.EXCHANGE_VIEW)
    if name not in SHEETS:
        raise Missing("没有这张清单", remedy="有供需对接清单、责任清单和负面清单。")
    sheet = SHEETS[name]

    def write(to: IO[bytes]) -> None:
        with new_workbook(to) as book:
            write_table(book, TABS[name], sheet.heads, sheet.rows(request.user), widths=(24,), frozen=2)

    return send_written(write, f"{TABS[name]}{today():%Y%m%d}.xlsx")
