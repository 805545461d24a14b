"""Stored files: kept under their digest, once, whole or not at all.

The bytes are in the storage (a local folder, or S3) before the row exists, so a row never points at nothing; bytes without a row (a rolled back
transaction, a killed process) are removed by `sweep` a day later. What applicants hand in and what is issued to them is encrypted there,
each file by a key of its own (`core.sealed_files`).
"""

import io
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, cast

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q

from banshi import ledger
from banshi.core.errors import BadInput, Missing
from banshi.core.file_types import sniff
from banshi.core.models import StoredFile
from banshi.core.sealed_files import Envelope, SealedReader, newest_key_id, seal_stream

CHUNK = 1024 * 1024
KEEP_STRAYS = timedelta(days=1)
SEALED = frozenset({"case", "paper", "signature", "mandate", "bundle", "complaint", "data-batch"})
"""Purposes whose files are encrypted at rest."""
AT_ONCE = 500


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
    if file.seek(0, io.SEEK_END) > settings.FILE_SIZE_LIMIT:
        limit = settings.FILE_SIZE_LIMIT // (1024 * 1024)
        raise BadInput(f"文件超过{limit}MB，太大了", where=name, remedy="请压缩图片或拆分后再上传。")
    kind = sniff(cast(BinaryIO, file), name)
    return keep_made(
        file, name=name, media_type=kind.media_type, purpose=purpose, organ=organ, public=public, by=by, at=at
    )


def keep_made(
    file: IO[bytes],
    *,
    name: str,
    media_type: str,
    purpose: str,
    organ: models.Model | None = None,
    public: bool = False,
    by: ledger.Actor,
    at: datetime,
) -> StoredFile:
    """Store a file of our own making, however large, without holding it in memory."""
    sm3, size = hashes.Hash(hashes.SM3()), 0
    file.seek(0)
    while chunk := file.read(CHUNK):
        size += len(chunk)
        sm3.update(chunk)
    file.seek(0)
    digest = sm3.finalize().hex()
    envelope = None
    if purpose in SEALED:
        envelope = _put_sealed(file)
    else:
        default_storage.save(key_of(digest), File(file, name))
    with transaction.atomic():
        stored = StoredFile.objects.create(
            digest=digest,
            name=name,
            media_type=media_type,
            size=size,
            purpose=purpose,
            organ_id=organ.pk if organ else None,
            uploaded_by=by.ledger_id,
            uploaded_at=at,
            public=public,
            **(_columns(envelope) if envelope else {}),
        )
        facts = {"name": name, "digest": digest, "size": size, "purpose": purpose, "public": public}
        ledger.record("core.keep_file", stored, by=by, at=at, facts=facts)
    return stored


def _put_sealed(file: IO[bytes]) -> Envelope:
    with TemporaryFile() as sealed:  # which holds nothing that can be read
        envelope = seal_stream(file, sealed)
        sealed.seek(0)
        default_storage.save(key_of(envelope.place), File(sealed, envelope.place))
    return envelope


def _columns(envelope: Envelope) -> dict[str, str | bytes]:
    return {"sealed_as": envelope.place, "key_id": envelope.key_id, "key_sealed": envelope.key_sealed}


def _envelope_of(stored: StoredFile) -> Envelope:
    return Envelope(stored.sealed_as, stored.key_id, bytes(stored.key_sealed))


def open_file(stored: StoredFile) -> BinaryIO:
    """Return the bytes as they were kept, open for reading.

    Raises Missing when they are gone from the storage.
    """
    try:
        there = cast(BinaryIO, default_storage.open(key_of(stored.sealed_as or stored.digest)))
    except FileNotFoundError as gone:
        raise Missing("文件已不在存储里", where=stored.name, remedy="请联系系统管理员从备份中恢复。") from gone
    if not stored.sealed_as:
        return there
    return io.BufferedReader(SealedReader(there, _envelope_of(stored), size=stored.size, name=stored.name))


def unnamed(files: models.QuerySet[StoredFile]) -> models.QuerySet[StoredFile]:
    """Leave out the files that any row names."""
    relations: list[Any] = [
        each for each in StoredFile._meta.get_fields(include_hidden=True) if each.auto_created and not each.concrete
    ]
    for each in relations:
        named = each.related_model._base_manager.filter(**{each.field.name: models.OuterRef("pk")})
        files = files.exclude(models.Exists(named))
    return files


def drop(files: Iterable[StoredFile], *, reason: str, by: ledger.Actor, at: datetime) -> int:
    """Delete files for good, as part of an act.

    How many. The key of an encrypted one goes at once (crypto-shredding), the bytes at the next sweep.
    """
    gone = list(files)
    with transaction.atomic():
        acts = [ledger.Act("core.drop_file", each, {"digest": each.digest, "reason": reason}) for each in gone]
        ledger.record_many(acts, by=by, at=at)
        StoredFile.objects.filter(pk__in=[each.pk for each in gone]).delete()
    return len(gone)


def seal_kept(*, by: ledger.Actor, at: datetime) -> int:
    """Encrypt what was kept in the clear by an earlier version, and wrap keys of an older secret anew (key rotation).

    How many files. Killed in between it goes on where it was; the readable bytes go at the next sweep.
    """
    done, newest = 0, newest_key_id()
    clear = Q(purpose__in=SEALED, public=False, sealed_as="")
    for stored in StoredFile.objects.filter(clear).order_by("pk").iterator(chunk_size=AT_ONCE):
        try:
            with open_file(stored) as file:
                columns = _columns(_put_sealed(file))
        except Missing:
            continue  # `verify-ledger` tells of it
        with transaction.atomic():
            if StoredFile.objects.filter(pk=stored.pk, sealed_as="").update(**columns):
                ledger.record("core.seal_file", stored, by=by, at=at, facts={"key": newest})
                done += 1
    while old := list(StoredFile.objects.exclude(sealed_as="").exclude(key_id=newest)[:AT_ONCE]):
        for stored in old:
            for name, value in _columns(_envelope_of(stored).rewrapped).items():
                setattr(stored, name, value)
        with transaction.atomic():
            StoredFile.objects.bulk_update(old, ["key_id", "key_sealed"])
            acts = [ledger.Act("core.seal_file", each, {"key": newest}) for each in old]
            ledger.record_many(acts, by=by, at=at)
        done += len(old)
    return done


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
    clear = StoredFile.objects.filter(digest__in=list(old), sealed_as="").values_list("digest", flat=True)
    named = {*clear, *StoredFile.objects.filter(sealed_as__in=list(old)).values_list("sealed_as", flat=True)}
    strays = [name for digest, name in old.items() if digest not in named]
    removed = 0
    for name in strays:
        # Looked at again right before, since the same bytes may just have been kept anew.
        if default_storage.get_modified_time(name) < limit:
            default_storage.delete(name)
            removed += 1
    return removed
