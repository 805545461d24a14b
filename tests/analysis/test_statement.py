"""The statement for leaders, as PDF and workbook."""

import io
from datetime import date

import openpyxl
import pyarrow as pa
import pypdf
from tests.analysis.duplicates.catalogue import items
from tests.analysis.test_burden import demands

from banshi.analysis.statement import statement
from banshi.analysis.statement_document import SHOWN, Statement, statement_pdf, statement_xlsx
from banshi.analysis.tables import DEMANDS, ITEMS, Tables

DAY = date(2026, 11, 23)


def catalogue() -> Tables:
    rows = [
        {"name": "亲属关系证明开具", "organ": "派出所", "result_name": "亲属关系证明", "materials": 1, "volume": 100},
        {"name": "居住证明开具", "organ": "居委会", "result_name": "居住证明", "materials": 1, "days": 3.0},
        *({"name": f"=1+1事项{n}", "organ": f"第{n}局"} for n in range(SHOWN)),
    ]
    asked = demands({"item_id": 0, "proof": "居住证明"}, {"item_id": 1, "proof": "亲属关系证明"})
    return Tables(items(*rows), asked)


def made(tables: Tables, before: pa.Table | None = None) -> Statement:
    return statement(tables, title="减负情况", owner="示例市政务服务管理局", on=DAY, before=before)


def text_of(paper: Statement) -> str:
    pages = pypdf.PdfReader(io.BytesIO(statement_pdf(paper))).pages
    return "".join(page.extract_text() for page in pages).replace(" ", "").replace("\n", "")


def test_the_paper_tells_figures_proofs_circles_and_units() -> None:
    text = text_of(made(catalogue()))
    for words in (
        "减负情况",
        "2026年11月23日",
        "17项",
        "其中16项没有办件量",
        "发现1处循环证明",
        "最少要取消",
        "派出所",
        "不详",
    ):
        assert words in text
    assert "前后变化" not in text


def test_long_tables_are_cut_on_paper_and_whole_in_the_workbook() -> None:
    paper = made(catalogue())
    assert "其余2行见电子表格" in text_of(paper)
    units = workbook(paper)["各单位"]
    assert {row[0].value for row in units.iter_rows(min_row=5)} == {
        "派出所",
        "居委会",
        *(f"第{n}局" for n in range(SHOWN)),
    }


def test_before_and_after_is_told_when_there_is_a_before() -> None:
    tables = catalogue()
    before = tables.items.set_column(
        ITEMS.get_field_index("materials"), ITEMS.field("materials"), pa.array([5, 3, *[None] * SHOWN], pa.int32())
    )
    paper = made(tables, before)
    text = text_of(paper)
    assert "材料：8份→2份" in text
    assert "材料5→1份" in text
    card = [(label, figure) for label, figure, _ in paper.card]
    assert ("材料比上次减少", "6份") in card
    assert ("到场次数比上次", "不详") in card


def test_numbers_in_the_workbook_are_numbers_and_names_never_formulas() -> None:
    book = workbook(made(catalogue()))
    proofs = [[cell.value for cell in row] for row in book["建议先取消的证明"].iter_rows(min_row=5, max_row=5)]
    assert proofs == [["居住证明", 1, 1, 100, 100, 0]]
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_an_empty_catalogue_says_so() -> None:
    empty = Tables(pa.Table.from_pylist([], ITEMS), pa.Table.from_pylist([], DEMANDS))
    text = text_of(made(empty))
    assert "没有发现循环证明" in text
    assert "没有发现群众要自己去开的证明" in text


def workbook(paper: Statement) -> openpyxl.Workbook:
    out = io.BytesIO()
    statement_xlsx(paper, out)
    return openpyxl.load_workbook(out)
