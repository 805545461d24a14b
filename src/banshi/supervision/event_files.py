"""Events as Parquet files, asked by DuckDB what no board answers. They name organs, items and subjects by key, and nobody who acted."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.db.models import F, Max

from banshi.catalog.models import Item
from banshi.core.clock import CHINA
from banshi.core.errors import BadInput, Conflict
from banshi.events.models import Event
from banshi.people.models import Organ

SPAN, AT_ONCE = 1_000_000, 20_000
"""Events of a file. One that is full is never written again, since events never change."""
ROWS = ["number", "at", "kind", "actor_kind", "subject_type", "subject_id", "organ_id", "item_id", "data"]
COLUMNS = {
    "events": "number:int64 happened_at:time kind actor_kind subject_type subject_id:int64 organ:int64 item:int64 data",
    "organs": "organ:int64 organ_name organ_kind division level:int64",
    "items": "item:int64 item_name code owner:int64",
}
NAMES = {
    "organs": (Organ, ("pk", "name", "kind", "division__name", "division__level")),
    "items": (Item, ("pk", "name", "code", "organ")),
}


def write_event_files(folder: Path) -> None:
    """Write what has been numbered since the last time, and the names of organs and items."""
    folder.mkdir(parents=True, exist_ok=True)
    newest = Event.objects.aggregate(newest=Max("number"))["newest"] or 0
    for place in range(newest // SPAN + 1):
        rest = place == newest // SPAN
        file = folder / ("events-rest.parquet" if rest else f"events-{place:05d}.parquet")
        if rest or not file.exists():
            some = Event.objects.filter(number__gt=place * SPAN, number__lte=(place + 1) * SPAN).order_by("number")
            _write(file, "events", _told(some.values_list(*ROWS).iterator(AT_ONCE)))
    for name, (model, columns) in NAMES.items():
        rows = model._default_manager.order_by("pk").values_list(*map(F, columns))
        _write(folder / f"{name}.parquet", name, rows.iterator(AT_ONCE))


def _told(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for number, at, *rest, data in rows:
        yield number, at.astimezone(CHINA).replace(tzinfo=None), *rest, json.dumps(data, ensure_ascii=False)


def _write(file: Path, name: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write a file whole or not at all."""
    import pyarrow as pa  # 40 MB, for a question rarely asked
    import pyarrow.parquet as pq

    types = {"int64": pa.int64(), "time": pa.timestamp("us"), "": pa.string()}
    told = [each.partition(":") for each in COLUMNS[name].split()]
    schema = pa.schema([(column, types[kind]) for column, _, kind in told])
    fresh, left = file.with_suffix(".new"), iter(rows)
    with pq.ParquetWriter(fresh, schema, compression="zstd") as writer:
        while some := list(islice(left, AT_ONCE)):
            columns = zip(*some, strict=True)
            writer.write_table(pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema))
    fresh.replace(file)


def answer(question: str, folder: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Ask the files a question in SQL, which reads them and nothing else of the machine."""
    try:
        import duckdb
    except ImportError as missing:
        raise Conflict(
            "这台机器没有装 DuckDB",
            remedy=f"装上 banshi[questions] 再问；文件已经写在 {folder}，别的工具也能读。",
        ) from missing
    tables = {name: [str(each) for each in sorted(folder.glob(f"{name}*.parquet"))] for name in COLUMNS}
    with duckdb.connect() as asked:
        for name, files in tables.items():
            asked.read_parquet(files).to_view(name)
        asked.execute(f"SET allowed_paths = {list(chain(*tables.values()))}")
        asked.execute("SET enable_external_access = false")
        try:
            found = asked.execute(question)
            return [each[0] for each in found.description or ()], found.fetchall()
        except duckdb.Error as error:
            raise BadInput(
                f"这个问题问不出来：{error}", remedy="请按 DuckDB 的 SQL 改；表有 events、organs、items。"
            ) from error
