"""Layouts departments really use: an item over several rows, guides written downward, columns by the provinces' names."""

from pathlib import Path
from typing import Any

import pytest
from tests.checker.files import book, examined, of_rule
from tests.spreadsheets.sheets import Rows, workbook

from banshi.catalog.guide.document import Guide
from banshi.spreadsheets.column_mapping import map_columns
from banshi.spreadsheets.preview import read_items
from banshi.spreadsheets.row_assembly import guide_of
from banshi.spreadsheets.table_detection import find_tables
from banshi.spreadsheets.workbook_reader import read_bytes

HEADER = ["序号", "事项名称", "实施主体", "材料名称", "材料份数", "承诺时限"]
Guides = list[tuple[str, list[tuple[str, int | None]], int | None]]


def read(sheets: dict[str, Rows] | Rows, merges: dict[str, list[str]] | None = None) -> Any:
    return read_items(read_bytes(workbook(sheets, merges), name="目录.xlsx"))[1]


def guides(rows: Rows, *merges: str) -> Guides:
    [table] = read(rows, {"目录表": list(merges)})
    found = [guide_of(table, index, "") for index in range(len(table))]
    return [(g.name, [(m.name, m.copies) for m in g.materials], g.promised_limit.value) for g in found]


ONE_ITEM = [("甲证办理", [("申请表", 2), ("身份证", 1), ("照片", None)], 5), ("乙证办理", [("申请书", 1)], 3)]


def test_an_item_over_merged_rows() -> None:
    rows: Rows = [
        HEADER,
        [1, "甲证办理", "民政局", "申请表", 2, "5个工作日"],
        [None, None, None, "身份证", 1, None],
        [None, None, None, "照片", None, None],
        [2, "乙证办理", "民政局", "申请书", 1, "3个工作日"],
    ]
    assert guides(rows, "A2:A4", "B2:B4", "C2:C4", "F2:F4") == ONE_ITEM
    assert guides(rows) == ONE_ITEM  # and where blanks stand for the merges


def test_an_item_over_rows_that_repeat_its_name() -> None:
    rows: Rows = [
        HEADER,
        [1, "甲证办理", "民政局", "申请表", 2, "5个工作日"],
        [2, "甲证办理", "民政局", "身份证", 1, "5个工作日"],
        [3, "甲证办理", "民政局", "照片", None, "5个工作日"],
        [4, "乙证办理", "民政局", "申请书", 1, "3个工作日"],
    ]
    assert guides(rows) == ONE_ITEM
    ditto = [
        [cell if number in (0, 1, 4) or column in (0, 3, 4) else "同上" for column, cell in enumerate(row)]
        for number, row in enumerate(rows)
    ]
    assert guides(ditto) == ONE_ITEM


@pytest.mark.parametrize(
    "second",
    [
        [2, "甲证办理", "文旅局", "身份证", 1, "5个工作日"],
        [2, "甲证办理", "民政局", "身份证", 1, "9个工作日"],
        [2, "甲证补办", "民政局", "身份证", 1, "5个工作日"],
        [2, "甲证办理", "民政局", "1.身份证2.照片", None, "5个工作日"],
        [2, "甲证办理", "民政局", "申请表", 2, "5个工作日"],
        [2, "", "文旅局", "身份证", 1, "5个工作日"],
    ],
)
def test_rows_that_say_otherwise_are_other_items(second: list[Any]) -> None:
    assert len(guides([HEADER, [1, "甲证办理", "民政局", "申请表", 2, "5个工作日"], second])) == 2


def test_several_columns_of_lists_and_what_is_merged_beside_them() -> None:
    rows: Rows = [
        ["事项名称", "实施主体", "申请材料", "办理环节", "环节时限", "收费项目", "收费标准", "收费依据"],
        ["甲证办理", "民政局", "申请表", "受理（1个工作日）", None, "工本费", "10元/证", "示发改〔2020〕1号"],
        [None, None, "身份证", "审核（2个工作日）", None, "检测费", "20元/次", "示发改〔2021〕2号"],
        [None, None, "照片", None, None, None, None, None],
    ]
    [table] = read(rows, {"目录表": ["A2:A4", "B2:B4"]})
    guide = guide_of(table, 0, "")
    assert [m.name for m in guide.materials] == ["申请表", "身份证", "照片"]
    assert [(s.name, s.limit.value) for s in guide.steps] == [("受理", 1), ("审核", 2)]
    assert [(f.name, f.standard, f.basis) for f in guide.fees] == [
        ("工本费", "10元/证", "示发改〔2020〕1号"), ("检测费", "20元/次", "示发改〔2021〕2号"),
    ]  # fmt: skip
    assert "有1个事项写成了几行（第2–4行），每个读作一项，材料等逐行收下" in [each.message for each in table.found]


