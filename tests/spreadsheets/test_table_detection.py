"""Where the table stands, in the layouts departments really send."""

from typing import Any

import pytest
from tests.spreadsheets.sheets import workbook

from banshi.core.errors import BadInput
from banshi.spreadsheets.column_mapping import TableMapping, map_columns
from banshi.spreadsheets.table_detection import DetectedTable, find_tables
from banshi.spreadsheets.workbook_reader import SourceWorkbook, read_bytes


def table(rows: list, merges: list[str] | None = None) -> DetectedTable:  # type: ignore[type-arg]
    found = find_tables(read_bytes(workbook(rows, {"目录表": merges or []}), name="事项.xlsx"))
    assert len(found) == 1
    return found[0]


def names(found: DetectedTable) -> list[str]:
    column = found.headers.index("事项名称")
    return [row[column] for row in found.rows]


def mapped(book: SourceWorkbook, corrected: dict[str, Any] | None = None) -> list[TableMapping]:
    return map_columns(find_tables(book, corrected), corrected)


def test_title_note_and_footer_rows_are_told_from_items() -> None:
    found = table(
        [
            ["示例县公共服务事项目录表"],
            ["填报说明:一个事项一行"],
            ["序号", "事项名称", "备注"],
            [1, "入学登记", None],
            [2, "转学办理", None],
            ["合计", "2项", None],
            ["填报人:张三", None, "审核人:李四"],
            ["注:本表一式两份"],
        ],
        ["A1:C1", "A2:C2"],
    )
    assert names(found) == ["入学登记", "转学办理"]
    assert found.title == "示例县公共服务事项目录表"
    assert [each.reason for each in found.skipped] == ["标题或说明", "标题或说明", "合计行", "填报人等落款", "表下说明"]


def test_two_header_rows_with_merged_cells() -> None:
    found = table(
        [["序号", "事项名称", "实施单位", None], [None, None, "单位名称", "单位代码"], [1, "入学登记", "教育局", "x"]],
        ["A1:A2", "B1:B2", "C1:D1"],
    )
    assert found.headers == ["序号", "事项名称", "实施单位·单位名称", "实施单位·单位代码"]
    assert len(found.rows) == 1


def test_two_header_rows_in_a_format_without_merges() -> None:
    data = "序号,事项名称,办理时限,,备注\n,,法定,承诺,\n1,入学登记,20个工作日,5个工作日,\n".encode()
    mapping = mapped(read_bytes(data, name="事项.csv"))[0]
    targets = {choice.target for choice in mapping.choices}
    assert {"statutory_limit", "promised_limit"} <= targets
    assert len(mapping.table.rows) == 1


def test_an_owner_merged_over_its_items_is_every_items_owner() -> None:
    found = table([["事项名称", "实施主体"], ["入学登记", "教育局"], ["转学办理", None], ["低保", "民政局"]], ["B2:B3"])
    assert [row[1] for row in found.rows] == ["教育局", "教育局", "民政局"]


def test_a_blank_that_is_not_merged_stays_blank() -> None:
    found = table([["事项名称", "实施主体"], ["入学登记", "教育局"], ["转学办理", None]])
    assert [row[1] for row in found.rows] == ["教育局", ""]


def test_a_header_repeated_on_every_printed_page_is_no_item() -> None:
    header = ["序号", "事项名称", "实施主体"]
    found = table([header, [1, "入学登记", "教育局"], header, [2, "转学办理", "教育局"]])
    assert names(found) == ["入学登记", "转学办理"]


def test_a_row_of_column_numbers_is_no_item() -> None:
    found = table([["序号", "事项名称", "实施主体"], ["1", "2", "3"], [1, "入学登记", "教育局"]])
    assert names(found) == ["入学登记"]


def test_subheadings_between_the_rows_are_kept_as_headings() -> None:
    found = table(
        [
            ["序号", "事项名称", "事项类别", "备注"],
            ["一、县教育局", None, None, None],
            [1, "入学登记", None, None],
            ["二、县民政局", None, None, None],
            [1, "低保申请", None, None],
        ],
        ["A2:D2", "A4:D4"],
    )
    assert found.headings == {0: "县教育局", 1: "县民政局"}


