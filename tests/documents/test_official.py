"""公文, measured: GB/T 9704-2012 in PDF and in Word."""

import io
import re
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from typing import Any

import docx
import pypdf
import pytest
from docx.oxml.ns import qn

from banshi.documents.official import Annex, Official, title_lines
from banshi.documents.official_files import as_docx, as_pdf
from banshi.documents.sheet import Lines, Section, Table

MM = 72 / 25.4
SENTENCE = "各部门对公共服务事项进行了全面清理，经过两轮审核，形成清单，逐项注明依据。" * 12
TITLE = "示例市机构编制委员会办公室关于提请审定示例市公共服务事项清单的请示"
LIST = Annex("公共服务事项清单", Table(("序号", "名称"), (("1", "小学入学报名"),), (0.5, 3)))
WIDE = Annex("各单位进度", Table(tuple("甲乙丙丁戊己"), (("x",) * 6,), (1,) * 6))


def paper(**more: Any) -> Official:
    told: dict[str, Any] = {
        "title": TITLE,
        "addressee": "示例市人民政府",
        "opening": (SENTENCE, SENTENCE, SENTENCE),
        "sections": (Section("审核过程", (Lines(("自查自清。", "两轮审核。"), numbered=True),)),),
        "annexes": (LIST,),
        "signer": "示例市机构编制委员会办公室",
        "on": date(2026, 11, 28),
    }
    return Official(**told | more)


Line = tuple[float, float, str]


def lines_of(page: Any) -> list[Line]:
    """Lines from the top: baseline and left end in points, text."""
    found: dict[float, list[tuple[float, str]]] = defaultdict(list)

    def note(text: str, around: Any, place: Any, *_: Any) -> None:
        if text.strip():
            found[round(place[5] * around[3] + around[5], 1)].append(
                (place[4] * around[0] + around[4], "".join(text.split()))
            )

    page.extract_text(visitor_text=note)
    return [
        (y, min(x for x, _ in parts), "".join(text for _, text in parts))
        for y, parts in sorted(found.items(), reverse=True)
    ]


def pages(made: Official) -> list[list[Line]]:
    return [lines_of(page) for page in pypdf.PdfReader(io.BytesIO(as_pdf(made))).pages]


def the(made: Official, text: str) -> Line:
    return next(line for page in pages(made) for line in page if text in line[2])


def test_a_full_page_has_22_lines_of_28_letters() -> None:
    second = pages(paper(opening=(SENTENCE,) * 6))[1][:-1]
    assert len(second) == 22
    steps = [above[0] - below[0] for above, below in pairwise(second)]
    assert all(abs(step - 225 * MM / 22) < 0.2 for step in steps)
    assert Counter(len(text) for _, _, text in second).most_common(1)[0][0] == 28
    assert all(abs(x - 28 * MM) < 1 for _, x, text in second if len(text) == 28)


def test_the_text_is_black() -> None:
    content = b"".join(
        page.get_contents().get_data() for page in pypdf.PdfReader(io.BytesIO(as_pdf(paper(annexes=())))).pages
    )
    colours = set(re.findall(rb"([\d. ]+) (?:rg|g|scn|sc)\b", content))
    assert colours
    assert all(float(part) == 0 for colour in colours for part in colour.split()), colours


