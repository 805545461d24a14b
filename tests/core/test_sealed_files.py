"""Files of applicants lie encrypted, in a folder and in a bucket alike, and come back whole to whoever may see them."""

import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from banshi import backups, files, ledger
from banshi.core.errors import Conflict, Missing
from banshi.core.models import StoredFile
from banshi.core.sealed_files import CHUNK, AlteredFile, SealedReader, seal_stream
from banshi.jobs.ledger_proofs import differing_files
from banshi.ledger.models import LedgerEntry

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF"
TESTS = ledger.System("test")
LONG = "a key of an office, forty signs at least " * 2


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest) -> str:
    if request.param == "bucket":
        request.getfixturevalue("files_in_s3")
    return str(request.param)


def keep(content: bytes, at: datetime, purpose: str = "case") -> StoredFile:
    return files.keep(io.BytesIO(content), name="身份证.pdf", purpose=purpose, by=TESTS, at=at)


def lying() -> dict[str, bytes]:
    """What the storage holds, by name."""
    found = {}
    for name, _ in default_storage.stored():  # type: ignore[attr-defined]
        with default_storage.open(name) as file:
            found[name] = file.read()
    return found


def content_of(stored: StoredFile) -> bytes:
    with files.open_file(StoredFile.objects.get(pk=stored.pk)) as file:
        return file.read()


def in_the_clear(content: bytes, at: datetime) -> StoredFile:
    """As the version before kept it."""
    stored = keep(content, at, purpose="test")
    StoredFile.objects.filter(pk=stored.pk).update(purpose="case")
    return stored


@pytest.mark.django_db
def test_what_an_applicant_hands_in_can_not_be_read_in_the_storage(place: str, monday: datetime) -> None:
    content = PDF + "林小例 530102199003071211".encode() * 9000
    stored = keep(content, monday)
    assert content_of(stored) == content
    ((name, lies),) = lying().items()
    assert stored.digest not in name, "the name tells nobody who has the paper that it lies here"
    assert not [start for start in range(0, len(content) - 20, 997) if content[start : start + 20] in lies]


@pytest.mark.django_db
def test_the_same_paper_of_two_people_lies_twice(monday: datetime) -> None:
    keep(PDF, monday), keep(PDF, monday)
    assert len(set(lying().values())) == 2


@given(st.sampled_from([1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7]), st.integers(0), st.integers(0))
def test_any_part_of_a_file_is_read_as_of_a_plain_one(size: int, start: int, length: int) -> None:
    content = bytes(n * 7 % 251 for n in range(size))
    sealed = io.BytesIO()
    envelope = seal_stream(io.BytesIO(content), sealed)
    with io.BufferedReader(SealedReader(sealed, envelope, size=size, name="a")) as file:
        assert file.read() == content
        start, length = start % (size + 1), length % (size + 1)
        file.seek(start)
        assert file.read(length) == content[start : start + length]


def last_chunk_lost(sealed: bytes) -> bytes:
    return sealed[: CHUNK + 16]


def chunks_exchanged(sealed: bytes) -> bytes:
    return sealed[CHUNK + 16 : 2 * (CHUNK + 16)] + sealed[: CHUNK + 16] + sealed[2 * (CHUNK + 16) :]


@pytest.mark.parametrize(
    "alter",
    [
        lambda sealed: bytes([sealed[0] ^ 1]) + sealed[1:],
        lambda sealed: sealed[:-1],
        lambda sealed: sealed + b"x",
        last_chunk_lost,
        chunks_exchanged,
    ],
    ids=["a bit", "cut", "longer", "a chunk lost", "chunks exchanged"],
)
@pytest.mark.django_db
def test_what_was_altered_is_never_given_out_and_the_ledger_tells(alter, monday: datetime) -> None:  # type: ignore[no-untyped-def]
    stored = keep(PDF + bytes(2 * CHUNK + 100), monday)
    ((name, sealed),) = lying().items()
    default_storage.delete(name)
    default_storage.save(name, ContentFile(alter(sealed)))
    with pytest.raises(AlteredFile, match="被改动过"):
        content_of(stored)
    (found,) = differing_files(list(LedgerEntry.objects.filter(action="core.keep_file")))
    assert "打不开" in found[1]


