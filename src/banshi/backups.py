"""Everything an office must not lose, in one file, and back again.

A backup is a tar.gz: `manifest.json` first (what is in it, each with its SM3), then the database as one consistent copy,
the stored files, and the ledger's anchors. It is written beside its place and renamed when it is whole and on the disk.

BANSHI_SECRET is not in it, nor BANSHI_FILE_KEYS, so files of applicants lie encrypted in it too: who finds a backup must not be able to read the sealed data. Keep the secret elsewhere; without it
names and numbers of citizens stay sealed for good. The manifest knows a fingerprint of it, so a wrong one is noticed.
"""

import fcntl
import io
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from banshi.core.crypto import blind_index
from banshi.core.errors import BadInput, Conflict, Missing
from banshi.core.known_migrations import refuse_unknown
from banshi.core.leases import lease
from banshi.core.local_storage import LocalStorage
from banshi.core.models import Node, StoredFile
from banshi.core.nodes import RESTORE, living
from banshi.core.outages import outage_of
from banshi.core.pg_copy import PROCESS_TABLES, Columns, copy_in, copy_out, snapshot
from banshi.core.progress import Progress, no_progress
from banshi.core.sealed_files import office_keys
from banshi.ledger.anchors import anchor, line_of
from banshi.ledger.models import Anchor, LedgerEntry
from banshi.ledger.sealing import seal

FORMAT = 3
CHUNK = 1024 * 1024
UNFINISHED = ".banshi-backup-"
HEAD = "SELECT number, digest FROM ledger_block ORDER BY number DESC LIMIT 1"
ANCHORS = "SELECT serial, block, digest, at, key, signature FROM ledger_anchor ORDER BY serial"
NAMES = re.compile(
    r"database\.sqlite3|tables/[a-z0-9_]+\.copy|anchors\.jsonl|files/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}"
)
Sources = dict[str, Callable[[], Any]]
"""How to open each part, by its name in the backup."""


@dataclass(frozen=True, slots=True)
class Dump:
    """The database as files, by their names in the backup. `tables`: columns of each, on PostgreSQL."""

    files: dict[str, Path]
    head: tuple[int, str] | None
    anchors: list[tuple[Any, ...]]
    tables: Columns = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest of a backup. `contents` maps names to SM3, `head` is the newest block of the ledger in the copied
    database.

    `migrations`: app and name of those its tables were made by. `file_keys`: ids of the keys its encrypted files need.
    """

    format: int
    version: str
    vendor: str
    at: str
    secret: str
    head: tuple[int, str] | None
    contents: dict[str, str]
    tables: Columns
    migrations: list[tuple[str, str]]
    file_keys: list[str] = field(default_factory=list)


def back_up(target: Path, *, at: datetime, report: Progress = no_progress) -> Manifest:
    """Write `target`, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    forget_unfinished(target.parent)
    seal(at=at)
    anchor(at=at)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=UNFINISHED) as folder, _locked(Path(folder)):
        report(0, 0, "复制数据库")
        dump = (_dump_postgresql if connection.vendor == "postgresql" else _dump_sqlite)(Path(folder))
        paths = dict(dump.files)
        if dump.anchors:
            # Written anew from the copied table, so that no anchor in the file is younger than the copy.
            names = ("serial", "block", "digest", "at", "key", "signature")
            paths["anchors.jsonl"] = Path(folder) / "anchors.jsonl"
            paths["anchors.jsonl"].write_text(
                "".join(line_of(Anchor(**dict(zip(names, row, strict=True)))) for row in dump.anchors)
            )
        # They are in the storage before their rows are, so the copy of the database names none that is not here.
        stored = sorted(name for name, _ in default_storage.stored() if NAMES.fullmatch(f"files/{name}"))  # type: ignore[attr-defined]
        files = {f"files/{name}": partial(default_storage.open, name) for name in stored}
        sources: Sources = {**{name: partial(path.open, "rb") for name, path in paths.items()}, **files}
        contents = {}
        for done, (name, opened) in enumerate(sources.items()):
            report(done, len(sources), "计算校验值")
            with opened() as file:
                contents[name] = _sm3(file)
        stamp = at.isoformat(timespec="seconds")
        manifest = Manifest(
            format=FORMAT,
            version=settings.VERSION,
            vendor=connection.vendor,
            at=stamp,
            secret=_fingerprint(),
            head=dump.head,
            contents=contents,
            tables=dump.tables,
            migrations=sorted(MigrationRecorder(connection).applied_migrations()),
            file_keys=sorted(
                StoredFile.objects.exclude(key_id="").values_list("key_id", flat=True).distinct().order_by()
            ),
        )
        unfinished = Path(folder) / "backup.tar.gz"
        _write(unfinished, manifest, sources, report)
        unfinished.chmod(0o600)
        unfinished.replace(target)
    _sync(target.parent)
    return manifest


