"""What items ask of people, before and after, and what each proof costs."""

from typing import Any

import pyarrow as pa
import pytest
from tests.analysis.duplicates.catalogue import items
from tests.factories import guide

from banshi.analysis.burden import burden, burden_by, compare, compare_by, only, savings
from banshi.analysis.tables import DEMANDS, ITEMS, ItemRecord, Tables, tables_from_records


def demands(*rows: dict[str, Any]) -> pa.Table:
    usual = {"required": True, "shared": False, "commitment": False, "has_basis": False}
    return pa.Table.from_pylist([{**usual, "position": n, **row} for n, row in enumerate(rows)], DEMANDS)


def test_sums_run_over_what_is_known() -> None:
    found = burden(items({"materials": 4, "volume": 100}, {"materials": None, "volume": 50}, {"materials": 2}))
    figure = found.figure("materials")
    assert (figure.total, figure.known, figure.unknown, figure.average) == (6.0, 2, 1, 3.0)
    assert (figure.yearly, figure.weighted, found.without_volume) == (400.0, 1, 1)


def test_what_nobody_knows_is_unknown_not_nought() -> None:
    figure = burden(items({}, {})).figure("days")
    assert (figure.total, figure.average, figure.yearly) == (None, None, None)


def test_of_no_items_nothing_is_known() -> None:
    assert burden(items()).items == 0
    assert burden(items()).figure("visits").total is None


def test_units_are_told_one_by_one() -> None:
    found = burden_by(items({"organ": "乙局", "visits": 2}, {"organ": "甲局", "visits": 1}, {"organ": "乙局"}), "organ")
    assert [(name, each.items, each.figure("visits").total) for name, each in found] == [
        ("乙局", 2, 2.0),
        ("甲局", 1, 1.0),
    ]


def test_before_and_after_compares_only_what_both_sides_tell() -> None:
    before = items({"guid": "a", "materials": 6, "days": 15.0}, {"guid": "b", "materials": 3}, {"guid": "gone"})
    after = items({"guid": "a", "materials": 2, "days": None}, {"guid": "b", "materials": 3}, {"guid": "new"})
    found = compare(before, after)
    assert (found.both, found.added, found.gone) == (2, 1, 1)
    materials, days = found.shift("materials"), found.shift("days")
    assert (materials.before, materials.after, materials.saved, materials.items) == (9.0, 5.0, 4.0, 2)
    assert (days.items, days.unknown, days.before, days.saved) == (0, 2, None, None)


def test_items_without_a_guid_are_not_taken_for_each_other() -> None:
    assert compare(items({"guid": None, "visits": 1}), items({"guid": None, "visits": 2})).both == 0


def test_each_item_says_what_changed() -> None:
    found = compare(
        items({"guid": "a", "name": "居住证申领", "materials": 6, "days": 15.0}),
        items({"guid": "a", "name": "居住证申领", "materials": 2, "days": 3.0}),
    )
    assert [each.sentence() for each in found.items] == ["居住证申领：材料6→2份、承诺时限15→3个工作日"]


def test_two_publications_of_one_guide_are_compared() -> None:
    old = tables_from_records([ItemRecord({"guid": "a"}, guide())])
    new = tables_from_records([ItemRecord({"guid": "a"}, guide(materials=[], no_materials=True))])
    [shift] = compare(old.items, new.items).items
    assert shift.changes["materials"] == (1.0, 0.0)


def test_units_and_campaigns_are_compared_alone() -> None:
    before = items({"guid": "a", "organ": "甲局", "visits": 2}, {"guid": "b", "organ": "乙局", "visits": 2})
    after = items({"guid": "a", "organ": "甲局", "visits": 0}, {"guid": "b", "organ": "乙局", "visits": 2})
    assert [(name, each.shift("visits").saved) for name, each in compare_by(before, after, "organ")] == [
        ("乙局", 0.0),
        ("甲局", 2.0),
    ]
    assert compare(only(before, ["b"]), only(after, ["b"])).both == 1


def test_cancelling_a_proof_spares_copies_times_volume() -> None:
    table = items({"volume": 100}, {"volume": 10}, {"volume": None})
    asked = demands(
        {"item_id": 0, "proof": "亲属关系证明", "copies": 2},
        {"item_id": 1, "proof": "父子关系证明", "has_basis": True},
        {"item_id": 2, "proof": "亲属关系证明原件"},
    )
    [found] = savings(Tables(table, asked))
    assert (found.proof, found.items, found.grounded) == ("亲属关系证明", 3, 1)
    assert (found.papers, found.baseless, found.without_volume) == (210, 200, 1)
    assert found.sentence() == "取消“亲属关系证明”，涉及3项事项，每年少交210份（另有1项没有办件量，未计入）。"


def test_without_any_volume_the_saving_is_unknown() -> None:
    [found] = savings(Tables(items({}), demands({"item_id": 0, "proof": "无房证明"})))
    assert (found.papers, found.baseless) == (None, None)


@pytest.mark.parametrize("way", [{"shared": True}, {"commitment": True}, {"required": False}, {"proof": "申请表"}])
def test_what_people_need_not_fetch_spares_nothing(way: dict[str, Any]) -> None:
    assert savings(Tables(items({}), demands({"item_id": 0, "proof": "无房证明", **way}))) == []


def test_the_empty_catalogue_is_borne() -> None:
    empty = Tables(pa.Table.from_pylist([], ITEMS), pa.Table.from_pylist([], DEMANDS))
    assert savings(empty) == []
    assert burden_by(empty.items, "organ") == []
    assert compare(empty.items, empty.items).both == 0
