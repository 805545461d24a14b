"""Batches as files, CSV or Parquet, each row headed as the exchange table C0111 has it, written and read without holding them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import IO, Any

from banshi.core.clock import CHINA, day_of
from banshi.core.crypto import blind_index
from banshi.core.errors import Refused
from banshi.core.file_types import TYPES
from banshi.exchange.enums import (
    BatchFormat,
    BatchKind,
    InformationKind,
    ResourceState,
)
from banshi.exchange.masking import masked
from banshi.exchange.models import Grant

FEED = ("row_guid", "cd_batch", "cd_operation", "cd_time")
"""Columns before those of the resource. The same `row_guid` again is the same row, which makes a repeated batch harmless."""
OPERATIONS = {BatchKind.FULL: "I", BatchKind.INCREMENTAL: "U"}
ROWS_AT_ONCE = 5_000
LETTERS_AT_ONCE = 4 * 1024 * 1024
"""Bounds of a row group, whichever is reached first: long rows take no more memory than short ones."""
PART = 1024 * 1024
"""Bytes between two looks at the grant while a file leaves."""
MEDIA = {BatchFormat.CSV: TYPES["csv"].media_type, BatchFormat.PARQUET: "application/vnd.apache.parquet"}


def batch_rows(
    rows: Iterable[Sequence[Any]],
    *,
    masks: Sequence[InformationKind | None],
    code: str,
    organ: int,
    batch: str,
    kind: BatchKind,
    at: datetime,
) -> Iterator[list[str | None]]:
    """Put before each row what tells it, of which the source gives what it is known by first and that alone is left out.

    `row_guid` is keyed, and of the subscriber's organ alone: numbers can't be tried against it, nor two organs' files joined by it.
    """
    operation, moment = OPERATIONS[kind], at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    for known_by, *values in rows:
        guid = blind_index(f"{organ}:{code}:{known_by}", purpose="exchange.Batch")
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
        for some in _row_groups(rows):
            columns = [pa.array(each, pa.string()) for each in zip(*some, strict=True)]
            writer.write_table(pa.table(columns, schema=schema))
            count += len(some)
    return count


def _row_groups(rows: Iterator[list[str | None]]) -> Iterator[list[list[str | None]]]:
    some: list[list[str | None]] = []
    letters = 0
    for row in rows:
        some.append(row)
        letters += sum(len(each) for each in row if each)
        if len(some) >= ROWS_AT_ONCE or letters >= LETTERS_AT_ONCE:
            yield some
            some, letters = [], 0
    if some:
        yield some


def sha256_of(file: IO[bytes]) -> str:
    """Compute the digest by which whoever takes the file knows that it is whole."""
    found = sha256()
    while part := file.read(PART):
        found.update(part)
    return found.hexdigest()


def require_in_force(grant: Grant, at: datetime) -> None:
    """Refuse batches of a grant that has ended, of data no longer shared, or that gives none."""
    if grant.revoked_at or not grant.since <= day_of(at) <= grant.until or grant.request.delivered_at is None:
        raise Refused("这项授权已经收回、到期或者还没有提供", remedy="请本单位的数据专员重新申请。")
    if grant.request.resource.state != ResourceState.PUBLISHED:
        raise Refused(f"“{grant.request.resource}”现在不能用", remedy="请联系提供单位。")
    if not grant.request.resource.shares(grant.fields):
        raise Refused("目录里现在写的是不予共享", remedy="请联系提供单位。")
    if not grant.in_batches:
        raise Refused("这项授权不能整批取", remedy="请在申请里写明要整批用，由提供单位同意。")