def forget_unfinished(folder: Path) -> int:
    """Remove the plain copies of the database that killed backups left in `folder`.

    Returns how many.
    """
    left = [each for each in folder.glob(f"{UNFINISHED}*") if each.is_dir()]
    removed = 0
    for each in left:
        with suppress(BlockingIOError, FileNotFoundError), _locked(each):
            shutil.rmtree(each)
            removed += 1
    return removed


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a lock that ends with the process."""
    # Raises BlockingIOError where another holds it.
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _write(target: Path, manifest: Manifest, sources: Sources, report: Progress) -> None:
    with target.open("wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=3) as archive:
            text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
            _add(archive, "manifest.json", io.BytesIO(text))
            for done, (name, opened) in enumerate(sources.items()):
                report(done, len(sources), "写入备份")
                with opened() as file:
                    _add(archive, name, file)
        raw.flush()
        os.fsync(raw.fileno())


def _add(archive: tarfile.TarFile, name: str, file: BinaryIO) -> None:
    header = tarfile.TarInfo(name)
    header.size = file.seek(0, os.SEEK_END)
    file.seek(0)
    archive.addfile(header, file)


# The database


def _dump_sqlite(folder: Path) -> Dump:
    """Copy with SQLite's own online backup, consistent while others write."""
    path = folder / "database.sqlite3"
    copy = sqlite3.connect(path)
    try:
        connection.ensure_connection()
        connection.connection.backup(copy)
        for table in PROCESS_TABLES:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608
        copy.commit()
        head, anchors = copy.execute(HEAD).fetchone(), copy.execute(ANCHORS).fetchall()
    finally:
        copy.close()
    return Dump({path.name: path}, head, anchors)


def _dump_postgresql(folder: Path) -> Dump:
    """Copy one snapshot, in which the head of the ledger is read too."""
    with snapshot() as cursor:
        tables = copy_out(folder, cursor)
        head, anchors = cursor.execute(HEAD).fetchone(), cursor.execute(ANCHORS).fetchall()
    return Dump({f"tables/{table}.copy": folder / f"{table}.copy" for table in tables}, head, anchors, tables)


# Back again


def restore(
    source: Path, *, replace: bool = False, at: datetime, report: Progress = no_progress
) -> tuple[Manifest, Path | None]:
    """Put a backup in place of what is here.

    What was here is moved to the returned folder, not deleted.

    Everything is unpacked and checked before anything is touched. Raises Conflict beside a running site or worker.
    """
    if not replace and holds_data():
        raise Conflict("这里已有数据", remedy="确定要用备份替换的，请加 --replace；现有数据会移到旁边保留。")
    with nobody_else_running():
        staging = Path(settings.HOME) / "restoring"
        shutil.rmtree(staging, ignore_errors=True)
        try:
            manifest = _unpack(source, staging, report)
            if manifest.vendor != connection.vendor:
                raise Conflict(
                    f"这份备份来自 {manifest.vendor}，现在的数据库是 {connection.vendor}",
                    remedy="请用同一种数据库恢复。",
                )
            refuse_unknown(manifest.migrations)
            if manifest.secret != _fingerprint():
                raise Conflict(
                    "密钥与备份时的不同，恢复后公民身份信息将无法解密",
                    remedy="请先把当时的 BANSHI_SECRET（或数据文件夹里的 secret 文件）放回来，再恢复。",
                )
            if set(manifest.file_keys) - office_keys().keys():
                raise Conflict(
                    "备份里的文件要用的密钥不在，恢复后申请人的材料将打不开",
                    remedy="请先把当时的 BANSHI_FILE_KEYS 放回来，再恢复。",
                )
            report(0, 0, "换上备份")
            aside = _put_in_place(manifest, staging, at)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return manifest, aside


@contextmanager
def nobody_else_running() -> Iterator[None]:
    """Keep sites and workers from starting meanwhile.

    Raises Conflict, naming them, while any is running.
    """
    if Node._meta.db_table not in connection.introspection.table_names():
        yield
        return
    with lease(RESTORE) as ours:
        if not ours:
            raise Conflict("另一个进程正在恢复备份", remedy="请等它完成。")
        if running := "、".join(f"{node.host} 上的{node.get_kind_display()}（进程 {node.pid}）" for node in living()):
            seconds = settings.LEASE_TTL.total_seconds()
            raise Conflict(
                f"还在运行：{running}",
                remedy=f"什么都没有改动。请先停止它们再恢复；非正常停止的，过 {seconds:.0f} 秒才算停止。",
            )
        yield


