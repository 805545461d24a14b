"""Every file gets sheets of text, or a clear Chinese refusal; never anything else."""

import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.spreadsheets.sheets import workbook
from tests.work import examples

from banshi.core.errors import BadInput
from banshi.spreadsheets import workbook_reader
from banshi.spreadsheets.cells import is_damaged_number, is_formula
from banshi.spreadsheets.workbook_reader import read_bytes

pytestmark = pytest.mark.usefixtures("read_apart")

TEXT = "序号,事项名称\n1,入学登记(县级)\n"


def rows_of(data: bytes, name: str = "事项") -> list[list[str]]:
    return read_bytes(data, name=name).sheets[0].rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_in_every_encoding_departments_send(encoding: str) -> None:
    assert rows_of(TEXT.encode(encoding))[1] == ["1", "入学登记(县级)"]


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_csv_with_any_delimiter(mark: str) -> None:
    assert rows_of(TEXT.replace(",", mark).encode())[1] == ["1", "入学登记(县级)"]


def test_csv_with_line_breaks_in_cells() -> None:
    assert rows_of('事项名称,材料\n入学,"身份证\n户口簿"\n'.encode())[1][1] == "身份证\n户口簿"


def test_yes_and_no_are_no_numbers_whichever_comes_first() -> None:
    cells = [[True, 1, False, 0, 1.0, "1"], [1, True, 0, False, 0.0, "TRUE"]]
    assert rows_of(workbook(cells)) == [["TRUE", "1", "FALSE", "0", "1", "1"], ["1", "TRUE", "0", "FALSE", "0", "TRUE"]]


def test_whole_numbers_have_no_decimals_and_dates_are_days() -> None:
    from datetime import datetime

    rows = rows_of(workbook([["甲", "乙", "丙"], [1, 2.5, datetime(2026, 11, 23)]]))
    assert rows[1] == ["1", "2.5", "2026-11-23"]


def test_a_long_code_typed_as_a_number_is_seen_to_be_damaged() -> None:
    text = rows_of(workbook([["编码", "名"], [114505001234567890, "x"]]))[1][0]
    assert is_damaged_number(text)


def test_xls_is_read_like_xlsx() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("目录")
    for column, text in enumerate(("事项名称", "数")):
        sheet.write(0, column, text)
    sheet.write(1, 0, "入学登记")
    sheet.write(1, 1, 3)
    output = BytesIO()
    book.save(output)
    assert rows_of(output.getvalue())[1] == ["入学登记", "3"]


def test_the_bytes_decide_not_the_name() -> None:
    assert read_bytes(workbook([["事项名称", "备注"]]), name="事项.csv").format == "xlsx"


def test_hidden_sheets_are_named_not_read() -> None:
    book = openpyxl.load_workbook(BytesIO(workbook({"目录": [["事项名称"]], "底稿": [["旧"]]})))
    book["底稿"].sheet_state = "hidden"
    output = BytesIO()
    book.save(output)
    found = read_bytes(output.getvalue(), name="事项.xlsx")
    assert [sheet.name for sheet in found.sheets] == ["目录"]
    assert found.hidden == ["底稿"]


def refused(data: bytes, name: str = "事项.xlsx") -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_bytes(data, name=name)
    assert caught.value.where
    assert caught.value.remedy
    return caught.value


def zipped(entries: dict[str, bytes]) -> bytes:
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return output.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"%PDF-1.7 abc", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "图片"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "图片"),
        (b"Rar!\x1a\x07", "压缩包"),
        (b"MZ\x90\x00", "程序"),
        (b"<html><table><tr><td>1</td></tr></table>", "网页"),
        (zipped({"word/document.xml": b"<x/>"}), "Word"),
        (zipped({"readme.txt": b"hi"}), "压缩包"),
        (zipped({"xl/workbook.xml": b"<broken"}), "损坏"),
        (b"PK\x03\x04" + bytes(200), "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), "Word"),
        (b'[{"name": ', "JSON"),
        (b"[" * 100_000, "JSON"),
    ],
)
def test_wrong_files_are_refused_with_what_to_do(data: bytes, words: str) -> None:
    assert words in refused(data).message


def test_a_zip_bomb_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise AssertionError("it was opened")

    monkeypatch.setattr(workbook_reader, "_apart", opened)
    bomb = zipped({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(80 * 2**20)})
    assert len(bomb) < 2**20
    assert "没有打开" in refused(bomb).message


def test_a_bomb_that_lies_about_its_size_is_found_by_unpacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_reader, "UNPACKED_AT_MOST", 2**20)
    honest = zipped({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(8 * 2**20)})
    size = (8 * 2**20).to_bytes(4, "little")
    lying = honest.replace(size, (1000).to_bytes(4, "little"))
    assert lying != honest
    assert "没有打开" in refused(lying).message


def test_two_cells_far_apart_do_not_end_the_process() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["XFD1048576"] = "事项名称", "x"
    output = BytesIO()
    book.save(output)
    assert "拆成几个文件" in refused(output.getvalue()).remedy or "损坏" in refused(output.getvalue()).message


def test_too_many_rows_say_how_to_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_reader, "ROWS_AT_MOST", 10)
    error = refused(("事项名称\n" + "入学\n" * 20).encode())
    assert "拆成几个文件" in error.remedy


def test_a_file_that_is_not_there_is_said() -> None:
    with pytest.raises(BadInput, match="打不开"):
        workbook_reader.read_file(Path("没有这个文件.xlsx"))


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A0", "=1+1", "@SUM(A1)", "+HYPERLINK(1)", "-cmd|x", "= A1"])
def test_formulas_are_recognised(text: str) -> None:
    assert is_formula(text)


@pytest.mark.parametrize("text", ["-", "+86 10 1234", "—", "-5", "不=等", "=", "", "@"])
def test_plain_signs_are_no_formulas(text: str) -> None:
    assert not is_formula(text)


@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b"\xff\xfe")
@example(b'"')
@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_arbitrary_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_bytes(data, name="随便什么")
    except BadInput as error:
        assert error.message


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=30))
@settings(max_examples=examples(50), deadline=None)
def test_a_damaged_workbook_is_read_or_refused(place: int, junk: bytes) -> None:
    data = workbook([["事项名称", "备注"], ["入学登记", "x"]])
    place %= len(data)
    try:
        read_bytes(data[:place] + junk + data[place + len(junk) :], name="坏的.xlsx")
    except BadInput as error:
        assert error.message
