"""Recall of headers as real systems write them; half of them is held out from tuning (docs/headers.md)."""

import csv
from pathlib import Path

import pytest
from django.conf import settings

from banshi.spreadsheets.column_mapping import match
from banshi.spreadsheets.fields import known_headers

with Path(__file__).with_name("labelled_headers.csv").open(encoding="utf-8") as labelled:
    ROWS = list(csv.DictReader(labelled))
"""`target`: the elements that are right, by |. "-" among them: none is right too."""
DOCS = (settings.DATA.parent / "docs" / "headers.md").read_text(encoding="utf-8")


def found(row: dict[str, str]) -> bool:
    return (match(row["header"], known_headers())[0] or "-") in row["target"].split("|")


def told(half: str) -> list[dict[str, str]]:
    return [row for row in ROWS if row["half"] == half and "-" not in row["target"].split("|")]


def test_half_of_the_headers_that_have_an_element_is_held_out() -> None:
    assert abs(len(told("held out")) - len(told("tuning"))) <= 5
    assert len({row["header"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("half", ["tuning", "held out"])
def test_recall_is_as_the_document_says(half: str) -> None:
    rows = told(half)
    assert f"| {half} | {len(rows)} | {sum(map(found, rows))} |" in DOCS


def test_no_header_is_taken_for_an_element_it_does_not_name() -> None:
    wrong = {
        row["header"]: target
        for row in ROWS
        if (target := match(row["header"], known_headers())[0]) and target not in row["target"].split("|")
    }
    assert wrong == {}
