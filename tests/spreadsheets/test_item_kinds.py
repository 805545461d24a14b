"""Kinds of items as departments call the column and write the cells."""

import pytest
from tests import factories as make
from tests.spreadsheets.sheets import look, workbook

from banshi.catalog.codes import read_code
from banshi.catalog.enums import ItemKind
from banshi.spreadsheets.vocabulary import has_two_kinds, item_kind

pytestmark = pytest.mark.django_db
HEADERS = ["项目类别", "事项类型", "权力类型", "职权类别", "审批类别", "项目性质", "事项种类"]
HEADERS += [
    "政务服务事项类型",
    "权责类型",
    "权责类别",
    "行政职权类别",
    "服务事项类型",
    "权力种类",
    "权力属性",
    "事项属性",
    "事项类型名称",
    "行政审批类别",
    "职权分类",
    "权力事项类别",
]
WRITTEN = {
    "许可": ItemKind.LICENCE,
    "行政许可": ItemKind.LICENCE,
    "许可类": ItemKind.LICENCE,
    "行政许可（依申请）": ItemKind.LICENCE,
    "一、行政许可": ItemKind.LICENCE,
    "第一类：行政许可": ItemKind.LICENCE,
    "第七部分、行政确认": ItemKind.CONFIRMATION,
    "审核转报": ItemKind.OTHER_POWER,
    "强制措施": ItemKind.COERCION,
    "监督检查": ItemKind.INSPECTION,
    "确认": ItemKind.CONFIRMATION,
    "行政确认事项": ItemKind.CONFIRMATION,
    "给付": ItemKind.PAYMENT,
    "奖励类": ItemKind.REWARD,
    "裁决": ItemKind.RULING,
    "其他": ItemKind.OTHER_POWER,
    "其它行政权力": ItemKind.OTHER_POWER,
    "备案": ItemKind.OTHER_POWER,
    "公共服务事项": ItemKind.SERVICE,
    "便民服务": ItemKind.SERVICE,
    "01行政许可": ItemKind.LICENCE,
    "01-行政许可": ItemKind.LICENCE,
    "行政许可01": ItemKind.LICENCE,
    "05行政给付": ItemKind.PAYMENT,
    "行政给付-05": ItemKind.PAYMENT,
    "依申请公共服务": ItemKind.SERVICE,
    "依申请类公共服务事项": ItemKind.SERVICE,
    "XK行政许可": ItemKind.LICENCE,
    "XK": ItemKind.LICENCE,
    "XK00123": ItemKind.LICENCE,
    "QR-001": ItemKind.CONFIRMATION,
    "行政许可、备案": ItemKind.LICENCE,
    "1A": ItemKind.LICENCE,
    "1A行政许可": ItemKind.LICENCE,
    "行政许可1A": ItemKind.LICENCE,
    "1F": ItemKind.CONFIRMATION,
    "1G类": ItemKind.PAYMENT,
    "1B-001": ItemKind.PENALTY,
    "1Z00123": ItemKind.OTHER_POWER,
    "其他行政职权": ItemKind.OTHER_POWER,
    "行政权力-行政许可": ItemKind.LICENCE,
    "行政职权：行政确认": ItemKind.CONFIRMATION,
    "政务服务—公共服务": ItemKind.SERVICE,
    "依申请六类-行政给付": ItemKind.PAYMENT,
}


def test_every_way_of_writing_a_kind_is_read() -> None:
    assert {text: item_kind(text) for text in WRITTEN} == WRITTEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "公共教育",
        "依申请",
        "住房保障类",
        "公共教育01",
        "许可证、备案表",
        "XKZ",
        "行政许可、公共教育",
        "JCB12",
        "A",
        "1X",
        "11A",
        "1AB",
        "行政权力-住房保障",
        "政务服务-公共教育",
        "行政征用",
    ],
)
def test_what_names_no_kind_is_none(text: str) -> None:
    assert item_kind(text) is None


@pytest.mark.parametrize("header", HEADERS)
def test_the_column_is_found_by_any_of_its_names(header: str) -> None:
    organ = make.organ("示例县教育局")
    rows = [["序号", "事项名称", header, "实施主体"]]
    rows += [[str(n), f"办学审批{n}", text, organ.name] for n, text in enumerate(WRITTEN, 1)]
    found = look(workbook({"目录": rows}))
    assert [row.kind for row in found.rows] == list(WRITTEN.values())
    assert [row.kind_as_given for row in found.rows] == list(WRITTEN)


def test_a_column_of_categories_with_an_other_stays_one_of_categories() -> None:
    organ, category = make.organ("示例县教育局"), make.category()
    rows = [
        ["事项名称", "事项类别", "实施主体"],
        ["入学报名", category.name, organ.name],
        ["其他服务", "其他", organ.name],
    ]
    found = look(workbook({"目录": rows}))
    assert [row.kind for row in found.rows] == [ItemKind.SERVICE, ItemKind.SERVICE]


def test_two_kinds_in_a_cell_are_a_doubt() -> None:
    assert has_two_kinds("行政许可、备案") and has_two_kinds("行政确认/行政给付")
    assert not has_two_kinds("行政许可、许可") and not has_two_kinds("01行政许可") and not has_two_kinds("")


def test_a_column_mostly_of_kinds_is_the_kind_whatever_its_header() -> None:
    organ = make.organ("示例县教育局")
    rows = [["序号", "事项名称", "属于哪一种", "实施主体"]]
    rows += [
        [str(n), f"办学审批{n}", text, organ.name]
        for n, text in enumerate(["行政许可", "行政确认", "05行政给付", "许可"])
    ]
    found = look(workbook({"目录": rows}))
    assert [row.kind for row in found.rows] == ["01", "07", "05", "01"]


def test_a_column_of_something_else_stays_what_it_is() -> None:
    organ = make.organ("示例县教育局")
    rows = [["序号", "事项名称", "属于哪一种", "实施主体"]]
    rows += [[str(n), f"办学审批{n}", text, organ.name] for n, text in enumerate(["甲", "服务", "乙", "其他"])]
    found = look(workbook({"目录": rows}))
    assert {row.kind_as_given for row in found.rows} == {""}


@pytest.mark.parametrize(
    ("code", "kind"),
    [("1A00123", "01"), ("1A-00123", "01"), ("1F0012-001", "07"), ("1Z_00012", "10"), ("1X00123", ""), ("2A00123", "")],
)
def test_a_code_tells_the_kind_by_its_letter(code: str, kind: str) -> None:
    assert read_code(code).kind == kind
