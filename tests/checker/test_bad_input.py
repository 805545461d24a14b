"""Whatever a file holds: findings or a clear refusal, never a traceback, never a hang."""

import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from banshi.checker.html import page
from banshi.checker.json_report import as_json
from banshi.checker.terminal import show
from banshi.checker.workbook import checked_workbook
from tests.checker.files import book, examined, of_rule, records
from tests.work import daily, examples, lines_run, no_hang

pytestmark = pytest.mark.usefixtures("read_apart")

NAMES = [
    "事项名称",
    "实施主体",
    "申请材料",
    "服务流程",
    "承诺时限",
    "法定时限",
    "是否收费",
    "收费标准",
    "到场次数",
    "设定依据",
    "办件类型",
]
SIGNS = [
    "很",
    "1",
    "一",
    "、",
    "(",
    "（",
    "《",
    "证明",
    "原件和",
    "；",
    "1、",
    "工作日",
    "第一条",
    "=",
    " \u3000",
    "\U0001f600",
]


def told_in_every_way(*paths: Path) -> Any:
    report = examined(*paths)
    page(report)
    as_json(report)
    show(report, Console(file=io.StringIO()), hint="")
    for file in report.files:
        checked_workbook(report, file)
    return report


@pytest.mark.parametrize("size", [1_000_000, 58_000], ids=["megabyte", "just short enough to be taken apart"])
@pytest.mark.parametrize("sign", daily(SIGNS, 9))
def test_a_huge_text_in_every_cell_is_read(tmp_path: Path, sign: str, size: int) -> None:
    text = sign * min(size // len(sign.encode()), 19_990 // len(sign) if size < 60_000 else size)
    path = tmp_path / "大.csv"
    path.write_text(",".join(NAMES) + "\n" + ",".join(["入学", "教育局", *[f'"{text}"'] * 9]), encoding="utf-8")
    with no_hang():
        report = examined(path)
    assert [subject.name for subject in report.subjects] == ["入学"]
    assert len(report.found) < 1_000


@pytest.mark.parametrize("sign", daily(SIGNS, 9))
def test_a_megabyte_in_a_record_is_read(tmp_path: Path, sign: str) -> None:
    text = sign * (250_000 // len(sign))
    material = {"name": text, "issuing_dept": text, "legal_basis": text, "form": text, "note": text}
    guide = {"materials": [material], "steps": [{"name": "受理", "limit": text}], "conditions": [text], "fee": text}
    with no_hang():
        report = examined(records(tmp_path, {"name": "入学", "dept": text, "local_code": text, "guide": guide}))
    assert report.found


@pytest.mark.parametrize("sign", ["很", "；", "1、", "证明"])
def test_work_grows_no_faster_than_a_text(tmp_path: Path, sign: str) -> None:
    def work(length: int) -> int:
        text = sign * (length // len(sign))
        guide = {"materials": [{"name": text, "note": text}], "steps": [{"name": "受理", "limit": text}], "fee": text}
        file = records(tmp_path, {"name": "入学", "dept": text, "guide": guide})
        return lines_run(lambda: examined(file))

    work(10)
    assert work(4_000) < 2.1 * work(2_000)


def test_ten_thousand_materials_in_a_detail_sheet_are_a_finding(tmp_path: Path) -> None:
    rows = [["事项名称", "材料名称", "份数"], *(["入学", f"材料{n}", 1] for n in range(10_000))]
    report = told_in_every_way(
        book(tmp_path, {"目录": [["事项名称", "实施主体"], ["入学", "教育局"]], "申请材料": rows})
    )
    assert "10,000行，超过500行" in " ".join(each.message for each in of_rule(report, "BG-long-must"))
    assert of_rule(report, "CL14")[0].quote == "500件"


def test_ten_thousand_materials_in_a_cell_or_a_record_are_a_finding(tmp_path: Path) -> None:
    names = [f"材料{n}" for n in range(10_000)]
    table = book(tmp_path, [["事项名称", "实施主体", "申请材料"], ["入学", "教育局", "、".join(names)[:32_000]]])
    record = records(tmp_path, {"name": "转学", "dept": "教育局", "guide": {"materials": [{"name": n} for n in names]}})
    report = told_in_every_way(table, record)
    assert {each.file for each in report.found if each.rule.code.startswith("BG-")} == {"目录.xlsx", "items.json"}


def test_an_item_that_asks_for_its_own_result_does_not_go_round_for_ever(tmp_path: Path) -> None:
    guide = {"materials": [{"name": "残疾人证", "necessity": "必要"}], "result": "残疾人证"}
    report = told_in_every_way(records(tmp_path, {"name": "残疾人证办理", "dept": "残联", "guide": guide}))
    assert report.together.circles == []


def test_absurd_numbers_and_unknown_units_are_said_at_their_cells(tmp_path: Path) -> None:
    rows = [
        ["事项名称", "实施主体", "承诺时限", "到场次数"],
        ["入学", "教育局", "99999999999999999999个工作日", "9" * 5000],
        ["转学", "教育局", "三炷香", "-3"],
        ["休学", "教育局", 1e300, "٣"],
    ]
    report = told_in_every_way(book(tmp_path, rows))
    said = {each.spot.cell for each in report.found if each.rule.code.startswith("BG-")}
    assert {"C2", "D2", "C3", "D3", "C4"} <= said


def test_an_item_with_nothing_but_a_name_is_judged_by_what_there_is(tmp_path: Path) -> None:
    report = told_in_every_way(book(tmp_path, [["事项名称", "实施主体"], ["😀", ""], ["Ａｂc入學Привет", "‮教育局"]]))
    assert len(report.subjects) == 2
    assert "申请材料" in report.unjudged[0].labels


def broken_files(folder: Path) -> dict[str, bytes]:
    good = book(folder, [["事项名称", "实施主体"], ["入学", "教育局"]], "good.xlsx").read_bytes()
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 80_000_000)
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    return {
        "空.xlsx": b"",
        "半截.xlsx": good[: len(good) // 2],
        "炸弹.xlsx": bomb.getvalue(),
        "加密.xlsx": encrypted,
        "不是.csv": bytes(range(256)) * 20,
        "深.json": b"[" * 200_000,
        "数.json": b"[1, 2]",
        "无表头.csv": "甲,乙\n1,2\n".encode(),
        "旧.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack("<512i", *range(512)),
    }


def test_files_that_cannot_be_read_are_all_named_and_the_others_examined(tmp_path: Path) -> None:
    given = broken_files(tmp_path)
    for name, data in given.items():
        (tmp_path / name).write_bytes(data)
    report = told_in_every_way(tmp_path)
    assert {Path(each.field).name for each in report.refused} == set(given)
    assert all(each.message and each.remedy for each in report.refused)
    assert [file.name for file in report.files] == ["good.xlsx"]


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=30)
    | st.sampled_from(SIGNS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)
MATERIAL = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        (
            "name",
            "type",
            "form",
            "copies",
            "necessity",
            "source_channel",
            "issuing_dept",
            "legal_basis",
            "shareable",
            "commitment_ok",
            "note",
        ),
        ANY,
    ),
)
GUIDE = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(
            ("audience", "conditions", "fee", "case_type", "result", "channels", "cross_region_scope", "notes", "more"),
            ANY,
        ),
        "materials": ANY | st.lists(MATERIAL, max_size=3),
        "steps": ANY
        | st.lists(
            st.fixed_dictionaries({}, optional=dict.fromkeys(("name", "actor", "limit", "note"), ANY)), max_size=3
        ),
        "time_limits": ANY
        | st.fixed_dictionaries(
            {},
            optional={
                key: st.fixed_dictionaries(
                    {}, optional=dict.fromkeys(("value", "unit", "text", "basis", "immediate"), ANY)
                )
                for key in ("statutory", "promised")
            },
        ),
    },
)
RECORD = st.fixed_dictionaries(
    {"name": ANY},
    optional={
        **dict.fromkeys(
            (
                "dept",
                "category",
                "item_type",
                "local_code",
                "level",
                "legal_basis",
                "source",
                "main_item",
                "more",
                "confidence",
            ),
            ANY,
        ),
        "guide": ANY | GUIDE,
    },
)


