"""Cells as they are shown, and what of a sheet is hidden."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from rich.console import Console
from tests.checker.files import examined
from tests.spreadsheets.sheets import look, workbook
from tests.spreadsheets.test_read_as_a_person_reads import read

from banshi.checker.json_report import as_json
from banshi.checker.terminal import show
from banshi.spreadsheets.overlays.number_formats import is_told, shown
from banshi.spreadsheets.preview import mapping_json, read_items
from banshi.spreadsheets.workbook_reader import read_bytes


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (1202011000, "000000000000", "001202011000"),
        (8308812345, "00000000000", "08308812345"),
        (4, '0"小时"', "4小时"),
        (30, '0"天"', "30天"),
        (10, '0"元/本"', "10元/本"),
        (10, 'General"元"', "10元"),
        (10, 'G/通用格式"元"', "10元"),
        (0.02, "0%", "2%"),
        (0.025, "0.0%", "2.5%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (5, "0.00", "5.00"),
        (5, '0.##"元"', "5.元"),
        (12, "[$¥-804]#,##0.00", "¥12.00"),
        (12, '"￥"0', "￥12"),
        (-3, '0"天"', "-3天"),
        (-3, '0"天";"无"', "无"),
        (0, '0"天";-0"天";"当场"', "当场"),
        (3, '[>=5]0"个工作日";0"天"', "3天"),
        (7, '[>=5]0"个工作日";0"天"', "7个工作日"),
        (5778888, '"0577-"0000000', "0577-5778888"),
        (83088123457, "000-0000-0000", "830-8812-3457"),
        (5, "0_);[Red]\\(0\\)", "5"),
        (5, "0\\份", "5份"),
    ],
)
def test_numbers_are_read_as_they_are_shown(number: float, code: str, text: str) -> None:
    assert (is_told(code), shown(number, code)) == (True, text)


@pytest.mark.parametrize(
    "code", ["General", "0", "@", "yyyy-mm-dd", 'yyyy"年"m"月"', "h:mm", "[h]:mm", "# ?/?", "0.00E+00", "0_ ", "#"]
)
def test_formats_that_add_nothing_and_days_are_left_to_the_reader(code: str) -> None:
    assert not is_told(code)


def test_a_long_number_whose_end_is_lost_still_shows_that() -> None:
    assert shown(115116020087654321, "000000000000000000") is None


ROWS: list[list[Any]] = [
    ["事项名称", "实施主体", "事项编码", "承诺时限", "收费标准", "备注（内部）"],
    ["甲证办理", "民政局", 1202011000, 4, 0.02, "先不公开"],
    ["作废行", "民政局", 1202012000, 5, 0.03, "不要导入"],
    ["丙证办理", "民政局", 1202013000, 6, 0.04, "也不公开"],
]


def formatted() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook(ROWS)))
    sheet = book.worksheets[0]
    for row in range(2, 5):
        for column, code in (("C", "000000000000"), ("D", '0"小时"'), ("E", "0%")):
            sheet[f"{column}{row}"].number_format = code
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["F"].hidden = True
    book.create_sheet("填表说明").append(["看清楚再填"])
    book.create_sheet("底稿").append(["x"])
    book["底稿"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_xlsx_is_read_as_it_is_shown() -> None:
    sheet = read_bytes(formatted(), name="目录.xlsx").sheets[0]
    assert [row[2:5] for row in sheet.rows[1:]] == [
        ["001202011000", "4小时", "2%"], ["001202012000", "5小时", "3%"], ["001202013000", "6小时", "4%"],
    ]  # fmt: skip
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2}, {5})


def test_what_has_no_height_or_width_is_hidden() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(ROWS))) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            xml = old.read(part).decode()
            xml = xml.replace('<row r="3"', '<row r="3" ht="0" customHeight="1"').replace(
                '<row r="2"', '<row r="2" ht="0.75"'
            )
            columns = '<cols><col min="5" max="5" width="0.5"/><col min="6" max="6" width="0" customWidth="1"/></cols>'
            new.writestr(part, xml.replace("<sheetData>", f"{columns}<sheetData>"))
    book = read_bytes(out.getvalue(), name="目录.xlsx")
    assert (book.sheets[0].hidden_rows, book.sheets[0].hidden_columns) == ({2}, {5})
    _, [table] = read_items(book)
    told = " ".join(each.message for each in table.problems if each.code == "hidden")
    assert "1行是隐藏的" in told
    assert "是隐藏的列" in told


def test_hidden_rows_are_left_out_named_and_read_when_asked() -> None:
    book = read_bytes(formatted(), name="目录.xlsx")
    mappings, [table] = read_items(book)
    assert table.texts("name") == ("甲证办理", "丙证办理")
    assert [(each.row, each.text.split()[0]) for each in table.skipped if "隐藏" in each.reason] == [(2, "作废行")]
    assert "有1行是隐藏的，或被筛选掉了" in str([each.message for each in table.found])
    told = mapping_json(mappings)["tables"][0]
    assert (told["hidden_rows"], told["read_hidden"]) == (1, False)
    for asked in ({"read_hidden": True}, {"tables": [{"sheet": "目录表", "read_hidden": True}]}):
        _, [table] = read_items(book, corrected=asked)
        assert table.texts("name") == ("甲证办理", "作废行", "丙证办理")


@pytest.mark.django_db
def test_hidden_columns_reach_no_public_element_unless_a_person_points_at_them() -> None:
    data = workbook(
        [["事项名称", "实施主体", "服务内容", "事项编码"], ["甲证办理", "民政局", "领导说先不公开", "001202011000"]]
    )
    book = openpyxl.load_workbook(io.BytesIO(data))
    for column in "CD":
        book.worksheets[0].column_dimensions[column].hidden = True
    out = io.BytesIO()
    book.save(out)
    [row] = look(out.getvalue(), create=True).rows
    assert "先不公开" not in row.guide().model_dump_json()
    assert row.code.text == "001202011000"  # codes tell which item it is
    pointed = {"tables": [{"sheet": "目录表", "columns": {"A": "name", "B": "organ", "C": "summary", "D": "code"}}]}
    [row] = look(out.getvalue(), create=True, corrected=pointed).rows
    assert row.guide().summary == "领导说先不公开"


def test_check_names_all_it_did_not_look_at(tmp_path: Path) -> None:
    (tmp_path / "目录.xlsx").write_bytes(formatted())
    (tmp_path / "通知.docx").write_bytes(b"x")
    report = examined(tmp_path)
    [file] = report.files
    assert (file.unread, file.book.hidden, file.hidden_columns) == (
        [("填表说明", 1)],
        ["底稿"],
        ["目录表·备注（内部）"],
    )
    assert [path.name for path in report.passed_over] == ["通知.docx"]
    told = as_json(report)
    for words in ("填表说明", "底稿", "备注（内部）", "通知.docx", "隐藏或被筛选掉的行"):
        assert words in told
    screen = Console(record=True, width=200, file=io.StringIO())
    show(report, screen, hint="")
    said = screen.export_text()
    for words in (
        "工作表“填表说明”",
        "隐藏的工作表“底稿”",
        "1 行隐藏或被筛选掉的",
        "隐藏的列“目录表·备注（内部）”",
        "通知.docx",
    ):
        assert words in said


def test_tables_of_other_programs_in_a_folder_are_checked(tmp_path: Path) -> None:
    data = workbook([["事项名称", "实施主体"], ["入学", "教育局"]])
    for name in ("一.et", "二.XLSX", "三.xltx", "四.ett"):
        (tmp_path / name).write_bytes(data)
    assert len(examined(tmp_path).files) == 4


# ods


def ods(table: str, styles: str = "") -> bytes:
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
    )
    content = f'<office:document-content{spaces} office:version="1.2"><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
    return out.getvalue()


def cell(text: str, more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'
        if text
        else f"<table:table-cell{more}/>"
    )


COVERED = "<table:covered-table-cell/>"


def test_merged_hidden_and_formatted_cells_of_an_ods() -> None:
    down = ' table:number-rows-spanned="2" table:number-columns-spanned="1"'
    rows = [
        "<table:table-row>" + "".join(map(cell, ("事项名称", "实施主体", "主项名称", "收费标准"))) + "</table:table-row>",
        "<table:table-row>" + cell("甲证办理") + cell("民政局", down) + cell("证件", down)
        + '<table:table-cell office:value-type="percentage" office:value="0.02"><text:p>2%</text:p></table:table-cell></table:table-row>',
        "<table:table-row>" + cell("乙证办理") + COVERED + COVERED + cell("") + "</table:table-row>",
        '<table:table-row table:visibility="filter">' + cell("作废行") + cell("文旅局") + cell("") + cell("") + "</table:table-row>",
        "<table:table-row>" + cell("丁证办理") + cell("") + cell("") + cell("免费") + "</table:table-row>",
    ]  # fmt: skip
    book = read_bytes(ods(f'<table:table table:name="目录表">{"".join(rows)}</table:table>'), name="目录.ods")
    assert book.sheets[0].merges == [((1, 1), (2, 1)), ((1, 2), (2, 2))]
    _, [table] = read_items(book)
    assert table.texts("name") == ("甲证办理", "乙证办理", "丁证办理")
    assert table.texts("organ") == ("民政局", "民政局", "")  # blank, and not merged with the one above
    assert table.texts("main_item") == ("证件", "证件", "")
    assert table.texts("fees.standard")[0] == "2%"


@pytest.mark.parametrize(("height", "hidden"), [("0cm", {2}), ("0.000in", {2}), ("0.45cm", set())])
def test_a_row_of_no_height_in_an_ods_is_hidden(height: str, hidden: set[int]) -> None:
    style = f'<style:style style:name="ro2" style:family="table-row"><style:table-row-properties style:row-height="{height}"/></style:style>'
    row = "<table:table-row{}>" + cell("甲") + cell("乙") + "</table:table-row>"
    rows = [row.format(""), row.format(""), row.format(' table:style-name="ro2"')]
    found = read_bytes(ods(f'<table:table table:name="表">{"".join(rows)}</table:table>', style), name="目录.ods")
    assert found.sheets[0].hidden_rows == hidden


def test_copies_of_formats_are_read_as_numbers_where_a_number_is_meant() -> None:
    assert read("visits", "1.00").value == 1
    assert re.search("看不出", str(read("visits", "1.5").remarks))


# Struck through, or of the colour of the ground

FADED_ROWS: list[list[Any]] = [
    ["事项名称", "实施主体", "收费标准"],
    ["甲证办理", "民政局", "不收费"],
    ["作废行", "民政局", "100元"],
    ["丙证办理", "民政局", "20元"],
]
WHITE, BLUE = "FFFFFF", "1F4E78"


def dressed(dress: dict[str, dict[str, Any]], rows: list[list[Any]] = FADED_ROWS) -> bytes:
    """A workbook with the fonts and grounds of some cells: {"A3": {"strike": True, "ground": BLUE}}."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(rows)))
    sheet = book.worksheets[0]
    for place, looks in dress.items():
        ground = looks.get("ground")
        sheet[place].font = Font(**{name: value for name, value in looks.items() if name != "ground"})
        if ground:
            sheet[place].fill = PatternFill("solid", fgColor=ground)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