@pytest.mark.parametrize(
    "title",
    [
        TITLE,
        "关于提请审定公共服务事项清单的请示（示例市）",
        "2026年示例县公共服务事项清理工作进展情况通报（第3期）",
        "关于印发《示例市公共服务事项目录管理办法》的通知",
        "示例市住房和城乡建设局示例市自然资源和规划局关于联合开展公共服务事项清理的请示",
    ],
)
def test_a_title_breaks_between_words_and_never_inside_a_name(title: str) -> None:
    broken = title_lines(title)
    assert "".join(broken) == title and max(map(len, broken)) <= 20
    for whole in (
        "示例市",
        "（示例市）",
        "2026",
        "清单",
        "公共",
        "办公室",
        "（第3期）",
        "《示例市公共服务事项目录管理办法》",
        "示例市自然资源和规划局",
    ):
        if whole in title:
            assert any(whole in line for line in broken), broken


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("示例市人民政府关于2026年10月政务服务效能的通报", ["示例市人民政府关于2026年10月", "政务服务效能的通报"]),
        ("示例市人民政府办公室关于2026年政务服务效能的年度报告", None),
        ("示例市行政审批局关于调整2026年11月30日以前公布事项的通知", None),
    ],
)
def test_a_title_breaks_at_no_date_and_takes_no_more_lines_than_it_needs(title: str, lines: list[str] | None) -> None:
    broken = title_lines(title)
    assert "".join(broken) == title and len(broken) == 2
    assert lines is None or broken == lines
    assert not any(line.endswith(("年", "2026年11月")) and broken[-1][0].isdigit() for line in broken[:-1])


def test_a_title_of_one_long_word_still_ends() -> None:
    assert "".join(title_lines("A" * 50)) == "A" * 50


def test_headings_stand_two_letters_in_and_levels_follow_each_other() -> None:
    assert abs(the(paper(), "一、审核过程")[1] - (28 * MM + 32)) < 1
    for text in ("（一）自查自清。", "（二）两轮审核。"):
        assert abs(the(paper(), text)[1] - (28 * MM + 32)) < 1


def test_a_long_heading_goes_on_at_the_edge_and_numbers_do_not_end_at_fifteen() -> None:
    long = "对基层反映集中的重复证明、循环证明和兜底条款逐项提出处理意见并明确责任单位和完成时限"
    made = paper(sections=(*(Section("情况", ()),) * 15, Section(long, ())))
    after = [line for page in pages(made) for line in page]
    place = next(number for number, line in enumerate(after) if line[2].startswith("十六、"))
    assert abs(after[place][1] - (28 * MM + 32)) < 1 and abs(after[place + 1][1] - 28 * MM) < 1


def test_one_annex_is_named_without_a_number_and_several_with_one() -> None:
    text = "".join(line[2] for page in pages(paper()) for line in page)
    assert "附件：公共服务事项清单" in text and "附件1" not in text
    text = "".join(line[2] for page in pages(paper(annexes=(LIST, WIDE))) for line in page).replace(" ", "")
    assert "附件：1.公共服务事项清单" in text and "2.各单位进度" in text and "附件1" in text and "附件2" in text


def test_the_day_stands_two_letters_further_in_than_the_name_and_both_off_the_edge() -> None:
    made = paper()
    name = next(line for page in pages(made) for line in page if line[2] == made.signer)
    day = the(made, "2026年11月28日")
    assert abs(day[1] - name[1] - 32) < 1.5
    assert abs(name[1] + 13 * 15.8 + 32 - (210 - 26) * MM) < 4


def test_a_short_name_moves_so_that_the_day_ends_two_letters_off_the_edge() -> None:
    day = the(paper(signer="市编办"), "2026年11月28日")
    assert day[1] + 32 < (210 - 26) * MM - 5 * 15
    name = next(line for page in pages(paper(signer="市编办")) for line in page if line[2] == "市编办")
    assert abs(day[1] - name[1] - 32) < 1.5


def test_page_numbers_stand_outside_right_on_odd_pages_and_left_on_even_ones() -> None:
    odd, even = (page[-1] for page in pages(paper())[:2])
    assert "1" in odd[2] and odd[1] > 150 * MM
    assert "2" in even[2] and abs(even[1] - (28 * MM + 14)) < 2


def test_annexes_keep_the_margins() -> None:
    first = pages(paper())[-1][0]
    assert first[2] == "附件" and abs(first[1] - 28 * MM) < 1 and first[0] < (297 - 37) * MM