@settings(max_examples=examples(120), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(RECORD, max_size=3))
@example([{"name": "\ud800", "guide": {"materials": [{"name": "\ud800"}], "notes": "\ud800"}}])
@example([{"name": "入学", "guide": {"time_limits": {"promised": {"value": 1e999}, "statutory": {"value": -5}}}}])
@example([{"name": "入学", "guide": {"time_limits": {"promised": {"value": 10**30, "text": "x" * 400}}}}])
@example([{"name": "入学", "guide": {"materials": [{"name": "\x0b证明", "copies": 10**20}]}}])
def test_whatever_records_hold_nothing_breaks(tmp_path: Path, items: list[dict[str, Any]]) -> None:
    path = tmp_path / "records.json"
    path.write_text(json.dumps(items), encoding="utf-8")
    report = told_in_every_way(path)
    assert report.refused or report.files


@settings(max_examples=examples(120), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.lists(
            st.sampled_from([*SIGNS, "", "无", "是", "20个工作日", "<script>"]) | st.text(max_size=12), max_size=11
        ),
        max_size=4,
    )
)
def test_whatever_cells_hold_nothing_breaks(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "cells.csv"
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [NAMES, *rows]]
    path.write_bytes("\n".join(lines).encode("utf-8", "ignore"))
    report = told_in_every_way(path)
    assert report.refused or report.files