STRUCK: dict[str, Any] = {"strike": True}
UNSEEN: dict[str, Any] = {"color": WHITE}


@pytest.mark.parametrize(
    "looks",
    [STRUCK, UNSEEN, {**UNSEEN, "ground": WHITE}, {"color": "FEFEFE"}, {"color": BLUE, "ground": BLUE}],
    ids=str,
)
def test_rows_struck_through_or_of_the_colour_of_their_ground_are_left_out_named_and_read_when_asked(
    looks: dict[str, Any],
) -> None:
    book = read_bytes(dressed({f"{column}3": looks for column in "ABC"}), name="目录.xlsx")
    mappings, [table] = read_items(book)
    assert table.texts("name") == ("甲证办理", "丙证办理")
    assert [(each.row, each.text.split()[0]) for each in table.skipped if "划掉" in each.reason] == [(2, "作废行")]
    assert "有1行整行划掉了，或字与底色同色，没有读" in str([each.message for each in table.found])
    assert mapping_json(mappings)["tables"][0]["hidden_rows"] == 1
    _, [table] = read_items(book, corrected={"read_hidden": True})
    assert table.texts("name") == ("甲证办理", "作废行", "丙证办理")


def test_a_white_title_on_a_dark_ground_is_a_title_like_any_other() -> None:
    looks = {**UNSEEN, "ground": BLUE}
    book = read_bytes(dressed({f"{column}{row}": looks for column in "ABC" for row in (1, 3)}), name="目录.xlsx")
    _, [table] = read_items(book)
    assert table.texts("name") == ("甲证办理", "作废行", "丙证办理")
    assert not [each for each in table.found if each.code == "hidden"]


