"""Search in plain words, with the facets of the portal."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from banshi.catalog.enums import Level
from banshi.search.queries import find
from banshi.sites.api import fields
from banshi.sites.api.catalogue import ANSWERS, lines
from banshi.sites.api.schemas import FoundPage, line

router = Router(tags=["搜索"])


class SearchParameters(BaseModel):
    q: Annotated[str, Field(max_length=200, pattern=r"^[^\u0000]*$", description="要办什么，用平常的话")] = ""
    category: fields.Slug | fields.Left = Field(None, description="类别代码")
    organ: fields.Number | fields.Left = Field(None, description="机构编号")
    division: Annotated[str, Field(pattern=r"^[0-9]{2,12}$")] | fields.Left = Field(
        None, description="行政区划代码；只含这一级的事项"
    )
    level: Level | fields.Left = Field(None, description="行使层级，同事项列表")
    audience: Literal["person", "company", "untold"] | fields.Left = Field(
        None, description="面向个人、法人；untold 为指南没有写明给谁办的"
    )
    online: bool | fields.Left = Field(None, description="可网上办理")
    page: Annotated[int, Field(ge=1, le=200, description="第几页")] = 1
    limit: Annotated[int, Field(ge=1, le=50, description="每页行数")] = 20

    @property
    def filters(self) -> dict[str, list[str]]:
        online = None if self.online is None else str(int(self.online))
        organ = None if self.organ is None else str(self.organ)
        asked = {
            "division": self.division,
            "category": self.category,
            "organ": organ,
            "level": self.level,
            "audience": self.audience,
            "online": online,
        }
        return {name: [value] for name, value in asked.items() if value is not None}


@router.get("/search", response={200: FoundPage, **ANSWERS}, summary="搜索")
def search(request: HttpRequest, question: Query[SearchParameters]) -> Any:
    """同义词、拼音、错字都能找；最像的在前。total 是准确的总数。"""
    found = find(question.q, filters=question.filters, page=question.page, per_page=question.limit)
    # What was taken down since the index was read is left out.
    rows = {row["item_id"]: row for row in lines().filter(item_id__in=[hit.item_id for hit in found.hits])}
    found_items = [
        {**line(rows[hit.item_id]), "marked": hit.name_marked, "snippet": hit.snippet_marked}
        for hit in found.hits
        if hit.item_id in rows
    ]
    return {
        "items": found_items,
        "total": found.total,
        "facets": {
            name: [{"value": each.value, "label": each.label, "count": each.count} for each in values]
            for name, values in found.facets.items()
        },
        "corrected": found.corrected,
        "offered": found.offered,
        "partial": found.partial,
        "notice": found.notice,
    }
