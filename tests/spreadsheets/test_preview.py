"""What importing would do, said at the cells, writing nothing."""

import pytest
from tests.factories import a_uscc, category, division, organ
from tests.spreadsheets.sheets import bring_in, look, said, workbook

from banshi.catalog.models import Item, Revision
from banshi.core.errors import BadInput
from banshi.ledger.models import LedgerEntry
from banshi.spreadsheets.preview import mapping_json
from banshi.spreadsheets.row_assembly import unplaced

pytestmark = pytest.mark.django_db
HEAD = ["事项名称", "实施主体", "事项编码", "事项类型", "事项类别"]


def rows(*lines: list) -> bytes:  # type: ignore[type-arg]
    return workbook([HEAD, *lines])


def test_nothing_is_written() -> None:
    organ("教育局")
    before = LedgerEntry.objects.count()
    assert look(rows(["入学", "教育局"])).counts["new"] == 1
    assert (Item.objects.count(), LedgerEntry.objects.count()) == (0, before)


def test_an_unknown_owner_is_an_error_with_the_likeliest_one() -> None:
    organ("示例县教育局")
    found = look(rows(["入学", "示例县教育局局"]))
    assert found.counts["errors"] == 1
    assert found.problems[0].cell == "B2"
    assert "示例县教育局" in found.problems[0].proposal


def test_unknown_owners_are_created_only_when_asked() -> None:
    found = look(rows(["入学", "示例县新局"]), create=True)
    assert found.counts["errors"] == 0
    assert found.new_organs == ["示例县新局"]


def test_an_owner_known_by_short_name_or_code() -> None:
    code = a_uscc(7_000_001)
    organ("示例县教育局", short_name="县教育局", uscc=code)
    data = workbook([["事项名称", "实施主体", "实施主体代码"], ["甲", "县教育局", None], ["乙", None, code]])
    assert look(data).counts["errors"] == 0


def test_a_name_two_organs_share_is_asked_about_unless_the_code_or_the_place_tells() -> None:
    east, west = division("990121", "东样县"), division("990122", "西样县")
    first, second = organ("民政局", division=east), organ("民政局", division=west)
    row = [["事项名称", "实施主体", "实施主体代码"], ["救助", "民政局", ""]]
    assert said(look(workbook(row)))["B2"] == "有 2 个单位叫“民政局”（在东样县、西样县），分不清是哪一个"
    assert look(workbook([row[0], ["救助", "民政局", second.uscc]])).rows[0].owner.organ == second
    assert look(workbook(row), home="990121").rows[0].owner.organ == first
    assert look(workbook(row), allowed={second.pk}).rows[0].owner.organ == second


def test_a_code_without_name_that_nobody_has_is_an_error() -> None:
    found = look(workbook([["事项名称", "实施主体", "实施主体代码"], ["乙", None, "083372204"]]))
    assert any("只填了代码" in problem.message for problem in found.errors)


def test_name_and_code_of_two_organs_is_an_error() -> None:
    organ("教育局")
    other = organ("民政局")
    found = look(workbook([["事项名称", "实施主体", "实施主体代码"], ["甲", "教育局", other.uscc]]))
    assert "代码却是" in said(found)["C2"]


def test_a_damaged_credit_code_is_kept_flagged_and_mended_by_proposal() -> None:
    known = organ("教育局")
    found = look(
        workbook([["事项名称", "实施主体", "实施主体代码"], ["甲", "教育局", known.uscc[:4] + known.uscc[5:]]])
    )
    problem = next(p for p in found.problems if p.code == "organ_code")
    assert problem.proposal == known.uscc
    assert found.counts["errors"] == 0


def test_powers_are_kept_and_queried() -> None:
    organ("教育局")
    found = look(rows(["教师资格", "教育局", None, "行政许可"]))
    assert "不属于公共服务" in said(found)["D2"]
    assert found.rows[0].kind == "01"


def test_a_power_is_recognised_by_its_code_alone() -> None:
    own = organ("教育局")
    found = look(workbook([["事项名称", "实施主体", "事项编码"], ["甲", "教育局", f"{own.uscc}4000104002000"]]))
    assert found.by_kind()["power"] == 1


def test_an_unknown_category_is_left_out_and_asked_about() -> None:
    organ("教育局")
    category()
    found = look(rows(["入学", "教育局", None, None, "公共教育"], ["转学", "教育局", None, None, "教育类"]))
    assert found.rows[0].category is not None
    assert "可填" in next(p.proposal for p in found.problems if p.code == "category")


