"""The whole catalogue in force as one file: written while it is sent, however many items there are."""

from collections.abc import Callable, Iterator
from typing import IO, Any

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from pydantic_core import to_json

from banshi.catalog.enums import ItemKind, Level
from banshi.catalog.provenance import Provenance, added_words
from banshi.catalog.queries import listings
from banshi.core.clock import CHINA, now
from banshi.core.json_types import JsonObject
from banshi.documents.workbook import new_workbook, write_table
from banshi.sites.kit.downloads import send_written
from banshi.sites.portal.streaming import csv_lines, opened, streamed

AT_ONCE = 500

COLUMNS: dict[str, Callable[[JsonObject], Any]] = {
    "事项编号": lambda row: str(row["guid"]),
    "事项名称": lambda row: row["name"],
    "事项编码": lambda row: row["code"],
    "基本编码": lambda row: row["base_code"],
    "事项类型": lambda row: ItemKind(row["kind"]).label,
    "类别": lambda row: row["category_name"] or "",
    "实施主体": lambda row: row["organ_name"],
    "统一社会信用代码": lambda row: row["uscc"],
    "区划代码": lambda row: row["division_id"],
    "区划": lambda row: row["division_name"],
    "行使层级": lambda row: Level(row["level"]).label if row["level"] else "",
    "面向个人": lambda row: _yes_no(row["for_person"]),
    "面向法人": lambda row: _yes_no(row["for_company"]),
    "可网上办理": lambda row: _yes_no(row["online"]),
    "承诺时限": lambda row: row["limit_words"],
    "收费": lambda row: row["fee_words"],
    "到场次数": lambda row: "" if row["visits"] is None else row["visits"],
    "一句话说明": lambda row: row["summary"],
    "已有办事指南": lambda row: _yes_no(row["has_guide"]),
    "示例": lambda row: _yes_no(row["is_example"]),
    "资料来源": lambda row: Provenance(row["provenance"]).label,
    "来源说明": lambda row: row["source"] if row["provenance"] == Provenance.PAGE else "",
    "整理者补充的要素": lambda row: added_words(row["origins"]),
    "公布版本": lambda row: row["version"],
    "生效时间": lambda row: f"{row['since'].astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
    "网页": lambda row: f"{settings.SITE_URL}/items/{row['guid']}/",
}


@require_safe
def send_csv(request: HttpRequest) -> HttpResponseBase:
    return streamed(csv_lines(_table()), "catalogue.csv")


@require_safe
def send_json(request: HttpRequest) -> HttpResponseBase:
    """Send each item with its whole guide, under its element names as the API describes them."""
    return streamed(_json(), "catalogue.json")


@require_safe
def send_xlsx(request: HttpRequest) -> HttpResponseBase:
    return opened(send_written(_write, "catalogue.xlsx"))


def _write(to: IO[bytes]) -> None:
    rows = _table()
    with new_workbook(to) as book:
        write_table(book, "目录", next(rows), rows, frozen=2)


def _table() -> Iterator[list[Any]]:
    yield list(COLUMNS)
    for row in _rows():
        yield [told(row) for told in COLUMNS.values()]


def _json() -> Iterator[bytes]:
    head = {"source": settings.CITY_NAME or settings.SITE_URL, "made_at": now(), "names": list(COLUMNS)}
    yield to_json(head)[:-1] + b',"items":['
    for place, row in enumerate(_rows(guide="publication__revision__content")):
        facts = {name: told(row) for name, told in COLUMNS.items()}
        yield (b",\n" if place else b"\n") + to_json({**facts, "provenance": row["origins"], "guide": row["guide"]})
    yield b"\n]}\n"


def _rows(**more: str) -> Iterator[JsonObject]:
    names = ("name", "kind", "level", "for_person", "for_company", "online", "limit_words", "fee_words", "visits")
    others = ("summary", "has_guide", "is_example", "provenance", "since", "division_id")
    columns = {
        "guid": "item__guid",
        "code": "item__code",
        "source": "item__source",
        "base_code": "item__base_code",
        "category_name": "category__name",
        "organ_name": "organ__name",
        "uscc": "organ__uscc",
        "division_name": "division__name",
        "version": "publication__number",
        "origins": "publication__revision__provenance",
        **more,
    }
    asked = {name: F(column) for name, column in columns.items()}
    rows: Any = listings().order_by("item_id").values(*names, *others, **asked)
    yield from rows.iterator(AT_ONCE)


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "是" if value else "否"