def test_a_finding_stands_at_the_row_of_its_material(tmp_path: Path) -> None:
    rows: Rows = [
        ["事项名称", "实施主体", "申请材料", "承诺时限"],
        ["甲证办理", "民政局", "申请表", "5个工作日"],
        ["", "", "法律法规规定的其他材料", ""],
        ["乙证办理", "民政局", "申请表", "5个工作日"],
    ]
    assert [each.spot.cell for each in of_rule(examined(book(tmp_path, rows)), "CL03")] == ["C3"]


# Written downward

FORM: Rows = [
    ["甲证办理办事指南", None, None],
    ["事项名称", "甲证办理", None],
    ["实施主体", "民政局", None],
    ["设定依据", "《甲条例》第二条", None],
    ["申请材料", "申请表", None],
    [None, "身份证", None],
    ["承诺时限", "30个工作日", None],
    ["法定时限", "20个工作日", None],
    ["自定一栏", "别的话", None],
]


def test_a_guide_written_downward(tmp_path: Path) -> None:
    path = book(
        tmp_path, {"甲证": FORM, "乙证": [[cell.replace("甲", "乙") if cell else cell for cell in row] for row in FORM]}
    )
    report = examined(path)
    assert [subject.name for subject in report.subjects] == ["甲证办理", "乙证办理"]
    guide = report.subjects[0].guide
    assert ([b.title for b in guide.bases], [m.name for m in guide.materials]) == (["甲条例"], ["申请表", "身份证"])
    assert [(f.spot.sheet, f.spot.cell) for f in of_rule(report, "SX01")] == [("甲证", "B7"), ("乙证", "B7")]


@pytest.mark.parametrize("joint", [False, True], ids=["side by side", "label and value in one cell"])
def test_a_hundred_guides_below_one_another(joint: bool) -> None:
    labels = {
        "事项名称": "第{}号证办理",
        "实施主体": "民政局",
        "法定时限": "20个工作日",
        "承诺时限": "5个工作日",
        "是否收费": "否",
    }
    rows: Rows = [
        [f"{label}：{text.format(n)}"] if joint else [label, text.format(n)]
        for n in range(1, 101)
        for label, text in labels.items()
    ]
    [table] = find_tables(read_bytes(workbook(rows), name="x.xlsx"))
    assert [row[0] for row in table.rows] == [f"第{n}号证办理" for n in range(1, 101)]


@pytest.mark.parametrize("name", ["低保申请", "示例市居住证申请", "聘请律师备案"])
def test_an_application_written_downward_is_no_instruction(name: str) -> None:
    rows: Rows = [["事项名称：", name], ["实施机关：", "民政局"], ["法定期限：", "30日"], ["办公时间：", "9:00-17:00"]]
    [table] = find_tables(read_bytes(workbook(rows), name="x.xlsx"))
    assert table.rows[0][0] == name


def test_labels_in_two_columns_and_one_below_another() -> None:
    pairs: Rows = [
        ["事项名称", "甲证办理", "事项类别", "其他"],
        ["实施主体", "民政局", "承诺时限", "5个工作日"],
        ["服务对象", "自然人", "咨询电话", "0577-88889999"],
        ["申请材料", "身份证", "是否收费", "否"],
    ]
    other: Rows = [[cell.replace("甲", "乙") if cell else cell for cell in row] for row in pairs]
    [table] = read([*pairs, [None], *other])
    assert table.texts("name") == ["甲证办理", "乙证办理"] or list(table.texts("name")) == ["甲证办理", "乙证办理"]
    assert list(table.texts("category")) == ["其他", "其他"]
    assert table.column("consult").place(1) == (7, 3)


