"""Publishing: publications a second with projections, change feed and ledger, one by one and many at once, either database.

The baseline of the same run: the very rows one publication writes, put in by bare inserts, a transaction each.
"""

import itertools
import json
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import Outcome
from benchmarks.machine import DATABASES, machine, told

SHARE = 0.1
"""How much of the bare inserts' rate a publication must reach; it also locks, checks, digests and records."""
ONE_BY_ONE, AT_ONCE = 40, 200


def run(quick: bool) -> Outcome:
    count, seconds = (400, 3.0) if quick else (5_000, 20.0)
    outcomes = [_on(database, count, seconds) for database in DATABASES]
    return Outcome(all(each.holds for each in outcomes), " · ".join(each.figures for each in outcomes))


def _on(database: str, count: int, seconds: float) -> Outcome:
    with machine(database) as env:
        rate = told(env, "publish", count, seconds)
    figures = (
        f"{database}: {rate['single']:.0f}/s one by one, {rate['many']:.0f}/s in hundreds, "
        f"bare inserts of the same {rate['rows']:.0f} rows {rate['bare']:.0f}/s"
    )
    print(figures)
    holds = rate["single"] >= max(ONE_BY_ONE, SHARE * rate["bare"]) and rate["many"] >= AT_ONCE
    return Outcome(holds, figures)


def rates(count: int, seconds: float) -> dict[str, float]:
    """Each way for a third of the time, on drafts of items that are in force."""
    from django.conf import settings

    from benchmarks.city import prepare

    prepare(count)
    settings.SERVING = True  # as in a server: the index follows in a thread
    from banshi.catalog.actions import publish, publish_many
    from banshi.catalog.models import Item
    from banshi.core.clock import now
    from banshi.ledger import System

    by = System("benchmark")
    items = list(Item.objects.order_by("pk"))
    drafts = _drafts(items, by)
    single = _rate(seconds / 3, lambda: publish(next(drafts), by=by, at=now()))
    many = 100 * _rate(seconds / 3, lambda: publish_many([next(drafts) for _ in range(100)], by=by, at=now()))
    new = iter(_bare_items(items[0], max(2_000, count)))
    rows = _rows_of(items[0])
    bare = _rate(seconds / 3, lambda: _insert(rows, next(new)))
    return {"single": single, "many": many, "rows": sum(map(len, rows)), "bare": bare}


def _drafts(items: list[Any], by: Any) -> Iterator[Any]:
    """Drafts without end, made outside what is measured: `_rate` takes their making off."""
    from banshi.catalog.actions import start_draft
    from banshi.core.clock import now

    while True:
        for item in items:
            began = time.perf_counter()
            draft = start_draft(item, by=by, at=now())
            _apart.append(time.perf_counter() - began)
            yield draft


_apart: list[float] = []
_numbers = itertools.count(10**9)
"""Of bare rows of the feed, which gives numbers itself."""


def _rate(seconds: float, act: Callable[[], object]) -> float:
    """Acts a second, without the time spent apart."""
    _apart.clear()
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds or not done:
        act()
        done += 1
    return done / (time.perf_counter() - began - sum(_apart))


def _bare_items(like: Any, count: int) -> list[Any]:
    """Items without anything, for the baseline to publish."""
    from banshi.catalog.models import Item
    from banshi.core.clock import now

    return Item.objects.bulk_create(
        [Item(organ=like.organ, name=like.name, created_at=now()) for _ in range(count)], 1000
    )


def _rows_of(item: Any) -> list[list[Any]]:
    """Every row the item's publication wrote, table by table, in the order they need one another."""
    from banshi.catalog.models import Change, Listing, PublishedBasis, PublishedMaterial, PublishedStep
    from banshi.ledger.models import LedgerEntry

    publication = item.publications.get(until=None)
    listing, change = Listing.objects.get(item=item), Change.objects.filter(item=item).last()
    projections = [
        list(model.objects.filter(item=item)) for model in (PublishedBasis, PublishedMaterial, PublishedStep)
    ]
    return [[publication.revision], [publication], [listing], *projections, [LedgerEntry.objects.last()], [change]]


def _insert(tables: list[list[Any]], item: Any) -> None:
    """The same rows for another item, in one transaction, and nothing else: no lock, no check, no digest, no chain."""
    from django.db import transaction

    from banshi.catalog.models import Change

    with transaction.atomic():
        made: dict[str, Any] = {"item": item}
        for rows in tables:
            for row in rows:
                row.pk, row._state.adding = (next(_numbers) if isinstance(row, Change) else None), True
                for name in {"item", "revision", "publication"} & {field.name for field in row._meta.fields}:
                    setattr(row, name, made.get(name))
                _make_unique(row)
            type(rows[0])._base_manager.bulk_create(rows)
            made[type(rows[0]).__name__.lower()] = rows[0]


def _make_unique(row: Any) -> None:
    from banshi.core.ids import new_guid

    if hasattr(row, "guid"):
        row.guid = new_guid()
    if hasattr(row, "block"):
        row.block, row.digest = None, secrets.token_hex(32)


if __name__ == "__main__":
    print(json.dumps(rates(int(sys.argv[1]), float(sys.argv[2]))))
