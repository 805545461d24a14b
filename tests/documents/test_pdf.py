from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.documents.reading import opened, words
from tests.documents.sheets import URL, sheet

from banshi.documents import pdf
from banshi.documents.notice import OnePageNotice
from banshi.documents.qr import qr_svg
from banshi.documents.sheet import (
    Check,
    Checklist,
    Facts,
    Lines,
    Picture,
    ProcedureStage,
    Questions,
    Section,
    Stages,
    Table,
)


def guide(*args: Any, **more: Any) -> bytes:
    return pdf.render("guide", {"sheet": sheet(*args, **more).plain()})


def notice(rows: int, long: str = "") -> bytes:
    groups = (
        ("办理条件", ("年满六周岁",)),
        ("要带的材料", tuple(f"材料{n}{long}" for n in range(1, rows + 1))),
        ("咨询", ("0000-1",)),
    )
    made = OnePageNotice("小学入学报名", "示例县教育局", "公布版本：第1版", groups, URL, qr_svg(URL))
    return pdf.render("notice", {"notice": made.plain()})


def test_a_guide_shows_every_kind_of_block() -> None:
    text = words(guide())
    for part in (
        "小学入学报名",
        "谁能办",
        "居民户口簿",
        "已共享，不用您带",
        "材料不齐：一次性告知补正",
        "2.1",
        "示例路1号",
        "年满六周岁",
        "5个工作日内",
        "要等多久？",
    ):
        assert part in text


def test_a_guide_is_tagged_titled_and_in_chinese() -> None:
    root = opened(guide()).root_object
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"].startswith("zh")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert opened(guide()).metadata.title == "小学入学报名 办事指南"


def test_headings_are_bookmarks() -> None:
    assert [each.title for each in opened(guide()).outline if not isinstance(each, list)] == ["小学入学报名"]


def test_pages_are_counted() -> None:
    long = guide("长", Lines(tuple(f"第{n}条" for n in range(200))))
    pages = opened(long).pages
    assert f"第{len(pages)}页/共{len(pages)}页" in "".join(pages[-1].extract_text().split())


@pytest.mark.parametrize(
    "text",
    ["#panic()", "$x$", "*粗* _斜_ `码`", '#include "base.typ"', "\\ \" ' <标签> @引用", "= 标题", "</svg><script>"],
)
def test_text_is_never_read_as_markup(text: str) -> None:
    assert "".join(text.split()) in words(guide("名称" + text, Lines((text,))))


def test_a_character_no_font_has_is_printed_as_the_printers_sign() -> None:
    text = words(guide("电话☏\U0001f600号码"))
    assert pdf.GETA in text
    assert "号码" in text


def test_an_example_says_so_on_every_page() -> None:
    made = guide("长", Lines(tuple("条" for _ in range(150))), mark="示例", mark_note="示例：不能据此办事")
    assert "示例：不能据此办事" in words(made)
    assert all("示例" in page.extract_text() for page in opened(made).pages)


@pytest.mark.parametrize("rows", [1, 8, 25])
def test_a_notice_is_one_page_with_everything(rows: int) -> None:
    made = notice(rows)
    assert len(opened(made).pages) == 1
    assert f"材料{rows}" in words(made)
    assert "0000-1" in words(made)
    assert "一页写不下" not in words(made)


def test_a_notice_that_overflows_stays_one_page_and_says_what_is_left_out() -> None:
    made = notice(200, long="要求如实填写并由本人签字按手印" * 2)
    text = words(made)
    assert len(opened(made).pages) == 1
    assert "一页写不下，其余见办事指南" in text
    assert "本项共200条，其余见办事指南" in text
    assert "0000-1" in text, "what comes after the long group is still told"


def test_a_notice_with_a_single_line_longer_than_the_page_is_still_one_page() -> None:
    made = notice(1, long="很长" * 3000)
    assert len(opened(made).pages) == 1
    assert "一页写不下" in words(made)


def test_a_broken_template_is_an_error_and_not_an_endless_try() -> None:
    with pytest.raises(Exception, match=r"(?i)section|key|field"):
        pdf.render("guide", {"sheet": {"title": "办事"}})


def test_sections_may_be_empty() -> None:
    assert opened(guide("空", sections=(Section("空", ()),))).pages  # type: ignore[arg-type]


def test_texts_longer_than_a_page_are_not_cut_off() -> None:
    long = "很长的说明" * 1500 + "末尾"
    blocks = (
        Checklist((Check("材料", "视情况", "", long + "甲", True),)),
        Table(("名称", "说明"), (("一", long + "乙"),), (1, 3)),
        Facts((("备注", long + "丙"),)),
        Questions((("问题", long + "丁"),)),
        Stages((ProcedureStage("1", "受理", (long + "戊",)),)),
    )
    text = words(guide("长", *blocks, answers=(("多少钱", long + "己"),)))
    assert [end for end in "甲乙丙丁戊己" if f"末尾{end}" not in text] == []


def test_several_threads_may_print_at_once() -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda n: words(guide(f"事项{n}号")), range(8)))
    assert all(f"事项{n}号" in text for n, text in enumerate(made))


def test_a_tall_picture_shares_the_page_of_what_stands_before_it() -> None:
    tall = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 620" width="200" height="620"><circle cx="10" cy="10" r="9"/></svg>'
    before = Section("要求", (Lines(("年满六周岁",)),))
    made = guide(sections=(before, Section("流程图", (Picture(tall, "流程", 200, 620),))))
    assert len(opened(made).pages) == 1


@pytest.mark.parametrize("lines", range(20, 44, 4))
def test_a_small_table_stands_on_one_page(lines: int) -> None:
    table = Table(("地点", "时间"), (("甲大厅", "上午" * 40), ("乙大厅", "下午" * 40), ("丙大厅", "周末" * 40)), (1, 2))
    pages = [page.extract_text() for page in opened(guide("办事", Lines(("条",) * lines), table)).pages]
    assert sum("地点" in page for page in pages) == 1
    assert next("甲大厅" in page and "丙大厅" in page for page in pages if "地点" in page)


def test_no_line_begins_with_a_dash() -> None:
    hours = "工作日9:00—12:00，13:30—17:30；周六9:30—11:30"
    for width in (0.6, 0.8, 1, 1.2, 1.5):
        made = guide("办事", Table(("时间", "说明"), ((hours, "无" * 60),), (width, 4)))
        text = "\n".join(page.extract_text() for page in opened(made).pages)
        assert [line for line in text.splitlines() if line.startswith("—")] == []


@pytest.mark.parametrize("run", ["9" * 120, "W" * 60])
def test_a_run_without_a_place_to_break_stays_inside_its_column(run: str) -> None:
    for block in (Table(("名称", "说明"), ((run, "说明"),), (1, 3)), Lines((run,)), Facts((("名称", run),))):
        made = opened(guide("办事", block))
        lines = [line for page in made.pages for line in page.extract_text().replace("\u200b", "").splitlines()]
        longest = max((line.count(run[0]) for line in lines), default=0)
        assert sum(line.count(run[0]) for line in lines) >= len(run)
        assert longest < (30 if isinstance(block, Table) else 100)
