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


def rows_of(header: str, *lines: str) -> list[list[str]]:
    return [each.split("|") for each in (header, *lines)]


LAYOUTS = {
    "codes with the office's initials, a note above": (
        [
            ["××县行政权力和公共服务事项清单（2024年本）"],
            *rows_of(
                "序号|项目类别|项目编码|项目名称|实施机关",
                "1|许可|JYXK-001|民办学校设立审批|示例县教育局",
                "2|确认|JYQR-002|教师资格认定|示例县教育局",
                "3|给付|JYJF-003|学生资助|示例县教育局",
                "4|其他|JYQT-004|民办学校年度检查|示例县教育局",
                "5|公共服务|JYFW-005|遗失补办咨询|示例县教育局",
            ),
        ],
        ["01", "07", "05", "10", "20"],
        ["01", "07", "05", "10", "20"],
    ),
    "a kind written once for the rows below": (
        rows_of(
            "权力类型|权力编码|权力名称|行使主体|承办机构",
            "行政许可|511602-0100-XK-0001A|民办学校设立审批|示例县教育局|政务股",
            "|511602-0100-XK-0002A|教师资格认定|示例县教育局|政务股",
            "行政确认|511602-0100-QR-0003B|学籍异动确认|示例县教育局|学籍股",
            "其他类|511602-0100-QT-0004B|章程备案|示例县教育局|政务股",
        ),
        ["01", "01", "07", "10"],
        ["01", "01", "07", "10"],
    ),
    "kinds with brackets and suffixes": (
        rows_of(
            "职权编号|职权名称|职权类型|所属机构",
            "A01-XK001|民办学校设立审批|行政许可（审批）|示例县教育局",
            "B05-JF002|助学金发放|行政给付（补助）|示例县教育局",
            "C07-QR003|学历确认|行政确认类事项|示例县教育局",
            "D09-CJ004|民办教育纠纷裁决|裁决类|示例县教育局",
        ),
        ["01", "05", "07", "09"],
        ["01", "05", "07", "09"],
    ),
    "a class above the kind": (
        rows_of(
            "主管部门|事项大类|事项类别|主项名称|办理项名称|事项编码（含字母）",
            "示例县教育局|行政权力|行政许可|民办学校审批|民办学校设立|1A0100200001",
            "示例县教育局|行政权力|行政确认|教师资格|教师资格认定|1F0100200002",
            "示例县教育局|行政权力|其他行政权力|备案|章程备案|1Z0100200003",
            "示例县教育局|公共服务|公共服务|查询|学籍查询|GG-JY-0004",
        ),
        ["01", "07", "10", "20"],
        ["01", "07", "10", "20"],
    ),
    "choices told in the header": (
        rows_of(
            "序|办理事项|类型（许可/确认/给付/服务）|承办科室|责任单位|编号",
            "1|民办学校设立审批|审批类|政务股|示例县教育局|川511602XK2020001",
            "2|助学金发放|给付类|资助中心|示例县教育局|川511602JF2020002",
            "3|学历确认|确认类|学籍股|示例县教育局|川511602QR2020003",
            "4|学籍查询|服务类|学籍股|示例县教育局|川511602FW2020004",
        ),
        ["01", "05", "07", "20"],
        ["01", "05", "07", "20"],
    ),
    "the way of asking before the kind": (
        rows_of(
            "事 项 类 别|事项名称|责任单位|事项编码",
            "依申请-行政许可|民办学校设立审批|示例县教育局|XK-JY-2021-001",
            "依申请-行政确认|教师资格认定|示例县教育局|QR-JY-2021-002",
            "依申请-其他行政权力|章程备案|示例县教育局|QT-JY-2021-003",
            "依申请-公共服务|学籍查询|示例县教育局|GG-JY-2021-004",
        ),
        ["01", "07", "10", "20"],
        ["01", "07", "10", "20"],
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_countys_list_is_read_with_its_kinds_and_its_own_codes(name: str) -> None:
    make.organ("示例县教育局")
    rows, kinds, in_codes = LAYOUTS[name]
    found = look(workbook({"目录": rows}))
    assert [row.kind for row in found.rows] == kinds
    assert [row.code.kind for row in found.rows] == in_codes
