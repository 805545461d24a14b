"""Listings in the order people are shown them, and organs by where they are."""

import functools
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf

from banshi.catalog.models import LifeEvent, Listing
from banshi.core.json_types import JsonObject
from banshi.people.enums import OrganKind
from banshi.people.models import Division, Organ
from banshi.sites.portal.home.queries import COUNTS_KEPT, of_audience

SHOWN = (
    "item_id",
    "name",
    "summary",
    "has_guide",
    "limit_words",
    "visits",
    "fee_words",
    "online",
    "is_example",
    "provenance",
)
IN_A_LIFE_EVENT = 100
ORDER = ("-has_guide", "item_id")
"""Guides before bare catalogue lines; then as they came."""


def narrowed(some: QuerySet[Listing, Any], *, audience: str = "", online: bool = False) -> QuerySet[Listing, Any]:
    some = of_audience(some, audience)
    return some.filter(online=True) if online else some


@functools.cache
def rows() -> Any:
    """Read the rows of items in force as dicts, which cost half of models' time."""
    called = Coalesce(NullIf("organ__short_name", Value("")), "organ__name")
    return Listing.objects.order_by(*ORDER).values(*SHOWN, guid=F("item__guid"), organ_called=called)


def in_category(code: str) -> Any:
    return rows().filter(category=code)


def of_organ(organ: Organ) -> Any:
    return rows().filter(organ=organ)


def by_stage(event: LifeEvent) -> list[tuple[str, list[JsonObject]]]:
    """List the items of a life event in the order of life, with what no stage names last."""
    found = list(rows().filter(item__life_events=event)[:IN_A_LIFE_EVENT])
    stages = [
        (stage, sorted((row for row in found if row["name"] in names), key=lambda row: names.index(row["name"])))
        for stage, names in event.stages
    ]
    staged = {name for _, names in event.stages for name in names}
    rest = [row for row in found if row["name"] not in staged]
    return [(stage, rows) for stage, rows in [*stages, ("也可能要办" if stages else "", rest)] if rows]


def counted(some: QuerySet[Listing, Any], about: str) -> dict[str, int]:
    """Count items, and those with a guide, at most some minutes ago since a million take a while."""
    guides = Count("pk", filter=Q(has_guide=True))
    return (
        cache.get_or_set(
            f"portal.counted.{about}", lambda: some.order_by().aggregate(total=Count("pk"), guides=guides), COUNTS_KEPT
        )
        or {}
    )


def in_order_of(keys: list[int]) -> list[JsonObject]:
    """List rows by item, in the order given.

    Those no longer in force left out.
    """
    found = {row["item_id"]: row for row in rows().filter(pk__in=keys).order_by()}
    return [found[key] for key in keys if key in found]


def division_called(code: str) -> Division | None:
    return Division.objects.select_related("parent__parent__parent").filter(pk=code).first() if code else None


def top_division() -> Division | None:
    """Find the city of this portal (CITY_NAME), else the highest division that has organs."""
    own = Case(When(name=settings.CITY_NAME, then=0), default=1)
    return Division.objects.filter(organs__active=True).order_by(own, "level", "code").first()


def elsewhere(line: list[Division]) -> QuerySet[Division]:
    """List other places with organs, under none that has any, which are districts whose catalogue was taken in beside
    the city's.
    """
    heads = Division.objects.filter(organs__active=True).exclude(parent__organs__active=True).distinct()
    return heads.exclude(pk__in=[each.pk for each in line])


def ancestors(division: Division) -> list[Division]:
    """List from the city down to the division itself.

    Above the city nobody is here.
    """
    line = [division]
    while line[0].parent_id and line[0].parent.organs.filter(active=True).exists():  # type: ignore[union-attr]
        line.insert(0, line[0].parent)  # type: ignore[arg-type]
    return line


def organs_in(division: Division, text: str = "") -> list[tuple[Organ, int]]:
    """List its organs whose name has the text, by kind, each with how many things it has in force."""
    offered = dict(Listing.objects.filter(division=division).order_by().values_list("organ").annotate(Count("pk")))
    named = Q(name__icontains=text) | Q(short_name__icontains=text)
    organs = Organ.objects.filter(named, division=division, active=True).order_by("id")
    kinds = list(OrganKind)
    return sorted(
        ((organ, offered.get(organ.pk, 0)) for organ in organs), key=lambda each: kinds.index(OrganKind(each[0].kind))
    )
