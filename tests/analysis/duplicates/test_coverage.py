"""Whether a place left items of the reference catalogue out."""

import pytest
from tests.analysis.duplicates.catalogue import items

from banshi.analysis.duplicates.coverage import Reference, coverage, references_from_database
from banshi.catalog.models import ReferenceItem

REFERENCES = [
    Reference("990009001001", "居住证申领"),
    Reference("990009001002", "居住证换领"),
    Reference("990009001003", "居住证注销"),
]


def test_claimed_coded_by_oneself_and_omitted_are_told_apart() -> None:
    table = items(
        {"name": "居住证申领", "base_code": "990009001001"}, {"name": "居住证到期换证", "base_code": "自编01"}
    )
    found = coverage(table, REFERENCES)
    assert found.claimed == {"990009001001": (0,)}
    assert [(each.row, each.reference.name) for each in found.own_codes] == [(1, "居住证换领")]
    assert [each.name for each in found.omitted] == ["居住证注销"]
    assert (found.of, found.percent) == (3, 33)
    assert found.sentence() == "参考目录3项：已认领1项，1项像是已有但没有用参考编码，1项没有单位认领。"


def test_each_organ_is_told_how_many_of_its_items_have_a_reference() -> None:
    table = items(
        {"name": "居住证申领", "base_code": "990009001001", "organ": "公安局"},
        {"name": "别的事", "organ": "公安局"},
        {"name": "又一事", "organ": "民政局"},
    )
    assert coverage(table, REFERENCES).by_organ == (("公安局", 2, 1), ("民政局", 1, 0))


def test_only_the_place_asked_for_and_those_below_count() -> None:
    table = items(
        {"name": "居住证申领", "base_code": "990009001001", "division": "990102001"},
        {"name": "居住证换领", "base_code": "990009001002", "division": "990103"},
    )
    assert set(coverage(table, REFERENCES, division="990102").claimed) == {"990009001001"}


def test_a_cancelled_item_claims_nothing() -> None:
    table = items({"name": "居住证申领", "base_code": "990009001001", "state": "cancelled"})
    assert coverage(table, REFERENCES).claimed == {}


def test_an_entry_claimed_by_code_and_met_again_by_meaning_counts_once() -> None:
    table = items({"name": "居住证申领", "base_code": "990009001001"}, {"name": "居住证办理"})
    assert coverage(table, REFERENCES).of == 3


def test_without_reference_catalogue_nothing_is_claimed_to_be_complete() -> None:
    found = coverage(items({"name": "居住证申领"}), [])
    assert (found.percent, found.sentence()) == (None, "没有参考目录，无法核对是否漏项。")


@pytest.mark.django_db
def test_references_are_read_from_the_database() -> None:
    ReferenceItem.objects.create(base_code="990009001001", name="居住证申领", field="公安")
    assert references_from_database() == [Reference("990009001001", "居住证申领", "20", "公安")]
