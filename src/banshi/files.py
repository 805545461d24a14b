"""Stored files: kept under their digest, once, whole or not at all.

The bytes are in the storage (a local folder, or S3) before the row exists, so a row never points at nothing; bytes without a row (a rolled back
transaction, a killed process) are removed by `sweep` a day later.
"""

import re
from datetime import datetime, timedelta
from typing import IO, BinaryIO, cast

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction

from banshi import ledger
from banshi.core.errors import BadInput, Missing
from banshi.core.file_types import sniff
from banshi.core.models import StoredFile

CHUNK = 1024 * 1024
KEEP_STRAYS = timedelta(days=1)


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
    """Store what `file` holds.

    Raises BadInput when it is too large, empty, or of a type not accepted.
    """
    name = safe_name(name)
    sm3, size = hashes.Hash(hashes.SM3()), 0
    file.seek(0)
    while chunk := file.read(CHUNK):
        size += len(chunk)
        if size > settings.FILE_SIZE_LIMIT:
            limit = settings.FILE_SIZE_LIMIT // (1024 * 1024)
            raise BadInput(f"文件超过{limit}MB，太大了", where=name, remedy="请压缩图片或拆分后再上传。")
        sm3.update(chunk)
    file.seek(0)
    digest = sm3.finalize().hex()
    kind = sniff(cast(BinaryIO, file), name)
    default_storage.save(key_of(digest), File(file, name))
    with transaction.atomic():
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
    """Return the bytes, open for reading.

    Raises Missing when they are gone from the storage.
    """
    try:
        return cast(BinaryIO, default_storage.open(key_of(stored.digest)))
    except FileNotFoundError as gone:
        raise Missing("文件已不在存储里", where=stored.name, remedy="请联系系统管理员从备份中恢复。") from gone


def key_of(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def safe_name(name: str) -> str:
    """Return the last part of a path, without control characters, at most 200 characters with its ending kept."""
    plain = re.sub(
        r'[\x00-\x1f\x7f<>:"|?*\u202a-\u202e\u2066-\u2069]', "", name.replace("\\", "/").rsplit("/", 1)[-1]
    ).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: 199 - len(ending)]}{dot}{ending}" if dot and len(ending) < 10 else plain[:200] or "文件"


def sweep(*, at: datetime) -> int:
    """Remove bytes that no row names, once they are a day old.

    Returns how many files went.
    """
    limit = at - KEEP_STRAYS
    old = {name.rpartition("/")[2]: name for name, moment in default_storage.stored() if moment < limit}  # type: ignore[attr-defined]
    named = set(StoredFile.objects.filter(digest__in=list(old)).values_list("digest", flat=True))
    strays = [name for digest, name in old.items() if digest not in named]
    removed = 0
    for name in strays:
        # Looked at again right before, since the same bytes may just have been kept anew.
        if default_storage.get_modified_time(name) < limit:
            default_storage.delete(name)
            removed += 1
    return removed
