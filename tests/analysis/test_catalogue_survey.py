"""The catalogue as a whole: chapters that only show across items."""

import io
from datetime import date
from typing import Any

import openpyxl
import pypdf
from tests.analysis.duplicates.catalogue import items
from tests.analysis.test_burden import demands

from banshi.analysis.catalogue_survey import overview
from banshi.analysis.duplicates.coverage import Reference
from banshi.analysis.duplicates.powers import Cancelled
from banshi.analysis.statement_document import Statement, StatementChapter, statement_pdf, statement_xlsx
from banshi.analysis.tables import DEMANDS, ITEMS, Tables

DAY = date(2026, 11, 23)
RESIDENCE = {"name": "居住证明开具", "organ": "县公安局", "result_name": "居住证明"}
CARD = {"name": "图书借阅证办理", "organ": "县图书馆", "result_name": "图书借阅证", "materials": 1}


def looked_at(*rows: dict[str, Any], asked: Any = None, **more: Any) -> Statement:
    tables = Tables(items(*rows), DEMANDS.empty_table() if asked is None else asked)
    known: dict[str, Any] = {"references": [], "powers": [], **more}
    return overview(tables, known.pop("references"), known.pop("powers"), owner="全部单位", on=DAY, **known)


def chapter(paper: Statement, title: str) -> StatementChapter:
    return next(part for part in paper.parts if part.title == title)


def test_an_item_says_where_one_must_have_been_before() -> None:
    paper = looked_at(CARD, RESIDENCE, asked=demands({"item_id": 0, "proof": "居住证明"}))
    part = chapter(paper, "办之前要先跑的单位")
    assert part.rows == (("县图书馆", "图书借阅证办理", "1家", "先到县公安局“居住证明开具”"),)
    assert part.links == ("0",)


def test_what_people_have_anyway_is_no_errand() -> None:
    identity = {"name": "居民身份证申领", "organ": "县公安局", "result_name": "居民身份证"}
    part = chapter(
        looked_at(CARD, identity, asked=demands({"item_id": 0, "proof": "居民身份证"})), "办之前要先跑的单位"
    )
    assert part.lines == ("没有哪一项要先到别处办材料。",)


def test_items_that_are_twice_are_named_with_the_reason() -> None:
    [row] = chapter(looked_at({"name": "居住证办理"}, {"name": "居住证申领"}), "重复和疑似重复").rows
    assert row[0] == "同一事项"
    assert "“居住证办理”" in row[1] and "“居住证申领”" in row[1]


def test_the_neighbour_who_asks_less_is_shown() -> None:
    here = {"name": "居住证办理", "materials": 6, "days": 15.0}
    there = {"name": "居住证申领", "materials": 2, "days": 3.0, "division": "990103", "organ": "邻县公安局"}
    rows = chapter(looked_at(here, there), "纵横统一").rows
    assert any(
        "邻县公安局" in row[2] and "3个工作日、2份材料" in row[2] and "15个工作日、6份材料" in row[2] for row in rows
    )


def test_a_cancelled_power_that_comes_back_is_shown() -> None:
    power = Cancelled("养犬许可", "《某决定》")
    [row] = chapter(looked_at({"name": "养犬审批"}, powers=[power]), "像是已取消的权力").rows
    assert row[1:3] == ("养犬审批", "养犬许可")


def test_what_nobody_claimed_is_a_gap() -> None:
    paper = looked_at({"name": "居住证办理"}, references=[Reference("000720001000", "献血证办理")])
    part = chapter(paper, "对照统一参考目录")
    assert part.rows == (("没有单位认领", "000720001000 献血证办理", "请核对是否漏项"),)
    assert "1项没有单位认领" in part.lines[0]


def test_before_and_after_are_told_of_items_and_of_units() -> None:
    before = items({**CARD, "materials": 4})
    paper = looked_at(CARD, before=before)
    assert chapter(paper, "前后变化").rows == (("县图书馆", "图书借阅证办理", "材料4→1份"),)
    assert chapter(paper, "各单位前后变化").rows[0][:3] == ("县图书馆", "1", "4份 → 1份")


def test_a_unit_gets_its_own_rows_alone() -> None:
    paper = looked_at(CARD, RESIDENCE, asked=demands({"item_id": 0, "proof": "居住证明"}))
    own = paper.of_unit("县公安局")
    assert {row[0] for part in own.parts for row in part.rows} == {"县公安局"}
    assert own.owner == "县公安局"
    assert ("事项", "1", "") in own.card


def test_every_chapter_is_on_paper_and_in_the_workbook() -> None:
    paper = looked_at(CARD, RESIDENCE, before=items(CARD))
    text = "".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(statement_pdf(paper))).pages)
    out = io.BytesIO()
    statement_xlsx(paper, out)
    sheets = openpyxl.load_workbook(out).sheetnames
    assert sheets == [part.title for part in paper.parts]
    assert all(part.title in text.replace("\n", "") for part in paper.parts)


def test_a_catalogue_of_nothing_is_told_plainly() -> None:
    tables = Tables(ITEMS.empty_table(), DEMANDS.empty_table())
    paper = overview(tables, [], [], owner="全部单位", on=DAY)
    assert chapter(paper, "重复和疑似重复").lines == ("没有发现重复的事项。",)