def holds_data() -> bool:
    """Tell whether there is a ledger with entries, or any stored file."""
    if next(default_storage.stored(), None):  # type: ignore[attr-defined]
        return True
    tables = connection.introspection.table_names()
    return LedgerEntry._meta.db_table in tables and LedgerEntry.objects.exists()


def _unpack(source: Path, staging: Path, report: Progress) -> Manifest:
    """Unpack what the manifest names, each checked against its digest."""
    # Raises BadInput for anything else.
    with _opened(source) as archive:
        manifest = _read_manifest(archive, source)
        waiting = dict(manifest.contents)
        for member in archive:
            if member.name == "manifest.json":
                continue
            expected = waiting.pop(member.name, None)
            if expected is None or not member.isfile() or not NAMES.fullmatch(member.name):
                raise _damaged(source, f"多出了 {member.name[:80]}")
            report(len(manifest.contents) - len(waiting), len(manifest.contents), "核对备份")
            path = staging / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            content = archive.extractfile(member)
            assert content is not None
            with path.open("w+b") as file:
                shutil.copyfileobj(content, file, CHUNK)
                file.seek(0)
                if _sm3(file) != expected:
                    raise _damaged(source, f"{member.name} 与校验值不符")
                os.fsync(file.fileno())
    if waiting:
        raise _damaged(source, f"缺少 {min(waiting)}")
    return manifest


def _put_in_place(manifest: Manifest, staging: Path, at: datetime) -> Path | None:
    aside = Path(settings.HOME) / f"before-restore-{at:%Y%m%d-%H%M%S}"
    aside.mkdir(parents=True)
    if manifest.vendor == "postgresql":
        tables = aside / "tables"
        tables.mkdir()
        _dump_postgresql(tables)
        copy_in(staging / "tables", manifest.tables)
    else:
        # A stale -wal beside a new database would spoil it, so it goes first.
        connections.close_all()
        place = Path(connection.settings_dict["NAME"])
        for suffix in ("-wal", "-shm"):
            _swap(place.with_name(place.name + suffix), None, aside / f"database.sqlite3{suffix}")
        _swap(place, staging / "database.sqlite3", aside / "database.sqlite3")
    if isinstance(default_storage._wrapped, LocalStorage):  # type: ignore[attr-defined]
        _swap(Path(settings.MEDIA_ROOT), staging / "files", aside / "files")
    else:
        folder = staging / "files"
        # What is there already stays, under its digest.
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                with path.open("rb") as file:
                    default_storage.save(path.relative_to(folder).as_posix(), File(file))
    _swap(Path(settings.LEDGER_ANCHORS), staging / "anchors.jsonl", aside / "anchors.jsonl")
    if any(aside.iterdir()):
        return aside
    aside.rmdir()
    return None


def _swap(place: Path, new: Path | None, aside: Path) -> None:
    if place.exists():
        place.replace(aside)
    if new and new.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        new.replace(place)
        _sync(place.parent)


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            yield archive
    except FileNotFoundError as gone:
        raise Missing("没有这个备份文件", where=str(source)) from gone
    except (tarfile.TarError, EOFError, zlib.error, OSError) as damage:
        if outage := outage_of(damage):
            raise outage from damage
        raise _damaged(source, "读不出来") from damage


def _read_manifest(archive: tarfile.TarFile, source: Path) -> Manifest:
    first = archive.next()
    if first is None or first.name != "manifest.json":
        raise _damaged(source, "开头没有清单")
    try:
        read: Any = json.load(archive.extractfile(first) or io.BytesIO(b"{}"))
        if read.get("format") != FORMAT:
            raise BadInput("这份备份的格式认不出", where=source.name, remedy="请用做备份时那个版本的 banshi 恢复。")
        head = (int(read["head"][0]), str(read["head"][1])) if read["head"] else None
        migrations = [(str(app), str(name)) for app, name in read["migrations"]]
        return Manifest(**{**read, "head": head, "migrations": migrations})
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as odd:
        raise _damaged(source, "清单读不懂") from odd


def _damaged(source: Path, what: str) -> BadInput:
    return BadInput(f"备份文件不完整或被改动过：{what}", where=source.name, remedy="什么都没有改动。请换一份备份。")


def _fingerprint() -> str:
    return blind_index("which secret sealed this", purpose="backup")


def _sm3(file: BinaryIO) -> str:
    sm3 = hashes.Hash(hashes.SM3())
    while chunk := file.read(CHUNK):
        sm3.update(chunk)
    return sm3.finalize().hex()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
