"""Two or more columns that tell of one element, in any order, and lists side by side in their cells."""

from pathlib import Path
from typing import Any

import pytest
from tests.checker.files import book, examined
from tests.spreadsheets.sheets import workbook

from banshi.catalog.enums import TimeUnit
from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import elements
from banshi.checker.collect import CheckReport
from banshi.spreadsheets.preview import read_items
from banshi.spreadsheets.row_assembly import guide_of, put_value
from banshi.spreadsheets.workbook_reader import read_bytes

HEAD = ["序号", "事项名称", "实施主体", "事项类型"]


def report_of(folder: Path, headers: str, *cells: str) -> CheckReport:
    return examined(book(folder, [[*HEAD, *headers.split()], [1, "入学办理", "教育局", "公共服务", *cells]]))


def guide(folder: Path, headers: str, *cells: str) -> Guide:
    [subject] = report_of(folder, headers, *cells).subjects
    return subject.guide


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("headers", "cells", "told"),
    [
        ("环节时限 环节名称", ["1个工作日；3个工作日", "受理；审核"], {"steps.limit.value": [1, 3], "steps.name": ["受理", "审核"]}),
        ("环节时限 环节名称", ["1个工作日", "受理"], {"steps.limit.value": [1], "steps.name": ["受理"]}),
        ("环节名称 岗位", ["受理；审核", "窗口；科长"], {"steps.actor": ["窗口", "科长"]}),
        ("文号 依据名称 条款项", ["国办发〔2020〕1号", "某通知", "第三条"], {"bases.title": ["某通知"], "bases.doc_no": ["国办发〔2020〕1号"], "bases.articles": ["第三条"]}),
        ("设定依据 依据文号 依据条款", ["教师法", "主席令第15号", "第十条"], {"bases.title": ["教师法"], "bases.doc_no": ["主席令第15号"], "bases.articles": ["第十条"]}),
        ("实施依据 依据条文", ["教师法", "第十条、第十一条第二款"], {"bases.articles": ["第十条、第十一条第二款"]}),
        ("设定依据 依据条款号 依据内容", ["教师法", "第十条", "国家实行教师资格制度"], {"bases.articles": ["第十条"], "bases.text": ["国家实行教师资格制度"]}),
        ("申报材料 申报材料份数 申报材料来源渠道", ["身份证；申请书", "1；2", "政府部门核发；自备"], {"materials.copies": [1, 2], "materials.source": ["20", "10"]}),
        ("办理环节 办理环节岗位 环节审核标准", ["受理；审核", "窗口；科长", "齐全；合规"], {"steps.actor": ["窗口", "科长"], "steps.standard": ["齐全", "合规"]}),
        ("咨询方式 咨询电话", ["人民路1号", "0826-2222222"], {"consult.phone": "0826-2222222", "consult.address": "人民路1号"}),
        ("办理时间 办理时限", ["周一至周五", "5个工作日"], {"promised_limit.value": 5, "places.hours": ["周一至周五"]}),
        ("办理地点 办理时间", ["大厅", "9-17"], {"promised_limit.text": "", "places.hours": ["9-17"], "places.name": ["大厅"]}),
        ("办理条件 受理条件", ["本市户籍", "年满60"], {"conditions.text": ["年满60", "本市户籍"]}),
        ("特别程序时限 特别程序", ["10个工作日", "听证"], {"special_procedures.limit.value": [10]}),
        ("交通指引 办理地点 窗口电话", ["公交1路", "大厅", "2222222"], {"places.transport": ["公交1路"], "places.phone": ["2222222"]}),
        ("减免 收费标准", ["残疾人免", "5元"], {"fees.reduction": ["残疾人免"]}),
        ("收费项目 收费标准 收费依据", ["甲费；乙费", "1元；2元", "甲文；乙文"], {"fees.name": ["甲费", "乙费"], "fees.standard": ["1元", "2元"], "fees.basis": ["甲文", "乙文"]}),
        ("申请材料 份数 材料来源", ["身份证；申请书", "1；2", "政府部门核发；自备"], {"materials.copies": [1, 2], "materials.source": ["20", "10"]}),
    ],
)  # fmt: skip
def test_columns_of_one_element_are_read_in_any_order(
    tmp_path: Path, headers: str, cells: list[str], told: dict[str, Any], turned: bool
) -> None:
    titles = headers.split()
    read = guide(tmp_path, " ".join(titles[::-1] if turned else titles), *(cells[::-1] if turned else cells))
    for path, value in told.items():
        found = at(read, path.split("."))
        assert (sorted(found) if path == "conditions.text" else found) == (
            sorted(value) if path == "conditions.text" else value
        ), path


PARTS = [
    f"{each.name}.{part.name}"
    for each in elements(Guide)
    if each.kind == "part" and each.rows
    for part in elements(each.rows)
    if part.kind in ("line", "text")
]


@pytest.mark.parametrize("path", PARTS)
def test_the_whole_of_a_part_may_stand_after_one_of_its_fields(path: str) -> None:
    name, _, inner = path.partition(".")
    whole = next(each.rows for each in elements(Guide) if each.name == name and each.rows)()
    values: dict[str, Any] = {}
    put_value(values, path, "某")
    put_value(values, name, whole)
    assert type(whole).model_validate(values[name]) == whole.model_copy(update={inner: "某"})


def at(value: Any, path: list[str]) -> Any:
    for depth, name in enumerate(path):
        if isinstance(value, list):
            return [at(each, path[depth:]) for each in value]
        value = getattr(value, name)
    return value


