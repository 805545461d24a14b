"""Loading laws."""

import csv
from datetime import date
from pathlib import Path

import pytest
from tests.factories import NOON, TESTS

from banshi.core.errors import BadInput
from banshi.law.actions import LawRow, load_laws
from banshi.law.models import Law

pytestmark = pytest.mark.django_db
SEED = Path(__file__).parents[2] / "data/laws/laws.csv"


def test_the_list_beside_the_register_loads_once() -> None:
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = [LawRow(**row) for row in csv.DictReader(file)]
    assert load_laws(rows, by=TESTS, at=NOON) == len(rows) > 100
    assert load_laws(rows, by=TESTS, at=NOON) == 0
    complaints = Law.objects.get(title="市场监督管理投诉举报处理暂行办法")
    assert complaints.replaced_by and complaints.replaced_by.title == "市场监督管理投诉举报处理办法"
    assert complaints.in_force_until == date(2026, 4, 14)


def test_what_stands_is_not_changed() -> None:
    Law.objects.create(title="某条例", doc_no="", rank=Law.Rank.REGULATION, issuer="国务院")
    assert load_laws([LawRow("某条例", rank="rule"), LawRow("某办法", rank="rule")], by=TESTS, at=NOON) == 1
    assert Law.objects.get(title="某条例").rank == Law.Rank.REGULATION


def test_one_bad_row_keeps_all_out_and_says_where() -> None:
    rows = [LawRow("某法", rank="law"), LawRow("某条例", rank="statute", in_force_from="2025年")]
    with pytest.raises(BadInput) as refused:
        load_laws(rows, by=TESTS, at=NOON)
    assert [(p.where, p.field) for p in refused.value.problems] == [("第3行", "rank"), ("第3行", "in_force_from")]
    assert not Law.objects.exists()
