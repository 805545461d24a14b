import io
import json
import shutil
import sqlite3
import tarfile

import pytest
from django.db import connection, transaction

from banshi import backups, files, ledger
from banshi.calendar.models import CalendarYear
from banshi.core import pg_copy
from banshi.core.append_only import unprotected
from banshi.core.errors import BadInput, Conflict, Missing
from banshi.core.models import StoredFile
from banshi.ledger.anchors import anchor
from banshi.ledger.models import Block, LedgerEntry
from banshi.ledger.sealing import seal
from banshi.ledger.verification import verify

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF"


@pytest.fixture
def office(on_disk_database, monday):
    """A little of everything: rows, a file, a ledger."""
    CalendarYear.objects.create(year=2026, changed_at=monday, source="原来的")
    with transaction.atomic():
        ledger.record("test.act", CalendarYear(year=2026), by=ledger.System("test"), at=monday)
    return files.keep(io.BytesIO(PDF), name="批复.pdf", purpose="test", by=ledger.System("test"), at=monday)


@pytest.fixture
def backup(office, tmp_path, monday):
    target = tmp_path / "away" / "backup.tar.gz"
    backups.back_up(target, at=monday)
    return target


def destroy(settings, stored):
    """Somebody deletes what they should not."""
    CalendarYear.objects.all().delete()
    StoredFile.objects.all().delete()
    shutil.rmtree(settings.MEDIA_ROOT)


def altered(source, change):
    """The backup unpacked, changed and packed again."""
    with tarfile.open(source) as archive:
        members = {member.name: archive.extractfile(member).read() for member in archive}
    change(members)
    with tarfile.open(source, "w:gz") as archive:
        for name, content in members.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))


def test_what_was_destroyed_is_there_again_and_the_ledger_holds(backup, office, settings, monday):
    destroy(settings, office)
    manifest, aside = backups.restore(backup, replace=True, at=monday)
    assert CalendarYear.objects.get().source == "原来的"
    with files.open_file(StoredFile.objects.get()) as file:
        assert file.read() == PDF
    verdict = verify()
    assert verdict.holds
    assert (verdict.head.number, verdict.head.digest) == manifest.head
    assert aside.is_dir()


def test_what_was_here_before_is_kept_aside(backup, settings, monday):
    CalendarYear.objects.update(source="后来的")
    _, aside = backups.restore(backup, replace=True, at=monday)
    assert (aside / "files").is_dir()
    if connection.vendor == "sqlite":
        kept = sqlite3.connect(aside / "database.sqlite3")
        assert kept.execute("SELECT source FROM calendar_calendaryear").fetchone() == ("后来的",)
        kept.close()


def test_data_that_is_here_is_not_overwritten_unasked(backup, monday):
    with pytest.raises(Conflict, match="已有数据"):
        backups.restore(backup, at=monday)


def test_a_backup_can_be_made_while_others_write(backup, office, tmp_path, monday):
    """What is begun elsewhere and not committed is not in it."""
    with tarfile.open(backup) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))
    assert manifest["head"][0] == Block.objects.last().number


@pytest.mark.parametrize("moment", ["计算校验值", "写入备份"])
def test_an_anchor_that_falls_into_a_backup_spoils_it_not(office, tmp_path, monday, moment):
    struck = []

    def hour_strikes(done, of=0, what=""):
        if what == moment and not struck:
            struck.append(what)
            with transaction.atomic():
                ledger.record("test.act", CalendarYear(year=2026), by=ledger.System("test"), at=monday)
            seal(at=monday)
            anchor(at=monday)

    target = tmp_path / "away" / "backup.tar.gz"
    manifest = backups.back_up(target, at=monday, report=hour_strikes)
    assert struck
    backups.restore(target, replace=True, at=monday)
    verdict = verify()
    assert verdict.holds
    assert (verdict.head.number, verdict.head.digest) == manifest.head


