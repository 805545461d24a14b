"""Findings as the address asks for them: filters, and pages by key set over weight and id."""

from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from banshi.people.permissions import Permission
from banshi.rulebook.enums import Severity
from banshi.rulebook.models import FlawFound
from banshi.rulebook.queries import flaws_visible_to
from banshi.sites.workbench.access import as_key, text_in

PAGE = 25
WEIGHTS = {str(place) for place, _ in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class FindingFilters:
    """What the address asks for; "" asks for nothing, but of `kept`, where it asks for what is not kept."""

    organ: str = ""
    rule: str = ""
    severity: str = ""
    kept: str = ""
    rewrite: str = ""
    q: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "FindingFilters":
        return cls(**{each.name: text_in(query, each.name) for each in fields(cls)})

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))

    def condition(self) -> Q:
        wanted = Q(retention__isnull=self.kept != "1")
        if self.organ:
            wanted &= Q(organ_id=as_key(self.organ))
        if self.rule:
            wanted &= Q(rule=self.rule)
        if self.severity:
            wanted &= Q(severity=self.severity)
        if self.rewrite:
            wanted &= Q(rewrite__isnull=self.rewrite != "1")
        if self.q:
            wanted &= Q(item__name__icontains=self.q)
        return wanted

    def as_query(self, **other: str) -> str:
        """The filters as they stand in an address, without empty ones; `other` in place of some."""
        values = {each.name: getattr(self, each.name) for each in fields(self)} | other
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in values.items() if value})
        return query.urlencode()


def flaws_shown(
    user: Any, filters: FindingFilters, permission: Permission = Permission.ITEM_VIEW
) -> QuerySet[FlawFound]:
    return flaws_visible_to(user, permission).filter(filters.condition()).order_by("weight", "id")


@dataclass(frozen=True, slots=True)
class FindingPage:
    """One page, the heaviest first; `before` and `after` are marks to go on from, "" at an end."""

    flaws: list[FlawFound]
    before: str
    after: str


def page_of(flaws: QuerySet[FlawFound], *, after: str = "", before: str = "") -> FindingPage:
    if mark := _read(before):
        rows = list(flaws.filter(_lighter(mark, back=True)).order_by("-weight", "-id")[: PAGE + 1])
        shown, more = rows[:PAGE][::-1], len(rows) > PAGE
        return FindingPage(shown, _mark(shown[0]) if more else "", _mark(shown[-1]) if shown else "")
    mark = _read(after)
    rows = list((flaws.filter(_lighter(mark)) if mark else flaws)[: PAGE + 1])
    shown, more = rows[:PAGE], len(rows) > PAGE
    return FindingPage(shown, _mark(shown[0]) if mark and shown else "", _mark(shown[-1]) if more else "")


def _lighter(mark: tuple[int, int], *, back: bool = False) -> Q:
    weight, key = mark
    if back:
        return Q(weight__lt=weight) | Q(weight=weight, id__lt=key)
    return Q(weight__gt=weight) | Q(weight=weight, id__gt=key)


def _mark(flaw: FlawFound) -> str:
    return f"{flaw.weight}.{flaw.pk}"


def _read(text: str) -> tuple[int, int] | None:
    weight, _, key = text.partition(".")
    return (int(weight), as_key(key)) if weight in WEIGHTS and as_key(key) else None