def test_a_table_that_does_not_begin_at_a1() -> None:
    found = table([[], [], [None, None, "事项名称", "实施主体"], [None, None, "入学登记", "教育局"]])
    assert names(found) == ["入学登记"]
    assert (found.numbers, found.left) == ([3], 2)


def test_full_width_headers_and_marks() -> None:
    data = workbook([["*事项\u3000名称", "承诺时限\uff08工作日\uff09", "到场次数(次)"], ["入学", 5, 1]])
    mapping = mapped(read_bytes(data, name="x.xlsx"))[0]
    assert [choice.target for choice in mapping.choices] == ["name", "promised_limit", "visits"]
    assert mapping.choices[1].unit == "工作日"


@pytest.mark.parametrize("header", ["事项名称", "项目名称", "服务事项", "公共服务事项名称", "服务项目"])
def test_names_of_the_name_column(header: str) -> None:
    mapping = mapped(read_bytes(workbook([[header, "实施主体"], ["入学", "教育局"]]), name="x.xlsx"))[0]
    assert mapping.choices[0].target == "name"


@pytest.mark.parametrize("header", ["实施主体", "实施单位", "承办机构", "实施机关", "责任单位", "主管部门"])
def test_names_of_the_owner_column(header: str) -> None:
    mapping = mapped(read_bytes(workbook([["事项名称", header], ["入学", "教育局"]]), name="x.xlsx"))[0]
    assert mapping.choices[1].target == "organ"


def test_a_near_miss_is_taken_with_its_score_and_reason() -> None:
    mapping = mapped(
        read_bytes(workbook([["事项名称", "实施主体", "承诺办结的时限"], ["a", "b", "c"]]), name="x.xlsx")
    )[0]
    choice = mapping.choices[2]
    assert choice.target == "promised_limit"
    assert 82 <= choice.score < 100
    assert "相近" in choice.reason


def test_a_column_nobody_knows_is_kept_for_the_notes() -> None:
    mapping = map_columns(
        find_tables(read_bytes(workbook([["事项名称", "实施主体", "去年件数"], ["a", "b", "3"]]), name="x.xlsx"))
    )[0]
    assert (mapping.choices[2].target, mapping.choices[2].reason) == ("", "没有对应的要素，内容留在导入记录里")


def test_a_class_column_of_powers_is_the_kind() -> None:
    rows = [["事项名称", "事项类别", "实施主体"], ["a", "行政许可", "x"], ["b", "公共服务", "x"]]
    mapping = mapped(read_bytes(workbook(rows), name="x.xlsx"))[0]
    assert mapping.choices[1].target == "kind"


def test_sheets_of_materials_and_steps_are_details() -> None:
    data = workbook(
        {
            "目录表": [["事项名称", "实施主体"], ["入学", "教育局"]],
            "申请材料": [["事项名称", "材料名称", "份数"], ["入学", "身份证", 1]],
            "办理流程": [["事项名称", "环节名称", "环节时限"], ["入学", "受理", "1个工作日"]],
        }
    )
    roles = [mapping.role for mapping in mapped(read_bytes(data, name="x.xlsx"))]
    assert roles == ["items", "details:materials", "details:steps"]


def test_a_mapping_can_be_corrected_and_wrong_ones_are_refused() -> None:
    book = read_bytes(workbook([["事项名称", "实施主体", "用处"], ["a", "b", "c"]]), name="x.xlsx")
    right = {"tables": [{"sheet": "目录表", "header_rows": [1], "columns": {"C": "summary"}}]}
    assert mapped(book, right)[0].choices[2].target == "summary"
    for columns in ({"C": "name"}, {"C": "nonsense"}):
        with pytest.raises(BadInput):
            mapped(book, {"tables": [{"sheet": "目录表", "header_rows": [1], "columns": columns}]})
