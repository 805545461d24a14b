"""Stored files, in a local folder and in a bucket alike."""

import io
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from pytest_django import Settings

from banshi import backups, files, ledger
from banshi.config.file_store import s3_options
from banshi.core.errors import BanshiError, Missing
from banshi.core.models import StoredFile

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF"


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest) -> str:
    if request.param == "bucket":
        request.getfixturevalue("files_in_s3")
    return str(request.param)


def keep(content: bytes, at: datetime) -> StoredFile:
    return files.keep(io.BytesIO(content), name="批复.pdf", purpose="test", by=ledger.System("test"), at=at)


def stored() -> dict[str, datetime]:
    return dict(default_storage.stored())  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_bytes_come_back_and_lie_there_once_under_their_digest(place: str, monday: datetime) -> None:
    first, second = keep(PDF, monday), keep(PDF, monday)
    with files.open_file(first) as file:
        assert file.read() == PDF
    assert first.digest == second.digest
    assert list(stored()) == [files.key_of(first.digest)]


@pytest.mark.django_db
def test_a_large_file_comes_back_whole(place: str, monday: datetime) -> None:
    content = PDF + bytes(range(256)) * 50_000
    kept = keep(content, monday)
    with files.open_file(kept) as file:
        assert file.read(10) == content[:10]
        assert file.read() == content[10:]
    assert kept.size == len(content)


@pytest.mark.django_db
def test_bytes_that_are_gone_are_said_to_be_missing(place: str, monday: datetime) -> None:
    kept = keep(PDF, monday)
    default_storage.delete(files.key_of(kept.digest))
    with pytest.raises(Missing):
        files.open_file(kept)


@pytest.mark.django_db
def test_sweeping_removes_old_bytes_without_a_row(place: str) -> None:
    now = datetime.now().astimezone()
    kept, stray = keep(PDF, now), keep(PDF + b" ", now)
    StoredFile.objects.filter(pk=stray.pk).delete()
    assert files.sweep(at=now) == 0, "they are young"
    assert files.sweep(at=now + timedelta(days=2)) == 1
    assert list(stored()) == [files.key_of(kept.digest)]


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_the_files_and_a_restore_brings_them_back(
    place: str, on_disk_database: None, settings: Settings, tmp_path: Path, monday: datetime
) -> None:
    kept = keep(PDF, monday)
    backups.back_up(tmp_path / "backup.tar.gz", at=monday)
    default_storage.delete(files.key_of(kept.digest))
    with transaction.atomic():
        StoredFile.objects.all().delete()
    backups.restore(tmp_path / "backup.tar.gz", replace=True, at=monday)
    with files.open_file(StoredFile.objects.get()) as file:
        assert file.read() == PDF


@pytest.mark.django_db
def test_a_bucket_that_is_away_is_told_and_nothing_is_kept(files_in_s3: str, settings: Any, monday: datetime) -> None:
    away = s3_options("s3://a:b@127.0.0.1:1/files?tls=off")
    backend = {"BACKEND": "banshi.core.s3_storage.S3Storage", "OPTIONS": away}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    with pytest.raises(BanshiError, match="连不上") as trouble:
        keep(PDF, monday)
    assert trouble.value.status == 503
    assert not StoredFile.objects.exists()


def test_a_half_written_file_is_never_seen_under_its_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, db: None, monday: datetime
) -> None:
    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("banshi.core.local_storage.os.fsync", full)
    with pytest.raises(OSError):
        keep(PDF, monday)
    assert stored() == {}
    shutil.rmtree(settings.MEDIA_ROOT)


@pytest.mark.parametrize(
    "url, options",
    [
        ("s3://k:s@oss.example/b", {"endpoint_url": "https://oss.example", "bucket_name": "b", "location": ""}),
        ("s3://k:s%2F@h:9000/b/a/c?tls=off", {"endpoint_url": "http://h:9000", "location": "a/c", "secret_key": "s/"}),
        ("s3://k:s@h/b?region=cn-1&addressing=virtual", {"region_name": "cn-1", "addressing": "virtual"}),
    ],
)
def test_the_address_of_a_bucket_is_read(url: str, options: dict[str, str]) -> None:
    assert options.items() <= s3_options(url).items()


@pytest.mark.parametrize("url", ["s3://h/b", "https://k:s@h/b", "s3://k:s@h", "s3://k:s@h/b?tsl=off"])
def test_what_is_no_address_of_a_bucket_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"要写成|只能有"):
        s3_options(url)
