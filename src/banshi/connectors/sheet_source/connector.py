"""Registers that come as files: loaded once into a table of their own, and asked like any database."""

import csv
import fcntl
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings

from banshi.connectors.sheet_source.schema import EXACT, IDENTIFIER, MOST_BYTES, MOST_ROWS, DropFolder
from banshi.connectors.sql_source.connector import SqlSource
from banshi.core.crypto import digest
from banshi.exchange.sources import Look, Measured, NotAsDeclared, SourceTrouble, StructureChanged, read_address


class SheetSource:
    def __init__(self, address: str) -> None:
        self.place = read_address(lambda each: DropFolder(folder=Path(each)), address)

    def check(self, table: str, columns: Sequence[str]) -> int:
        return self._loaded(table, {}).check(table, columns)

    def look_up(self, look: Look) -> list[dict[str, Any]]:
        return self._loaded(look.table, look.keys).look_up(look)

    def measure(
        self, table_name: str, columns: Sequence[str], *, person: str, updated: str, seconds: float
    ) -> Measured:
        loaded = self._loaded(table_name, {})
        return loaded.measure(table_name, columns, person=person, updated=updated, seconds=seconds)

    def _loaded(self, table: str, keys: Mapping[str, str]) -> SqlSource:
        """Load the file as it is now, unless it was, and index the keys."""
        path = self.place.file_of(table)
        if path is None and not self.place.folder.is_dir():
            raise SourceTrouble("约定的文件夹现在打不开")
        if path is None:
            raise StructureChanged("这张表的文件")
        state = path.stat()
        if state.st_size > MOST_BYTES:
            raise NotAsDeclared(f"对方的文件太大，超过{MOST_BYTES // 1024 // 1024}MB")
        kept = Path(settings.HOME) / "exchange-sheets"
        prefix = digest(str(path).encode())[:16]
        loaded = kept / f"{prefix}-{state.st_mtime_ns}-{state.st_size}.sqlite3"
        if not loaded.exists():
            kept.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (kept / f"{prefix}.lock").open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError as loading:
                    raise NotAsDeclared("对方换了文件，正在读入，请过一两分钟再试") from loading
                if not loaded.exists():
                    _load(path, table, loaded)
            for old in kept.glob(f"{prefix}-*.sqlite3"):
                if old != loaded:
                    old.unlink(missing_ok=True)
        with closing(sqlite3.connect(loaded)) as database:
            there = {name for _, name, *_ in database.execute(f'PRAGMA table_info("{table}")')}
            for key in there & set(keys):
                database.execute(f'CREATE INDEX IF NOT EXISTS "by_{key}" ON "{table}" ("{key}")')
        return SqlSource(f"sqlite:///{loaded}")


def _load(path: Path, table: str, loaded: Path) -> None:
    """Write the table beside its place, then put it there whole."""
    with NamedTemporaryFile(dir=loaded.parent, suffix=".part", delete=False) as part:
        whole = Path(part.name)
    try:
        rows = _csv_rows(path) if path.suffix == ".csv" else _xlsx_rows(path)
        names = [each.strip() for each in next(rows, [])]
        taken = [place for place, name in enumerate(names) if IDENTIFIER.fullmatch(name)]
        columns = [names[place] for place in taken]
        if not columns or len(set(columns)) != len(columns):
            raise NotAsDeclared("对方的文件第一行不是列名，或者列名重复")
        with closing(sqlite3.connect(whole)) as database:
            named = ", ".join(f'"{each}" text' for each in columns)
            database.execute(f'CREATE TABLE "{table}" ({named})')
            marks = ", ".join("?" * len(columns))
            given = ([row[place] for place in taken] for row in _whole(rows, len(names)))
            database.executemany(f'INSERT INTO "{table}" VALUES ({marks})', given)  # noqa: S608  # declared names
            database.commit()
        whole.replace(loaded)
    finally:
        whole.unlink(missing_ok=True)


def _whole(rows: Iterable[list[str]], width: int) -> Iterator[list[str]]:
    """Give the rows that hold something, each as wide as the head, so that no half row is taken for somebody's data."""
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise NotAsDeclared(f"对方的文件超过{MOST_ROWS // 10_000}万行")
        if not any(row):
            continue
        if len(row) < width or any(row[width:]):
            raise NotAsDeclared(
                f"对方的文件第{count + 1}行有{len(row)}格，表头有{width}格：没有写完，或者逗号没有加引号"
            )
        yield row


def _csv_rows(path: Path) -> Iterator[list[str]]:
    with path.open("rb") as whole:
        size = whole.seek(0, os.SEEK_END)
        whole.seek(max(size - 1, 0))
        if size and whole.read(1) not in b"\r\n":
            raise NotAsDeclared("对方的文件最后没有换行，像是还没有写完")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for _ in file:
                pass
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "gb18030"
    try:
        with path.open(encoding=encoding, newline="") as file:
            for row in csv.reader(file, strict=True):
                yield [each.strip() for each in row]
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise NotAsDeclared("对方的文件读不懂，不是 CSV，或者引号没有成对") from wrong


def _xlsx_rows(path: Path) -> Iterator[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for row in book.get_sheet_by_index(0).iter_rows():
                yield [_text(each) for each in row]
    except CalamineError as wrong:
        raise NotAsDeclared("对方的文件读不懂，不是表格") from wrong


def _text(value: object) -> str:
    match value:
        case bool():
            return "是" if value else "否"
        case float() | int() if abs(value) >= EXACT:
            raise NotAsDeclared("对方的表格把号码存成了数字，末几位已经丢了；请存成文本")
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date():
            return value.isoformat()[:10]
    return str(value).strip()
