"""漏项: entries of the reference catalogue that a unit's counterparts elsewhere have and it has not."""

from django.db.models import QuerySet

from banshi.catalog.models import Item, ReferenceItem
from banshi.people.models import Division, Organ
from banshi.reviews.models import Participation


def counterparts(organ: Organ) -> QuerySet[Organ]:
    """Organs of the same work in other places: 示例县教育局 for 示例市教育局."""
    core = _without_places(organ)
    if not core:
        return Organ.objects.none()
    others = Organ.objects.filter(kind=organ.kind, active=True, name__endswith=core).exclude(pk=organ.pk)
    return others.exclude(division=organ.division_id)


def _without_places(organ: Organ) -> str:
    names = Division.objects.filter(code__in=_above(organ.division_id)).values_list("name", flat=True)
    core = organ.name
    for name in names:
        core = core.replace(name, "")
    return core if core != organ.name else ""


def _above(code: str) -> list[str]:
    return [code[:length] for length in (2, 4, 6, 9, 12) if length <= len(code)]


def gaps(unit: Participation) -> QuerySet[ReferenceItem]:
    """What must be explained: claimed by counterparts, not by this unit. Explained ones are among them."""
    theirs = Item.objects.filter(organ__in=counterparts(unit.organ), state="active").exclude(reference=None)
    mine = Item.objects.filter(organ=unit.organ_id, state="active").exclude(reference=None)
    wanted = ReferenceItem.objects.filter(pk__in=theirs.values("reference"))
    return wanted.exclude(pk__in=mine.values("reference"))


def unexplained(unit: Participation) -> QuerySet[ReferenceItem]:
    return gaps(unit).exclude(pk__in=unit.absences.values("reference"))
