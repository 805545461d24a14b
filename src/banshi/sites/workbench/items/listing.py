"""The list of items as its address describes it: filters, and pages by key set (never by counting)."""

from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from banshi.catalog.models import Item
from banshi.catalog.queries import items_visible_to
from banshi.sites.workbench.access import as_key, text_in

PAGE = 25
NO_CATEGORY = "none"
SHOWN = (
    *("guid", "name", "code", "kind", "state", "flow", "percent", "is_example"),
    *("organ__name", "organ__short_name", "category__name", "listing__item"),
)
"""What a row of the list needs of an item."""


@dataclass(frozen=True, slots=True)
class ItemListFilters:
    """What the address asks for; "" asks for nothing."""

    q: str = ""
    organ: str = ""
    category: str = ""
    state: str = ""
    kind: str = ""
    draft: str = ""
    complete: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "ItemListFilters":
        return cls(**{each.name: text_in(query, each.name) for each in fields(cls)})

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))

    def condition(self) -> Q:
        wanted = Q()
        if self.q:
            wanted &= Q(name__icontains=self.q) | Q(code__icontains=self.q)
        if self.organ:
            wanted &= Q(organ_id=as_key(self.organ))
        if self.category:
            wanted &= Q(category=None) if self.category == NO_CATEGORY else Q(category_id=self.category)
        if self.state:
            wanted &= Q(state=self.state)
        if self.kind:
            wanted &= Q(kind=self.kind)
        if self.draft:
            wanted &= Q(has_draft=self.draft == "1")
        if self.complete:
            wanted &= Q(percent=100) if self.complete == "1" else Q(percent__lt=100)
        return wanted

    def as_query(self) -> str:
        """The filters as they stand in an address, without empty ones."""
        query = QueryDict(mutable=True)
        query.update({each.name: value for each in fields(self) if (value := getattr(self, each.name))})
        return query.urlencode()


def items_shown(user: Any, filters: ItemListFilters) -> QuerySet[Item]:
    """All items the filters ask for among those the user may see, newest first."""
    return items_visible_to(user).filter(filters.condition()).only(*SHOWN).order_by("-id")


@dataclass(frozen=True, slots=True)
class ItemListPage:
    """One page of a list that runs from the newest id down; `newer` and `older` are ids to go on from, None at an end."""

    items: list[Item]
    newer: int | None
    older: int | None


def page_of(items: QuerySet[Item], *, after: int = 0, before: int = 0) -> ItemListPage:
    """The page after the item with id `after` (older ones), or before the one with id `before`; 0: from the newest."""
    if before:
        rows = list(items.filter(pk__gt=before).order_by("id")[: PAGE + 1])
        shown, more = rows[:PAGE][::-1], len(rows) > PAGE
        return ItemListPage(shown, shown[0].pk if more else None, shown[-1].pk if shown else None)
    rows = list((items.filter(pk__lt=after) if after else items)[: PAGE + 1])
    shown, more = rows[:PAGE], len(rows) > PAGE
    return ItemListPage(shown, shown[0].pk if shown and after else None, shown[-1].pk if more else None)
