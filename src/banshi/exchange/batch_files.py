"""Batches as files, CSV or Parquet, each row headed as the exchange table C0111 has it, written without holding the rows."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import IO, Any

from banshi.core.clock import CHINA
from banshi.core.crypto import blind_index
from banshi.core.file_types import TYPES
from banshi.exchange.enums import (
    BatchFormat,
    BatchKind,
    InformationKind,
)
from banshi.exchange.masking import masked

FEED = ("row_guid", "cd_batch", "cd_operation", "cd_time")
"""Columns before those of the resource. The same `row_guid` again is the same row, which makes a repeated batch harmless."""
OPERATIONS = {BatchKind.FULL: "I", BatchKind.INCREMENTAL: "U"}
ROWS_AT_ONCE = 5_000
MEDIA = {BatchFormat.CSV: TYPES["csv"].media_type, BatchFormat.PARQUET: "application/vnd.apache.parquet"}


def batch_rows(
    rows: Iterable[Sequence[Any]],
    *,
    masks: Sequence[InformationKind | None],
    code: str,
    batch: str,
    kind: BatchKind,
    at: datetime,
) -> Iterator[list[str | None]]:
    """Put before each row what tells it, of which the source gives the person's number first and that alone is left out."""
    operation, moment = OPERATIONS[kind], at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    for person, *values in rows:
        guid = blind_index(f"{code}:{person}", purpose="exchange.Batch")
        told = zip(values, masks, strict=True)
        shown = (None if each is None else masked(str(each), mask) if mask else str(each) for each, mask in told)
        yield [guid, batch, operation, moment, *shown]


def write_batch(rows: Iterator[list[str | None]], names: Sequence[str], to: IO[bytes], *, form: BatchFormat) -> int:
    """Write a file and return how many rows it has."""
    heads = [*FEED, *names]
    return _write_csv(rows, heads, to) if form == BatchFormat.CSV else _write_parquet(rows, heads, to)


def _write_csv(rows: Iterator[list[str | None]], heads: list[str], to: IO[bytes]) -> int:
    text, count = io.TextIOWrapper(to, "utf-8", newline="", write_through=True), 0
    writer = csv.writer(text)
    writer.writerow(heads)
    for row in rows:
        writer.writerow(row)
        count += 1
    text.detach()
    return count


def _write_parquet(rows: Iterator[list[str | None]], heads: list[str], to: IO[bytes]) -> int:
    import pyarrow as pa  # 40 MB, for a file rarely made
    import pyarrow.parquet as pq

    schema, count = pa.schema([(each, pa.string()) for each in heads]), 0
    with pq.ParquetWriter(to, schema, compression="zstd") as writer:
        while some := list(islice(rows, ROWS_AT_ONCE)):
            columns = [pa.array(each, pa.string()) for each in zip(*some, strict=True)]
            writer.write_table(pa.table(columns, schema=schema))
            count += len(some)
    return count
