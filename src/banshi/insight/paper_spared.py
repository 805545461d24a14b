"""Paper that shared data would spare: papers of guides in force, weighted by how often the items are asked for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count

from banshi.cases.models import Case
from banshi.catalog.models import PublishedMaterial
from banshi.exchange.held_data import HeldData
from banshi.exchange.queries import data_held
from banshi.people.models import Organ
from banshi.rulebook.models import YearlyVolume
from banshi.rulebook.word_lists import shipped_words

YEAR = timedelta(days=365)


@dataclass(slots=True)
class PaperSpared:
    """Paper that data would spare in a year. `entry` is who shares them already, None where nobody does yet."""

    data: str
    holder: str
    entry: HeldData | None
    sheets: int = 0
    items: set[int] = field(default_factory=set)
    papers: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def most(self) -> list[str]:
        """List the papers asked for most often, three at most."""
        return sorted(self.papers, key=lambda name: (-self.papers[name], name))[:3]


def paper_spared(organs: Iterable[Organ], *, at: datetime) -> list[PaperSpared]:
    """Rank data by the papers they would spare the public of these organs in a year, most first.

    An item counts its cases of the last year or what its office says, whichever is more, since few cases may be here yet; one never counted counts once.
    """
    materials = PublishedMaterial.objects.filter(item__organ__in=organs, shared=False)
    counted = dict(YearlyVolume.objects.values_list("item_id", "count"))
    recent = Case.objects.filter(received_at__gte=at - YEAR).order_by().values("item_id").annotate(count=Count("pk"))
    for row in recent:
        counted[row["item_id"]] = max(row["count"], counted.get(row["item_id"], 0))
    words, held = shipped_words(), data_held()
    found: dict[tuple[str, str], PaperSpared] = {}
    for item, name in materials.values_list("item_id", "name").iterator(2000):
        if words.find("not_held", name):
            continue
        document = words.shared_document(name)
        entry = next((each for each in held if each.spares(name) or (document and each.spares(document.name))), None)
        if entry is None and document is None:
            continue
        data, holder = (
            (entry.name, entry.organ) if entry else (document.resource, document.holder) if document else ("", "")
        )
        one = found.setdefault((data, holder), PaperSpared(data, holder, entry))
        volume = counted.get(item, 1)
        one.sheets += volume
        one.items.add(item)
        one.papers[name] += volume
    return sorted(found.values(), key=lambda each: (-each.sheets, each.data))
