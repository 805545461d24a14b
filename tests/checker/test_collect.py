"""What is found in files, and at which cell; what can't be judged is said once."""

import json
from io import BytesIO
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from django.conf import settings
from playwright.sync_api import Browser

from banshi.checker import coverage
from banshi.checker.html import page
from banshi.checker.json_report import as_json, schema
from banshi.checker.workbook import checked_workbook
from tests.checker.files import a_ring, book, examined, of_rule, records
from tests.spreadsheets.sheets import workbook

SAMPLES = settings.DATA / "samples"
SCHEMA = settings.DATA.parent / "docs" / "check.schema.json"


def test_a_bare_list_is_judged_by_what_it_has_and_the_rest_is_said_once() -> None:
    report = examined(SAMPLES / "catalogue-guangan.xlsx")
    assert len(report.subjects) == 599
    assert {"BM02", "YJ01", "BM04"} <= {line.code for line, _ in report.by_rule}
    assert not any(line.code in ("WZ02", "WZ04", "WZ07") for line, _ in report.by_rule)
    (unjudged,) = report.unjudged
    assert {"服务对象", "申请材料", "是否收费"} <= set(unjudged.labels)
    assert unjudged.items["materials"] == 599


def test_records_with_guides_are_judged_whole_and_those_without_only_by_what_they_have() -> None:
    report = examined(SAMPLES / "items.json")
    assert len(report.subjects) == 499
    assert report.unjudged[0].partly
    assert of_rule(report, "CL03")[0].spot.cell == "[430].guide.materials[1].name"


def test_a_finding_stands_at_its_column_and_an_element_with_a_column_but_empty_is_a_fault(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        [
            ["事项名称", "实施主体", "咨询电话", "投诉电话"],
            ["入学", "教育局", "0826-1234567", "0826-1234567"],
            ["转学", "教育局", "", ""],
        ],
    )
    report = examined(path)
    assert of_rule(report, "LX01")[0].spot.cell == "D2"
    assert [each.spot.cell for each in of_rule(report, "WZ10")] == ["C3"]


def test_a_finding_on_a_row_of_a_detail_sheet_stands_at_that_row(tmp_path: Path) -> None:
    details = [["事项名称", "材料名称", "出具单位"], ["入学", "户口簿", ""], ["入学", "法律法规规定的其他材料", ""]]
    report = examined(book(tmp_path, {"目录": [["事项名称", "实施主体"], ["入学", "教育局"]], "申请材料": details}))
    spot = of_rule(report, "CL03")[0].spot
    assert (spot.sheet, spot.cell) == ("申请材料", "B3")


def test_what_could_not_be_read_is_not_also_called_missing(tmp_path: Path) -> None:
    report = examined(
        book(tmp_path, [["事项名称", "实施主体", "是否收费"], ["入学", "教育局", "看情况"], ["转学", "教育局", ""]])
    )
    assert [each.spot.cell for each in of_rule(report, "WZ07")] == ["C3"]
    assert [each.spot.cell for each in report.found if each.rule.code == "BG-yes_no-should"] == ["C2"]


def test_circles_run_through_all_files_together_and_the_cut_opens_them(tmp_path: Path) -> None:
    ring = json.loads(a_ring(tmp_path).read_text(encoding="utf-8"))
    files = [records(tmp_path, item, name=f"{number}.json") for number, item in enumerate(ring)]
    together = examined(*files).together
    assert len(together.circles) == 1
    assert [len(circle.hops) for circle in together.circles] == [3]
    assert len(together.abolish) == 1
    assert together.proven
    assert examined(files[0], files[1]).together.circles == []


def test_the_same_item_twice_is_told_and_another_errand_is_not(tmp_path: Path) -> None:
    rows = [
        ["事项名称", "实施主体"],
        ["身份证补领", "公安局"],
        ["身份证换领", "公安局"],
        ["低保金申领", "民政局"],
        ["低保金申领", "民政局"],
    ]
    (twice,) = [each for each in examined(book(tmp_path, rows)).together.twice if each.sure]
    assert twice.subjects == (2, 3)


def test_the_json_is_as_documented(tmp_path: Path) -> None:
    report = examined(a_ring(tmp_path), SAMPLES / "items.json", tmp_path / "none.xlsx")
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema()
    told = json.loads(as_json(report))
    jsonschema.validate(told, schema())
    assert told["counts"]["findings"] == len(told["findings"]) == sum(rule["findings"] for rule in told["rules"])
    assert (told["counts"]["circles"], len(told["refused"])) == (1, 1)