def test_a_code_turned_into_a_number_is_flagged_with_what_to_do() -> None:
    organ("教育局")
    found = look(rows(["入学", "教育局", 114505001234567890]))
    problem = next(p for p in found.problems if p.code == "damaged")
    assert problem.cell == "C2"
    assert "文本" in problem.proposal


def test_one_code_for_two_items_is_an_error_at_both() -> None:
    organ("教育局")
    found = look(rows(["入学", "教育局", "512B0053300007"], ["转学", "教育局", "512B0053300007"]))
    assert {p.cell for p in found.errors} == {"C2", "C3"}


def test_one_item_in_two_rows_is_an_error_at_both() -> None:
    organ("教育局")
    found = look(rows(["入学登记", "教育局"], ["入学 登记", "教育局"]))
    assert {p.cell for p in found.errors} == {"A2", "A3"}


def test_namesakes_with_codes_of_their_own_are_two_items_and_asked_about() -> None:
    organ("教育局")
    found = look(rows(["入学", "教育局", "512B0053300007"], ["入学", "教育局", "512B0053300008"]))
    assert found.counts["errors"] == 0
    assert found.by_kind()["twice"] == 2


def test_a_row_without_name_is_an_error() -> None:
    organ("教育局")
    found = look(rows([None, "教育局", "512B0053300007"]))
    assert found.by_kind()["no_name"] == 1


def test_formulas_and_script_are_flagged_at_their_cells() -> None:
    organ("教育局")
    found = look(rows(["=cmd|'/c calc'!A0", "教育局"], ["<script>alert(1)</script>", "教育局"]))
    assert {"A2", "A3"} <= set(said(found))
    assert found.counts["new"] == 2


def test_a_failed_formula_is_said_and_never_printed_for_citizens() -> None:
    organ("教育局")
    found = look(workbook([["事项名称", "实施主体", "承诺时限"], ["#REF!", "教育局", ""], ["入学", "教育局", "#N/A"]]))
    assert said(found)["A2"] == "这一格的公式出错（#REF!），没有内容可读"
    assert [row.outcome for row in found.rows] == ["error", "new"]
    assert said(found)["C3"] == "这一格的公式出错（#N/A），没有内容可读"
    assert found.rows[1].guide().promised_limit is None or "#N/A" not in found.rows[1].guide().model_dump_json()


def test_an_owner_from_the_title_line() -> None:
    own = organ("示例县教育局")
    found = look(workbook([["填报单位:示例县教育局"], ["事项名称", "备注"], ["入学", None]]))
    assert found.rows[0].owner.organ == own


def test_owners_from_subheadings() -> None:
    first, second = organ("县教育局"), organ("县民政局")
    data = workbook(
        [
            ["序号", "事项名称", "事项类别", "备注"],
            ["一、县教育局"],
            [1, "入学登记"],
            ["二、县民政局"],
            [1, "低保申请"],
        ]
    )
    assert [row.owner.organ for row in look(data).rows] == [first, second]


def test_blank_owners_are_filled_from_above_only_where_merges_are_not_kept() -> None:
    organ("教育局")
    csv = "事项名称,实施主体\n入学,教育局\n转学,\n".encode()
    found = look(csv, name="x.csv")
    assert found.counts["errors"] == 0
    assert found.by_kind()["filled"] == 1
    assert look(workbook([["事项名称", "实施主体"], ["入学", "教育局"], ["转学", None]])).counts["errors"] == 1


def test_a_column_nobody_knows_stays_in_the_record_of_the_import() -> None:
    organ("教育局")
    found = look(workbook([["事项名称", "实施主体", "去年件数"], ["入学", "教育局", 30]]))
    row = found.rows[0]
    assert unplaced(row.table, row.index) == [("去年件数", "30")]
    assert "30" not in row.guide().model_dump_json()


@pytest.mark.parametrize("header", ["备注（内部）", "内部说明", "承诺时限（不公开）", "咨询电话·内部", "保密级别"])
def test_a_column_said_to_be_internal_has_no_public_place_whoever_chooses_one(header: str) -> None:
    organ("教育局")
    data = workbook([["事项名称", "实施主体", header], ["入学", "教育局", "领导说先不公开"]])
    row = look(data).rows[0]
    assert unplaced(row.table, row.index) == [(header, "领导说先不公开")]
    assert "领导" not in row.guide().model_dump_json()
    corrected = mapping_json(look(data).mappings)
    corrected["tables"][0]["columns"]["C"] = "notes"
    with pytest.raises(BadInput, match="写明不公开"):
        look(data, corrected=corrected)


