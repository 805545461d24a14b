"""`import`: a workbook of 50,000 × 40 to a reviewed preview, against calamine reading the same file and nothing else.

The workbook is made in the run: names, codes, phones and descriptions of their own on every row, classes and owners that
repeat, lists in cells, and dirt (damaged codes, odd limits, unknown choices) on every tenth row. Both are timed in
processes of their own, so that each states its own memory.
"""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

from benchmarks import Outcome

ROWS, QUICK_ROWS = 50_000, 20_000
RATIO = 3.0
ROUNDS = 3
"""The quickest of so many counts for each side: on a shared machine the others are slowed by their neighbours."""
HEADERS = (
    "序号", "事项名称", "事项类别", "实施主体", "实施主体代码", "事项类型", "事项编码", "行使层级", "承办机构", "决定机构",
    "共同实施部门", "服务对象", "一句话说明", "受理条件", "办理依据", "申请材料", "服务流程", "办件类型", "法定时限", "承诺时限",
    "是否收费", "收费依据及标准", "办理形式", "是否在线办理", "网办深度", "到场次数", "通办范围", "一站式办理", "上门办理", "预约办理",
    "自助终端办理", "委托代办", "邮政快递", "办理地点", "结果名称", "送达方式", "咨询方式", "监督投诉", "是否纳入政府购买服务", "备注",
)  # fmt: skip
assert len(HEADERS) == 40


def run(quick: bool) -> Outcome:
    rows = QUICK_ROWS if quick else ROWS
    with tempfile.TemporaryDirectory(prefix="banshi-bench-") as folder:
        path = Path(folder) / "items.xlsx"
        write(path, rows)
        rounds = [(_apart("calamine", path), _apart("preview", path)) for _ in range(ROUNDS)]
    alone = min((each for each, _ in rounds), key=lambda figures: figures["seconds"])
    ours = min((each for _, each in rounds), key=lambda figures: figures["seconds"])
    ratio = ours["seconds"] / alone["seconds"]
    counts = ours["counts"]
    figures = (
        f"{rows:,}×40: calamine {alone['seconds']:.2f} s, preview {ours['seconds']:.2f} s, ratio {ratio:.2f} (≤ {RATIO}); "
        f"peak {ours['memory']:.0f} MB + reader {ours['children']:.0f} MB (calamine alone {alone['memory']:.0f} MB); "
        f"{counts['rows']:,} rows, {counts['errors'] + counts['doubts'] + counts['notes']:,} remarks, file {ours['size']:.1f} MB"
    )
    return Outcome(holds=ratio <= RATIO and counts["rows"] == rows, figures=figures)


def write(path: Path, rows: int) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("梳理表")
        sheet.write_string(0, 0, "公共服务事项梳理表")
        for column, header in enumerate(HEADERS):
            sheet.write_string(1, column, header)
        for row in range(rows):
            for column, text in enumerate(_cells(row)):
                sheet.write(row + 2, column, text)


def _cells(row: int) -> list[object]:
    odd = row % 10 == 0
    organ, kind = row % 80, row % 300
    return [
        row + 1,
        f"第{row}号公共服务事项申请办理",
        ("公共教育", "社会保障", "医疗卫生", "劳动就业", "")[row % 5],
        f"示例市第{organ}局",
        f"11990100{organ:09d}" if odd else "",
        "行政确认" if odd else "公共服务",
        f"512B{row:010d}-990102000000-000-1199010000{organ:07d}X-4-00",
        "县级",
        f"第{organ}局政务服务科",
        f"示例市第{organ}局",
        "",
        ("自然人", "自然人、企业法人", "企业")[row % 3],
        f"为第{row}类对象提供的服务,办理后可享受第{kind}号政策。",
        f"1.本市居民\n2.符合第{kind}号规定\n3.材料齐全",
        f"《示例市第{kind}号办法》(示府发〔2020〕{kind}号)第{kind % 40 + 1}条",
        f"1.居民身份证(原件1份)\n2.第{kind}号申请表(原件2份)\n3.有关证明复印件1份",
        "申请→受理→审核(3个工作日)→决定→送达",
        "承诺件",
        "20个工作日" if not odd else "按规定",
        f"{row % 15 + 1}个工作日",
        "否",
        "不收费",
        "窗口、网上",
        "是",
        "Ⅲ级",
        row % 3,
        "全市通办",
        "是",
        "否",
        "√",
        "×",
        "是",
        "是",
        f"示例市政务服务中心{organ % 5 + 1}楼{organ}号窗口",
        f"第{kind}号办理结果通知书",
        "窗口领取、邮寄",
        f"0990-{row % 9000 + 1000:04d}{organ:03d}",
        "0990-12345",
        "否",
        "" if row % 4 else f"第{row}行的备注",
    ]


def _apart(what: str, path: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.import_", what, str(path)], capture_output=True, check=True
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _measure(what: str, path: Path) -> dict[str, Any]:
    """In a process of its own: {seconds, memory MB, children MB}. Start-up and the empty database are not timed."""
    import time

    if what == "calamine":
        import python_calamine

        started = time.perf_counter()
        python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        found = {}
    else:
        look = _ready()
        started = time.perf_counter()
        found = {"counts": look(path).counts}
    seconds = time.perf_counter() - started
    return {
        **found,
        "seconds": seconds,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "children": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "size": path.stat().st_size / 2**20,
    }


def _ready() -> Callable[[Path], Any]:
    """Django with an empty database in memory and the organs the workbook names; returns what is timed."""
    import os
    import tempfile

    os.environ["BANSHI_HOME"] = tempfile.mkdtemp(prefix="banshi-bench-")
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "banshi.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from banshi.catalog.models import Category
    from banshi.people.models import Division, Organ
    from banshi.spreadsheets.organ_matching import Owners
    from banshi.spreadsheets.preview import preview
    from banshi.spreadsheets.workbook_reader import read_file

    place = Division.objects.create(code="990100", name="示例市", level=3)
    Organ.objects.bulk_create(Organ(name=f"示例市第{n}局", kind="department", division=place) for n in range(80))
    for code, name in (
        ("education", "公共教育"),
        ("security", "社会保障"),
        ("health", "医疗卫生"),
        ("work", "劳动就业"),
    ):
        Category.objects.get_or_create(code=code, defaults={"name": name})
    return lambda path: preview(read_file(path), Owners(list(Organ.objects.all())))


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1], Path(sys.argv[2]))))
