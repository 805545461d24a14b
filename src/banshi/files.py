"""Stored files: kept under their digest, once, whole or not at all.

The bytes are on disk before the row exists, so a row never points at nothing; bytes without a row (a rolled back
transaction, a killed process) are removed by `sweep` a day later.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, BinaryIO

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.db import models, transaction

from banshi import ledger
from banshi.core.errors import BadInput, Missing
from banshi.core.file_types import sniff
from banshi.core.models import StoredFile

CHUNK = 1024 * 1024
KEEP_STRAYS = timedelta(days=1)


@transaction.atomic
def keep(
    file: IO[bytes],
    *,
    name: str,
    purpose: str,
    organ: models.Model | None = None,
    public: bool = False,
    by: ledger.Actor,
    at: datetime,
) -> StoredFile:
    """Store what `file` holds. Raises BadInput when it is too large, empty, or of a type not accepted."""
    name = safe_name(name)
    with _incoming(file, name) as (place, copy):
        kind = sniff(copy, name)
        digest, size = _digest_of(copy)
        _settle(place, path_of(digest))
    stored = StoredFile.objects.create(
        digest=digest,
        name=name,
        media_type=kind.media_type,
        size=size,
        purpose=purpose,
        organ_id=organ.pk if organ else None,
        uploaded_by=by.ledger_id,
        uploaded_at=at,
        public=public,
    )
    facts = {"name": name, "digest": digest, "size": size, "purpose": purpose, "public": public}
    ledger.record("core.keep_file", stored, by=by, at=at, facts=facts)
    return stored


def open_file(stored: StoredFile) -> BinaryIO:
    """The bytes, open for reading. Raises Missing when they are gone from the disk."""
    try:
        return path_of(stored.digest).open("rb")
    except FileNotFoundError as gone:
        raise Missing("文件已不在存储里", where=stored.name, remedy="请联系系统管理员从备份中恢复。") from gone


def path_of(digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest[2:4] / digest


def safe_name(name: str) -> str:
    """The last part of a path, without control characters, at most 200 characters with its ending kept."""
    plain = re.sub(
        r'[\x00-\x1f\x7f<>:"|?*\u202a-\u202e\u2066-\u2069]', "", name.replace("\\", "/").rsplit("/", 1)[-1]
    ).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: 199 - len(ending)]}{dot}{ending}" if dot and len(ending) < 10 else plain[:200] or "文件"


def sweep(*, at: datetime) -> int:
    """Remove bytes that no row names, once they are a day old. Returns how many files went."""
    limit = (at - KEEP_STRAYS).timestamp()
    old = [path for path in _on_disk() if path.stat().st_mtime < limit]
    named = set(StoredFile.objects.filter(digest__in=[path.name for path in old]).values_list("digest", flat=True))
    strays = [path for path in old if path.name not in named]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def _on_disk() -> Iterator[Path]:
    return (path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


@contextmanager
def _incoming(source: IO[bytes], name: str) -> Iterator[tuple[Path, BinaryIO]]:
    """A copy under MEDIA_ROOT/incoming, on the disk for sure; gone at the end unless it was moved to its place."""
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    handle, path = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "w+b") as copy:
            _copy(source, copy, name)
            yield Path(path), copy
    finally:
        Path(path).unlink(missing_ok=True)


def _copy(source: IO[bytes], copy: BinaryIO, name: str) -> None:
    size = 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if size > settings.FILE_SIZE_LIMIT:
            limit = settings.FILE_SIZE_LIMIT // (1024 * 1024)
            raise BadInput(f"文件超过{limit}MB，太大了", where=name, remedy="请压缩图片或拆分后再上传。")
        copy.write(chunk)
    copy.flush()
    os.fsync(copy.fileno())


def _digest_of(file: BinaryIO) -> tuple[str, int]:
    """SM3 and size."""
    sm3, size = hashes.Hash(hashes.SM3()), 0
    file.seek(0)
    while chunk := file.read(CHUNK):
        sm3.update(chunk)
        size += len(chunk)
    return sm3.finalize().hex(), size


def _settle(incoming: Path, place: Path) -> None:
    """Move into place in one step; the same bytes are kept once. A file kept again counts as young for `sweep`."""
    if place.exists():
        os.utime(place)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    incoming.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
