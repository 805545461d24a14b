import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
import xlwt
from django.conf import settings
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from banshi import files, ledger
from banshi.core.errors import BadInput, Missing
from banshi.core.models import StoredFile
from banshi.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def place_of(digest):
    return Path(settings.MEDIA_ROOT) / files.key_of(digest)


def archive(*members, mimetype=""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        if mimetype:
            zipped.writestr("mimetype", mimetype)
        for member in members:
            zipped.writestr(member, "x")
    return out.getvalue()


def workbook(kind):
    out = io.BytesIO()
    if kind == "xls":
        book = xlwt.Workbook()
        book.add_sheet("目录")
        book.save(out)
    else:
        openpyxl.Workbook().save(out)
    return out.getvalue()


@pytest.fixture
def keep(monday):
    def keep(content, name="文件", **more):
        return files.keep(io.BytesIO(content), name=name, purpose="test", by=ledger.System("test"), at=monday, **more)

    return keep


@pytest.mark.parametrize(
    "content, media_type",
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 30, "image/jpeg"),
        (PDF, "application/pdf"),
        (workbook("xlsx"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (workbook("xls"), "application/vnd.ms-excel"),
        (
            archive("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (archive("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        (
            archive("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"),
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("事项名称，实施主体\n".encode("gb18030"), "text/plain"),
        ("事项名称".encode("utf-16"), "text/plain"),
    ],
)
def test_the_type_is_what_the_bytes_say_whatever_the_name(keep, content, media_type):
    assert keep(content, name="假装.exe").media_type == media_type


def test_text_named_csv_is_a_table(keep):
    assert keep(b"a,b\n", name="目录.CSV").media_type == "text/csv"


@pytest.mark.parametrize(
    "content, says",
    [
        (b"", "空的"),
        (b"MZ" + b"\0" * 100, "不能上传"),
        (b"\x7fELF" + b"\0" * 100, "不能上传"),
        (b"#!/bin/sh\nrm -rf /", "不能上传"),
        (b"<!DOCTYPE html><html></html>", "网页"),
        (b"\xef\xbb\xbf  <svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "网页"),
        (b"hello <script>alert(1)</script>", "网页"),
        (archive("a.txt"), "压缩包"),
        (b"PK\x03\x04broken", "损坏"),
        (archive("[Content_Types].xml", "xl/vbaProject.bin"), "宏"),
        (OLE + b"\0" * 64 + "EncryptedPackage".encode("utf-16-le") + b"\0\0", "密码"),
        (OLE + b"\0" * 600, "旧版"),
        (b"GIF89a" + b"\0" * 30, "gif"),
        (bytes(range(256)) * 4, "认不出"),
    ],
)
def test_what_is_not_accepted_is_refused_with_a_reason_and_nothing_stays(keep, settings, content, says):
    with pytest.raises(BadInput, match=says) as refusal:
        keep(content, name="材料.pdf")
    assert refusal.value.where == "材料.pdf"
    assert not StoredFile.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_too_large_a_file_is_refused_while_it_is_read(keep, settings):
    settings.FILE_SIZE_LIMIT = 1024 * 1024
    with pytest.raises(BadInput, match="1MB"):
        keep(PNG + b"\0" * settings.FILE_SIZE_LIMIT)
    assert not StoredFile.objects.exists()


def test_what_was_kept_is_read_back_and_recorded(keep):
    stored = keep(PDF, name="批复.pdf", public=True)
    with files.open_file(stored) as file:
        assert file.read() == PDF
    assert stored.size == len(PDF)
    assert LedgerEntry.objects.last().facts["digest"] == stored.digest


def test_the_same_bytes_lie_on_the_disk_once(keep, settings):
    assert keep(PDF, name="甲.pdf").digest == keep(PDF, name="乙.pdf").digest
    assert StoredFile.objects.count() == 2
    assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == 1


def test_bytes_gone_from_the_disk_are_said_to_be_missing(keep):
    stored = keep(PDF)
    place_of(stored.digest).unlink()
    with pytest.raises(Missing):
        files.open_file(stored)


def test_sweeping_removes_only_old_bytes_without_a_row(keep, monday):
    kept = keep(PDF)
    with transaction.atomic():
        stray = keep(PNG)
        transaction.set_rollback(False)
        stray.delete()
    for stored in (kept, stray):
        os.utime(place_of(stored.digest), (0, (monday - timedelta(days=2)).timestamp()))
    young = keep(workbook("xlsx"))
    StoredFile.objects.filter(pk=young.pk).delete()
    assert files.sweep(at=monday) == 1
    assert place_of(kept.digest).exists()
    assert not place_of(stray.digest).exists()


@given(st.text(max_size=400))
def test_a_safe_name_is_short_and_stays_in_its_folder(name):
    safe = files.safe_name(name)
    assert 0 < len(safe) <= 200
    assert "/" not in safe
    assert "\\" not in safe
    assert not safe.startswith(".")


def test_a_long_name_keeps_its_ending():
    assert files.safe_name("a/../../" + "长" * 300 + ".xlsx").endswith(".xlsx")
    assert files.safe_name("C:\\资料\\目录.xlsx") == "目录.xlsx"
    assert files.safe_name("x\u202egpj.exe") == "xgpj.exe"
