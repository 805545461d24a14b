"""Two or more columns that tell of one element, in any order, and lists side by side in their cells."""

from pathlib import Path
from typing import Any

import pytest
from tests.checker.files import book, examined

from banshi.catalog.guide.document import Guide
from banshi.checker.collect import CheckReport

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
