"""Guides in files, a chunk at a time: Parquet by row groups, JSON lines by stretches of the file.

One guide a row. Columns, or members of the line: `item_id`, `guide` (JSON text, in JSON lines the object itself), and what
is known around it (`kind`, `code`, `organ`, `organ_kind`, `uscc`, `volume`); only the first two must be there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from banshi.core.errors import BadInput
from banshi.rulebook.rule import About

KNOWN = tuple(each.name for each in fields(About) if each.name != "division")  # of files nobody knows the city
GUIDES = pa.schema(
    [
        ("item_id", pa.int64()),
        ("guide", pa.binary()),
        *((name, pa.int64() if name == "volume" else pa.string()) for name in KNOWN),
    ]
)
STRETCH = 16_000_000
"""Bytes of JSON lines read at once."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A row group (`number`), or the lines that begin within bytes `begin`…`end`."""

    path: Path
    number: int = 0
    begin: int = 0
    end: int = 0


Row = tuple[int, bytes, About]


def chunks(path: Path) -> Iterator[Chunk]:
    """Yield the parts of a file, or of all files of a folder, that can be read alone."""
    if path.is_dir():
        for each in sorted(each for each in path.rglob("*") if each.suffix in (".parquet", ".jsonl")):
            yield from chunks(each)
    elif path.suffix == ".parquet":
        for number in range(pq.ParquetFile(path).metadata.num_row_groups):
            yield Chunk(path, number=number)
    elif path.suffix == ".jsonl":
        size = path.stat().st_size
        for begin in range(0, size, STRETCH):
            yield Chunk(path, begin=begin, end=min(begin + STRETCH, size))
    else:
        raise BadInput("大批检查只读 .parquet 和 .jsonl", where=path.name, remedy="表格请用 banshi check 检查。")


def rows(chunk: Chunk) -> Iterator[Row]:
    return _parquet_rows(chunk) if chunk.path.suffix == ".parquet" else _lines(chunk)


def _parquet_rows(chunk: Chunk) -> Iterator[Row]:
    file = pq.ParquetFile(chunk.path)
    columns = columns_among(file.schema_arrow.names, where=chunk.path.name)
    for batch in file.iter_batches(2_000, row_groups=[chunk.number], columns=columns):
        yield from batch_rows(batch)


def columns_among(names: Sequence[str], *, where: str) -> list[str]:
    """List those of these columns that are read."""
    if missing := {"item_id", "guide"} - set(names):
        raise BadInput(f"缺少列：{'、'.join(sorted(missing))}", where=where)
    return ["item_id", "guide", *(name for name in KNOWN if name in names)]


def batch_rows(batch: pa.RecordBatch) -> Iterator[Row]:
    guides = batch.column("guide").cast(pa.binary()).to_pylist()
    given = (_given(batch, name) for name in KNOWN)
    for number, guide, *about in zip(batch.column("item_id").to_pylist(), guides, *given, strict=True):
        yield number, guide or b"{}", About(*about)


def _given(batch: pa.RecordBatch, name: str) -> list[object]:
    """Read what is known of the items."""
    # A text that is not known is empty, a volume None.
    nothing = None if name == "volume" else ""
    if name not in batch.schema.names:
        return [nothing] * batch.num_rows
    column = batch.column(name)
    known: list[Any] = (column if nothing is None else column.cast(pa.string()).fill_null(nothing)).to_pylist()
    return known


class _JsonLine(msgspec.Struct):
    item_id: int
    guide: msgspec.Raw = msgspec.Raw(b"{}")
    kind: str = ""
    code: str = ""
    organ: str = ""
    organ_kind: str = ""
    uscc: str = ""
    volume: int | None = None


_LINE = msgspec.json.Decoder(_JsonLine)


def _lines(chunk: Chunk) -> Iterator[Row]:
    """Yield the lines of a stretch."""
    # A line belongs to the stretch it begins in.
    with chunk.path.open("rb") as file:
        file.seek(max(0, chunk.begin - 1))
        if chunk.begin and file.read(1) != b"\n":
            file.readline()
        while file.tell() < chunk.end:
            line = file.readline()
            if line.strip():
                try:
                    read = _LINE.decode(line)
                except msgspec.DecodeError as error:
                    raise BadInput(
                        f"有一行不是办事指南：{error}",
                        where=chunk.path.name,
                        remedy="每行一个 JSON 对象，要有 item_id 和 guide。",
                    ) from error
                yield (read.item_id, bytes(read.guide), About(*(getattr(read, name) for name in KNOWN)))
