"""Parts of a cell that are struck through or of the colour of their ground, and looks a cell takes from its column."""

import io
from struct import pack
from typing import Any

import pytest
import xlsxwriter
import xlwt
from tests.spreadsheets.failing import _record, _wide, zipped
from tests.spreadsheets.test_overlays import FADED_ROWS, cell, ods

from banshi.spreadsheets.preview import read_items
from banshi.spreadsheets.workbook_reader import read_bytes

SAID = "有1格里一部分字划掉了，或与底色同色，这部分没有读，请核对：C4的“50元”"


def messages(table: Any) -> str:
    return str([each.message for each in table.found])


def xlsx(looks: dict[str, Any], ground: dict[str, Any] | None = None) -> bytes:
    """The last standard: `50元` so, then 20元 plain."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as book:
        sheet = book.add_worksheet("目录表")
        for number, row in enumerate(FADED_ROWS):
            sheet.write_row(number, 0, row)
        plain = book.add_format({"font_color": "#111111"})
        sheet.write_rich_string(3, 2, book.add_format(looks), "50元", plain, "20元", book.add_format(ground or {}))
    return output.getvalue()


@pytest.mark.parametrize("looks", [{"font_strikeout": True}, {"font_color": "#FFFFFF"}], ids=str)
def test_a_part_of_a_cell_that_is_not_to_be_seen_is_left_out_and_said(looks: dict[str, Any]) -> None:
    _, [table] = read_items(read_bytes(xlsx(looks), name="目录.xlsx"))
    assert table.texts("fees.standard")[2] == "20元"
    assert SAID in messages(table)


def test_a_white_part_on_a_dark_ground_is_read() -> None:
    data = xlsx({"font_color": "#FFFFFF"}, {"bg_color": "#1F4E78", "pattern": 1})
    _, [table] = read_items(read_bytes(data, name="目录.xlsx"))
    assert table.texts("fees.standard")[2] == "50元20元"
    assert "部分字" not in messages(table)


def test_a_cell_of_nothing_but_struck_parts_is_a_struck_cell() -> None:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as book:
        sheet, struck = book.add_worksheet("目录表"), book.add_format({"font_strikeout": True})
        bold = book.add_format({"font_strikeout": True, "bold": True})
        for number, row in enumerate(FADED_ROWS):
            sheet.write_row(number, 0, row)
        for column, text in enumerate(FADED_ROWS[2]):
            sheet.write_rich_string(2, column, struck, text[:1], bold, text[1:])
    _, [table] = read_items(read_bytes(output.getvalue(), name="目录.xlsx"))
    assert table.texts("name") == ("甲证办理", "丙证办理")
    assert "有1行整行划掉了" in messages(table)


def test_parts_of_cells_of_an_xls() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("目录表")
    for number, row in enumerate(FADED_ROWS):
        for column, text in enumerate(row):
            sheet.write(number, column, text)
    struck = xlwt.easyfont("struck_out on")
    sheet.write_rich_text(4, 0, (("丁证", xlwt.easyfont("")), ("办理", xlwt.easyfont(""))))
    sheet.write_rich_text(4, 2, (("50元", struck), ("20元", xlwt.easyfont("colour black"))))
    output = io.BytesIO()
    book.save(output)
    _, [table] = read_items(read_bytes(output.getvalue(), name="目录.xls"))
    assert table.texts("name")[3] == "丁证办理" and table.texts("fees.standard")[3] == "20元"
    assert SAID.replace("C4", "C5") in messages(table)


STRUCK = '<style:text-properties style:text-line-through-style="solid"/>'


def ods_of(rows: str, styles: str, columns: str = "") -> Any:
    data = ods(f'<table:table table:name="目录表">{columns}{rows}</table:table>', styles)
    _, [table] = read_items(read_bytes(data, name="目录.ods"))
    return table


def test_parts_of_cells_of_an_ods() -> None:
    looks = f'<style:style style:name="T1" style:family="text">{STRUCK}</style:style>'
    rows = [f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in FADED_ROWS]
    rows[3] = rows[3].replace("20元", '<text:span text:style-name="T1">50元</text:span>20元')
    table = ods_of("".join(rows), looks)
    assert table.texts("fees.standard")[2] == "20元"
    assert SAID in messages(table)


def test_a_cell_of_an_ods_takes_its_looks_from_row_and_column() -> None:
    looks = f'<style:style style:name="ce2" style:family="table-cell">{STRUCK}</style:style>'
    looks += '<style:style style:name="ce3" style:family="table-cell" style:parent-style-name="ce2"/>'
    rows = [f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in FADED_ROWS]
    column = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:default-cell-style-name="ce3"/>'
    table = ods_of("".join(rows), looks, column)
    assert "有3格的字划掉了" in messages(table) or "有4格的字划掉了" in messages(table)
    rows[2] = rows[2].replace("<table:table-row>", '<table:table-row table:default-cell-style-name="ce2">')
    table = ods_of("".join(rows), looks)
    assert table.texts("name") == ("甲证办理", "丙证办理")


def xlsb() -> bytes:
    """Rows of texts; the second item in a struck font, a fee of 20 as 0"元", a part of a text struck through."""
    plain, struck = 0, 1
    texts = ["事项名称", "实施主体", "收费标准", "甲证办理", "民政局", "乙证办理", "丙证办理", "50元20元"]

    def at(row: int, cells: bytes) -> bytes:
        return _record(0, pack("<I13x", row)) + cells

    def shared(column: int, style: int, text: str) -> bytes:
        return _record(7, pack("<III", column, style, texts.index(text)))

    font = pack("<HHHHBBBB", 220, 0, 400, 0, 0, 0, 0, 0) + bytes(8) + b"\0" + _wide("宋体")
    crossed = font[:2] + pack("<H", 8) + font[4:]
    xf = "<HHHHH6x"
    styles = (
        _record(44, pack("<H", 164) + _wide('0"元"'))
        + b"".join(_record(43, each) for each in (font, crossed))
        + _record(45, pack("<I", 0) + bytes(16))
        + _record(617, pack("<I", 3))
        + b"".join(_record(47, pack(xf, 0, *each, 0, 0)) for each in ((0, plain), (0, struck), (164, plain)))
        + _record(618)
    )
    rich = b"\1" + _wide("50元20元") + pack("<I", 2) + pack("<HHHH", 0, struck, 3, plain)
    strings = b"".join(_record(19, b"\0" + _wide(each)) for each in texts[:-1]) + _record(19, rich)
    rows = at(0, b"".join(shared(column, 0, text) for column, text in enumerate(texts[:3])))
    rows += at(1, shared(0, 0, "甲证办理") + shared(1, 0, "民政局") + _record(5, pack("<IId", 2, 2, 20)))
    rows += at(2, shared(0, 1, "乙证办理") + shared(1, 1, "民政局"))
    rows += at(3, shared(0, 0, "丙证办理") + shared(1, 0, "民政局") + shared(2, 0, "50元20元"))
    size = _record(148, pack("<4I", 0, 3, 0, 2))
    sheet = _record(129) + size + _record(145) + rows + _record(146) + _record(130)
    listed = _record(156, pack("<II", 0, 1) + _wide("rId1") + _wide("目录表"))
    of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{of}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(
            [("worksheet", "worksheets/sheet1.bin"), ("styles", "styles.bin"), ("sharedStrings", "sharedStrings.bin")],
            1,
        )
    )
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": _record(131) + _record(143) + listed + _record(144) + _record(132),
            "xl/_rels/workbook.bin.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            f'relationships">{relations}</Relationships>',
            "xl/worksheets/sheet1.bin": sheet,
            "xl/styles.bin": _record(278) + styles + _record(279),
            "xl/sharedStrings.bin": _record(159, pack("<II", len(texts), len(texts))) + strings + _record(160),
        }
    )


def test_looks_of_cells_of_an_xlsb() -> None:
    _, [table] = read_items(read_bytes(xlsb(), name="目录.xlsb"))
    assert table.texts("name") == ("甲证办理", "丙证办理")
    assert table.texts("fees.standard") == ("20元", "20元")
    assert "有1行整行划掉了" in messages(table) and SAID in messages(table)
