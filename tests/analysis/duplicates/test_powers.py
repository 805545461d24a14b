"""Cancelled powers that come back."""

from pathlib import Path

import pytest
from django.db import DatabaseError
from tests import factories as make
from tests.analysis.duplicates.catalogue import named
from tests.factories import NOON
from tests.factories import registers as lines

from banshi.analysis.duplicates import powers
from banshi.analysis.duplicates.powers import (
    Cancelled,
    cancellations_known,
    comebacks,
    known_cancellations,
    read_cancellations,
    registered_cancellations,
    shipped_cancellations,
)
from banshi.catalog.enums import ItemKind
from banshi.catalog.models import Item
from banshi.core.errors import BadInput

GRAIN = Cancelled("棉花加工资格认定", "《某决定》（国发〔2017〕7号）")


def test_a_cancelled_power_under_a_new_name_is_found() -> None:
    [found] = comebacks(named("棉花加工企业备案服务", "棉花加工资格确认服务", "结婚登记"), [GRAIN])
    assert (found.row, found.sure) == (1, True)
    assert (
        found.reason
        == "“棉花加工资格认定”已由《某决定》（国发〔2017〕7号）取消，“棉花加工资格确认服务”以公共服务名义保留或变相恢复。"
    )


def test_a_power_that_was_never_taken_out_is_found_too() -> None:
    [found] = comebacks(named("棉花加工资格认定", kind="07"), [GRAIN])
    assert "仍列为行政权力" in found.reason


def test_advice_about_a_cancelled_matter_sets_up_no_gate() -> None:
    assert not list(comebacks(named("棉花加工资格认定政策咨询", "棉花加工资格信息查询"), [GRAIN]))


def test_what_the_decision_put_in_its_place_is_lawful() -> None:
    repair = Cancelled("机动车维修经营许可", "某决定", instead="备案")
    found = list(comebacks(named("机动车维修经营备案", "机动车维修经营核准"), [repair]))
    assert [each.row for each in found] == [1]


def test_what_only_resembles_is_for_a_person_to_check() -> None:
    [found] = comebacks(
        named("自费出国留学中介机构备案"), [Cancelled("自费出国留学中介服务机构资格认定", "某决定", confidence="中")]
    )
    assert "疑似" in found.reason


@pytest.mark.django_db
def test_powers_cancelled_in_the_catalogue_itself_count() -> None:
    office = make.organ("县城管局")
    for name, kind in (("户外广告设置审批", "01"), ("老年餐桌服务", ItemKind.SERVICE)):
        Item.objects.filter(pk=make.item(office).pk).update(name=name, kind=kind, state="cancelled")
    known = cancellations_known()
    [found] = comebacks(named("户外广告设置登记服务"), known)
    assert found.power.by == f"本目录已取消（{office}）"
    assert "老年餐桌服务" not in [power.name for power in known]


def test_items_no_longer_in_use_are_left_alone() -> None:
    assert not list(comebacks(named("棉花加工资格认定", state="cancelled"), [GRAIN]))


def test_the_shipped_list_names_document_and_confidence_of_each() -> None:
    powers = shipped_cancellations()
    assert len(powers) >= 12
    assert all("国发〔" in each.by and each.confidence in {"高", "中"} for each in powers)


def test_a_list_without_a_column_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("name,document\n甲,乙\n", encoding="utf-8")
    with pytest.raises(BadInput, match="doc_no"):
        read_cancellations(path)


@pytest.mark.django_db
def test_powers_registered_as_cancelled_count_with_their_document() -> None:
    gone = {
        "cancelled_on": NOON.date(),
        "cancel_document": "关于取消一批事项的决定",
        "cancel_doc_no": "示政发〔2026〕9号",
    }
    lines.power(name="示例作坊资格认定", instead="改为备案", **gone)
    lines.power(name="还在用的资格认定")
    [registered] = registered_cancellations()
    assert registered == Cancelled("示例作坊资格认定", "《关于取消一批事项的决定》（示政发〔2026〕9号）", "备案")
    assert known_cancellations() == (*shipped_cancellations(), registered)
    [found] = comebacks(named("示例作坊资格认定"), known_cancellations())
    assert found.sure


@pytest.mark.django_db(transaction=True)
def test_without_a_database_the_shipped_ones_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise DatabaseError("no such table")

    monkeypatch.setattr(powers, "cancelled_powers", gone)
    assert known_cancellations() == shipped_cancellations()