def test_the_workbook_comes_back_with_its_cells_marked_and_a_list_in_front(tmp_path: Path) -> None:
    path = book(tmp_path, [["事项名称", "实施主体", "办理依据"], ["=cmd|'/c calc'!A0", "教育局", ""]])
    report = examined(path)
    marked = openpyxl.load_workbook(BytesIO(checked_workbook(report, report.files[0])))
    assert marked.sheetnames == ["检查结果", "目录表"]
    assert "没有写办理依据" in marked["目录表"]["C2"].comment.text
    assert marked["检查结果"].max_row == len(report.found) + 1
    assert all(cell.data_type != "f" for row in marked["检查结果"].iter_rows() for cell in row)


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


def test_the_page_shows_hostile_cells_as_text_and_loads_nothing(tmp_path: Path) -> None:
    told = page(examined(book(tmp_path, [["事项名称", "实施主体"], [HOSTILE, HOSTILE], [HOSTILE, HOSTILE]])))
    assert "<script>alert" not in told
    assert "<img" not in told
    assert told.count("</script>") == 2
    assert "http://" not in told.replace("http://www.w3.org/2000/svg", "")
    assert "default-src 'none'" in told


@pytest.mark.browser
def test_the_page_filters_without_a_network(tmp_path: Path, chromium: Browser) -> None:
    from playwright.sync_api import expect

    rows = [["事项名称", "实施主体", "办理依据"], [HOSTILE[:40], "教育局", ""], ["低保金申领", "民政局", ""]]
    (tmp_path / "report.html").write_text(page(examined(book(tmp_path, rows), a_ring(tmp_path))), encoding="utf-8")
    tab = chromium.new_page(viewport={"width": 390, "height": 800})
    troubles: list[str] = []
    tab.on("pageerror", lambda error: troubles.append(str(error)))
    tab.on("dialog", lambda dialog: troubles.append(dialog.message))
    tab.goto((tmp_path / "report.html").as_uri())
    tab.fill("[name=text]", "低保金")
    expect(tab.locator("#shown")).to_contain_text("符合的 1 处")
    assert set(tab.locator(".finding .item").all_inner_texts()) == {"低保金申领"}
    tab.click(".pick[data-rule=YJ01]")
    expect(tab.locator("#shown")).to_contain_text("符合的 2 处")
    assert tab.locator("#circles svg").count() == 1
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert troubles == []
    tab.close()


def test_office_lock_files_and_other_things_in_a_folder_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "~$目录.xlsx").write_bytes(b"lock")
    (tmp_path / "说明.txt").write_text("x", encoding="utf-8")
    (tmp_path / "里面").mkdir()
    (tmp_path / "里面" / "目录.xlsx").write_bytes(workbook([["事项名称", "实施主体"], ["入学", "教育局"]]))
    report = examined(tmp_path)
    assert [file.name for file in report.files] == ["目录.xlsx"]
    assert report.refused == []


def test_which_columns_tell_of_an_element_is_asked_once_however_many_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def feeds(column: coverage.ReadColumn, root: str) -> bool:
        asked.append(root)
        return plain(column, root)

    plain = coverage._feeds
    monkeypatch.setattr(coverage, "_feeds", feeds)
    times = []
    for many in (5, 50):
        asked.clear()
        (tmp_path / str(many)).mkdir()
        examined(book(tmp_path / str(many), [["事项名称", "办理依据"], *([f"入学{n}", ""] for n in range(many))]))
        times.append(len(asked))
    assert times[0] == times[1]


def test_proofs_of_village_committees_are_found_in_a_table_without_a_column_for_bases(tmp_path: Path) -> None:
    rows = [
        ["事项名称", "实施主体", "申请材料"],
        ["救助申请", "民政局", "1.申请表2.村（居）委会出具的贫困证明"],
        ["入学", "教育局", "户口簿、社区出具的居住证明"],
        ["转学", "教育局", "户口簿、学籍证明"],
    ]
    report = examined(book(tmp_path, rows))
    assert [each.spot.cell for each in of_rule(report, "CL04")] == ["C2"]
    assert [each.spot.cell for each in of_rule(report, "CL05")] == ["C3"]
    assert of_rule(report, "CL06") == []
