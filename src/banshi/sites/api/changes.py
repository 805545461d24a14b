"""The change feed: every change of what is in force, exactly once, in order, singly or by batch."""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Any, Literal

from django.db.models import Count, Max, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from ninja import Query, Router
from pydantic import BaseModel, Field
from pydantic_core import to_json

from banshi.catalog.c0111 import exchange_row
from banshi.catalog.models import Change
from banshi.catalog.queries import changes_after
from banshi.core.errors import Missing
from banshi.core.json_types import JsonObject
from banshi.sites.api import fields
from banshi.sites.api.catalogue import ANSWERS
from banshi.sites.api.errors import COMMON, ProblemDetails
from banshi.sites.api.schemas import BatchPage, ChangeOut, ChangePage
from banshi.sites.kit.downloads import send_stream
from banshi.sites.kit.listing.pages import KeySet

router = Router(tags=["变动与批次"])
Format = Literal["plain", "c0111"]
BatchName = Annotated[str, Field(pattern=r"^[-_.a-zA-Z0-9]{1,40}$")]
AT_ONCE = 200


class FeedPlace(BaseModel):
    after: Annotated[int, Field(ge=0, le=fields.BIGGEST, description="已收到的最后一个序号；从头开始填 0")] = 0
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    format: Format = Field("plain", description="plain 简明；c0111 国家平台交换库字段名")


@router.get("/changes", response={200: ChangePage, **ANSWERS}, summary="变动")
def list_changes(request: HttpRequest, response: HttpResponse, place: Query[FeedPlace]) -> Any:
    """自 after 之后的变动，每个恰好一次、按先后。收完后以 next 作为下次的 after。"""
    response["Cache-Control"] = "no-cache"
    changes = _whole(Change.objects.all(), place.format)
    page = KeySet(changes, by=("number",), mark=[place.after], size=place.limit)
    return {
        "changes": [_told(change, place.format) for change in page.rows],
        "next": page.rows[-1].number if page.rows else place.after,
        "more": page.has_more,
    }


@router.get("/changes/batches", response={200: BatchPage, **ANSWERS}, summary="批次")
def list_batches(
    request: HttpRequest, response: HttpResponse, after: fields.After = 0, limit: fields.Limit = 100
) -> Any:
    """一次公布或调整是一个批次。after 之后的批次，按先后；每批可下载。"""
    response["Cache-Control"] = "no-cache"
    figures = {"first": Min("number"), "last": Max("number"), "changes": Count("number"), "at": Max("at")}
    batched: Any = changes_after(after).order_by().values("batch")  # narrowed before they are put together
    page = KeySet(batched.annotate(**figures), by=("first",), size=limit)
    batches = [{**row, "download": f"/api/v1/changes/batches/{row['batch']}"} for row in page.rows]
    return {"batches": batches, "next": page.rows[-1]["last"] if page.rows else after}


@router.get(
    "/changes/batches/{slug:batch}",
    response={200: list[ChangeOut] | list[dict[str, str]], COMMON: ProblemDetails},
    summary="一个批次",
)
def download_batch(request: HttpRequest, batch: BatchName, format: Format = "plain") -> Any:
    """整批变动，一个 JSON 数组，边读边发。"""
    changes = Change.objects.filter(batch=batch).order_by("number")
    last = changes.last()
    if last is None:
        raise Missing("没有这个批次", where=batch, remedy="全部批次见 /api/v1/changes/batches。")
    told = (_told(change, format) for change in _whole(changes, format).iterator(AT_ONCE))
    response = send_stream(_array(told), f"changes-{batch}.json")
    response["Last-Modified"], response["Cache-Control"] = http_date(last.at.timestamp()), "no-cache"
    return response


def _array(rows: Iterator[dict[str, object]]) -> Iterator[bytes]:
    """Yield a JSON array, a row at a time."""
    yield b"["
    first = next(rows, None)
    if first is not None:
        yield to_json(first)
    yield from chain.from_iterable((b",\n", to_json(row)) for row in rows)
    yield b"]\n"


def _whole(changes: QuerySet[Change], format: Format) -> QuerySet[Change]:
    if format == "c0111":
        return changes.select_related("item__organ", "publication__revision")
    return changes.select_related("item", "publication").only(
        "number", "batch", "operation", "at", "guid", "item__guid", "publication__number"
    )


def _told(change: Change, format: Format) -> JsonObject:
    if format == "c0111":
        return exchange_row(change)
    return {
        "number": change.number,
        "batch": change.batch,
        "operation": change.operation,
        "at": change.at,
        "guid": change.guid,
        "item": change.item.guid,
        "version": change.publication and change.publication.number,
    }
