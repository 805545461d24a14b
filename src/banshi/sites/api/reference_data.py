"""The lists by which items are found: categories, organs, divisions, life events."""

from django.db.models import Count
from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from banshi.catalog.models import Category, LifeEvent
from banshi.core.errors import Missing
from banshi.people.enums import OrganKind
from banshi.people.models import Division, Organ
from banshi.sites.api import fields
from banshi.sites.api.catalogue import ANSWERS, lines
from banshi.sites.api.schemas import (
    CategoryOut,
    DivisionOut,
    LifeEventDetail,
    LifeEventOut,
    OrganOut,
    OrganPage,
    life_event_out,
    line,
    organ_out,
)
from banshi.sites.kit.listing.pages import KeySet

router = Router(tags=["分类、机构与区划"])


class OrganFilters(BaseModel):
    division: fields.DivisionCode | fields.Left = None
    kind: OrganKind | fields.Left = Field(None, description="机构类别")
    after: fields.After = 0
    limit: fields.Limit = 100


@router.get("/categories", response={200: list[CategoryOut], **ANSWERS}, summary="事项类别")
def list_categories(request: HttpRequest) -> object:
    counted = Category.objects.annotate(in_force=Count("listings"))
    return [{"code": each.code, "name": each.name, "hint": each.hint, "items": each.in_force} for each in counted]


@router.get("/divisions", response={200: list[DivisionOut], **ANSWERS}, summary="行政区划")
def list_divisions(request: HttpRequest) -> object:
    return Division.objects.values("code", "name", "level", "parent")


@router.get("/organs", response={200: OrganPage, **ANSWERS}, summary="机构")
def list_organs(request: HttpRequest, filters: Query[OrganFilters]) -> object:
    """在用的机构，按编号先后。"""
    asked = {"division__code__startswith": filters.division, "kind": filters.kind}
    found = Organ.objects.filter(active=True, **{key: value for key, value in asked.items() if value is not None})
    page = KeySet(found.select_related("division"), by=("id",), mark=[filters.after], size=filters.limit)
    return {"organs": [organ_out(each) for each in page.rows], "next": page.next_key}


@router.get("/organs/{int:number}", response={200: OrganOut, **ANSWERS}, summary="一个机构")
def show_organ(request: HttpRequest, number: fields.Number) -> object:
    organ = Organ.objects.select_related("division").filter(pk=number, active=True).first()
    if organ is None:
        raise Missing("没有这个机构", where=f"机构 {number}", remedy="所有机构见 /api/v1/organs。")
    return organ_out(organ)


@router.get("/life-events", response={200: list[LifeEventOut], **ANSWERS}, summary="人生大事")
def list_life_events(request: HttpRequest) -> object:
    return [life_event_out(each) for each in LifeEvent.objects.all()]


@router.get("/life-events/{slug:code}", response={200: LifeEventDetail, **ANSWERS}, summary="一件人生大事和它的事项")
def show_life_event(request: HttpRequest, code: fields.Slug) -> object:
    event = LifeEvent.objects.filter(code=code).first()
    if event is None:
        raise Missing("没有这件人生大事", where=code, remedy="全部见 /api/v1/life-events。")
    rows = lines().filter(item__life_events=event)
    return {**life_event_out(event), "items": [line(row) for row in rows]}
