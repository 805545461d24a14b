"""Label and value in one cell, in a table's columns and in sheets written downward."""

from pathlib import Path
from typing import Any

import pytest
from tests.checker.files import book, examined
from tests.spreadsheets.test_columns_of_one_element import at, guide

from banshi.catalog.guide.document import Guide
from banshi.checker.collect import CheckReport

HALL, PHONE, OTHER = "市政务大厅3楼", "0577-88886666", "0577-88887777"


@pytest.mark.parametrize(
    ("header", "cell", "told"),
    [
        (
            "办理地点",
            f"办理地点：{HALL} 电话：{PHONE}",
            {"places.name": ["市政务大厅"], "places.phone": [PHONE], "consult.phone": ""},
        ),
        ("办理地点", f"{HALL}；办公时间：工作日9:00-17:00；咨询电话：{PHONE}", {"places.hours": ["工作日9:00-17:00"]}),
        (
            "办理地点",
            f"地点：{HALL}\n时间：工作日9:00-17:00",
            {"places.address": [HALL], "places.hours": ["工作日9:00-17:00"]},
        ),
        ("办理地点", f"{HALL}电话：{PHONE}", {"places.name": ["市政务大厅"], "places.phone": [PHONE]}),
        ("办理地点", f"办理地点：{HALL}", {"places.name": ["市政务大厅"]}),
        ("办理地点及电话", f"地址：人民路1号{HALL}，电话：{PHONE}", {"places.phone": [PHONE]}),
        ("办理信息", f"【办理地点】{HALL}【咨询电话】{PHONE}", {"places.name": ["市政务大厅"], "consult.phone": PHONE}),
        (
            "咨询投诉",
            f"咨询电话：{PHONE}；投诉电话：{OTHER}",
            {"consult.phone": PHONE, "complaint.phone": OTHER},
        ),
        ("咨询方式", f"电话：{PHONE} 监督电话：{OTHER}", {"consult.phone": PHONE, "complaint.phone": OTHER}),
        (
            "备注",
            f"1.承诺时限：5个工作日；2.办理地点：{HALL}；3.办公时间：周一至周五9:00-17:00",
            {
                "promised_limit.value": 5,
                "places.name": ["市政务大厅"],
                "places.hours": ["周一至周五9:00-17:00"],
                "notes": "",
            },
        ),
        (
            "办事指南",
            f"申请条件：本市户籍\n申请材料：1.身份证；2.户口簿\n办理流程：受理；审核\n办理地点：{HALL}\n收费标准：不收费",
            {"conditions.text": ["本市户籍"], "materials.name": ["身份证", "户口簿"], "steps.name": ["受理", "审核"]},
        ),
    ],
)
def test_labels_in_a_cell_are_read_as_their_elements(
    tmp_path: Path, header: str, cell: str, told: dict[str, Any]
) -> None:
    read = guide(tmp_path, header, cell)
    for path, value in told.items():
        assert at(read, path.split(".")) == value, path


@pytest.mark.parametrize(
    ("header", "cell", "path", "value"),
    [
        ("办理地点", "市民之家：人民路1号", "places.address", ["人民路1号"]),
        ("咨询方式", f"电话：{PHONE}，地址：人民路1号", "consult.phone", f"电话:{PHONE}"),
        ("备注", "注意：请先预约", "notes", "注意：请先预约"),
        ("服务流程", "受理：1个工作日；审核：3个工作日", "steps.name", ["受理", "审核"]),
        ("申请材料", "申请表：1份；办理材料：原件", "promised_limit.text", ""),
        ("受理条件", "年龄：60周岁以上；对象：本市户籍", "audience", []),
    ],
)
def test_what_only_looks_like_a_label_stays(tmp_path: Path, header: str, cell: str, path: str, value: Any) -> None:
    found = at(guide(tmp_path, header, cell), path.split("."))
    assert found == value or (isinstance(value, str) and str(found).replace("：", ":") == value.replace("：", ":"))


def form(folder: Path, *lines: list[str]) -> tuple[CheckReport, list[Guide]]:
    report = examined(book(folder, list(lines)))
    return report, [each.guide for each in report.subjects]


def test_a_sheet_of_lines_with_label_and_value_is_one_item(tmp_path: Path) -> None:
    report, [read] = form(
        tmp_path,
        ["老年人优待证办事指南"],
        ["事项名称：老年人优待证办理", "实施主体：民政局"],
        ["受理条件：年满60周岁"],
        ["申请材料：", "1.身份证；2.照片"],
        [f"办理地点：{HALL} 办公时间：工作日9:00-17:00"],
        ["承诺时限：5个工作日"],
        [f"咨询电话：{PHONE}"],
    )
    assert read.name == "老年人优待证办理"
    assert [each.name for each in read.materials] == ["身份证", "照片"]
    assert [(each.name, each.hours) for each in read.places] == [("市政务大厅", "工作日9:00-17:00")]
    assert (read.promised_limit.value, read.consult.phone) == (5, PHONE)
    assert report.subjects[0].about.organ == "民政局"


def test_several_items_below_one_another(tmp_path: Path) -> None:
    one = ["事项名称：甲证办理", "实施主体：民政局", "受理条件：甲", "承诺时限：5个工作日", "咨询电话：0577-88886666"]
    two = [line.replace("甲", "乙").replace("5个", "3个") for line in one]
    _, read = form(tmp_path, *([line] for line in [*one, *two]))
    assert [(each.name, each.promised_limit.value) for each in read] == [("甲证办理", 5), ("乙证办理", 3)]


def test_findings_stand_at_the_cell_that_was_typed(tmp_path: Path) -> None:
    report, _ = form(
        tmp_path,
        ["事项名称：甲证办理"],
        ["实施主体：民政局"],
        ["申请材料：相关证明材料"],
        ["承诺时限：5个工作日"],
        ["咨询电话：8888666"],
    )
    assert {each.rule.code: each.spot.cell for each in report.found if each.rule.code in ("CL03", "LX02")} == {
        "CL03": "A3",
        "LX02": "A5",
    }


@pytest.mark.parametrize("filler", ["空缺", "待核实", "不详", "暂时没有", "目前无", "未公布", "暂不提供"])
def test_further_words_for_nothing_are_no_content(tmp_path: Path, filler: str) -> None:
    read = guide(tmp_path, "监督投诉 办理地点 办理依据 结果名称", filler, filler, filler, filler)
    assert (read.complaint.address, read.places, read.bases, read.result_name) == ("", [], [], "")


@pytest.mark.parametrize(
    ("header", "cell", "path", "value"),
    [
        ("收费情况", "此项业务不收费", "charged", False),
        ("收费情况", "不收任何费用", "charged", False),
        ("服务流程", "受理(1个工作日)→审核(3个工作日)→办结(当日)", "steps.name", ["受理", "审核", "办结"]),
        ("办理依据", "1.法律 《某保障法》 2.《某就业条例》", "bases.title", ["某保障法", "某就业条例"]),
        ("结果名称", "不详情况登记证", "result_name", "不详情况登记证"),
    ],
)
def test_further_ways_of_writing(tmp_path: Path, header: str, cell: str, path: str, value: Any) -> None:
    assert at(guide(tmp_path, header, cell), path.split(".")) == value