def test_a_number_of_the_row_that_is_not_struck_through_does_not_keep_it() -> None:
    rows = [["序号", *FADED_ROWS[0]], *([number, *row] for number, row in enumerate(FADED_ROWS[1:], 1))]
    _, [table] = read_items(read_bytes(dressed(dict.fromkeys(("B3", "C3", "D3"), STRUCK), rows), name="目录.xlsx"))
    assert table.texts("name") == ("甲证办理", "丙证办理")


def test_single_cells_struck_through_are_read_and_said() -> None:
    _, [table] = read_items(read_bytes(dressed({"C4": STRUCK, "C2": UNSEEN}), name="目录.xlsx"))
    assert table.texts("name") == ("甲证办理", "作废行", "丙证办理")
    assert "有2格的字划掉了，或与底色同色，照样读了，请核对：C2、C4" in str([each.message for each in table.found])


def test_what_a_rule_of_the_sheet_may_colour_is_not_said_to_be_unseen() -> None:
    book = openpyxl.load_workbook(io.BytesIO(dressed({f"{column}3": UNSEEN for column in "ABC"})))
    rule = CellIsRule(operator="notEqual", formula=['""'], fill=PatternFill("solid", bgColor=BLUE))
    book.worksheets[0].conditional_formatting.add("A1:C4", rule)
    out = io.BytesIO()
    book.save(out)
    _, [table] = read_items(read_bytes(out.getvalue(), name="目录.xlsx"))
    assert table.texts("name") == ("甲证办理", "作废行", "丙证办理")