def test_word_has_the_same_grid_levels_and_places() -> None:
    document = docx.Document(io.BytesIO(as_docx(paper(annexes=(LIST, WIDE)))))
    grid = document.sections[0]._sectPr.find(qn("w:docGrid"))
    # A grid of letters smaller than the letters gives each two cells in some word processors, and fourteen to a line.
    assert grid.get(qn("w:type")) == "lines"
    assert grid.get(qn("w:charSpace")) is None
    assert abs(int(grid.get(qn("w:linePitch"))) / 20 * 22 / MM - 225) < 1
    tracking = document.styles["Normal"].element.rPr.find(qn("w:spacing"))
    letter = 16 + int(tracking.get(qn("w:val"))) / 20
    assert 28 * letter <= 156 * MM < 29 * letter
    assert (
        document.styles["Heading 1"].paragraph_format.line_spacing.pt
        == document.styles["Normal"].paragraph_format.line_spacing.pt
    )
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0].replace("\n", "") == TITLE and "\n" in texts[0]
    assert "（一）自查自清。" in texts and "附件：1. 公共服务事项清单" in texts and "2. 各单位进度" in texts
    left = {p.text: p.paragraph_format.left_indent for p in document.paragraphs if p.paragraph_format.left_indent}
    assert left["2026年11月28日"].pt - left["示例市机构编制委员会办公室"].pt == 32
    heading = next(p for p in document.paragraphs if p.text == "一、审核过程")
    assert heading.paragraph_format.first_line_indent.pt == 32
    assert document.settings.odd_and_even_pages_header_footer


def test_annexes_in_word_lie_or_stand_by_their_own_width_and_fill_their_line() -> None:
    document = docx.Document(io.BytesIO(as_docx(paper(annexes=(WIDE, LIST)))))
    assert [round(page.page_width.mm) for page in document.sections] == [210, 297, 210]
    for page, table in zip(document.sections[1:], document.tables, strict=True):
        line = page.page_width - page.left_margin - page.right_margin
        assert abs(sum(column.width for column in table.columns) - line) < 12700
    assert document.paragraphs[-1].paragraph_format.line_spacing.pt == 1


def test_lines_of_another_height_do_not_take_two_lines_of_the_grid_in_word() -> None:
    styles = docx.Document(io.BytesIO(as_docx(paper(annexes=(LIST,))))).styles
    for name in ("Title", "Heading 1", "Cell", "Note"):
        assert styles[name].element.pPr.find(qn("w:snapToGrid")).get(qn("w:val")) == "0"
    assert styles["Normal"].element.pPr.find(qn("w:snapToGrid")) is None


def test_a_blank_line_stands_below_the_title_and_a_small_table_stays_on_one_page() -> None:
    document = docx.Document(io.BytesIO(as_docx(paper(annexes=(LIST,)))))
    assert round(document.paragraphs[0].paragraph_format.space_after.pt) == 29
    rows = document.tables[0].rows
    assert [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in rows] == [True] * (len(rows) - 1) + [
        None
    ]
    long = Annex("清单", Table(("序号", "名称"), tuple((str(n), "入学") for n in range(9)), (0.5, 3)))
    rows = docx.Document(io.BytesIO(as_docx(paper(annexes=(long,))))).tables[0].rows
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in rows]
    assert kept == [True] + [None] * 9, "the head is never alone at the end of a page"


def test_a_wide_annex_of_short_cells_goes_over_pages_below_its_title_and_above_the_page_number() -> None:
    rows = tuple((str(number), *("甲乙",) * 9) for number in range(30))
    annex = Annex("各单位评估结果", Table(("名次", *("乙",) * 9), rows, (1,) * 10), "带*的样本少。")
    first, *more = [page for page in pages(paper(annexes=(annex,))) if any("甲乙" in line[2] for line in page)]
    assert any("带*" in line[2] for line in first), "no page has the title alone"
    assert more and min(line[0] for page in (first, *more) for line in page if "甲乙" in line[2]) > 35 * MM
