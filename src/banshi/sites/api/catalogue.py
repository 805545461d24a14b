"""Items in force, their guides, and what was in force before."""

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from ninja import Query, Router
from pydantic import BaseModel, Field

from banshi.catalog.bpmn import bpmn_xml
from banshi.catalog.enums import Level
from banshi.catalog.hsds import hsds_service
from banshi.catalog.linked_data import cpsv_ap, schema_org
from banshi.catalog.models import Item, Listing, ReferenceItem
from banshi.catalog.queries import in_force_of, listings, public_publications, publication_on
from banshi.core.clock import CHINA
from banshi.core.errors import Missing
from banshi.core.json_types import JsonObject
from banshi.sites.api import fields
from banshi.sites.api.errors import COMMON, Gone, ProblemDetails
from banshi.sites.api.responses import sealed
from banshi.sites.api.schemas import (
    LINE_COLUMNS,
    GuideOut,
    ItemOut,
    ItemPage,
    PublicationList,
    ReferencePage,
    guide_out,
    item_out,
    line,
    publication_out,
)
from banshi.sites.kit.listing.pages import KeySet

router = Router(tags=["目录与指南"])
Vocabulary = Literal["cpsv-ap", "schema.org"]
ANSWERS = {304: None, COMMON: ProblemDetails}
MAY_BE_GONE = {304: None, COMMON | {410}: ProblemDetails}


class ItemFilters(BaseModel):
    category: fields.Slug | fields.Left = Field(None, description="类别代码")
    organ: fields.Number | fields.Left = Field(None, description="机构编号")
    division: fields.DivisionCode | fields.Left = None
    level: Level | fields.Left = Field(
        None, description="行使层级：1国家 2省 3市 4县 5乡镇（街道） 6村（社区） 7分级管理"
    )
    audience: Literal["person", "company", "untold"] | fields.Left = Field(
        None, description="面向个人、法人；untold 为指南没有写明给谁办的"
    )
    online: bool | fields.Left = Field(None, description="可网上办理")
    updated_since: fields.Moment | fields.Left = None
    after: fields.After = 0
    limit: fields.Limit = 25

    def applied(self, rows: QuerySet[Listing, Any]) -> QuerySet[Listing, Any]:
        asked = {
            "category": self.category,
            "organ": self.organ,
            "division__code__startswith": self.division,
            "level": self.level,
            "for_person": self.audience == "person" or None,
            "for_company": self.audience == "company" or None,
            "for_person__isnull": self.audience == "untold" or None,
            "online": self.online,
            "since__gte": self.updated_since,
        }
        return rows.filter(**{key: value for key, value in asked.items() if value is not None})


@router.get("/items", response={200: ItemPage, **ANSWERS}, summary="在办事项")
def list_items(request: HttpRequest, filters: Query[ItemFilters]) -> dict[str, object]:
    """已公布、在用的事项，按编号先后；翻页用 after，末页与首页一样快。"""
    page = KeySet(filters.applied(lines()), by=("item_id",), mark=[filters.after], size=filters.limit)
    return {"items": [line(row) for row in page.rows], "next": page.next_key}


@router.get("/items/{uuid:guid}", response={200: ItemOut, **MAY_BE_GONE}, summary="一个事项")
def show_item(request: HttpRequest, response: HttpResponse, guid: UUID) -> Any:
    whole = (
        listings().select_related("item__reference", "publication__revision").defer("publication__revision__content")
    )
    listing = whole.filter(item__guid=guid).first()
    if listing is None:
        raise no_longer(guid)
    row = lines().get(pk=listing.pk)
    return item_out(listing, row)


@router.get("/items/{uuid:guid}/guide", response={200: GuideOut, **MAY_BE_GONE}, summary="办事指南")
def show_guide(request: HttpRequest, response: HttpResponse, guid: UUID, on: fields.Day | fields.Left = None) -> Any:
    """在用的指南全文；给出 on（日期）时，是那一天结束时有效的版本。"""
    publication = in_force_of(guid) if on is None else publication_on(_item(guid), end_of(on))
    if publication is None:
        raise no_longer(guid) if on is None else Missing("那一天没有公布的指南", where=f"{on}", remedy="请换一个日期。")
    response["Last-Modified"] = http_date((publication.until or publication.since).timestamp())
    return guide_out(publication)


