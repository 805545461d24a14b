"""What is handed back is the user's own workbook: only marked cells, comments and the report are new."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from tests.checker.files import examined
from tests.spreadsheets.sheets import workbook
from tests.spreadsheets.test_overlays import COVERED, cell, ods

from banshi.checker.workbook import checked_workbook
from banshi.spreadsheets import annotated_workbook
from banshi.spreadsheets.marks import FILLS, Mark, ReportSheet
from banshi.spreadsheets.package_marking import DIVIDER, SOLVED, mark
from banshi.spreadsheets.workbook_reader import read_bytes

Edit = Callable[[str, bytes], bytes]


def png() -> io.BytesIO:
    """A picture of one point."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\1\2\3")) + chunk(b"IEND", b"")
    )


def edited(data: bytes, edit: Edit, **more: bytes) -> bytes:
    """The same package with some parts' bytes changed, and more parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, edit(name, source.read(name)))
        for name, content in more.items():
            target.writestr(name, content)
    return out.getvalue()


def refs(text: str) -> str:
    """As the writer of these tests writes it."""
    return text.encode("ascii", "xmlcharrefreplace").decode()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def the_users_own() -> bytes:
    """A workbook with a comment, a picture, a validation, a second sheet, and (by hand) rich text and a counted formula."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "目录表"
    for row in (
        ["事项名称", "实施主体", "是否收费", "承诺时限", "法定时限"],
        ["富文本", "教育局", "否", "30个工作日", "20个工作日"],
        ["转学", "=B2", "否", "1个工作日", "2个工作日"],
    ):
        sheet.append(row)
    sheet["D2"].comment = Comment("张三：等批复，先不要改", "张三")
    sheet["C2"].comment = Comment("别动", "张三")
    sheet["D2"].font = Font(bold=True)
    sheet.add_image(Image(png()), "G2")
    validation = DataValidation(type="list", formula1='"是,否"')
    sheet.add_data_validation(validation)
    validation.add("C2:C9")
    book.create_sheet("说明").append(["只给自己看"])
    book.defined_names["here"] = openpyxl.workbook.defined_name.DefinedName("here", attr_text="目录表!$A$1")
    sheet.print_area = "A1:E3"
    out = io.BytesIO()
    book.save(out)

    def by_hand(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        rich = f'<is><r><rPr><color rgb="FFFF0000"/></rPr><t>{refs("入学")}</t></r><r><t>{refs("登记")}</t></r></is>'
        content = content.replace(f"<is><t>{refs('富文本')}</t></is>".encode(), rich.encode())
        return re.sub(
            rb'<c r="B3"[^>]*><f>B2</f><v[^c]*</c>',
            f'<c r="B3" t="str"><f>B2</f><v>{refs("教育局")}</v></c>'.encode(),
            content,
        )

    return edited(out.getvalue(), by_hand)


def marked(data: bytes, tmp_path: Path, name: str = "目录.xlsx") -> bytes:
    path = tmp_path / name
    path.write_bytes(data)
    report = examined(path)
    return checked_workbook(report, report.files[0])


def test_everything_the_user_had_is_still_there(tmp_path: Path) -> None:
    data = the_users_own()
    before, after = parts(data), parts(marked(data, tmp_path))
    changed = {name for name in before if after[name] != before[name]}
    drawn = {name for name in before if name.endswith(".vml")}
    assert changed - drawn <= {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/worksheets/sheet1.xml",
        "xl/comments/comment1.xml", "xl/worksheets/sheet2.xml",
    }  # fmt: skip
    sheet = after["xl/worksheets/sheet1.xml"].decode()
    for kept in ("入学</t></r><r><t>登记", 'rgb="FFFF0000"', "<f>B2</f><v>教育局</v>", "dataValidation", "<drawing"):
        assert kept in sheet
    assert any(name.startswith("xl/media/") for name in after)
    book = openpyxl.load_workbook(io.BytesIO(marked(data, tmp_path)))
    assert book.sheetnames == ["检查结果", "目录表", "说明"]
    assert book["目录表"]["C2"].comment.text == "别动"
    said = book["目录表"]["D2"].comment.text
    assert said.startswith("张三：等批复，先不要改")
    assert f"{DIVIDER}\n【必改】" in said
    assert (book["目录表"]["D2"].font.b, book["目录表"]["D2"].fill.fgColor.rgb) == (True, FILLS["error"])
    assert book["目录表"].print_area == "'目录表'!$A$1:$E$3"
    selected = [name for name, part in after.items() if b'tabSelected="1"' in part]
    assert len(selected) == 1  # or a change to one sheet would change two


def test_what_comes_back_put_right_is_read_as_what_it_was(tmp_path: Path) -> None:
    first = marked(the_users_own(), tmp_path)
    report = examined(tmp_path / "目录.xlsx")
    (tmp_path / "again").mkdir()
    path = tmp_path / "again" / "目录.xlsx"
    path.write_bytes(first)
    again = examined(path)
    assert [s.name for s in again.subjects] == [s.name for s in report.subjects]
    assert [(f.rule.code, f.spot) for f in again.found] == [(f.rule.code, f.spot) for f in report.found]
    wrong, right = refs("30个工作日").encode(), refs("10个工作日").encode()
    corrected = edited(
        first,
        lambda name, content: (
            content.replace("30个工作日".encode(), right).replace(wrong, right) if "/sheet1" in name else content
        ),
    )
    second = marked(corrected, tmp_path / "again")
    book = openpyxl.load_workbook(io.BytesIO(second))
    assert book.sheetnames == ["检查结果", "目录表", "说明"]
    assert book["目录表"]["D2"].comment.text == "张三：等批复，先不要改"
    assert book["目录表"]["D2"].fill.fgColor.rgb not in FILLS.values()
    assert not any("30个工作日" in str(cell.value) for row in book["检查结果"] for cell in row)
    third = openpyxl.load_workbook(io.BytesIO(marked(second, tmp_path / "again")))
    assert third.sheetnames == book.sheetnames


def listing(*rows: tuple[str, ...]) -> ReportSheet:
    return ReportSheet(
        ("检查结果",), (("工作表", 9), ("单元格", 9), ("程度", 9), ("问题", 40)), 3, frozenset({3}), list(rows), 100
    )


def test_a_comment_of_ours_that_no_longer_holds_says_so() -> None:
    data = workbook({"目录表": [["事项名称", "单位"], ["甲", "乙"]]})
    once = mark(data, {"目录表": {(1, 0): Mark("error", "【必改】甲"), (1, 1): Mark("note", "【提示】乙")}}, listing())
    twice = mark(once, {"目录表": {(1, 1): Mark("doubt", "【应改】丙")}}, listing())
    sheet = openpyxl.load_workbook(io.BytesIO(twice))["目录表"]
    assert (sheet["A2"].comment.text, sheet["B2"].comment.text) == (SOLVED, "【应改】丙")
    assert (sheet["A2"].fill.fgColor.rgb in FILLS.values(), sheet["B2"].fill.fgColor.rgb) == (False, FILLS["doubt"])


def test_marks_in_merged_missing_and_row_formatted_cells() -> None:
    data = workbook(
        {"目录表": [["事项名称", "单位", "说明"], ["甲", "乙", None], ["丙", None, None]]}, {"目录表": ["B2:B3"]}
    )
    marks = {
        "目录表": {
            (2, 1): Mark("doubt", "【应改】一"),
            (1, 1): Mark("error", "【必改】二"),
            (1, 2): Mark("note", "三"),
            (9, 3): Mark("note", "四"),
        }
    }
    sheet = openpyxl.load_workbook(io.BytesIO(mark(data, marks, listing())))["目录表"]
    assert "【应改】一" in sheet["B2"].comment.text
    assert "【必改】二" in sheet["B2"].comment.text
    assert sheet["B2"].fill.fgColor.rgb == FILLS["error"]
    assert (sheet["C2"].comment.text, sheet["D10"].comment.text) == ("三", "四")


STRICT = (
    (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)


def strict(name: str, content: bytes) -> bytes:
    for old, new in STRICT:
        content = content.replace(old, new)
    return content


def without_styles(name: str, content: bytes) -> bytes:
    return re.sub(rb"<Relationship [^>]*styles[^>]*/>", b"", content) if name.endswith("workbook.xml.rels") else content


ODD: dict[str, Edit] = {
    "a style there is not": lambda name, content: content.replace(b'<c r="B2"', b'<c r="B2" s="77"') if "sheet1" in name else content,
    "a conditional format there is not": lambda name, content: content.replace(
        b"</sheetData>",
        b'</sheetData><conditionalFormatting sqref="A1:B9"><cfRule type="expression" dxfId="9" priority="1"><formula>TRUE</formula></cfRule></conditionalFormatting>',
    ) if "sheet1" in name else content,
    "the last row formatted": lambda name, content: content.replace(b"</sheetData>", b'<row r="1048576" s="1" customFormat="1"/></sheetData>') if "sheet1" in name else content,
    "strict OOXML": strict,
    "no styles": without_styles,
    "no places": lambda name, content: re.sub(rb'<(row|c) r="\w+"', rb"<\1", content) if "sheet1" in name else content,
    "another prefix": lambda name, content: re.sub(rb"<(/?)([a-z])", rb"<\1q:\2", content.replace(b"xmlns=", b"xmlns:q=")) if "sheet1" in name else content,
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_marking_never_fails_where_reading_worked(odd: str, tmp_path: Path) -> None:
    rows = [["事项名称", "实施主体", "承诺时限", "法定时限"], ["入学", "教育局", "30个工作日", "20个工作日"]]
    data = edited(workbook({"目录表": rows, "说明": [["x"]]}), ODD[odd])
    made = marked(data, tmp_path)
    book = read_bytes(made, name="x.xlsx")
    assert [sheet.name for sheet in book.sheets] == ["检查结果", "目录表", "说明"]
    assert book.sheets[1].rows == rows
    assert not any("重新写出" in cell for row in book.sheets[0].rows for cell in row)
    found = parts(made)
    assert any("【必改】".encode() in content for name, content in found.items() if "omments" in name)
    assert any("banshiNotes" in name for name in found)


def test_a_hostile_package_costs_the_site_nothing_and_its_copy_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [["事项名称", "实施主体", "承诺时限", "法定时限"], ["入学", "教育局", "30个工作日", "20个工作日"]]
    million = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>' * 1_500_000

    def dense(name: str, content: bytes) -> bytes:
        return re.sub(rb"(<cellXfs[^>]*>)", lambda m: m[1] + million, content) if "styles" in name else content

    made = marked(edited(workbook(rows), dense), tmp_path)
    book = read_bytes(made, name="x.xlsx")
    assert book.sheets[1].rows == rows
    assert "格式、批注、图片和公式没有带过来" in book.sheets[0].rows[1][6]
    assert "【必改】" in openpyxl.load_workbook(io.BytesIO(made)).worksheets[1]["C2"].comment.text


def test_a_copy_too_is_read_again_as_what_it_was(tmp_path: Path) -> None:
    text = "事项名称,实施主体,承诺时限,法定时限\n入学,教育局,30个工作日,20个工作日\n"
    made = marked(text.encode(), tmp_path, "目录.csv")
    path = tmp_path / "标出.xlsx"
    path.write_bytes(made)
    assert [s.name for s in examined(path).subjects] == ["入学"]


def test_macros_are_left_out_and_told(tmp_path: Path) -> None:
    data = workbook([["事项名称", "实施主体"], ["入学", "教育局"]])

    def with_macros(name: str, content: bytes) -> bytes:
        if name == "[Content_Types].xml":
            return content.replace(
                b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            )
        if name == "xl/_rels/workbook.xml.rels":
            link = b'<Relationship Id="rIdV" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>'
            return content.replace(b"</Relationships>", link + b"</Relationships>")
        return content

    made = marked(edited(data, with_macros, **{"xl/vbaProject.bin": b"macro"}), tmp_path, "目录.xlsm")
    found = parts(made)
    assert not any("vba" in name for name in found)
    assert b"macroEnabled" not in found["[Content_Types].xml"]
    assert b"vbaProject" not in found["xl/_rels/workbook.xml.rels"]
    assert "宏没有带过来" in read_bytes(made, name="x.xlsx").sheets[0].rows[1][6]


def test_no_more_cells_are_marked_than_a_spreadsheet_bears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotated_workbook, "MARKED_AT_MOST", 3)
    rows = [["事项名称", "实施主体", "咨询电话"], *([f"入学{n}", "教育局", ""] for n in range(9))]
    book = openpyxl.load_workbook(io.BytesIO(marked(workbook(rows), tmp_path)))
    assert sum(cell.comment is not None for row in book.worksheets[1] for cell in row) == 3


def test_a_copy_keeps_what_is_merged_hidden_and_struck_through(tmp_path: Path) -> None:
    down = ' table:number-rows-spanned="2" table:number-columns-spanned="1"'
    struck = '<style:style style:name="ce1" style:family="table-cell"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    rows = [
        "".join(map(cell, ("事项名称", "实施主体", "承诺时限", "法定时限"))),
        cell("甲证办理") + cell("民政局", down) + cell("30个工作日") + cell("20个工作日"),
        cell("乙证办理") + COVERED + cell("5个工作日") + cell("20个工作日"),
        "".join(cell(text, ' table:style-name="ce1"') for text in ("划掉的", "公安局", "5个工作日", "20个工作日")),
        "".join(map(cell, ("藏起的", "公安局", "5个工作日", "20个工作日"))),
    ]
    shown = ["<table:table-row>"] * 4 + ['<table:table-row table:visibility="collapse">']
    table = "".join(f"{start}{row}</table:table-row>" for start, row in zip(shown, rows, strict=True))
    made = marked(ods(f'<table:table table:name="目录表">{table}</table:table>', struck), tmp_path, "目录.ods")
    path = tmp_path / "标出.xlsx"
    path.write_bytes(made)
    told = [(each.name, each.about.organ) for each in examined(path).subjects]
    assert told == [("甲证办理", "民政局"), ("乙证办理", "民政局")]
