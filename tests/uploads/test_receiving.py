"""What people upload becomes one clean document, or a sentence saying what to do."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader

from banshi.core.errors import BadInput
from banshi.core.models import StoredFile
from banshi.files import keep, open_file
from banshi.ledger.models import LedgerEntry
from banshi.uploads.receiving import examined
from tests.factories import NOON, TESTS
from tests.uploads.pictures import bomb, pdf, photo, taken_sideways

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("read_apart")]


def receive(*files: Any, title: str = "户口簿") -> StoredFile:
    with examined(files, title=title) as document:
        return keep(document.file, name=document.name, purpose="material", by=TESTS, at=NOON)


def refused(*files: Any) -> BadInput:
    with pytest.raises(BadInput) as trouble:
        receive(*files)
    assert not StoredFile.objects.exists()
    assert not LedgerEntry.objects.filter(action="core.keep_file").exists()
    assert trouble.value.remedy
    return trouble.value


def pages_of(stored: StoredFile) -> list[Any]:
    with open_file(stored) as file:
        return list(PdfReader(io.BytesIO(file.read())).pages)


def picture_on(page: Any) -> Image.Image:
    (image,) = page.images
    return Image.open(io.BytesIO(image.data))


def test_photographs_become_one_pdf_in_their_order() -> None:
    stored = receive(photo(size=(400, 300)), photo("IMG_9.png", (300, 400), "PNG"), photo("x.webp", (200, 200), "WEBP"))
    assert (stored.name, stored.media_type) == ("户口簿.pdf", "application/pdf")
    assert [picture_on(page).size for page in pages_of(stored)] == [(400, 300), (300, 400), (200, 200)]


def test_a_photograph_of_a_phone_of_apple_is_read() -> None:
    assert picture_on(pages_of(receive(photo("IMG_1.HEIC", kind="HEIF")))[0]).size == (800, 600)


def test_a_photograph_is_turned_upright_and_what_the_camera_noted_is_gone() -> None:
    stored = receive(taken_sideways())
    picture = picture_on(pages_of(stored)[0])
    assert picture.size == (600, 800)
    assert picture.convert("L").getpixel((580, 20)) < 100, "the dark corner, which lay upper left, is upper right now"
    assert dict(picture.getexif()) == {}
    with open_file(stored) as file:
        assert b"Secret Phone" not in file.read()


def test_a_large_photograph_is_shrunk_to_what_can_be_read_on_a4() -> None:
    page = pages_of(receive(photo(size=(6000, 4000))))[0]
    assert picture_on(page).size == (2400, 1600)
    assert max(page.mediabox.width, page.mediabox.height) == pytest.approx(842, abs=1)


def test_what_is_transparent_is_white() -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(clear, "PNG")
    picture = picture_on(pages_of(receive(SimpleUploadedFile("a.png", clear.getvalue())))[0])
    assert picture.convert("L").getextrema()[0] > 250


def test_photographs_and_pdfs_are_joined() -> None:
    assert len(pages_of(receive(pdf(pages=3), photo()))) == 4


def test_a_pdf_alone_keeps_its_bytes() -> None:
    sent = pdf()
    with open_file(receive(sent)) as file:
        assert file.read() == sent.file.getvalue()


def test_a_table_alone_is_kept_as_it_is() -> None:
    stored = receive(SimpleUploadedFile("名单.csv", "姓名,年龄\n林小满,6\n".encode()), title="学生名单")
    assert (stored.name, stored.media_type) == ("学生名单.csv", "text/csv")


def test_a_name_leads_to_no_other_folder() -> None:
    assert receive(photo("../../etc/passwd.jpg"), title="../../户口簿").name == "户口簿.pdf"
    wrong = SimpleUploadedFile("x", b"MZ\x90\x00" + bytes(100))
    wrong._name = "..\\..\\boot\x00\u202eini.exe"  # as sent, before Django cuts it
    with pytest.raises(BadInput) as trouble:
        receive(wrong)
    assert trouble.value.where == "bootini.exe"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "没有收到文件"),
        ([SimpleUploadedFile("空.jpg", b"")], "文件是空的"),
        ([SimpleUploadedFile("程序.jpg", b"MZ\x90\x00" + bytes(1000))], "不能上传"),
        ([SimpleUploadedFile("图.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")], "网页、图形代码或程序不能上传"),
        ([SimpleUploadedFile("坏.jpg", photo().file.getvalue()[:300])], "已损坏"),
        ([SimpleUploadedFile("坏.pdf", b"%PDF-1.7\n" + b"x" * 500)], "已损坏"),
        ([SimpleUploadedFile("身份证.pdf", "我是身份证".encode())], "里面是纯文字"),
        ([photo()] * 21, "最多20个文件"),
    ],
    ids=["none", "empty", "program", "drawing", "cut picture", "cut pdf", "plain text", "too many"],
)
def test_what_can_not_be_used_is_told(files: list[Any], words: str) -> None:
    assert words in refused(*files).message


def test_more_than_20_mb_is_told_with_its_size() -> None:
    large = SimpleUploadedFile("大.jpg", b"\xff\xd8\xff" + bytes(21 * 1024 * 1024))
    assert refused(large).message == "文件有21MB，超过20MB"


def test_a_decompression_bomb_is_not_opened() -> None:
    assert refused(bomb()).message == "图片大得不正常，没有打开"


def test_a_pdf_with_a_password_or_a_program_is_refused() -> None:
    assert "加了密码" in refused(pdf(password="1234")).message
    assert "带有程序" in refused(pdf(script="app.alert(1)")).message


def test_every_file_that_is_wrong_is_named_at_once() -> None:
    trouble = refused(photo(), SimpleUploadedFile("a.exe", b"MZ\x90\x00" + bytes(99)), SimpleUploadedFile("b.jpg", b""))
    assert [each.where for each in trouble.problems] == ["a.exe", "b.jpg"]


def test_a_table_does_not_go_into_one_pdf_with_a_photograph() -> None:
    trouble = refused(photo(), SimpleUploadedFile("名单.csv", "姓名,年龄\n".encode()))
    assert (trouble.where, trouble.message) == ("名单.csv", "照片和 PDF 可以合成一份，这个文件不能")
