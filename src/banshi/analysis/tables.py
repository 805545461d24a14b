"""The catalogue as columns, for questions over many items: circles, duplicates, unity, burden.

One schema for every source: the database, files examined outside the platform, generated catalogues.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from django.db.models import Q

from banshi.analysis.measures import measures_of
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Listing
from banshi.catalog.queries import public_publications
from banshi.core.json_types import JsonObject

ITEMS = pa.schema(
    [
        ("item_id", pa.int64()),
        ("guid", pa.string()),
        ("name", pa.string()),
        ("organ", pa.string()),
        ("organ_id", pa.int64()),
        ("organ_kind", pa.string()),
        ("division", pa.string()),
        ("level", pa.string()),
        ("category", pa.string()),
        ("kind", pa.string()),
        ("code", pa.string()),
        ("base_code", pa.string()),
        ("result_name", pa.string()),
        ("digest", pa.string()),
        ("volume", pa.int64()),
        ("materials", pa.int32()),
        ("steps", pa.int32()),
        ("days", pa.float64()),
        ("visits", pa.int32()),
        ("fee_items", pa.int32()),
        ("offices", pa.int32()),
        ("state", pa.string()),
    ]
)
"""One row per item. `days`: the promised limit in working days; `offices`: how many the applicant must see, its own among
them; null where it is not known."""

DEMANDS = pa.schema(
    [
        ("item_id", pa.int64()),
        ("position", pa.int32()),
        ("proof", pa.string()),
        ("issuer", pa.string()),
        ("required", pa.bool_()),
        ("shared", pa.bool_()),
        ("commitment", pa.bool_()),
        ("has_basis", pa.bool_()),
        ("copies", pa.int32()),
    ]
)
"""One row per material an item demands, named as it is written; `copies` null when the guide does not say."""


@dataclass(frozen=True, slots=True)
class Tables:
    items: pa.Table
    demands: pa.Table


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One item for the tables: its identity (columns of ITEMS as far as they are known) and its guide."""

    identity: JsonObject
    guide: Guide


def tables_from_records(entries: Iterable[ItemRecord]) -> Tables:
    items: list[JsonObject] = []
    demands: list[JsonObject] = []
    for number, entry in enumerate(entries, 1):
        measured = {"result_name": entry.guide.result_name, **measures_of(entry.guide)}
        row = {"item_id": number, **entry.identity, **measured}
        items.append(row)
        demands += _demands(row["item_id"], entry.guide)
    return Tables(pa.Table.from_pylist(items, ITEMS), pa.Table.from_pylist(demands, DEMANDS))


def tables_from_database() -> Tables:
    """Tabulate everything in force."""
    rows = Listing.objects.select_related(
        "item__organ", "item__yearly_volume", "publication__revision", "category"
    ).order_by("item_id")
    return tables_from_records(ItemRecord(_identity(row), row.publication.revision.guide) for row in rows.iterator(500))


def items_on(moment: datetime) -> pa.Table:
    """Read the items in force at a moment, to be compared with what is in force now."""
    valid = Q(since__lte=moment) & (Q(until=None) | Q(until__gt=moment))
    rows = public_publications().filter(valid).order_by("item_id").iterator(500)
    texts = ((row.item, row.revision.guide) for row in rows)
    return tables_from_records(
        ItemRecord({"guid": str(item.guid), "name": guide.name, "organ": item.organ.name}, guide)
        for item, guide in texts
    ).items


def _identity(row: Listing) -> dict[str, object]:
    item = row.item
    return {
        "item_id": item.pk,
        "guid": str(item.guid),
        "name": row.name,
        "organ": item.organ.name,
        "organ_id": item.organ_id,
        "organ_kind": item.organ.kind,
        "division": row.division_id,
        "level": row.level,
        "category": row.category_id or "",
        "kind": row.kind,
        "code": item.code,
        "base_code": item.base_code,
        "digest": row.publication.revision.digest,
        "state": item.state,
        "volume": item.yearly_volume.count if hasattr(item, "yearly_volume") else None,
    }


def _demands(item_id: int, guide: Guide) -> Iterator[dict[str, object]]:
    for position, each in enumerate(guide.materials):
        yield {
            "item_id": item_id,
            "position": position,
            "proof": each.name,
            "issuer": each.issuer,
            "required": each.necessity == "1",
            "shared": each.shared,
            "commitment": each.commitment_ok,
            "has_basis": bool(each.basis),
            "copies": each.copies,
        }
