"""The whole catalogue as a file."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests import factories as make

pytestmark = pytest.mark.django_db


def download(client: Client, kind: str) -> bytes:
    response = client.get(f"/open-data/catalogue.{kind}")
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "attachment" in response["Content-Disposition"]
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_each_format_holds_every_item_in_force_and_no_draft(client: Client) -> None:
    shown = [make.published_item(f"事项{number}").name for number in range(3)]
    make.item(text=make.guide("草稿"))
    text = download(client, "csv").decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(download(client, "xlsx")))["目录"]
    whole = json.loads(download(client, "json"))
    assert [row["事项名称"] for row in csv.DictReader(io.StringIO(text))] == shown
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == shown
    assert [(item["事项名称"], item["guide"]["name"]) for item in whole["items"]] == [(name, name) for name in shown]


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)"])
def test_no_cell_is_taken_for_a_formula(client: Client, name: str) -> None:
    make.published_item(name)
    row = next(csv.DictReader(io.StringIO(download(client, "csv").decode("utf-8-sig"))))
    cell = load_workbook(io.BytesIO(download(client, "xlsx")))["目录"]["B2"]
    assert row["事项名称"] == f"'{name}"
    assert (cell.data_type, cell.value) == ("s", name)


def test_an_empty_catalogue_is_still_a_file(client: Client) -> None:
    assert json.loads(download(client, "json"))["items"] == []
    assert len(download(client, "csv").decode().splitlines()) == 1


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_file_asks_the_database_once(client: Client, django_assert_num_queries: Any, kind: str, rows: int) -> None:
    for _ in range(rows):
        make.published_item()
    with django_assert_num_queries(1):
        download(client, kind)
