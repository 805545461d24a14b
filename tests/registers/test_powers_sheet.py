"""权责清单 from a spreadsheet: all or nothing, each doubt at its cell."""

from typing import Any

import pytest
from tests import factories as make
from tests.factories import NOON, TESTS

from banshi.core.errors import BadInput
from banshi.ledger.models import LedgerEntry
from banshi.registers.actions import import_powers
from banshi.registers.models import Power
from banshi.registers.sheets import read_powers
from banshi.spreadsheets.organ_matching import Owners
from banshi.spreadsheets.workbook_reader import SourceWorkbook, read_bytes

pytestmark = pytest.mark.django_db
HEADER = "单位,权力名称,权力类型,实施依据,取消日期,取消文件"


@pytest.fixture
def owners() -> Owners:
    bureau = make.organ("示例县教育局", short_name="县教育局")
    return Owners([bureau], default=bureau)


def book(*lines: str, header: str = HEADER) -> SourceWorkbook:
    return read_bytes("\n".join(["权责清单,,,,,", header, *lines]).encode(), name="权责清单.csv")


def cells(found: Any) -> list[tuple[str, str]]:
    return [(each.cell, each.message) for each in found.problems]


def test_a_department_sheet_is_read(owners: Owners) -> None:
    found = read_powers(book("县教育局,民办学校设立审批,行政许可,民办教育促进法,,", ",教师资格认定,许可,,,"), owners)
    assert found.problems == []
    assert [(each.power.name, each.power.kind) for each in found.rows] == [
        ("民办学校设立审批", "01"),
        ("教师资格认定", "01"),
    ]


def test_what_is_wrong_is_said_at_its_cell(owners: Owners) -> None:
    lines = [
        "县民政局,收养登记,行政确认,,,",
        ",,行政许可,某法,,",
        ",甲,公共服务,,,",
        ",乙,行政许可,,2026年13月1日,号",
        ",丙,行政许可,,2026-01-02,",
    ]
    found = dict(cells(read_powers(book(*lines), owners)))
    assert "没有登记过单位“县民政局”" in found["A3"]
    assert found["B4"] == "没有名称"
    assert found["C5"] == "公共服务不列入权责清单"
    assert found["E6"] == "看不懂这个日期"
    assert "日期和文件要一起写" in found["E7"]


def test_one_wrong_cell_and_nothing_is_imported(owners: Owners) -> None:
    with pytest.raises(BadInput, match="一行都没有导入") as refused:
        import_powers(book(",甲,行政许可,,,", ",乙,不知道,,,"), owners, by=TESTS, at=NOON)
    assert [each.where for each in refused.value.problems] == ["权责清单 C4"]
    assert not Power.objects.exists()


def test_imported_twice_the_second_time_changes_nothing(owners: Owners) -> None:
    sheet = book(",甲,行政许可,,,", ",乙,行政处罚,,2017-01-12,国发〔2017〕7号")
    assert import_powers(sheet, owners, by=TESTS, at=NOON).counts == {"new": 2, "changed": 0, "same": 0, "cancelled": 1}
    assert import_powers(sheet, owners, by=TESTS, at=NOON).counts == {"new": 0, "changed": 0, "same": 2, "cancelled": 0}
    assert LedgerEntry.objects.filter(action="registers.add_power").count() == 2


def test_a_changed_row_changes_the_power_it_names(owners: Owners) -> None:
    import_powers(book(",甲,行政许可,旧依据,,"), owners, by=TESTS, at=NOON)
    found = import_powers(book(",甲,行政许可,新依据,,"), owners, by=TESTS, at=NOON)
    assert found.counts["changed"] == 1
    assert Power.objects.get().basis == "新依据"


def test_a_name_written_twice_is_asked_about(owners: Owners) -> None:
    found = read_powers(book(",甲,行政许可,,,", "县教育局,乙,行政许可,,,", ",甲,行政处罚,,,"), owners)
    assert [cell for cell, _ in cells(found)] == ["B3", "B5"]


def test_a_sheet_of_something_else_is_refused(owners: Owners) -> None:
    with pytest.raises(BadInput, match="没有找到权责清单"):
        read_powers(book("1,2,3", header="序号,姓名,电话"), owners)


def test_a_row_left_out_is_told_with_the_reason(owners: Owners) -> None:
    found = read_powers(book(",甲,行政许可,,,", "合计,1,,,,"), owners)
    assert [(each.cell, each.severity) for each in found.problems] == [("A4", "note")]
    assert not found.errors


def test_others_organs_are_not_written_for(owners: Owners) -> None:
    owners.allowed = set()
    assert "不是您能导入的单位" in cells(read_powers(book("县教育局,甲,行政许可,,,"), owners))[0][1]