@pytest.mark.django_db
def test_the_bytes_of_another_file_are_not_taken_for_it(monday: datetime) -> None:
    one, other = keep(PDF, monday), keep(PDF, monday)
    StoredFile.objects.filter(pk=other.pk).delete()
    StoredFile.objects.filter(pk=one.pk).update(sealed_as=other.sealed_as)
    with pytest.raises(AlteredFile):
        content_of(one)


@pytest.mark.django_db
def test_files_of_the_version_before_are_read_then_encrypted_and_what_lay_open_goes(place: str) -> None:
    now = datetime.now().astimezone()
    public, old = keep(PDF, now, purpose="test"), in_the_clear(PDF + b"1", now)
    assert content_of(old) == PDF + b"1"
    assert files.seal_kept(by=TESTS, at=now) == 1
    assert files.seal_kept(by=TESTS, at=now) == 0, "done again it finds nothing"
    assert content_of(old) == PDF + b"1"
    files.sweep(at=now + timedelta(days=2))
    assert [each for each in lying().values() if each.startswith(b"%PDF")] == [PDF], "the public one"
    assert content_of(public) == PDF
    assert not list(differing_files(list(LedgerEntry.objects.filter(action="core.keep_file"))))


@pytest.mark.django_db
def test_a_missing_file_does_not_keep_others_in_the_clear(monday: datetime) -> None:
    gone, there = in_the_clear(PDF + b"gone", monday), in_the_clear(PDF + b"there", monday)
    default_storage.delete(files.key_of(gone.digest))
    assert files.seal_kept(by=TESTS, at=monday) == 1
    assert content_of(there) == PDF + b"there"


@pytest.mark.django_db
def test_keys_are_rotated_without_touching_the_bytes(settings: Settings, monday: datetime) -> None:
    first, before = keep(PDF, monday), lying()
    settings.FILE_KEYS = [LONG]
    second = keep(PDF, monday)
    assert content_of(first) == content_of(second) == PDF, "the older key still opens"
    assert files.seal_kept(by=TESTS, at=monday) == 1
    assert before.items() <= lying().items()
    settings.SECRET_KEY = "another secret, after which only the new key opens files"
    assert content_of(first) == content_of(second) == PDF
    settings.FILE_KEYS = []
    with pytest.raises(Missing, match="密钥不在"):
        content_of(first)


@pytest.mark.django_db
def test_what_is_dropped_can_not_be_read_and_is_no_forgery(monday: datetime) -> None:
    dropped, lost = keep(PDF, monday), keep(PDF + b"2", monday)
    assert files.drop([dropped], reason="retention", by=TESTS, at=monday) == 1
    StoredFile.objects.filter(pk=lost.pk).delete()
    found = differing_files(list(LedgerEntry.objects.filter(action="core.keep_file")))
    assert [entry.facts["digest"] for entry, _ in found] == [lost.digest]


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_them_encrypted_and_is_restored_only_with_their_key(
    place: str, on_disk_database: None, settings: Settings, tmp_path: Path, monday: datetime
) -> None:
    settings.FILE_KEYS = [LONG]
    keep(PDF, monday)
    manifest = backups.back_up(tmp_path / "backup.tar.gz", at=monday)
    assert len(manifest.file_keys) == 1
    for name in lying():
        default_storage.delete(name)
    with transaction.atomic():
        StoredFile.objects.all().delete()
    settings.FILE_KEYS = []
    with pytest.raises(Conflict, match="BANSHI_FILE_KEYS"):
        backups.restore(tmp_path / "backup.tar.gz", replace=True, at=monday)
    settings.FILE_KEYS = [LONG]
    backups.restore(tmp_path / "backup.tar.gz", replace=True, at=monday)
    assert content_of(StoredFile.objects.get()) == PDF
    assert not [each for each in lying().values() if each.startswith(b"%PDF")]