def test_details_without_an_item_are_errors() -> None:
    organ("教育局")
    data = workbook(
        {
            "目录表": [["事项名称", "实施主体"], ["入学", "教育局"]],
            "申请材料": [["事项名称", "材料名称"], ["入学", "身份证"], ["别的", "户口簿"]],
        }
    )
    found = look(data)
    assert [each.name for each in found.rows[0].guide().materials] == ["身份证"]
    assert [(p.sheet, p.cell) for p in found.errors] == [("申请材料", "A3")]


def test_a_second_sheet_of_the_same_items_adds_elements() -> None:
    organ("教育局")
    data = workbook(
        {
            "目录表": [["事项名称", "实施主体"], ["入学", "教育局"], ["转学", "教育局"]],
            "办事指南": [
                ["事项名称", "承诺时限", "服务对象"],
                ["转学", "3个工作日", "自然人"],
                ["入学", "5个工作日", "自然人"],
            ],
        }
    )
    found = look(data)
    assert found.counts["rows"] == 2
    assert [row.guide().promised_limit.value for row in found.rows] == [5, 3]


def test_one_sheet_per_department_is_read_together() -> None:
    organ("教育局")
    organ("民政局")
    data = workbook(
        {"教育": [["事项名称", "实施主体"], ["入学", "教育局"]], "民政": [["事项名称", "实施主体"], ["低保", "民政局"]]}
    )
    assert look(data).counts["new"] == 2


def test_a_known_item_gets_a_draft_not_a_twin() -> None:
    organ("教育局")
    bring_in(rows(["入学", "教育局"]), publish=True)
    again = look(workbook([["事项名称", "实施主体", "承诺时限"], ["入学", "教育局", "5个工作日"]]))
    assert (again.counts["new"], again.counts["changed"]) == (0, 1)
    assert "新建一份草稿" in next(p.message for p in again.problems if p.code == "existing")


def test_an_item_not_in_use_is_not_changed_by_import() -> None:
    organ("教育局")
    bring_in(rows(["入学", "教育局"]))
    Item.objects.update(state="cancelled")
    assert look(rows(["入学", "教育局"])).by_kind()["state"] == 1
    changed = look(workbook([["事项名称", "实施主体", "一句话说明"], ["入学", "教育局", "让孩子上学"]]))
    assert [(row.outcome, len(changed.errors)) for row in changed.rows] == [("error", 1)]


def test_another_organs_identifier_is_refused() -> None:
    organ("教育局")
    organ("民政局")
    bring_in(rows(["入学", "教育局"]))
    guid = str(Item.objects.get().guid)
    found = look(workbook([["事项名称", "实施主体", "事项标识"], ["入学", "民政局", guid]]))
    assert found.counts["errors"] == 1


def test_a_file_without_a_table_says_what_to_do() -> None:
    with pytest.raises(BadInput, match="没有找到事项表格"):
        look(workbook([["今天天气"], ["很好"]]))


def test_a_blank_template_says_so() -> None:
    with pytest.raises(BadInput, match="没有事项"):
        look(workbook([["事项名称", "实施主体"]]))


def test_the_preview_as_json_names_every_doubt_with_its_cell() -> None:
    organ("教育局")
    told = look(rows(["教师资格", "教育局", None, "行政许可"])).as_json()
    assert told["counts"]["rows"] == 1
    assert told["mapping"]["tables"][0]["columns"]["A"] == "name"
    assert told["problems"][0] | {"cell": "D2", "severity": "doubt"} == told["problems"][0]


def test_changing_a_revision_elsewhere_is_seen() -> None:
    organ("教育局")
    bring_in(rows(["入学", "教育局"]))
    assert look(rows(["入学", "教育局"])).counts["same"] == 1
    Revision.objects.update(content={"name": "入学办理"})
    assert look(rows(["入学", "教育局"])).counts["changed"] == 1


def test_a_main_item_without_sub_items_is_itself_the_item() -> None:
    organ("民政局")
    data = workbook(
        [
            ["主项名称", "子项名称", "实施主体"],
            ["高龄津贴发放", None, "民政局"],
            ["残疾人补贴", "生活补贴", "民政局"],
            [None, "护理补贴", "民政局"],
        ],
        {"目录表": ["A3:A4"]},
    )
    found = look(data)
    assert found.errors == []
    assert [row.guide().name for row in found.rows] == ["高龄津贴发放", "生活补贴", "护理补贴"]
