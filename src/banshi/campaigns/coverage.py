"""漏项: entries of the reference catalogue that a unit's counterparts elsewhere have and it has not."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from banshi.campaigns.models import Participation
from banshi.catalog.models import Item, ReferenceItem
from banshi.people.models import Division, Organ

CORES = 30


def kindred(organs: QuerySet[Organ]) -> QuerySet[Organ]:
    """Find organs of the same work as any of these, wherever they are.

    They are among them.
    """
    rows = list(organs.order_by().values_list("kind", "name", "division_id"))
    codes = {code for _, _, division in rows for code in _above(division)}
    places = dict(Division.objects.filter(code__in=codes).values_list("code", "name"))
    cores = {(kind, _core(name, [places.get(code, "") for code in _above(div)])) for kind, name, div in rows}
    alike = Q(pk__in=organs.order_by().values("pk"))
    for kind, core in sorted(each for each in cores if each[1])[:CORES]:
        alike |= Q(kind=kind, name__endswith=core)
    return Organ.objects.filter(alike, active=True)


def counterparts(organ: Organ) -> QuerySet[Organ]:
    """Find organs of the same work and level in other places: 邻县教育局 for 示例县教育局."""
    names = Division.objects.filter(code__in=_above(organ.division_id)).values_list("name", flat=True)
    core = _core(organ.name, names)
    if not core:
        return Organ.objects.none()
    level = organ.division.level  # what a county does is not missing in its city
    alike = Organ.objects.filter(kind=organ.kind, active=True, name__endswith=core, division__level=level)
    others = alike.exclude(pk=organ.pk)
    return others.exclude(division=organ.division_id)


def _core(name: str, places: Iterable[str]) -> str:
    """Strip the place from an organ's name (示例市教育局 → 教育局)."""
    # "" where no place stands in the name.
    core = name
    for place in places:
        core = core.replace(place, "")
    return core if core != name else ""


def _above(code: str) -> list[str]:
    return [code[:length] for length in (2, 4, 6, 9, 12) if length <= len(code)]


def gaps(unit: Participation) -> QuerySet[ReferenceItem]:
    """List the entries claimed by counterparts and not by this unit.

    Explained ones are among them.
    """
    theirs = Item.objects.filter(organ__in=counterparts(unit.organ), state="active").exclude(reference=None)
    mine = Item.objects.filter(organ=unit.organ_id, state="active").exclude(reference=None)
    wanted = ReferenceItem.objects.filter(pk__in=theirs.values("reference"))
    return wanted.exclude(pk__in=mine.values("reference"))


def unexplained(unit: Participation) -> QuerySet[ReferenceItem]:
    return gaps(unit).exclude(pk__in=unit.absences.values("reference"))
