"""The public registers as open data: written while they are sent."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe
from pydantic_core import to_json

from banshi.core.clock import now, today
from banshi.core.errors import Missing
from banshi.registers.queries import agencies_on, services_public, transfers_public
from banshi.sites.portal.streaming import csv_lines, streamed
from banshi.workflow.versions import state_of

AT_ONCE = 500
Columns = dict[str, Callable[[Any], Any]]

SERVICES: Columns = {
    "编号": lambda row: row.pk,
    "中介服务": lambda row: row.name,
    "用于哪项审批": lambda row: row.approval,
    "审批单位": lambda row: row.organ.name,
    "依据": lambda row: row.basis,
    "由谁委托": lambda row: row.get_payer_display(),
    "收费方式": lambda row: row.get_fee_kind_display(),
    "收费标准": lambda row: row.fee,
    "服务时限": lambda row: row.time_limit,
    "服务成果": lambda row: row.result,
    "示例": lambda row: "是" if row.is_example else "否",
    "网页": lambda row: f"{settings.SITE_URL}{reverse('portal:intermediary', args=[row.pk])}",
}
AGENCIES: Columns = {
    "机构名称": lambda row: row.name,
    "统一社会信用代码": lambda row: row.uscc,
    "业务电话": lambda row: row.phone,
    "地址": lambda row: row.address,
    "登记单位": lambda row: row.organ.name,
    "登记有效期至": lambda row: row.until.isoformat() if row.until else "长期",
    "服务": lambda row: "；".join(f"{each.service.name}（{each.qualification}）" for each in row.valid_offers),
    "示例": lambda row: "是" if row.is_example else "否",
}
TRANSFERS: Columns = {
    "编号": lambda row: row.pk,
    "可转移的职能": lambda row: row.function,
    "原来由谁承担": lambda row: row.organ.name,
    "状态": lambda row: state_of(row).label,
    "编办意见": lambda row: row.opinion,
    "文件": lambda row: row.document,
    "承接组织": lambda row: row.receiver,
    "承接组织信用代码": lambda row: row.receiver_uscc,
    "转移日期": lambda row: row.transferred_on.isoformat() if row.transferred_on else "",
    "收回的原因": lambda row: row.ended_why,
    "示例": lambda row: "是" if row.is_example else "否",
}
FILES: dict[str, tuple[Columns, Callable[..., QuerySet[Any]]]] = {
    "intermediary-services": (SERVICES, services_public),
    "intermediary-agencies": (AGENCIES, agencies_on),
    "transfers": (TRANSFERS, lambda on: transfers_public()),
}


def _file(what: str) -> tuple[Columns, Iterator[object]]:
    if what not in FILES:
        raise Missing("没有这份数据", remedy="可以下载 services（中介服务）和 agencies（承揽机构）。")
    columns, rows = FILES[what]
    return columns, rows(today()).order_by("pk").iterator(AT_ONCE)


@require_safe
def send_csv(request: HttpRequest, what: str, of: str = "intermediary-") -> HttpResponseBase:
    columns, rows = _file(name := f"{of}{what}")
    cells = ([told(row) for told in columns.values()] for row in rows)
    return streamed(csv_lines(chain([columns], cells)), f"{name}.csv")


@require_safe
def send_json(request: HttpRequest, what: str, of: str = "intermediary-") -> HttpResponseBase:
    columns, rows = _file(name := f"{of}{what}")
    return streamed(_json(columns, rows), f"{name}.json")


def _json(columns: Columns, rows: Iterator[object]) -> Iterator[bytes]:
    head = {"source": settings.CITY_NAME or settings.SITE_URL, "made_at": now(), "names": list(columns)}
    yield to_json(head)[:-1] + b',"rows":['
    for place, row in enumerate(rows):
        yield (b",\n" if place else b"\n") + to_json({name: told(row) for name, told in columns.items()})
    yield b"\n]}\n"
