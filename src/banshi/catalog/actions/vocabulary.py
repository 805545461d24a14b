"""Categories, life events and the reference catalogue, loaded from files a city edits and loads again."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from banshi.access import Permission, authorize
from banshi.catalog.models import Category, Item, LifeEvent, ReferenceItem
from banshi.ledger import Actor, record

Row = Mapping[str, str]
ROWS_AT_ONCE = 1000


@transaction.atomic
def load_categories(rows: Iterable[Row], *, by: Actor, at: datetime) -> dict[str, Category]:
    """Add or change categories (code, name, icon, hint), in the order given.

    None is taken away: items may be in it.
    """
    authorize(by, Permission.REFERENCE_EDIT, at=at)
    found = {}
    for position, row in enumerate(rows):
        shown = {"name": row["name"], "icon": row["icon"], "hint": row["hint"], "position": position}
        found[row["code"]], _ = Category.objects.update_or_create(code=row["code"], defaults=shown)
    if found:
        record("catalog.load_categories", next(iter(found.values())), by=by, at=at, facts={"codes": list(found)})
    return found


@transaction.atomic
def load_life_events(
    rows: Iterable[Row], *, among: QuerySet[Item] | None = None, by: Actor, at: datetime
) -> list[LifeEvent]:
    """Add or change life events (code, name, audience, icon, hint, items).

    `items`: names of items in the order of life, | between them, in stages 怀孕前=甲|乙；出生后=丙 or without.
    Every item of a name belongs, whichever organ's (or of `among` only); names nobody has are passed over.
    """
    authorize(by, Permission.REFERENCE_EDIT, at=at)
    some = Item.objects.all() if among is None else among
    found = []
    for position, row in enumerate(rows):
        stages = [(name, names.split("|")) for name, _, names in (s.rpartition("=") for s in row["items"].split("；"))]
        shown = {key: row[key] for key in ("name", "audience", "icon", "hint")}
        event, _ = LifeEvent.objects.update_or_create(
            code=row["code"], defaults={**shown, "position": position, "stages": stages}
        )
        event.items.set(some.filter(name__in=[name for _, names in stages for name in names]))
        found.append(event)
    if found:
        record("catalog.load_life_events", found[0], by=by, at=at, facts={"codes": [each.code for each in found]})
    return found


@transaction.atomic
def load_references(rows: Iterable[Row], *, by: Actor, at: datetime) -> dict[str, ReferenceItem]:
    """Add the reference items not there yet (base_code, name, kind, category, issued_by, source, is_example 0/1)."""
    authorize(by, Permission.REFERENCE_EDIT, at=at)
    known = set(ReferenceItem.objects.values_list("base_code", flat=True))
    new = [
        ReferenceItem(
            base_code=row["base_code"],
            name=row["name"],
            kind=row["kind"],
            category_id=row["category"] or None,
            issued_by=row["issued_by"],
            source=row["source"],
            is_example=row["is_example"] == "1",
        )
        for row in rows
        if row["base_code"] not in known
    ]
    ReferenceItem.objects.bulk_create(new, ROWS_AT_ONCE)
    if new:
        record("catalog.load_references", new[0], by=by, at=at, facts={"count": len(new)})
    return {each.base_code: each for each in ReferenceItem.objects.all()}