def test_items_side_by_side_under_labels_at_the_left() -> None:
    rows: Rows = [
        ["事项名称", "甲证办理", "乙证办理"],
        ["实施主体", "民政局", "文旅局"],
        ["设定依据", "《甲条例》第二条", "《乙条例》第三条"],
        ["承诺时限", "5个工作日", ""],
        ["申请材料", "身份证", "申请表"],
    ]
    [table] = read(rows)
    assert [(g.name, g.bases[0].title, g.promised_limit.value) for g in (guide_of(table, 0, ""), guide_of(table, 1, ""))] == [
        ("甲证办理", "甲条例", 5), ("乙证办理", "乙条例", None),
    ]  # fmt: skip
    assert table.column("materials").place(1) == (4, 2)


def form(rows: Rows, *merges: str) -> list[Guide]:
    [table] = read(rows, {"目录表": list(merges)})
    return [guide_of(table, index, "") for index in range(len(table))]


@pytest.mark.parametrize(
    ("rows", "merges"),
    [
        (
            [
                ["办事指南"],
                ["事项名称", "甲证办理", "实施主体", "民政局"],
                ["事项类型", "公共服务", "承诺时限", "5个工作日"],
                ["申请材料", "身份证；照片"],
            ],
            ["A1:D1", "B4:D4"],
        ),
        (  # one pair to the right, or two
            [
                ["事项名称", "甲证办理"],
                ["实施主体", "民政局"],
                ["法定时限", "20个工作日", "承诺时限", "5个工作日"],
                ["申请材料", "身份证；照片"],
            ],
            ["B1:D1"],
        ),
        (
            [
                ["事项名称", "甲证办理", "实施主体", "民政局", "本表自拟项", "略"],
                ["承诺时限", "5个工作日", "办理地点", "市民中心", "是否收费", "否"],
                ["申请材料", "身份证；照片"],
            ],
            [],
        ),
        (  # as few as there may be, with colons
            [
                ["事项名称：", "甲证办理", "实施主体：", "民政局"],
                ["承诺时限：", "5个工作日", "申请材料：", "身份证；照片"],
            ],
            [],
        ),
        (  # groups before the labels
            [
                ["基本信息", "事项名称", "甲证办理", "实施主体", "民政局"],
                [None, "承诺时限", "5个工作日", "法定时限", "20个工作日"],
                ["材料", "申请材料", "身份证；照片", None, None],
            ],
            ["A1:A2"],
        ),
        (  # values called like labels
            [
                ["事项名称", "甲证办理", "实施主体", "民政局"],
                ["事项类别", "其他", "承诺时限", "5个工作日"],
                ["办理方式", "网上办理", "申请材料", "身份证；照片"],
            ],
            [],
        ),
        (
            [
                ["项目", "内容", "填写说明"],
                ["事项名称", "甲证办理", "写全称"],
                ["实施主体", "民政局", "写全称"],
                ["承诺时限", "5个工作日", "不得超过法定时限"],
                ["申请材料", "身份证；照片", "逐件写明"],
            ],
            [],
        ),
    ],
)
def test_labels_with_their_values_four_or_more_cells_a_row(rows: Rows, merges: list[str]) -> None:
    [guide] = form(rows, *merges)
    told = guide.name, [each.name for each in guide.materials], guide.promised_limit.value
    assert told == ("甲证办理", ["身份证", "照片"], 5)


@pytest.mark.parametrize("blank", ["", None])
def test_an_item_in_each_column_keeps_its_own_where_others_are_blank(blank: Any) -> None:
    rows: Rows = [
        ["项目", "一", "二", "三"],
        ["事项名称", "甲证办理", "乙证办理", "丙证办理"],
        ["实施主体", "民政局", blank, blank],
        ["承诺时限", blank, "3个工作日", "4个工作日"],
        ["申请材料", "身份证", blank, "照片"],
        ["办理地点", "A厅", "B厅", blank],
    ]
    found = form(rows, "B3:D3")
    assert [(g.name, g.promised_limit.value, [m.name for m in g.materials], [p.name for p in g.places]) for g in found] == [
        ("甲证办理", None, ["身份证"], ["A厅"]), ("乙证办理", 3, [], ["B厅"]), ("丙证办理", 4, ["照片"], []),
    ]  # fmt: skip
    [table] = read(rows, {"目录表": ["B3:D3"]})
    assert list(table.texts("organ")) == ["民政局"] * 3


