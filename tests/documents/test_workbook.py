"""Workbooks: every kind of cell, and nothing that runs."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from banshi.documents.workbook import new_workbook, write_table


def sheet(rows: list[list[Any]], **more: Any) -> Worksheet:
    out = io.BytesIO()
    with new_workbook(out) as book:
        write_table(book, "名册", ["名称", "数"], rows, **more)
    return load_workbook(out)["名册"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "{=1}", "007", "http://x"]
)
def test_a_text_is_a_text(text: str) -> None:
    cell = sheet([[text]])["A2"]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1"])
def test_what_looks_like_a_formula_stays_a_text_when_it_is_edited(text: str) -> None:
    assert sheet([[text]])["A2"].style.startswith("Normal") and sheet([[text]])["A2"].quotePrefix
    assert not sheet([["平常"]])["A2"].quotePrefix


def test_numbers_days_and_moments_stay_what_they_are() -> None:
    cells = sheet(
        [[3, Decimal("2.50"), date(2026, 11, 28), datetime(2026, 11, 27, 23, 5, tzinfo=UTC), True, None, ""]]
    )[2]
    assert [cell.value for cell in cells[:4]] == [3, 2.5, datetime(2026, 11, 28), datetime(2026, 11, 28, 7, 5)]
    assert [cell.value for cell in cells[4:]] == ["True", None, None][: len(cells) - 4]


def test_a_text_longer_than_a_cell_is_cut_and_the_book_still_opens() -> None:
    assert len(str(sheet([["长" * 40_000]])["A2"].value)) == 32_767


def test_with_a_title_it_is_ruled_for_printing_and_the_head_repeats() -> None:
    plain, printed = sheet([["甲", 1]]), sheet([["甲", 1]], title="参加单位", widths=(6, 20), frozen=1)
    assert (plain["A1"].value, plain.freeze_panes, plain["A2"].border.left.style) == ("名称", "A2", None)
    assert (printed["A1"].value, printed["A2"].value, printed["A3"].value) == ("参加单位", "名称", "甲")
    assert (printed.freeze_panes, printed.print_title_rows, printed["A3"].border.left.style) == ("B3", "$2:$2", "thin")
    assert printed.column_dimensions["A"].width < printed.column_dimensions["B"].width


def test_rows_are_not_held_in_memory() -> None:
    taken: list[int] = []

    def rows() -> Any:
        for number in range(3):
            taken.append(number)
            yield [number, ""]

    out = io.BytesIO()
    with new_workbook(out) as book:
        assert book.constant_memory
        write_table(book, "名册", ["数", ""], rows())
    assert taken == [0, 1, 2]