@router.get("/items/{uuid:guid}/linked-data", response={200: JsonObject, **MAY_BE_GONE}, summary="链接数据（JSON-LD）")
def show_linked_data(
    request: HttpRequest, response: HttpResponse, guid: UUID, vocabulary: Vocabulary = "cpsv-ap"
) -> Any:
    """在用的指南，按欧盟公共服务词汇 CPSV-AP 或 schema.org 表达。"""
    publication = in_force_of(guid)
    if publication is None:
        raise no_longer(guid)
    response["Last-Modified"] = http_date(publication.since.timestamp())
    told = cpsv_ap if vocabulary == "cpsv-ap" else schema_org
    return told(publication, f"{settings.SITE_URL}/items/{guid}/")


@router.get("/items/{uuid:guid}/hsds", response={200: JsonObject, **MAY_BE_GONE}, summary="服务（HSDS 3）")
def show_service(request: HttpRequest, response: HttpResponse, guid: UUID) -> Any:
    """在用的指南，按 Open Referral HSDS 3 表达。"""
    publication = in_force_of(guid)
    if publication is None:
        raise no_longer(guid)
    response["Last-Modified"] = http_date(publication.since.timestamp())
    return hsds_service(publication, f"{settings.SITE_URL}/items/{guid}/")


@router.get(
    "/items/{uuid:guid}/bpmn",
    response={200: None, **MAY_BE_GONE},
    openapi_extra={"responses": {200: {"content": {"application/xml": {"schema": {"type": "string"}}}}}},
    summary="办理流程（BPMN 2.0）",
)
def show_process(request: HttpRequest, guid: UUID) -> Any:
    """在用指南的办理环节，BPMN 2.0 文件（含图形），可以用流程建模工具打开。"""
    publication = in_force_of(guid)
    if publication is None:
        raise no_longer(guid)
    headers = {"Last-Modified": http_date(publication.since.timestamp())}
    response = HttpResponse(
        bpmn_xml(publication.revision.guide, publication.source_note, as_written=publication.from_a_page),
        content_type="application/xml; charset=utf-8",
        headers=headers,
    )
    return sealed(request, response)


@router.get("/items/{uuid:guid}/publications", response={200: PublicationList, **ANSWERS}, summary="历次公布")
def list_publications(request: HttpRequest, guid: UUID) -> Any:
    versions = public_publications().defer("revision__content").filter(item=_item(guid)).order_by("-number")
    return {"item": guid, "publications": [publication_out(each) for each in versions]}


@router.get("/items/{uuid:guid}/publications/{int:version}", response={200: GuideOut, **ANSWERS}, summary="某一版指南")
def show_publication(request: HttpRequest, response: HttpResponse, guid: UUID, version: fields.Version) -> Any:
    publication = public_publications().filter(item__guid=guid, number=version).first()
    if publication is None:
        raise Missing("没有这一版", where=f"第{version}版", remedy="请到“历次公布”查看有哪些版本。")
    response["Last-Modified"] = http_date((publication.until or publication.since).timestamp())
    return guide_out(publication)


@router.get("/reference-items", response={200: ReferencePage, **ANSWERS}, summary="统一参考目录")
def list_reference_items(request: HttpRequest, after: fields.After = 0, limit: fields.Limit = 100) -> Any:
    names = ("id", "base_code", "name", "kind", "category", "field", "issued_by", "is_example")
    page = KeySet(ReferenceItem.objects.values(*names), by=("id",), mark=[after], size=limit)
    return {"items": page.rows, "next": page.next_key}


@cache
def lines() -> Any:
    """List rows of `shapes.LINE_COLUMNS`, in the order of pages, for each reader to narrow.

    It is put together once.
    """
    columns = {name: F(column) for name, column in LINE_COLUMNS.items() if name != column}
    plain = [name for name, column in LINE_COLUMNS.items() if name == column]
    return Listing.objects.order_by("item_id").values(*plain, **columns)


def end_of(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA) + timedelta(days=1, microseconds=-1)


def _item(guid: UUID) -> Item:
    """Find an item the public may know of: one that was published, not only in error."""
    publication = public_publications().filter(item__guid=guid).first()
    if publication is None:
        raise Missing("没有这个事项", where=str(guid), remedy="请用 /api/v1/items 或 /api/v1/search 查找。")
    return publication.item


def no_longer(guid: UUID) -> Missing:
    """Say why nothing is in force, and where to go instead."""
    item = _item(guid)
    merged = item.merged_into
    remedy = f"已并入 /api/v1/items/{merged.guid} 。" if merged else f"历次公布见 /api/v1/items/{guid}/publications 。"
    return Gone(f"“{item.name}”已不再公布", where=str(guid), remedy=remedy)