def test_a_limit_beside_each_step_of_one_item_is_the_steps() -> None:
    rows: Rows = [
        ["事项名称", "实施主体", "申请材料", "办理环节", "办理时限"],
        ["甲证办理", "民政局", "身份证", "受理", "1个工作日"],
        [None, None, "照片", "审核", "3个工作日"],
        ["乙证办理", "民政局", "户口簿", "受理", "1个工作日"],
    ]
    first, second = form(rows)
    assert [(step.name, step.limit.value) for step in first.steps] == [("受理", 1), ("审核", 3)]
    assert (first.promised_limit.value, second.name) == (None, "乙证办理")


def test_rows_of_one_item_may_differ_in_their_remarks() -> None:
    header = ["事项名称", "实施主体", "材料名称", "份数", "备注"]
    rows: Rows = [
        header,
        ["甲证办理", "民政局", "身份证", 1, "验原件"],
        ["甲证办理", "民政局", "照片", 2, "近期"],
        ["乙证办理", "民政局", "户口簿", 1, None],
    ]
    first, second = form(rows)
    assert [(each.name, each.copies) for each in first.materials] == [("身份证", 1), ("照片", 2)]
    assert (first.notes, second.name) == ("验原件\n近期", "乙证办理")


def test_rows_of_one_item_may_number_their_papers() -> None:
    rows: Rows = [
        HEADER,
        [1, "甲证办理", "民政局", "1.申请表", 2, "5个工作日"],
        [1, "甲证办理", "民政局", "2.身份证", 1, "5个工作日"],
        [1, "甲证办理", "民政局", "3.照片", None, "5个工作日"],
        [2, "乙证办理", "民政局", "1、申请书", 1, "3个工作日"],
    ]
    assert guides(rows) == ONE_ITEM


@pytest.mark.parametrize(
    ("headers", "cells", "faqs"),
    [
        (["问", "答"], ["要多久？", "5天"], [("要多久？", "5天")]),
        (["常见问题", "常见问题解答"], ["要多久？", "5天；不算节假日"], [("要多久？", "5天；不算节假日")]),
        (["答复", "常见问题"], ["5天", "要多久？"], [("要多久？", "5天")]),
        (["问题", "解答"], ["1.要多久？2.收费吗？", "1.5天2.不收"], [("要多久？", "5天"), ("收费吗？", "不收")]),
        (["问题", "答案"], ["要多久？\n收费吗？", "五天\n不收"], [("要多久？", "五天"), ("收费吗？", "不收")]),
        (["常见问题"], ["问：要多久？\n答：5天"], [("要多久？", "5天")]),
    ],
)
def test_questions_and_answers_in_columns(headers: list[str], cells: list[str], faqs: list[tuple[str, str]]) -> None:
    [guide] = form([["事项名称", "实施主体", *headers], ["甲证办理", "民政局", *cells]])
    assert [(each.question, each.answer) for each in guide.faqs] == faqs


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["事项名称", "请填写事项全称"],
            ["实施主体", "请填写全称"],
            ["承诺时限", "只填数字"],
            ["申请材料", "逐件写明"],
        ],
        [["事项名称", "实施主体"], ["事项编码", "民政局"], ["甲", "乙"]],
        [["项目", "数"], ["材料", "3"], ["时限", "5"]],
    ],
)
def test_instructions_and_tables_are_no_forms(rows: Rows) -> None:
    tables = find_tables(read_bytes(workbook({"表": rows}), name="x.xlsx"))
    assert not any(table.places for table in tables)


