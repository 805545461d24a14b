import io
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from tests.documents.sheets import sheet
from tests.factories import NOON

from banshi.documents.docx import numeral, render
from banshi.documents.sheet import Lines


def opened(**more: Any) -> Any:
    return docx.Document(io.BytesIO(render(sheet(**more), made=NOON)))


def test_headings_are_real_headings_numbered_as_offices_do() -> None:
    headings = [(p.style.name, p.text) for p in opened().paragraphs if p.style.name.startswith(("Heading", "Title"))]
    assert headings[0] == ("Title", "小学入学报名")
    assert ("Heading 1", "一、内容") in headings
    assert ("Heading 2", "问：要等多久？") in headings


def test_tables_have_header_rows_that_repeat() -> None:
    tables = opened().tables
    heads = [table for table in tables if table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None]
    assert [cell.text for cell in heads[0].rows[0].cells] == ["带不带", "材料", "说明"]
    assert [cell.text for cell in heads[1].rows[0].cells] == ["名称", "地址"]


def test_a_material_that_need_not_be_brought_has_no_box() -> None:
    cells = [cell.text for table in opened().tables for cell in table.columns[0].cells]
    assert "□ 必带" in cells
    assert "✓ 免交" in cells


def test_fonts_sizes_and_margins_are_the_standards() -> None:
    document = opened()
    fonts = {
        name: document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Title", "Heading 1", "Normal")
    }
    assert fonts == {"Title": "方正小标宋简体", "Heading 1": "黑体", "Normal": "仿宋_GB2312"}
    assert document.styles["Normal"].font.size.pt == 16
    section = document.sections[0]
    assert [round(section.top_margin.mm), round(section.left_margin.mm)] == [37, 28]


def test_substitutes_for_missing_fonts_are_named() -> None:
    with zipfile.ZipFile(io.BytesIO(render(sheet(), made=NOON))) as parts:
        table = parts.read("word/fontTable.xml").decode()
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in table


def test_pictures_have_words() -> None:
    described = [each.get("descr") for each in opened().element.iter(qn("wp:docPr"))]
    assert "一个圆点" in described
    assert any("二维码" in each for each in described)


def test_text_is_never_read_as_markup_and_control_characters_are_left_out() -> None:
    document = docx.Document(io.BytesIO(render(sheet("名<w:p>&\x0b称", Lines(("</w:t>\x00文",))), made=NOON)))
    assert document.paragraphs[0].text == "名<w:p>&称"
    assert "</w:t>文" in [p.text for p in document.paragraphs]


def test_an_example_says_so_in_the_header_of_every_page() -> None:
    assert opened(mark="示例").sections[0].header.paragraphs[0].text == "示例"
    assert opened().sections[0].header.paragraphs[0].text == ""


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一")])
def test_numerals(number: int, words: str) -> None:
    assert numeral(number) == words


def test_nothing_of_the_template_it_began_with_is_left_in_it() -> None:
    names = zipfile.ZipFile(io.BytesIO(render(sheet(), made=NOON))).namelist()
    assert [name for name in names if "thumbnail" in name or "WithEffects" in name] == []
