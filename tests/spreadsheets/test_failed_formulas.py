"""What a department's sheet shows as an error is never taken for an empty cell, whatever program kept it; nor is a
formula whose value nobody has counted."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from tests.factories import organ
from tests.spreadsheets import failing
from tests.spreadsheets.sheets import look, said

from banshi.core.errors import BadInput
from banshi.spreadsheets.cells import is_failed_formula
from banshi.spreadsheets.workbook_reader import read_bytes

pytestmark = pytest.mark.usefixtures("read_apart")

KINDS = (failing.xlsx, failing.xls, failing.xlsb, failing.ods)


def rows_of(data: bytes) -> list[list[str]]:
    return read_bytes(data, name="事项").sheets[0].rows


@pytest.mark.parametrize("kind", KINDS)
def test_failed_cells_are_read_as_the_sheet_shows_them(kind: Callable[[], bytes]) -> None:
    book = read_bytes(kind(), name="事项")
    assert book.format == kind.__name__
    assert book.sheets[0].name == failing.SHEET
    assert book.sheets[0].rows == [
        ["事项名称", "实施主体", "承诺时限"],
        ["入学登记", "教育局", "#DIV/0!"],
        ["#REF!", "教育局", "3"],
    ]


def test_formulas_never_counted_are_not_blanks_wherever_they_stand() -> None:
    """As programs write them (openpyxl: no value at all), in a sheet of nothing else."""
    rows = [["事项名称", "承诺时限"], ["=A9", "=B9"], [None, None], [None, None, "=C9"]]
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    output = BytesIO()
    book.save(output)
    assert rows_of(output.getvalue()) == [
        ["事项名称", "承诺时限", ""],
        ["=A9", "=B9", ""],
        ["", "", ""],
        ["", "", "=C9"],
    ]


def test_a_formula_that_came_to_an_empty_text_is_a_blank() -> None:
    """As Excel writes it: counted, a text, with nothing in it."""
    output = BytesIO()
    with xlsxwriter.Workbook(output) as book:
        sheet = book.add_worksheet()
        sheet.write_row(1, 1, ["事项名称", "承诺时限"])
        sheet.write_formula(2, 1, '="高龄"&"津贴"', None, "高龄津贴")
        sheet.write_formula(2, 2, '=IF(A1="","",A1)', None, "EMPTY")
    with zipfile.ZipFile(output) as archive:
        parts = {name: archive.read(name).replace(b"<v>EMPTY</v>", b"<v></v>") for name in archive.namelist()}
    assert b"</f><v></v></c>" in parts["xl/worksheets/sheet1.xml"]
    assert rows_of(failing.zipped(parts))[1] == ["高龄津贴", ""]


def test_a_lone_formula_far_away_does_not_end_the_process() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"], book.worksheets[0]["XFD1048576"] = "事项名称", "=A1"
    output = BytesIO()
    book.save(output)
    with pytest.raises(BadInput) as caught:
        read_bytes(output.getvalue(), name="a.xlsx")
    assert "拆成几个文件" in caught.value.remedy


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_failed_cells_are_said_with_their_places(kind: Callable[[], bytes]) -> None:
    organ("教育局")
    found = look(kind(), name=f"事项.{kind.__name__}")
    assert said(found)["C2"] == "这一格的公式出错（#DIV/0!），没有内容可读"
    assert said(found)["A3"] == "这一格的公式出错（#REF!），没有内容可读"
    assert {problem.sheet for problem in found.problems if "公式出错" in problem.message} == {failing.SHEET}
    assert [row.outcome for row in found.rows] == ["new", "error"]


@pytest.mark.parametrize(
    "failed",
    [
        'office:value-type="string" office:string-value="" calcext:value-type="error"',
        'office:value-type="float" office:value="0" calcext:value-type="error"',
        'office:value-type="float" office:value="0"',
        'office:value-type="string"',
    ],
)
def test_every_way_an_ods_keeps_an_error(failed: str) -> None:
    assert rows_of(failing.ods(failed))[1:] == [["入学登记", "教育局", "#DIV/0!"], ["#REF!", "教育局", "3"]]


def test_an_error_of_an_ods_in_words_we_do_not_know_is_still_an_error() -> None:
    cell = '<table:table-cell office:value-type="float" office:value="0" calcext:value-type="error"><text:p>坏了</text:p></table:table-cell>'
    table = f'<table:table table:name="表"><table:table-row>{cell}</table:table-row></table:table>'
    assert rows_of(failing.ods_of(table)) == [["#ERROR!"]]


def test_repeated_rows_and_cells_of_an_ods_stand_where_they_are_seen() -> None:
    def cells(text: str, many: int, more: str = "") -> str:
        head = f'<table:table-cell table:number-columns-repeated="{many}" office:value-type="string" {more}>'
        return f"{head}<text:p>{text}</text:p></table:table-cell>"

    failed = cells("Err:508", 2, 'office:string-value="" calcext:value-type="error"')
    rows = (
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        f"<table:table-row>{cells('甲', 3)}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="2">{cells("乙", 1)}{failed}</table:table-row>'
    )
    sheet = read_bytes(failing.ods_of(f'<table:table table:name="表">{rows}</table:table>'), name="a.ods").sheets[0]
    assert sheet.top == 3
    assert sheet.rows == [["甲", "甲", "甲"], ["乙", "Err:508", "Err:508"], ["乙", "Err:508", "Err:508"]]


def test_an_error_repeated_without_end_is_refused_with_what_to_do() -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384" calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    with pytest.raises(BadInput) as caught:
        read_bytes(failing.ods_of(f'<table:table table:name="表">{row}</table:table>'), name="a.ods")
    assert "拆成几个文件" in caught.value.remedy


@pytest.mark.parametrize(
    "text", ["#REF!", "#N/A", "#NAME?", "#SPILL!", "#GETTING_DATA", "Err:508", "错误:502", "错误：502"]
)
def test_signs_of_failure_are_known(text: str) -> None:
    assert is_failed_formula(text)


@pytest.mark.parametrize("text", ["", "#", "#1楼", "错误", "Err", "错误信息更正", "#N/A 见备注", "E+"])
def test_other_texts_are_no_failure(text: str) -> None:
    assert not is_failed_formula(text)