def test_rows_struck_through_in_an_ods() -> None:
    looks = (
        '<style:style style:name="ce2" style:family="table-cell">'
        '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    )
    row = "<table:table-row>{}</table:table-row>"
    struck = ' table:style-name="ce2"'
    rows = [
        row.format(cell("事项名称") + cell("实施主体")),
        row.format(cell("甲证办理") + cell("民政局")),
        row.format(cell("作废行", struck) + cell("民政局", struck)),
    ]
    _, [table] = read_items(
        read_bytes(ods(f'<table:table table:name="目录表">{"".join(rows)}</table:table>', looks), name="目录.ods")
    )
    assert table.texts("name") == ("甲证办理",)
    assert "整行划掉" in str([each.message for each in table.found])


def test_hidden_rows_of_a_form_are_said_and_read_when_asked() -> None:
    rows: list[list[Any]] = [
        ["事项名称", "甲证办理"], ["实施主体", "民政局"], ["服务内容", "办甲证"], ["咨询电话", "12345"], ["收费标准", "100元"],
    ]  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(workbook(rows)))
    book.worksheets[0].row_dimensions[3].hidden = True
    out = io.BytesIO()
    book.save(out)
    read_book = read_bytes(out.getvalue(), name="目录.xlsx")
    _, [table] = read_items(read_book)
    assert "有1行是隐藏的" in str([each.message for each in table.found])
    assert "办甲证" not in str(table.skipped[0].reason) and "办甲证" in table.skipped[0].text
    _, [table] = read_items(read_book, corrected={"read_hidden": True})
    assert "办甲证" in table.texts("summary")


def test_rows_struck_through_and_white_ones_in_an_xls() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("目录表")
    looks = {
        0: "font: colour white; pattern: pattern solid, fore_colour dark_blue",
        2: "font: struck_out on",
        3: "font: colour white",
    }
    for number, row in enumerate([*FADED_ROWS, ["丁证办理", "民政局", "20元"]]):
        for column, text in enumerate(row):
            sheet.write(number, column, text, xlwt.easyxf(looks.get(number, "")))
    out = io.BytesIO()
    book.save(out)
    _, [table] = read_items(read_bytes(out.getvalue(), name="目录.xls"))
    assert table.texts("name") == ("甲证办理", "丁证办理")
    assert "有2行整行划掉了" in str([each.message for each in table.found])
