"""The catalogue as columns."""

import pytest
from tests.factories import guide, item, published_item

from banshi.analysis.tables import DEMANDS, ITEMS, ItemRecord, tables_from_database, tables_from_records

pytestmark = pytest.mark.django_db


def test_what_is_in_force_becomes_rows() -> None:
    done = published_item("小学入学报名")
    item()
    tables = tables_from_database()
    [row] = tables.items.to_pylist()
    assert (row["item_id"], row["name"], row["materials"], row["days"], row["visits"], row["offices"]) == (
        done.pk,
        "小学入学报名",
        1,
        5.0,
        1,
        2,
    )
    assert [(each["proof"], each["shared"]) for each in tables.demands.to_pylist()] == [
        ("居民户口簿", False),
        ("不动产权证书", True),
    ]


def test_what_is_not_known_is_null_not_nought() -> None:
    [row] = tables_from_records(
        [ItemRecord({"name": "x"}, guide(materials=[], steps=[], charged=None))]
    ).items.to_pylist()
    assert (row["materials"], row["steps"], row["fee_items"], row["volume"]) == (None, None, None, None)


def test_an_empty_catalogue_has_the_same_columns() -> None:
    tables = tables_from_records([])
    assert tables.items.schema == ITEMS
    assert tables.demands.schema == DEMANDS