def test_lists_that_do_not_count_alike_are_told(tmp_path: Path) -> None:
    report = report_of(tmp_path, "申请材料 份数", "身份证；申请书；照片", "1；2")
    assert [each.copies for each in report.subjects[0].guide.materials] == [None, None, None]
    assert any("这里写了2项，“申请材料”是3项" in each.message for each in report.found)


def test_two_places_are_both_kept(tmp_path: Path) -> None:
    places = guide(tmp_path, "受理地点 办理地点", "甲路1号", "乙路2号").places
    assert [place.address for place in places] == ["甲路1号", "乙路2号"]


@pytest.mark.parametrize(
    ("headers", "cells", "phone"),
    [
        ("咨询电话 联系电话", ("0577-8888-6666", "139 1234 5678"), "0577-8888-6666、139 1234 5678"),
        ("联系电话 手机 咨询电话", ("0577-88886666", "13912345678", "12345"), "0577-88886666、13912345678、12345"),
        ("咨询电话1 咨询电话2", ("0577-88886666", ""), "0577-88886666"),
        ("咨询电话 联系方式", ("0577-88886666", "0577-88886666"), "0577-88886666"),
        ("咨询方式 电话", ("窗口", "0577-88886666"), "0577-88886666"),
    ],
)
def test_a_second_number_takes_no_place_of_the_first(
    tmp_path: Path, headers: str, cells: tuple[str, ...], phone: str
) -> None:
    assert guide(tmp_path, headers, *cells).consult.phone == phone


@pytest.mark.parametrize(
    ("text", "phone", "address"),
    [
        ("139 1234 5678", "139 1234 5678", ""),
        ("0577-8888-6666", "0577-8888-6666", ""),
        ("地址：人民路5号；电话：0577-88886666", "电话：0577-88886666", "人民路5号"),
        ("人民路5号 邮编636000", "", "人民路5号 邮编636000"),
        ("现场咨询：人民路5号；电话咨询：0577 8888 6666", "电话咨询：0577 8888 6666", "人民路5号"),
    ],
)
def test_a_number_is_no_address(tmp_path: Path, text: str, phone: str, address: str) -> None:
    consult = guide(tmp_path, "咨询方式", text).consult
    assert (consult.phone, consult.address) == (phone, address)


@pytest.mark.parametrize(
    ("cell", "unit", "value", "kind", "told"),
    [
        ("60", "自然日", 60, TimeUnit.DAY, ""),
        ("5", "工作日", 5, TimeUnit.WORKING_DAY, ""),
        ("2", "个月", 2, TimeUnit.MONTH, ""),
        ("3天", "工作日", 3, TimeUnit.WORKING_DAY, ""),
        ("5", "", 5, TimeUnit.WORKING_DAY, "只填了数字"),
        ("3个工作日", "自然日", 3, TimeUnit.DAY, "不一样"),
    ],
)
def test_a_limit_with_its_unit_in_a_column_of_its_own(cell: str, unit: str, value: int, kind: str, told: str) -> None:
    rows = [["事项名称", "实施主体", "承诺时限", "承诺时限单位"], ["甲证办理", "民政局", cell, unit]]
    _, [table] = read_items(read_bytes(workbook(rows), name="t.xlsx"))
    limit = guide_of(table, 0, "").promised_limit
    assert (limit.value, limit.unit) == (value, kind)
    said = [each.message for each in table.problems if each.code == "limit"]
    assert [bool(told and told in each) for each in said] == ([True] if told else [])


@pytest.mark.parametrize(
    ("number", "title", "doc_no"),
    [
        ("2018年修正", "某某法（2018年修正）", ""),
        ("试行", "某某法（试行）", ""),
        ("国发〔2020〕1号", "某某法", "国发〔2020〕1号"),
    ],
)
def test_an_edition_in_the_column_of_numbers_belongs_to_the_title(
    tmp_path: Path, number: str, title: str, doc_no: str
) -> None:
    [basis] = guide(tmp_path, "依据名称 文号", "某某法", number).bases
    assert (basis.title, basis.doc_no) == (title, doc_no)


@pytest.mark.parametrize("headers", [("办理窗口", "办理地点"), ("办理地点", "受理窗口")])
def test_a_window_beside_its_place_is_no_second_place(tmp_path: Path, headers: tuple[str, str]) -> None:
    cells = {"办理地点": "政务大厅", "办理窗口": "3号窗口", "受理窗口": "3号窗口"}
    path = book(
        tmp_path, [["事项名称", "实施主体", *headers], ["养犬登记", "公安局", *(cells[each] for each in headers)]]
    )
    [place] = examined(path).subjects[0].guide.places
    assert (place.name, place.window) == ("政务大厅", "3号窗口")


def test_a_window_alone_is_the_place(tmp_path: Path) -> None:
    path = book(tmp_path, [["事项名称", "实施主体", "办理窗口"], ["养犬登记", "公安局", "政务大厅3号窗口"]])
    [place] = examined(path).subjects[0].guide.places
    assert place.name.startswith("政务大厅")


def test_the_parts_of_a_basis_in_columns_of_any_order_are_one_basis(tmp_path: Path) -> None:
    head = ["事项名称", "实施主体", "设定依据文号", "设定依据名称", "设定依据条款"]
    path = book(tmp_path, [head, ["养犬登记", "公安局", "国令第1号", "养犬条例", "第三条"]])
    [basis] = examined(path).subjects[0].guide.bases
    assert (basis.title, basis.doc_no, basis.articles) == ("养犬条例", "国令第1号", "第三条")
