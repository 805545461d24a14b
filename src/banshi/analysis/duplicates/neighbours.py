"""One item beside the same item of other places, a few at a time: for whoever reads one text, not the whole catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass

from banshi.analysis.duplicates.pairs import Likeness, same
from banshi.analysis.duplicates.unity import Places
from banshi.analysis.tables import ItemRecord, tables_from_records
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Item, Listing

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another organ's item. `sentence` says how its handling differs, "" when it does not."""

    listing: Listing
    sentence: str


def neighbours(item: Item, guide: Guide, others: Sequence[Listing]) -> list[Neighbour]:
    """Find those of `others` that are the same item by code or by name, the ones that differ first."""
    rows = [
        each
        for each in others
        if (
            (bool(item.base_code) and item.base_code == each.item.base_code)
            or same(guide.name, each.name).likeness == Likeness.SAME
        )
    ]
    level = str(item.organ.division.level)
    own = {"name": guide.name, "organ": item.organ.name, "division": item.organ.division_id, "level": level}
    entries = [
        ItemRecord(own, guide),
        *(
            ItemRecord(
                {"name": each.name, "organ": each.organ.name, "division": each.organ.division_id, "level": each.level},
                each.publication.revision.guide,
            )
            for each in rows
        ),
    ]
    places = Places(tables_from_records(entries).items)
    found = [Neighbour(each, places.sentence(0, number)) for number, each in enumerate(rows, 1)]
    return sorted(found, key=lambda each: (not each.sentence, each.listing.pk))[:SHOWN]