# Names of columns


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("事项小项", "name"), ("办理环节及时限", "steps"), ("材料名称", "materials"), ("窗口工作时间", "places.hours"), ("是否支持邮寄", "express"),
        ("是否可代办", "agent"), ("必须现场办理原因", "visit_reason"), ("必须现场办理原因说明", "visit_reason"), ("网上办理深度", "online_depth"),
        ("审批结果名称", "result_name"), ("审批结果类型", "result_type"), ("具体地址", "places.address"), ("咨询地址", "consult.address"),
        ("投诉地址", "complaint.address"), ("办理环节", "steps"), ("权力内部编码", "guid"), ("纸质材料份数", "materials.copies"),
        ("来源渠道", "materials.source"), ("篇扩承诺办结时限", "promised_limit"), ("是否网办", "online"), ("是否支持网上支付", "pay_online"),
        ("备注（内部）", ""), ("内部意见", ""), ("网址", "online_url"), ("地址", "places.address"), ("答复", "faqs.answer"),
        ("咨询电话2", "consult"), ("手机", "consult.phone"), ("办理人员", "steps.actor"), ("审查标准", "steps.standard"),
        ("填写须知", "materials.requirement"), ("证照有效期", "validity"), ("领证时限", "delivery_limit"),
    ],
)  # fmt: skip
def test_columns_by_the_names_of_real_systems(header: str, target: str) -> None:
    data = workbook(
        [["事项名称" if target != "name" else "事项大项", "实施主体", header], ["甲证办理", "民政局", "是"]]
    )
    [mapping] = map_columns(find_tables(read_bytes(data, name="x.xlsx")))
    assert mapping.choices[2].target == target


@pytest.mark.parametrize(
    ("text", "target"),
    [("周一至周五9:00-17:00", "places.hours"), ("5个工作日", "promised_limit"), ("工作日上午", "places.hours")],
)
def test_办理时间_is_a_limit_or_hours_as_its_cells_tell(text: str, target: str) -> None:
    data = workbook([["事项名称", "实施主体", "办理时间"], ["甲证办理", "民政局", text]])
    [mapping] = map_columns(find_tables(read_bytes(data, name="x.xlsx")))
    assert mapping.choices[2].target == target


def test_a_table_whose_names_stand_under_标题_with_a_row_of_field_names() -> None:
    rows: Rows = [
        ["标题", "实施主体", "篇扩承诺办结时限", "篇扩办理地点"],
        ["title", "publisher", "pkcommitmentTime", "pkplace"],
        ["甲证办理", "民政局", "5个工作日", "市民中心"],
    ]
    [table] = read(rows)
    assert list(table.texts("name")) == ["甲证办理"]
    assert guide_of(table, 0, "").promised_limit.value == 5


def test_a_sheet_of_materials_is_joined_by_the_codes_of_its_system() -> None:
    codes = [f"cef8e360-d18d-4928-a977-1778e1fb58a{n}" for n in (1, 2)]
    sheets: dict[str, Rows] = {
        "事项信息": [["权力内部编码", "事项名称", "部门名称"], [codes[0], "甲证办理", "民政局"], [codes[1], "乙证办理", "民政局"]],
        "材料信息": [
            ["材料名称", "来源渠道", "材料形式", "纸质材料份数", "材料必要性", "材料类型", "备注", "权力内部编码"],
            ["申请表", "申请人自备", "纸质,电子", "1", "必要", "原件", "无", codes[0]],
            ["身份证", "政府部门核发", "电子", "0", "必要", "原件", "无需提供", codes[0]],
            ["登记证明", "政府部门核发", "纸质", "1", "非必要", "复印件", "需要时", codes[1]],
        ],
    }  # fmt: skip
    [table] = read(sheets)
    first, second = guide_of(table, 0, ""), guide_of(table, 1, "")
    assert [(m.name, m.source, m.form, m.copies, m.copy_kind) for m in first.materials] == [
        ("申请表", "10", "3", 1, "original"), ("身份证", "20", "2", 0, "original"),
    ]  # fmt: skip
    assert [(m.name, m.necessity, m.copy_kind) for m in second.materials] == [("登记证明", "2", "copy")]
    assert not [each for each in table.found if each.severity != "note"]


@pytest.mark.parametrize("order", [("目录", "附表"), ("附表", "目录")])
def test_a_sheet_of_materials_beside_the_items_is_no_second_list_of_items(order: tuple[str, str]) -> None:
    sheets: dict[str, Rows] = {
        "目录": [
            ["事项名称", "实施主体", "承诺时限"],
            ["甲证办理", "民政局", "5个工作日"],
            ["乙证办理", "民政局", "5个工作日"],
        ],
        "附表": [
            ["事项名称", "材料名称", "材料份数"],
            ["甲证办理", "申请表", 2],
            ["甲证办理", "身份证", 1],
            ["乙证办理", "照片", 1],
        ],
    }
    [table] = read({name: sheets[name] for name in order})
    assert [[m.name for m in guide_of(table, index, "").materials] for index in range(2)] == [
        ["申请表", "身份证"],
        ["照片"],
    ]
