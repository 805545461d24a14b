"""A search as the address asks it, and its results as the page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict

from banshi.catalog.models import Listing
from banshi.core.clock import now, today
from banshi.core.json_types import JsonObject
from banshi.search.actions import record_miss
from banshi.search.queries import FacetCount, find
from banshi.search.words import normalise
from banshi.sites.kit.address import key_in, text_in
from banshi.sites.portal.home.queries import popular
from banshi.sites.portal.search.queries import in_order_of

FACETS = {
    "division": "地方",
    "audience": "服务对象",
    "category": "类别",
    "organ": "部门",
    "level": "层级",
    "online": "网上办",
}
PER_PAGE = 20
LAST_PAGE = 50
LONGEST = 100
IN_THE_BOX = ("孩子上户口", "领失业金", "开饭店")
"""Stand in the empty search box; what is written there must find something."""
EXAMPLES = ("上户口", "领养老金", "开饭店", "老人补贴", "医保报销")
"""Offered when nothing was found."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    text: str
    filters: dict[str, list[str]] = field(default_factory=dict)
    page: int = 1

    @classmethod
    def read(cls, query: QueryDict) -> "SearchRequest":
        filters = {name: [v for v in query.getlist(name) if v][:20] for name in FACETS}
        page = min(key_in(query, "page") or 1, LAST_PAGE)
        text = text_in(query, "q", LONGEST)
        # Signs alone (，。！) ask for nothing.
        return cls(text if normalise(text) else "", {k: v for k, v in filters.items() if v}, page)

    def address(self, changes: Mapping[str, list[str]] | None = None, *, page: int = 1) -> str:
        """Return the query string of the same search with other filters or of another page."""
        filters = {**self.filters, **(changes or {})}
        pairs = [("q", self.text)] + [(name, value) for name in FACETS for value in filters.get(name, [])]
        return urlencode(pairs + ([("page", str(page))] if page > 1 else []))


@dataclass(frozen=True, slots=True)
class ResultRow:
    listing: JsonObject
    name_marked: str
    snippet_marked: str


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """One value of a facet: choosing it leads to `address`, where it is added or taken away."""

    label: str
    count: int
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    choices: list[FacetChoice]


@dataclass(frozen=True, slots=True)
class Results:
    rows: list[ResultRow]
    total: int
    corrected: str | None
    offered: str | None
    facets: list[Facet]
    chosen: list[FacetChoice]
    before: str
    after: str
    here: str
    partial: bool
    notice: str
    instead: list[Listing]


def results_of(asked: SearchRequest) -> Results:
    found = find(asked.text, filters=asked.filters, page=asked.page, per_page=PER_PAGE)
    if not found.total and asked.text and not asked.filters:
        record_miss(asked.text, at=now())
    facets = [
        Facet(name, label, [_choice(asked, name, each) for each in found.facets.get(name, [])])
        for name, label in FACETS.items()
    ]
    hits = {hit.item_id: hit for hit in found.hits}
    listings = in_order_of(list(hits))
    rows = [
        ResultRow(each, hits[each["item_id"]].name_marked, hits[each["item_id"]].snippet_marked) for each in listings
    ]
    first = (asked.page - 1) * PER_PAGE + 1
    here = f"第 {first}–{min(asked.page * PER_PAGE, found.total)} 项，共 {found.total} 项"
    return Results(
        rows=rows,
        total=found.total,
        corrected=found.corrected,
        offered=found.offered,
        facets=[facet for facet in facets if len(facet.choices) > 1 or any(c.chosen for c in facet.choices)],
        chosen=[choice for facet in facets for choice in facet.choices if choice.chosen],
        before=asked.address(page=asked.page - 1) if asked.page > 1 else "",
        after=asked.address(page=asked.page + 1)
        if asked.page * PER_PAGE < found.total and asked.page < LAST_PAGE
        else "",
        here=here,
        partial=found.partial,
        notice=found.notice,
        instead=[] if found.total else popular(on=today()),
    )


def _choice(asked: SearchRequest, name: str, count: FacetCount) -> FacetChoice:
    now_chosen = asked.filters.get(name, [])
    then = [v for v in now_chosen if v != count.value] if count.chosen else [*now_chosen, count.value]
    return FacetChoice(count.label, count.count, count.chosen, asked.address({name: then}))
