"""Files to check: written to a folder, without a database."""

import json
from pathlib import Path
from typing import Any

from banshi.checker.collect import CheckReport, LocatedFinding, gather
from banshi.core.clock import CHINA
from tests.factories import NOON
from tests.spreadsheets.sheets import Rows, workbook

DAY = NOON.astimezone(CHINA).date()


def book(folder: Path, sheets: dict[str, Rows] | Rows, name: str = "目录.xlsx") -> Path:
    path = folder / name
    path.write_bytes(workbook(sheets))
    return path


def records(folder: Path, *items: dict[str, Any], name: str = "items.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
    return path


def examined(*paths: Path) -> CheckReport:
    return gather(paths, DAY)


def of_rule(report: CheckReport, code: str) -> list[LocatedFinding]:
    return [each for each in report.found if each.rule.code == code]


def a_ring(folder: Path) -> Path:
    """Three offices, each asking for the next one's paper."""
    asks = {"户籍登记": "收入证明", "收入证明": "居住证明", "居住证明": "户籍证明"}
    gives = {"户籍登记": "户籍证明", "收入证明": "收入证明", "居住证明": "居住证明"}
    organs = {"户籍登记": "公安局", "收入证明": "民政局", "居住证明": "街道办事处"}
    return records(
        folder,
        *(
            {
                "name": f"{name}办理",
                "dept": organs[name],
                "legal_basis": [{"title": "示例条例", "articles": "第一条"}],
                "guide": {"materials": [{"name": asks[name], "necessity": "必要"}], "result": gives[name]},
            }
            for name in asks
        ),
        name="ring.json",
    )
