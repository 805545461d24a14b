"""Recall on circles written as departments write them, and silence on lists with none (docs/circles.md says by whom)."""

import csv
import re
from collections import defaultdict
from pathlib import Path

from django.conf import settings
from tests.analysis.proofs.test_cycles import graph_of

from banshi.analysis.proofs.cycles import circles

CASES: dict[str, list[dict[str, str]]] = defaultdict(list)
with Path(__file__).with_name("circles_as_written.csv").open(encoding="utf-8") as written:
    for row in csv.DictReader(written):
        CASES[row["case"]].append(row)


def _circular(rows: list[dict[str, str]]) -> bool:
    items = [
        {"name": row["item"], "organ": row["organ"], "gives": row["result"], "asks": row["materials"].split("|")}
        for row in rows
    ]
    return any(circles(graph_of(*items)))


def _cases(truth: str) -> list[list[dict[str, str]]]:
    return [rows for rows in CASES.values() if rows[0]["truth"] == truth]


def test_circles_are_found_in_every_hand() -> None:
    found: dict[str, list[bool]] = defaultdict(list)
    for rows in _cases("circle"):
        found[rows[0]["hand"]].append(_circular(rows))
    missed = [f"{rows[0]['case']} {rows[0]['item']}" for rows in _cases("circle") if not _circular(rows)]
    assert sum(map(len, found.values())) >= 60
    assert all(sum(each) / len(each) >= 0.9 for each in found.values()), missed
    document = (settings.DATA.parent / "docs" / "circles.md").read_text(encoding="utf-8")
    told = {row[0]: row[1] for row in re.findall(r"^\| (\S+) \| .* \| (\d+ of \d+) \|", document, re.MULTILINE)}
    assert told == {hand: f"{sum(each)} of {len(each)}" for hand, each in found.items()}


def test_half_of_them_name_issuers_or_alternatives() -> None:
    cases = _cases("circle")
    assert sum(rows[0]["worded"] == "1" for rows in cases) * 2 >= len(cases)


def test_nothing_is_called_a_circle_that_has_a_way_out() -> None:
    assert [rows[0]["item"] for rows in _cases("none") if _circular(rows)] == []
