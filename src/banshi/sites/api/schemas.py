"""Schemas of responses, whose titles are the API's documentation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from banshi.catalog.enums import ItemKind, Level
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Change, LifeEvent, Listing, Publication
from banshi.catalog.provenance import Provenance
from banshi.core.json_types import JsonObject
from banshi.people.enums import DivisionLevel, OrganKind
from banshi.people.models import Organ

Next = Field(None, title="下一页的 after；没有下一页为 null")


class Named(BaseModel):
    code: str = Field(title="代码")
    name: str = Field(title="名称")


class OrganBrief(BaseModel):
    id: int = Field(title="机构编号")
    name: str = Field(title="机构名称")


class CategoryOut(Named):
    hint: str = Field(title="说明")
    items: int = Field(title="已公布事项数")


class DivisionOut(Named):
    level: DivisionLevel = Field(title="级别：1国家 2省 3市 4县 5乡镇（街道） 6村（社区）")
    parent: str | None = Field(title="上级区划代码")


class OrganOut(OrganBrief):
    short_name: str = Field(title="简称")
    kind: OrganKind = Field(title="类别")
    uscc: str = Field(title="统一社会信用代码")
    division: Named = Field(title="所在区划")
    superior: int | None = Field(title="上级主管机构编号")
    address: str = Field(title="地址")
    phone: str = Field(title="电话")
    hours: str = Field(title="办公时间")
    is_example: bool = Field(title="示例，不是真实单位")


class OrganPage(BaseModel):
    organs: list[OrganOut]
    next: int | None = Next


class ItemLine(BaseModel):
    """一个在办事项，列表里的样子。"""

    guid: UUID = Field(title="事项编号")
    name: str = Field(title="事项名称")
    summary: str = Field(title="一句话说明")
    code: str = Field(title="事项编码，按原样")
    kind: ItemKind = Field(title="事项类型")
    category: Named | None = Field(title="类别")
    organ: OrganBrief = Field(title="实施主体")
    division: Named = Field(title="所在区划")
    level: Level | Literal[""] = Field(title="行使层级")
    for_person: bool | None = Field(title="面向个人；指南没有说的为 null")
    for_company: bool | None = Field(title="面向法人；指南没有说的为 null")
    online: bool | None = Field(title="可网上办理；指南没有说的为 null")
    limit: str = Field(title="承诺时限")
    fee: str = Field(title="收费")
    visits: int | None = Field(title="到场次数；未填为 null")
    has_guide: bool = Field(title="已有办事指南（否：只有目录信息）")
    is_example: bool = Field(title="示例，不是真实事项")
    provenance: Provenance = Field(title="资料来源：office 单位填报，page 公开页面原文，composed 编写的示例")
    version: int = Field(title="公布版本")
    since: datetime = Field(title="生效时间")
    page: str = Field(title="网页地址")
    guide: str = Field(title="办事指南的接口地址")


class ItemPage(BaseModel):
    items: list[ItemLine]
    next: int | None = Next


class FoundLine(ItemLine):
    marked: str = Field(title="事项名称，命中的词以 <mark> 标出（HTML）")
    snippet: str = Field(title="命中处的文字（HTML）")


class FacetValue(BaseModel):
    value: str = Field(title="筛选值")
    label: str = Field(title="名称")
    count: int = Field(title="命中数")


class FoundPage(BaseModel):
    """搜到的事项，最像的在前。"""

    items: list[FoundLine]
    total: int = Field(title="总数")
    facets: dict[str, list[FacetValue]] = Field(title="各筛选项的命中数")
    corrected: str | None = Field(title="按这个词查的（原词像是写错了）")
    offered: str | None = Field(title="也许要找的是这个词；意思不同，所以没有按它查")
    partial: bool = Field(title="没有全部命中的，这些命中最多")
    notice: str = Field(title="搜索暂时受限时的说明")


class PublicationOut(BaseModel):
    """一次公布；公布后不再改动。"""

    guid: UUID = Field(title="公布编号")
    version: int = Field(title="公布版本")
    since: datetime = Field(title="生效时间")
    until: datetime | None = Field(title="失效时间；在用为 null")
    ending: Publication.Ending | Literal[""] = Field(title="失效原因")
    ending_note: str = Field(title="失效说明")
    reason: str = Field(title="公布说明")
    digest: str = Field(title="内容摘要（SM3）")


class ItemOut(ItemLine):
    """一个在办事项。"""

    base_code: str = Field(title="基本编码")
    reference: Named | None = Field(title="认领的参考目录事项；认领改了的，到公布新的一版才改")
    life_events: list[Named] = Field(title="人生大事")
    publication: PublicationOut = Field(title="在用的公布")


class GuideOut(BaseModel):
    """一份完整的办事指南和它的公布情况。"""

    item: UUID = Field(title="事项编号")
    organ: OrganBrief = Field(title="实施主体")
    publication: PublicationOut
    provenance: dict[str, Provenance] = Field(title="各要素的来源，* 指其余要素")
    source_note: str = Field(title="来源说明；全是单位自己填报的为空")
    guide: Guide


class PublicationList(BaseModel):
    item: UUID = Field(title="事项编号")
    publications: list[PublicationOut] = Field(title="各次公布，新的在前")


class LifeEventOut(Named):
    audience: Literal["person", "company"] = Field(title="个人或法人")
    hint: str = Field(title="说明")


class LifeEventDetail(LifeEventOut):
    items: list[ItemLine]


class ReferenceOut(BaseModel):
    base_code: str = Field(title="基本编码")
    name: str = Field(title="名称")
    kind: ItemKind = Field(title="事项类型")
    category: str | None = Field(title="类别代码")
    field: str = Field(title="主管领域")
    issued_by: str = Field(title="印发机关")
    is_example: bool = Field(title="示例")


class ReferencePage(BaseModel):
    items: list[ReferenceOut]
    next: int | None = Next


class ChangeOut(BaseModel):
    """目录的一次变动。"""

    number: int = Field(title="序号，按发生先后递增")
    batch: str = Field(title="批次号")
    operation: Change.Operation = Field(title="操作类型：I 新增 U 变更 D 撤下")
    at: datetime = Field(title="时间")
    guid: UUID = Field(title="变动的 GUID")
    item: UUID = Field(title="事项编号")
    version: int | None = Field(title="公布版本；撤下为 null")


class ChangePage(BaseModel):
    changes: list[ChangeOut] | list[dict[str, str]] = Field(title="变动，按先后；format=c0111 时为交换库字段")
    next: int = Field(title="下次的 after；没有新变动时与本次相同")
    more: bool = Field(title="后面还有")


class BatchOut(BaseModel):
    batch: str = Field(title="批次号")
    first: int = Field(title="首个变动的序号")
    last: int = Field(title="末个变动的序号")
    changes: int = Field(title="变动数")
    at: datetime = Field(title="末个变动的时间")
    download: str = Field(title="下载地址")


class BatchPage(BaseModel):
    batches: list[BatchOut]
    next: int = Field(title="下次的 after；没有新批次时与本次相同")


LINE_COLUMNS = {
    "item_id": "item_id",
    "guid": "item__guid",
    "name": "name",
    "summary": "summary",
    "code": "item__code",
    "kind": "kind",
    "category_id": "category_id",
    "category_name": "category__name",
    "organ_id": "organ_id",
    "organ_name": "organ__name",
    "division_id": "division_id",
    "division_name": "division__name",
    "level": "level",
    "for_person": "for_person",
    "for_company": "for_company",
    "online": "online",
    "limit": "limit_words",
    "fee": "fee_words",
    "visits": "visits",
    "has_guide": "has_guide",
    "is_example": "is_example",
    "provenance": "provenance",
    "version": "publication__number",
    "since": "since",
}
"""Output name → column of `Listing`: a list reads these only, no model instances and no guide documents."""


def line(row: Mapping[str, Any]) -> JsonObject:
    """Return an `ItemLine` from a row of `LINE_COLUMNS`."""
    category = {"code": row["category_id"], "name": row["category_name"]} if row["category_id"] else None
    return {
        **row,
        "category": category,
        "organ": {"id": row["organ_id"], "name": row["organ_name"]},
        "division": {"code": row["division_id"], "name": row["division_name"]},
        "page": f"/items/{row['guid']}/",
        "guide": f"/api/v1/items/{row['guid']}/guide",
    }


def publication_out(publication: Publication) -> dict[str, object]:
    names = ("guid", "since", "until", "ending", "ending_note", "reason")
    facts = {name: getattr(publication, name) for name in names}
    return {**facts, "version": publication.number, "digest": publication.revision.digest}


def guide_out(publication: Publication) -> dict[str, object]:
    item = publication.item
    return {
        "item": item.guid,
        "organ": {"id": item.organ_id, "name": item.organ.name},
        "publication": publication_out(publication),
        "provenance": publication.revision.provenance,
        "source_note": publication.source_note,
        "guide": publication.revision.guide,
    }


def item_out(listing: Listing, row: Mapping[str, Any]) -> JsonObject:
    item, reference = listing.item, listing.item.reference
    in_force = reference if reference and reference.base_code == item.base_code else None
    return {
        **line(row),
        "base_code": item.base_code,
        "reference": in_force and {"code": in_force.base_code, "name": in_force.name},
        "life_events": [{"code": event.code, "name": event.name} for event in LifeEvent.objects.filter(items=item)],
        "publication": publication_out(listing.publication),
    }


def organ_out(organ: Organ) -> JsonObject:
    names = ("id", "name", "short_name", "kind", "uscc", "address", "phone", "hours", "is_example")
    return {
        **{name: getattr(organ, name) for name in names},
        "superior": organ.superior_id,
        "division": {"code": organ.division_id, "name": organ.division.name},
    }


def life_event_out(event: LifeEvent) -> JsonObject:
    return {"code": event.code, "name": event.name, "audience": event.audience, "hint": event.hint}