@pytest.mark.parametrize(
    "change, says",
    [
        (lambda m: m.update({next(n for n in m if n.startswith("files/")): b"x"}), "与校验值不符"),
        (lambda m: m.pop(next(n for n in m if n.startswith("files/"))), "缺少"),
        (lambda m: m.update({"../../evil": b"x"}), "多出了"),
        (
            lambda m: m.update({"manifest.json": json.dumps({**json.loads(m["manifest.json"]), "format": 9}).encode()}),
            "格式认不出",
        ),
    ],
    ids=["a byte changed", "a file missing", "a file too many", "another format"],
)
def test_a_backup_that_was_tampered_with_is_refused_and_nothing_changes(backup, monday, change, says):
    altered(backup, change)
    with pytest.raises(BadInput, match=says):
        backups.restore(backup, replace=True, at=monday)
    assert CalendarYear.objects.get().source == "原来的"
    assert files.open_file(StoredFile.objects.get())


@pytest.mark.parametrize("content", [b"", b"not a backup", None])
def test_what_is_no_backup_is_refused(office, tmp_path, monday, content):
    path = tmp_path / "x.tar.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises((BadInput, Missing)):
        backups.restore(path, replace=True, at=monday)


def test_a_backup_cut_short_is_refused(backup, monday):
    backup.write_bytes(backup.read_bytes()[:-2000])
    with pytest.raises(BadInput):
        backups.restore(backup, replace=True, at=monday)


def test_with_another_secret_it_is_refused_because_sealed_data_could_not_be_read(backup, settings, monday):
    settings.SECRET_KEY = "another"
    with pytest.raises(Conflict, match="密钥"):
        backups.restore(backup, replace=True, at=monday)


def test_the_secret_is_not_in_the_backup(backup, settings):
    with tarfile.open(backup) as archive:
        everything = b"".join(archive.extractfile(member).read() for member in archive)
    assert settings.SECRET_KEY.encode() not in everything


def test_a_failed_backup_leaves_the_last_one_whole(backup, office, monday, monkeypatch):
    before = backup.read_bytes()
    monkeypatch.setattr(backups, "_write", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError):
        backups.back_up(backup, at=monday)
    assert backup.read_bytes() == before
    assert [path.name for path in backup.parent.iterdir()] == ["backup.tar.gz"]


def test_what_a_killed_backup_left_is_cleared_by_the_next_and_one_at_work_is_left_alone(backup, monday):
    at_work, killed = (backup.parent / f".banshi-backup-{name}" for name in ("at-work", "killed"))
    for folder in (at_work, killed):
        folder.mkdir()
        (folder / "database.sqlite3").write_bytes(b"everything")
    with backups._locked(at_work):
        backups.back_up(backup, at=monday)
        assert at_work.exists()
    assert not killed.exists()


def test_a_refused_restore_leaves_no_copy_of_the_data(backup, settings, monday):
    settings.SECRET_KEY = "another"
    with pytest.raises(Conflict):
        backups.restore(backup, replace=True, at=monday)
    assert not (settings.HOME / "restoring").exists()


@pytest.mark.parametrize(
    "manifest", [b"no JSON", b"[]", b'{"format": 3}', b'{"format": 3, "head": [], "migrations": 5}']
)
def test_an_odd_manifest_is_told_in_a_sentence(backup, monday, manifest):
    altered(backup, lambda members: members.update({"manifest.json": manifest}))
    with pytest.raises(BadInput, match="清单读不懂"):
        backups.restore(backup, replace=True, at=monday)


@pytest.mark.postgres
def test_on_postgresql_new_rows_get_new_numbers_and_the_ledger_is_protected_again(backup, settings, monday):
    before = LedgerEntry.objects.last().number
    backups.restore(backup, replace=True, at=monday)
    assert unprotected(connection) == []
    with transaction.atomic():
        entry = ledger.record("test.act", CalendarYear(year=2026), by=ledger.System("test"), at=monday)
    assert entry.number == before + 1
    assert verify().holds


@pytest.mark.postgres
def test_on_postgresql_a_backup_of_other_tables_is_refused_before_anything_changes(backup, monday, monkeypatch):
    monkeypatch.setattr(pg_copy, "_migrations_here", set)
    with pytest.raises(Conflict, match="表对不上"):
        backups.restore(backup, replace=True, at=monday)
    assert CalendarYear.objects.exists()
